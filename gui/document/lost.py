"""What windows that died have left behind: found on disk, whatever state it is in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gui.document import folders
from gui.document.naming import UNTITLED
from gui.document.notes import SwapNote, read_note
from gui.document.slot import lives, remove
from gui.document.stamp import disk_stamp

ENDINGS = (".json", ".swap", ".lock")


@dataclass(frozen=True)
class Lost:
    """Work that a window left behind: its note, what stands in it, and when the swap was written (seconds)."""

    path: Path
    note: SwapNote
    written: float

    @property
    def name(self) -> str:
        return self.note.name

    @property
    def window(self) -> str:
        """The token of the window that it is of."""
        return "-".join(self.path.stem.split("-")[:2])

    @property
    def when(self) -> str:
        return datetime.fromtimestamp(self.written).strftime("%d %B, %H:%M").lstrip("0")

    @property
    def is_older_than_file(self) -> bool:
        """Whether something has written the document since that window opened or saved it."""
        return self.note.document is not None and disk_stamp(self.note.document) not in (None, self.note.stamp)

    def is_of(self, document: Path) -> bool:
        """Whether it is work on this document, by whatever path it was opened."""
        return self.note.document is not None and _whole(self.note.document) == _whole(document)

    def discard(self) -> None:
        remove(self.path, self.note.swap)


def lost_work() -> list[Lost]:
    """The work of all windows that are dead, the latest first."""
    dead = [note for note in _notes() if not lives(note)]
    found = [lost for note in dead if (lost := _lost(note))]
    return sorted(found, key=lambda lost: lost.written, reverse=True)


def _notes() -> list[Path]:
    """Where a note is or would be: a window may have died before it wrote one, or in the middle of removing it."""
    return sorted({path.with_suffix(".json") for folder in folders.state_folders() for path in _traces(folder)})


def _traces(folder: Path) -> Iterator[Path]:
    try:
        yield from (path for path in (folder / "recovery").iterdir() if path.suffix in ENDINGS)
    except OSError:  # there is none, or it cannot be read
        return


def _lost(path: Path) -> Lost | None:
    """A note whose swap is gone leads nowhere, and is removed; a swap without a note is work all the same.

    Older versions put the swap beside the document: its disk may only be away.
    """
    try:
        note = read_note(path.read_text("utf-8"))
    except (OSError, ValueError):
        note = SwapNote(path.with_suffix(".swap"), None, None, UNTITLED)
    try:
        written = note.swap.stat().st_mtime
    except (OSError, ValueError):
        if note.swap.parent.exists():
            remove(path)
        return None
    return Lost(path, note, written)


def _whole(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # links in a circle
        return path.absolute()
