"""The one reader of files from elsewhere: whatever a name leads to, an answer comes at once, and in a sentence."""

import os
import threading
from pathlib import Path

import pytest

from engine.data import outside
from engine.data.csv import read_csv
from engine.data.outside import CHUNK, GRAPH, FileKind, read_bytes, read_stream
from engine.errors import FileError
from engine.values.progress import Cancelled, listening

SMALL = FileKind("a note", 100)
LINUX = pytest.mark.skipif(not os.path.exists("/proc/self/mountinfo"), reason="it is about Linux's own file systems")


def test_what_is_in_a_file_is_read_whole(tmp_path):
    file = tmp_path / "data"
    file.write_bytes(bytes(range(256)) * 10)
    assert read_bytes(file) == bytes(range(256)) * 10
    file.write_bytes(b"")
    assert read_bytes(file) == b""


def test_a_pipe_that_nobody_writes_into_is_refused_and_not_waited_for(tmp_path):
    pipe = tmp_path / "rows.csv"
    os.mkfifo(pipe)
    with pytest.raises(FileError, match="is a device or a pipe, not a file"):
        read_csv(str(pipe))


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/urandom", "/dev/tty", "/dev/stdin"])
def test_a_device_is_refused_unread(path, monkeypatch):
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("opening a device can already do something"))
    with pytest.raises(FileError, match=r"not a file|no such"):
        read_csv(path)


@LINUX
@pytest.mark.parametrize("path", ["/proc/kmsg", "/proc/self/environ", "/proc/self/mem", "/sys/kernel/notes"])
def test_a_file_that_the_kernel_makes_up_is_refused_unread(path, monkeypatch):
    if not os.path.exists(path):
        pytest.skip("this machine has no such file")
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("nothing may be read of it"))
    with pytest.raises(FileError, match="made up by the system"):
        read_csv(path)


@LINUX
def test_a_link_into_proc_is_what_it_leads_to(tmp_path):
    (tmp_path / "rows.csv").symlink_to("/proc/self/status")
    with pytest.raises(FileError, match="made up by the system"):
        read_csv(str(tmp_path / "rows.csv"))


@LINUX
def test_a_file_that_says_it_is_empty_and_never_ends_is_refused(monkeypatch):
    """Where the kind of file system is not known: /proc files say that they hold nothing."""
    monkeypatch.setattr(outside, "_file_system", lambda device: "strangefs")
    with pytest.raises(FileError, match="is no ordinary file"):
        read_bytes("/proc/self/status")


def test_what_becomes_a_pipe_between_asking_and_opening_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "data"
    file.write_bytes(b"x")
    real_open = os.open

    def swapped(path, *how):
        os.unlink(path)
        os.mkfifo(path)
        return real_open(path, *how)

    monkeypatch.setattr(os, "open", swapped)
    with pytest.raises(FileError, match="is a device or a pipe"):
        read_bytes(file)


def test_links_in_a_circle_and_odd_names_are_refused(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    for path, sentence in (
        (tmp_path / "a", "its links lead in a circle"),
        (str(tmp_path) + "/\0", "that is not a valid file name"),
        (str(tmp_path) + "/\ud800", "that is not a valid file name"),
        (tmp_path / ("n" * 300), "the name is too long"),
        (tmp_path, "is a folder"),
        (tmp_path / "none", "there is no such file"),
    ):
        with pytest.raises(FileError, match=sentence):
            read_bytes(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    file = tmp_path / "data"
    file.touch(mode=0)
    with pytest.raises(FileError, match="permission denied"):
        read_bytes(file)


def test_a_file_too_large_for_its_kind_is_refused_unread(tmp_path, monkeypatch):
    file = tmp_path / "data"
    with file.open("wb") as opened:
        opened.truncate(SMALL.most + 1)
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("nothing may be read of it"))
    with pytest.raises(FileError, match="is too large to be a note: 0 MB"):
        read_bytes(file, SMALL)


@pytest.mark.parametrize("more", [b"more", b""])
def test_a_file_that_grows_or_shrinks_while_it_is_read_is_refused(tmp_path, more):
    file = tmp_path / "log.csv"
    file.write_bytes(b"x" * (CHUNK + 1))

    def meanwhile(done, total):
        if done == CHUNK:
            file.write_bytes(b"x" * CHUNK * 2 if more else b"")

    with listening(meanwhile), pytest.raises(FileError, match="was changed while it was read"):
        read_bytes(file)


def test_who_waits_hears_how_far_it_is_and_may_end_it(tmp_path):
    file = tmp_path / "data"
    file.write_bytes(bytes(3 * CHUNK))
    heard = []

    def end(done, total):
        heard.append((done, total))
        if len(heard) == 2:
            raise Cancelled

    handles = len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0
    with listening(end), pytest.raises(Cancelled):
        read_bytes(file)
    assert heard == [(CHUNK, 3 * CHUNK), (2 * CHUNK, 3 * CHUNK)]
    assert not handles or len(os.listdir("/proc/self/fd")) == handles
    read_bytes(file)
    assert len(heard) == 2  # nobody listens any more


def test_a_stream_without_end_is_cut_off():
    with open("/dev/zero", "rb") as zeros, pytest.raises(FileError, match="too large to be a note"):
        read_stream(zeros, SMALL)


def test_no_file_stays_open_and_none_is_inherited(tmp_path, monkeypatch):
    file = tmp_path / "data"
    file.write_bytes(b"x")
    opened = []
    real_open = os.open
    monkeypatch.setattr(os, "open", lambda *how: opened.append(real_open(*how)) or opened[-1])
    inheritable = []
    with listening(lambda *_: inheritable.append(os.get_inheritable(opened[-1]))):
        read_bytes(file, GRAPH)
    assert inheritable == [False]
    with pytest.raises(OSError):
        os.fstat(opened[-1])


def test_another_thread_hears_nothing(tmp_path):
    file = Path(tmp_path / "data")
    file.write_bytes(b"x")
    heard = []
    with listening(lambda *said: heard.append(said)):
        thread = threading.Thread(target=read_bytes, args=(file,))
        thread.start()
        thread.join()
    assert heard == []
