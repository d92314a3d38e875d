"""The window and its dialogs stand inside the screen, and in a small window nothing lies over anything else."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget

from engine.teach.lessons.shelf import find_shelved
from gui.document import settings
from gui.main_window import MainWindow
from gui.panels import all_panels
from gui.panels.lesson.lesson_panel import LessonPanel
from gui.panels.predict import PredictPanel
from gui.panels.timeline import Timeline
from gui.shell.dialogs.check import CheckDialog
from gui.shell.dialogs.export import ExportDialog
from gui.shell.dialogs.expression import ExpressionDialog
from gui.shell.dialogs.help import about_dialog, shortcuts_dialog
from gui.shell.panes import LEAST_BESIDE_TRAINING, LEAST_CANVAS, LEAST_WHERE_LOW
from gui.shell.room import FRAME, brought_inside, room_on
from tests.gui.window_tools import close, lay_out, open_window

ROOM = QRect(0, 0, 1440, 860)
# What is left of a screen for the window: 1440×900 at scale 3, 1920×1080 at scale 3, 800×600, 1024×600, 1280×720;
# and of half a screen, where two windows stand side by side: 1440×900 at scale 3 and 2.
SIZES = [(472, 288), (632, 350), (796, 570), (1020, 570), (1276, 690), (240, 270), (360, 420)]


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        (QRect(100, 50, 800, 600), QRect(100, 50, 800, 600)),
        (QRect(1000, 500, 800, 600), QRect(640, 260, 800, 600)),
        (QRect(-300, -40, 800, 600), QRect(0, 0, 800, 600)),
        (QRect(3000, 2000, 2560, 1400), QRect(0, 0, 1440, 860)),
        (QRect(200, 100, 1440, 400), QRect(0, 100, 1440, 400)),
    ],
)
def test_a_place_is_brought_inside_and_moved_as_little_as_can_be(place, inside):
    assert brought_inside(place, ROOM) == inside
    beside = ROOM.translated(1440, 30)
    assert beside.contains(brought_inside(place, beside))


def test_the_first_window_is_inside_the_screen_with_its_frame(window):
    first = MainWindow()
    available = first.screen().availableGeometry()
    assert available.contains(first.geometry().marginsAdded(FRAME).translated(FRAME.left(), FRAME.top()))
    assert first.minimumWidth() <= first.width() and first.minimumHeight() <= first.height()
    first.files.recovery.close()
    first.deleteLater()


def test_a_window_of_a_larger_screen_comes_back_into_this_one(window):
    window.setGeometry(QRect(2600, 1900, 2400, 1700))
    settings.put("geometry", window.saveGeometry())
    again = MainWindow()
    assert room_on(again.screen()).contains(again.geometry())
    again.files.recovery.close()
    again.deleteLater()


@pytest.mark.parametrize("opened", ["", "inspector", "training"])
@pytest.mark.parametrize("size", SIZES)
def test_in_a_small_window_everything_has_room(product_window, qtbot, size, opened):
    window = product_window
    window.selection.select(["x"])
    window.status.tell("A sentence that is much longer than a small window is wide. " * 4)
    window.resize(*size)
    qtbot.waitUntil(lambda: window.size() == QSize(*size))
    if opened:
        window.panels.show_panel(opened)
        qtbot.waitUntil(lambda: window.panels.is_open(opened))
    qtbot.waitUntil(lambda: _inside(window, window.centralWidget()))
    assert window.size() == QSize(*size)
    assert window.canvas.width() >= LEAST_CANVAS.width()
    least = LEAST_CANVAS.height() if size[1] > 280 else LEAST_WHERE_LOW
    least = LEAST_BESIDE_TRAINING if opened == "training" else least
    assert window.canvas.height() >= least
    for bar in (window.menuBar(), window.top_bar, window.status, window.panels):
        assert bar.isVisible() and _inside(window, bar)
    for panel in window.panels.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        assert not panel.isVisible() or _inside(window, panel), panel
    for bar in (window.findChild(Timeline), window.top_bar):
        qtbot.waitUntil(lambda bar=bar: _overlapping(bar) == [])


def test_panels_come_back_when_there_is_room_again(product_window, qtbot):
    panels = product_window.panels
    product_window.resize(472, 288)
    qtbot.waitUntil(lambda: not panels.is_open("inspector") and not panels.is_open("palette"))
    panels.show_panel("training")
    assert not panels.is_open("timeline")
    kept = panels.layout_text()
    assert all(f'"{name}": true' in kept for name in ("inspector", "palette", "timeline"))
    product_window.resize(1300, 800)
    qtbot.waitUntil(lambda: all(panels.is_open(name) for name in ("inspector", "palette", "timeline", "training")))


def test_every_dialog_can_be_as_small_as_a_small_screen(product_window, qtbot, tmp_path):
    window, room = product_window, QSize(472, 268)
    dialogs = [
        ExportDialog(window.bridge, tmp_path, "name", window),
        ExpressionDialog(window.bridge.now, window),
        CheckDialog(window.bridge, window.selection, window),
        shortcuts_dialog(window, window.action_set.rows()),
        about_dialog(window),
    ]
    for dialog in dialogs:
        least = dialog.minimumSizeHint().expandedTo(dialog.minimumSize())
        assert least.boundedTo(room) == least, (dialog, least)
        assert room_on(dialog.screen()).size().expandedTo(dialog.size()) == room_on(dialog.screen()).size()
        dialog.deleteLater()


def _inside(window: QWidget, part: QWidget) -> bool:
    return window.rect().contains(QRect(part.mapTo(window, QPoint()), part.size()))


def _overlapping(inside: QWidget) -> list[object]:
    """The parts of a bar that lie over another one, or beyond its edge."""
    leaves = [w for w in inside.findChildren(QWidget) if w.isVisible() and not w.findChildren(QWidget)]
    places = {leaf: QRect(leaf.mapTo(inside, QPoint()), leaf.size()) for leaf in leaves}
    beyond = [leaf for leaf, place in places.items() if not inside.rect().contains(place)]
    return beyond + [pair for pair in combinations(places, 2) if places[pair[0]].intersects(places[pair[1]])]


@pytest.mark.parametrize("name", ["slopes", "paths", "trace", "what_if"])
def test_a_panel_below_opens_as_high_as_it_needs_and_later_as_high_as_it_was_left(window, name):
    panel = next(panel for panel in all_panels() if panel.name == name)
    window.panels.show_panel(name)
    lay_out(window)
    splitter = window.panels
    (widget,) = (part for part in splitter.by_side[2] if not (part.isHidden() or isinstance(part, Timeline)))
    assert widget.height() >= min(panel.size, 0.3 * splitter.height())
    assert splitter.sizes()[0] >= 0.4 * splitter.height()
    sizes, at = splitter.sizes(), splitter.indexOf(widget)
    sizes[0], sizes[at] = sizes[0] + 30, sizes[at] - 30
    splitter.setSizes(sizes)
    left = splitter.sizes()[at]
    for shown in (False, True):
        splitter.show_panel(name, shown)
        lay_out(window)
    assert splitter.sizes()[at] <= left


def test_a_panel_that_was_closed_is_as_wide_at_the_second_start_as_at_the_first(qtbot):
    for _ in range(2):
        window = open_window(qtbot)
        for name, kind in (("lesson", LessonPanel), ("predict", PredictPanel)):
            window.panels.show_panel(name)
            lay_out(window)
            panel = window.findChild(kind)
            assert panel.isVisible() and panel.width() >= 250, (name, panel.width())
            window.panels.show_panel(name, False)
        assert window.close()


def test_what_a_lesson_put_away_is_as_wide_at_the_next_start(qtbot):
    window = open_window(qtbot)
    lay_out(window)
    usual = window.inspector.width()
    assert window.doors.show_lesson(find_shelved("paths").path)
    lay_out(window)
    assert not window.inspector.isVisible()
    assert window.close()
    again = open_window(qtbot)
    lay_out(again)
    assert again.inspector.isVisible() and abs(again.inspector.width() - usual) <= 2
    close(again)
