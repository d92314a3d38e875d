"""Two windows on one file notice each other; what the dead leave behind hinders nobody."""

from __future__ import annotations

import fcntl
import gc
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from engine.files.lock import STALE, FileLock, Holder, sweep_locks
from engine.files.owner import this_process

ELSEWHERE = {"host": "lab-3", "user": "anna", "machine": "ffffffff", "world": "ffffffff"}


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "net.gradloom"
    made.write_text("{}")
    return made


def left_in(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def plant(path: Path, age: float = 0.0, **facts) -> Path:
    """A lock that some other process has written, so many seconds ago."""
    lock = path.with_name(f".{path.name}.lock")
    lock.write_text(json.dumps(asdict(this_process()) | {"since": time.time()} | facts))
    os.utime(lock, (time.time() - age,) * 2)
    return lock


def test_the_second_is_told_who_has_it_and_gets_it_when_that_one_is_gone(path):
    first, second = FileLock(path), FileLock(path)
    assert first.take() is None and first.held
    assert first.take() is None  # it is its own
    holder = second.take()
    assert holder.owner == this_process() and not second.held
    assert holder.words.startswith("another tab, since ")
    elsewhere = Holder(replace(holder.owner, pid=os.getppid()), holder.since)
    assert elsewhere.words.startswith(f"another window on this computer (process {os.getppid()}), since ")
    second.release()  # not its own
    assert left_in(path.parent) == [".net.gradloom.lock", "net.gradloom"]
    first.release()
    assert left_in(path.parent) == ["net.gradloom"]
    assert second.take() is None and second.held
    second.release()


def test_it_is_the_same_file_by_whatever_link_it_is_opened(path, tmp_path):
    link = tmp_path / "sub"
    link.mkdir()
    (link / "other.gradloom").symlink_to(path)
    first = FileLock(path)
    first.take()
    assert FileLock(link / "other.gradloom").take() is not None
    first.release()
    assert left_in(link) == ["other.gradloom"]


def test_a_process_that_ends_in_any_way_holds_nothing(path):
    program = f"""if True:
        import os, signal
        from pathlib import Path
        from engine.files.lock import FileLock
        lock = FileLock(Path({str(path)!r}))
        print(lock.take(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert child.stdout == "None\n" and ".net.gradloom.lock" in left_in(path.parent)
    mine = FileLock(path)
    assert mine.take() is None and mine.held
    mine.release()
    assert left_in(path.parent) == ["net.gradloom"]


def test_a_number_that_another_program_has_now_deceives_nobody(path):
    plant(path, pid=1)
    mine = FileLock(path)
    assert mine.take() is None and mine.held
    mine.release()


@pytest.mark.parametrize("text", ["", "{}", "[]", "nonsense", "\0" * 4096, "[" * 4000, '{"pid": "x"}', '{"host": 3}'])
def test_what_says_nothing_is_taken_over(path, text):
    path.with_name(".net.gradloom.lock").write_text(text)
    mine = FileLock(path)
    assert mine.take() is None and mine.held
    mine.release()
    assert left_in(path.parent) == ["net.gradloom"]


def test_another_machine_holds_it_as_long_as_it_says_so(path):
    lock = plant(path, pid=1234, since=0.0, **ELSEWHERE)
    mine = FileLock(path)
    assert "another window of anna on the computer “lab-3” (process 1234), since" in mine.take().words
    os.utime(lock, (time.time() - 2 * STALE,) * 2)
    assert mine.take() is None and mine.held
    mine.release()


def test_a_touch_keeps_it_fresh_and_makes_it_again(path):
    mine = FileLock(path)
    mine.take()
    os.utime(mine.path, (0, 0))
    mine.touch()
    assert mine.path.stat().st_mtime > time.time() - 60
    mine.path.unlink()
    assert not mine.held
    mine.touch()
    assert mine.held and FileLock(path).take() is not None
    mine.release()


def test_what_is_no_lock_stays_as_it_is_and_there_is_none(path, tmp_path):
    lock, precious = path.with_name(".net.gradloom.lock"), tmp_path / "precious"
    precious.write_text("mine")
    for make in (
        lambda: lock.symlink_to(precious),
        lambda: lock.symlink_to(tmp_path / "nothing"),
        lambda: lock.mkdir(),
        lambda: os.mkfifo(lock),
        lambda: lock.write_text("x" * 10_000),
    ):
        make()
        before, mine = lock.lstat(), FileLock(path)
        assert mine.take() is None and not mine.held
        mine.release()
        assert os.path.samestat(lock.lstat(), before) and precious.read_text() == "mine"
        lock.rmdir() if lock.is_dir() else lock.unlink()
    assert left_in(tmp_path) == ["net.gradloom", "precious"]


def test_a_folder_that_takes_no_lock_has_none(path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        mine = FileLock(path)
        assert mine.take() is None and not mine.held
        mine.touch()
        mine.release()
    gone = FileLock(path.parent / "none" / "a.gradloom")
    assert gone.take() is None and not gone.held


def test_a_disk_without_links_and_without_locks(path, monkeypatch):
    """Such as a stick, or some network folders: there the number of the process has to do."""

    def unsupported(*_args, **_kwargs):
        raise OSError(95, "")

    monkeypatch.setattr(os, "link", unsupported)
    monkeypatch.setattr(fcntl, "flock", unsupported)
    first, second = FileLock(path), FileLock(path)
    assert first.take() is None and first.held
    assert second.take() is not None
    first.release()
    plant(path, pid=2**22 + 1)  # more than there can be
    assert second.take() is None and second.held
    second.release()
    assert left_in(path.parent) == ["net.gradloom"]


@pytest.mark.parametrize("name", ["x" * 246 + ".gradloom", "日" * 85, "two\nlines", "\udcff.gradloom"])
def test_any_name(tmp_path, name):
    first = FileLock(tmp_path / name)
    assert first.take() is None and first.held and FileLock(tmp_path / name).take() is not None
    first.release()
    assert left_in(tmp_path) == []


def test_the_locks_of_the_dead_are_swept(path):
    mine = FileLock(path.with_name("mine.gradloom"))
    mine.take()
    plant(path)
    plant(path.with_name("there.gradloom"), **ELSEWHERE)
    path.with_name(".other.lock").write_text("of some other program")
    sweep_locks(path.parent)
    assert left_in(path.parent) == [".mine.gradloom.lock", ".other.lock", ".there.gradloom.lock", "net.gradloom"]
    mine.release()


def test_what_another_put_in_its_place_stays(path):
    mine = FileLock(path)
    mine.take()
    mine.path.unlink()
    other = FileLock(path)
    other.take()
    mine.release()
    assert other.held
    other.release()


def test_it_goes_with_the_program_and_with_whoever_forgot_it(path):
    program = f"""if True:
        import sys
        from pathlib import Path
        from engine.files.lock import FileLock
        lock = FileLock(Path({str(path)!r}))
        assert lock.take() is None and lock.held
        sys.exit("ended")
    """
    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert child.stderr == "ended\n" and left_in(path.parent) == ["net.gradloom"]
    FileLock(path).take()
    gc.collect()
    assert left_in(path.parent) == ["net.gradloom"]


def test_the_holder_hears_who_opened_it_all_the_same(path):
    first, second = FileLock(path), FileLock(path)
    second.knock()  # nobody is there
    first.take()
    assert first.knocked() == [] == second.knocked()
    second.take()
    second.knock()
    assert [guest.owner for guest in first.knocked()] == [this_process()]
    assert second.take().owner == this_process()  # it is still the first one's
    for _ in range(100):
        second.knock()
    assert first.path.stat().st_size < 2 * 4096 and second.take() is not None
    first.release()
    assert left_in(path.parent) == ["net.gradloom"]
