"""Which node is in which group, what a group is seen as, what crosses it; and what a table of groups may be."""

import json
from dataclasses import replace

import pytest

from engine.errors import EditRefused, FileError
from engine.files.codec import decode, encode
from engine.graph.comparison import differences
from engine.graph.graph import Graph
from engine.graph.grouping import Group, Note, Region
from engine.graph.records import Edge
from engine.session import Session
from tests.building import chain, graph_of, xyz


def grouped(*groups: Group, graph: Graph | None = None, **facts: object) -> Graph:
    base = graph or xyz()
    return replace(base, facts=base.facts | {"groups": groups} | facts)


NESTED = grouped(Group("outer", "Outer", ("f",)), Group("inner", "Inner", ("q",), "outer", folded=True))


def test_a_node_has_a_chain_of_groups_and_a_group_all_its_nodes():
    asked = NESTED.grouping
    assert asked.home == {"f": "outer", "q": "inner"}
    assert asked.chain("q") == ("outer", "inner") and asked.chain("f") == ("outer",) and asked.chain("x") == ()
    assert asked.within("outer") == {"f", "q"} and asked.within("inner") == {"q"}
    assert asked.children == {None: ("outer",), "outer": ("inner",)} and asked.subgroups("outer") == ("outer", "inner")


def test_a_node_is_seen_as_the_outermost_folded_group():
    assert [NESTED.grouping.shown_as(id) for id in ("q", "f", "x")] == ["inner", None, None]
    both = grouped(*(replace(group, folded=True) for group in NESTED.groups.values())).grouping
    assert both.shown_as("q") == "outer" and both.folded_chain("q") == ("outer", "inner")
    assert both.is_seen("outer") and not both.is_seen("inner") and NESTED.grouping.is_seen("inner")


def test_what_crosses_a_group_is_its_inputs_and_outputs():
    crossing = NESTED.crossing("inner")
    assert crossing.into == (Edge("x", "q", 0), Edge("y", "q", 1)) and crossing.out_of == (Edge("q", "f", 0),)
    assert crossing.inputs == (("x", 0), ("y", 0)) and crossing.outputs == (("q", 0),)
    assert NESTED.crossing("outer").inputs == (("x", 0), ("y", 0), ("z", 0)) and not NESTED.crossing("outer").outputs


def test_answers_follow_the_graph():
    session = Session(NESTED)
    assert session.document.graph.crossing("inner").inputs == (("x", 0), ("y", 0))
    cut = Graph(NESTED.nodes, {k: e for k, e in NESTED.edges.items() if k != ("q", 1)}, NESTED.facts)
    session.edit(lambda now: now.change_to(cut))
    assert session.document.graph.crossing("inner").inputs == (("x", 0),)


FLAWS = [
    (grouped(Group("g", "", ("x", "nix"))), "$.groups[0].nodes[1]", "there is no node “nix”"),
    (grouped(Group("g", "A", ("x",)), Group("h", "", ("x",))), "$.groups[1].nodes[0]", "is in the group “A” already"),
    (grouped(Group("g", "", ("x", "x"))), "$.groups[0].nodes[1]", "already"),
    (grouped(Group("g", "", ("x",)), Group("g", "", ("y",))), "$.groups[1].id", "already one with the id “g”"),
    (grouped(Group("2g", "", ("x",))), "$.groups[0].id", "cannot be an id"),
    (grouped(Group("g", "", ("x",), "nix")), "$.groups[0].parent", "no group “nix”"),
    (grouped(Group("g", "", ("x",), "g")), "$.groups[0].parent", "in itself"),
    (grouped(Group("g", "", ("x",), "h"), Group("h", "", (), "g")), "$.groups[0].parent", "in itself"),
    (grouped(Group("g", "", ("x",)), Group("h", "", ())), "$.groups[1].nodes", "at least one node"),
    (grouped(Group("g", "a\nb", ("x",))), "$.groups[0].title", "U+000A"),
    (grouped(Group("g", "", ("x",), pos=(0.0, float("nan")))), "$.groups[0].pos[1]", "finite"),
    (grouped(Group("g", "", ("x",), pos=(2e8, 0.0))), "$.groups[0].pos[0]", "must lie between"),
    (grouped(Group("g", "A", ("x", "f"), folded=True)), "$.groups", "close a circle: A → q → A"),
    (grouped(regions=(Region("r", colour="puce"),)), "$.regions[0].colour", "not “puce”"),
    (grouped(regions=(Region("r", size=(0.0, 5.0)),)), "$.regions[0].size[0]", "between 1 and"),
    (grouped(notes=(Note("n", "a\0"),)), "$.notes[0].text", "U+0000"),
    (grouped(notes=(Note("n", "a", width=float("inf")),)), "$.notes[0].width", "finite"),
]  # fmt: skip
NAMED = pytest.mark.parametrize(("graph", "where", "words"), FLAWS, ids=[f"{w}: {s}" for _, w, s in FLAWS])


@NAMED
def test_a_flaw_is_found_and_has_its_place(graph, where, words):
    with pytest.raises(FileError) as refused:
        encode(graph)
    assert refused.value.where == where and words in refused.value.sentence


@NAMED
def test_no_flaw_comes_in_by_a_change_or_a_file(graph, where, words):
    session = Session(xyz())
    with pytest.raises(EditRefused):
        session.edit(lambda now: now.change_to(graph))
    assert session.document.graph == xyz() and not session.document.modified


def test_a_file_says_where_a_group_is_wrong():
    record = json.loads(encode(NESTED))
    for change, where in (
        ({"nodes": ["nix"]}, "$.groups[1].nodes[0]"), ({"parent": "nix"}, "$.groups[1].parent"),
        ({"colour": "red"}, "$.groups[1]"), ({"folded": 1}, "$.groups[1].folded"), ({"pos": [0]}, "$.groups[1].pos"),
    ):  # fmt: skip
        record["groups"][1] = {"id": "inner", "nodes": ["q"]} | change
        with pytest.raises(FileError) as refused:
            decode(json.dumps(record))
        assert refused.value.where == where


def test_a_group_without_a_place_stands_in_the_middle_of_its_nodes():
    record = json.loads(encode(grouped(Group("g", "", ("q", "f")))))
    del record["groups"][0]["pos"]
    for node, pos in zip(record["nodes"], [[0, 0], [0, 9], [9, 0], [200, 40], [400, 80]], strict=True):
        node["pos"] = pos
    assert decode(json.dumps(record)).groups["g"].pos == (300, 60)


def test_what_an_older_version_called_regions_becomes_a_box_round_its_nodes():
    record = json.loads(encode(xyz())) | {"regions": [{"title": "layer", "nodes": ["x", "y"]}, {"title": "none"}]}
    record["nodes"][1]["pos"] = [100, 300]
    regions = decode(json.dumps(record)).regions
    assert regions["r1"] == Region("r1", "layer", "grey", (-40.0, -40.0), (320.0, 464.0))
    assert regions["r2"].title == "none"


def test_groups_that_are_folded_across_each_other_close_a_circle_whatever_they_lie_in():
    crossed = graph_of(
        ("x", "input", 1), ("a", "neg", ["x"]), ("b", "neg", ["x"]), ("c", "neg", ["a"]), ("d", "neg", ["b"])
    )
    ring = (Group("p", "P", ("a", "d"), "all"), Group("q", "Q", ("b", "c"), "all"), Group("all", "All", ()))
    for folded in (("p", "q"), ("p", "q", "all")):
        table = (replace(group, folded=group.id in folded) for group in ring)
        with pytest.raises(FileError, match=r"close a circle: [PQ] → [PQ] → [PQ]"):
            encode(grouped(*table, graph=crossed))
    for folded in (("p",), ("q", "all")):
        encode(grouped(*(replace(group, folded=group.id in folded) for group in ring), graph=crossed))


def test_the_differences_are_told():
    after = grouped(
        Group("outer", "Layer", ("f", "z")), Group("inner", "Inner", ("q",), folded=False, pos=(1.0, 0.0)),
        regions=(Region("r", "Box"),), notes=(Note("n", "Hello\nyou"),),
    )  # fmt: skip
    assert differences(NESTED, after) == [
        "The group “Outer” is now called “Layer”.",
        "The group “Layer” holds z now.",
        "The group “Inner” is open now.",
        "The group “Inner” is in no other group now.",
        "The region “Box” was added.",
        "The note “Hello you” was added.",
        "The group “Inner” stands elsewhere.",
    ]
    assert differences(after, NESTED)[-2:] != [] and differences(after, after) == []


def test_a_long_chain_of_groups_is_refused_and_no_recursion_fails():
    deep = [Group(f"g{i}", "", ("n0",) if i == 199 else (), f"g{i - 1}" if i else None) for i in range(200)]
    with pytest.raises(FileError, match="64 deep"):
        encode(grouped(*deep, graph=chain(2)))
