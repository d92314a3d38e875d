"""Presentation: begun and left, and what there is at hand meanwhile."""

from __future__ import annotations

from contextlib import contextmanager

from engine.teach.lessons.shelf import find_shelved
from gui.main_window import MainWindow
from tests.gui.keys.keys_tools import Press, does, draw, edit_y
from tests.gui.window_tools import Key, press


@contextmanager
def presented(w: MainWindow):
    press(w, Key.Key_F11)
    try:
        yield
    finally:
        if w.presenting:
            w.toggle_presentation()


@does("F11", "Presentation mode: show only the canvas and the timeline, on the whole screen")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert w.isFullScreen() and not w.menuBar().isVisible() and w.canvas.isVisible() and w.panels.is_open("timeline")
    key()
    assert not w.isFullScreen() and w.menuBar().isVisible()


@does("F5", "Present the lesson: show the open lesson from its first step, on the whole screen")
def _(w: MainWindow, key: Press) -> None:
    before = w.bridge.now.graph
    assert w.show_lesson(find_shelved("paths").path)
    w.canvas.setFocus()
    key()
    assert w.presenting and w.board.isVisible() and not w.panels.is_open("lesson")
    assert w.bridge.session.story is None, "no step of learning is made"
    w.toggle_presentation()
    assert not w.board.isVisible() and w.panels.is_open("lesson")
    w.bridge.lesson.leave()
    w.panels.show_panel("lesson", False)
    w.bridge.load(before)


@does("Esc", "Leave the presentation: put away the pen or the laser pointer, or else go back to the whole window")
def _(w: MainWindow, key: Press) -> None:
    press(w, Key.Key_F11)
    press(w, Key.Key_P)
    key()
    assert w.presenting and w.presenter.hand == ""
    key()
    assert not w.isFullScreen() and w.menuBar().isVisible()


@does("L", "Laser pointer: a glowing dot that follows the mouse, while you present")
def _(w: MainWindow, key: Press) -> None:
    with presented(w):
        key()
        assert w.presenter.hand == "laser"
        key()
        assert w.presenter.hand == "" and not w.presenter.laser.isVisible()


@does("P", "Pen: draw over the canvas while you present: nothing of it is kept")
def _(w: MainWindow, key: Press) -> None:
    before = w.bridge.now.graph
    with presented(w):
        key()
        draw(w, (40, 40), (80, 80), (120, 40))
        assert len(w.presenter.pen.strokes) == 1 and w.bridge.now.graph is before
        key()
        assert w.presenter.hand == "" and w.presenter.pen.isVisible(), "what was drawn stays"
    assert not w.presenter.pen.strokes


@does("C", "Another colour: draw in the next of five colours, while you present")
def _(w: MainWindow, key: Press) -> None:
    with presented(w):
        seen = [w.presenter.pen.colour]
        for _ in range(5):
            key()
            seen.append(w.presenter.pen.colour)
    assert len(set(seen)) == 5 and seen[0] == seen[-1]


@does("Ctrl+Z", "Take back a stroke: the last one of the pen that you hold; the graph stays as it is")
def _(w: MainWindow, key: Press) -> None:
    edit_y(w)
    after = w.bridge.now.graph
    with presented(w):
        press(w, Key.Key_P)
        draw(w, (40, 40), (80, 80))
        draw(w, (40, 80), (80, 40))
        for left in (1, 0, 0):
            key()
            assert len(w.presenter.pen.strokes) == left and w.bridge.now.graph is after


@does("E", "Wipe: take away all that the pen has drawn")
def _(w: MainWindow, key: Press) -> None:
    with presented(w):
        press(w, Key.Key_P)
        draw(w, (40, 40), (80, 80))
        draw(w, (40, 80), (80, 40))
        key()
        assert not w.presenter.pen.strokes and w.presenter.hand == "pen"


@does("B or .", "Black screen: black over everything, while you present; any key ends it")
@does("W", "White screen: white over everything, while you present; any key ends it")
def _(w: MainWindow, key: Press) -> None:
    with presented(w):
        position = w.bridge.player.position
        key()
        assert w.presenter.blank.isVisible() and w.presenter.blank.size() == w.size()
        key()
        assert not w.presenter.blank.isVisible() and w.canvas.hasFocus() and w.bridge.player.position == position


@does("N", "Speaker’s notes: open or close the notes, while you present: on a second screen if there is one")
def _(w: MainWindow, key: Press) -> None:
    with presented(w):
        assert w.presenter.notes is None, "with one screen they are not in the way"
        key()
        assert w.presenter.notes is not None and w.presenter.notes.isVisible()
        w.canvas.setFocus()
        key()
        assert w.presenter.notes is None


@does("S", "Swap the screens: let the picture and the notes change places, while you present")
def _(w: MainWindow, key: Press) -> None:
    with presented(w):
        key()
        assert w.presenting and w.presenter.other_screen is None, "there is one screen"
