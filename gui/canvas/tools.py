"""What the mouse does on the canvas: it is sent to the state of the hand, and what that lights up is shown."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent, QMouseEvent

from engine.edits.quick import Around
from gui.canvas.desk import Desk
from gui.canvas.gestures.editing import Editing
from gui.canvas.gestures.idle import Idle, SpaceKey
from gui.canvas.gestures.state import Hand, State
from gui.canvas.hits import Hit
from gui.canvas.paint.node import PLAIN, SELECTED, Marks
from gui.document.selection import AsideKey

Held = Qt.KeyboardModifier
FOUND, SPOKEN_OF = Marks(hovered=True), Marks(hovered=True, pointed=True)
SELECTED_AND_SPOKEN_OF = replace(SELECTED, pointed=True)
MEANING = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt)  # keys that say how a gesture is meant


class Tools(QObject):
    """At most one thing has begun at a time. Nothing is edited before its release."""

    changed = Signal()  # what the hand does looks different now
    card_asked = Signal(str)  # a group whose card is to be opened

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        desk.lighted.connect(self.mark)
        desk.selection.pointed.connect(self.mark)
        self.space = SpaceKey()
        self._idle, self._editing = Idle(desk, self.space), Editing(desk, self.space)
        self._begun: State | None = None
        self._hand: Hand | None = None

    @property
    def state(self) -> State:
        """What the hand is doing."""
        return self._begun or (self._idle if self._desk.editor.editing is None else self._editing)

    @property
    def hand(self) -> Hand | None:
        """Where the mouse was last, while something has begun."""
        return self._hand if self.state.busy else None

    def hand_of(self, event: QMouseEvent | QDropEvent) -> Hand:
        return self._hand_at(event.position().toPoint(), event.modifiers())

    def _hand_at(self, spot: QPoint, held: Qt.KeyboardModifier) -> Hand:
        keys = (bool(held & key) for key in (Held.ShiftModifier, Held.ControlModifier, Held.AltModifier))
        return Hand(self._desk.camera.view.mapToScene(spot), spot, *keys)

    # --- from one state to another

    def begin(self, state: State, hand: Hand | None = None) -> None:
        """Go to a state in which something has begun, or go on with it. By keys there is no hand."""
        self._hand = hand
        if state is not self._begun:
            self._begun = state
            self.show_cursor()
        self.mark()
        self.changed.emit()

    def move(self, hand: Hand) -> None:
        if self.state.by_keys:
            return
        hover, after = self._desk.hover, self.state.move(hand)
        if after.busy:
            self.begin(after, hand)
        elif self._desk.hover != hover:
            self.mark()
            self.show_cursor()

    def finish(self, hand: Hand) -> None:
        """Let go."""
        state, self._begun = self._begun, None
        if state is not None:
            state.release(hand)
            self._rest()

    def cancel(self) -> bool:
        """Esc: drop what the hand is doing, with everything as before. Gives whether there was anything."""
        state, self._begun = self.state, None
        state.cancel()
        if state.busy:
            self._rest()
        return state is not self._idle

    def _rest(self) -> None:
        self._desk.tell("")
        self.mark()
        self.show_cursor()
        self.changed.emit()

    # --- the mouse

    def press(self, event: QMouseEvent) -> None:
        event.accept()
        if not self._desk.bridge.pending.commit():
            return
        if self.state.by_keys:
            self.cancel()
        self._desk.stand(None)
        hand = self.hand_of(event)
        state = self.state.press(hand, event.button())
        if state is not self.state:
            self.begin(state, hand)

    def double_click(self, event: QMouseEvent) -> None:
        """A double click on a name renames; on the empty canvas or an edge it asks what is to be added there; anywhere
        else it is two clicks."""
        hit = self._desk.hit(self.hand_of(event).at)
        card = self._desk.shown.cover.cards.get(hit.id)
        if event.button() == Qt.MouseButton.LeftButton and card is not None and hit.on_node:
            self.card_asked.emit(card.group)
        elif event.button() == Qt.MouseButton.LeftButton and hit.kind == "name":
            self._desk.editor.type_name(hit.id)
        elif event.button() == Qt.MouseButton.LeftButton and hit.aside is not None and hit.kind in ("title", "note"):
            self._desk.aside_editor.type_into(hit.aside)
        elif event.button() == Qt.MouseButton.LeftButton and hit.kind in ("canvas", "edge"):
            self._desk.quick_add(event.position().toPoint(), Around(edge=hit.edge))
        else:
            self.press(event)

    def release(self, event: QMouseEvent) -> None:
        event.accept()
        if event.buttons() == Qt.MouseButton.NoButton:
            self.finish(self.hand_of(event))

    # --- the keyboard

    def press_key(self, event: QKeyEvent) -> bool:
        """A key for what has begun. Gives whether it was one."""
        taken = self.state.key(event)
        if taken:
            self.mark()
            self.changed.emit()
        return taken

    # --- what happens meanwhile

    def scroll_along(self) -> None:
        """The canvas was scrolled or zoomed under the hand."""
        if self.hand is not None and self.state.scrolls_along:
            self.move(replace(self.hand, at=self._desk.camera.view.mapToScene(self.hand.spot)))

    def keys_changed(self, event: QKeyEvent) -> None:
        """Shift, Ctrl or Alt goes down or up while something has begun: it may mean something else now."""
        if self.hand is not None and event.key() in MEANING:
            self.move(self._hand_at(self.hand.spot, event.modifiers()))

    def leave(self) -> None:
        """The mouse is over nothing any longer."""
        if self._desk.hover != Hit():
            self._desk.hover = Hit()
            self.mark()

    def graph_changed(self) -> None:
        """What was about to be done was about another graph."""
        state = self.state
        if state.busy and not state.outlasts_changes:
            self.cancel()
        self._desk.hover = Hit()

    # --- what is lit up

    def mark(self) -> None:
        """Bring rings, ports and edges up to date with the selection and with what the hand does."""
        state, selection = self.state, self._desk.selection
        pointed = selection.pointed_nodes
        found = dict.fromkeys(self._desk.found, FOUND) | dict.fromkeys(pointed, SPOKEN_OF)
        found = {id: marks for id, marks in found.items() if id in self._desk.graph.nodes}
        picked = {id: SELECTED_AND_SPOKEN_OF if id in pointed else SELECTED for id in selection.nodes}
        marks = found | picked | state.marks()
        if not state.busy:
            marks |= self._ringed(marks)
        self._desk.scene.mark_nodes(marks)
        hovered = None if state.busy else self._desk.hover.edge
        chosen = selection.edges | selection.pointed_edges | state.lit_edges
        self._desk.scene.mark_edges(chosen, hovered, state.hidden_edge)
        over = None if state.busy else self._desk.hover.aside
        lit = {state.lit_aside} if state.lit_aside is not None else set[AsideKey]()
        self._desk.scene.mark_asides(selection.asides | self._whole_groups() | lit, over)

    def _whole_groups(self) -> set[AsideKey]:
        """The open groups all of whose nodes are selected."""
        nodes, graph = self._desk.picked, self._desk.document
        if not nodes:
            return set()
        return {
            key for key in self._desk.scene.asides.shown
            if key[0] == "group" and key[1] in graph.groups and graph.grouping.within(key[1]) <= nodes
        }  # fmt: skip

    def _ringed(self, marks: Mapping[str, Marks]) -> dict[str, Marks]:
        """The port at which the keys are."""
        stop = self._desk.stop
        if stop is None or stop.place in ("node", "edge"):
            return {}
        ring, there = frozenset([stop.port]), marks.get(stop.id, PLAIN)
        lit = replace(there, lit_ports=ring) if stop.place == "input" else replace(there, lit_outputs=ring)
        return {stop.id: lit}

    def show_cursor(self) -> None:
        if (cursor := self.state.cursor) is not None:
            self._desk.camera.view.viewport().setCursor(cursor)
