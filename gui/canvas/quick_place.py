"""Puts into the graph what was chosen in quick add, on a free place, in one undo step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QTimer

from engine.edits.quick import Made, NewEdge, NewGraph, NewNode, NewNote, NewText, NewValue, ends_of
from engine.errors import GradloomError
from engine.files.disk import load
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Pos
from engine.layout.layout import COLUMN_GAP, NODE_WIDTH, node_height
from engine.ops.op import get_op
from gui.canvas.desk import Desk
from gui.canvas.gathering import Gathering
from gui.canvas.model.free_space import clear_shift, free_place
from gui.canvas.model.geometry import snapped
from gui.canvas.newcomers import Newcomers

APART = 12.0  # pixels of the scene that are left round a node which is put where the mouse is
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Spot:
    """Where something is wanted: the place in the scene that the mouse said, or None; and beside which nodes.

    `in_hand`: the end of an edge hangs at the place.
    """

    at: QPointF | None = None
    beside: tuple[str, ...] = ()
    in_hand: bool = False


class QuickPlace:
    """`put` makes the edit and selects what is new, so that one can go on from there."""

    def __init__(self, desk: Desk, newcomers: Newcomers, gathering: Gathering) -> None:
        self._desk, self._newcomers, self._gathering = desk, newcomers, gathering

    def put(self, made: Made, spot: Spot, title: str) -> str:
        """Give the sentence why it cannot be; empty: it is there."""
        if isinstance(made, NewNode):
            return self._put_node(made, spot)
        if isinstance(made, NewValue):
            return self._put_known(made.change, made.id)
        if isinstance(made, NewEdge):
            return self._put_known(made.change, made.port[0])
        if isinstance(made, NewText):
            return self._put_text(made, spot)
        if isinstance(made, NewNote):
            return self._put_note(made, spot)
        return self._put_graph(made, spot, title)

    def _put_node(self, made: NewNode, spot: Spot) -> str:
        pos = self._place_of(made, spot)
        saw_all = self._desk.camera.sees_all
        refused = self._desk.bridge.why_not(lambda graph: made.change(graph, pos))
        if refused is not None:
            return refused.sentence
        change = self._desk.bridge.edit(lambda graph: made.change(graph, pos))
        self._desk.take_new(change)
        if spot.at is None:
            self._desk.camera.go_on_to(self._desk.selection.nodes, saw_all)
        return ""

    def _put_known(self, make: Callable[[Graph], Change], id: str) -> str:
        """Make an edit of nodes that are there, and go on from one of them."""
        refused = self._desk.bridge.why_not(make)
        if refused is not None:
            return refused.sentence
        self._desk.bridge.edit(make)
        self._desk.selection.select([id])
        self._desk.camera.show_nodes([id])
        return ""

    def _put_text(self, made: NewText, spot: Spot) -> str:
        ends = ends_of(self._desk.graph, made)
        refused = self._desk.bridge.why_not(lambda graph: made.change(graph, (0.0, 0.0)))
        if refused is not None:
            return refused.sentence
        self._newcomers.join(made.expression, made.aim, "Add an expression", made.change, spot.at)
        self._desk.selection.select(ends)
        return ""

    def _put_note(self, made: NewNote, spot: Spot) -> str:
        """Of its text; or where it will be the text is asked for, once this search is closed."""
        if not made.text:
            QTimer.singleShot(0, self._desk, lambda: self._gathering.make_note(spot.at))
            return ""
        return self._gathering.add_note(made.text, spot.at)

    def _put_graph(self, made: NewGraph, spot: Spot, title: str) -> str:
        try:
            fragment = load(made.example.path)
        except GradloomError as error:
            return error.sentence
        self._newcomers.paste(fragment, spot.at, f"Add {title}")
        return ""

    # --- where a node goes

    def _place_of(self, made: NewNode, spot: Spot) -> Pos:
        """The top left corner of a new node: where the mouse is, or the free place nearest to where it belongs."""
        op = get_op(made.op)
        ports = max(len(op.ports), len(made.feeds) + 1 if op.repeats and made.feeds else 0)
        size = (NODE_WIDTH, node_height(ports))
        if spot.at is not None:
            return self._at_mouse(spot, spot.at, size, made)
        leaf = op.is_leaf or made.edge is not None or made.port is not None
        return free_place(self._middle_of(made, spot), size, self._standing(), beside=not leaf)

    def _middle_of(self, made: NewNode, spot: Spot) -> Pos:
        """To the right of what feeds it, to the left of what it feeds, within its edge, or by what is selected."""
        scene, graph = self._desk.scene, self._desk.graph
        if made.feeds:
            box = scene.nodes_rect([id for id, _ in made.feeds])
            return box.right() + COLUMN_GAP + NODE_WIDTH / 2, box.center().y()
        if made.port is not None:
            left = scene.nodes_rect([made.port[0]]).left()
            return left - COLUMN_GAP - NODE_WIDTH / 2, scene.stage.input_place(*made.port)[1]
        ends = [graph.edges[made.edge].source, made.edge[0]] if made.edge is not None else []
        near = ends or [id for id in spot.beside if id in graph.nodes]
        at = scene.nodes_rect(near).center() if near else self._desk.camera.centre()
        return at.x(), at.y()

    def _at_mouse(self, spot: Spot, at: QPointF, size: tuple[float, float], made: NewNode) -> Pos:
        """With its middle at a place; with a port there where an edge ends in the hand. Never over another node."""
        wide, high = size
        share = 0.5 if not spot.in_hand else 0.0 if made.feeds else 1.0 if made.port else 0.5
        x, y = snapped(at.x() - wide * share, at.y() - high / 2)
        return x, y + clear_shift((x, y, x + wide, y + high), self._standing(), APART)

    def _standing(self) -> Sequence[Bounds]:
        boxes: list[Bounds] = self._desk.scene.stage.node_boxes.tolist()
        return boxes


def selected_in_order(desk: Desk) -> tuple[str, ...]:
    """The selected nodes in the order in which they were selected; those that came at once from top to bottom, and at
    one height from left to right."""
    nodes = desk.graph.nodes
    turns = (sorted(turn, key=lambda id: (nodes[id].pos[1], nodes[id].pos[0])) for turn in desk.selection.turns)
    return tuple(id for turn in turns for id in turn)
