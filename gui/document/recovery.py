"""Recovery: a swap file with the unsaved work of this window, so that a crash loses seconds and never a document.

The swap is an ordinary .gradloom file beside the document (`.name.gradloom.TOKEN.swap`), or among the settings for an
untitled one. A note among the settings says which document it belongs to, and a lock says whether its owner lives:
the names carry a token, so two windows never fight over one swap.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from engine.errors import FileError
from engine.files import disk
from engine.show.now import Now
from gui.document import folders
from gui.document.bridge import Bridge

DELAY = 1500  # milliseconds between the last edit and the swap

Stamp = tuple[int, int]  # when a file was changed (ns), and its size


@dataclass(frozen=True)
class Lost:
    """Work that a window left behind when it died: of which document, as it was on disk then, and under what name."""

    note: Path
    swap: Path
    document: Path | None
    stamp: Stamp | None
    name: str

    def discard(self) -> None:
        for path in (self.swap, self.note, self.note.with_suffix(".lock")):
            path.unlink(missing_ok=True)


class Recovery(QObject):
    """Keeps the swap of one window: written a moment after an edit, gone when there is nothing unsaved."""

    failed = Signal(str)  # a sentence: the swap could not be written

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._document: Path | None = None
        self._stamp: Stamp | None = None
        self._name = ""
        self._swap: Path | None = None
        token = f"{os.getpid():x}-{token_hex(4)}"
        self._note = _folder() / f"{token}.json"
        self._lock = QLockFile(str(self._note.with_suffix(".lock")))
        self._lock.setStaleLockTime(0)  # it is stale when its owner is dead, not when it is old
        self._lock.tryLock(0)
        self._timer = QTimer(self, singleShot=True, interval=DELAY)
        self._timer.timeout.connect(self.write)
        bridge.told.connect(self._on_told)

    @property
    def token(self) -> str:
        """What this window is called in the names of its notes and swaps."""
        return self._note.stem

    def follow(self, document: Path | None, stamp: Stamp | None, name: str) -> None:
        """The window now shows this document: what was kept for the one before is not needed any more."""
        self._forget()
        self._document, self._stamp, self._name = document, stamp, name
        if self._bridge.document.modified:
            self.write()

    def write(self) -> None:
        """Write the swap now, if there is anything unsaved."""
        self._timer.stop()
        if not self._bridge.document.modified:
            return
        swap = self._swap or self._place()
        try:
            disk.save(self._bridge.now.graph, swap)
            self._write_note(swap)
        except (FileError, OSError) as error:
            self.failed.emit(f"No recovery copy could be written: {error}")
            return
        self._swap = swap

    def close(self) -> None:
        """A clean exit: nothing is left behind."""
        self._bridge.told.disconnect(self._on_told)
        self._forget()
        self._lock.unlock()

    def _on_told(self, now: Now) -> None:
        if now.change and self._bridge.document.modified:
            self._timer.start()
        elif now.change:
            self._forget()

    def _forget(self) -> None:
        self._timer.stop()
        for path in (self._swap, self._note):
            if path is not None:
                path.unlink(missing_ok=True)
        self._swap = None

    def _place(self) -> Path:
        document, token = self._document, self._note.stem
        if document is not None and os.access(document.parent, os.W_OK):
            return document.with_name(f".{document.name}.{token}.swap")
        return self._note.with_suffix(".swap")

    def _write_note(self, swap: Path) -> None:
        document = None if self._document is None else str(self._document)
        facts = {"swap": str(swap), "document": document, "stamp": self._stamp, "name": self._name}
        self._note.write_text(json.dumps(facts), "utf-8")


def lost_work() -> list[Lost]:
    """What windows that are dead have left behind, the latest first."""
    traces = {path.with_suffix(".json") for ending in ("lock", "json") for path in _traces(ending)}
    dead = [note for note in traces if not _lives(note)]  # asking sweeps away a lock that nobody holds
    found = [lost for note in dead if (lost := _read_note(note))]
    return sorted(found, key=lambda lost: lost.swap.stat().st_mtime, reverse=True)


def _traces(ending: str) -> Iterator[Path]:
    for folder in folders.state_folders():
        yield from (folder / "recovery").glob(f"*.{ending}")


def disk_stamp(path: Path) -> Stamp | None:
    """What a file on disk is known by; None if it is not there."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size


def _folder() -> Path:
    folder = (folders.state_folder() or folders.state_place().folder) / "recovery"
    with suppress(OSError):  # nothing can be written anywhere: that was told, and each attempt tells it again
        folder.mkdir(exist_ok=True)
    return folder


def _read_note(note: Path) -> Lost | None:
    """A note that cannot be read, or whose swap is gone, leads nowhere: it is removed."""
    try:
        facts = json.loads(note.read_text("utf-8"))
        document, stamp = facts["document"], facts["stamp"]
        lost = Lost(
            note,
            Path(facts["swap"]),
            None if document is None else Path(document),
            None if stamp is None else (int(stamp[0]), int(stamp[1])),
            str(facts["name"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if lost.swap.exists():
        return lost
    note.unlink(missing_ok=True)
    return None


def _lives(note: Path) -> bool:
    """Whether the window that wrote a note still runs."""
    lock = QLockFile(str(note.with_suffix(".lock")))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        return True
    lock.unlock()
    return False
