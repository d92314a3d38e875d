"""The picture of the canvas that is shifted and enlarged ends as what would be painted from nothing, and never lies."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from engine.edits.nodes import move_nodes, set_value
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.session import Session
from engine.values.values import as_value
from gui.canvas import edge_layer
from gui.canvas.model import rooms
from gui.canvas.model.levels import level_of
from gui.canvas.model.room import room
from gui.canvas.model.stage import Stage
from gui.canvas.paint.backdrop import FRAME
from gui.canvas.paint.labels import labelled_edges, place_labels
from gui.canvas.paint.nodes import form_of
from tests.bench.sheet import sheet
from tests.gui.canvas_tools import Hands, cs231n
from tests.networks import shipped


def shown(desk: Hands) -> QImage:
    """What is seen."""
    return desk.surface.grab().toImage()


def anew(qtbot: QtBot, desk: Hands, graph: Graph) -> Hands:
    """Another canvas that shows a graph for the first time, from the same place."""
    other = Hands(qtbot, graph, size=(desk.view.width(), desk.view.height()))
    other.view.camera.look_at(desk.view.camera.zoom, desk.view.camera.centre(), animated=False)
    other.view.horizontalScrollBar().setValue(desk.view.horizontalScrollBar().value())
    other.view.verticalScrollBar().setValue(desk.view.verticalScrollBar().value())
    assert other.view.viewportTransform() == desk.view.viewportTransform()
    return other


LONG = 40_000  # milliseconds: labels are looked for in slices of the time of each frame, and others may be at work


def same_in_the_end(qtbot: QtBot, desk: Hands, other: Hands) -> None:
    """But for a shade where two pieces meet: what is painted in pieces is smoothed otherwise there."""
    qtbot.wait_until(lambda: not differing(shown(desk), shown(other), by=16), timeout=LONG)


STILL = 40  # frames: a label that is hard to place is looked for in many of them


def at_rest(qtbot: QtBot, desk: Hands) -> QImage:
    """What is seen when nothing changes any more."""
    seen = [shown(desk)]  # the frames that are the same as the last

    def is_still() -> bool:
        image = shown(desk)
        seen[:] = [*seen, image] if image == seen[-1] else [image]
        return len(seen) > STILL

    qtbot.wait_until(is_still, timeout=LONG)
    return seen[-1]


def differing(one: QImage, other: QImage, by: int = 0) -> float:
    """Which share of the pixels of two pictures of one size differ, by more than so much of 255 in a colour."""
    rows = [np.frombuffer(image.constBits(), np.uint8).reshape(-1, 4).astype(int) for image in (one, other)]
    return float((np.abs(rows[0] - rows[1]).max(axis=1) > by).mean())


@pytest.mark.parametrize(("dx", "dy"), [(9, 5), (-30, 0), (0, -40), (-2000, 0)])
def test_a_pan_brings_in_what_would_be_painted_there(qtbot: QtBot, dx: int, dy: int) -> None:
    desk = Hands(qtbot, cs231n())
    shown(desk)
    for _ in range(3):
        desk.view.camera.pan(dx, dy)
        shown(desk)
    same_in_the_end(qtbot, desk, anew(qtbot, desk, desk.graph))


def test_a_zoom_of_a_large_graph_comes_to_rest_sharp(qtbot: QtBot) -> None:
    desk = Hands(qtbot, sheet(120), size=(500, 320))
    desk.view.camera.fit_all(animated=False)
    shown(desk)
    for factor in (1.2, 1.2, 0.9):
        desk.view.camera.zoom_at(factor, QPoint(100, 80))
        soft = shown(desk)
    resting = at_rest(qtbot, desk)
    assert differing(soft, resting) > 0.02
    desk.view.scene().repaint()  # where labels went depends on which were placed first: they stay
    assert differing(at_rest(qtbot, desk), resting) < 0.002  # single pixels where two pieces meet


def test_an_edit_while_the_zoom_is_not_sharp_yet_leaves_no_old_number(qtbot: QtBot) -> None:
    desk = Hands(qtbot, sheet(120), size=(500, 320))
    desk.view.camera.fit_all(animated=False)
    shown(desk)
    desk.view.camera.zoom_at(1.3, QPoint(100, 80))
    desk.bridge.edit(lambda graph: set_value(graph, "n0", as_value(777.0)))
    card = desk.view.mapFromScene(desk.view.scene().node_items["n0"].card()).boundingRect()
    while_soft = shown(desk).copy(card)
    desk.view.scene().repaint()
    assert shown(desk).copy(card) == while_soft


@pytest.mark.parametrize("zoom", [0.08, 0.25])
def test_what_a_scrub_changes_is_painted_and_nothing_else(qtbot: QtBot, zoom: float) -> None:
    graph = sheet(400)
    desk = Hands(qtbot, graph, size=(900, 700))
    desk.view.camera.look_at(zoom, QPointF(1200, 900), animated=False)
    at_rest(qtbot, desk)
    player, painted = desk.bridge.player, list[QRect]()
    render = desk.view.render
    desk.view.render = lambda painter, target, source: painted.append(source) or render(painter, target, source)
    for share in (0.98, 0.97, 0.96):
        player.seek(share * len(desk.bridge.now.trace))
        shown(desk)
    pixels = sum(rect.width() * rect.height() for rect in painted)
    assert 0 < pixels < 1.2 * 900 * 700, "less than half of the canvas a frame"
    seen = at_rest(qtbot, desk)
    desk.view.scene().repaint()
    assert differing(at_rest(qtbot, desk), seen, by=16) < 0.0005, "rims are smoothed otherwise in pieces, unseen"


def test_labels_that_find_their_places_during_a_step_are_seen_whole(qtbot: QtBot) -> None:
    desk = Hands(qtbot, shipped("micrograd"), size=(900, 560))
    player, steps = desk.bridge.player, len(desk.bridge.now.trace)
    for zoom in (0.3, 0.42, 0.6):
        player.go_to_end()
        desk.view.camera.look_at(zoom, desk.view.scene().nodes_rect(list(desk.graph.nodes)).center(), animated=False)
        shown(desk)
        qtbot.wait_until(lambda: not desk.view.scene().edge_layer.is_stirred())
        for share in (0.99, 0.55, 0.95, 0.6, 0.9):  # what is painted for a step has many pieces, and gaps between them
            player.seek(share * steps)
            shown(desk)
        seen = at_rest(qtbot, desk)
        desk.view.scene().repaint()
        assert differing(at_rest(qtbot, desk), seen) < 0.0005


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("zoom", [0.187, 0.3, 0.6, 1.0])
def test_a_card_with_new_numbers_is_as_if_it_were_seen_for_the_first_time(zoom: float) -> None:
    session = Session(sheet(60))
    stage = Stage(session.now.graph, session.now.frame)
    for value in (777.0, 0.5, -0.31, 0.32, 0.33):
        for id in stage.ids:
            form_of(stage, id, zoom)
        change = session.edit(lambda graph, value=value: set_value(graph, "n0", as_value(value)))
        stage.take(session.now.graph, session.now.frame, change)
        first = Stage(session.now.graph, session.now.frame)
        assert [form_of(stage, id, zoom) for id in stage.ids] == [form_of(first, id, zoom) for id in first.ids]


def test_after_a_drag_every_card_has_the_room_that_is_about_it(qtbot: QtBot) -> None:
    desk = Hands(qtbot, sheet(60))
    stage = desk.view.scene().stage
    for id in stage.ids:
        form_of(stage, id, 0.3)
    for place in ((300.0, 90.0), (700.0, 400.0), (320.0, 100.0)):
        desk.view.scene().preview({"n20": place})
    desk.bridge.edit(lambda graph: move_nodes(graph, {"n20": place}))
    first = Stage(desk.graph, desk.bridge.now.frame)
    assert [form_of(stage, id, 0.3) for id in stage.ids] == [form_of(first, id, 0.3) for id in first.ids]


def test_while_the_hand_holds_a_node_nobody_looks_for_room(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Hands(qtbot, sheet(60))
    desk.view.camera.look_at(0.3, desk.view.camera.centre(), animated=False)
    at_rest(qtbot, desk)
    looked: list[object] = []
    monkeypatch.setattr(rooms, "room", lambda card, *rest: looked.append(card) or room(card, *rest))
    for x in range(300, 340, 4):
        desk.view.scene().preview({"n20": (float(x), 90.0)})
        shown(desk)
    assert not looked
    desk.bridge.edit(lambda graph: move_nodes(graph, {"n20": (700.0, 400.0)}))
    shown(desk)
    assert looked, "it has been let go"


def test_labels_look_for_places_in_slices_when_the_view_rests(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Hands(qtbot, sheet(120), size=(500, 320))
    desk.view.camera.look_at(1.0, QPointF(900, 500), animated=False)
    at_rest(qtbot, desk)
    slices: list[float] = []
    monkeypatch.setattr(edge_layer, "place_labels", lambda *args: slices.append(args[-1]) or place_labels(*args))
    desk.view.camera.pan(-90, -50)  # two strips come in
    shown(desk)
    assert slices and not any(slices), "the view moves"
    qtbot.wait_until(lambda: not missing(desk), timeout=LONG)
    assert 0 < max(slices) <= FRAME


def test_labels_of_what_the_hand_moves_look_for_places_when_it_rests(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Hands(qtbot, sheet(120), size=(500, 320))
    desk.view.camera.look_at(1.0, QPointF(900, 500), animated=False)
    at_rest(qtbot, desk)
    slices: list[float] = []
    monkeypatch.setattr(edge_layer, "place_labels", lambda *args: slices.append(args[-1]) or place_labels(*args))
    (id, *_) = desk.view.scene().nodes_in(window_of(desk))
    x, y = desk.graph.nodes[id].pos
    for step in range(1, 5):
        desk.view.scene().preview({id: (x + 8 * step, y)})
        shown(desk)
    assert slices and not any(slices)
    assert missing(desk)
    qtbot.wait_until(lambda: not missing(desk), timeout=LONG)  # though it is still held


def missing(desk: Hands) -> list[EdgeKey]:
    """The edges in sight whose labels have no places yet."""
    stage = desk.view.scene().stage
    return stage.unplaced(labelled_edges(stage, window_of(desk), 1.0), level_of(1.0))


def window_of(desk: Hands) -> QRectF:
    """The part of the scene that is seen."""
    return desk.view.mapToScene(desk.surface.rect()).boundingRect()
