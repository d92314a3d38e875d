"""Arranged for a window: as wide and as high as it, nothing overlaps, the same every time, fast enough."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.edits.arrange import arrange_nodes
from engine.graph.graph import Graph
from engine.layout.layers import Columns
from engine.layout.layout import GRID, NODE_HEIGHT, NODE_WIDTH, ROW_GAP, arrange, node_height
from engine.text.read import parse
from tests.bench.drawn import random_recipe
from tests.building import chain, graph_of, xyz
from tests.engine.random_graphs import graphs
from tests.networks import shipped

WIDE, HIGH = 1.6, 0.6


def boxes(graph: Graph, aspect: float | None) -> list[tuple[float, float, float, float]]:
    places = arrange(graph, aspect)
    return [(x, y, x + NODE_WIDTH, y + node_height(graph.port_count(id))) for id, (x, y) in places.items()]


def proportions(graph: Graph, aspect: float | None) -> float:
    places = arrange(graph, aspect)
    rights, bottoms = zip(
        *((x + NODE_WIDTH, y + node_height(graph.port_count(id))) for id, (x, y) in places.items()), strict=True
    )
    return max(rights) / max(bottoms)


@given(graphs(), st.floats(0.2, 5))
def test_nothing_overlaps_in_any_window(graph, aspect):
    found = sorted(boxes(graph, aspect))
    assert len(found) == len(graph.nodes)
    assert all(x % GRID == y % GRID == 0 for x, y, _, _ in found)
    for i, one in enumerate(found):
        for other in found[i + 1 :]:
            beside = other[0] >= one[2] + ROW_GAP or one[0] >= other[2] + ROW_GAP
            assert beside or other[1] >= one[3] + ROW_GAP or other[3] + ROW_GAP <= one[1]


def test_a_long_chain_goes_on_in_lines_that_fill_the_window():
    graph = chain(40)
    assert proportions(graph, None) > 50
    assert WIDE / 2 < proportions(graph, WIDE) < WIDE * 2
    places = arrange(graph, WIDE)
    lines = sorted({y for _, y in places.values()})
    ids = graph.order
    assert [lines.index(places[id][1]) for id in ids] == sorted(lines.index(places[id][1]) for id in ids)


def test_a_leaf_stands_in_the_line_of_what_it_feeds():
    rows = [row for i in range(1, 40) for row in ((f"w{i}", "parameter", i), (f"n{i}", "mul", [f"n{i - 1}", f"w{i}"]))]
    graph = graph_of(("n0", "input", 1), *rows)
    places = arrange(graph, WIDE)
    assert max(y for _, y in places.values()) > 500  # in lines
    for i in range(1, 40):
        assert places[f"w{i}"][0] < places[f"n{i}"][0] and abs(places[f"w{i}"][1] - places[f"n{i}"][1]) < 200


def test_layers_that_are_wholly_connected_are_not_cut():
    rows = [(f"x{i}", "input", i) for i in range(8)]
    for layer in range(6):
        before = [row[0] for row in rows[-8:]]
        rows += [(f"n{layer}_{i}", "add", before) for i in range(8)]
    graph = graph_of(*rows)
    places = arrange(graph, WIDE)
    assert all(places[edge.source][0] < places[edge.dest][0] for edge in graph.edges.values())


def skipping(count: int, far: int) -> Graph:
    """A chain whose every node also feeds the one so far on, as in a residual net."""
    rows = [(f"n{i}", "mul", [f"n{i - 1}", f"n{max(0, i - far)}"]) for i in range(1, count)]
    return graph_of(("n0", "input", 1), *rows, target=f"n{count - 1}")


def unrolled(count: int) -> Graph:
    """A recurrent net, step after step, with the same two parameters in each."""
    rows = [("w", "parameter", 0.5), ("u", "parameter", 0.3), ("h0", "input", 1)]
    for i in range(1, count):
        rows += [(f"x{i}", "input", i), (f"a{i}", "mul", [f"h{i - 1}", "w"]), (f"b{i}", "mul", [f"x{i}", "u"])]
        rows += [(f"s{i}", "add", [f"a{i}", f"b{i}"]), (f"h{i}", "tanh", [f"s{i}"])]
    return graph_of(*rows, target=f"h{count - 1}")


LONG = [skipping(40, 3), skipping(40, 9), skipping(150, 2), unrolled(12), unrolled(40)]


@pytest.mark.parametrize("graph", LONG)
@pytest.mark.parametrize("aspect", [1.3, WIDE, 2.2])
def test_a_long_net_goes_on_in_lines_however_its_values_skip(graph, aspect):
    assert proportions(graph, None) > 4
    assert aspect / 2 < proportions(graph, aspect) < aspect * 2


@pytest.mark.parametrize("graph", LONG)
def test_lines_are_read_from_left_to_right_and_from_top_to_bottom(graph):
    places = arrange(graph, WIDE)
    for edge in graph.edges.values():
        (x0, _), (x1, y1) = places[edge.source], places[edge.dest]
        if x0 + NODE_WIDTH >= x1:  # it goes on in a line below: below all that comes before and stands in its column
            before = [places[id] for id in graph.topology.ancestors(edge.dest) - {edge.dest}]
            assert all(y < y1 for x, y in before if abs(x - x1) < NODE_WIDTH)


def zoom(graph: Graph, aspect: float, fitted: bool) -> float:
    """How large the graph is seen in a window 1 high."""
    found = boxes(graph, aspect if fitted else None)
    wide = max(box[2] for box in found) - min(box[0] for box in found)
    return min(aspect / wide, 1 / (max(box[3] for box in found) - min(box[1] for box in found)))


@given(graphs(), st.floats(0.5, 3))
def test_arranged_for_a_window_a_graph_is_seen_no_smaller(graph, aspect):
    if len(graph.topology.parts()) == 1:
        assert zoom(graph, aspect, True) > 0.99 * min(zoom(graph, aspect, False), 1 / 700)


def test_parts_stand_side_by_side_where_the_window_is_wide_and_below_each_other_where_it_is_high():
    rows = [row for i in range(6) for row in ((f"x{i}", "input", 1), (f"y{i}", "neg", [f"x{i}"]))]
    graph = graph_of(*rows, target="y3")
    wide, high = arrange(graph, WIDE), arrange(graph, HIGH)
    assert len({y for _, y in wide.values()}) < len({y for _, y in high.values()})
    assert wide["x3"] == high["x3"] == (0, 0)  # the target's part comes first
    assert abs(proportions(graph, WIDE) - WIDE) < abs(proportions(graph, None) - WIDE)


def test_a_wide_window_widens_the_gaps_between_columns_and_a_high_one_those_between_rows():
    wide, plain, high = (arrange(xyz(), aspect) for aspect in (4.0, None, 0.4))
    assert wide["f"][0] > plain["f"][0] == high["f"][0]
    assert high["y"][1] - high["x"][1] > plain["y"][1] - plain["x"][1]


@pytest.mark.parametrize("aspect", [WIDE, HIGH])
def test_arranged_again_for_the_same_window_nothing_moves(aspect):
    graph = random_recipe(60, 10).graph()
    once = graph.apply(arrange_nodes(graph, aspect=aspect))
    assert not arrange_nodes(once, aspect=aspect)
    other = replace(graph, edges=dict(reversed(graph.edges.items())))
    assert arrange(other, aspect) == arrange(graph, aspect)


@pytest.mark.parametrize("graph", [random_recipe(500, None).graph(), skipping(500, 3), chain(500), unrolled(100)])
def test_five_hundred_nodes_are_arranged_in_a_moment(graph):
    assert graph.order
    start = time.process_time()
    arrange(graph, WIDE)
    assert time.process_time() - start < 0.9  # 0.15 s on a machine that has nothing else to do


def test_what_is_typed_as_a_long_formula_is_no_thin_strip():
    graph = parse("a=relu(w1*x+b1); b=relu(w2*a+b2); c=relu(w3*b+b3); L=(c-y)**2")
    assert proportions(graph, None) > 4
    xs, ys = zip(*(node.pos for node in graph.nodes.values()), strict=True)
    assert 1.2 < (max(xs) - min(xs) + NODE_WIDTH) / (max(ys) - min(ys) + NODE_HEIGHT) < 3


def test_gaps_between_numbers_may_be_narrower_than_between_tensors():
    def pitch(name):
        return min(b - a for a, b in pairwise(sorted({x for x, _ in arrange(shipped(name), 1.93).values()})))

    assert pitch("cs231n-sigmoid-steps") < pitch("train-moons") < NODE_WIDTH + 100


@pytest.mark.parametrize("name, most", [("iris", 1), ("train-xor", 1), ("train-moons", 1), ("cs231n-sigmoid-steps", 0)])
def test_arranged_an_example_has_no_more_crossings_than_drawn_by_hand(name, most):
    graph = shipped(name)
    assert Columns(graph, graph.order).crossings() <= most


@pytest.mark.parametrize("window", [(790, 410), (970, 590)])
def test_arranged_the_sigmoid_in_steps_is_seen_as_large_as_it_was_drawn_by_hand(window):
    graph = shipped("cs231n-sigmoid-steps")

    def zoom(places):
        xs, ys = zip(*places.values(), strict=True)
        wide = max(xs) - min(xs) + NODE_WIDTH + 56  # with the seed
        return min(window[0] / wide, window[1] / (max(ys) - min(ys) + NODE_HEIGHT))

    by_hand = zoom({id: node.pos for id, node in graph.nodes.items()})
    assert zoom(arrange(graph, window[0] / window[1])) > 0.99 * by_hand
