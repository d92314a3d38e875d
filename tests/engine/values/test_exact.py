"""What is the same to the last bit: records with nan can be changed, undone and redone like all others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import edits
from engine.errors import EditRefused
from engine.graph.document import Document
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.values.exact import same
from engine.values.values import as_value

NAN = float("nan")


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        (NAN, float("nan"), True),
        (np.float64("nan"), NAN, True),
        (0.0, -0.0, False),
        (1, True, False),
        (1, 1.0, True),
        (2**53 + 1, float(2**53), False),
        (None, None, True),
        (None, 0.0, False),
        ({"a": [NAN, 1.0]}, {"a": [float("nan"), 1.0]}, True),
        ({"a": [NAN]}, {"a": (NAN,)}, False),
        ((("p", NAN),), (("p", float("nan")),), True),
        ({"a": 1.0}, {"a": 1.0, "b": None}, False),
    ],
)
def test_same(one: object, other: object, are: bool) -> None:
    assert same(one, other) is are


def holding(value: object, pos: tuple[float, float] = (0.0, 0.0)) -> Node:
    return Node("x", "input", as_value(value), pos=pos)


def test_nodes_with_nan_are_equal_and_hash_alike() -> None:
    one, other = (replace(holding([NAN, 1.0]), settings=(("p", float("nan")),)) for _ in range(2))
    assert one == other and hash(one) == hash(other)
    assert holding(0.0) != holding(-0.0) and holding(NAN) != "x"


@pytest.mark.parametrize("value", [NAN, [NAN, 1.0], [[1.0, NAN]]])
def test_a_value_with_nan_is_set_undone_and_redone(value: object) -> None:
    document = Document(Graph.of([holding(1.0)]))
    document.apply(edits.set_value(document.graph, "x", as_value(value)))
    document.apply(edits.move_nodes(document.graph, {"x": (8.0, 0.0)}))
    for move in (document.undo, document.undo, document.redo, document.redo, document.undo):
        move()
    assert np.isnan(np.asarray(document.graph.nodes["x"].value)).any()
    assert not edits.set_value(document.graph, "x", as_value(value)), "the same again is no change"


def test_a_change_of_a_fact_with_nan_goes_there_and_back() -> None:
    graph = Graph.of([holding(1.0)])
    change = edits.set_fact(graph, "view", {"zoom": float("nan")})
    after = graph.apply(change)
    assert not edits.set_fact(after, "view", {"zoom": float("nan")}) and not after.change_to(graph.apply(change))
    assert after.apply(change.inverse) == graph and not change.then(change.inverse)


@pytest.mark.parametrize("seed", [NAN, float("inf"), -float("inf")])
def test_a_seed_must_be_finite(seed: float) -> None:
    with pytest.raises(EditRefused, match="The seed must be a finite number"):
        edits.set_seed(Graph.of([holding(1.0)]), seed)
