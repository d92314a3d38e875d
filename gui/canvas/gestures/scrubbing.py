"""Sideways drag of a leaf's number: it changes under the hand, and all that follows from it is shown at every frame.

A ghost of what was stays until the release: over the leaf, and over the target.
"""

from collections.abc import Iterable
from time import monotonic

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPainter

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey, Node
from engine.values.steps import Stepping, can_step, pace_of
from engine.values.values import exact_text, value_text
from gui.canvas.desk import Desk
from gui.canvas.gestures.state import Hand, State
from gui.canvas.paint.ghost import paint_ghost
from gui.document.live import LiveEdit
from gui.look.theme import Theme

FRAME = 0.016  # seconds: all that the hand does meanwhile is one edit
Chosen = tuple[Iterable[str], Iterable[EdgeKey]]


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
    """Shift moves it finely, Ctrl coarsely. It edits while it lasts: one undo step, and none where Esc ends it."""

    cursor = Qt.CursorShape.SizeHorCursor
    overlay = True

    def __init__(self, desk: Desk, first: Hand, id: str, before: Chosen) -> None:
        super().__init__(desk)
        self._id, self._before, self._x = id, before, first.spot.x()
        if id not in desk.selection.nodes:
            desk.selection.toggle([id])
        self._first = self._shown = held_number(desk.graph, id)
        self._hold = Stepping.of(self._first)
        self._live = LiveEdit(desk.bridge)
        self._ghosts = {each: desk.scene.stage.nodes[each].value for each in self._told_of()}
        self._goal = self._goal_text()
        self._last = monotonic()  # when the graph was edited: not before the hand has gone over to this
        self._later = QTimer(desk, singleShot=True)
        self._later.timeout.connect(self._show)

    @property
    def outlasts_changes(self) -> bool:  # type: ignore[override]
        """It goes on with its own, and ends with any other."""
        return self._live.going

    # --- while it lasts

    def move(self, hand: Hand) -> State:
        pixels, self._x = hand.spot.x() - self._x, hand.spot.x()
        self._hold = self._hold.moved(pixels, pace_of(hand.shift, hand.control))
        self.show_soon()
        return self

    def wanted(self) -> float:
        """The number that the hand asks for."""
        return self._hold.value

    def show_soon(self) -> None:
        """Let the graph follow: at once if it has not just done so, else at the next frame."""
        wait = self._last + FRAME - monotonic()
        if wait <= 0:
            self._show()
        elif not self._later.isActive():
            self._later.start(max(int(wait * 1000), 1))

    def _show(self) -> None:
        self._later.stop()
        number = self.wanted()
        if number == self._shown:
            return
        id, self._shown = self._id, number
        self._live.make(lambda graph: edits.set_value(graph, id, number))
        self._last = monotonic()
        self.desk.tell(self._story())

    def _story(self) -> str:
        """What has become of the number, and of the target."""
        name, goal = self.desk.graph.nodes[self._id].name, self._goal_text()
        said = f"{name} {exact_text(self._first)} → {exact_text(self._shown)}"
        target = self.desk.graph.target
        if not goal or not self._goal or target in (None, self._id):
            return said
        return f"{said}, and so {self.desk.graph.nodes[target].name} {self._goal} → {goal}"

    def _goal_text(self) -> str:
        target, trace = self.desk.graph.target, self.desk.now.trace
        value = trace.value(target) if target is not None else None
        return "" if value is None else value_text(value)

    def _told_of(self) -> list[str]:
        """The nodes whose old number is remembered."""
        target = self.desk.graph.target
        return [self._id] if target in (None, self._id) else [self._id, target]

    def paint(self, painter: QPainter, theme: Theme) -> None:
        nodes = self.desk.scene.node_items
        for id, was in self._ghosts.items():
            item = nodes[id]
            if item.picture.value != was and not item.picture.unfinished:
                paint_ghost(painter, item.card(), was, theme, self.desk.camera.zoom)

    # --- the end of it

    def release(self, hand: Hand) -> None:
        self.move(hand)
        self._show()
        self._live.finish()

    def cancel(self) -> None:
        self._later.stop()
        if self._live.lasts:
            self._live.take_back()
            self.desk.select_again(*self._before)
