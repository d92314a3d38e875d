"""The eye of the monkey sees what is stale, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.edits.nodes import set_label
from engine.passes.trace import ContributionStep
from engine.show.beside import OnEdges
from gui.document.lit_cells import LitCell
from gui.look.math_view import MathView
from gui.main_window import MainWindow
from gui.panels.inspector import Inspector
from gui.panels.inspector.microscope import Microscope
from gui.panels.inspector.paper_view import PaperView
from gui.panels.timeline import Timeline
from gui.shell.actions import ACTIONS
from tests.attack.attack import Broken
from tests.attack.monkey.shown import Eye
from tests.building import graph_of
from tests.gui.graphs import product


def _longest(panel: type[Inspector] | type[Timeline], window: MainWindow) -> QLabel:
    return max(window.findChild(panel).findChildren(QLabel), key=lambda label: len(label.text()))


def _hide_a_step(window: MainWindow) -> None:
    """The canvas does not hear of it."""
    shown = window.canvas.desk.scene.stage
    before = shown.frame
    window.bridge.player.seek(2)
    shown.frame = before
    shown.nodes.forget()


PLANTED: dict[str, Callable[[MainWindow], object]] = {
    "how many nodes is stale": lambda window: window.status.nodes.setText("7 nodes"),
    "the timeline is stale": lambda window: _longest(Timeline, window).setText("f = 1."),
    "the inspector is stale": lambda window: _longest(Inspector, window).setText("f = 1."),
    "a card is stale": _hide_a_step,
}


def test_what_is_stale_is_seen(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.bridge.load(product())
    eye = Eye(lambda: window)
    eye.look()
    for sentence, plant in PLANTED.items():
        plant(window)
        with pytest.raises(Broken, match=sentence):
            eye.look()
        window.bridge.load(product())
        eye.look()
    view = next(view for view in window.findChildren(MathView) if view.isVisible())
    view.show_equations([("f", "1")])
    with pytest.raises(Broken, match="the inspector is stale"):
        eye.look_anew()
    eye.close()


@pytest.mark.parametrize("id", [id for id, action in ACTIONS.items() if action.checked])
def test_nothing_is_called_stale_that_the_program_puts_away_on_purpose(id: str, qtbot: QtBot) -> None:
    """A question waits for its answer, a pen draws: then there is nothing to undo. So with all that is switched on."""
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.bridge.load(product())
    window.bridge.edit(lambda graph: set_label(graph, "x", "known"))
    eye = Eye(lambda: window)
    action = window.action_set.by_id[id]
    for _ in range(2):
        if action.isEnabled():
            action.trigger()
            eye.look()
    window.bridge.load(product())
    eye.close()


def weights_step(window: MainWindow) -> float:
    """The position at which the gradient of the weights arrives."""
    steps = window.bridge.now.trace.steps
    return 1.0 + next(at for at, s in enumerate(steps) if isinstance(s, ContributionStep) and s.edge.key == ("z", 1))


def test_the_cell_that_a_hand_asked_for_is_not_called_stale(qtbot: QtBot) -> None:
    """It is written out until the step is another, on another page in the meantime or not."""
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    x, w = [[1.0, -2.0, 0.5], [0.3, 4.0, 2.0]], [[0.1, 2.0], [0.2, 0.7], [-0.3, 1.0]]
    rows = [("x", "input", x), ("W", "parameter", w), ("z", "matmul", ["x", "W"]), ("L", "sum", ["z"])]
    window.bridge.load(graph_of(*rows, target="L"))
    eye = Eye(lambda: window)
    window.bridge.player.seek(weights_step(window))
    eye.look()
    microscope = window.findChild(Inspector).findChild(Microscope)
    QTest.keyClick(microscope.findChild(PaperView), Qt.Key.Key_Right)
    eye.look()
    for chosen in (LitCell("value", "x", (1, 1)), LitCell("value", "z", (1, 1))):  # one that was typed, one computed
        window.bridge.cells.choose(chosen)
        eye.look()
    window.bridge.lens.put_on_edges(OnEdges("local"))  # another truth of the same step
    eye.look()
    window.bridge.player.seek(weights_step(window) - 1)
    window.bridge.player.seek(weights_step(window))
    eye.look()
    title = max(microscope.findChildren(QLabel), key=lambda label: label.isVisible() and len(label.text()))
    title.setText("one of yesterday")
    with pytest.raises(Broken, match="the inspector is stale"):
        eye.look()
    eye.close()
