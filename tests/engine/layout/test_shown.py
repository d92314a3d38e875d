"""What of a graph is shown when groups are folded, and that its numbers are those of the graph, added up by NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from engine import edits
from engine.edits.through import through
from engine.graph.graph import Graph
from engine.layout.group_cards import GroupCard, card_id
from engine.layout.shown import shown_of
from engine.passes.trace import ContributionStep, Trace
from engine.session import run_of
from engine.show.frame import Frame, frame_at
from engine.show.shown_run import ShownFrame, shown_frame
from engine.text.read import parse
from tests.neurons import grouped, neurons_of, scalar_net


@pytest.fixture(scope="module")
def net() -> Graph:
    return grouped(scalar_net((2, 3, 1)))


@pytest.fixture(scope="module")
def layers() -> Graph:
    """The first layer of four neurons, and the second one, as one group each."""
    graph = scalar_net((2, 4, 3, 1))
    for layer in ("1", "2"):
        nodes = [id for head, ids in neurons_of(graph).items() if head[1] == layer for id in ids]
        graph = graph.apply(edits.make_group(graph, nodes, title=f"Layer {layer}", folded=True))
    return graph.apply(edits.arrange_nodes(graph))


def at(graph: Graph, trace: Trace, position: float) -> ShownFrame:
    frame = shown_frame(frame_at(trace, position), shown_of(graph))
    assert isinstance(frame, ShownFrame)
    return frame


def test_without_a_folded_group_the_shown_graph_is_the_graph_itself():
    graph = grouped(scalar_net((2, 3, 1)), folded=False)
    shown = shown_of(graph)
    assert shown.graph is graph and shown.cover.is_plain
    frame = frame_at(run_of(graph).trace, 3.0)
    assert shown_frame(frame, shown) is frame


def test_each_neuron_is_one_card_with_a_port_for_each_input(net):
    shown = shown_of(net).graph
    cards = {id: node for id, node in shown.nodes.items() if isinstance(node, GroupCard)}
    assert [node.name for node in cards.values()] == ["Neuron 1_1", "Neuron 1_2", "Neuron 1_3", "Neuron 2_1"]
    assert [shown.port_count(id) for id in cards] == [2, 2, 2, 3]
    assert [shown.output_count(id) for id in cards] == [1, 1, 1, 1]
    assert set(shown.nodes) - set(cards) == {"x1", "x2", "t", "e", "loss"}
    assert len(shown.edges) == 3 * 2 + 3 + 1 + 2
    assert shown.target == "loss" and len(shown.order) == len(shown.nodes)


def test_an_edge_between_layers_carries_the_sum_of_what_travels_along_all_it_stands_for(layers):
    trace, shown = run_of(layers).trace, shown_of(layers)
    end = at(layers, trace, len(trace))
    first, second = (card_id(group) for group in layers.groups)
    assert [(edge.source, edge.dest) for edge in shown.graph.edges.values() if edge.dest == second] == [
        (first, second)
    ] * 4
    for edge in shown.graph.into(second):
        heads = shown.cover.heads(edge.key)
        assert len(heads) == 3  # one in each neuron of the second layer
        steps = [trace.contribution(head) for head in heads]
        assert end.contribution(edge.key) == pytest.approx(np.sum([step.contribution for step in steps if step]))
        id, output = shown.cover.tail(edge.source, edge.output)
        assert end.contribution(edge.key) == pytest.approx(trace.gradient(id)) and output == 0


def test_each_real_step_is_one_shown_step_and_the_running_sum_is_right_at_each(layers):
    trace, shown = run_of(layers).trace, shown_of(layers)
    for done in range(len(trace) + 1):
        frame = at(layers, trace, done)
        assert len(frame.trace) == len(trace) and frame.done == done
        for edge in shown.graph.edges.values():
            arrived = [
                step.contribution
                for step in trace.steps[:done]
                if isinstance(step, ContributionStep) and step.edge.key in shown.cover.heads(edge.key)
            ]
            now = frame.contribution(edge.key)
            assert (now is None) if not arrived else now == pytest.approx(np.sum(arrived))
        for id in shown.graph.nodes:
            if id not in shown.cover.cards:
                real = Frame(trace, done)
                assert frame.value(id) == real.value(id) and frame.gradient(id) == real.gradient(id)


def test_within_a_card_nothing_travels_and_the_card_is_where_it_happens(net):
    trace, shown = run_of(net).trace, shown_of(net)
    for index, step in enumerate(trace.steps):
        frame = at(net, trace, index + 0.5)
        told = frame.step
        assert told is not None
        if isinstance(step, ContributionStep):
            crosses = shown.cover.shown_key(step.edge.key) is not None
            assert isinstance(told, ContributionStep) is crosses
            dest = told.edge.dest if isinstance(told, ContributionStep) else told.node
            assert dest == shown.cover.place_of(step.edge.dest)
            assert all(pulse.edge in shown.graph.edges.values() for pulse in frame.pulses)
        else:
            assert not isinstance(told, ContributionStep) and told.node == shown.cover.place_of(step.node)


def test_the_weights_of_a_neuron_belong_to_its_incoming_edges(net):
    trace, shown = run_of(net).trace, shown_of(net)
    end = at(net, trace, len(trace))
    for group in net.groups.values():
        head = "n" + group.title.removeprefix("Neuron ")
        for edge in shown.graph.into(card_id(group.id)):
            weight = net.nodes[f"{head}_w{edge.port + 1}"].value
            assert end.weight(edge.key) == weight


def test_looked_into_a_neuron_shows_its_nodes_and_stubs_for_what_it_hangs_on(net):
    group = next(id for id, each in net.groups.items() if each.title == "Neuron 1_2")
    shown = shown_of(net, group)
    names = {node.name for node in shown.graph.nodes.values()}
    own = net.grouping.within(group)
    assert own <= shown.graph.nodes.keys() and len(shown.graph.nodes) == len(own) + 3
    assert names >= {"x1", "x2"}
    trace = run_of(net).trace
    frame = shown_frame(frame_at(trace, len(trace)), shown)
    for id in own:
        assert frame.gradient(id) == trace.gradient(id)
    (goal,) = [id for id, facts in shown.cover.cards.items() if facts.kind == "goal"]
    (edge,) = shown.graph.into(goal)
    assert edge.source == "n1_2" and frame.contribution(edge.key) == pytest.approx(trace.gradient("n1_2"))


def test_looked_into_a_group_of_all_nodes_shows_the_graph_itself():
    """With its edges; and what is added there joins the group."""
    graph = parse("f = relu(x * w)")
    graph = graph.apply(edits.make_group(graph, graph.nodes))
    (group,) = graph.groups
    for folded in (graph, graph.apply(edits.fold_groups(graph, [group]))):
        shown = shown_of(folded, group)
        assert shown.graph.nodes == folded.nodes and shown.graph.edges == folded.edges and folded.edges
        frame = frame_at(run_of(folded).trace, 3.0)
        assert shown_frame(frame, shown) is frame
        added = folded.apply(through(lambda g: edits.add_node(g, "tanh", (0.0, 0.0)), group)(folded))
        assert added.grouping.within(group) == added.nodes.keys() and len(added.nodes) == len(graph.nodes) + 1


def test_values_and_places_keep_the_cover_and_groups_make_another(net):
    shown = shown_of(net)
    valued = net.apply(edits.set_value(net, "n1_1_w1", 2.0))
    moved = net.apply(edits.move_groups(net, {"g1": (0.0, 0.0)}))
    assert shown_of(valued, None, shown).cover is shown.cover
    assert shown_of(moved, None, shown).cover is shown.cover
    assert shown_of(moved, None, shown).graph.nodes["@g1"].pos == (0.0, 0.0)
    opened = net.apply(edits.unfold_groups(net, ["g1"]))
    assert shown_of(opened, None, shown).cover is not shown.cover
