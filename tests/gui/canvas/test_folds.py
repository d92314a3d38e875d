"""Folded groups under a hand: opened and folded, dragged, wired, deleted, stepped over, looked into."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from engine import edits
from engine.graph.records import Edge
from engine.passes.run import run
from engine.passes.trace import ContributionStep, step_node
from engine.text.read import parse
from engine.values.values import exact_text, number_text
from gui.canvas.hits import Hit
from gui.canvas.tips import tip
from tests.gui.canvas_tools import Hands
from tests.neurons import grouped, scalar_net

Key = Qt.Key


@pytest.fixture
def net(qtbot: QtBot) -> Hands:
    hands = Hands(qtbot, grouped(scalar_net((2, 3, 1))), (1100, 700))
    hands.view.camera.fit_all(animated=False)
    return hands


def body(net: Hands, id: str) -> QPoint:
    """A place on a card where there is neither name nor number nor port."""
    card = net.view.scene().node_items[id].card()
    return net.at(card.center().x(), card.bottom() - 6)


def double_click(net: Hands, at: QPoint) -> None:
    QTest.mouseClick(net.surface, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(net.surface, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(net.surface, Qt.MouseButton.LeftButton, pos=at)


def seen(net: Hands) -> set[str]:
    return set(net.view.scene().stage.graph.nodes)


def test_a_double_click_opens_a_card_in_its_place_and_f7_folds_it_again(net: Hands) -> None:
    before, first = net.graph, seen(net)
    assert "@g2" in first and "n1_2_m1" not in first
    double_click(net, body(net, "@g2"))
    assert not net.graph.groups["g2"].folded and net.graph.grouping.within("g2") <= seen(net)
    assert net.selection.nodes == net.graph.grouping.within("g2")
    net.key(Key.Key_F7)
    assert seen(net) == first
    for id, group in net.graph.groups.items():
        assert group.pos == pytest.approx(before.groups[id].pos)
    net.bridge.undo()
    net.bridge.undo()
    assert net.graph == before and seen(net) == first


def test_a_card_says_value_and_gradient_of_what_leaves_it_and_how_many_nodes_are_in_it(net: Hands) -> None:
    trace = net.bridge.now.trace
    for group in net.graph.groups.values():
        picture = net.view.scene().node_items[f"@{group.id}"].picture
        head = "n" + group.title.removeprefix("Neuron ")
        assert picture.value == number_text(float(trace.value(head)))
        assert picture.gradient == number_text(float(trace.gradient(head)))
        assert picture.word == f"{len(net.graph.grouping.within(group.id))} nodes"


def test_a_card_is_dragged_with_all_that_is_in_it_in_one_step(net: Hands) -> None:
    before = net.graph
    start = body(net, "@g1")
    net.drag(start, start + QPoint(0, -60))
    moved = {id for id in net.graph.nodes if net.graph.nodes[id].pos != before.nodes[id].pos}
    assert moved == before.grouping.within("g1") == net.selection.nodes
    assert net.view.scene().stage.pos("@g1") == net.graph.groups["g1"].pos != before.groups["g1"].pos
    net.bridge.undo()
    assert net.graph == before and net.view.scene().stage.pos("@g1") == before.groups["g1"].pos


def test_a_card_is_deleted_with_what_is_in_it(net: Hands) -> None:
    before = net.graph
    net.click(body(net, "@g3"))
    assert net.selection.nodes == before.grouping.within("g3")
    net.key(Key.Key_Delete)
    assert net.graph.nodes.keys() == before.nodes.keys() - before.grouping.within("g3")
    assert "@g3" not in seen(net)
    net.bridge.undo()
    assert net.graph == before


def test_an_edge_is_drawn_from_a_port_of_a_card_and_taken_off_at_one(net: Hands) -> None:
    stage = net.view.scene().stage
    net.drag(net.at(*stage.output_place("@g1")), net.at(*stage.input_place("e", 1)))
    assert net.graph.edges["e", 1] == Edge("n1_1", "e", 1)
    before = len(net.graph.edges)
    net.drag(net.at(*stage.input_place("@g4", 0)), net.at(40, -160))
    assert len(net.graph.edges) == before - 1 and ("n2_1_m1", 0) not in net.graph.edges
    assert net.view.scene().node_items["@g4"].picture.unfinished


def test_the_pass_lights_the_card_while_what_is_in_it_runs(net: Hands) -> None:
    trace, shown = net.bridge.now.trace, net.view.desk.shown
    for at, step in enumerate(trace.steps):
        net.bridge.player.seek(at + 0.5)
        told = net.view.scene().stage.frame.step
        assert told is not None and step_node(told) == shown.cover.place_of(step_node(step))
        net.view.viewport().repaint()
    net.bridge.player.go_to_end()
    for key, edge in shown.graph.edges.items():
        (head,) = shown.cover.heads(key)
        step = trace.contribution(head)
        said = net.view.scene().stage.edges[key].contribution
        assert said == ("" if step is None else f"◂ {number_text(float(step.contribution))}"), edge


def test_f8_looks_into_a_card_and_esc_comes_back_to_where_one_was(net: Hands) -> None:
    first, view = seen(net), net.view
    view.camera.look_at(0.8, view.camera.centre(), animated=False)
    zoom, centre = view.camera.zoom, view.camera.centre()
    net.click(body(net, "@g2"))
    net.key(Key.Key_F8)
    own = net.graph.grouping.within("g2")
    assert own <= seen(net) and len(seen(net)) == len(own) + 3
    assert [net.graph.groups[id].name for id in view.folds.path] == ["Neuron 1_2"]
    view.viewport().repaint()
    net.key(Key.Key_Escape)
    assert seen(net) == first and view.folds.path == ()
    assert view.camera.zoom == pytest.approx(zoom)
    assert (view.camera.centre() - centre).manhattanLength() < 4


def test_a_group_of_the_whole_graph_is_looked_into_with_its_edges_and_stepped_through(qtbot: QtBot) -> None:
    graph = parse("x = 2; w = 3; f = relu(x * w)")
    hands = Hands(qtbot, graph.apply(edits.make_group(graph, graph.nodes, folded=True)), (1100, 700))
    (card,) = seen(hands)
    hands.click(body(hands, card))
    hands.key(Key.Key_F8)
    assert seen(hands) == set(graph.nodes) and set(hands.view.scene().stage.graph.edges) == set(graph.edges)
    player = hands.bridge.player
    player.go_to_end()
    for _ in range(len(hands.bridge.now.trace)):
        player.step_back()
        player.tick(10.0)
        hands.view.viewport().repaint()
    hands.carry("tanh", hands.at(0, 300))
    assert len(hands.graph.nodes) == len(graph.nodes) + 1 and seen(hands) == set(hands.graph.nodes)


def test_stepping_goes_over_what_is_in_a_card_or_into_it(net: Hands) -> None:
    player, shown = net.bridge.player, net.view.desk.shown
    player.reduced_motion = True
    player.go_to_start()
    stops = []
    while player.position < player.end:
        player.step_forward()
        stops.append(int(player.position))
    hidden = [shown.cover.place_of(step_node(step)) != step_node(step) for step in net.bridge.now.trace.steps]
    assert stops[-1] == len(net.bridge.now.trace) and len(stops) < len(net.bridge.now.trace) - 20
    for before, after in zip([0, *stops], stops, strict=False):
        assert after == before + 1 or all(hidden[before:after])
    back = []
    while player.position > 0:
        player.step_back()
        back.append(int(player.position))
    assert back[::-1] == [0, *stops[:-1]]
    net.view.folds.toggle_stepping()
    for at in range(len(net.bridge.now.trace)):
        assert player.position == at
        player.step_forward()
    net.view.folds.toggle_stepping()


def test_the_path_stands_at_the_top_while_a_group_is_looked_into_and_leads_back(net: Hands) -> None:
    crumbs, first = net.view.breadcrumb, seen(net)
    assert not crumbs.isVisible()
    net.click(body(net, "@g2"))
    net.key(Key.Key_F8)
    assert crumbs.isVisible() and [label.text() for label in crumbs.findChildren(QLabel)][-1] == "Neuron 1_2"
    (button,) = crumbs.findChildren(QPushButton)
    assert button.text() == "Document"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not crumbs.isVisible() and seen(net) == first


def test_a_caption_says_in_which_card_it_happens(net: Hands) -> None:
    trace = net.bridge.now.trace
    for at, step in enumerate(trace.steps):
        net.bridge.player.seek(at + 1.0)
        said = net.bridge.now.explanation
        assert said is not None
        ends = (step.edge.source, step.edge.dest) if isinstance(step, ContributionStep) else (step.node,)
        groups = net.graph.grouping
        for card in filter(None, map(groups.shown_as, ends)):
            assert net.graph.groups[card].name in said.caption
        assert said.place or not any(map(groups.shown_as, ends))


def test_a_hand_over_a_card_reads_every_number_that_comes_out_of_it_and_comes_back(net: Hands) -> None:
    net.bridge.edit(lambda graph: edits.make_group(graph, groups=["g1", "g2", "g3"], title="Layer", folded=True))
    now, real = net.view.desk.seen, run(net.graph)
    card = next(node for node in now.graph.nodes.values() if node.name == "Layer")
    said = tip(now, Hit("node", card.id)).splitlines()
    assert said[0] == "Layer: a group of 21 nodes" and card.id not in "".join(said)
    for id, value, gradient in zip(("n1_1", "n1_2", "n1_3"), said[1::2], said[2::2], strict=True):
        assert value == f"{net.graph.nodes[id].name} = {exact_text(float(real.value(id)))}"
        assert gradient.strip() == f"gradient: {exact_text(float(real.gradient(id)))}"
