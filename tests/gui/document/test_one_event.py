"""One event a change: what a person does is told once, and only the views whose numbers, place or selection it touched
write anew. Counted in the real window, used with the mouse and the keys."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine import edits
from engine.files import disk
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.show.explain import explain
from engine.show.frame import frame_at
from engine.show.now import Now
from engine.truth.unfinished import find_problems
from engine.values.values import exact_text, number_text
from gui.canvas.scene import GraphScene
from gui.panels.inspector.document_view import DocumentView
from gui.panels.inspector.node_view import NodeView
from gui.panels.inspector.step_view import StepView
from gui.shell.menus import ActionSet
from gui.shell.status_bar import StatusBar
from gui.shell.top_bar import TopBar
from tests.gui.graphs import product
from tests.gui.window_tools import ALT, CTRL, LEFT, NONE, Key, press

VIEWS = ((GraphScene, "apply"), (StepView, "refresh"), (DocumentView, "refresh"), (NodeView, "refresh"))


class Counter:
    """Counts calls of functions and methods, wherever they have been imported to."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self.calls: dict[str, list[object]] = {}

    def function(self, function: Callable) -> None:
        counted = self._counted(function.__name__, function)
        for module in [m for name, m in sys.modules.items() if name.startswith(("engine.", "gui."))]:
            for name, held in list(vars(module).items()):
                if held is function:
                    self._patch.setattr(module, name, counted)

    def method(self, owner: type, name: str) -> None:
        self._patch.setattr(owner, name, self._counted(f"{owner.__name__}.{name}", getattr(owner, name)))

    def _counted(self, name: str, function: Callable) -> Callable:
        calls = self.calls[name] = []

        def counted(*args, **kwargs):
            calls.append(args[0] if args else None)
            return function(*args, **kwargs)

        return counted

    @property
    def counts(self) -> dict[str, int]:
        """What was called, and how often."""
        return {name: len(calls) for name, calls in self.calls.items() if calls}

    def forget(self) -> None:
        for calls in self.calls.values():
            calls.clear()


@pytest.fixture
def counter(monkeypatch) -> Counter:
    counter = Counter(monkeypatch)
    for function in (explain, number_text, exact_text, make_plan, trace_of, frame_at, find_problems):
        counter.function(function)
    for owner, name in (*VIEWS, (ActionSet, "follow_graph"), (TopBar, "show_title"), (StatusBar, "show_nodes")):
        counter.method(owner, name)
    return counter


@pytest.fixture
def told(product_window) -> list[Now]:
    told: list[Now] = []
    product_window.bridge.told.connect(told.append)
    QApplication.processEvents()
    return told


def grip(window, id: str) -> QPoint:
    return window.canvas.mapFromScene(window.canvas.desk.scene.nodes_rect([id]).topLeft() + QPointF(12, 20))


def drag(window, id: str, way: QPoint) -> None:
    surface, start = window.canvas.viewport(), grip(window, id)
    QTest.mousePress(surface, LEFT, NONE, start)
    for part in (0.3, 0.6, 1.0):
        QTest.mouseMove(surface, start + way * part)
    QTest.mouseRelease(surface, LEFT, NONE, start + way)
    QApplication.processEvents()


def test_opening_a_file_is_told_once_and_each_view_writes_once(product_window, told, counter, tmp_path) -> None:
    path = tmp_path / "again.gradloom"
    disk.save(product(), path)
    assert product_window.files.open(path)
    (now,) = told
    assert now.loaded and now.graph == product()
    once = {
        name: n for name, n in counter.counts.items() if name not in ("number_text", "exact_text", "GraphScene.apply")
    }
    assert once == dict.fromkeys(
        ("explain", "make_plan", "trace_of", "frame_at", "find_problems", "StepView.refresh", "DocumentView.refresh",
         "ActionSet.follow_graph", "TopBar.show_title", "StatusBar.show_nodes"), 1
    )  # fmt: skip


def test_another_file_is_drawn_once(product_window, told, counter, tmp_path) -> None:
    path, graph = tmp_path / "three.gradloom", product()
    disk.save(graph.apply(edits.set_value(graph, "x", 3)), path)
    assert product_window.files.open(path)
    assert len(told) == counter.counts["GraphScene.apply"] == counter.counts["explain"] == 1


def test_a_moved_node_touches_no_number(product_window, told, counter) -> None:
    drag(product_window, "q", QPoint(0, 0))  # a click selects it, and shows its numbers
    QApplication.processEvents()
    counter.forget()
    before = product_window.bridge.now.graph.nodes["q"].pos
    drag(product_window, "q", QPoint(60, 48))
    (now,) = told
    assert product_window.bridge.now.graph.nodes["q"].pos != before
    assert not (now.content_changed or now.numbers_changed or now.position_changed or now.step_changed)
    wrote = {"frame_at", "GraphScene.apply", "ActionSet.follow_graph", "TopBar.show_title", "StatusBar.show_nodes"}
    assert set(counter.counts) <= wrote and max(counter.counts.values()) == 1


def test_saving_writes_the_title_and_the_status(product_window, told, counter) -> None:
    press(product_window, Key.Key_A, CTRL)
    press(product_window, Key.Key_Right, ALT)
    assert product_window.isWindowModified()
    told.clear()
    counter.forget()
    press(product_window, Key.Key_S, CTRL)
    assert told == [] and counter.counts == {"TopBar.show_title": 1, "ActionSet.follow_graph": 1}
    assert not product_window.isWindowModified()
    assert product_window.status.sentence.text().startswith("Saved ")


def painted_again(window, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The nodes that the scene says look different, from now on."""
    scene, found = window.canvas.scene(), set()
    monkeypatch.setattr(
        scene, "dirtied", lambda rects: found.update(i for i, n in scene.node_items.items() if n.extent() in rects)
    )
    return found


def test_hovering_touches_the_two_nodes_concerned(product_window, told, counter, monkeypatch) -> None:
    surface = product_window.canvas.viewport()
    QTest.mouseMove(surface, grip(product_window, "q"))
    QApplication.processEvents()
    counter.forget()
    painted = painted_again(product_window, monkeypatch)
    QTest.mouseMove(surface, grip(product_window, "f"))
    QApplication.processEvents()
    assert painted == {"q", "f"}
    assert told == [] and not counter.counts


@pytest.mark.parametrize("other", ["f", "x"])
def test_selecting_makes_no_plan_and_no_trace(product_window, told, counter, monkeypatch, other: str) -> None:
    surface = product_window.canvas.viewport()
    QTest.mouseClick(surface, LEFT, NONE, grip(product_window, "q"))
    QApplication.processEvents()
    counter.forget()
    painted = painted_again(product_window, monkeypatch)
    QTest.mouseClick(surface, LEFT, NONE, grip(product_window, other))
    QApplication.processEvents()
    assert product_window.selection.nodes == {other}
    assert painted == {"q", other}
    idle = {"make_plan", "trace_of", "frame_at", "find_problems", "explain", "StepView.refresh", "GraphScene.apply"}
    assert told == [] and not idle & counter.counts.keys()
    assert counter.counts["NodeView.refresh"] == 1


def test_an_edit_is_told_once_with_everything_current(product_window, told, counter) -> None:
    product_window.bridge.player.seek(3.5)
    told.clear()
    counter.forget()
    press(product_window, Key.Key_A, CTRL)
    press(product_window, Key.Key_Delete)
    (now,) = told
    assert not now.graph.nodes and not now.trace.steps and not product_window.selection.nodes
    assert now.content_changed and now.numbers_changed
    assert counter.counts["find_problems"] == counter.counts["trace_of"] == counter.counts["StepView.refresh"] == 1


def test_within_a_step_nothing_is_said_anew(product_window, told, counter) -> None:
    player = product_window.bridge.player
    player.seek(6.2)
    counter.forget()
    player.seek(6.4)
    assert told[-1].position_changed and not told[-1].step_changed
    assert counter.counts.keys() <= {"frame_at", "number_text"}  # the number on its way
    player.seek(7.4)
    assert told[-1].step_changed and counter.counts["explain"] == counter.counts["StepView.refresh"] == 1


def test_a_speed_is_chosen_in_one_place(product_window, told, counter) -> None:
    press(product_window, Key.Key_BracketRight, CTRL)
    assert product_window.bridge.player.speed == 2.0 and told == []
    assert counter.counts == {"ActionSet.follow_graph": 1}
