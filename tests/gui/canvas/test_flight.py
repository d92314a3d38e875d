"""What is on its way over the canvas: values to the right, gradients to the left, and whose turn it is."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from engine import edits
from engine.session import Session
from engine.show.frame import frame_at
from gui.canvas.model.flight import Capsule, in_flight, kept_in, readable
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import SWEPT
from gui.canvas.paint.motion import paint_motion
from gui.canvas.paint.node import seed_line
from gui.canvas.paint.nodes import form_of
from gui.look.theme import BODY, DARK, LIGHT, themes
from tests.gui.canvas.test_canvas_pass import around, arrival, edge, has_color
from tests.gui.canvas_tools import Hands, cs231n
from tests.networks import shipped

READABLE = 11  # pixels on the screen


@pytest.fixture
def desk(qtbot: QtBot) -> Hands:
    themes.choose("light")
    return Hands(qtbot, cs231n())


def flying(desk: Hands) -> list[Capsule]:
    return list(in_flight(desk.view.scene().stage, desk.view.camera.zoom))


def at(desk: Hands, capsule: Capsule) -> QPoint:
    return desk.at(*capsule.at)


def test_a_value_travels_to_the_right_and_is_written_where_it_arrives(desk: Hands) -> None:
    computed = desk.bridge.now.trace.value_at[("q", 0)]
    places = []
    for part in (0.1, 0.35, 0.6):
        desk.bridge.player.seek(computed + part)
        (capsule,) = flying(desk)
        assert capsule.text == "3" and capsule.forward and not edge(desk, "f", 0).value
        places.append(capsule.at[0])
        assert has_color(around(desk, at(desk, capsule), 20), LIGHT.value)
    assert places == sorted(places) and places[0] < places[-1]
    desk.bridge.player.seek(computed + SWEPT)
    assert not flying(desk) and edge(desk, "f", 0).value == "3"


def test_a_value_that_is_used_twice_leaves_along_both_edges(qtbot: QtBot) -> None:
    from engine.text.read import parse

    hands = Hands(qtbot, parse("x = 2; a = x * 3; b = x + 1; f = a * b"))
    hands.bridge.player.seek(hands.bridge.now.trace.value_at[("x", 0)] + 0.3)
    capsules = flying(hands)
    assert [capsule.text for capsule in capsules] == ["2", "2"] and capsules[0].at != capsules[1].at


def test_values_point_right_in_ink_and_gradients_left_in_their_colour(desk: Hands) -> None:
    trace = desk.bridge.now.trace
    desk.bridge.player.seek(trace.value_at[("q", 0)] + 0.3)
    (value,) = flying(desk)
    desk.bridge.player.seek(arrival(trace, "f", 1) + 0.3)
    (gradient,) = flying(desk)
    assert (value.forward, value.shade) == (True, "value") and (gradient.forward, gradient.shade) == (False, "pos")


@pytest.mark.parametrize("zoom", [0.05, 0.2, 0.5, 0.8, 1.0, 2.0])
def test_a_number_in_flight_can_be_read_at_any_zoom(desk: Hands, zoom: float) -> None:
    assert BODY * zoom * readable(zoom, BODY) >= READABLE - 1e-9
    desk.view.camera.look_at(zoom, desk.view.camera.centre(), animated=False)
    trace = desk.bridge.now.trace
    for position in (trace.value_at[("q", 0)] + 0.3, arrival(trace, "f", 1) + 0.3):
        desk.bridge.player.seek(position)
        (capsule,) = flying(desk)
        left, top, right, bottom = capsule.box(zoom)
        assert (bottom - top) * zoom >= 2 * READABLE and right > left
        x0, x1 = (desk.view.scene().node_items[id].card() for id in ("x", "f"))
        assert x0.left() < capsule.at[0] < x1.right()


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", ["neuron", "fan-out", "tanh-neuron", "train-line", "vanishing-sigmoids", "x-times-x"])
@pytest.mark.parametrize("room", [(990.0, 650.0), (820.0, 470.0), (500.0, 350.0)])
def test_what_is_on_its_way_covers_nothing_that_a_card_says(name: str, room: tuple[float, float]) -> None:
    session = Session(shipped(name))
    stage, trace = Stage(session.now.graph, session.now.frame), session.now.trace
    left, top, right, bottom = stage.extent() or (0.0, 0.0, 1.0, 1.0)
    zoom = min(room[0] / (right - left), room[1] / (bottom - top), 1.5)
    for position in np.arange(0.3, len(trace), 0.4):
        stage.show(frame_at(trace, float(position)))
        capsules = [
            QRectF(QPointF(*box[:2]), QPointF(*box[2:])) for box in (c.box(zoom) for c in in_flight(stage, zoom))
        ]
        for id in stage.ids if capsules else ():
            texts = [line.box().translated(*stage.pos(id)) for line in form_of(stage, id, zoom).lines]
            for capsule in capsules:
                assert not any(capsule.intersects(text.adjusted(1, 2, -1, -2)) for text in texts), (position, id)


@pytest.mark.usefixtures("qapp")
def test_a_lit_edge_is_not_drawn_over_the_plates_that_its_ends_lie_under() -> None:
    session = Session(shipped("iris"))
    trace, zoom = session.now.trace, 0.41
    stage = Stage(session.now.graph, frame_at(trace, arrival(trace, "h1", 0) + 0.5))
    plate = form_of(stage, "h1", zoom).plate.translated(*stage.pos("h1"))
    canvas = QImage(round(plate.width() * zoom), round(plate.height() * zoom), QImage.Format.Format_ARGB32)
    canvas.fill(0)
    painter = QPainter(canvas)
    painter.scale(zoom, zoom)
    painter.translate(-plate.topLeft())
    paint_motion(painter, stage, LIGHT, zoom)
    painter.end()
    inner = canvas.copy(canvas.rect().adjusted(3, 3, -3, -3))
    assert not any(inner.pixel(x, y) >> 24 for x in range(inner.width()) for y in range(inner.height()))


def test_the_seed_on_its_way_is_told_once(desk: Hands) -> None:
    trace, stage = desk.bridge.now.trace, desk.view.scene().stage
    said = seed_line(stage.nodes["f"], desk.view.camera.zoom).box().translated(*stage.pos("f"))
    spot = desk.view.mapFromScene(said).boundingRect()

    def is_written() -> bool:
        seen = desk.surface.grab(spot).toImage()
        return has_color(seen.copy(0, 0, seen.width() // 3, seen.height() // 2), LIGHT.pos)

    desk.bridge.player.seek(trace.backward_start - 0.5)
    assert is_written()
    desk.bridge.player.seek(trace.backward_start + 0.05)  # the capsule is far right of it yet
    assert not is_written()


# --- selected and active


@pytest.mark.parametrize("name", ["light", "dark"])
def test_whose_turn_it_is_looks_different_from_what_is_selected(qtbot: QtBot, name: str) -> None:
    themes.choose(name)
    look = LIGHT if name == "light" else DARK
    hands = Hands(qtbot, cs231n())
    hands.view.camera.look_at(1.0, hands.view.camera.centre(), animated=False)
    hands.bridge.player.seek(arrival(hands.bridge.now.trace, "f", 1) + 0.3)  # f sends a positive gradient to z
    active, other = _rim(hands, "f"), _rim(hands, "q")
    assert _is_like(active, look.pos, look.canvas) and not _is_like(other, look.pos, look.canvas)
    border = _border(hands, "f")
    assert border != QColor(look.focus)
    hands.selection.select(["f", "q"])
    assert _border(hands, "q") == _border(hands, "f") == QColor(look.focus)
    assert _is_like(_rim(hands, "f"), look.pos, look.canvas) and not _is_like(_rim(hands, "q"), look.pos, look.canvas)
    themes.choose("light")


def _rim(hands: Hands, id: str) -> QColor:
    """The colour just outside of a card, above its middle."""
    card = hands.view.scene().node_items[id].card()
    return QColor(hands.surface.grab().toImage().pixelColor(hands.at(card.left() + 40, card.top() - 3)))


def _border(hands: Hands, id: str) -> QColor:
    """The colour of a card's border."""
    card = hands.view.scene().node_items[id].card()
    return QColor(hands.surface.grab().toImage().pixelColor(hands.at(card.left() + 40, card.top())))


def _is_like(seen: QColor, color: str, ground: str) -> bool:
    """Whether the ground is tinted with a colour, in every channel in which the two differ."""
    tint, bare = QColor(color).getRgb()[:3], QColor(ground).getRgb()[:3]
    rows = zip(seen.getRgb()[:3], tint, bare, strict=True)
    return all((now - before) / (full - before) > 0.15 for now, full, before in rows if abs(full - before) > 20)


@pytest.mark.parametrize("corner", [QPoint(14, 200), QPoint(200, 14)], ids=["left", "top"])
def test_what_arrives_at_a_node_beside_the_rim_is_seen_whole(desk: Hands, corner: QPoint) -> None:
    """A capsule that came to a node at the rim of the canvas, and the sum there, were cut by the panel beside it."""
    desk.bridge.edit(lambda graph: edits.set_value(graph, "z", np.float64(-4.1234)))
    camera, player, place = desk.view.camera, desk.bridge.player, QPointF(*desk.view.scene().stage.pos("x"))
    positions = np.arange(desk.bridge.now.trace.backward_start + 1.05, len(desk.bridge.now.trace), 0.1)

    def blue_at(spot: QPoint) -> list[int]:
        """How many pixels of each picture say something negative, with x at a spot."""
        camera.look_at(0.25, place, animated=False)
        camera.pan(*(spot - desk.at(*place.toTuple())).toTuple())
        found = []
        for position in positions:
            player.seek(float(position))
            image = desk.surface.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
            found.append(int((np.array(image.constBits()).view(np.uint32) == QColor(LIGHT.neg).rgb()).sum()))
        return found

    in_the_middle, beside_the_rim = blue_at(QPoint(300, 300)), blue_at(corner)
    assert max(in_the_middle) > 1000 and len(positions) > 30
    for there, here in zip(in_the_middle, beside_the_rim, strict=True):
        assert here >= 0.95 * there  # labels that give way may stand otherwise


def test_what_goes_out_of_sight_does_so_step_by_step() -> None:
    room = (0.0, 0.0, 500.0, 300.0)
    places = [(x, 100.0) for x in range(60, -80, -1)]
    shown = [x + kept_in((x - 40.0, y - 10.0, x + 40.0, y + 10.0), room)[0] for x, y in places]
    assert shown[:61] == [max(x, 40) for x in range(60, -1, -1)]
    assert max(abs(b - a) for a, b in pairwise(shown)) <= 2 and shown[-1] == -79
    assert kept_in((-9.0, 290.0, 30.0, 310.0), room) == (9.0, -10.0) and kept_in((-9.0, 0.0, 30.0, 10.0), None) == (
        0,
        0,
    )
