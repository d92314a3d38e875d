"""A save decodes what it has written before it replaces anything."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest

import engine
from engine.errors import FileError
from engine.files import proof
from engine.files.codec import encode
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from tests.building import xyz


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "a.gradloom"
    engine.save(xyz(), made)
    return made


def leaf(id: str = "x", value: object = 1.0, **more) -> Node:
    return Node(id, "input", as_value(value), **more)


def deep(levels: int) -> list:
    nested: list = []
    for _ in range(levels):
        nested = [nested]
    return nested


TWO = [leaf("a"), leaf("b")]
UNSAVEABLE = {
    "place": (Graph.of([leaf(pos=(math.inf, 0.0))]), "node “x”", ("x",)),
    "id": (Graph.of([leaf("a"), Node("two words", "add")]), "node “two words”", ("two words",)),
    "value of an op": (Graph.of([Node("q", "add", as_value(2.0), label="sum")]), "node “sum” (q)", ("q",)),
    "setting": (Graph.of([Node("s", "sum", settings=(("axis", object()),))]), "node “s”", ("s",)),
    "port": (Graph.of([*TWO, Node("s", "sub")], [Edge("a", "s", 0), Edge("b", "s", 7)]), "node “s”", ("s",)),
    "edge": (Graph.of([leaf("a"), Node("s", "neg")], [Edge("gone", "s", 0)]), "node “s”", ("s",)),
    "target": (Graph.of(TWO, target="c"), "the target of this document", ()),
    "view": (Graph.of(TWO, view={"nested": deep(100_000)}), "the view of this document", ()),
    "loop": (Graph.of([Node("a", "neg"), Node("b", "neg")], [Edge("a", "b", 0), Edge("b", "a", 0)]), "node", None),
}


@pytest.mark.parametrize("name", UNSAVEABLE)
def test_what_would_not_open_again_is_refused_by_name_and_the_file_stays(path, name):
    graph, said, ids = UNSAVEABLE[name]
    before = path.read_bytes()
    with pytest.raises(FileError) as refused:
        engine.save(graph, path)
    assert said in refused.value.sentence and "a.gradloom" in refused.value.sentence
    assert "\n" not in refused.value.sentence and len(refused.value.sentence) < 300
    assert ids is None or refused.value.ids == ids
    assert path.read_bytes() == before and [other.name for other in path.parent.iterdir()] == ["a.gradloom"]


def test_a_writer_that_forgets_something_is_found_out(path, monkeypatch):
    """Not only what does not open: also what opens as something else."""
    monkeypatch.setattr(proof, "encode", lambda graph: encode(xyz()))
    with pytest.raises(FileError, match="node “x” cannot be saved: it would come back as something else"):
        engine.save(
            Graph.of([leaf(value=-3.0), *list(xyz().nodes.values())[1:]], xyz().edges.values(), target="f"), path
        )


NANS = [struct.unpack("<d", bits.to_bytes(8, "little"))[0] for bits in (0x7FF8 << 48, 0xFFF8 << 48, 0x7FF8000000000001)]


@pytest.mark.parametrize(
    "value", [*NANS, -0.0, math.inf, 5e-324, 0.1 + 0.2, [NANS[1], -0.0, 1e308], np.zeros((2, 1, 3))]
)
def test_every_number_that_a_leaf_can_hold_is_saved(path, value):
    engine.save(Graph.of([leaf(value=value)]), path)
    again = engine.load(path).nodes["x"].value
    np.testing.assert_array_equal(again, as_value(value))
    assert (np.signbit(again) == np.signbit(as_value(value)))[~np.isnan(again)].all()


def test_a_node_of_a_newer_version_is_saved(path):
    raw = {"extra": [1, {"deep": None}]}
    new = Node("n", "not_yet", pos=(30.0, 4.0), raw=raw)
    engine.save(Graph.of([new, leaf()], view={"zoom": [1, 2]}, seed=2), path)
    assert engine.load(path).nodes["n"].raw == raw
