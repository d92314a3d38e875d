"""A button is down, and nothing has moved yet: let go it is a click; a few pixels farther it is a drag."""

from PySide6.QtCore import Qt

from gui.canvas.desk import Desk
from gui.canvas.gestures.asides import CarryingAside, Resizing
from gui.canvas.gestures.connecting import Connecting
from gui.canvas.gestures.copying import Copying
from gui.canvas.gestures.cutting import Cutting
from gui.canvas.gestures.moving import Moving
from gui.canvas.gestures.pushing import Pushing
from gui.canvas.gestures.rubber_band import RubberBand
from gui.canvas.gestures.scrubbing import Scrubbing, can_scrub, held_number
from gui.canvas.gestures.state import Hand, State
from gui.canvas.hits import Hit
from gui.document.selection import AsideKey

THRESHOLD = 4  # pixels: less is a click
END_OF_EDGE = 0.75  # from here on, a drag of an edge takes its end off


class Pointing(State):
    """Knows what is under the hand, and so what a click and what a drag would be."""

    cursor: Qt.CursorShape | None = None

    def __init__(self, desk: Desk, hand: Hand, hit: Hit) -> None:
        super().__init__(desk)
        self._first, self._hit = hand, hit
        self._before = desk.selection.chosen
        at_end = hit.edge is not None and hit.t > END_OF_EDGE
        end = hit.edge if at_end else (hit.id, hit.port) if hit.kind == "input" else None
        self._taken = desk.graph.edges.get(end) if end else None  # the edge whose end a drag would take off
        self._connects = at_end or hit.kind in ("input", "output")
        self._cuts = hand.control and hit.kind in ("canvas", "edge")
        self._scrubs = hit.kind == "value" and can_scrub(desk.graph.nodes[hit.id])
        if hit.on_node:
            self.cursor = Qt.CursorShape.SizeHorCursor if self._scrubs else Qt.CursorShape.ClosedHandCursor
            if hit.id not in desk.selection.nodes and not hand.shift:
                desk.selection.select([hit.id])
        elif self._connects or self._cuts:
            self.cursor = Qt.CursorShape.CrossCursor
        elif hit.aside is not None and not hand.shift:
            self._take_aside(hit.aside)

    def _take_aside(self, key: AsideKey) -> None:
        """A press selects a region or note; of an open group all that is in it."""
        selection = self.desk.selection
        if key[0] == "group":
            within = self.desk.document.grouping.within(key[1])
            if self._hit.kind != "fold" and not within <= self.desk.picked:
                self.desk.pick(within)
        elif key not in selection.asides:
            selection.select(asides=[key])

    def move(self, hand: Hand) -> State:
        if (hand.spot - self._first.spot).manhattanLength() < THRESHOLD:
            return self
        return self._dragging(hand).move(hand)

    def _dragging(self, hand: Hand) -> State:
        way = hand.spot - self._first.spot
        if self._scrubs and abs(way.x()) >= abs(way.y()):
            pushes = hand.alt or (hand.control and hand.shift)  # many desktops keep Alt and the mouse for themselves
            return self._pushing() if pushes else Scrubbing(self.desk, self._first, self._hit.id, self._before)
        if self._hit.on_node:
            return Moving(self.desk, self._first, self._hit.id, self._before, Copying)
        if self._connects and not self._cuts:
            return Connecting(self.desk, hand, self._hit, self._taken)
        if self._hit.kind == "size":
            return Resizing(self.desk, self._first, self._hit)
        if self._hit.aside is not None:
            return CarryingAside(self.desk, self._first, self._hit.aside, self._before)
        if self._cuts:
            return Cutting(self.desk, self._first)
        return RubberBand(self.desk, self._first, self._before)

    def _pushing(self) -> State:
        return Pushing(self.desk, self._first, self._hit.id, held_number(self.desk.graph, self._hit.id))

    def release(self, hand: Hand) -> None:
        selection, hit = self.desk.selection, self._hit
        if hit.on_node:
            self._click_node(hand)
        elif self._taken is not None:  # a port selects the edge that ends there, or else its node
            selection.select(edges=[self._taken.key])
        elif self._connects:
            selection.select([hit.id])
        elif hit.aside is not None:
            self._click_aside(hit.aside, hand)
        elif hand.shift:
            selection.toggle(edges=[hit.edge] if hit.edge else [])
        else:
            selection.select(edges=[hit.edge] if hit.edge else [])

    def _click_aside(self, key: AsideKey, hand: Hand) -> None:
        selection = self.desk.selection
        if self._hit.kind == "fold":
            self.desk.fold_asked.emit(key[1])
        elif key[0] == "group":
            within, picked = self.desk.document.grouping.within(key[1]), self.desk.picked
            if hand.shift:
                self.desk.pick(picked - within if within <= picked else picked | within)
            else:
                self.desk.pick(within)
        elif hand.shift:
            selection.toggle(asides=[key])
        else:
            selection.select(asides=[key])

    def _click_node(self, hand: Hand) -> None:
        if hand.shift:
            self.desk.selection.toggle([self._hit.id])
            return
        self.desk.selection.select([self._hit.id])
        cell = self.desk.cell_at(self._first.at, self._hit)
        if self._hit.kind == "value":
            self.desk.editor.type_value(self._hit.id)
        elif cell is not None:
            self.desk.bridge.real.cells.choose(cell[0])

    def cancel(self) -> None:
        self.desk.select_again(*self._before)
