"""Large changes and large saves: the window answers meanwhile, nothing is lost, and everything keeps its order."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import QTimer

from engine import edits
from engine.errors import FileError
from engine.files import codec, disk
from gui.document import jobs, saving, steps
from tests.building import chain
from tests.gui.window_tools import CTRL, SHIFT, Key, paste, press

COUNT = 151  # nodes, and as many edges: large enough


class Gate:
    """Holds a function up, in the thread that calls it, as long as it is shut."""

    def __init__(self, function) -> None:
        self._function, self._open, self.calls = function, threading.Event(), 0
        self._open.set()

    def __call__(self, *args, **named):
        self.calls += 1
        assert threading.current_thread() is not threading.main_thread()
        assert self._open.wait(10)
        return self._function(*args, **named)

    def shut(self) -> None:
        self._open.clear()

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def finding(monkeypatch) -> Gate:
    gate = Gate(steps.outcome_of)
    monkeypatch.setattr(steps, "outcome_of", gate)
    return gate


@pytest.fixture
def proving(monkeypatch) -> Gate:
    gate = Gate(disk.proven_data)
    monkeypatch.setattr(saving.disk, "proven_data", gate)
    return gate


@pytest.fixture
def large(window, qtbot, tmp_path, monkeypatch):
    """A window with a large graph in it, in which nothing long is done at once."""
    path = tmp_path / "large.gradloom"
    disk.save(chain(COUNT), path)
    assert window.files.open(path)
    monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    return window


def nodes(window) -> int:
    return len(window.bridge.now.graph.nodes)


def value(window) -> float:
    return float(window.bridge.now.graph.nodes["x"].value)


def set_value(window, number: float) -> None:
    window.bridge.edit(lambda graph: edits.set_value(graph, "x", np.array(number)))


def delete_all(window, qtbot) -> None:
    press(window, Key.Key_A, CTRL)
    press(window, Key.Key_Delete)
    qtbot.waitUntil(lambda: nodes(window) == 0)


def at_rest(window, qtbot) -> None:
    qtbot.waitUntil(lambda: not window.jobs.running and not window.files.is_busy)


# --- changes


def test_two_undos_in_quick_succession_are_both_done_in_their_order(large, qtbot, finding) -> None:
    set_value(large, 7.0)
    delete_all(large, qtbot)
    finding.shut()
    press(large, Key.Key_Z, CTRL)
    press(large, Key.Key_Z, CTRL)
    assert nodes(large) == 0
    finding.open()
    at_rest(large, qtbot)
    assert nodes(large) == COUNT + 1 and value(large) == 0.5 and not large.files.is_modified
    assert float(large.bridge.now.trace.value("n0")) == -0.5 and large.bridge.now.problems == []


def test_what_is_undone_can_be_redone_before_it_is_undone(large, qtbot, finding) -> None:
    delete_all(large, qtbot)
    finding.shut()
    press(large, Key.Key_Z, CTRL)
    press(large, Key.Key_Z, CTRL | SHIFT)
    finding.open()
    at_rest(large, qtbot)
    assert nodes(large) == 0 and large.bridge.document.undo_text and finding.calls == 3


def test_an_edit_made_meanwhile_stays_and_what_was_to_be_undone_is_not(large, qtbot, finding) -> None:
    delete_all(large, qtbot)
    finding.shut()
    press(large, Key.Key_Z, CTRL)
    press(large, Key.Key_Z, CTRL)
    large.bridge.edit(lambda graph: edits.add_node(graph, "mul", (0, 0)))
    finding.open()
    at_rest(large, qtbot)
    assert nodes(large) == 1 and "nothing was undone" in large.status.sentence.text()


def test_what_comes_in_is_found_again_for_the_graph_of_then(large, qtbot, finding) -> None:
    finding.shut()
    paste(large, codec.encode(chain(COUNT, "tanh")))
    qtbot.waitUntil(lambda: large.bridge.steps.busy)
    large.bridge.edit(lambda graph: edits.rename(graph, "x", "n0_2"))
    finding.open()
    at_rest(large, qtbot)
    assert nodes(large) == 2 * (COUNT + 1) and finding.calls == 2
    assert len(large.selection.nodes) == COUNT + 1 and f"Added {COUNT + 1} nodes" in large.status.sentence.text()


def test_esc_cancels_it_and_what_waits_for_it_but_not_a_save(large, qtbot, finding) -> None:
    set_value(large, 7.0)
    delete_all(large, qtbot)
    finding.shut()
    press(large, Key.Key_Z, CTRL)
    press(large, Key.Key_Z, CTRL)
    press(large, Key.Key_S, CTRL)
    qtbot.waitUntil(large.progress.isVisible)
    assert large.progress.title.text() == "Undoing Delete 152 nodes …"
    press(large, Key.Key_Escape)
    qtbot.waitUntil(lambda: not large.files.is_modified)
    finding.open()
    at_rest(large, qtbot)
    assert nodes(large) == 0 and disk.load(large.files.path).nodes == {}
    press(large, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: nodes(large) == COUNT + 1)


def test_a_save_waits_for_what_was_asked_for_before(large, qtbot, finding) -> None:
    set_value(large, 7.0)
    delete_all(large, qtbot)
    finding.shut()
    press(large, Key.Key_Z, CTRL)
    press(large, Key.Key_S, CTRL)
    finding.open()
    qtbot.waitUntil(lambda: not large.files.is_modified)
    saved = disk.load(large.files.path)
    assert len(saved.nodes) == COUNT + 1 and saved.nodes["x"].value == 7.0


def test_copies_of_many_nodes_are_made_by_a_thread(large, qtbot, finding) -> None:
    press(large, Key.Key_A, CTRL)
    press(large, Key.Key_D, CTRL)
    at_rest(large, qtbot)
    assert nodes(large) == 2 * (COUNT + 1) and finding.calls == 1 and len(large.selection.nodes) == COUNT + 1
    copies = [large.bridge.now.graph.nodes[id] for id in large.selection.nodes]
    assert not {node.pos for node in copies} & {node.pos for node in chain(COUNT).nodes.values()}


# --- saves


def test_what_is_edited_during_a_save_is_not_in_it(large, qtbot, proving) -> None:
    set_value(large, 7.0)
    proving.shut()
    press(large, Key.Key_S, CTRL)
    set_value(large, 8.0)
    assert large.files.is_modified
    proving.open()
    at_rest(large, qtbot)
    assert disk.load(large.files.path).nodes["x"].value == 7.0 and large.files.is_modified
    press(large, Key.Key_Z, CTRL)
    assert value(large) == 7.0 and not large.files.is_modified


def test_a_second_save_saves_what_was_edited_during_the_first(large, qtbot, proving) -> None:
    set_value(large, 7.0)
    proving.shut()
    press(large, Key.Key_S, CTRL)
    set_value(large, 8.0)
    press(large, Key.Key_S, CTRL)
    proving.open()
    qtbot.waitUntil(lambda: not large.files.is_modified)
    assert disk.load(large.files.path).nodes["x"].value == 8.0


def test_closing_waits_for_a_save_and_asks_nothing(large, qtbot, proving) -> None:
    set_value(large, 7.0)
    path = large.files.path
    proving.shut()
    press(large, Key.Key_S, CTRL)
    press(large, Key.Key_Q, CTRL)
    looking = next(timer for timer in large.closing.findChildren(QTimer) if timer.isActive())
    for _ in range(2):
        with qtbot.waitSignal(looking.timeout):  # it looks again and again
            pass
    assert large.isVisible()
    proving.open()
    qtbot.waitUntil(lambda: not large.isVisible())
    assert large.files.ask.asked == [] and disk.load(path).nodes["x"].value == 7.0


def test_another_document_waits_for_a_save(large, qtbot, proving) -> None:
    set_value(large, 7.0)
    path = large.files.path
    proving.shut()
    press(large, Key.Key_S, CTRL)
    threading.Timer(0.05, proving.open).start()
    press(large, Key.Key_N, CTRL)
    assert nodes(large) == 0 and large.files.ask.asked == [] and disk.load(path).nodes["x"].value == 7.0


def test_esc_cancels_a_save_before_anything_is_written(large, qtbot, proving) -> None:
    before = large.files.path.read_bytes()
    set_value(large, 7.0)
    proving.shut()
    press(large, Key.Key_S, CTRL)
    qtbot.waitUntil(large.progress.isVisible)
    assert large.progress.title.text() == "Saving large.gradloom …"
    press(large, Key.Key_Escape)
    proving.open()
    at_rest(large, qtbot)
    assert large.files.is_modified and large.files.path.read_bytes() == before
    press(large, Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not large.files.is_modified)


def test_a_save_that_is_being_written_cannot_be_cancelled_and_is_no_news(large, qtbot, monkeypatch) -> None:
    set_value(large, 7.0)
    writing = Gate(lambda path, data, spare: None)
    write = saving.write_atomically

    def write_slowly(path, data, spare) -> None:
        write(path, data, spare)
        writing(path, data, spare)

    monkeypatch.setattr(saving, "write_atomically", write_slowly)
    writing.shut()
    press(large, Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: writing.calls == 1)
    large.files.watch.look()
    qtbot.waitUntil(large.progress.isVisible)
    threading.Timer(0.05, writing.open).start()
    press(large, Key.Key_Escape)
    assert not large.files.is_modified and disk.load(large.files.path).nodes["x"].value == 7.0
    large.files.watch.look()
    at_rest(large, qtbot)
    assert "disk" not in large.standing.by_topic


def test_a_file_that_cannot_be_written_is_told_and_nothing_is_lost(large, qtbot, monkeypatch) -> None:
    def full(path, data, spare) -> None:
        raise FileError("there is no room on the disk", kind="disk")

    monkeypatch.setattr(saving, "write_atomically", full)
    set_value(large, 7.0)
    with qtbot.waitSignal(large.files.failed) as told:
        press(large, Key.Key_S, CTRL)
    assert "Your work is still here" in str(told.args[0]) and large.files.is_modified
    press(large, Key.Key_Q, CTRL)
    qtbot.waitUntil(lambda: large.files.ask.asked == ["unsaved"])


def test_told_to_end_during_a_save_it_keeps_what_is_not_written(large, qtbot, proving, config_dir) -> None:
    set_value(large, 7.0)
    proving.shut()
    press(large, Key.Key_S, CTRL)
    set_value(large, 8.0)
    threading.Timer(0.05, proving.open).start()
    large.closing.end()
    (swap,) = config_dir.rglob("*.swap")
    assert disk.load(swap).nodes["x"].value == 8.0
