"""What differs between two graphs is said in words."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from engine import edits
from engine.graph.comparison import differences
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.values.values import as_value
from tests.building import chain, graph_of, xyz

GRAPH = xyz()
VECTOR = graph_of(("w", "parameter", [[1.0, 2.0], [3.0, 4.0]]), ("s", "sum", ["w"]), target="s")

CASES = {
    "value": (GRAPH, edits.set_value(GRAPH, "x", 3.0), ["x: value −2 → 3."]),
    "last digit": (GRAPH, edits.set_value(GRAPH, "x", -2.0000000000000004), ["x: value −2 → −2.0000000000000004."]),
    "sign of zero": (
        graph_of(("x", "input", 0.0)),
        edits.set_value(graph_of(("x", "input", 0.0)), "x", -0.0),
        ["x: value 0 → −0."],
    ),
    "element": (VECTOR, edits.set_value(VECTOR, "w", [[1.0, 2.0], [3.5, 4.0]]), ["w: value at [1, 0] 3 → 3.5."]),
    "elements": (
        VECTOR,
        edits.set_value(VECTOR, "w", np.zeros((2, 2))),
        ["w: value at [0, 0] 1 → 0; [0, 1] 2 → 0; [1, 0] 3 → 0; and at 1 more place."],
    ),
    "shape": (VECTOR, edits.set_value(VECTOR, "w", [1.0]), ["w: value of shape (2, 2) → of shape (1,)."]),
    "setting": (VECTOR, edits.set_setting(VECTOR, "s", "axis", 0), ["s: Along axis “all” → 0."]),
    "added": (
        GRAPH,
        edits.add_node(GRAPH, "input", (0, 0), id="b", value=4.0),
        ["b (Input) was added with the value 4."],
    ),
    "removed": (GRAPH, edits.delete(GRAPH, ["y"]), ["y (Input) was removed."]),
    "edge removed": (GRAPH, edits.disconnect(GRAPH, ("f", 1)), ["An edge was removed: z → f, port b."]),
    "op": (GRAPH, edits.change_op(GRAPH, "q", "sub"), ["q is now Subtract, and was Add."]),
    "label": (GRAPH, edits.set_label(GRAPH, "q", "the sum"), ["q is now called “the sum”."]),
    "target": (GRAPH, edits.set_target(GRAPH, "q"), ["The target is q now, and was f."]),
    "no target": (GRAPH, edits.set_target(GRAPH, None), ["The target is none now, and was f."]),
    "seed": (GRAPH, edits.set_seed(GRAPH, 10.0), ["The seed is 10 now, and was 1."]),
    "title": (GRAPH, edits.set_fact(GRAPH, "title", "Mine"), ["The title is “Mine” now, and was empty."]),
    "training": (GRAPH, edits.set_training(GRAPH, {"steps": 20}), ["Training: steps the usual → 20."]),
    "view": (GRAPH, edits.set_fact(GRAPH, "view", {"zoom": 2}), ["The view differs."]),
    "moved": (GRAPH, edits.move_nodes(GRAPH, {"x": (50.0, 50.0), "q": (9.0, 9.0)}), ["x and q stand elsewhere."]),
}


@pytest.mark.parametrize("name", CASES)
def test_each_kind_of_difference_has_its_sentence(name):
    graph, change, said = CASES[name]
    assert differences(graph, graph.apply(change)) == said


def test_an_edge_that_comes_from_elsewhere_is_one_sentence():
    cut = GRAPH.apply(edits.disconnect(GRAPH, ("f", 1)))
    again = cut.apply(edits.connect(cut, "x", "f", 1))
    assert differences(GRAPH, again) == ["f, port b comes from x now, and came from z."]
    assert differences(cut, again) == ["An edge was added: x → f, port b."]


def test_what_says_the_same_does_not_differ():
    nan = graph_of(("x", "input", math.nan), seed=math.nan)
    other = graph_of(("x", "input", -math.nan), seed=float("nan"))
    assert differences(nan, other) == differences(GRAPH, xyz()) == []
    assert differences(graph_of(("x", "input", [math.nan, 1.0])), graph_of(("x", "input", [-math.nan, 1.0]))) == []


def test_many_things_are_counted_and_long_texts_cut():
    long = chain(40)
    moved = long.apply(edits.move_nodes(long, {id: (1.0 + i, 900.0) for i, id in enumerate(long.nodes)}))
    assert differences(long, moved) == ["x, n0, n1, n2, n3, n4 and 35 more nodes stand elsewhere."]
    [line] = differences(GRAPH, GRAPH.apply(edits.set_label(GRAPH, "q", "a\nb" * 1000)))
    assert len(line) < 100 and "\n" not in line


def test_the_contents_of_a_newer_version_differ_too():
    old = Graph.of([Node("n", "not_yet", raw={"id": "n", "op": "not_yet", "extra": 1, "pos": [0, 0]})])
    new = Graph.of([Node("n", "not_yet", raw={"id": "n", "op": "not_yet", "extra": 2, "pos": [0, 0]})])
    assert differences(old, new) == ["n has other contents, of a kind that this version does not know."]


@pytest.mark.parametrize("name", CASES)
def test_a_reload_becomes_the_other_graph_and_can_be_undone(name):
    graph, change, _ = CASES[name]
    other = graph.apply(change)
    reloaded = edits.reload(graph, other)
    assert graph.apply(reloaded) == other
    assert graph.apply(reloaded).apply(reloaded.inverse) == graph


def test_a_reload_brings_the_order_along():
    """What was inserted before others stands before them: a run is the same to the last bit."""
    first = Node("first", "input", as_value(1.0))
    other = Graph.of([first, *GRAPH.nodes.values()], GRAPH.edges.values(), target="f")
    reloaded = GRAPH.apply(edits.reload(GRAPH, other))
    assert list(reloaded.nodes) == ["first", *GRAPH.nodes] and reloaded == other
    assert [node.rank for node in reloaded.nodes.values()] == list(range(6))
    assert list(reloaded.apply(edits.reload(reloaded, GRAPH)).nodes) == list(GRAPH.nodes)
    assert edits.reload(GRAPH, replace(GRAPH, nodes=dict(GRAPH.nodes))) == edits.reload(GRAPH, GRAPH)
