"""The overview in the corner: there when it helps, out of the way otherwise, and it takes nothing from the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import edits
from gui.canvas import minimap
from gui.canvas.minimap import Minimap, card_rects
from gui.look.theme import themes
from tests.bench.sheet import sheet
from tests.gui.canvas_tools import CONTROL, LEFT, NO, Hands, cs231n


class Overlooked(Hands):
    """A canvas with its overview, near enough that not all is seen."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, cs231n())
        self.overview = Minimap(self.view.desk)
        self.view.camera.zoom_at(3, QPoint(10, 10))

    @property
    def middle(self) -> QPoint:
        return self.overview.rect().center()


@pytest.fixture
def desk(qtbot: QtBot) -> Overlooked:
    themes.choose("light")
    return Overlooked(qtbot)


def test_it_hides_while_all_is_seen(desk: Overlooked) -> None:
    assert desk.overview.isVisible()
    desk.view.camera.fit_all(animated=False)
    assert not desk.overview.isVisible()
    desk.view.camera.pan(2000, 0)
    assert desk.overview.isVisible(), "where nothing is seen, it shows the way back"
    desk.bridge.edit(lambda graph: edits.delete(graph, graph.nodes))
    assert not desk.overview.isVisible()


def test_a_low_canvas_is_left_to_the_graph(desk: Overlooked) -> None:
    desk.view.resize(900, 400)
    assert desk.overview.isVisible()
    desk.view.resize(900, 300)
    assert not desk.overview.isVisible()


def test_what_is_arranged_or_moved_is_shown_again(desk: Overlooked) -> None:
    desk.view.camera.fit_all(animated=False)
    desk.bridge.edit(lambda graph: edits.move_nodes(graph, {"f": (5000.0, 0.0)}))
    assert desk.overview.isVisible()


def test_a_click_goes_there(desk: Overlooked) -> None:
    QTest.mouseClick(desk.overview, LEFT, NO, QPoint(desk.overview.width() - 14, desk.middle.y()))
    right = desk.view.camera.centre()
    QTest.mouseClick(desk.overview, LEFT, NO, QPoint(14, desk.middle.y()))
    assert right.x() - desk.view.camera.centre().x() > 300


def test_the_frame_is_dragged_from_where_it_is_taken_hold_of(desk: Overlooked) -> None:
    QTest.mouseClick(desk.overview, LEFT, NO, desk.middle)
    before = desk.view.camera.centre()
    QTest.mousePress(desk.overview, LEFT, NO, desk.middle + QPoint(4, 3))
    assert (desk.view.camera.centre() - before).manhattanLength() < 3, "to take hold of it moves nothing"
    QTest.mouseMove(desk.overview, desk.middle + QPoint(14, 3))
    QTest.mouseRelease(desk.overview, LEFT, NO, desk.middle + QPoint(14, 3))
    moved = desk.view.camera.centre() - before
    assert moved.x() > 20 and abs(moved.y()) < 3


def test_it_stays_in_its_corner_when_the_canvas_scrolls(desk: Overlooked) -> None:
    before = desk.overview.pos()
    desk.view.camera.pan(37, 21)
    assert desk.overview.pos() == before


def test_the_wheel_over_it_is_the_canvases(desk: Overlooked) -> None:
    zoom, at = desk.view.camera.zoom, QPointF(desk.overview.mapTo(desk.view, desk.middle))
    QTest.wheelEvent(desk.view.windowHandle(), at, QPoint(0, 120), QPoint(), CONTROL)
    assert desk.view.camera.zoom > zoom


def test_a_drag_with_the_middle_button_goes_through_it(desk: Overlooked) -> None:
    before, middle = desk.view.camera.centre(), Qt.MouseButton.MiddleButton
    QTest.mousePress(desk.overview, middle, NO, desk.middle)
    for far in (10, 30, 60):
        QTest.mouseMove(desk.overview, desk.middle - QPoint(far, 0))
    QTest.mouseRelease(desk.overview, middle, NO, desk.middle - QPoint(60, 0))
    assert desk.view.camera.centre().x() != before.x()


def test_hidden_it_takes_no_click(desk: Overlooked) -> None:
    desk.view.camera.fit_all(animated=False)
    corner = QPoint(desk.surface.width() - 40, desk.surface.height() - 40)
    assert desk.surface.childAt(corner) is not desk.overview
    desk.selection.select(["x"])
    desk.click(corner)
    assert not desk.selection.nodes


def test_it_steps_aside_where_it_would_hide_a_node(desk: Overlooked, qtbot: QtBot) -> None:
    desk.view.camera.look_at(1.0, QPointF(1500, 1500), animated=False)
    spot = desk.view.mapToScene(desk.overview.geometry().center())
    desk.bridge.edit(lambda graph: edits.move_nodes(graph, {"y": (spot.x() - 70, spot.y() - 40)}))
    node = lambda: desk.view.mapFromScene(desk.view.scene().node_items["y"].card()).boundingRect()  # noqa: E731
    assert desk.overview.geometry().intersects(node())
    qtbot.waitUntil(lambda: not desk.overview.geometry().intersects(node()))
    assert desk.overview.isVisible()


def test_it_is_faint_until_the_mouse_comes(desk: Overlooked) -> None:
    place = QRectF(desk.overview.rect()).center()
    faint = desk.overview.grab().toImage()
    desk.overview.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)
    QApplication.sendEvent(desk.overview, QEnterEvent(place, place, place))
    assert desk.overview.grab().toImage() != faint
    desk.overview.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    QApplication.sendEvent(desk.overview, QEvent(QEvent.Type.Leave))
    assert desk.overview.grab().toImage() == faint


def test_it_is_painted_anew_only_when_it_looks_different(desk: Overlooked) -> None:
    """With every frame of a pass it is shown over the canvas: then its picture is only copied."""
    desk.overview.grab()
    kept = desk.overview.picture().cacheKey()
    desk.overview.grab()
    assert desk.overview.picture().cacheKey() == kept
    desk.view.camera.pan(40, 0)
    assert desk.overview.picture().cacheKey() != kept
    panned = desk.overview.picture().cacheKey()
    themes.choose("dark")
    assert desk.overview.picture().cacheKey() != panned
    themes.choose("light")


def test_of_what_is_dragged_only_that_is_drawn_again_and_it_looks_as_if_all_were(qtbot: QtBot, monkeypatch) -> None:
    hands = Hands(qtbot, sheet(300))
    overview, view = Minimap(hands.view.desk), hands.view
    view.camera.look_at(1.0, view.scene().extent().center(), animated=False)
    overview.picture()
    drawn: list[int] = []
    monkeypatch.setattr(minimap, "card_rects", lambda places: (drawn.append(len(places)), card_rects(places))[1])
    ids = sorted(view.scene().nodes_in(view.camera.visible_scene()))
    id = next(id for id in ids if hands.graph.nodes[id].op.ports)
    start = hands.name(id)
    hands.press(start)
    for step in range(1, 7):
        QTest.mouseMove(hands.surface, start + QPoint(9 * step, 5 * step))
        overview.picture()
    assert drawn and max(drawn) < 40
    anew = Minimap(view.desk)
    assert anew.picture().toImage() == overview.picture().toImage()
    QTest.mouseRelease(hands.surface, LEFT, NO, start + QPoint(54, 30))
