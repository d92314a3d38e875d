"""The topology of each graph is that of a graph built afresh, in whatever order graphs are made and asked."""

import gc
import subprocess
import sys
import threading
import weakref

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine import edits
from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from tests.building import chain, graph_of, xyz
from tests.engine.random_graphs import graphs

MOST_HELD = 6


def fresh(graph: Graph) -> Graph:
    """The same graph, without anything that is remembered of how it came about."""
    return Graph(graph.nodes, dict(sorted(graph.edges.items())), graph.facts)


def answers(graph: Graph) -> dict[str, object]:
    """What its topology says to every question that has one answer."""
    topology = graph.topology
    return {
        "order": graph.order,
        "generation": dict(topology.generation),
        "into": [graph.into(id) for id in graph.nodes],
        "out_of": [graph.out_of(id) for id in graph.nodes],
        "ancestors": [topology.ancestors(id) for id in graph.nodes],
        "descendants": [topology.descendants(id) for id in graph.nodes],
        "reaches": [topology.reaches(a, b) for a in graph.nodes for b in graph.nodes],
        "feeding": [topology.feeding(id, 2) for id in graph.nodes],
        "parts": sorted(map(sorted, topology.parts())),
        "loop": topology.loop(),
    }


class TopologyMachine(RuleBasedStateMachine):
    """Graphs made from graphs by changes, forwards and back, some held and asked again long after."""

    @initialize(graph=graphs())
    def begin(self, graph):
        self.made = []  # (a graph, the change that led to it, the graph before)
        self.held = [graph]

    def _pick(self, data) -> Graph:
        return data.draw(st.sampled_from(self.held))

    def _keep(self, graph: Graph) -> None:
        self.held = [*self.held, graph][-MOST_HELD:]

    def _apply(self, graph: Graph, make) -> None:
        try:
            change = make(graph)
        except EditRefused:
            return
        after = graph.apply(change)
        self.made.append((after, change))
        self._keep(after)

    @rule(data=st.data(), port=st.integers(0, 2))
    def connect(self, data, port):
        graph = self._pick(data)
        source, dest = (data.draw(st.sampled_from([*graph.nodes, "x"])) for _ in range(2))
        self._apply(graph, lambda g: edits.connect(g, source, dest, port))

    @rule(data=st.data(), op=st.sampled_from(["input", "add", "relu"]))
    def add(self, data, op):
        self._apply(self._pick(data), lambda g: edits.add_node(g, op, (0, 0)))

    @rule(data=st.data(), op=st.sampled_from(["mul", "neg"]))
    def insert(self, data, op):
        graph = self._pick(data)
        key = data.draw(st.sampled_from([*graph.edges, ("none", 0)]))
        self._apply(graph, lambda g: edits.insert_node(g, key, op, (0, 0)))

    @rule(data=st.data())
    def delete(self, data):
        graph = self._pick(data)
        ids = data.draw(st.sets(st.sampled_from([*graph.nodes, "x"]), max_size=2))
        self._apply(graph, lambda g: edits.delete(g, sorted(ids)))

    @rule(data=st.data())
    def disconnect(self, data):
        graph = self._pick(data)
        key = data.draw(st.sampled_from([*graph.edges, ("none", 0)]))
        self._apply(graph, lambda g: edits.disconnect(g, key))

    @rule(data=st.data())
    def rename(self, data):
        graph = self._pick(data)
        id = data.draw(st.sampled_from([*graph.nodes, "x"]))
        self._apply(graph, lambda g: edits.rename(g, id, f"{id}_"))

    @precondition(lambda self: self.made)
    @rule(data=st.data())
    def take_back(self, data):
        after, change = data.draw(st.sampled_from(self.made))
        self._keep(after.apply(change.inverse))

    @rule(data=st.data())
    def ask(self, data):
        graph = self._pick(data)
        assert answers(graph) == answers(fresh(graph))

    @invariant()
    def the_newest_is_right(self):
        if self.held:
            assert self.held[-1].order == fresh(self.held[-1]).order

    def teardown(self):
        for graph in [*self.held, *reversed(self.held)]:
            assert answers(graph) == answers(fresh(graph))


TestTopology = TopologyMachine.TestCase


def test_the_order_goes_by_generations_and_in_each_by_age():
    graph = graph_of(
        ("x", "input", 1), ("b", "neg", ["x"]), ("y", "input", 1), ("a", "neg", ["y"]), ("c", "neg", ["b"])
    )
    assert graph.order == ("x", "y", "b", "a", "c")
    assert graph.topology.generation == {"x": 0, "y": 0, "b": 1, "a": 1, "c": 2}


def test_what_a_node_feeds_comes_by_age_then_by_port():
    graph = Graph.of(
        [Node("x", "input"), Node("late", "mul"), Node("q", "mul")],
        [Edge("x", "q", 1), Edge("x", "q", 0), Edge("x", "late", 1)],
    )
    assert [edge.key for edge in graph.out_of("x")] == [("late", 1), ("q", 0), ("q", 1)]
    assert [edge.key for edge in graph.into("q")] == [("q", 0), ("q", 1)]
    with pytest.raises(KeyError):
        graph.into("nobody")


def test_paths_are_edges_and_a_node_used_twice_gives_two():
    square = graph_of(("x", "input", 1), ("q", "mul", ["x", "x"]), ("f", "neg", ["q"]))
    found = square.topology.paths("x", "f", most=9)
    assert [[edge.key for edge in path] for path in found] == [[("q", 0), ("f", 0)], [("q", 1), ("f", 0)]]
    assert len(square.topology.paths("x", "f", most=1)) == 1


def test_a_loop_is_found_edge_by_edge():
    looped = Graph.of([Node(c, "neg") for c in "abc"], [Edge("a", "b", 0), Edge("b", "c", 0), Edge("c", "a", 0)])
    assert [edge.source for edge in looped.topology.loop()] == ["a", "b", "c"]
    assert not xyz().topology.loop()


def test_an_answer_that_is_held_outlives_the_next_change():
    graph = xyz()
    into, parts, order = graph.into("f"), graph.topology.parts(), iter(graph.order)
    next(order)
    after = graph.apply(edits.delete(graph, ["q"]))
    assert after.order == ("x", "y", "z", "f")
    assert [edge.source for edge in into] == ["q", "z"] and parts == [{"x", "y", "z", "q", "f"}]
    assert list(order) == ["y", "z", "q", "f"]
    assert [edge.source for edge in graph.into("f")] == ["q", "z"]


def test_moved_nodes_and_other_values_share_the_topology():
    graph = xyz()
    moved = graph.apply(edits.move_nodes(graph, {"x": (8, 8)}))
    assert moved.topology is graph.topology


def test_an_older_graph_is_not_kept_by_a_newer_one():
    graph = chain(3)
    older = weakref.ref(graph.topology)
    newer = graph.apply(edits.disconnect(graph, next(iter(graph.edges))))
    assert newer.order
    del graph
    gc.collect()
    assert older() is None


def test_ten_thousand_changes_away_and_back():
    graph = first = xyz()
    apart = edits.disconnect(graph, ("f", 0))
    for _ in range(10_000):
        graph = graph.apply(apart).apply(apart.inverse)
    assert answers(graph) == answers(first) == answers(fresh(first))
    del graph, first  # and a long way is let go of without a deep stack


def test_a_thread_may_ask_of_an_older_graph_while_newer_ones_are_made():
    """As the recovery copy does: it is written while the user goes on."""
    graph, wrong, done = chain(30), [], threading.Event()
    graphs = [graph]
    edges = graph.ordered_edges()

    def ask():
        while not done.is_set():
            try:
                if graph.ordered_edges() != edges:
                    wrong.append("edges of another graph")
            except Exception as error:
                wrong.append(repr(error))

    asking = threading.Thread(target=ask)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    asking.start()
    try:
        for i in range(200):
            newer = graphs[-1].apply(edits.add_node(graphs[-1], "neg", (0, 0), id=f"m{i}"))
            newer = newer.apply(edits.connect(newer, f"n{i % 29}", f"m{i}", 0))
            assert newer.into(f"m{i}") and f"m{i}" in newer.order
            graphs.append(newer)
    finally:
        done.set()
        asking.join()
        sys.setswitchinterval(before)
    assert not wrong, wrong[0]


def test_networkx_is_imported_at_the_first_question_and_not_before():
    code = """
import sys
from engine.session import Session
from engine.text.read import parse
Session()
assert "networkx" not in sys.modules
assert parse("f = x + y").order and "networkx" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_what_is_asked_between_two_edits_loses_no_edge():
    """A graph with a flaw, a node gone and its edge not, may be asked; the sound one before it is as it was."""
    graph = graph_of(("x", "parameter", 1.0), ("y", "square", ["x"]), ("z", "add", ["x", "y"]))
    before = {id: (graph.into(id), graph.out_of(id)) for id in graph.nodes}
    flawed = graph.apply(Change({"y": (graph.nodes["y"], None)}))
    assert flawed.into("z") == (graph.edges["z", 0],)
    assert {id: (graph.into(id), graph.out_of(id)) for id in graph.nodes} == before
    assert flawed.out_of("x") == (graph.edges["z", 0],)
    dangling = graph.apply(Change(edges={("z", 2): (None, Edge("nobody", "z", 2))}))
    assert "nobody" not in dangling.order and dangling.into("z") == graph.into("z")
    assert {id: (graph.into(id), graph.out_of(id)) for id in graph.nodes} == before and len(graph.order) == 3
