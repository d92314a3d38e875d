"""Quick add: type on the canvas what is to be added, Enter puts it there and wires it to what is selected."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame

from engine.edits.offers import find_offers, use_of
from engine.edits.quick import Around, NewNode
from engine.show.now import Now
from gui.canvas.desk import Desk
from gui.canvas.gestures.awaiting import Awaiting
from gui.canvas.gestures.state import Hand
from gui.canvas.offer_list import MOST_ROWS, ROW, OfferList
from gui.canvas.quick_place import QuickPlace, Spot, selected_in_order
from gui.canvas.tools import Tools
from gui.document import settings
from gui.look.as_is import PlainLabel
from gui.look.text_size import scaled
from gui.widgets.boxes import column
from gui.widgets.fields import TextLine
from gui.widgets.keys import STILL_HERE
from gui.widgets.labels import set_role

WIDTH, MARGIN, SPACING, GAP, EDGE = 340, 8, 6, 4, 4
LONGEST = 2000  # signs: what is longer is pasted, as a program
FEW_ROWS = 4  # where there is not room for all
PLACEHOLDER = "relu, 3.5, w = 0.2, sigmoid(w*x + b)"
ALONE = "Shift+Enter adds it without edges."
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TAB = {Qt.Key.Key_Tab: Qt.Key.Key_Down, Qt.Key.Key_Backtab: Qt.Key.Key_Up}


class QuickField(TextLine):
    """Enter takes the marked row, Esc closes, the arrows and Tab mark another row; all other keys type."""

    taken = Signal(bool)  # Enter; whether with Shift or Ctrl
    dropped = Signal()
    left = Signal()  # the focus is elsewhere

    def __init__(self, rows: OfferList) -> None:
        super().__init__()
        self._rows = rows

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _TAB:
            self._rows.move_mark(_TAB[Qt.Key(event.key())])
            return True
        return super().event(event)

    def _is_done(self, event: QKeyEvent) -> bool:
        """Never: the document behind an open search is not what somebody means who takes typing back."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        if event.key() in _ENTER:
            self.taken.emit(bool(event.modifiers() & held))
        elif event.key() == Qt.Key.Key_Escape:
            self.dropped.emit()
        elif not self._rows.move_mark(Qt.Key(event.key())):
            super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STILL_HERE:
            self.left.emit()


class QuickAdd(QFrame):
    """Stands over the canvas, always wholly inside it. It does nothing before Enter or a click on a row."""

    def __init__(self, desk: Desk, tools: Tools, place: QuickPlace) -> None:
        super().__init__(desk.camera.view)  # not the viewport, which carries its children along when it scrolls
        self.setObjectName("quick-add")
        self.setAccessibleName("Quick add")
        self._desk, self._tools, self._place = desk, tools, place
        self._around, self._spot, self._corner, self._most_rows = Around(), Spot(), QPoint(), MOST_ROWS
        self.rows = OfferList(self)
        self.field = QuickField(self.rows)
        self.field.setPlaceholderText(PLACEHOLDER)
        self.field.setAccessibleName("Add")
        self.field.setMaxLength(LONGEST)
        self.sentence = PlainLabel()
        self.sentence.setWordWrap(True)
        set_role(self.sentence, "soft")
        column(self, SPACING, self.field, self.rows, self.sentence, margins=(MARGIN, MARGIN, MARGIN, MARGIN))
        self.hide()
        self.field.textChanged.connect(self._show_found)
        self.field.taken.connect(self._take)
        self.field.dropped.connect(self.close_search)
        self.field.left.connect(self._leave)
        self.rows.chosen.connect(lambda: self._take(False))
        desk.quick_asked.connect(self.open)
        desk.bridge.told.connect(self._follow)

    # --- open and closed

    def open(self, spot: QPoint | None = None, around: Around | None = None, text: str = "") -> None:
        """Begin to search: at a spot of the viewport, or where the mouse shows a place, or beside what is selected."""
        if self._tools.hand is not None or not self._desk.bridge.pending.commit():
            return  # what is in the hand comes first
        self._around = around or self._what_is_selected()
        if around is None and spot is None and not (self._around.edge or self._around.source or self._around.port):
            spot = self._desk.pointed_at
        in_hand = around is not None and (around.source or around.port) is not None
        at = None if spot is None else self._desk.camera.view.mapToScene(spot)
        self._spot = Spot(at, self._seen_of(self._around.ids), in_hand)
        self._corner, self._most_rows = self._corner_and_rows(self._anchor(spot))
        if at is not None and in_hand:
            self._tools.begin(Awaiting(self._desk, self._around, at), Hand(at, self._corner))
        self.field.setText(text)
        self._show_found()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def compose(self, event: QInputMethodEvent) -> None:
        """Begin with a sign that takes more than one key: what was composed so far goes into the field."""
        self.open()
        QApplication.sendEvent(self.field, event)

    def close_search(self) -> None:
        """Close it; the keys are the canvas's again."""
        self._leave()
        self._desk.camera.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        self.hide()
        if isinstance(self._tools.state, Awaiting):
            self._tools.cancel()

    def _what_is_selected(self) -> Around:
        """The port where the keys are, the one edge, or the nodes."""
        edges, stop = self._desk.selection.edges, self._desk.stop
        if not self._desk.selection.nodes and len(edges) == 1:
            return Around(edge=next(iter(edges)))
        if stop is not None and stop.place == "input":
            return Around(port=(stop.id, stop.port))
        if stop is not None and stop.place == "output":
            return Around(source=(stop.id, stop.port))
        return Around(selected_in_order(self._desk))

    def _anchor(self, spot: QPoint | None) -> QRect:
        """What it stands beside: a spot; or what is selected, as far as that is seen; or the middle."""
        view = self._desk.camera.view
        seen = view.viewport().rect()
        if spot is not None:
            return QRect(spot, QSize())
        if self._spot.beside:
            box = view.mapFromScene(self._desk.scene.nodes_rect(self._spot.beside)).boundingRect()
            return box.intersected(seen).adjusted(-GAP, -GAP, GAP, GAP)
        return QRect(seen.center() - QPoint(scaled(WIDTH) // 2, scaled(ROW) * MOST_ROWS // 2), QSize())

    def _seen_of(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """These nodes, if any of them is seen: beside what one has left behind nothing is looked for."""
        return ids if self._desk.camera.sees_any(ids) else ()

    def _room(self) -> QRect:
        return self._desk.camera.view.viewport().rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)

    def _corner_and_rows(self, anchor: QRect) -> tuple[QPoint, int]:
        """Where it stands with as many rows as it shows at the most, for it does not move while one types; with fewer
        rows where it would come away from what it is about.
        """
        head, best = self.field.sizeHint().height() + 2 * MARGIN + SPACING, (QPoint(), FEW_ROWS)
        for rows in (FEW_ROWS, MOST_ROWS):
            size = QSize(scaled(WIDTH), head + scaled(ROW) * rows)
            corner = corner_of(anchor, self._room(), size)
            if rows == FEW_ROWS or _is_beside(QRect(corner, size), anchor):
                best = corner, rows
        return best

    # --- what is shown

    def _show_found(self) -> None:
        found = find_offers(self._desk.graph, self.field.text(), self._around, settings.get("quick_used"))
        self.rows.show_offers(found.rows, found.sure)
        self._say(found.sentence)

    def _say(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.field.setAccessibleDescription(sentence)
        self._stand()

    def _stand(self) -> None:
        """At its corner, and wholly inside the canvas: in a small one with fewer rows."""
        room = self._room()
        wide = min(scaled(WIDTH), room.width())
        said = self.sentence.heightForWidth(wide - 2 * MARGIN - 2) + SPACING if self.sentence.text() else 0
        rest = self.field.sizeHint().height() + 2 * MARGIN + said
        rows = min(self.rows.wanted_height(), scaled(ROW) * self._most_rows, max(room.height() - rest - SPACING, 0))
        self.rows.setVisible(rows > 0)
        self.rows.setFixedHeight(rows)
        high = rest + (rows + SPACING if rows else 0)
        left, top = max(min(self._corner.x(), room.right() + 1 - wide), room.left()), self._corner.y()
        self.setGeometry(left, max(min(top, room.bottom() + 1 - high), room.top()), wide, high)

    def _follow(self, now: Now) -> None:
        if self.isHidden():
            return
        if now.loaded:
            self.close_search()
        elif now.change:
            self._show_found()

    # --- what is chosen

    def _take(self, alone: bool) -> None:
        offer = self.rows.marked
        if offer is None:
            return
        made = offer.made.alone if alone and isinstance(offer.made, NewNode) else offer.made
        if offer.refusal and made is offer.made:
            self._say(f"{offer.refusal} {ALONE}" if isinstance(made, NewNode) else offer.refusal)
            return
        self._tools.cancel()
        if refused := self._place.put(made, self._spot, offer.title):
            self._say(refused)
            return
        if offer.key:
            settings.put("quick_used", use_of(settings.get("quick_used"), offer.key))
        self.close_search()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel over it is not about the canvas below."""
        event.accept()


def corner_of(anchor: QRect, room: QRect, size: QSize) -> QPoint:
    """Where a box of a size stands beside another one and covers the least of it: to the right of it, below, to the
    left or above. Beside a spot it begins there, and is moved in as far as need be.
    """
    width, height = size.width(), size.height()
    beside = (
        anchor.topRight() + QPoint(1, 0), anchor.bottomLeft() + QPoint(0, 1),
        anchor.topLeft() - QPoint(width, 0), anchor.topLeft() - QPoint(0, height),
    )  # fmt: skip
    inside = [_moved_in(QRect(corner, size), room) for corner in beside]
    return min(inside, key=lambda box: _area(box.intersected(anchor))).topLeft()


def _is_beside(box: QRect, anchor: QRect) -> bool:
    """Whether a box leaves another one free; or stands where a spot is, and is not moved up from it."""
    return not box.intersects(anchor) if not anchor.isEmpty() else box.top() >= anchor.top()


def _area(box: QRect) -> int:
    return 0 if box.isEmpty() else box.width() * box.height()


def _moved_in(box: QRect, room: QRect) -> QRect:
    """A box moved into a room; of what is too large the top left corner."""
    left = max(min(box.left(), room.right() + 1 - box.width()), room.left())
    return QRect(QPoint(left, max(min(box.top(), room.bottom() + 1 - box.height()), room.top())), box.size())
