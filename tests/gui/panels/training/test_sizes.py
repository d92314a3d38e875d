"""The training panel in small windows and with large text: nothing lies over anything else, and all can be reached."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QScrollArea, QSlider, QWidget

from gui.look.text_size import text_size
from gui.main_window import MainWindow
from gui.panels.learnt.panel import LearntPanel
from gui.panels.training.training_run import RunState
from gui.widgets.labels import ElidedLabel
from gui.widgets.plot import Plot
from gui.widgets.segmented import Segmented
from tests.gui.training_tools import begin, key, open_example, pass_time
from tests.gui.window_tools import CTRL, SHIFT, Key, lay_out

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QSlider, Segmented, Plot)


@pytest.fixture(autouse=True)
def usual_text():
    yield
    text_size.choose(100)


def parts(window: MainWindow) -> list[QWidget]:
    """What has a text or can be used."""
    found = window.training.findChildren(QWidget)
    return [each for each in found if each.isVisible() and isinstance(each, (QLabel, *CONTROLS))]


def seen(window: MainWindow, part: QWidget) -> QRect:
    """What is seen of it, where it stands in the panel."""
    region = part.visibleRegion().boundingRect()
    return QRect(part.mapTo(window.training, region.topLeft()), region.size())


def is_reachable(part: QWidget, panel: QWidget) -> bool:
    """Whether all of it can be scrolled into sight: it stands on what is scrolled, and no wider than what is seen."""
    place, at = part.rect(), part
    while at is not panel:
        parent = at.parentWidget()
        assert parent is not None
        place = place.translated(at.pos())
        area = parent.parentWidget()
        if isinstance(area, QScrollArea) and parent is area.viewport():
            place.moveTop(min(max(place.top(), 0), max(0, parent.height() - place.height())))  # it is scrolled there
            place.setHeight(min(place.height(), parent.height()))
        if not parent.rect().contains(place):
            return False
        at = parent
    return True


def is_cut(part: QWidget) -> bool:
    """Whether some of its text is missing, and neither an … nor a tool tip says so."""
    if isinstance(part, ElidedLabel):
        wide = QFontMetrics(part.font()).horizontalAdvance(part.text()) > part.width()
        return wide and not part.toolTip()
    if isinstance(part, QLabel) and not part.wordWrap():
        return QFontMetrics(part.font()).horizontalAdvance(part.text()) > part.width()
    if isinstance(part, QLabel):
        return part.heightForWidth(part.width()) > part.height()
    return isinstance(part, QAbstractButton) and part.width() < part.minimumSizeHint().width()


@pytest.mark.parametrize(
    ("size", "percent", "beside"),
    [
        ((1280, 690), 100, "lesson"),
        ((1280, 690), 150, "lesson"),
        ((1280, 690), 100, ""),
        ((1440, 860), 200, ""),
        ((796, 570), 115, "lesson"),
        ((472, 350), 100, ""),
    ],
)
def test_nothing_lies_over_anything_else_and_all_can_be_reached(
    window: MainWindow, size: tuple[int, int], percent: int, beside: str
) -> None:
    window.resize(*size)
    open_example(window, "iris")
    begin(window)
    pass_time(window, 0.5)
    if beside:
        window.panels.show_panel(beside)
    text_size.choose(percent)
    lay_out(window)
    assert window.size() == QSize(*size)
    panel, found = window.training, parts(window)
    places = {part: seen(window, part) for part in found}
    over = [pair for pair in combinations(found, 2) if places[pair[0]].intersects(places[pair[1]])]
    assert over == [], [(type(a).__name__, places[a], type(b).__name__, places[b]) for a, b in over]
    assert [part for part in found if not is_reachable(part, panel)] == []
    assert [(type(part).__name__, part.geometry()) for part in found if is_cut(part)] == []
    pace, plots = panel.pace, (panel.loss, panel.accuracy, panel.inside.plot)
    assert pace in [part.parentWidget() for part in found] and all(plot in found for plot in plots)
    assert panel.place.text().startswith("Step ") and panel.run.state is RunState.RUNNING


def test_scrolled_down_the_last_plot_is_in_sight_and_the_buttons_too(window: MainWindow) -> None:
    window.resize(1280, 690)
    open_example(window, "iris")
    begin(window)
    pass_time(window, 0.5)
    window.panels.show_panel("lesson")
    lay_out(window)
    areas = [each for each in window.training.findChildren(QScrollArea) if each.isAncestorOf(window.training.loss)]
    area = min(areas, key=lambda each: each.height())  # that below the buttons
    plot = window.training.inside.plot
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    lay_out(window)
    below = plot.mapTo(window.training, QPoint(0, plot.height())).y()
    assert below <= window.training.height() and plot.visibleRegion().boundingRect() == plot.rect()
    assert window.training.start.visibleRegion().boundingRect() == window.training.start.rect(), "Pause stays in sight"


def test_the_map_of_what_was_learnt_and_the_inspector_both_have_room_beside_a_training(window: MainWindow) -> None:
    for order in ((Key.Key_R, CTRL), (Key.Key_M, CTRL | SHIFT)):
        open_example(window, "train-moons")
        key(window, Key.Key_5, CTRL)
        key(window, *order)
        for other in ("training", "learnt"):
            window.panels.show_panel(other)
            lay_out(window)
        learnt = window.findChild(LearntPanel)
        assert learnt.height() >= 130 and window.inspector.height() >= 130, order
        for name in ("learnt", "training"):
            window.panels.show_panel(name, False)
