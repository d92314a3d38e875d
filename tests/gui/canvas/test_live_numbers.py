"""While a number is on the move: whatever is painted is of now, and at rest all is as if seen for the first time."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.edits.nodes import set_value
from engine.graph.graph import Graph
from engine.session import Session
from gui.canvas.model.levels import level_of
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import line_width, line_widths
from gui.canvas.paint.labels import labels_of, place_labels
from gui.canvas.paint.nodes import form_of
from tests.bench.sheet import sheet
from tests.gui.canvas.test_backdrop import anew, at_rest, differing, same_in_the_end, shown
from tests.gui.canvas_tools import Hands, cs231n

NUMBERS = (-0.75, -0.0625, 0.0, 1e-7, 0.123456, 1.0, -3.0, 12.5)


def settled(qtbot: QtBot, graph: Graph, zoom: float | None) -> Hands:
    """A canvas at rest that shows all of a graph, or its beginning at a zoom."""
    desk = Hands(qtbot, graph, size=(900, 560))
    if zoom is None:
        desk.view.camera.fit_all(animated=False)
    else:
        desk.view.camera.look_at(zoom, desk.view.scene().node_items["n30"].card().center(), animated=False)
    at_rest(qtbot, desk)
    return desk


def to(desk: Hands, number: float) -> None:
    desk.bridge.edit(lambda graph: set_value(graph, "n0", np.float64(number)), gesture="slider")


@pytest.mark.parametrize("zoom", [None, 0.34, 1.0])
def test_at_every_tick_what_is_painted_is_what_would_be_painted_from_nothing(qtbot: QtBot, zoom: float | None) -> None:
    desk = settled(qtbot, sheet(400), zoom)
    for number in NUMBERS:
        to(desk, number)
        seen = shown(desk)
        desk.view.scene().repaint()
        assert differing(seen, shown(desk)) < 0.0005, number


def test_at_rest_all_is_as_if_it_were_seen_for_the_first_time(qtbot: QtBot) -> None:
    desk = settled(qtbot, sheet(400), None)
    for number in NUMBERS:
        to(desk, number)
        shown(desk)
    same_in_the_end(qtbot, desk, anew(qtbot, desk, desk.graph))
    stage, fresh, zoom = desk.view.scene().stage, Stage(desk.graph, desk.bridge.now.frame), desk.view.camera.zoom
    for id in desk.graph.nodes:
        assert form_of(stage, id, zoom).lines == form_of(fresh, id, zoom).lines


def test_of_a_graph_whose_numbers_all_move_only_what_looks_different_is_painted(qtbot: QtBot) -> None:
    desk = settled(qtbot, sheet(400), None)
    to(desk, 0.2)
    shown(desk)
    dirtied: list[float] = []
    scene = desk.view.scene()
    scene.dirtied = lambda rects: dirtied.extend(rect.width() * rect.height() for rect in rects)
    to(desk, 0.2001)
    whole = scene.extent()
    assert sum(dirtied) < 0.25 * whole.width() * whole.height()
    moved = {id for id in desk.graph.nodes if desk.bridge.now.trace.gradient(id) is not None}
    assert len(moved) > 300, "the case"


def test_a_label_that_becomes_wider_stays_where_it_is_if_there_is_room(qtbot: QtBot) -> None:
    """To look for another place takes most of a frame, and until the hand rests nothing would be said."""
    hands = Hands(qtbot, cs231n())
    stage, key = hands.view.scene().stage, ("f", 0)
    hands.view.grab()
    level = level_of(1.0)
    before = stage.labels.get(key, level)
    assert before is not None and before.spots[0] is not None
    hands.bridge.edit(lambda graph: set_value(graph, "y", 5.123), gesture="slider")
    after = stage.labels.get(key, level)
    assert after is not None and after.spots[0] is not None, "before anything is painted"
    assert after.boxes[0][2] - after.boxes[0][0] > before.boxes[0][2] - before.boxes[0][0]
    assert after.spots[0].centre[1] == before.spots[0].centre[1]
    (label,) = [label for label in labels_of(stage, key, 1.0) if label.tone == "value"]
    left, top, right, bottom = after.boxes[0].tolist()
    box = label.box()
    assert label.text == "3.123" and left <= box.left() and box.right() <= right and top <= box.top() <= bottom


def test_a_label_that_has_no_room_any_more_is_not_shown_until_it_has_another_place(qapp: object) -> None:
    session = Session(cs231n())
    stage = Stage(session.now.graph, session.now.frame)
    place_labels(stage, stage.keys, 1.0)
    x, y = stage.labels.get(("q", 1), 0).spots[0].centre
    around = np.array([[x - 14.0, y - 30, x - 12.0, y + 30], [x + 12.0, y - 30, x + 14.0, y + 30]])
    session.edit(lambda graph: set_value(graph, "y", 5.123))
    stage.take(session.now.graph, session.now.frame, session.now.change)
    assert ("q", 1) in stage.wishes.outgrown(stage.keys)
    assert stage.widen_labels([("q", 1)], 0, around, 1.0) == []
    assert not list(labels_of(stage, ("q", 1), 1.0))
    place_labels(stage, stage.keys, 1.0)
    assert "5.123" in {label.text for label in labels_of(stage, ("q", 1), 1.0)}


def test_edges_are_as_wide_one_by_one_as_all_at_once() -> None:
    numbers = np.array([0.0, -0.0, 1e-9, 0.01, -0.5, 3.0, 1e12, np.inf, -np.inf, np.nan, *np.geomspace(1e-3, 1e4, 200)])
    assert line_widths(numbers).tolist() == [line_width(number) for number in numbers]


def test_close_up_only_what_is_in_sight_is_looked_at(qtbot: QtBot) -> None:
    """Of cards just outside the view every number was written anew at every tick, two thirds of all."""
    desk = settled(qtbot, sheet(100), None)
    scene = desk.view.scene()
    desk.view.camera.look_at(1.0, scene.node_items["n30"].card().center(), animated=False)
    at_rest(qtbot, desk)
    for number in NUMBERS[:2]:
        to(desk, number)
        shown(desk)
    a_rim = scene.sight().adjusted(-40, -40, 40, 40)
    assert 0 < len(scene.stage.nodes.seen()) <= len(scene.nodes_in(a_rim))
