"""The file format: what is written is read back to the same bits, and each flaw is refused with its place."""

from __future__ import annotations

import gc
import json
import math
import os
import weakref

import numpy as np
import pytest
from hypothesis import given

from engine import edits
from engine.errors import FileError
from engine.files import codec
from engine.files.codec import decode, encode, migrated, to_record
from engine.graph.graph import Graph
from engine.graph.grouping import Group, Note, Region
from engine.graph.records import Edge, Node
from engine.ops.op import OPS, get_op
from engine.passes.run import run
from engine.values.values import as_value
from tests.building import graph_of, xyz
from tests.engine.random_graphs import graphs

DESIGN = """\
{
  "format": "gradloom",
  "version": 1,
  "title": "CS231n: (x + y) z",
  "target": "f",
  "nodes": [
    {"id": "x", "op": "input", "value": -2.0, "pos": [0, 0]},
    {"id": "y", "op": "input", "value": 5.0, "pos": [0, 120]},
    {"id": "z", "op": "parameter", "value": -4.0, "pos": [0, 240]},
    {"id": "q", "op": "add", "pos": [220, 60]},
    {"id": "f", "op": "mul", "label": "out", "pos": [440, 140]}
  ],
  "edges": [
    {"from": "x", "to": "q", "port": 0},
    {"from": "y", "to": "q", "port": 1},
    {"from": "q", "to": "f", "port": 0},
    {"from": "z", "to": "f", "port": 1}
  ]
}
"""


def record() -> dict:
    return json.loads(DESIGN)


def test_the_example_of_the_design_reads_runs_and_writes_the_same_text():
    graph = decode(DESIGN)
    assert run(graph).gradient("q") == -4
    assert encode(graph) == DESIGN


@given(graphs())
def test_any_graph_reads_back_the_same(graph):
    text = encode(graph)
    again = decode(text)
    assert again == graph
    assert list(again.nodes) == list(graph.nodes)
    assert encode(again) == text


def test_values_read_back_to_the_same_bits():
    awkward = [-0.0, 5e-324, 0.1, 1e22, math.pi, -math.inf, math.inf, math.nan, 1 / 3, 1e300]
    graph = graph_of(("x", "input", awkward), ("y", "input", -0.0), ("z", "input", [[math.nan], [2]]))
    again = decode(encode(graph))
    for id, node in graph.nodes.items():
        assert again.nodes[id].value.tobytes() == node.value.tobytes()


def test_whole_floats_keep_their_point_and_places_do_not():
    line = next(line for line in encode(decode(DESIGN)).splitlines() if '"x"' in line)
    assert line == '    {"id": "x", "op": "input", "value": -2.0, "pos": [0, 0]},'


def test_non_finite_numbers_are_text():
    graph = graph_of(("x", "input", [math.inf, math.nan]), ("y", "input", -math.inf))
    written = json.loads(encode(graph), parse_constant=lambda name: pytest.fail(name))
    assert written["nodes"][0]["value"] == ["inf", "nan"]
    assert written["nodes"][1]["value"] == "-inf"


def test_what_is_at_its_default_is_not_written():
    written = to_record(Graph.of([Node("x", "input")]))
    assert written == {
        "format": "gradloom", "version": 1, "nodes": [{"id": "x", "op": "input", "pos": [0, 0]}], "edges": [],
    }  # fmt: skip


def test_facts_read_back():
    graph = Graph.of(
        [Node("x", "input", as_value(1))], title="É “x”", target="x", seed=10.0,
        groups=(Group("g1", "layer", ("x",), folded=True, pos=(0.1, -3.0)),),
        regions=(Region("r1", "box", "red", (1.5, 2.0), (99.0, 44.0)), Region("r2")),
        notes=(Note("n1", "one\n  two", (3.0, 4.0)), Note("n2", "three", width=80.0)),
        training={"optimizer": "sgd", "lr": 0.1}, view={"zoom": 1.5},
    )  # fmt: skip
    again = decode(encode(graph))
    assert again == graph
    assert encode(again).count("\n    {") == 6  # a node, and all boxes, each on its line


def test_the_name_of_a_file_that_is_no_text_reads_back_to_the_same_bytes():
    named = (("name", "csv"), ("path", os.fsdecode(b"/data/caf\xe9.csv")))
    graph = Graph.of([Node("d", "dataset", settings=named)])
    assert decode(encode(graph).encode("utf-8")) == graph


def test_a_source_with_several_outputs_says_which():
    graph = Graph.of([Node("d", "dataset"), Node("y", "neg")], [Edge("d", "y", 0, output=1)])
    assert '{"from": "d", "to": "y", "port": 0, "output": 1}' in encode(graph)
    assert decode(encode(graph)).edges["y", 0].output == 1


def test_without_any_places_the_nodes_are_laid_out():
    data = record()
    for node in data["nodes"]:
        del node["pos"]
    graph = codec.from_record(data)
    assert len({node.pos for node in graph.nodes.values()}) == 5
    assert graph.nodes["x"].pos[0] < graph.nodes["q"].pos[0] < graph.nodes["f"].pos[0]


# --- refusals


def change(*path, to):
    """A copy of the design's record in which the value at `path` is another one."""
    data = record()
    place = data
    for key in path[:-1]:
        place = place[key]
    if to is ...:
        del place[path[-1]]
    elif path[-1] == "+":
        place.append(to)
    else:
        place[path[-1]] = to
    return data


REFUSED = [
    (change("edges", 3, "to", to="q2"), "$.edges[3].to", "there is no node “q2”"),
    (change("edges", 0, "from", to="nix"), "$.edges[0].from", "there is no node “nix”"),
    (change("nodes", 1, "id", to="x"), "$.nodes[1].id", "there is already a node “x”"),
    (change("nodes", 1, "id", to="2x"), "$.nodes[1].id", "cannot be an id"),
    (change("nodes", 1, "id", to="x\n"), "$.nodes[1].id", "cannot be an id"),
    (change("nodes", 1, "id", to=""), "$.nodes[1].id", "cannot be an id"),
    (change("nodes", 1, "id", to=7), "$.nodes[1].id", "expected text, got a whole number"),
    (change("nodes", 1, "op", to=...), "$.nodes[1]", "the key “op” is missing"),
    (change("nodes", 1, to="x"), "$.nodes[1]", "expected an object, got text"),
    (change("nodes", 1, "colour", to="red"), "$.nodes[1]", "does not know the key “colour”"),
    (change("nodes", 3, "value", to=2), "$.nodes[3].value", "computed from its inputs"),
    (change("nodes", 0, "value", to="abc"), "$.nodes[0].value", "there must be a number"),
    (change("nodes", 0, "value", to=True), "$.nodes[0].value", "there must be a number"),
    (change("nodes", 0, "value", to=[1, [2]]), "$.nodes[0].value[1]", "the same length"),
    (change("nodes", 0, "value", to=[[1, 2], [3, None]]), "$.nodes[0].value[1][1]", "there must be a number"),
    (change("nodes", 0, "value", to=[]), "$.nodes[0].value", "an empty list"),
    (change("nodes", 0, "value", to=[[], []]), "$.nodes[0].value[0]", "an empty list"),
    (change("nodes", 0, "value", to=10**400), "$.nodes[0].value", "too large"),
    (change("nodes", 0, "pos", to=[0]), "$.nodes[0].pos", "length 2"),
    (change("nodes", 0, "pos", to=[0, "a"]), "$.nodes[0].pos[1]", "expected a number, got text"),
    (change("nodes", 0, "pos", to=[0, math.inf]), "$.nodes[0].pos[1]", "finite"),
    (change("nodes", 3, "settings", to={"half": True}), "$.nodes[3].settings.half", "add has no setting “half”"),
    (change("nodes", 3, "settings", to=[]), "$.nodes[3].settings", "expected"),
    (change("edges", 1, "port", to=0), "$.edges[1].port", "two edges end at port 0 of “q”"),
    (change("edges", 1, "port", to=-1), "$.edges[1].port", "no port −1: ports are counted from 0"),
    (change("edges", 1, "port", to=True), "$.edges[1].port", "expected a whole number"),
    (change("edges", 3, "port", to=2), "$.edges[3].port", "“f” (mul) has no port 2: it has 2 ports"),
    (change("edges", 1, "port", to=2), "$.edges[1].port", "leaves a gap"),
    (change("edges", 0, "output", to=1), "$.edges[0].output", "“x” has no output 1"),
    (change("edges", 0, "to", to="y"), "$.edges[0].to", "“y” is a leaf (input)"),
    (change("edges", 0, "from", to="f"), "$.edges[2]", "closes a loop: q → f → q"),
    (change("edges", 0, "from", to="q"), "$.edges[0]", "closes a loop: q → q"),
    (change("edges", 0, "weight", to=1), "$.edges[0]", "does not know the key “weight”"),
    (change("edges", to={}), "$.edges", "expected a list, got an object"),
    (change("nodes", to=...), "$", "the key “nodes” is missing"),
    (change("target", to="g"), "$.target", "there is no node “g”"),
    (change("target", to=1), "$.target", "expected text or null"),
    (change("seed", to="ten"), "$.seed", "there must be a number"),
    (change("regions", to=[1]), "$.regions[0]", "expected an object"),
    (change("author", to="me"), "$", "does not know the key “author”"),
    (change("format", to="gradient"), "$.format", "not a Gradloom file"),
    (change("edges", 0, "\ud800", to=1), "$", "a key holds a character that cannot be shown or saved"),
    (change("version", to=5), "$.version", "newer Gradloom"),
    (change("version", to=0), "$.version", "whole number from 1"),
    (change("version", to="1"), "$.version", "whole number from 1"),
    (change("version", to=True), "$.version", "whole number from 1"),
    (change("version", to=...), "$.version", "whole number from 1"),
    ([], "$.format", "not a Gradloom file"),
]


@pytest.mark.parametrize(("data", "where", "words"), REFUSED, ids=[f"{w}: {s}" for _, w, s in REFUSED])
def test_a_flaw_is_refused_with_its_place(data, where, words):
    with pytest.raises(FileError) as refused:
        codec.from_record(data)
    assert refused.value.where == where
    assert words in refused.value.sentence
    assert "`" not in refused.value.sentence


def test_a_setting_of_the_wrong_kind_is_refused_at_its_place():
    data = record()
    data["nodes"] += [{"id": "L", "op": "squared_error", "settings": {"half": 1}, "pos": [0, 0]}]
    with pytest.raises(FileError, match=r"\$\.nodes\[5\]\.settings\.half: .* must be a value like True, not 1"):
        codec.from_record(data)


def test_a_value_has_32_axes_at_the_most():
    with pytest.raises(FileError, match="at most 32 axes"):
        codec.read_value(np.zeros((1,) * 33).tolist())
    assert codec.read_value(np.zeros((1,) * 32).tolist()).ndim == 32


def test_a_long_loop_is_named_from_end_to_end():
    rows = [("x", "input", 1), ("n0", "add", ["x", "n49"])] + [(f"n{i}", "neg", [f"n{i - 1}"]) for i in range(1, 50)]
    with pytest.raises(FileError) as refused:
        decode(encode(graph_of(*rows)))
    assert refused.value.sentence == "this edge closes a loop: n0 → n1 → n2 → n3 → … → n47 → n48 → n49 → n0"
    assert len(refused.value.ids) == 50


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "the file is empty"),
        (b" \n\t ", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8"),
        (b"PK\x03\x04", "does not begin with"),
        ("é".encode("latin-1"), "byte 1"),
        (b"[1, 2]", "does not begin with"),
        (b"{", "line 1, column 2: this is not valid JSON"),
        (b'{"a": "cut', "line 1, column 7: this is not valid JSON: unterminated string$"),
        (b'{"a": "two\nlines"}', "line 1, column 11: this is not valid JSON: invalid control character$"),
        (b'{"format": "gradloom",\n "version" 1}', "line 2, column 12"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b'{"a": -Infinity}', '"-inf"'),
        (b'{"a": -1e999}', "-1e999 is too large for a 64-bit float"),
        (b'{"a": [1, {"b": [[0.5, 2], [1e400, 3]]}]}', "1e400 is too large for a 64-bit float"),
        (b'{"a": 1, "b": 2, "a": 3}', "the key “a” appears twice"),
        (b'{"a": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "too many digits"),
        (b"{" + b" " * 10_000_000, "not valid JSON"),
        (b"{}", "format is not"),
        (b"null", "does not begin with"),
    ],
)
def test_what_is_no_file_of_ours_is_refused_with_a_sentence(text, words):
    with pytest.raises(FileError, match=words.replace("[", r"\[")):
        decode(text)


def test_a_byte_order_mark_is_no_harm():
    assert decode(DESIGN.encode("utf-8-sig")) == decode(DESIGN)


# --- versions


def test_older_versions_are_lifted_one_by_one():
    steps = {1: lambda r: {**r, "title": r["name"]}, 2: lambda r: {k: v for k, v in r.items() if k != "name"}}
    lifted = migrated({"format": "gradloom", "version": 1, "name": "old"}, steps, version=3)
    assert lifted == {"format": "gradloom", "version": 3, "title": "old"}


def test_a_record_is_not_changed_by_being_read():
    data = record()
    codec.from_record(data)
    assert data == record()


@pytest.mark.parametrize("version", range(1, codec.VERSION + 1))
def test_every_version_up_to_this_one_is_read(version):
    assert decode(DESIGN.replace('"version": 1', f'"version": {version}')) == decode(DESIGN)


def test_every_version_before_this_one_has_its_step():
    assert set(codec.MIGRATIONS) == set(range(1, codec.VERSION))


# --- operations of a newer version

NEWER = '{"id": "n", "op": "lstm", "label": "memory", "cells": 3, "value": {"deep": [1, null]}, "pos": [1.5, 2]}'


def with_unknown_op() -> str:
    return DESIGN.replace('{"id": "q", "op": "add", "pos": [220, 60]}', NEWER.replace('"n"', '"q"'))


def test_an_unknown_op_opens_as_a_placeholder_and_is_written_as_it_was():
    graph = decode(with_unknown_op())
    node = graph.nodes["q"]
    assert (node.op.known, node.op_name, node.label, node.pos) == (False, "lstm", "memory", (1.5, 2.0))
    assert graph.edges["q", 1].source == "y"
    assert encode(graph) == with_unknown_op()


def test_an_unknown_op_that_was_moved_renamed_and_labelled_keeps_the_rest():
    graph = decode(with_unknown_op())
    graph = graph.apply(edits.rename(graph, "q", "m"))
    graph = graph.apply(edits.move_nodes(graph, {"m": (8, 12)}))
    graph = graph.apply(edits.set_label(graph, "m", "cell"))
    written = next(node for node in to_record(graph)["nodes"] if node["id"] == "m")
    assert written == {
        "id": "m", "op": "lstm", "cells": 3, "value": {"deep": [1, None]}, "label": "cell", "pos": [8, 12],
    }  # fmt: skip
    assert encode(decode(encode(graph))) == encode(graph)


def test_an_op_that_became_known_is_checked_like_any_other(monkeypatch):
    text = with_unknown_op()
    monkeypatch.setitem(OPS, "lstm", OPS["add"])
    with pytest.raises(FileError, match="does not know the key “cells”"):
        decode(text)


def test_ops_that_nobody_knows_are_not_kept_for_ever():
    known = weakref.ref(get_op("lstm_of_a_file"))
    for number in range(2000):
        get_op(f"unknown_{number}")
    gc.collect()
    assert known() is None


def test_a_placeholder_still_needs_an_id_and_a_place():
    with pytest.raises(FileError, match=r"\$\.nodes\[3\]\.pos\[0\]"):
        decode(with_unknown_op().replace("[1.5, 2]", '["a", 2]'))


# --- speed


def test_millions_of_numbers_are_not_looked_at_one_by_one(monkeypatch):
    monkeypatch.setattr("engine.values.json_text._finite", lambda text: pytest.fail("a call for each number"))
    monkeypatch.setattr("engine.values.json_text.math.isfinite", lambda number: pytest.fail("a call for each number"))
    values = as_value(np.random.default_rng(0).normal(size=(50, 40)) * 1e300)
    graph = Graph({"x": Node("x", "input", values)})
    assert decode(encode(graph)).nodes["x"].value.tobytes() == values.tobytes()


# --- sameness


def test_a_saved_graph_runs_to_the_same_bits_whatever_the_order_of_its_edits():
    graph = xyz()
    shuffled = Graph(graph.nodes, dict(reversed(graph.edges.items())), graph.facts)
    assert encode(shuffled) == encode(graph)
    assert run(shuffled).steps == run(decode(encode(shuffled))).steps


def test_ten_thousand_nodes_read_back():
    rows = [("x", "input", np.arange(3.0))] + [(f"n{i}", "tanh", [f"n{i - 1}" if i else "x"]) for i in range(10_000)]
    graph = graph_of(*rows, target="n9999")
    again = decode(encode(graph))
    assert again == graph
    assert len(run(again)) == len(run(graph))
