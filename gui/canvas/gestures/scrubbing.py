"""Sideways drag of a leaf's number: it changes under the hand, and all that follows from it is shown at every frame.

A ghost of what was stays until the release: over the leaf, and over the target.
"""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.values.steps import Stepping, can_step, pace_of
from engine.values.values import Value, change_text, exact_text
from gui.canvas.desk import Desk
from gui.canvas.gestures.pushing import Pushing
from gui.canvas.gestures.state import Hand, State
from gui.canvas.paint.ghost import ghost_box, paint_ghost
from gui.canvas.paint.labels import paint_pushed
from gui.canvas.paint.nodes import sides
from gui.document.live import LiveEdit
from gui.document.selection import Chosen
from gui.look.theme import Theme
from gui.widgets.once_a_frame import OnceAFrame
from gui.widgets.sideways import SidewaysWay


def can_scrub(node: Node) -> bool:
    """Whether a node is a leaf that holds one finite number."""
    value = node.value
    return node.op.holds_value and value is not None and not value.ndim and can_step(float(value))


def held_number(graph: Graph, id: str) -> float:
    """The number of a leaf that can be scrubbed."""
    value = graph.nodes[id].value
    assert value is not None
    return float(value)


class Scrubbing(State):
    """Shift moves it finely, Ctrl coarsely; with Alt it is a push instead, which changes nothing.

    It edits while it lasts: one undo step, and none where Esc ends it.
    """

    cursor = Qt.CursorShape.SizeHorCursor
    overlay = True

    def __init__(self, desk: Desk, first: Hand, id: str, before: Chosen) -> None:
        super().__init__(desk)
        self._id, self._before, self._begun = id, before, first
        self._way = SidewaysWay(self._on_desktop(first))
        if id not in desk.selection.nodes:
            desk.selection.toggle([id])
        self._first = self._shown = held_number(desk.graph, id)
        self._hold = Stepping.of(self._first)
        self._live = LiveEdit(desk.bridge.real)
        self._ghosts = {each: desk.scene.stage.nodes[each].value for each in self._told_of()}
        self._goal = self._goal_now()
        self._frames = OnceAFrame(desk, self._show)
        self._frames.rest()  # no edit before the hand has gone over to this

    @property
    def outlasts_changes(self) -> bool:
        """It goes on with its own, and ends with any other."""
        return self._live.going

    # --- while it lasts

    def move(self, hand: Hand) -> State:
        if hand.alt:  # it was meant as a push
            self.cancel()
            return Pushing(self.desk, self._begun, self._id, self._first).move(hand)
        self._hold = self._hold.moved(self._way.to(self._on_desktop(hand)), pace_of(hand.shift, hand.control))
        self._frames.soon()
        return self

    def _on_desktop(self, hand: Hand) -> QPoint:
        return self.desk.camera.view.viewport().mapToGlobal(hand.spot)

    def wanted(self) -> float:
        """The number that the hand asks for."""
        return self._hold.value

    def _show(self) -> bool:
        """Let the graph follow. Gives whether it had to."""
        number = self.wanted()
        if number == self._shown:
            return False
        id, self._shown = self._id, number
        self._live.make(lambda graph: edits.set_value(graph, id, number))
        self.desk.tell(self._story())
        return True

    def _story(self) -> str:
        """What has become of the number, and of the target."""
        name, goal = self.desk.graph.nodes[self._id].name, self._goal_now()
        said = f"{name} {exact_text(self._first)} → {exact_text(self._shown)}"
        target = self.desk.graph.target
        if goal is None or self._goal is None or target in (None, self._id):
            return said
        return f"{said}, and so {self.desk.graph.nodes[target].name} {change_text(self._goal, goal)}"

    def _goal_now(self) -> Value | None:
        target = self.desk.graph.target
        return self.desk.now.trace.value(target) if target is not None else None

    def _told_of(self) -> list[str]:
        """The nodes whose old number is remembered."""
        target = self.desk.graph.target
        return [self._id] if target in (None, self._id) else [self._id, target]

    def paint(self, painter: QPainter, theme: Theme) -> None:
        scene, zoom = self.desk.scene, self.desk.camera.zoom
        items = ((scene.node_items[id], was) for id, was in self._ghosts.items())
        shown = [(item, was) for item, was in items if item.picture.value != was and not item.picture.unfinished]
        ghosts = [(item.outline(zoom), was) for item, was in shown]
        paint_pushed(painter, scene.stage, theme, zoom, (), [sides(ghost_box(*ghost, zoom)) for ghost in ghosts])
        for card, was in ghosts:
            paint_ghost(painter, card, was, theme, zoom)

    # --- the end of it

    def release(self, hand: Hand) -> None:
        self.move(hand)
        self._frames.now()
        self._live.finish()

    def cancel(self) -> None:
        self._frames.stop()
        if self._live.lasts:
            self._live.take_back()
            self.desk.select_again(*self._before)
