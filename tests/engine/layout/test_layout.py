"""The layout: nothing overlaps, edges run to the right, few crossings, the same every time, and fast enough."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.edits.arrange import arrange_nodes
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.layout.layers import Columns
from engine.layout.layout import COLUMN_GAP, GRID, NODE_HEIGHT, NODE_WIDTH, ROW_GAP, arrange, isotonic, node_height
from engine.text.read import parse
from tests.building import chain, graph_of, xyz
from tests.engine.random_graphs import graphs


def boxes(graph: Graph, places) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of each node."""
    return [(x, y, x + NODE_WIDTH, y + node_height(graph.port_count(id))) for id, (x, y) in places.items()]


def assert_tidy(graph: Graph) -> None:
    places = arrange(graph)
    assert places.keys() == graph.nodes.keys()
    assert all(x % GRID == y % GRID == 0 for x, y in places.values())
    for edge in graph.edges.values():
        assert places[edge.dest][0] - places[edge.source][0] >= NODE_WIDTH + COLUMN_GAP
    found = sorted(boxes(graph, places))
    for i, (left, top, right, bottom) in enumerate(found):
        for other in found[i + 1 :]:
            beside = other[0] >= right or other[2] <= left
            assert beside or other[1] >= bottom + ROW_GAP or other[3] + ROW_GAP <= top


@given(graphs())
def test_any_graph_is_laid_out_without_overlaps_and_from_left_to_right(graph):
    assert_tidy(graph)


def mlp(*widths: int) -> Graph:
    """Fully connected layers, drawn node by node: each neuron adds up the layer before it."""
    nodes = [Node(f"x{i}", "input") for i in range(widths[0])]
    edges: list[Edge] = []
    before = [node.id for node in nodes]
    for layer, width in enumerate(widths[1:], 1):
        names = [f"h{layer}_{i}" for i in range(width)]
        nodes += [Node(name, "add") for name in names]
        edges += [Edge(source, name, port) for name in names for port, source in enumerate(before)]
        before = names
    return Graph.of(nodes, edges)


def random_dag(size: int, seed: int = 0) -> Graph:
    dice = random.Random(seed)
    nodes = [Node(f"n{i}", "input" if i < 10 else "mul") for i in range(size)]
    edges = [Edge(f"n{dice.randrange(max(0, i - 30), i)}", f"n{i}", port) for i in range(10, size) for port in (0, 1)]
    return Graph.of(nodes, edges)


@pytest.mark.parametrize("graph", [Graph(), mlp(2, 16, 16, 1), random_dag(300)], ids=["nothing", "mlp", "random"])
def test_larger_graphs_are_tidy_too(graph):
    assert_tidy(graph)


def test_the_product_of_a_sum_is_placed_as_one_would_draw_it():
    places = arrange(xyz())
    column = {id: x // (NODE_WIDTH + COLUMN_GAP) for id, (x, _) in places.items()}
    assert column == {"x": 0, "y": 0, "z": 1, "q": 1, "f": 2}  # z waits beside q, near to where it is used
    assert places["x"][1] < places["y"][1]
    assert places["q"][1] < places["z"][1]
    middle = (places["x"][1] + places["y"][1]) / 2
    assert abs(places["q"][1] - middle) <= GRID


def test_a_chain_is_a_straight_line():
    assert len({y for _, y in arrange(chain(30)).values()}) == 1


def test_the_main_line_stays_straight_and_constants_give_way():
    graph = parse("a = 2*x + 1\nb = 3*a + 1\nc = 4*b + 1\nd = relu(c)")
    heights = {arrange(graph)[id][1] + node_height(graph.port_count(id)) / 2 for id in "abcd"}
    assert max(heights) - min(heights) < NODE_HEIGHT


def test_operands_stand_in_the_order_of_their_ports():
    graph = graph_of(*[(f"v{i}", "input", i) for i in (3, 1, 0, 2)], ("s", "add", ["v0", "v1", "v2", "v3"]))
    places = arrange(graph)
    assert [places[f"v{i}"][1] for i in range(4)] == sorted(places[f"v{i}"][1] for i in range(4))


@given(st.integers(0, 10_000))
def test_a_tree_has_no_crossing(seed):
    dice = random.Random(seed)
    rows, roots = [], []
    for i in range(25):
        if len(roots) >= 2 and dice.random() < 0.5:
            left, right = roots.pop(dice.randrange(len(roots))), roots.pop()
            rows.append((f"n{i}", "mul", [left, right]))
        else:
            rows.append((f"n{i}", "input", 1))
        roots.append(f"n{i}")
    graph = graph_of(*rows)
    for root in roots:
        tree = [id for id in graph.order if id == root or id in graph.topology.ancestors(root)]
        assert Columns(graph, tree).crossings() == 0


def test_sweeps_take_crossings_out():
    # Four pairs of long parallel lines, their ends listed in a muddle.
    order = [5, 2, 7, 0, 3, 6, 1, 4]
    rows = [(f"x{i}", "input", i) for i in range(8)]
    rows += [(f"a{i}", "neg", [f"x{i}"]) for i in order]
    rows += [(f"b{i}", "mul", [f"a{i}", f"a{i ^ 1}"]) for i in reversed(order)]
    graph = graph_of(*rows)
    places = arrange(graph)
    for i in range(0, 8, 2):
        partners = sorted(places[f"b{k}"][1] for k in (i, i + 1))
        assert partners[1] - partners[0] == NODE_HEIGHT + ROW_GAP


def test_long_edges_do_not_run_through_nodes_in_small_graphs():
    graph = parse("a = relu(x); b = relu(a); c = relu(b); f = c + x")
    columns = Columns(graph, graph.order)
    assert sum(id is None for id in columns.node) == 3  # a free place in each column that x passes


def test_taller_nodes_get_more_room():
    assert node_height(2) == NODE_HEIGHT
    assert node_height(5) == 124
    rows = [(f"x{i}", "input", i) for i in range(8)]
    graph = graph_of(*rows, ("s", "add", [f"x{i}" for i in range(8)]), ("t", "neg", ["x0"]), ("u", "mul", ["s", "t"]))
    assert node_height(graph.port_count("s")) == 24 + 20 * 9
    assert_tidy(graph)


def test_parts_are_stacked_the_targets_first_and_loose_nodes_below():
    graph = graph_of(
        ("a", "input", 1), ("b", "neg", ["a"]), ("x", "input", 1), ("y", "neg", ["x"]),
        *[(f"loose{i}", "input", 0) for i in range(5)], target="y",
    )  # fmt: skip
    places = arrange(graph)
    assert places["y"][1] < places["b"][1] < places["loose0"][1]
    assert places["loose0"][1] == places["loose3"][1] < places["loose4"][1]


def test_the_same_graph_is_drawn_the_same_however_it_came_about():
    graph = random_dag(120)
    shuffled = Graph(graph.nodes, dict(reversed(graph.edges.items())), graph.facts)
    assert arrange(graph) == arrange(shuffled) == arrange(graph)


def test_the_edit_keeps_the_corner_and_can_be_taken_back():
    nodes = [Node(n.id, n.op_name, n.value, pos=(500.0, 300.0)) for n in xyz().nodes.values()]
    moved = Graph.of(nodes, xyz().edges.values())
    change = arrange_nodes(moved)
    after = moved.apply(change)
    assert (min(n.pos[0] for n in after.nodes.values()), min(n.pos[1] for n in after.nodes.values())) == (500, 300)
    assert after.apply(change.inverse) == moved
    assert not arrange_nodes(after)
    assert not arrange_nodes(Graph())
    assert not change.moves_numbers


def test_some_nodes_can_be_arranged_alone():
    graph = Graph.of(
        [Node(n.id, n.op_name, n.value, pos=(8.0, 8.0)) for n in xyz().nodes.values()], xyz().edges.values()
    )
    after = graph.apply(arrange_nodes(graph, ["x", "y", "q", "not there"]))
    assert after.nodes["f"].pos == after.nodes["z"].pos == (8, 8)
    assert after.nodes["q"].pos[0] > after.nodes["x"].pos[0] == 8
    assert after.nodes["x"].pos[1] != after.nodes["y"].pos[1]


def test_ten_thousand_nodes_and_edges_that_span_them_all():
    rows = [("x", "input", 1), ("n0", "neg", ["x"])]
    rows += [(f"n{i}", "mul", [f"n{i - 1}", "x"]) for i in range(1, 10_000)]
    places = arrange(graph_of(*rows))
    assert places["n9999"][0] == 10_000 * (NODE_WIDTH + COLUMN_GAP)


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(0.1, 10)), min_size=1, max_size=12))
def test_isotonic_regression_is_sorted_and_no_small_move_betters_it(pairs):
    wishes, weights = [w for w, _ in pairs], [w for _, w in pairs]
    fitted = isotonic(wishes, weights)
    assert fitted == sorted(fitted)

    def cost(ys):
        return sum(w * (y - wish) ** 2 for y, wish, w in zip(ys, wishes, weights, strict=True))

    for i in range(len(fitted)):
        for step in (-0.01, 0.01):
            moved = [*fitted[:i], fitted[i] + step, *fitted[i + 1 :]]
            if moved == sorted(moved):
                assert cost(moved) >= cost(fitted) - 1e-6
