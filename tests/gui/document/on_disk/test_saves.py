"""Saving that cannot be, and a save that was killed while it was written into the file itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.files import disk
from tests.gui.document.on_disk.disk_tools import THEIRS, left_in
from tests.gui.graphs import product


@pytest.mark.parametrize(
    "place", ["/dev/full", "/dev/null", "/proc/kmsg", ".", "/proc/sys/x.gradloom", "no/such/x.gradloom", "\0"]
)
def test_a_place_that_takes_no_file_is_told_and_the_work_stays(window, document, tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    window.edit(7.0)
    window.ask.save_path, window.ask.overwrite = Path(place), True
    assert not window.files.save_as()
    assert len(window.failures) == 1 and "\n" not in window.failures[0]
    assert window.files.path == document and window.bridge.document.modified
    assert left_in(tmp_path) == ["documents"] and not any(name.endswith(".lock") for name in os.listdir("/dev"))


def test_a_file_that_may_not_be_written_says_what_to_do(window, document):
    document.chmod(0o444)
    window.edit(7.0)
    assert not window.files.save()
    assert window.failures[0].endswith(
        "it is read-only. Your work is still here: save it somewhere else (Ctrl+Shift+S)"
    )
    assert disk.load(document) == product()


# --- a save that was killed while it was written into the file itself


@pytest.fixture
def cut_short(document, monkeypatch):
    """A hard-linked document, half written, with the whole draft of a dead process beside it."""
    os.link(document, document.with_name("other name"))
    child = os.fork()
    if child == 0:
        real = os.write
        monkeypatch.setattr(os, "write", lambda handle, data: (real(handle, data[:60]), os._exit(0)))
        disk.save(THEIRS, document)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    return document


def test_what_was_being_saved_is_offered(windows, cut_short):
    window = windows()
    assert not window.files.open(cut_short) and window.ask.asked == ["cut short"]
    window.ask.cut_short = "draft"
    assert window.files.open(cut_short)
    assert window.graph == THEIRS and window.files.path == cut_short and window.bridge.document.modified
    assert window.files.save()
    assert disk.load(cut_short) == THEIRS and cut_short.samefile(cut_short.with_name("other name"))
    window.files.close()
    assert left_in(cut_short.parent) == ["other name", "product.gradloom"]


def test_a_draft_that_nobody_wants_goes(windows, cut_short):
    window = windows()
    window.ask.cut_short = "file"
    window.files.open(cut_short)
    assert [name for name in left_in(cut_short.parent) if name.endswith(".whole")] == []
