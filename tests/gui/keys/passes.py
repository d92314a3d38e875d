"""Pass: play, steps, speed; and Help, which has one key."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from gui.main_window import MainWindow
from tests.gui.keys.keys_tools import Press, does
from tests.gui.window_tools import CTRL, LEFT, NONE, Key, in_dialog, press


@does("Space", "Play")
@does("Space", "Play or pause; hold it and drag to move the view")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert w.bridge.player.playing
    key()
    assert not w.bridge.player.playing
    centre, viewport, at = w.canvas.camera.centre(), w.canvas.viewport(), QPoint(20, 20)
    QTest.keyPress(w.canvas, Key.Key_Space)
    QTest.mousePress(viewport, LEFT, NONE, at)
    QTest.mouseMove(viewport, at + QPoint(60, 40))
    QTest.mouseRelease(viewport, LEFT, NONE, at + QPoint(60, 40))
    QTest.keyRelease(w.canvas, Key.Key_Space)
    assert w.canvas.camera.centre() != centre and not w.bridge.player.playing


@does("Ctrl+Shift+L", "Loop: start again after the end")
def _(w: MainWindow, key: Press) -> None:
    before = w.bridge.player.loop
    key()
    assert w.bridge.player.loop is not before
    key()
    assert w.bridge.player.loop is before


def steps(keys: str, words: str, start: float | None, way: int, whole_node: bool = False) -> None:
    @does(keys, words)
    def _(w: MainWindow, key: Press) -> None:
        player = w.bridge.player
        player.seek(player.end if start is None else start)
        w.selection.select(["q"])
        before, graph = player.position, w.bridge.now.graph
        key()
        went = way * (player.position - before)
        assert (went > 1 if whole_node else went == 1) and w.bridge.now.graph is graph


steps("→", "Step forward: the next contribution", 2, 1)
steps("←", "Step back: the previous contribution", None, -1)
steps("PgDown", "Go on: the next step; in a lesson that is presented, the next step, answer or page", 2, 1)
steps("PgUp", "Go back: the step before; in a lesson that is presented, the step or page before", None, -1)
steps("Shift+→", "To the next node: all contributions of this node", 6, 1, whole_node=True)
steps("Shift+←", "To the previous node: back to where this node’s turn begins", None, -1, whole_node=True)


@does("Home", "To the start: before the first value")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert w.bridge.player.position == 0


@does("Ctrl+B", "To the backward pass: all values are there, and the seed is about to go in")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert w.bridge.player.position == w.bridge.now.trace.backward_start


@does("End", "To the end: every gradient is there")
def _(w: MainWindow, key: Press) -> None:
    w.bridge.player.seek(2)
    key()
    assert w.bridge.player.position == w.bridge.player.end


@does("F5", "One step of learning: make one training step, and watch each parameter turn")
def _(w: MainWindow, key: Press) -> None:
    before = w.bridge.now.graph
    key()
    assert w.bridge.session.story is not None and w.bridge.player.playing
    w.bridge.undo()
    assert w.bridge.session.story is None and w.bridge.now.graph.nodes == before.nodes


@does("Shift+F5", "Leave the story: back to the graph as the step has left it")
def _(w: MainWindow, key: Press) -> None:
    press(w, Key.Key_F5)
    stepped = w.bridge.now.graph
    key()
    assert w.bridge.session.story is None and w.bridge.now.frame.at_end and w.bridge.now.graph is stepped


@does("F4", "Ask me: hide the next number of the pass, and answer it")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert w.bridge.asking.phase == "asked" and w.canvas.answer.isVisible() and w.bridge.now.trace.is_part
    key()
    assert not w.bridge.asking.is_on and not w.bridge.now.trace.is_part


@does("Ctrl+]", "Faster: go up one speed")
def _(w: MainWindow, key: Press) -> None:
    speed = w.bridge.player.speed
    key()
    assert w.bridge.player.speed > speed
    press(w, Key.Key_BracketLeft, CTRL)


@does("Ctrl+[", "Slower: go down one speed")
def _(w: MainWindow, key: Press) -> None:
    speed = w.bridge.player.speed
    key()
    assert w.bridge.player.speed < speed
    press(w, Key.Key_BracketRight, CTRL)


@does("F1", "Keyboard shortcuts: all the keys in one table")
def _(w: MainWindow, key: Press) -> None:
    in_dialog(w, QDialog, lambda dialog: None, key)
