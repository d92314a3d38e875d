"""The lock beside an open file, by which two windows on it notice each other: in two processes, or on two machines.

`.NAME.lock` says who has the file open, and in further lines who has opened it all the same. On one machine the
system's own lock on it says whether they still do, exactly: it goes with its process, however that ends, and no process
number that was given out again can deceive it. From another machine that may not be seen, so whoever holds a lock
touches it every minute: one that was not touched for long is stale. Stale ones, and what is no lock at all, are taken
over silently. Where the system has no such locks (Windows), or the folder takes no new files, there are none.
"""

import contextlib
import json
import os
import re
import sys
import time
import weakref
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from engine.data.outside import real_path
from engine.files.drafts import hidden_name, new_draft
from engine.files.owner import Owner, this_process

if sys.platform == "win32":
    fcntl = None
else:
    import fcntl

TOUCHED_EVERY = 60.0  # seconds
STALE = 5 * TOUCHED_EVERY  # seconds without a touch, after which a lock of another machine counts no more
_OURS = re.compile(r"\..+\.lock", re.DOTALL)
MOST = 4096  # bytes: what is larger is no lock, and stays as it is
LONGEST = 60  # characters of a name that are shown
TRIES = 5  # somebody may take or leave it at the same moment


@dataclass(frozen=True)
class Holder:
    """Who has a file open, and since when (seconds since 1970)."""

    owner: Owner
    since: float

    @property
    def words(self) -> str:
        """Who, where and since when: `another window on this computer (process 4711), since 14:02`; or another tab."""
        owner = self.owner
        if self.is_here:
            return f"another tab{self._since()}"
        who = f" of {owner.user}" if owner.user not in ("", this_process().user) else ""
        where = "this computer" if owner.is_near else f"the computer “{owner.host or 'unknown'}”"
        return f"another window{who} on {where}{f' (process {owner.pid})' if owner.pid else ''}{self._since()}"

    @property
    def is_here(self) -> bool:
        """Whether it is this very program."""
        return self.owner.is_near and self.owner.pid == this_process().pid

    def _since(self) -> str:
        try:
            then = datetime.fromtimestamp(self.since)
        except (ValueError, OverflowError, OSError):
            return ""
        if then.date() == datetime.now().date():
            return f", since {then:%H:%M}"
        return f", since {then.day} {then:%B, %H:%M}"


class FileLock:
    """The lock of one file. `take` it, `touch` it now and then, `release` it."""

    def __init__(self, path: Path) -> None:
        self._real = real = real_path(path)
        self.path = real.with_name(hidden_name(real.name, ".lock"))
        self._handle = -1
        # Lets go of it when nobody has it any more, and when Python ends.
        self._end: weakref.finalize[[int, Path], FileLock] | None = None

    @property
    def held(self) -> bool:
        """Whether it is ours."""
        return self._handle >= 0 and _is_at(self._handle, self.path)

    def take(self) -> Holder | None:
        """Hold the file; or, if another living window does, say which. A folder that takes no lock has none."""
        if self.held or fcntl is None or (os.path.exists(self._real) and not self._real.is_file()):
            return None
        self.release()
        for _ in range(TRIES):
            try:
                if self._create():
                    return None
                if holder := self._holder():
                    return holder
            except (OSError, ValueError):
                return None
        return None

    def touch(self) -> None:
        """Say that we are still here; a lock that somebody has removed is made again."""
        if self.held:
            with contextlib.suppress(OSError):
                os.utime(self._handle)
        else:
            self.take()

    def knock(self) -> None:
        """Tell whoever holds it that the file is open here too."""
        with contextlib.suppress(OSError, ValueError):
            handle = _opened(self.path, os.O_WRONLY | os.O_APPEND)
            try:
                if os.fstat(handle).st_size < MOST:
                    os.write(handle, _text().encode("ascii"))
            finally:
                os.close(handle)

    def knocked(self) -> list[Holder]:
        """Who has opened the file since it is ours, one after another."""
        if not self.held:
            return []
        os.lseek(self._handle, 0, os.SEEK_SET)
        found = (_read(line) for line in os.read(self._handle, 2 * MOST).splitlines()[1:])
        return [guest for guest in found if guest]

    def release(self) -> None:
        """Leave nothing behind. What another has put in its place stays."""
        if self._end is not None:
            self._end()
        self._handle, self._end = -1, None

    def _create(self) -> bool:
        """Make the lock, with all that it says in it from the first moment. False: there is one already."""
        draft = new_draft(self.path, self.path.parent)
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644)
        try:
            os.write(handle, _text().encode("ascii"))
            _seize(handle)
            made = _move(draft, self.path)
        except OSError:
            os.close(handle)
            draft.unlink(missing_ok=True)
            raise
        if made:
            self._handle, self._end = handle, weakref.finalize(self, _let_go, handle, self.path)
        else:
            os.close(handle)
        return made

    def _holder(self) -> Holder | None:
        """Who holds the lock that is there. A stale one is removed, and None given. Raises OSError: leave it alone."""
        try:
            handle = _opened(self.path)
        except FileNotFoundError:
            return None
        try:
            facts = os.fstat(handle)
            if facts.st_size > 2 * MOST:
                raise OSError("that is no lock")
            holder = _read(_first_line(handle))
            seized = _seize(handle)
            if seized is False:
                return holder or Holder(Owner("", "", 0, this_process().machine, ""), facts.st_mtime)
            if holder is not None and self._lives(holder, facts.st_mtime, asked=seized is True):
                return holder
            if _is_at(handle, self.path):
                self.path.unlink()
            return None
        finally:
            os.close(handle)

    def _lives(self, holder: Holder, touched: float, asked: bool) -> bool:
        """Whether whoever wrote a lock that nobody is seen to hold may still hold it. `asked`: the system can tell."""
        if holder.owner.is_near:
            return not asked and not holder.owner.is_dead and self._age(touched) < STALE
        return self._age(touched) < STALE

    def _age(self, touched: float) -> float:
        """Seconds since then by the clock of the disk, which may lie on a machine with a clock of its own."""
        probe = new_draft(self.path, self.path.parent)
        try:
            os.close(os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            now = probe.stat().st_mtime
            probe.unlink()
        except OSError:
            now = time.time()
        return abs(now - touched)


def sweep_locks(folder: Path) -> None:
    """Remove the locks that processes of this machine have left in a folder; those of others go when they are met."""
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            if fcntl is not None and _OURS.fullmatch(name):
                _sweep_lock(folder / name)


def _sweep_lock(path: Path) -> None:
    with contextlib.suppress(OSError):
        handle = _opened(path)
        try:
            holder = _read(_first_line(handle))
            if holder and holder.owner.is_near and _seize(handle) and _is_at(handle, path):
                path.unlink()
        finally:
            os.close(handle)


def _text() -> str:
    return json.dumps(asdict(this_process()) | {"since": time.time()}) + "\n"


def _first_line(handle: int) -> bytes:
    """That of the holder; those below are of windows that have the file open too."""
    return next(iter(os.read(handle, MOST).splitlines()), b"")


def _read(data: bytes) -> Holder | None:
    """What a lock says; None if it is none of ours."""
    try:
        facts = json.loads(data)
        texts = {name: " ".join(facts[name].split())[:LONGEST] for name in ("host", "user", "machine", "world")}
        pid, since = facts["pid"], facts["since"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if type(pid) is not int or not 0 < pid < 2**63:
        return None
    return Holder(Owner(pid=pid, **texts), float(since)) if type(since) in (int, float) else None


def _opened(path: Path, mode: int = os.O_RDWR) -> int:
    """A regular file, and no link to one, open to be seized or written. Raises OSError."""
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if not path.is_file():
        path.lstat()  # raises if there is nothing
        raise OSError("that is no lock")
    try:
        return os.open(path, mode | flags)  # over a network only who may write may seize
    except PermissionError:
        if mode != os.O_RDWR:
            raise
        return os.open(path, os.O_RDONLY | flags)


def _seize(handle: int) -> bool | None:
    """Have the system's lock on an open file. False: another process has it. None: there are none here."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _move(draft: Path, path: Path) -> bool:
    """Give a file its name unless something has it. False: something has."""
    try:
        os.link(draft, path)
    except FileExistsError:
        draft.unlink()
        return False
    except OSError:  # this disk has no links
        if os.path.lexists(path):
            draft.unlink()
            return False
        os.rename(draft, path)
        return True
    draft.unlink()
    return True


def _let_go(handle: int, path: Path) -> None:
    with contextlib.suppress(OSError):
        if _is_at(handle, path):
            path.unlink()
    os.close(handle)


def _is_at(handle: int, path: Path) -> bool:
    """Whether this path still leads to this open file."""
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except OSError:
        return False
