"""One stretch of unsaved work on disk: its swap, the note that says what it is of, and the lock that says who lives.

They stand in the recovery folder under a token of their own (that of the window, and a number), so that two windows
never fight over one swap, and one swap is never taken for the work on another document.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from PySide6.QtCore import QLockFile, QSysInfo

from engine.errors import FileError
from engine.files import disk
from engine.graph.graph import Graph
from engine.values.row_texts import RowTexts
from gui.document import folders
from gui.document.naming import document_name
from gui.document.notes import SwapNote
from gui.document.pending import TypedText, with_texts
from gui.document.stamp import Stamp

_of_this_process: set[str] = set()  # tokens


@dataclass(frozen=True)
class Work:
    """What there is to lose: a graph, what is being typed into it, and the document that it is of."""

    graph: Graph
    texts: tuple[TypedText, ...]
    document: Path | None
    stamp: Stamp | None


class Slot:
    """Written again and again, and removed when there is nothing unsaved any more."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._folder: Path | None = None
        self._lock: QLockFile | None = None
        self._noted: SwapNote | None = None
        self._kept = RowTexts()

    def write(self, work: Work) -> None:
        """Put the work where it can be put. Raises FileError, OSError; what was written before is then still there."""
        graph, unread = with_texts(work.graph, work.texts)
        failure: Exception | None = None
        for folder in self._folders():
            try:
                return self._write_in(folder, graph, unread, work)
            except (FileError, OSError) as error:
                failure = failure or error
        if failure:
            raise failure

    def remove(self) -> None:
        """The work is saved, or nobody wants it."""
        self._leave()
        _of_this_process.discard(self._token)

    def _folders(self) -> Iterator[Path]:
        """Where it is already; where it belongs; the spare folder."""
        if self._folder:
            yield self._folder
        yield from (folder for folder in folders.recovery_folders() if folder != self._folder)

    def _write_in(self, folder: Path, graph: Graph, unread: list[TypedText], work: Work) -> None:
        note = self._note_of(folder, graph, unread, work)
        if folder != self._folder:
            return self._settle_in(folder, graph, note)
        put_in_place(note.swap, disk.encoded(graph, folder, self._kept))
        if note != self._noted:
            self._write_note(folder, note)

    def _settle_in(self, folder: Path, graph: Graph, note: SwapNote) -> None:
        """The note goes first: a swap without one would be of nobody."""
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = self._hold(folder)
        try:
            self._write_note(folder, note)
            put_in_place(note.swap, disk.encoded(graph, folder, self._kept))
        except BaseException:
            remove(folder / f"{self._token}.json")
            lock.unlock()
            raise
        self._leave()
        self._folder, self._lock = folder, lock

    def _leave(self) -> None:
        if self._folder is not None:
            remove(self._folder / f"{self._token}.json")
        if self._lock is not None:
            self._lock.unlock()
        self._folder = self._lock = None

    def _note_of(self, folder: Path, graph: Graph, unread: list[TypedText], work: Work) -> SwapNote:
        name = document_name(work.document, graph.title)
        typed = tuple((each.what, each.text) for each in unread)
        return SwapNote(folder / f"{self._token}.swap", work.document, work.stamp, name, typed)

    def _write_note(self, folder: Path, note: SwapNote) -> None:
        put_in_place(folder / f"{self._token}.json", note.text().encode("ascii"))
        self._noted = note

    def _hold(self, folder: Path) -> QLockFile:
        """Say that the owner lives, as long as it does."""
        _of_this_process.add(self._token)
        lock = QLockFile(str(folder / f"{self._token}.lock"))
        lock.setStaleLockTime(0)  # it is stale when its owner is dead, not when it is old
        lock.tryLock(0)
        return lock


def put_in_place(path: Path, data: bytes) -> None:
    """Put a file in its place in one go. If the power fails just now, the older one may come back: none has a hole.

    Raises OSError. The disk is asked to settle once, not four times as for a save: it may be slow, and time matters.
    """
    draft = path.with_name(f".{path.name}.{token_hex(4)}.tmp")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def lives(note: Path) -> bool:
    """Whether the window that wrote a note still runs. A lock that nobody holds is swept away."""
    if note.stem in _of_this_process:
        return True
    path = note.with_suffix(".lock")
    lock = QLockFile(str(path))
    lock.setStaleLockTime(0)
    if lock.tryLock(0):
        lock.unlock()
        return False
    if lock.error() != QLockFile.LockError.LockFailedError:
        return False  # nothing can be written there, so nobody keeps work there now
    pid, host, _ = lock.getLockInfo()
    if pid == os.getpid() and host in ("", QSysInfo.machineHostName()):
        path.unlink(missing_ok=True)  # the owner had the number that is now ours: in a container everybody has
        return False
    return True


@contextmanager
def claimed(note: Path) -> Iterator[bool]:
    """While a person decides about lost work, no other window offers it. False: another one was faster."""
    lock = QLockFile(str(note.with_suffix(".lock")))
    lock.setStaleLockTime(0)
    ours = lock.tryLock(0) or lock.error() != QLockFile.LockError.LockFailedError
    try:
        yield ours
    finally:
        lock.unlock()


def remove(note: Path, swap: Path | None = None) -> None:
    """A note and its swap, and what being killed in the middle of writing left of them. The lock is its holder's."""
    drafts = note.parent.glob(f".{note.stem}.*.tmp")
    for path in (swap or note.with_suffix(".swap"), note, *drafts):
        with suppress(OSError):  # it cannot be removed from there: then it is offered again
            path.unlink(missing_ok=True)
