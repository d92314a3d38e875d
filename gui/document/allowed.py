"""Which document may read which other files: what the user has said, kept between sessions in the state folder."""

import json
from contextlib import suppress
from pathlib import Path

from engine.data.outside import FileKind, read_bytes
from engine.errors import FileError
from engine.files.replace import write_atomically
from gui.document import folders

MOST = 500  # documents that are remembered: the latest
KIND = FileKind("a list of files", 4 * 2**20)


class AllowedFiles:
    """A table document → files, both as whole paths with their links followed. What cannot be kept lasts a session."""

    def __init__(self) -> None:
        self._table = _kept()

    def has(self, document: str, file: str) -> bool:
        """Whether this document may read that file."""
        return file in self._table.get(document, [])

    def add(self, document: str, file: str) -> None:
        """The user lets this document read that file, from now on."""
        files = self._table.pop(document, [])
        self._table[document] = [*(other for other in files if other != file), file]
        self._keep()

    def carry_over(self, document: str, other: str) -> None:
        """A document is now also another: what one may read, the other may."""
        for file in tuple(self._table.get(document, [])):
            self.add(other, file)

    def forget(self, document: str) -> None:
        """A document is no more."""
        if self._table.pop(document, None) is not None:
            self._keep()

    def _keep(self) -> None:
        others = _kept()  # another window may have asked meanwhile
        merged = {**others, **self._table}
        with suppress(FileError):  # that nothing can be written there was told when the program began
            if (place := _place()) is not None:
                write_atomically(place, json.dumps(dict(list(merged.items())[-MOST:]), indent=0).encode())


def _place() -> Path | None:
    folder = folders.state_folder()
    return None if folder is None else folder / "allowed-files.json"


def _kept() -> dict[str, list[str]]:
    place = _place()
    try:
        found = json.loads(read_bytes(place, KIND)) if place is not None else {}
    except (FileError, ValueError, RecursionError):
        return {}
    return {document: _words(files) for document, files in found.items()} if isinstance(found, dict) else {}


def _words(files: object) -> list[str]:
    return [file for file in files if isinstance(file, str)] if isinstance(files, list) else []
