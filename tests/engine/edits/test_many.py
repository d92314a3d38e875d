"""Edits of thousands of nodes take a time that grows with their number; what would grow faster is refused at once."""

from __future__ import annotations

import time

import numpy as np
import pytest

from engine import edits, parse
from engine.errors import EditRefused
from engine.files.codec import decode, encode
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.passes.compile import Compiled
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import run
from engine.session import Session


def leaves(count: int) -> Graph:
    return Graph.of(Node(f"x{i}", "input", np.float64(1.0)) for i in range(count))


def gathering(op: str, count: int) -> Graph:
    nodes = [*leaves(count).nodes.values(), Node("s", op), Node("f", "sum")]
    edges = [Edge(f"x{i}", "s", i) for i in range(count)]
    return Graph.of(nodes, [*edges, Edge("s", "f", 0)], target="f")


def test_a_copy_of_thousands_is_named_in_no_time() -> None:
    graph = leaves(6_000)
    began = time.process_time()
    change = edits.paste(graph, graph, (10.0, 10.0))
    assert time.process_time() - began < 3  # it was a minute
    assert len(change.nodes) == 6_000 and not change.nodes.keys() & graph.nodes.keys()


def test_the_names_of_copies_are_the_first_that_are_free() -> None:
    graph, others = leaves(3), Graph.of([Node("y", "input"), Node("x1", "input")])
    assert list(edits.paste(graph, graph, (0.0, 0.0)).nodes) == ["x3", "x4", "x5"]
    assert list(edits.paste(graph, others, (0.0, 0.0)).nodes) == ["y", "x3"]
    assert list(edits.paste(others, others, (0.0, 0.0)).nodes) == ["y2", "x2"]


def test_an_expression_gives_its_values_to_all_the_leaves_that_it_names() -> None:
    graph = leaves(3)
    change = edits.join(graph, parse("x0 = 5; x2 = 7; y = x0 * x1 + x2"), (0.0, 0.0))
    joined = graph.apply(change)
    assert [float(joined.nodes[id].value) for id in ("x0", "x1", "x2")] == [5, 1, 7]
    assert run(joined).value(joined.target) == 12


@pytest.mark.parametrize("op", ["concat", "stack"])
def test_what_looks_at_all_its_inputs_has_one_text_for_all_of_them(op: str) -> None:
    graph = gathering(op, 200)
    began = time.process_time()
    plan = make_plan(graph)
    gradients = Compiled(plan, ["x7", "x199"])(leaf_values(graph)).gradients
    assert run(graph).gradient("x199") == gradients["x199"] == gradients["x7"] == 1
    assert time.process_time() - began < 5  # it was two minutes


def test_an_explanation_of_a_thousand_contributions_tells_the_sum_so_far_and_the_last() -> None:
    nodes = [Node("x", "parameter", np.float64(2.0)), Node("s", "add")]
    graph = Graph.of(nodes, [Edge("x", "s", port) for port in range(1000)], target="s")
    session = Session(graph)
    session.player.seek(len(session.now.trace))
    began = time.process_time()
    gradient = session.now.explanation.equations[-1]
    assert time.process_time() - began < 2
    assert gradient.text == "∂s/∂x = 999 + 1 = 1000"
    assert gradient.number == 1000


def test_more_than_can_be_taken_apart_at_once_is_refused() -> None:
    many = ["x0", *(f"y{i}" for i in range(201))]
    graph = Graph.of([Node("x0", "input", np.float64(1.0)), *(Node(id, "sigmoid") for id in many[1:])])
    with pytest.raises(EditRefused, match="201 operations are too many to take apart at once: choose at most 200"):
        edits.expand_all(graph, many[1:])


def test_a_thousand_into_one_are_opened_and_saved() -> None:
    graph = Graph.of(
        [*leaves(1000).nodes.values(), Node("s", "add")], [Edge(f"x{i}", "s", i) for i in range(1000)], target="s"
    )
    began = time.process_time()
    session = Session(decode(encode(graph)))
    assert session.now.problems is not None and float(session.now.trace.value("s")) == 1000
    assert time.process_time() - began < 5
