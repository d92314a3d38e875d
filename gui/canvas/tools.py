"""What the mouse does on the canvas: it is sent to gestures; hover, cursor and context menus are here too."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
)

from engine.ops.op import OPS
from gui.canvas.commands import Commands
from gui.canvas.gestures.connect import Connect
from gui.canvas.gestures.drop import Drop
from gui.canvas.gestures.gesture import Gesture, Hand
from gui.canvas.gestures.move import Move
from gui.canvas.gestures.pan import Pan
from gui.canvas.gestures.rubber_band import RubberBand
from gui.canvas.hits import Hit, find_hit
from gui.canvas.keyboard import SpaceKey
from gui.canvas.menus import edge_menu, node_menu
from gui.canvas.overlay import Overlay
from gui.canvas.paint.node import Marks
from gui.widgets.op_card import OP_MIME

END_OF_EDGE = 0.75  # from here on, a drag of an edge takes its end off
_CURSORS = {
    "value": Qt.CursorShape.IBeamCursor,
    "input": Qt.CursorShape.CrossCursor,
    "output": Qt.CursorShape.CrossCursor,
    "edge": Qt.CursorShape.PointingHandCursor,
}


class Interaction(Commands):
    """At most one gesture lasts at a time. Nothing is edited before its release."""

    context_menu_requested = Signal(QPoint)  # on the empty canvas, at a global position
    text_dropped = Signal(str, QPointF)  # at a place of the scene
    space: SpaceKey
    overlay: Overlay
    _hover: Hit
    _keyboard_focus = False  # whether the focus came by a key, and is shown

    def _show_keyboard_focus(self, shown: bool) -> None:
        if shown != self._keyboard_focus:
            self._keyboard_focus = shown
            self.viewport().update()

    # --- gestures

    def cancel_gesture(self) -> bool:
        """Esc: drop what the hand is doing, with everything as before. Gives whether there was anything."""
        if self.editor.editing is not None:
            self.editor.close_editor()
            return True
        gesture, self.gesture = self.gesture, None
        if gesture is None:
            return False
        gesture.cancel()
        self._end_gesture()
        return True

    def _begin(self, gesture: Gesture) -> None:
        self.gesture = gesture
        if gesture.cursor is not None:
            self.viewport().setCursor(gesture.cursor)
        self._mark()

    def _end_gesture(self) -> None:
        self.tell("")
        self._mark()
        self._show_cursor()
        self.overlay.refresh()

    def _finish(self, hand: Hand) -> None:
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.release(hand)
            self._end_gesture()

    def _follow_hand(self, hand: Hand) -> None:
        assert self.gesture is not None
        self.gesture.move(hand)
        self._mark()
        self.overlay.refresh()

    def _move_gesture_along(self) -> None:
        """The canvas was scrolled or zoomed under the hand."""
        if self.gesture is not None and not isinstance(self.gesture, Pan):
            spot = self.gesture.hand.spot
            self._follow_hand(Hand(self.mapToScene(spot), spot, self.gesture.hand.shift))

    def _hand(self, event: QMouseEvent | QDropEvent) -> Hand:
        spot = event.position().toPoint()
        return Hand(self.mapToScene(spot), spot, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def _gesture_for(self, hand: Hand) -> Gesture:
        hit = find_hit(self.graph_scene, hand.at, self.zoom)
        graph = self.bridge.graph
        if hit.on_node:
            return Move(self, hand, hit)
        if hit.kind == "output":
            return Connect(self, hand, hit)
        if hit.kind == "input":
            return Connect(self, hand, hit, graph.edges.get((hit.id, hit.port)))
        if hit.edge is not None and hit.t > END_OF_EDGE:
            return Connect(self, hand, hit, graph.edges[hit.edge])
        return RubberBand(self, hand, hit.edge)

    # --- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._show_keyboard_focus(False)
        if self.gesture is not None:
            return
        hand = self._hand(event)
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self.space.take()):
            self._begin(Pan(self, hand))
        elif left:
            self._begin(self._gesture_for(hand))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hand = self._hand(event)
        if self.gesture is not None:
            self._follow_hand(hand)
        else:
            hit = find_hit(self.graph_scene, hand.at, self.zoom)
            if hit != self._hover:
                self._hover = hit
                self._mark()
                self._show_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.buttons() == Qt.MouseButton.NoButton:
            self._finish(self._hand(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click on a name renames; anywhere else it is two clicks."""
        hit = find_hit(self.graph_scene, self._hand(event).at, self.zoom)
        if event.button() == Qt.MouseButton.LeftButton and hit.kind == "name":
            self.rename(hit.id)
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.cancel_gesture()
        hit = find_hit(self.graph_scene, self.mapToScene(event.pos()), self.zoom)
        if hit.id and hit.id not in self.selection.nodes:
            self.selection.select([hit.id])
        if hit.edge is not None and hit.edge not in self.selection.edges:
            self.selection.select(edges=[hit.edge])
        if not hit.id and hit.edge is None:
            self.context_menu_requested.emit(event.globalPos())
            return
        menu = node_menu(self, hit.id) if hit.edge is None else edge_menu(self, hit.edge)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    # --- drags out of the palette, and text out of other programs

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _is_text(event.mimeData()):
            self.cancel_gesture()
            self.tell("Let go to turn this text into nodes.")
            event.acceptProposedAction()
            return
        op = bytes(event.mimeData().data(OP_MIME).data()).decode("utf-8", "replace")
        if op not in OPS:
            event.ignore()
            return
        self.cancel_gesture()
        self._begin(Drop(self, self._hand(event), op))
        self.overlay.refresh()
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if isinstance(self.gesture, Drop):
            self._follow_hand(self._hand(event))
            event.acceptProposedAction()
        else:
            event.setAccepted(_is_text(event.mimeData()))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        if isinstance(self.gesture, Drop):
            self.cancel_gesture()
        self.tell("")

    def dropEvent(self, event: QDropEvent) -> None:
        if isinstance(self.gesture, Drop):
            self._finish(self._hand(event))
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            event.acceptProposedAction()
        elif _is_text(event.mimeData()):
            self.tell("")
            event.setDropAction(Qt.DropAction.CopyAction)  # the other program keeps its text
            event.accept()
            self.text_dropped.emit(event.mimeData().text(), self._hand(event).at)
        else:
            event.ignore()

    # --- what is lit up

    def _mark(self) -> None:
        """Bring rings, ports and edges up to date with the selection, the hover and the gesture."""
        gesture = self.gesture
        marks = {id: Marks(selected=True) for id in self.selection.nodes}
        if gesture is not None and (lit := gesture.marks()):
            marks |= lit
        elif gesture is None and self._hover.id:
            marks[self._hover.id] = Marks(selected=self._hover.id in self.selection.nodes, hovered=True)
        self.graph_scene.mark_nodes(marks)
        hovered = self._hover.edge if gesture is None else None
        lit_edge = gesture.lit_edge if gesture else None
        selected = self.selection.edges | ({lit_edge} if lit_edge else set())
        self.graph_scene.mark_edges(frozenset(selected), hovered, gesture.hidden_edge if gesture else None)

    def _show_cursor(self) -> None:
        shape = Qt.CursorShape.OpenHandCursor if self.space.down else _CURSORS.get(self._hover.kind)
        self.viewport().setCursor(shape or Qt.CursorShape.ArrowCursor)


def _is_text(data: QMimeData) -> bool:
    """Whether what is dragged is text, and neither an op nor files: those are for others."""
    return data.hasText() and not data.hasUrls() and not data.hasFormat(OP_MIME)
