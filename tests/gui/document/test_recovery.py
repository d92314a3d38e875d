"""A crash loses no work: the swap is there while something is unsaved, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import edits
from engine.files import disk
from gui.document.bridge import Bridge
from gui.document.recovery import Recovery, disk_stamp, lost_work
from tests.gui.graphs import product


@pytest.fixture
def bridge(qtbot):
    bridge = Bridge()
    bridge.load(product())
    return bridge


def change(bridge: Bridge, value: float = 7.0) -> None:
    bridge.edit(lambda graph: edits.set_value(graph, "x", value))


def crash(config_dir: Path) -> None:
    """The window is gone, and nothing was tidied up but its lock: that goes when its owner dies."""
    for lock in (config_dir / "state" / "recovery").glob("*.lock"):
        lock.unlink()


def swaps(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.swap"))


def test_an_edit_writes_a_swap_beside_the_document_a_moment_later(bridge, qtbot, tmp_path):
    document = tmp_path / "net.gradloom"
    disk.save(bridge.now.graph, document)
    recovery = Recovery(bridge)
    recovery.follow(document, disk_stamp(document), "net.gradloom")
    assert not swaps(tmp_path)
    change(bridge)
    qtbot.waitUntil(lambda: len(swaps(tmp_path)) == 1, timeout=5000)
    assert disk.load(swaps(tmp_path)[0]) == bridge.now.graph
    recovery.close()
    assert not swaps(tmp_path)


def test_undoing_everything_removes_the_swap(bridge, config_dir):
    recovery = Recovery(bridge)
    change(bridge)
    recovery.write()
    assert swaps(config_dir)
    bridge.undo()
    assert not swaps(config_dir)
    recovery.close()


def test_after_a_crash_the_work_is_found_with_its_name(bridge, config_dir):
    recovery = Recovery(bridge)
    recovery.follow(None, None, "my net")
    change(bridge, 42.0)
    recovery.write()
    assert lost_work() == []  # its window lives: it is not lost
    crash(config_dir)
    (lost,) = lost_work()
    assert (lost.name, lost.document) == ("my net", None)
    assert disk.load(lost.swap).nodes["x"].value == 42.0
    lost.discard()
    assert lost_work() == [] and not swaps(config_dir)


def test_two_windows_on_one_document_keep_a_swap_each(qtbot, tmp_path):
    document = tmp_path / "net.gradloom"
    disk.save(product(), document)
    windows = []
    for value in (1.0, 2.0):
        bridge = Bridge()
        bridge.load(product())
        recovery = Recovery(bridge)
        recovery.follow(document, disk_stamp(document), document.name)
        change(bridge, value)
        recovery.write()
        windows.append((bridge, recovery))
    assert {float(disk.load(swap).nodes["x"].value) for swap in swaps(tmp_path)} == {1.0, 2.0}
    windows[0][1].close()
    (left,) = swaps(tmp_path)
    assert disk.load(left).nodes["x"].value == 2.0
    windows[1][1].close()


def test_a_swap_that_cannot_be_written_is_said(bridge, qtbot, monkeypatch):
    recovery = Recovery(bridge)
    change(bridge)
    monkeypatch.setattr("gui.document.recovery.disk.save", lambda graph, path: disk.load("/nowhere/at all"))
    with qtbot.waitSignal(recovery.failed) as told:
        recovery.write()
    assert "No recovery copy could be written" in told.args[0]
    recovery.close()


def test_a_damaged_note_is_passed_over(bridge, config_dir):
    recovery = Recovery(bridge)
    recovery.close()
    (config_dir / "state" / "recovery" / "broken.json").write_text("{", "utf-8")
    assert lost_work() == []
