"""A save changes what a file holds and nothing else about it, and leaves nothing beside it."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.errors import FileError
from engine.files.replace import interrupted_save, refuse_unwritable, replacing, write_atomically

NOBODY = 65534
OLD, NEW = b"old" * 5000, b"new contents" * 4000
as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be somebody else")


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "a.gradloom"
    made.write_bytes(OLD)
    return made


@pytest.fixture
def shared():
    """A folder that everybody may enter and write: pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o777)
    shutil.rmtree(folder)


@contextmanager
def somebody_else():
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def left_in(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def fail_with(number: int):
    def fail(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    return fail


def test_another_name_of_the_file_stays_one(path):
    other = path.with_name("b.gradloom")
    os.link(path, other)
    write_atomically(path, NEW)
    assert path.read_bytes() == other.read_bytes() == NEW and path.samefile(other)
    write_atomically(other, b"short")
    assert path.read_bytes() == b"short" and left_in(path.parent) == ["a.gradloom", "b.gradloom"]


@as_root
@pytest.mark.parametrize("mode", [0o640, 0o600, 0o6755, 0o666])
def test_owner_group_and_mode_stay(path, mode):
    os.chown(path, 1234, 4321)
    path.chmod(mode)
    write_atomically(path, NEW)
    found = path.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (1234, 4321, mode)
    assert path.read_bytes() == NEW


@as_root
def test_the_file_of_another_stays_his(shared):
    """Who may write a file and not give it away again writes into it."""
    path = shared / "his.gradloom"
    path.write_bytes(OLD)
    path.chmod(0o666)
    with somebody_else():
        write_atomically(path, NEW)
        assert left_in(shared) == ["his.gradloom"]
    assert (path.stat().st_uid, path.read_bytes()) == (0, NEW)


@pytest.mark.parametrize(("flag", "why"), [(0, "permission denied"), (os.ST_RDONLY, "the disk is read-only")])
def test_a_disk_that_can_only_be_read_is_called_so(tmp_path, monkeypatch, flag, why):
    path = tmp_path / "a.gradloom"
    path.write_bytes(OLD)
    monkeypatch.setattr(os, "access", lambda *args, **options: False)
    monkeypatch.setattr(os, "statvfs", lambda path: SimpleNamespace(f_flag=flag))
    for write in (lambda: write_atomically(path, NEW), lambda: refuse_unwritable(tmp_path / "new.gradloom")):
        with pytest.raises(FileError, match=f"cannot be written: {why}"):
            write()
    assert path.read_bytes() == OLD


@as_root
@pytest.mark.parametrize("mode", [0o555, 0o1777])
def test_a_folder_that_takes_no_new_file_or_lets_none_go_is_no_hindrance(shared, mode):
    path = shared / "a.gradloom"
    path.write_bytes(OLD)
    path.chmod(0o666)
    shared.chmod(mode)
    with somebody_else():
        refuse_unwritable(path)
        write_atomically(path, NEW)
    assert path.read_bytes() == NEW and left_in(shared) == ["a.gradloom"]


@as_root
def test_the_spare_folder_is_where_it_is_said(shared):
    folder, spare = shared / "closed", shared / "spare"
    for made in (folder, spare):
        made.mkdir()
    path = folder / "a.gradloom"
    path.write_bytes(OLD)
    os.chown(path, NOBODY, NOBODY)
    os.chown(spare, NOBODY, NOBODY)
    folder.chmod(0o555)
    with somebody_else(), replacing(path, spare) as draft:
        assert draft.parent == spare
        draft.write_bytes(NEW)
    assert path.read_bytes() == NEW and left_in(spare) == []


def test_a_file_that_nobody_may_write_is_read_only_for_root_too(path):
    path.chmod(0o444)
    for write in (lambda: write_atomically(path, NEW), lambda: refuse_unwritable(path)):
        with pytest.raises(FileError, match="it is read-only"):
            write()
    assert path.read_bytes() == OLD and left_in(path.parent) == ["a.gradloom"]


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no attributes here")
def test_attributes_stay_and_what_the_folder_gives_does_not_come(path):
    access = bytes.fromhex(
        "02000000 01000600ffffffff 02000400d2040000 04000400ffffffff 10000400ffffffff 20000000ffffffff"
    )
    try:
        os.setxattr(path, "user.origin", b"a lesson")
        os.setxattr(path, "system.posix_acl_access", access)
    except OSError:
        pytest.skip("this disk keeps no attributes")
    write_atomically(path, NEW)
    assert os.getxattr(path, "user.origin") == b"a lesson"
    assert os.getxattr(path, "system.posix_acl_access") == access and path.read_bytes() == NEW


@pytest.mark.parametrize(
    "name", ["x" * 246 + ".gradloom", "é" * 127, "日" * 85, "two\nlines", "'\"", " ", "-rf", "\udcff.gradloom"]
)
def test_any_name_that_the_disk_takes(tmp_path, name):
    path = tmp_path / name
    for data in (OLD, NEW):
        write_atomically(path, data)
        assert path.read_bytes() == data
    os.link(path, tmp_path / "other")
    write_atomically(path, OLD)
    assert path.read_bytes() == OLD and left_in(tmp_path) == sorted([name, "other"])


def test_a_draft_is_for_nobody_elses_eyes(path):
    path.chmod(0o600)
    with replacing(path) as draft:
        assert stat.S_IMODE(draft.stat().st_mode) == 0o600


# --- writing into the file itself


@pytest.fixture
def linked(path):
    os.link(path, path.with_name("b.gradloom"))
    return path


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("function", ["posix_fallocate", "ftruncate", "open", "rename"])
def test_a_failure_leaves_the_file_as_it_was(linked, monkeypatch, function, number):
    real, calls = getattr(os, function), []

    def once(target, *args, **kwargs):
        if function == "open" and target != linked:  # the draft may be made
            return real(target, *args, **kwargs)
        calls.append(target)
        return fail_with(number)() if len(calls) == 1 else real(target, *args, **kwargs)

    monkeypatch.setattr(os, function, once)
    with pytest.raises(FileError, match="cannot be written"):
        write_atomically(linked, NEW)
    assert linked.read_bytes() == OLD and left_in(linked.parent) == ["a.gradloom", "b.gradloom"]


def test_a_disk_that_fails_half_way_leaves_the_file_as_it_was(linked, monkeypatch):
    real, written = os.write, []

    def half(handle, data):
        written.append(len(data))
        if len(written) == 1:
            return real(handle, data[: len(data) // 2])
        return fail_with(errno.EIO)() if len(written) == 2 else real(handle, data)

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(FileError, match="cannot be written"):
        write_atomically(linked, NEW)
    assert linked.read_bytes() == OLD and left_in(linked.parent) == ["a.gradloom", "b.gradloom"]


def test_a_disk_that_takes_nothing_back_leaves_the_whole_draft_and_says_where(linked, monkeypatch):
    real, written = os.write, []

    def half(handle, data):
        written.append(len(data))
        return real(handle, data[:100]) if len(written) == 1 else fail_with(errno.EIO)()

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(FileError, match="only in part") as refused:
        write_atomically(linked, NEW)
    monkeypatch.undo()
    [whole] = linked.parent.glob(".*.whole")
    assert str(whole) in refused.value.sentence and whole.read_bytes() == NEW


def test_a_save_that_was_killed_on_the_way_leaves_the_whole_draft(linked, monkeypatch):
    """What a process that dies there leaves is what a child that ends there leaves."""
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(os, "ftruncate", lambda *_: os._exit(0))
        write_atomically(linked, NEW)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert interrupted_save(linked).read_bytes() == NEW
    assert interrupted_save(linked.with_name("c.gradloom")) is None
    write_atomically(linked.with_name("c.gradloom"), NEW)  # the sweep on the way keeps it
    assert interrupted_save(linked) is not None
    write_atomically(linked, NEW)
    assert interrupted_save(linked) is None and left_in(linked.parent) == ["a.gradloom", "b.gradloom", "c.gradloom"]
