"""Whatever is done to the graph, the canvas shows exactly its nodes and edges; undoing everything leaves both empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtWidgets import QApplication

from engine import edits
from engine.graph.change import Change
from engine.graph.graph import Graph
from gui.canvas.aside_layer import Height
from gui.canvas.model.stage import Stage
from gui.canvas.view import CanvasView
from gui.document.bridge import Bridge
from gui.document.selection import Selection

OPS = st.sampled_from(["input", "parameter", "constant", "add", "mul", "relu", "tanh", "squared_error", "max"])
PLACES = st.tuples(st.integers(-400, 400), st.integers(-400, 400))
PICK = st.integers(0, 1000)
Make = Callable[[Graph], Change]


class CanvasMachine(RuleBasedStateMachine):
    """Edits in any order, undo and redo among them, with a shown canvas that listens."""

    def __init__(self) -> None:
        super().__init__()
        assert QApplication.instance() is not None
        self.bridge = Bridge()
        self.selection = Selection(self.bridge)
        self.view = CanvasView(self.bridge, self.selection)
        self.view.resize(500, 400)
        self.view.show()

    def edit(self, make: Make) -> None:
        self.bridge.edit(make)

    def node(self, pick: int) -> str:
        return list(self.bridge.now.graph.nodes)[pick % len(self.bridge.now.graph.nodes)]

    def edge(self, pick: int) -> tuple[str, int]:
        return list(self.bridge.now.graph.edges)[pick % len(self.bridge.now.graph.edges)]

    def has_nodes(self) -> bool:
        return bool(self.bridge.now.graph.nodes)

    def has_edges(self) -> bool:
        return bool(self.bridge.now.graph.edges)

    @rule(op=OPS, pos=PLACES)
    def add(self, op: str, pos: tuple[int, int]) -> None:
        self.edit(lambda g: edits.add_node(g, op, pos))

    @rule(op=OPS)
    def add_in_the_middle(self, op: str) -> None:
        self.view.newcomers.add_op(op)
        assert len(self.selection.nodes) == 1

    @precondition(has_nodes)
    @rule(a=PICK, b=PICK, port=st.integers(0, 3))
    def connect(self, a: int, b: int, port: int) -> None:
        source, dest = self.node(a), self.node(b)
        ports = self.bridge.now.graph.port_count(dest)
        self.edit(lambda g: edits.connect(g, source, dest, port % max(ports, 1)))

    @precondition(has_edges)
    @rule(pick=PICK)
    def disconnect(self, pick: int) -> None:
        key = self.edge(pick)
        self.edit(lambda g: edits.disconnect(g, key))

    @precondition(has_edges)
    @rule(pick=PICK, op=OPS, pos=PLACES)
    def insert(self, pick: int, op: str, pos: tuple[int, int]) -> None:
        key = self.edge(pick)
        self.edit(lambda g: edits.insert_node(g, key, op, pos))

    @precondition(has_nodes)
    @rule(pick=PICK, pos=PLACES)
    def move(self, pick: int, pos: tuple[int, int]) -> None:
        id = self.node(pick)
        self.edit(lambda g: edits.move_nodes(g, {id: pos}))

    @precondition(has_nodes)
    @rule(pick=PICK, value=st.floats(-5, 5))
    def set_value(self, pick: int, value: float) -> None:
        id = self.node(pick)
        self.edit(lambda g: edits.set_value(g, id, value))

    @precondition(has_nodes)
    @rule(pick=PICK, name=st.sampled_from(["a", "b2", "loss", "two words", ""]))
    def name(self, pick: int, name: str) -> None:
        id = self.node(pick)
        self.edit(lambda g: edits.name_node(g, id, name))

    @precondition(has_nodes)
    @rule(pick=PICK)
    def target(self, pick: int) -> None:
        id = self.node(pick)
        self.edit(lambda g: edits.set_target(g, id))

    @precondition(has_nodes)
    @rule(picks=st.lists(PICK, min_size=1, max_size=3))
    def delete_selected(self, picks: list[int]) -> None:
        self.selection.select([self.node(pick) for pick in picks])
        self.view.selected.delete()

    @precondition(has_nodes)
    @rule(picks=st.lists(PICK, min_size=1, max_size=3))
    def duplicate(self, picks: list[int]) -> None:
        self.selection.select([self.node(pick) for pick in picks])
        self.view.newcomers.duplicate_selected()

    @rule()
    def undo(self) -> None:
        self.bridge.undo()

    @rule()
    def redo(self) -> None:
        self.bridge.redo()

    @rule(share=st.floats(0, 1))
    def seek(self, share: float) -> None:
        self.bridge.player.seek(share * self.bridge.player.end)

    @invariant()
    def shows_the_document(self) -> None:
        graph, scene = self.bridge.now.graph, self.view.scene()
        assert set(scene.node_items) == set(graph.nodes)
        assert set(scene.edge_layer.stage.edges) == set(graph.edges)
        assert {scene.node_layer, scene.edge_layer} <= set(scene.items()) and len(scene.items()) == 2 + len(
            get_args(Height)
        )
        assert self.selection.nodes <= set(graph.nodes) and self.selection.edges <= set(graph.edges)

    @invariant()
    def shows_what_a_fresh_canvas_would(self) -> None:
        graph, scene = self.bridge.now.graph, self.view.scene()
        fresh = Stage(graph, self.bridge.now.frame)
        assert scene.stage.nodes == fresh.nodes and scene.stage.edges == fresh.edges
        for id, item in scene.node_items.items():
            assert item.picture == fresh.nodes[id]
            assert (item.pos().x(), item.pos().y()) == graph.nodes[id].pos
        assert scene.stage.ids == fresh.ids and (scene.stage.node_boxes == fresh.node_boxes).all()
        for key in graph.edges:
            assert np.array_equal(scene.stage.route(key), fresh.route(key))

    def teardown(self) -> None:
        while self.bridge.document.undo_text is not None:
            self.bridge.undo()
        assert not self.bridge.now.graph.nodes and not self.view.scene().node_items
        assert not self.bridge.now.graph.edges and not self.view.scene().edge_layer.stage.edges
        self.view.close()
        self.view.deleteLater()


def test_the_canvas_always_shows_the_document(qapp: QApplication) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(CanvasMachine, settings=settings(max_examples=25, stateful_step_count=30))
