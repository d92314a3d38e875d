"""The eye of the monkey sees what is stale, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.edits.nodes import set_label
from gui.look.math_view import MathView
from gui.main_window import MainWindow
from gui.panels.inspector import Inspector
from gui.panels.timeline import Timeline
from gui.shell.actions import ACTIONS
from tests.attack.attack import Broken
from tests.attack.monkey.shown import Eye
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
