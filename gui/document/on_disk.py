"""The file of the open document: the lock beside it, and what it held when it was last read or written."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from engine.errors import FileError
from engine.files import disk
from engine.files.drafts import sweep
from engine.files.lock import TOUCHED_EVERY, FileLock, Holder, sweep_locks
from engine.graph.comparison import differences
from engine.graph.graph import Graph
from gui.document.jobs import Work, in_thread

Look = tuple[int, int, int, int]  # written, altered in any way (ns), size, and which file it is
NOT_SEEN: Look = (0, 0, 0, 0)


@dataclass(frozen=True)
class News:
    """Something else has changed the file: how it looks now (None: it is gone), and what it holds, or why not."""

    look: Look | None
    graph: Graph | None = None
    trouble: str = ""


class OnDisk(QObject):
    """Knows at most one file: that of the open document. An untitled one has none."""

    shared = Signal(object)  # the Holder of another window that has opened the file too
    alone = Signal()  # every window that had opened it too has ended

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.is_writing = False  # it is we who change the file
        self._graph: Graph | None = None  # what the file held; None: that is not known
        self._look: Look | None = None
        self._lock: FileLock | None = None
        self._guests = 0  # of whom was told
        self._touch = QTimer(self, interval=int(1000 * TOUCHED_EVERY))
        self._touch.timeout.connect(self._touch_lock)
        self._knocks = QFileSystemWatcher(self)
        self._knocks.fileChanged.connect(self.listen)

    def is_at(self, path: Path) -> bool:
        """Whether a path leads to this file, by whatever links."""
        if self.path is None:
            return False
        try:
            return path == self.path or path.samefile(self.path)
        except (OSError, ValueError):
            return False

    # --- the lock

    def claim(self, path: Path) -> tuple[FileLock, Holder | None]:
        """The lock of a file that may become this one; and who else has it, if somebody has."""
        if self._lock is not None and self.is_at(path):
            return self._lock, self._lock.take()
        lock = FileLock(path)
        return lock, lock.take()

    def give_up(self, lock: FileLock) -> None:
        """It does not become this one after all."""
        if lock is not self._lock:
            lock.release()

    def _touch_lock(self) -> None:
        """Over a network nobody else says that somebody has knocked."""
        if self._lock is not None:
            self._lock.touch()
            self._watch(self._lock)
            self.listen()

    def listen(self) -> None:
        """Say who has opened the file since that was asked last."""
        guests = self._lock.knocked() if self._lock else []
        news, self._guests = guests[self._guests :], len(guests)
        if news:
            self.shared.emit(news[-1])
        elif guests and all(guest.owner.is_dead for guest in guests):
            self.alone.emit()

    # --- what it holds

    def settle(self, path: Path | None, lock: FileLock | None, graph: Graph | None, look: Look | None) -> None:
        """This is the file now, and it holds that."""
        if self._lock is not None and self._lock is not lock:
            self._lock.release()
        self._watch(lock)
        self.path, self._lock, self._graph, self._look = path, lock, graph, look
        if path is None:
            self._touch.stop()
            return
        self._touch.start()
        sweep(path.parent)
        sweep_locks(path.parent)

    def _watch(self, lock: FileLock | None) -> None:
        """Hear at once of those that knock; where there is no lock of ours, it is we who do."""
        known = lock is not None and lock is self._lock
        if lock is not None and known and str(lock.path) in self._knocks.files():
            return
        self._guests = 0
        if watched := self._knocks.files():
            self._knocks.removePaths(watched)
        if lock is not None and lock.held:
            self._knocks.addPath(str(lock.path))
        elif lock is not None and not known:
            lock.knock()

    def close(self) -> None:
        """Nothing is left beside the file."""
        self.settle(None, None, None, None)

    def news(self) -> News | None:
        """What something else has done to the file since. Written anew with the same contents is no news."""
        return None if self.path is None else self._learn(_seen(self.path, self._look))

    def coming_news(self) -> Work[News | None]:
        """The same by a thread, for a folder over a network may not answer. Nothing, if it is another file by then."""
        path, look = self.path, self._look
        if path is None:
            return None
        found = yield from in_thread(partial(_seen, path, look))
        return self._learn(found) if (self.path, self._look) == (path, look) else None

    def _learn(self, found: News | None) -> News | None:
        """What was found, unless it says the same as before."""
        if found is None or found.graph is None or self._graph is None or differences(self._graph, found.graph):
            return found
        self._look = found.look
        return None

    def accept(self, news: News) -> None:
        """The user knows of it: what is there now is no news any more."""
        self._look, self._graph = news.look, news.graph or self._graph

    def compared(self, now: Graph, news: News) -> tuple[list[str], list[str]]:
        """What differs, in sentences: on disk from what was there, and in the window from what was there."""
        if news.graph is None:
            return [news.trouble or "It is not there any more."], []
        if self._graph is None:
            return differences(now, news.graph), []
        return differences(self._graph, news.graph), differences(self._graph, now)


def _seen(path: Path, before: Look | None) -> News | None:
    """What there is to see in a file that looked so before; None: it looks as it did."""
    look = look_of(path)
    if look == before:
        return None
    if look is None:
        return News(None)
    try:
        return News(look, disk.load(path))
    except FileError as error:
        return News(look, None, str(error))


def look_of(path: Path) -> Look | None:
    """How a file looks without being opened; None if it is not there."""
    try:
        facts = path.stat()
    except (OSError, ValueError):
        return None
    return facts.st_mtime_ns, facts.st_ctime_ns, facts.st_size, facts.st_ino
