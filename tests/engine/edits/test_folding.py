"""Edits made on what is shown: of cards and their edges; and groups that open where they stand and close again."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from engine import edits
from engine.edits.ground import FoldingGround
from engine.edits.groups import middle_of
from engine.edits.through import through
from engine.errors import EditRefused
from engine.files.disk import load
from engine.files.examples import examples
from engine.graph.graph import Graph
from engine.graph.records import Edge
from engine.layout.layout import NODE_WIDTH, node_height
from engine.layout.shown import shown_of
from engine.session import run_of
from tests.networks import scalar_network
from tests.neurons import grouped, scalar_net


@pytest.fixture(scope="module")
def net() -> Graph:
    return grouped(scalar_net((2, 3, 1)))


def done(graph: Graph, make, within: str | None = None) -> Graph:
    change = through(make, within)(graph)
    after = graph.apply(change)
    assert after.apply(change.inverse) == graph
    run_of(after)
    return after


def boxes(graph: Graph) -> dict[str, tuple[float, float, float, float]]:
    shown = shown_of(graph).graph
    return {
        id: (*node.pos, node.pos[0] + NODE_WIDTH, node.pos[1] + node_height(shown.port_count(id)))
        for id, node in shown.nodes.items()
    }


def overlap(graph: Graph) -> list[tuple[str, str]]:
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes(graph).items(), 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def test_a_card_that_is_moved_takes_its_nodes_along(net):
    x, y = net.groups["g1"].pos
    after = done(net, lambda graph: edits.move_nodes(graph, {"@g1": (x + 40, y - 20)}))
    assert after.groups["g1"].pos == (x + 40, y - 20)
    for id in net.grouping.within("g1"):
        before, now = net.nodes[id].pos, after.nodes[id].pos
        assert (now[0] - before[0], now[1] - before[1]) == pytest.approx((40, -20))


def test_deleting_a_card_deletes_what_is_in_it_and_its_edges(net):
    after = done(net, lambda graph: edits.delete(graph, ["@g2", "e"]))
    assert net.grouping.within("g2").isdisjoint(after.nodes) and "e" not in after.nodes
    assert "g2" not in after.groups and set(after.groups) == {"g1", "g3", "g4"}
    assert all(edge.source in after.nodes and edge.dest in after.nodes for edge in after.edges.values())


def test_an_edge_led_to_a_port_of_a_card_ends_where_that_port_stands_for(net):
    after = done(net, lambda graph: edits.connect(graph, "t", "@g1", 0))
    assert after.edges["n1_1_m1", 0] == Edge("t", "n1_1_m1", 0)
    cut = done(net, lambda graph: edits.disconnect(graph, ("@g1", 1)))
    assert ("n1_1_m2", 0) not in cut.edges and len(cut.edges) == len(net.edges) - 1
    shown = shown_of(cut).graph
    assert shown.port_count("@g1") == 2 and list(shown.open_ports("@g1")) == [1]
    again = done(cut, lambda graph: edits.connect(graph, "x2", "@g1", 1))
    assert again.edges == net.edges


def test_an_edge_from_a_card_comes_from_what_leaves_it(net):
    after = done(net, lambda graph: edits.connect(graph, "@g3", "e", 1))
    assert after.edges["e", 1] == Edge("n1_3", "e", 1)
    aimed = done(net, lambda graph: edits.set_target(graph, "@g4"))
    assert aimed.target == "n2_1"


def test_a_new_node_is_called_as_none_that_is_hidden(net):
    graph = net.apply(edits.rename(net, "n1_1_m1", "mul"))
    after = done(graph, lambda shown: edits.add_node(shown, "mul", (0, 0)))
    assert len(after.nodes) == len(graph.nodes) + 1 and after.nodes["mul"] == graph.nodes["mul"]
    with pytest.raises(EditRefused, match="already a node “mul” in Neuron 1_1"):
        through(lambda shown: edits.rename(shown, "x1", "mul"))(graph)


def test_what_is_added_where_one_looks_into_a_group_is_in_it(net):
    after = done(net, lambda graph: edits.add_node(graph, "tanh", (0, 0)), within="g1")
    (new,) = after.nodes.keys() - net.nodes.keys()
    assert after.grouping.home[new] == "g1"


@pytest.mark.parametrize("group", ["g1", "g2", "g3", "g4"])
def test_a_group_opens_where_it_stands_and_closes_as_it_was(net, group):
    assert not overlap(net)
    opened = net.apply(edits.open_in_place(net, [group]))
    assert not opened.groups[group].folded and not overlap(opened)
    folded = opened.apply(edits.fold_in_place(opened, [group]))
    for id, box in boxes(net).items():
        assert boxes(folded)[id] == pytest.approx(box, abs=0.1)


def test_all_groups_open_one_after_the_other_and_nothing_overlaps(net):
    graph = net
    for group in net.groups:
        graph = graph.apply(edits.open_in_place(graph, [group]))
        assert not overlap(graph), group
    for group in reversed(net.groups):
        graph = graph.apply(edits.fold_in_place(graph, [group]))
    for id, box in boxes(net).items():
        assert boxes(graph)[id] == pytest.approx(box, abs=0.1)


def test_folding_moves_no_number(net):
    change = edits.open_in_place(net, list(net.groups))
    assert not change.moves_numbers


def test_a_group_opens_where_its_card_is_wherever_its_nodes_were(net):
    """A file may have them apart; and what is edited in a group that is looked into moves without its card."""
    moved = {id: (net.nodes[id].pos[0] - 2000, net.nodes[id].pos[1] + 500) for id in net.grouping.within("g2")}
    apart = net.apply(edits.move_nodes(net, moved))
    assert apart.groups["g2"].pos == net.groups["g2"].pos
    there, here = (edits.open_in_place(graph, ["g2"]) for graph in (apart, net))
    opened = apart.apply(there)
    assert boxes(opened) == {id: pytest.approx(box, abs=0.02) for id, box in boxes(net.apply(here)).items()}
    assert opened.apply(there.inverse) == apart
    folded = opened.apply(edits.fold_in_place(opened, ["g2"]))
    assert folded.groups["g2"].pos == pytest.approx(net.groups["g2"].pos, abs=0.02)


@pytest.mark.parametrize("example", examples(), ids=lambda each: each.name)
def test_in_every_example_cards_stand_where_their_nodes_are(example):
    graph = load(example.path)
    for id, group in graph.groups.items():
        if group.folded:
            assert group.pos == middle_of(graph, id), id


@pytest.mark.parametrize("example", examples(), ids=lambda each: each.name)
def test_folding_in_an_example_piles_no_card_on_another_and_comes_to_rest(example):
    graph = load(example.path)
    try:
        found = graph if graph.groups else graph.apply(edits.find_groups(graph, folded=False))
    except EditRefused:
        return  # there is none to fold
    for id in found.groups:
        opened = found.apply(edits.open_in_place(found, [id])) if found.groups[id].folded else found
        folded = opened.apply(edits.fold_in_place(opened, [id]))
        again = folded.apply(edits.open_in_place(folded, [id]))
        piled = {pair for pair in overlap(folded) if f"@{id}" not in pair}  # that card stands where its nodes stood
        assert piled <= set(overlap(opened)) and set(overlap(again)) <= set(overlap(opened))
        rested = again.apply(edits.fold_in_place(again, [id]))
        assert stands_as(rested, folded) or crossing_frames(opened)
        again = rested.apply(edits.open_in_place(rested, [id]))
        assert stands_as(again.apply(edits.fold_in_place(again, [id])), rested), "at the latest when they are apart"


def stands_as(one: Graph, other: Graph) -> bool:
    return all(node.pos == pytest.approx(other.nodes[id].pos) for id, node in one.nodes.items())


def crossing_frames(graph: Graph) -> list[tuple[str, str]]:
    """Open groups whose frames cross, and cards that stand in the frame of a group that they are not in."""
    shown = shown_of(graph)
    ground = FoldingGround(graph, graph)
    frames = {id: ground.box(id) for id in graph.groups if graph.grouping.is_seen(id)}
    grouping, found = graph.grouping, []
    for (one, a), (other, b) in combinations(frames.items(), 2):
        apart = a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]
        if not apart and one not in grouping.chain_of(other) and other not in grouping.chain_of(one):
            found.append((one, other))
    for id in graph.nodes.keys() & shown.graph.nodes.keys():
        for group, (left, top, right, bottom) in frames.items():
            x, y = graph.nodes[id].pos
            if group not in grouping.chain(id) and left < x < right and top < y < bottom:
                found.append((id, group))
    return found


@pytest.mark.parametrize("widths", [(2, 8, 8, 1), (4, 3, 3, 2), (3, 6, 1)])
def test_neurons_that_are_opened_tear_no_frame_apart_and_go_back_where_they_stood(widths):
    graph = scalar_network(widths)
    graph = graph.apply(edits.find_groups(graph))
    states = [graph]
    while cards := [id for id, group in states[-1].groups.items() if group.folded and states[-1].grouping.is_seen(id)]:
        opened = states[-1].apply(edits.open_in_place(states[-1], cards))
        assert not crossing_frames(opened) and not overlap(opened)
        states.append(opened)
    assert len(states) == 3, "layers, and then neurons"
    left, right = (edge([node.pos[0] for node in states[-1].nodes.values()]) for edge in (min, max))
    assert right - left < 2000 * len(widths), "each layer is as wide as one of its neurons"
    for group in reversed(states[2].groups):
        if group in states[1].groups and states[1].groups[group].folded:
            states[2] = states[2].apply(edits.fold_in_place(states[2], [group]))
    folded, before = boxes(states[2]), boxes(states[1])
    assert all(folded[id] == pytest.approx(before[id]) for id in before)


@pytest.mark.parametrize("widths", [(2, 8, 8, 1), (2, 16, 16, 1)])
def test_all_neurons_that_are_opened_stand_in_layers_that_fill_the_window(widths):
    """As one tall column they would be seen at 7 %."""
    graph = scalar_network(widths)
    graph = graph.apply(edits.find_groups(graph, aspect=1.5))
    for _ in range(2):
        cards = [id for id, group in graph.groups.items() if group.folded and graph.grouping.is_seen(id)]
        before, graph = graph, graph.apply(edits.open_all(graph, cards, 1.5))
        assert not crossing_frames(graph) and not overlap(graph)
    xs, ys = ([node.pos[at] for node in graph.nodes.values()] for at in (0, 1))
    assert 0.7 < (max(xs) - min(xs)) / (max(ys) - min(ys)) < 2.4
    layers = [group for group in graph.groups.values() if group.title.startswith("Layer")]
    spans = [[graph.nodes[id].pos[0] for id in graph.grouping.within(layer.id)] for layer in layers]
    assert all(max(one) < min(other) for one, other in pairwise(spans)), "one layer after the other"
    assert before.apply(edits.open_all(before, cards, 1.5)).apply(edits.open_all(before, cards, 1.5).inverse) == before


def test_a_few_groups_are_opened_where_they_stand():
    graph = scalar_network((2, 8, 8, 1))
    graph = graph.apply(edits.find_groups(graph, aspect=1.5))
    cards = [id for id, group in graph.groups.items() if group.folded and graph.grouping.is_seen(id)]
    assert edits.open_all(graph, cards, 1.5) == edits.open_in_place(graph, cards)
