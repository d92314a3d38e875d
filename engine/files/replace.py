"""Writing a file so that what was there is never lost: beside it first, then in its place in one go.

A new file takes the place of the old one where it can be just like it. Where it cannot (the old one has other names
too, belongs to somebody else, has rights that cannot be copied, or lies in a folder that takes no new files), its
contents are copied into the old one, and the draft stays until every byte of them is on the disk.
"""

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.data.outside import odd_kind, real_path, reason
from engine.errors import FileError
from engine.files.drafts import interrupted, new_draft, sweep, whole_name

# A folder that takes no new file, or does not let this one go: its contents can be written all the same.
_IN_PLACE = frozenset((errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV, errno.ENAMETOOLONG))
_OF_THE_SYSTEM = ("security.", "trusted.", "system.nfs4")  # attributes that the system gives to a new file itself


@dataclass(frozen=True)
class _Place:
    """Where a path leads, and what is there: None if nothing."""

    real: Path
    found: os.stat_result | None


def write_atomically(path: str | Path, data: bytes, spare: Path | None = None) -> None:
    """Put `data` into a file. Links are followed; owner, group, permissions, attributes and other names are kept.

    `spare`: a folder for the draft where the file's own takes none. Raises FileError; the file that was there before is
    then untouched, and nothing is left beside it.
    """
    with replacing(path, spare) as draft:
        draft.write_bytes(data)


@contextlib.contextmanager
def replacing(path: str | Path, spare: Path | None = None) -> Iterator[Path]:
    """An empty file to write into: it takes the place of the one at `path` when the block ends well, else it is gone.

    Raises FileError, as `write_atomically` does.
    """
    try:
        place = _place(path)
        sweep(place.real.parent)
        draft = _make_draft(place, spare)
        try:
            yield draft
            _sync(draft)
            _put(draft, place)
            forget_interrupted(place.real, spare)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise FileError(f"“{path}” cannot be written: {reason(error)}", kind="disk") from None


def refuse_unwritable(path: str | Path) -> None:
    """Raise the FileError that writing there would raise, before the work to be written is done."""
    try:
        place = _place(path)
        if not place.real.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "")
        if place.found is None and not _may_write(place.real.parent):
            raise _refusal(place.real.parent)
    except OSError as error:
        raise FileError(f"“{path}” cannot be written: {reason(error)}", kind="disk") from None


def interrupted_save(path: str | Path, spare: Path | None = None) -> Path | None:
    """The whole draft of a save that was killed while it was copied into the file itself; None if there is none."""
    return next(iter(_interrupted(real_path(path), spare)), None)


def forget_interrupted(path: str | Path, spare: Path | None = None) -> None:
    """What such saves were to write is in the file now, or nobody wants it."""
    for whole in _interrupted(real_path(path), spare):
        with contextlib.suppress(OSError):
            whole.unlink()


def _interrupted(real: Path, spare: Path | None) -> list[Path]:
    return interrupted(real, dict.fromkeys((real.parent, spare or _spare())))


def _place(path: str | Path) -> _Place:
    """Where a path leads. Raises FileError, OSError if nothing can be written there."""
    try:
        real = Path(os.path.realpath(path))
        found = real.stat() if real.exists() else None
    except ValueError as error:
        raise FileError(f"“{path}” cannot be written: {reason(error)}", kind="disk") from None
    if found is not None and not stat.S_ISREG(found.st_mode):
        raise FileError(f"“{path}” {odd_kind(found.st_mode)}", kind="disk")
    if found is not None and not stat.S_IMODE(found.st_mode) & 0o222:  # whoever took that away meant us, even as root
        raise FileError(f"“{path}” cannot be written: it is read-only", kind="disk")
    if found is not None and not _may_write(real):
        raise _refusal(real)
    return _Place(real, found)


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _refusal(path: Path) -> OSError:
    """Why nothing may be written there: nobody may, for the whole disk can only be read, or this user may not."""
    read_only = hasattr(os, "statvfs") and os.statvfs(path).f_flag & os.ST_RDONLY
    return OSError(errno.EROFS if read_only else errno.EACCES, "")


def _spare() -> Path:
    return Path(tempfile.gettempdir())


# --- the draft


def _make_draft(place: _Place, spare: Path | None) -> Path:
    """An empty file, for nobody else to read if it will replace one; in the spare folder if there is no other way."""
    mode = 0o666 if place.found is None else 0o600
    draft = new_draft(place.real, place.real.parent)
    try:
        _create(draft, mode)
    except OSError as error:
        if place.found is None or error.errno not in _IN_PLACE:
            raise
        draft = new_draft(place.real, spare or _spare())
        _create(draft, mode)
    return draft


def _create(draft: Path, mode: int) -> None:
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))


def _sync(draft: Path) -> None:
    with open(draft, "r+b") as file:
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Let the new name survive a power cut too, where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# --- in its place


def _put(draft: Path, place: _Place) -> None:
    """The draft becomes the file, or its contents the file's."""
    found, real = place.found, place.real
    if found is not None and (found.st_nlink > 1 or draft.parent != real.parent or not _dressed(draft, real, found)):
        _copy_into(draft, real)
        return
    try:
        os.replace(draft, real)
    except OSError as error:
        if found is None or error.errno not in _IN_PLACE:
            raise
        _copy_into(draft, real)
        return
    _settle(real.parent)


def _dressed(draft: Path, real: Path, found: os.stat_result) -> bool:
    """Give a draft the owner, group, attributes (access lists among them) and rights of a file; whether it has them."""
    made = draft.stat()
    try:
        if hasattr(os, "chown") and (made.st_uid, made.st_gid) != (found.st_uid, found.st_gid):
            os.chown(draft, found.st_uid, found.st_gid)
        if hasattr(os, "listxattr"):
            _copy_attributes(real, draft)
        if draft.stat().st_mode != found.st_mode:
            draft.chmod(stat.S_IMODE(found.st_mode))
    except OSError:
        return False
    return draft.stat().st_mode == found.st_mode


def _copy_attributes(real: Path, draft: Path) -> None:
    """The same extended attributes, no more and no fewer. Raises OSError if one cannot be had."""
    wanted, has = _attributes(real), _attributes(draft)
    for name in has.keys() - wanted.keys():  # what the folder gives to every new file
        os.removexattr(draft, name)
    for name, value in wanted.items():
        if has.get(name) != value:
            os.setxattr(draft, name, value)


def _attributes(path: Path) -> dict[str, bytes]:
    try:
        names = os.listxattr(path)
    except OSError:
        return {}  # the disk knows none
    return {name: os.getxattr(path, name) for name in names if not name.startswith(_OF_THE_SYSTEM)}


def _copy_into(draft: Path, real: Path) -> None:
    """Copy a draft into the file itself. A kill on the way leaves the whole draft, a failure the file as it was."""
    data, before = draft.read_bytes(), real.read_bytes()
    whole = whole_name(draft)
    os.rename(draft, whole)
    _settle(whole.parent)
    handle = -1
    try:
        handle = os.open(real, os.O_RDWR | getattr(os, "O_BINARY", 0))
        _overwrite(handle, data)
    except BaseException as failure:
        if handle >= 0 and not _written_back(handle, before):
            sentence = f"“{real}” was written only in part: {reason(OSError(errno.EIO, ''))}. All of it is in “{whole}”"
            raise FileError(sentence, kind="disk") from failure
        whole.unlink()
        raise
    finally:
        if handle >= 0:
            os.close(handle)
    whole.unlink()


def _overwrite(handle: int, data: bytes) -> None:
    """Make these the contents of an open file; room is made before the first byte of the old ones goes."""
    if hasattr(os, "posix_fallocate") and len(data) > os.fstat(handle).st_size:
        os.posix_fallocate(handle, 0, len(data))
    os.lseek(handle, 0, os.SEEK_SET)
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]
    os.ftruncate(handle, len(data))
    os.fsync(handle)


def _written_back(handle: int, before: bytes) -> bool:
    try:
        os.ftruncate(handle, len(before))
        _overwrite(handle, before)
    except OSError:
        return False
    return True
