"""The one way in for bytes from outside: every file that a user, a document or a model names is read here.

A name may lead anywhere: to a pipe that nobody writes into, a device without end, a file that the kernel makes up as
it is read, one that somebody is writing. So a file is asked what it is before it is opened (opening a device can do
something) and again when it is open (it may be another one by then), and never more is read than it said it holds.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.errors import FileError
from engine.values.progress import advance

MB = 2**20
CHUNK = MB  # bytes between two words on how far it is

# Not made of bytes that lie somewhere: the kernel writes them while they are read, some of them for ever.
_MADE_UP = frozenset(
    (
        *("proc", "sysfs", "debugfs", "tracefs", "securityfs", "configfs", "cgroup", "cgroup2", "bpf", "pstore"),
        *("efivarfs", "binfmt_misc", "fusectl", "mqueue", "devpts", "selinuxfs", "smackfs", "nsfs", "rpc_pipefs"),
    )
)


@dataclass(frozen=True)
class FileKind:
    """What a file is read as: in words, and how many bytes such a file may have."""

    what: str
    most: int


GRAPH = FileKind("a graph", 256 * MB)
PROGRAM = FileKind("a program", 16 * MB)
MODEL = FileKind("a model", 256 * MB)
WEIGHTS = FileKind("the numbers of a model", 256 * MB)
TABLE = FileKind("a table", 256 * MB)
LESSON = FileKind("a lesson", 4 * MB)


def real_path(path: str | Path) -> Path:
    """Where a path leads by all its links; a name that no file can have leads to itself."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:  # a zero byte, a lone surrogate
        return Path(path)


def read_bytes(path: str | Path, kind: FileKind = GRAPH) -> bytes:
    """All of a regular file, as it was at one moment. Says how far it is; raises FileError, of the kind “disk”."""
    try:
        with _opened(path) as handle:
            return _whole(path, handle, kind)
    except (OSError, ValueError) as error:
        raise refusal(path, f"cannot be read: {reason(error)}") from None


def read_stream(stream: BinaryIO, kind: FileKind = GRAPH) -> bytes:
    """All that comes through a stream, up to what such a file may have. Raises FileError."""
    data = stream.read(kind.most + 1)
    if len(data) > kind.most:
        raise FileError(f"more than {kind.most // MB} MB came: that is too large to be {kind.what}")
    return data


def refusal(path: str | Path, what: str) -> FileError:
    """A FileError about a path."""
    return FileError(f"“{path}” {what}", kind="disk")


@contextmanager
def _opened(path: str | Path) -> Iterator[int]:
    """A regular file, open for reading; its descriptor never waits, and no program that is started inherits it."""
    _refuse_odd(path, os.stat(path))
    handle = os.open(path, os.O_RDONLY | _flags("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))
    try:
        _refuse_odd(path, os.fstat(handle))
        yield handle
    finally:
        os.close(handle)


def _flags(*names: str) -> int:
    """Those that this system has."""
    return sum(getattr(os, name, 0) for name in names)


def _refuse_odd(path: str | Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise refusal(path, odd_kind(found.st_mode))
    if os.name == "posix" and _file_system(found.st_dev) in _MADE_UP:
        raise refusal(path, "is made up by the system while it is read, and is no file on a disk")


def _whole(path: str | Path, handle: int, kind: FileKind) -> bytes:
    before = os.fstat(handle)
    if before.st_size > kind.most:
        raise refusal(path, f"is too large to be {kind.what}: {before.st_size // MB} MB")
    pieces, done = [], 0
    while done < before.st_size and (piece := os.read(handle, min(CHUNK, before.st_size - done))):
        pieces.append(piece)
        done += len(piece)
        advance(done, before.st_size)
    after = os.fstat(handle)
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise refusal(path, "was changed while it was read: try again when whoever writes it has done")
    if done < before.st_size or os.read(handle, 1):
        raise refusal(path, f"is no ordinary file: it says that it holds {before.st_size} bytes, which is not so")
    return b"".join(pieces)


def _file_system(device: int) -> str:
    """What kind of file system a device number belongs to, where the system tells; else empty."""
    with suppress(OSError), open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as table:
        for line in table:
            place, _, rest = line.partition(" - ")
            if place.split()[2] == f"{os.major(device)}:{os.minor(device)}":
                return rest.split()[0]
    return ""


def odd_kind(mode: int) -> str:
    """What is said of a thing that is no regular file."""
    return "is a folder" if stat.S_ISDIR(mode) else "is a device or a pipe, not a file"


_REASONS = {
    errno.ENOENT: "there is no such file or folder",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EROFS: "the disk is read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would be larger than the system allows",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.EBADF: "it is closed",
    errno.EISDIR: "it is a folder",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "its links lead in a circle",
    errno.EAGAIN: "another program holds it",
    errno.EMFILE: "too many files are open",
    errno.EIO: "the disk does not answer as it should",
    errno.ESTALE: "the network folder that it lies in is gone",
    errno.ETIMEDOUT: "the network folder that it lies in does not answer",
}


def reason(error: Exception) -> str:
    """Why the system refused, in words; a ValueError is a name that no file can have."""
    if isinstance(error, OSError):
        return _REASONS.get(error.errno or 0, (error.strerror or "the system refused").lower())
    return "that is not a valid file name"  # a NUL in it
