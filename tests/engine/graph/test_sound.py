"""What a graph may be: nothing else comes in by any door, and what came in can be saved and opened again."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from engine import edits
from engine.errors import EditRefused, FileError, TextError
from engine.files import codec
from engine.files.codec import decode, encode
from engine.graph.change import Change
from engine.graph.document import Document
from engine.graph.graph import Graph
from engine.graph.grouping import Region
from engine.graph.records import Edge, Node
from engine.graph.sound import MOST_EDGES, MOST_GATHERED, MOST_NODES, MOST_PORTS, flaw_after, flaw_of
from engine.graph.sound_facts import FARTHEST
from engine.session import Session
from engine.text.read import parse
from engine.values.plain import DEEPEST, LONGEST_ID, LONGEST_TEXT, MOST_CARRIED
from engine.values.values import as_value
from tests.building import xyz


def nested(depth: int) -> list:
    return [nested(depth - 1)] if depth else []


def with_node(**parts) -> Graph:
    """The product of CS231n with a node of its changed by hand, as no edit would."""
    graph = xyz()
    id = parts.pop("at", "x")
    return Graph({**graph.nodes, id: replace(graph.nodes[id], **parts)}, graph.edges, graph.facts)


def with_edges(*edges: Edge, **nodes: Node) -> Graph:
    graph = xyz()
    return Graph({**graph.nodes, **nodes}, {**graph.edges, **{e.key: e for e in edges}}, graph.facts)


def with_facts(**facts) -> Graph:
    graph = xyz()
    return Graph(graph.nodes, graph.edges, {**graph.facts, **facts})


UNKNOWN = Node("u", "lstm", rank=9)
ADD = Node("p", "add", rank=9)

FLAWS = [
    (with_node(pos=(1e308, 0.0)), "$.nodes[0].pos[0]", "a position must lie between −100,000,000 and 100,000,000"),
    (with_node(pos=(0.0, -FARTHEST * 1.01)), "$.nodes[0].pos[1]", "a position must lie between"),
    (with_node(pos=(0.0, math.nan)), "$.nodes[0].pos[1]", "a position must be a finite number"),
    (with_node(pos=(math.inf, 0.0)), "$.nodes[0].pos[0]", "a position must be a finite number"),
    (with_node(label="a\ud800b"), "$.nodes[0].label", "U+D800"),
    (with_node(label="two\nlines"), "$.nodes[0].label", "U+000A"),
    (with_node(label="a\u202eb"), "$.nodes[0].label", "U+202E"),
    (with_node(label="a\x00b"), "$.nodes[0].label", "U+0000"),
    (with_node(label="a\uffffb"), "$.nodes[0].label", "U+FFFF"),
    (with_node(label="a\u2028b"), "$.nodes[0].label", "U+2028"),
    (with_node(label="a" * (LONGEST_TEXT + 1)), "$.nodes[0].label", "too long: 1,001 characters"),
    (with_node(at="q", value=as_value(1)), "$.nodes[3].value", "computed from its inputs"),
    (with_node(value=np.zeros((0,))), "$.nodes[0].value", "an empty list"),
    (with_node(value=np.broadcast_to(0.0, (10_000_001,))), "$.nodes[0].value", "at most 10,000,000 elements"),
    (with_node(value=np.zeros((1,) * 33)), "$.nodes[0].value", "at most 32 axes"),
    (with_node(settings=(("half", True),)), "$.nodes[0].settings.half", "input has no setting “half”"),
    (with_node(raw={"a": 1}), "$.nodes[0]", "nothing else can be kept"),
    (with_edges(u=replace(UNKNOWN, raw={"a": nested(DEEPEST)})), "$.nodes[5].a" + "[0]" * (DEEPEST - 1), "32 deep"),
    (with_edges(u=replace(UNKNOWN, raw={"a": "\ud800"})), "$.nodes[5].a", "half a surrogate pair"),
    (with_edges(u=replace(UNKNOWN, raw={"a": 2**63})), "$.nodes[5].a", "64 bits"),
    (with_edges(u=replace(UNKNOWN, raw={"a": math.nan})), "$.nodes[5].a", "finite"),
    (with_edges(u=replace(UNKNOWN, raw={"id": "v"})), "$.nodes[5]", "nothing else can be kept"),
    (with_edges(u=replace(UNKNOWN, op_name="a\nb")), "$.nodes[5].op", "U+000A"),
    (with_edges(Edge("x", "u", MOST_PORTS), u=UNKNOWN), "$.edges[4].port", "has no port 1000"),
    (with_edges(Edge("x", "u", 2**70), u=UNKNOWN), "$.edges[4].port", "has no port"),
    (with_edges(Edge("u", "q", 0, MOST_PORTS), u=UNKNOWN), "$.edges[0].output", "has no output"),
    (with_edges(Edge("x", "q", -1)), "$.edges[4].port", "no port −1: ports are counted from 0"),
    (with_edges(Edge("x", "f", -1)), "$.edges[4].port", "no port −1: it has 2 ports, counted from 0"),
    (with_edges(Edge("x", "p", MOST_PORTS), p=ADD), "$.edges[4].port", "at most 1,000 are kept, counted from 0"),
    (with_edges(Edge("x", "q", 0, -1)), "$.edges[0].output", "no output −1"),
    (with_edges(Edge("x", "p", 2), p=ADD), "$.edges[4].port", "leaves a gap"),
    (with_edges(Edge("f", "q", 0)), "$.edges[2]", "closes a loop"),
    (with_edges(Edge("nix", "q", 0)), "$.edges[0].from", "no node “nix”"),
    (with_facts(title=5), "$.title", "must be text"),
    (with_facts(title="a\tb"), "$.title", "U+0009"),
    (with_facts(target="nix"), "$.target", "no node “nix”"),
    (with_facts(target={"a": 1}), "$.target", "there is no node"),
    (with_facts(seed=math.nan), "$.seed", "finite"),
    (with_facts(seed=math.inf), "$.seed", "finite"),
    (with_facts(seed=True), "$.seed", "finite"),
    (with_facts(view={"": nested(DEEPEST)}), '$.view[""]' + "[0]" * (DEEPEST - 1), "32 deep"),
    (with_facts(view={"a.b": nested(DEEPEST)}), '$.view["a.b"]' + "[0]" * (DEEPEST - 1), "32 deep"),
    (with_facts(view={"a": nested(DEEPEST)}), "$.view.a" + "[0]" * (DEEPEST - 1), "32 deep"),
    (with_facts(view={"a": {1: 2}}), "$.view.a", "must be text"),
    (with_facts(view={"a": (1, 2)}), "$.view.a", "tuple is nothing that a file can hold"),
    (with_facts(view={"a": "x" * (MOST_CARRIED + 1)}), "$.view", "too much"),
    (with_facts(view=[1]), "$.view", "an object"),
    (with_facts(training={"lr": math.inf}), "$.training.lr", "finite"),
    (with_facts(training={"epochs": 10**5000}), "$.training.epochs", "64 bits"),
    (with_facts(regions=(Region("r1", "\udfff"),)), "$.regions[0].title", "U+DFFF"),
    (with_facts(regions=(1,)), "$.regions", "a list of regions"),
    (with_facts(example={"group": 5}), "$.example", "has a group"),
    (with_facts(example={"group": "a\0"}), "$.example.group", "U+0000"),
    (with_facts(author="me"), "$.author", "a document has no “author”"),
]  # fmt: skip
NAMED = pytest.mark.parametrize(("graph", "where", "words"), FLAWS, ids=[f"{w[:30]}: {s}" for _, w, s in FLAWS])


@NAMED
def test_a_flaw_is_found_and_has_its_place_in_a_file(graph, where, words):
    with pytest.raises(FileError) as refused:
        encode(graph)
    assert refused.value.where == where
    assert words in refused.value.sentence
    assert len(str(refused.value)) < 300


@NAMED
def test_no_flaw_comes_in_by_a_change(graph, where, words):
    """However a change is made that leads to it: the open document stays as it was, and its history too."""
    session = Session(xyz())
    before = session.document.graph
    with pytest.raises(EditRefused) as refused:
        session.edit(lambda now: now.change_to(graph))
    assert words.lower() in refused.value.sentence.lower() and refused.value.sentence.endswith(".")
    assert session.document.graph is before and not session.document.modified
    assert isinstance(session.why_not(lambda now: now.change_to(graph)), EditRefused)
    assert run_to_bits(session) == run_to_bits(Session(xyz()))


@NAMED
def test_no_flaw_comes_in_by_loading(graph, where, words):
    document = Document(xyz())
    with pytest.raises(EditRefused):
        document.load(graph)
    assert document.graph == xyz()
    with pytest.raises(EditRefused):
        Document(graph)


def run_to_bits(session: Session) -> list:
    return [(step.id if hasattr(step, "id") else repr(step)) for step in session.now.trace.steps]


def test_a_node_that_goes_must_take_its_edges_and_the_target_with_it():
    graph = xyz()
    for change in (
        Change({"q": (graph.nodes["q"], None)}),
        Change({"x": (graph.nodes["x"], None)}),
        Change({"f": (graph.nodes["f"], None)}, {key: (e, None) for key, e in graph.edges.items() if e.dest == "f"}),
    ):
        with pytest.raises(EditRefused, match="There is no node"):
            Document(graph).apply(change)


def test_a_node_that_turns_into_another_op_must_still_fit_its_edges():
    graph = xyz()
    turned = replace(graph.nodes["f"], op_name="neg")
    with pytest.raises(EditRefused, match="has no port 1"):
        Document(graph).apply(Change({"f": (graph.nodes["f"], turned)}))


def test_only_what_a_change_touches_is_looked_at(monkeypatch):
    """A node that is moved among many costs what it costs among few."""
    graph = Graph.of(Node(f"n{i}", "input", as_value(i)) for i in range(2000))
    document = Document(graph)
    looked = []
    monkeypatch.setattr("engine.graph.sound._where", lambda before, node: looked.append(node.id) or ())
    document.apply(edits.move_nodes(document.graph, {"n7": (3, 4)}))
    document.undo()
    document.redo()
    assert looked == ["n7"]


def test_what_has_no_flaw_is_not_looked_at_twice():
    graph = decode(encode(xyz()))
    assert graph.sound and not replace(graph).sound
    document = Document(graph)
    document.apply(edits.set_value(graph, "x", 3))
    assert document.graph.sound
    document.undo()
    assert document.graph.sound


def test_a_graph_that_nobody_looked_at_is_looked_at_whole():
    graph = with_node(pos=(math.nan, 0.0))
    change = edits.set_value(graph, "y", 3)
    assert flaw_after(graph, change, graph.apply(change)).place == ".pos[1]"[:5] + "0]"


def test_the_bounds_themselves_are_legal():
    graph = with_node(
        pos=(FARTHEST, -FARTHEST), label="é" * LONGEST_TEXT, value=as_value([1.8e308 / 2, 5e-324, math.nan])
    )
    graph = Graph(
        {**graph.nodes, "a" * LONGEST_ID: Node("a" * LONGEST_ID, "lstm", raw={"a": nested(DEEPEST - 2)}, rank=9)},
        graph.edges,
        {**graph.facts, "title": "x" * LONGEST_TEXT, "view": {"a": nested(DEEPEST - 2)}, "seed": 1.7e308},
    )
    assert flaw_of(graph) is None
    assert decode(encode(graph)) == graph
    assert Session(graph).document.graph == graph


# --- what an edit says


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda g: edits.move_nodes(g, {"x": (1e308, 0)}), "^A position must lie between −100,000,000"),
        (lambda g: edits.move_nodes(g, {"x": (0, math.nan)}), "^A position must be a finite number"),
        (lambda g: edits.move_nodes(g, {"x": (-(10**400), 0)}), "^A position must be a finite number"),
        (lambda g: edits.paste(g, g, (0, 10**400)), "^A position must be a finite number"),
        (lambda g: edits.set_seed(g, 10**400), "finite"),
        (lambda g: edits.add_node(g, "add", (math.inf, 0)), "^A position must be"),
        (lambda g: edits.set_label(g, "x", "a\ud800"), "^The label of “x” holds the character U\\+D800"),
        (lambda g: edits.set_label(g, "x", "a" * 10_000_000), "too long: 10,000,000 characters"),
        (lambda g: edits.name_node(g, "x", "a" * 10_000_000), "at most 255 characters"),
        (lambda g: edits.rename(g, "x", "a" * 256), "at most 255 characters"),
        (lambda g: edits.set_seed(g, math.inf), "finite"),
        (lambda g: edits.set_seed(g, math.nan), "finite"),
        (lambda g: edits.connect(g, "x", "f", -1), "no port"),
        (lambda g: edits.connect(g, "x", "f", 2**70), "no port"),
        (lambda g: edits.connect(g, "z", "q", 0, 1), "no output 1"),
        (lambda g: edits.set_fact(g, "view", {"a": nested(900)}), "32 deep"),
        (lambda g: edits.set_fact(g, "title", 5), "must be text"),
        (lambda g: edits.paste(g, g, (1e308, 0)), "^A position must lie"),
    ],
)
def test_an_edit_out_of_bounds_is_refused_with_a_sentence(edit, words):
    session = Session(xyz())
    with pytest.raises(EditRefused, match=words) as refused:
        session.edit(edit)
    assert len(refused.value.sentence) < 200
    assert session.document.graph == xyz() and session.document.undo_text is None


def test_an_op_with_fewer_ports_closes_ranks():
    """sub wired only at its second port, made an exp: the edge moves to the port that there is."""
    graph = Graph.of([Node("x", "input", as_value(2)), Node("s", "sub")], [Edge("x", "s", 1)])
    for op in ("exp", "einsum", "mul"):
        after = graph.apply(edits.change_op(graph, "s", op))
        assert after.edges == {("s", port): Edge("x", "s", port) for port in [1 if op == "mul" else 0]}
        assert decode(encode(after)) == after


def test_a_long_name_that_is_taken_is_cut_to_make_room_for_its_number():
    name = "a" * LONGEST_ID
    document = Document(Graph.of([Node(name, "input", as_value(1))]))
    for _ in range(12):
        document.apply(
            edits.paste(document.graph, decode(encode(Graph.of([Node(name, "input", as_value(1))]))), (0, 0))
        )
    assert len(document.graph.nodes) == 13 and max(map(len, document.graph.nodes)) == LONGEST_ID


# --- what a file says


def file_with(**parts) -> dict:
    record = json.loads(encode(xyz()))
    node = record["nodes"][0]
    for name, part in parts.items():
        (node if name in ("value", "pos", "label", "id", "settings") else record)[name] = part
    return record


@pytest.mark.parametrize(
    ("record", "where"),
    [
        (file_with(value=[1, True]), "$.nodes[0].value[1]"),
        (file_with(value=[[1.5], [False]]), "$.nodes[0].value[1][0]"),
        (file_with(value=nested(900)), "$.nodes[0].value"),
        (file_with(pos=[10**400, 0]), "$.nodes[0].pos[0]"),
        (file_with(pos=[1e308, 0]), "$.nodes[0].pos[0]"),
        (file_with(id="a" * 1_000_000), "$.nodes[0].id"),
        (file_with(id="é"), "$.nodes[0].id"),
        (file_with(seed=10**400), "$.seed"),
        (file_with(seed="nan"), "$.seed"),
        (file_with(training={"a": nested(900)}), "$.training.a"),
        (file_with(view={"\ud800": 1}), "$.view"),
        (file_with(regions=[{"a": nested(900)}]), "$.regions[0]"),
        (file_with(example={"group": "a", "order": 2**64}), "$.example.order"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)  # fmt: skip
def test_a_file_out_of_bounds_is_refused_with_its_place(record, where):
    with pytest.raises(FileError) as refused:
        codec.from_record(record)
    assert refused.value.where.startswith(where)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(
    ("op", "settings"),
    [
        ("mean", {"axis": nested(900)}),
        ("mean", {"axis": 10**400}),
        ("mean", {"axis": 2**63}),
        ("mean", {"axis": [0, 2**63]}),
        ("mean", {"axis": "{[]: 1}"}),
        ("mean", {"axis": "9" * 5000}),
        ("clip", {"low": 10**400}),
        ("clip", {"low": "1e999"}),
        ("leaky_relu", {"slope": 10**400}),
        ("leaky_relu", {"slope": "inf"}),
        ("leaky_relu", {"slope": True}),
        ("dataset", {"seed": 2**63}),
        ("dataset", {"seed": True}),
        ("dataset", {"path": "a\0b"}),
        ("dataset", {"label": "\ud800"}),
        ("index", {"place": "(" * 5000}),
        ("index", {"place": "-" * 4000 + "1"}),
    ],
)
def test_a_setting_out_of_bounds_is_refused_with_its_place(op, settings):
    record = {"format": "gradloom", "version": 2, "nodes": [{"id": "n", "op": op, "settings": settings, "pos": [0, 0]}]}
    with pytest.raises(FileError) as refused:
        codec.from_record(record)
    assert refused.value.where.startswith(f"$.nodes[0].settings.{next(iter(settings))}")
    assert len(str(refused.value)) < 500


def test_ends_of_lines_in_labels_and_titles_of_a_file_are_spaces():
    """What typing makes of them: harmless, so such a file opens."""
    graph = codec.from_record(file_with(title="two\nlines", label="a\tb\r\nc"))
    assert (graph.title, graph.nodes["x"].label) == ("two lines", "a b c")


def test_a_text_that_makes_what_cannot_be_is_refused():
    with pytest.raises(TextError, match="at most 255 characters"):
        parse(f"{'a' * 256} = 2")


# --- how much of it


def leaves(count: int) -> Graph:
    return Graph.of(Node(f"x{i}", "input", np.float64(1.0)) for i in range(count))


def fed(op: str, count: int) -> Graph:
    x, s = Node("x", "input", np.float64(1.0)), Node("s", op)
    return Graph.of([x, s], [Edge("x", "s", port) for port in range(count)])


@pytest.mark.parametrize(
    "graph, sentence",
    [
        (leaves(MOST_NODES + 1), "20,001 nodes are too many: a graph can have at most 20,000"),
        (fed("add", MOST_EDGES + 1), "50,001 edges are too many: a graph can have at most 50,000"),
        (fed("add", MOST_PORTS + 1), "“s” (add) has no port 1000: at most 1,000 are kept, counted from 0"),
        (fed("concat", MOST_GATHERED + 1), "“s” (concat) has no port 256: at most 256 are kept, counted from 0"),
    ],
)
def test_what_a_window_could_not_show_without_a_long_wait_is_refused(graph: Graph, sentence: str) -> None:
    assert flaw_of(graph).sentence == sentence


@pytest.mark.parametrize("graph", [leaves(MOST_NODES), fed("add", MOST_PORTS), fed("concat", MOST_GATHERED)])
def test_as_much_as_is_allowed_is_sound(graph: Graph) -> None:
    assert flaw_of(graph) is None


def test_an_edit_that_would_make_too_many_is_refused_and_nothing_is_lost() -> None:
    document = Document(leaves(MOST_NODES - 1))
    more = Graph.of([Node("y", "input", np.float64(1.0)), Node("z", "input", np.float64(1.0))])
    with pytest.raises(EditRefused, match="20,001 nodes are too many: a graph can have at most 20,000"):
        document.apply(edits.paste(document.graph, more, (0.0, 0.0)))
    assert len(document.graph.nodes) == MOST_NODES - 1 and document.undo_text is None


@pytest.mark.parametrize("table, records", [("nodes", '{"id": "x", "op": "input"}'), ("edges", '{"to": "x"}')])
def test_a_file_with_far_too_many_is_refused_before_it_is_read(monkeypatch, table: str, records: str) -> None:
    monkeypatch.setattr(codec, "parse", lambda text: pytest.fail("it was read"))
    for text in (
        f'{{"{table}": [{", ".join([records] * 50_001)}]}}',
        f'{{"{table}":[{",".join([records] * 50_001)}]}}',
    ):
        for data in (text, text.encode()):
            with pytest.raises(FileError, match=rf"\$\.{table}: 50,001 {table} are too many"):
                decode(data)


def test_what_a_label_says_does_not_count() -> None:
    graph = Graph.of(Node(f"x{i}", "input", np.float64(1.0), "op") for i in range(MOST_NODES // 2 + 1))
    assert len(decode(encode(graph)).nodes) == MOST_NODES // 2 + 1
