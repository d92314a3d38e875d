"""The document through random edits: every listener can follow by changes alone, and everything can be undone."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine import edits
from engine.errors import EditRefused
from engine.files.codec import decode, encode
from engine.graph.document import Document
from engine.graph.graph import Graph
from engine.graph.sound import flaw_of
from engine.ops.op import OPS
from engine.session import Session
from engine.show.now import Now
from tests.building import xyz


class DocumentMachine(RuleBasedStateMachine):
    """Any edit in any order, against a mirror that hears only of changes."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.document = self.session.document
        self.mirror = Graph()
        self.session.listeners.append(self._follow)

    def _follow(self, now: Now) -> None:
        self.mirror = self.mirror.apply(now.change)

    def _edit(self, make, gesture=None) -> None:
        before = self.document.graph
        try:
            self.session.edit(make, gesture)
        except EditRefused:
            assert self.document.graph is before

    def _pick(self, data, what="node"):
        return data.draw(st.sampled_from(list(self.document.graph.nodes)), what)

    @rule(op=st.sampled_from(sorted(OPS)))
    def add(self, op):
        self._edit(lambda g: edits.add_node(g, op, (0, 0)))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(data=st.data(), port=st.integers(0, 3))
    def connect(self, data, port):
        source, dest = self._pick(data), self._pick(data)
        self._edit(lambda g: edits.connect(g, source, dest, port))

    @precondition(lambda self: self.document.graph.edges)
    @rule(data=st.data())
    def reconnect(self, data):
        key = data.draw(st.sampled_from(list(self.document.graph.edges)))
        source, dest = self._pick(data), self._pick(data)
        self._edit(lambda g: edits.reconnect(g, key, source, dest, key[1]))

    @precondition(lambda self: self.document.graph.edges)
    @rule(data=st.data(), op=st.sampled_from(["relu", "add", "mul"]))
    def insert(self, data, op):
        key = data.draw(st.sampled_from(list(self.document.graph.edges)))
        self._edit(lambda g: edits.insert_node(g, key, op, (0, 0)))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(data=st.data())
    def delete(self, data):
        ids = data.draw(st.sets(st.sampled_from(list(self.document.graph.nodes)), max_size=2))
        keys = data.draw(st.sets(st.sampled_from([("none", 0), *self.document.graph.edges]), max_size=2))
        self._edit(lambda g: edits.delete(g, sorted(ids), sorted(keys)))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(data=st.data(), name=st.sampled_from(["a", "b", "one two", "x", "n3"]))
    def name(self, data, name):
        id = self._pick(data)
        self._edit(lambda g: edits.name_node(g, id, name))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(data=st.data(), value=st.sampled_from([0.0, -1.5, [1, 2], [[1, 2], [3, 4]], float("nan")]))
    def set_value(self, data, value):
        id = self._pick(data)
        self._edit(lambda g: edits.set_value(g, id, value))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(data=st.data(), x=st.integers(-9, 9))
    def nudge(self, data, x):
        id = self._pick(data)
        self._edit(lambda g: edits.move_nodes(g, {id: (x, x)}), gesture="nudge")

    @precondition(lambda self: self.document.graph.nodes)
    @rule(data=st.data())
    def target(self, data):
        id = self._pick(data)
        self._edit(lambda g: edits.set_target(g, id))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(data=st.data())
    def copy_and_paste(self, data):
        ids = data.draw(st.sets(st.sampled_from(list(self.document.graph.nodes)), max_size=3))
        self._edit(lambda g: edits.paste(g, edits.cut_out(g, ids), (10, 10)))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(data=st.data(), op=st.sampled_from(["exp", "sub", "add", "einsum", "constant", "dataset"]))
    def change_op(self, data, op):
        id = self._pick(data)
        self._edit(lambda g: edits.change_op(g, id, op))

    @rule()
    def undo(self):
        self.session.undo()

    @rule()
    def redo(self):
        self.session.redo()

    @invariant()
    def the_mirror_is_the_graph(self):
        assert self.mirror == self.document.graph
        assert list(self.mirror.nodes) == list(self.document.graph.nodes)

    @invariant()
    def the_graph_is_sound(self):
        graph = self.document.graph
        assert graph.sound and flaw_of(replace(graph)) is None, "what each change touched was not all that it spoilt"
        assert len(graph.order) == len(graph.nodes), "a cycle"
        for key, edge in graph.edges.items():
            assert key == edge.key and {edge.source, edge.dest} <= set(graph.nodes)
            assert edge.port < graph.port_count(edge.dest)
        assert graph.target is None or graph.target in graph.nodes

    @invariant()
    def the_numbers_are_current(self):
        fresh = Session(self.document.graph)
        for id in self.document.graph.nodes:
            assert str(fresh.now.trace.value(id)) == str(self.session.now.trace.value(id))
            assert str(fresh.now.trace.gradient(id)) == str(self.session.now.trace.gradient(id))

    def teardown(self):
        after = self.document.graph
        assert decode(encode(after)) == after, "what came in by edits can be saved, and opened again as it is"
        while self.document.undo_text is not None:
            self.session.undo()
        assert self.document.graph == Graph() == self.mirror
        while self.document.redo_text is not None:
            self.session.redo()
        assert {*after.nodes} <= {*self.document.graph.nodes} | {*after.nodes}


TestDocument = DocumentMachine.TestCase


def test_modified_follows_the_saved_mark_through_undo_and_redo():
    document = Document(xyz())
    assert not document.modified
    document.apply(edits.set_value(document.graph, "x", 1))
    assert document.modified
    document.mark_saved()
    document.apply(edits.set_value(document.graph, "x", 2))
    document.undo()
    assert not document.modified
    document.undo()
    assert document.modified
    document.apply(edits.set_value(document.graph, "x", 1))
    assert document.modified, "the saved point lies in a future that is gone"
    document.load(xyz())
    assert not document.modified and document.undo_text is None


def test_changes_of_one_gesture_are_one_step_and_end_with_it():
    document = Document(xyz())
    for x in (4, 8, 12):
        document.apply(edits.move_nodes(document.graph, {"x": (x, 0)}), gesture="nudge")
    document.end_gesture()
    document.apply(edits.move_nodes(document.graph, {"x": (16, 0)}), gesture="nudge")
    document.undo()
    assert document.graph.nodes["x"].pos == (12, 0)
    document.undo()
    assert document.graph.nodes["x"].pos == (0, 0) and document.undo_text is None


def test_a_gesture_does_not_swallow_the_saved_point():
    document = Document(xyz())
    document.apply(edits.move_nodes(document.graph, {"x": (4, 0)}), gesture="nudge")
    document.mark_saved()
    document.apply(edits.move_nodes(document.graph, {"x": (8, 0)}), gesture="nudge")
    document.undo()
    assert not document.modified and document.graph.nodes["x"].pos == (4, 0)


def test_a_change_for_another_state_is_refused_and_nothing_happens():
    document = Document(xyz())
    stale = edits.set_value(document.graph, "x", 1)
    document.apply(edits.set_value(document.graph, "x", 2))
    before = document.graph
    with pytest.raises(ValueError, match="expects"):
        document.apply(stale)
    assert document.graph is before and document.redo_text is None


def test_the_order_of_nodes_survives_undo():
    document = Document(xyz())
    document.apply(edits.delete(document.graph, ["y"]))
    document.undo()
    assert list(document.graph.nodes) == ["x", "y", "z", "q", "f"]


def test_graphs_compare_by_what_they_say():
    assert xyz() == xyz()
    moved = xyz().apply(edits.move_nodes(xyz(), {"x": (1, 1)}))
    assert moved != xyz()
    assert replace(xyz().nodes["x"], rank=9) == xyz().nodes["x"]


def test_a_recovered_document_is_on_no_disk_until_it_is_saved():
    session = Session(xyz())
    session.load(xyz(), saved=False)
    assert session.document.modified
    session.document.mark_saved()
    assert not session.document.modified
