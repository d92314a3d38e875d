"""Drafts of killed saves are swept: only ours, only of processes that are dead."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.files.drafts import new_draft, sweep
from engine.files.owner import this_process

DAY = 24 * 3600


@pytest.fixture(scope="module")
def dead():
    """The number of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-S", "-c", ""])
    child.wait()
    return child.pid


def name_of(pid: int, world: str = "", ending: str = "tmp") -> str:
    return f".net.gradloom.01234567-{world or this_process().world}-{pid:x}-89abcdef.{ending}"


def swept(folder: Path, name: str, days: float = 0.0) -> bool:
    path = folder / name
    path.write_text("draft")
    then = time.time() - days * DAY
    os.utime(path, (then, then))
    sweep(folder)
    return not path.exists()


def test_the_draft_of_a_dead_process_goes_at_once(tmp_path, dead):
    assert swept(tmp_path, name_of(dead))


def test_drafts_of_the_living_and_of_other_machines_go_when_nobody_has_touched_them_for_days(tmp_path, dead):
    for name in (name_of(os.getpid()), name_of(1), name_of(dead, "ffffffff"), name_of(os.getpid(), "ffffffff")):
        assert not swept(tmp_path, name)
        assert swept(tmp_path, name, days=2)


def test_drafts_as_they_were_once_called_go_when_they_are_old(tmp_path):
    assert not swept(tmp_path, ".net.gradloom.0a1b2c3d.tmp")
    assert swept(tmp_path, ".net.gradloom.0a1b2c3d.tmp", days=2)


@pytest.mark.parametrize(
    "name",
    ["net.gradloom", ".net.gradloom.swap",
     "a.tmp", ".a.tmp", ".net.gradloom.mine.tmp", ".net.gradloom.0a1b2c3d.tmp.bak",
     "net.gradloom.0a1b2c3d.tmp", ".net.txt.0a1b2c3d.tmp", ".~lock.net.odt#", ".net.gradloom.0A1B2C3D.tmp"],
)  # fmt: skip
def test_what_could_be_somebodys_stays_for_ever(tmp_path, name):
    assert not swept(tmp_path, name, days=1000)


def test_a_folder_or_a_link_with_such_a_name_stays(tmp_path, dead):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    (tmp_path / name_of(dead)).symlink_to(precious)
    (tmp_path / name_of(dead + 1)).mkdir()
    sweep(tmp_path)
    assert len(os.listdir(tmp_path)) == 3


def test_a_whole_draft_stays_for_it_may_be_all_that_is_left(tmp_path, dead):
    assert not swept(tmp_path, name_of(dead, ending="whole"), days=1000)


def test_a_folder_that_cannot_be_read_is_no_trouble(tmp_path):
    sweep(tmp_path / "none")


def test_no_two_drafts_are_called_the_same(tmp_path):
    assert len({new_draft(tmp_path / "a.gradloom", tmp_path) for _ in range(100)}) == 100
