"""What the canvas shows while a pass runs: numbers as they appear, pulses, sums, gates. Time is ticked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.passes.trace import ContributionStep, Trace
from gui.canvas.model.texts import EdgePicture, NodePicture, line_width, tone
from gui.canvas.paint.motion import note
from gui.canvas.paint.sums import merge_text
from gui.document import settings
from gui.look.theme import LIGHT, themes
from tests.gui.canvas_tools import Hands, cs231n


@pytest.fixture
def desk(qtbot: QtBot) -> Hands:
    themes.choose("light")
    return Hands(qtbot, cs231n())


def node(desk: Hands, id: str) -> NodePicture:
    return desk.view.scene().node_items[id].picture


def edge(desk: Hands, dest: str, port: int) -> EdgePicture:
    return desk.view.scene().stage.edges[(dest, port)]


def arrival(trace: Trace, dest: str, port: int) -> int:
    """The step in which the contribution of an edge travels."""
    return trace.contribution_at[(dest, port)]


def has_color(image: QImage, name: str, most: int = 30) -> bool:
    """Whether a colour is to be seen in a picture."""
    wanted = QColor(name)
    for y in range(image.height()):
        for x in range(image.width()):
            seen = image.pixelColor(x, y)
            way = abs(seen.red() - wanted.red()) + abs(seen.green() - wanted.green()) + abs(seen.blue() - wanted.blue())
            if way < most:
                return True
    return False


def around(desk: Hands, at: QPoint, size: int = 24) -> QImage:
    image = desk.surface.grab().toImage()
    return image.copy(at.x() - size // 2, at.y() - size // 2, size, size)


def test_at_the_end_every_number_of_cs231n_is_there(desk: Hands) -> None:
    shown = {id: (node(desk, id).value, node(desk, id).gradient) for id in desk.graph.nodes}
    assert shown == {"x": ("−2", "−4"), "y": ("5", "−4"), "z": ("−4", "3"), "q": ("3", "−4"), "f": ("−12", "1")}
    assert edge(desk, "f", 0).value == "3" and edge(desk, "f", 0).contribution == "◂ −4"
    assert edge(desk, "f", 1).contribution == "◂ 3" and edge(desk, "f", 1).tone == "pos"
    assert edge(desk, "q", 0).tone == "neg"


def test_at_the_start_nothing_is_known(desk: Hands) -> None:
    desk.bridge.player.go_to_start()
    assert {node(desk, id).value for id in desk.graph.nodes} == {"…"}
    assert {node(desk, id).gradient for id in desk.graph.nodes} == {"…"}
    assert all(look == EdgePicture() for look in desk.view.scene().stage.edges.values())


def test_values_appear_node_by_node_and_then_on_the_edges(desk: Hands) -> None:
    desk.bridge.player.seek(0.2)
    assert node(desk, "x").value == "−2" and node(desk, "y").value == "…"
    assert not edge(desk, "q", 0).value
    desk.bridge.player.seek(0.7)
    assert edge(desk, "q", 0).value == "−2"


def test_a_contribution_lights_its_edge_and_is_added_at_its_source(desk: Hands) -> None:
    at = arrival(desk.bridge.now.trace, "f", 0)
    desk.bridge.player.seek(at + 0.5)
    assert edge(desk, "f", 0).tone == "edge" and node(desk, "q").gradient == "…"
    desk.bridge.player.seek(at + 1)
    assert edge(desk, "f", 0).tone == "neg" and node(desk, "q").gradient == "−4"
    desk.bridge.player.seek(at)  # and backwards
    assert edge(desk, "f", 0).tone == "edge" and node(desk, "q").gradient == "…"


def test_a_pulse_travels_to_the_left(desk: Hands) -> None:
    at = arrival(desk.bridge.now.trace, "f", 1)
    places = []
    for part in (0.1, 0.3, 0.5):
        desk.bridge.player.seek(at + part)
        image = desk.surface.grab().toImage()
        # the capsule is the only thing this high on the edge in the colour of a positive gradient
        xs = [x for x in range(desk.at(145, 0).x(), desk.at(475, 0).x()) if _tall(image, desk, x)]
        places.append(float(np.mean(xs)))
    assert places[0] > places[1] > places[2]


def _tall(image: QImage, desk: Hands, x: int) -> bool:
    """Whether a column of the picture has as much of the colour as only a capsule has."""
    top, bottom = desk.at(0, 160).y(), desk.at(0, 345).y()
    wanted = QColor(LIGHT.pos)
    return sum(image.pixelColor(x, y) == wanted for y in range(top, bottom)) >= 16


def test_the_edge_is_lit_behind_the_pulse_only(desk: Hands) -> None:
    desk.bridge.player.seek(arrival(desk.bridge.now.trace, "f", 1) + 0.3)
    assert has_color(around(desk, desk.middle_of_edge("f", 1, 0.95), 12), LIGHT.pos)
    assert not has_color(around(desk, desk.middle_of_edge("f", 1, 0.1), 12), LIGHT.pos)


def test_what_rests_is_right_after_a_whole_pass_over_the_frozen_background(desk: Hands) -> None:
    before = desk.surface.grab().toImage()
    desk.bridge.player.play()
    while desk.bridge.player.playing:
        desk.bridge.player.tick(0.11)
        desk.surface.grab()
    desk.key(Qt.Key.Key_Escape)
    assert desk.surface.grab().toImage() == before


def test_the_last_sum_of_a_pass_stays_for_a_moment(desk: Hands, qtbot: QtBot) -> None:
    before = desk.surface.grab().toImage()
    desk.bridge.player.seek(desk.bridge.player.end - 0.5)
    desk.bridge.player.step_forward()
    desk.bridge.player.tick(3.0)
    assert desk.bridge.player.position == desk.bridge.player.end
    assert desk.surface.grab().toImage() != before
    qtbot.waitUntil(lambda: desk.surface.grab().toImage() == before)


@pytest.mark.parametrize("goes_on", ["key", "click", "seek", "edit"])
def test_the_last_sum_of_a_pass_goes_when_the_user_goes_on(desk: Hands, goes_on: str) -> None:
    desk.bridge.player.seek(desk.bridge.player.end - 0.5)
    desk.bridge.player.step_forward()
    desk.bridge.player.tick(3.0)
    last = desk.bridge.now.trace.steps[-1]
    assert isinstance(last, ContributionStep)
    sum_place = _above(desk, last.edge.source)
    assert has_color(desk.surface.grab().toImage().copy(sum_place), LIGHT.neg)
    {
        "key": lambda: desk.key(Qt.Key.Key_Escape),
        "click": lambda: desk.click(desk.at(560, 20)),
        "seek": desk.bridge.player.go_to_end,
        "edit": lambda: desk.bridge.edit(lambda graph: edits.set_value(graph, "x", -2.5)),
    }[goes_on]()
    assert not has_color(desk.surface.grab().toImage().copy(sum_place), LIGHT.neg)


def _above(desk: Hands, id: str) -> QRect:
    """Where the sum of a node is shown: just above its card."""
    x, y = desk.graph.nodes[id].pos
    return QRect(desk.at(x + 20, y - 36), desk.at(x + 120, y - 8))


def test_jumping_to_the_end_leaves_no_sum(desk: Hands) -> None:
    before = desk.surface.grab().toImage()
    desk.bridge.player.go_to_start()
    desk.bridge.player.go_to_end()
    assert desk.surface.grab().toImage() == before


def test_an_edit_during_a_pass_shows_the_new_numbers(desk: Hands) -> None:
    desk.bridge.player.play()
    desk.bridge.player.tick(2.0)
    desk.surface.grab()
    desk.bridge.edit(lambda graph: edits.set_value(graph, "x", 1.0))
    assert not desk.bridge.player.playing
    desk.bridge.player.go_to_end()
    assert node(desk, "f").value == "−24" and node(desk, "z").gradient == "6"


def test_an_edit_that_stops_a_pass_shows_where_it_has_stopped(qtbot: QtBot) -> None:
    """A label moves no number; but where something misfits it is read afresh, and the player rests at the next step."""
    leaves = [Node("a", "input", np.ones(2)), Node("b", "input", np.ones(3), pos=(0, 120))]
    others = [Node("x", "input", np.float64(3), pos=(0, 240)), Node("y", "square", pos=(240, 240))]
    edges = [Edge("a", "m", 0), Edge("b", "m", 1), Edge("x", "y", 0)]
    desk = Hands(qtbot, Graph.of([*leaves, *others, Node("m", "mul", pos=(240, 0))], edges))
    step = desk.bridge.now.trace.value_at["x", 0]
    desk.bridge.player.seek(step + 0.2)
    assert not edge(desk, "y", 0).value
    desk.bridge.edit(lambda graph: edits.set_label(graph, "m", "another name"))
    assert desk.bridge.player.position == step + 1
    assert edge(desk, "y", 0).value == "3"


def test_zoom_during_a_pass_is_painted_afresh(desk: Hands) -> None:
    desk.bridge.player.seek(arrival(desk.bridge.now.trace, "f", 1) + 0.5)
    desk.surface.grab()
    desk.view.camera.zoom_at(1.3, QPoint(100, 100))
    over_frozen = desk.surface.grab().toImage()
    desk.view.camera.looked.emit()
    desk.view.viewport().update()
    assert desk.surface.grab().toImage() == over_frozen
    assert has_color(around(desk, desk.middle_of_edge("f", 1, 0.97), 12), LIGHT.pos)


# --- sums


def squared() -> Graph:
    """x · x: two edges, two contributions."""
    return Graph.of(
        [Node("x", "input", np.float64(3), pos=(0, 0)), Node("m", "mul", pos=(280, 0))],
        [Edge("x", "m", 0), Edge("x", "m", 1)],
        target="m",
    )


def test_a_value_used_twice_gets_the_sum_and_says_so(qtbot: QtBot) -> None:
    desk = Hands(qtbot, squared())
    first, second = (arrival(desk.bridge.now.trace, "m", port) for port in (0, 1))
    desk.bridge.player.seek(first + 0.95)
    merge = desk.bridge.now.frame.merge
    assert merge is not None and merge_text(merge) == "+3"
    desk.bridge.player.seek(second + 0.72)
    assert node(desk, "x").gradient == "3 + …"
    merge = desk.bridge.now.frame.merge
    assert merge is not None and merge_text(merge) == "+3"
    desk.bridge.player.seek(second + 0.99)
    merge = desk.bridge.now.frame.merge
    assert merge is not None and merge_text(merge) == "3 + 3 = 6"
    desk.bridge.player.go_to_end()
    assert node(desk, "x").gradient == "6"


@pytest.mark.parametrize(
    ("op", "value", "said"),
    [("neg", 2.0, "flips the sign"), ("square", 3.0, "scales it: × 6"), ("relu", 2.0, "passes it on: × 1"),
     ("relu", -2.0, "is closed: × 0")],
)  # fmt: skip
def test_the_note_says_what_a_node_does_to_the_gradient(qtbot: QtBot, op: str, value: float, said: str) -> None:
    nodes = [Node("x", "input", np.float64(value)), Node("n", op, pos=(280, 0))]
    desk = Hands(qtbot, Graph.of(nodes, [Edge("x", "n", 0)], target="n"))
    step = desk.bridge.now.trace.contribution(("n", 0))
    assert isinstance(step, ContributionStep)
    assert said in note(desk.view.scene().stage, step)


# --- gates


def gated(value: float) -> Graph:
    nodes = [Node("x", "input", np.float64(value), pos=(0, 0)), Node("r", "relu", pos=(280, 0))]
    return Graph.of(nodes, [Edge("x", "r", 0)], target="r")


def test_a_closed_gate_stops_the_pulse_and_leaves_the_edge_grey_and_dashed(qtbot: QtBot) -> None:
    themes.choose("light")
    desk = Hands(qtbot, gated(-2))
    assert node(desk, "r").gate is False
    assert edge(desk, "r", 0).tone == "zero" and edge(desk, "r", 0).dashed
    at = arrival(desk.bridge.now.trace, "r", 0)
    for part in (0.2, 0.5, 0.69):
        desk.bridge.player.seek(at + part)
        left = around(desk, desk.middle_of_edge("r", 0, 0.4), 60)
        assert not has_color(left, LIGHT.pos) and not has_color(left, LIGHT.neg)
    desk.bridge.player.seek(at + 0.2)
    assert has_color(around(desk, desk.at(350, 42), 120), LIGHT.pos)  # it has come as far as the gate


def test_an_open_gate_is_drawn_open(qtbot: QtBot) -> None:
    desk = Hands(qtbot, gated(2))
    assert node(desk, "r").gate is True and not edge(desk, "r", 0).dashed
    desk.bridge.player.go_to_start()
    assert node(desk, "r").gate is None


# --- tones


def test_tones_and_widths() -> None:
    assert [tone(np.float64(x)) for x in (2, -1, 0, np.nan)] == ["pos", "neg", "zero", "warn"]
    assert [tone(np.array(x)) for x in ([1, 0], [-1, -2], [1, -1], [0, 0.0])] == ["pos", "neg", "soft", "zero"]
    widths = [line_width(np.float64(x)) for x in (0, 0.01, 1, 10, 1000, 1e30)]
    assert widths == sorted(widths) and widths[0] == 2 and widths[-1] == 5


# --- what is unfinished


def test_unfinished_nodes_say_what_is_missing(qtbot: QtBot) -> None:
    nodes = [Node("a", "input", np.float64(1)), Node("m", "mul", pos=(240, 0)), Node("t", "tanh", pos=(480, 0)),
             Node("u", "from the future", pos=(0, 200))]  # fmt: skip
    desk = Hands(qtbot, Graph.of(nodes, [Edge("a", "m", 0), Edge("m", "t", 0)], target="t"))
    assert node(desk, "m").value == "needs b" and node(desk, "m").open_ports == {1}
    assert node(desk, "t").value == "waits for m" and node(desk, "t").unfinished
    assert node(desk, "u").value == "unknown op"
    desk.bridge.edit(lambda graph: edits.connect(graph, "a", "m", 1))
    assert node(desk, "m").value == "1" and not node(desk, "t").unfinished


def test_an_operator_of_a_foreign_model_shows_its_name_and_all_its_outputs(qtbot: QtBot) -> None:
    nodes = [Node("s", "onnx.LSTM"), Node("m", "add", pos=(240, 0))]
    desk = Hands(qtbot, Graph.of(nodes, [Edge("s", "m", 0), Edge("s", "m", 1, output=1)], target="m"))
    assert node(desk, "s").value == "unknown: LSTM" and node(desk, "s").outputs == 2
    assert node(desk, "m").value == "waits for s"


def test_shapes_that_misfit_are_said(qtbot: QtBot) -> None:
    leaves = [Node("a", "input", np.ones(2)), Node("b", "input", np.ones(3), pos=(0, 120))]
    desk = Hands(qtbot, Graph.of([*leaves, Node("m", "mul", pos=(240, 0))], [Edge("a", "m", 0), Edge("b", "m", 1)]))
    assert node(desk, "m").value == "shape mismatch" and node(desk, "m").unfinished


def test_the_wording_is_followed(desk: Hands) -> None:
    assert node(desk, "x").gradient_caption == "gradient"
    desk.bridge.set_wording("responsibility")
    assert node(desk, "x").gradient_caption == "responsibility"


def spread() -> Graph:
    """A product far to the right of its leaves."""
    nodes = [Node("a", "input", np.float64(2)), Node("b", "input", np.float64(3), pos=(0, 140))]
    nodes += [Node("m", "mul", pos=(2400, 60)), Node("t", "tanh", pos=(2700, 60))]
    return Graph.of(nodes, [Edge("a", "m", 0), Edge("b", "m", 1), Edge("m", "t", 0)], target="t")


@pytest.mark.parametrize("follows", [True, False])
def test_the_view_follows_the_pass_only_if_asked_to(qtbot: QtBot, follows: bool) -> None:
    settings.put("follow_pass", follows)
    settings.put("reduced_motion", True)  # the view jumps
    desk = Hands(qtbot, spread())
    player = desk.bridge.player
    player.go_to_start()
    player.play()
    while player.playing and not desk.bridge.now.frame.backward:
        player.tick(0.1)
    seen = desk.view.camera.visible_scene()
    assert seen.contains(desk.view.scene().nodes_rect(["t"])) == follows
    assert seen.contains(desk.view.scene().nodes_rect(["a"])) != follows


def test_a_selected_unfinished_node_keeps_its_dashes(qtbot: QtBot) -> None:
    themes.choose("light")
    desk = Hands(qtbot, Graph.of([Node("m", "mul")], []))
    desk.selection.select(["m"])
    card = desk.surface.grab().toImage().copy(QRect(desk.at(20, -8), desk.at(120, 4)))
    assert has_color(card, LIGHT.warn, 150) and has_color(card, LIGHT.focus, 60)


def test_a_card_shows_its_value_from_afar(qtbot: QtBot) -> None:
    pictures = []
    for value in (2.0, 3.0):
        desk = Hands(qtbot, Graph.of([Node("a", "input", np.float64(value))], []))
        desk.view.camera.look_at(0.3, desk.view.scene().nodes_rect(["a"]).center(), animated=False)
        pictures.append(desk.surface.grab().toImage())
        desk.view.camera.look_at(0.2, desk.view.scene().nodes_rect(["a"]).center(), animated=False)
        pictures.append(desk.surface.grab().toImage())
    assert pictures[0] != pictures[2] and pictures[1] != pictures[3]
