"""The map, large: a button or a double click puts it over the canvas; Esc or a chosen point bring it back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from gui.panels.learnt import LearntPanel
from tests.gui.window_tools import CTRL, LEFT, NONE, SHIFT, Key, close, lay_out, open_window


@pytest.fixture
def window(qtbot):
    made = open_window(qtbot)
    made.resize(1440, 900)
    yield made
    close(made)


@pytest.fixture
def panel(window, qtbot) -> LearntPanel:
    """Beside a training: where the map is smallest."""
    return opened(window, qtbot)


def opened(window, qtbot) -> LearntPanel:
    window.open_example("train-moons")
    QTest.keyClick(window.canvas, Key.Key_5, CTRL)
    QTest.keyClick(window.canvas, Key.Key_M, CTRL | SHIFT)
    found = window.findChild(LearntPanel)
    assert found is not None and found.isVisible()
    qtbot.waitUntil(lambda: "right" in found.scatter.said)
    lay_out(window)
    return found


def is_over(panel, covered) -> bool:
    """Whether the map stands over all of it, and is seen."""
    window = panel.window()
    middle = covered.mapTo(window, covered.rect().center())
    under = window.childAt(middle)
    return under is not None and (under is panel.large or panel.large.isAncestorOf(under))


def test_a_button_puts_it_over_the_canvas_and_esc_brings_it_back_as_it_was(window, panel):
    before, said = panel.scatter.geometry(), panel.scatter.said
    QTest.mouseClick(panel.enlarge, LEFT)
    lay_out(window)
    assert is_over(panel, window.canvas) and not is_over(panel, window.training)
    assert panel.scatter.height() > 1.3 * before.height() and panel.scatter.width() > 1.5 * before.width()
    assert panel.scatter.hasFocus() and panel.scatter.said == said
    QTest.keyClick(panel.scatter, Key.Key_Escape)
    lay_out(window)
    assert not is_over(panel, window.canvas) and panel.scatter.geometry() == before


def test_a_double_click_beside_the_points_does_so_too_and_esc_is_heard_from_the_training_panel(window, panel):
    corner = QPoint(panel.scatter.width() - 14, 32)
    QTest.mouseDClick(panel.scatter, LEFT, NONE, corner)
    lay_out(window)
    assert is_over(panel, window.canvas)
    window.training.start.setFocus()
    QTest.keyClick(window.training.start, Key.Key_Escape)
    lay_out(window)
    assert not is_over(panel, window.canvas) and panel.scatter.isVisible()


def test_a_large_map_is_finer_and_has_larger_marks(window, panel, qtbot):
    def places() -> int:
        return panel.scatter.scene.ground.width()

    before = places()
    assert panel.scatter.mark_scale == 1.0
    window.resize(1440, 1100)
    QTest.mouseClick(panel.enlarge, LEFT)
    qtbot.waitUntil(lambda: places() > 2 * before)
    lay_out(window)
    assert panel.scatter.mark_scale > 1.2
    QTest.keyClick(panel.scatter, Key.Key_Escape)
    qtbot.waitUntil(lambda: places() == before)


def test_a_point_that_is_chosen_plays_on_the_canvas_which_is_seen_again(window, panel):
    QTest.mouseClick(panel.enlarge, LEFT)
    lay_out(window)
    spot = panel.scatter.spot(3).toPoint()
    QTest.mouseMove(panel.scatter, QPoint(1, 1))
    QTest.mouseMove(panel.scatter, spot)
    QTest.mouseClick(panel.scatter, LEFT, NONE, spot)
    lay_out(window)
    assert panel.scatter.row >= 0 and not is_over(panel, window.canvas)


def test_in_a_low_window_it_stands_over_all_the_rest_and_is_seen_whole(window, qtbot):
    window.resize(720, 450)  # 1440 × 900, seen twice as large
    panel = opened(window, qtbot)
    QTest.mouseClick(panel.enlarge, LEFT)
    lay_out(window)
    assert is_over(panel, window.training) and panel.scatter.height() > 200
    assert panel.large.rect().contains(panel.scatter.geometry()) and panel.large.rect().contains(
        panel.legend.geometry()
    )
    window.resize(1440, 900)
    lay_out(window)
    assert not is_over(panel, window.training) and is_over(panel, window.canvas)


def test_on_the_stage_esc_brings_the_canvas_back_and_is_still_on_the_stage(window, panel, qtbot):
    window.toggle_presentation(screen=False)
    lay_out(window)
    QTest.keyClick(window.canvas, Key.Key_M, CTRL | SHIFT)
    qtbot.waitUntil(panel.isVisible)
    lay_out(window)
    QTest.mouseClick(panel.enlarge, LEFT)
    lay_out(window)
    assert is_over(panel, window.canvas) and panel.scatter.hasFocus()
    QTest.keyClick(panel.scatter, Key.Key_Escape)
    lay_out(window)
    assert not is_over(panel, window.canvas) and window.presenting
    QTest.keyClick(window.canvas, Key.Key_Escape)
    assert not window.presenting


@pytest.mark.parametrize("how", ["the panel is closed", "it is presented", "another example"])
def test_what_takes_it_away_gives_it_back_to_its_panel(window, panel, qtbot, how):
    QTest.mouseClick(panel.enlarge, LEFT)
    lay_out(window)
    if how == "the panel is closed":
        QTest.keyClick(panel.scatter, Key.Key_M, CTRL | SHIFT)
    elif how == "it is presented":
        window.toggle_presentation(screen=False)
    else:
        window.open_example("digits")  # which has no such picture
    lay_out(window)
    assert not is_over(panel, window.canvas) and panel.isAncestorOf(panel.scatter)
    if how != "another example":
        assert window.canvas.hasFocus()  # or else the keys would go nowhere
