"""Files that are asked for together, at the start or by a drop: what is said of all those that cannot be opened."""

from collections.abc import Callable
from pathlib import Path

from engine.errors import GradloomError
from gui.document.errors import Notice, refusal_notice

FEW = 3  # of more files only the names are told, or nobody would read them


class Unopened:
    """Collects from `begin` on, and tells when the last file was read: one bar has room for one notice."""

    def __init__(self, is_reading: Callable[[], bool], tell: Callable[[Notice], None]) -> None:
        self._is_reading, self._tell = is_reading, tell
        self._found: dict[Path, GradloomError] = {}
        self._before = ""
        self._asks = False
        self.waits = False  # what cannot be opened is told later

    def begin(self) -> None:
        """Several files will be asked for now."""
        self._asks = self.waits = True

    def end(self, before: str = "") -> None:
        """All are asked for; `before`: a sentence that is told first, empty if there is none."""
        self._asks, self._before = False, before
        self.settle()

    def add(self, path: Path, error: GradloomError) -> None:
        """A file that was asked for cannot be opened."""
        self._found[path] = error

    def settle(self) -> None:
        """Tell what there is to be told, if all files were read."""
        if not self.waits or self._asks or self._is_reading():
            return
        said = " ".join(part for part in (self._before, unopened_sentence(self._found)) if part)
        self._found, self._before, self.waits = {}, "", False
        if said:
            self._tell(Notice(said))


def unopened_sentence(found: dict[Path, GradloomError]) -> str:
    """Names each of the files, and of a few says why; empty if there is none."""
    if len(found) <= FEW:
        return " ".join(_sentence(path, error) for path, error in found.items())
    names = [f"“{path.name}”" for path in found]
    return f"{', '.join(names[:-1])} and {names[-1]} cannot be opened: open one alone to read why."


def _sentence(path: Path, error: GradloomError) -> str:
    said = refusal_notice(error).sentence
    return said if path.name in said else f"“{path.name}” cannot be opened: {said}"
