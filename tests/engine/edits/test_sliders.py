"""A leaf's slider is a fact about how the graph is looked at: kept in the file, moved along with the node, undone."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine import edits
from engine.errors import EditRefused
from engine.files.codec import decode, encode
from engine.graph.document import Document
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.graph.sliders import slider_of


@pytest.fixture
def graph() -> Graph:
    nodes = [Node("w", "parameter", np.float64(0.5)), Node("x", "input", np.array([1.0, 2.0])), Node("p", "mul")]
    return Graph.of(nodes, [Edge("w", "p", 0), Edge("x", "p", 1)], target="p")


def with_slider(graph: Graph, low: float = -1, high: float = 2) -> Graph:
    return Document(graph).after(edits.set_slider(graph, "w", low, high))


def test_a_slider_is_kept_in_the_file_and_moves_no_number(graph: Graph) -> None:
    change = edits.set_slider(graph, "w", -1, 2)
    after = Document(graph).after(change)
    assert slider_of(after, "w") == (-1, 2) and not change.moves_numbers and not change.only_places
    assert slider_of(decode(encode(after)), "w") == (-1, 2) and decode(encode(after)) == after
    assert json.loads(encode(after))["view"] == {"sliders": {"w": [-1, 2]}}, "older readers keep what is under view"
    assert after.apply(change.inverse) == graph and "view" not in json.loads(encode(graph))


def test_what_else_is_under_view_stays(graph: Graph) -> None:
    other = Document(graph).after(edits.set_fact(graph, "view", {"zoom": 2, "sliders": {"gone": "?"}}))
    after = with_slider(other)
    assert after.facts["view"] == {"zoom": 2, "sliders": {"gone": "?", "w": [-1, 2]}}
    removed = Document(after).after(edits.remove_slider(after, "w"))
    assert removed == other and edits.remove_slider(removed, "w") == edits.remove_slider(graph, "w")


@pytest.mark.parametrize(
    "written", [3, "w", [], [1], [2, 1], [1, 1], ["a", 2], [True, 2], [None, 1], {"low": 1}, [10**400, 1], [1, 2, 3]]
)
def test_what_is_no_range_in_a_file_is_no_slider(graph: Graph, written: object) -> None:
    odd = Graph(graph.nodes, graph.edges, {**graph.facts, "view": {"sliders": {"w": written}}})
    assert slider_of(odd, "w") is None
    for view in ({"sliders": written}, {"sliders": None}, {}):
        assert slider_of(Graph(graph.nodes, graph.edges, {**graph.facts, "view": view}), "w") is None


@pytest.mark.parametrize(
    ("id", "low", "high", "said"),
    [
        ("x", 0, 1, "one finite number"), ("p", 0, 1, "one finite number"), ("w", 1, 1, "goes up"),
        ("w", 2, 1, "goes up"), ("w", float("nan"), 1, "finite"), ("w", 0, float("inf"), "finite"),
    ],
)  # fmt: skip
def test_a_slider_that_cannot_be_is_refused(graph: Graph, id: str, low: float, high: float, said: str) -> None:
    with pytest.raises(EditRefused, match=said):
        edits.set_slider(graph, id, low, high)


def test_it_goes_with_its_node(graph: Graph) -> None:
    after = with_slider(graph)
    renamed = Document(after).after(edits.rename(after, "w", "v"))
    assert slider_of(renamed, "v") == (-1, 2) and slider_of(renamed, "w") is None
    deleted = Document(after).after(edits.delete(after, ["w"]))
    assert "view" not in deleted.facts
    back = deleted.apply(edits.delete(after, ["w"]).inverse)
    assert back == after and slider_of(back, "w") == (-1, 2)


def test_copies_have_it_too(graph: Graph) -> None:
    after = with_slider(graph)
    fragment = edits.cut_out(after, ["w"])
    for target, name in ((Graph(), "w"), (after, "w2"), (graph, "w2")):
        pasted = Document(target).after(edits.paste(target, fragment, (0, 0)))
        new = next(id for id in pasted.nodes if id not in target.nodes)
        assert slider_of(pasted, new) == (-1, 2), name
    twice = Document(after).after(edits.duplicate(after, ["w"], (20, 20)))
    assert len([id for id in twice.nodes if slider_of(twice, id)]) == 2


def test_a_value_beyond_it_is_legal_and_an_array_hides_it(graph: Graph) -> None:
    after = with_slider(graph)
    beyond = Document(after).after(edits.set_value(after, "w", 99))
    assert slider_of(beyond, "w") == (-1, 2)
    tensor = Document(after).after(edits.set_value(after, "w", [1, 2]))
    assert slider_of(tensor, "w") is None
    scalar = Document(tensor).after(edits.set_value(tensor, "w", 1))
    assert slider_of(scalar, "w") == (-1, 2)
