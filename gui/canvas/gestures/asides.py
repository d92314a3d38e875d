"""Drags of regions and notes: by a title or border they are carried with all that stands in them, by a handle resized;
and the drag of a rectangle that becomes a new region."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from engine import edits
from engine.graph.records import Pos
from gui.canvas.desk import Desk
from gui.canvas.gestures.state import Hand, State
from gui.canvas.hits import Hit
from gui.canvas.load import Load, load_of
from gui.canvas.model.aside_parts import resized
from gui.canvas.model.geometry import snapped
from gui.canvas.paint import style
from gui.canvas.paint.nodes import sides
from gui.document.selection import AsideKey, Chosen
from gui.look.theme import Theme

THRESHOLD = 12.0  # pixels on screen: a smaller rectangle is a click
HINT = "What stands in it goes along. Esc puts everything back."
SIZES = {
    "left top": Qt.CursorShape.SizeFDiagCursor, "right bottom": Qt.CursorShape.SizeFDiagCursor,
    "right top": Qt.CursorShape.SizeBDiagCursor, "left bottom": Qt.CursorShape.SizeBDiagCursor,
    "left": Qt.CursorShape.SizeHorCursor, "right": Qt.CursorShape.SizeHorCursor,
    "top": Qt.CursorShape.SizeVerCursor, "bottom": Qt.CursorShape.SizeVerCursor,
}  # fmt: skip


class CarryingAside(State):
    """Everything goes the same way: that which brings what is under the hand onto the grid."""

    pulls = True
    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, desk: Desk, first: Hand, key: AsideKey, before: Chosen) -> None:
        super().__init__(desk)
        self._first, self._before, self._way = first, before, (0.0, 0.0)
        selection = desk.selection
        shared = key in selection.asides or key[0] == "group"
        nodes, keys = (desk.picked, {*selection.asides, key}) if shared else (frozenset[str](), {key})
        self._load: Load = load_of(desk.shown, nodes, keys)
        self._resting = {key: aside.box for key, aside in desk.scene.asides.shown.items()}
        first_node = next(iter(self._load.nodes), None) if key[0] == "group" else None
        self._corner: Pos = self._resting[key][:2] if first_node is None else desk.document.nodes[first_node].pos

    def move(self, hand: Hand) -> State:
        (x, y), way = self._corner, hand.at - self._first.at
        to_x, to_y = snapped(x + way.x(), y + way.y())
        self._way = (round(to_x - x, 2), round(to_y - y, 2))
        scene = self.desk.scene
        scene.preview(self._load.positions(self.desk.graph, self._way))
        scene.preview_asides(self._load.boxes(self._resting, self._way))
        self.desk.tell(HINT)
        return self

    def release(self, hand: Hand) -> None:
        self.move(hand)
        load, way = self._load, self._way
        self.desk.edit_document(lambda graph: load.move(graph, way))
        self._rest()

    def cancel(self) -> None:
        self._rest()
        self.desk.select_again(*self._before)

    def _rest(self) -> None:
        self.desk.scene.preview_asides({})
        self.desk.scene.preview({})


class Resizing(State):
    """A region by a side or corner; a note by its right side, its text being broken anew."""

    pulls = True

    def __init__(self, desk: Desk, first: Hand, hit: Hit) -> None:
        super().__init__(desk)
        assert hit.aside is not None
        self._first, self._key, self._sides = first, hit.aside, hit.sides
        self._aside = desk.scene.asides.shown[hit.aside]
        self._box = self._aside.box

    @property
    def cursor(self) -> Qt.CursorShape:
        return SIZES[self._sides]

    def move(self, hand: Hand) -> State:
        left, top, right, bottom = self._aside.box
        start_x = left if "left" in self._sides else right
        start_y = top if "top" in self._sides else bottom
        way = hand.at - self._first.at
        to = snapped(start_x + way.x(), start_y + way.y())
        self._box = resized(self._aside, self._sides, to)
        self.desk.scene.preview_asides({self._key: self._box})
        return self

    def release(self, hand: Hand) -> None:
        self.move(hand)
        (kind, id), (left, top, right, bottom) = self._key, self._box
        if kind == "note":
            self.desk.edit_document(lambda graph: edits.widen_note(graph, id, right - left))
        else:
            size = (right - left, bottom - top)
            self.desk.edit_document(lambda graph: edits.resize_region(graph, id, (left, top), size))
        self.desk.scene.preview_asides({})

    def cancel(self) -> None:
        self.desk.scene.preview_asides({})


class RegionTool(State):
    """Waits for the press at which a new region begins."""

    cursor = Qt.CursorShape.CrossCursor
    overlay = True
    sentence = "Drag a rectangle: it becomes a region."

    def press(self, hand: Hand, button: Qt.MouseButton) -> State:
        return DrawingRegion(self.desk, hand) if button == Qt.MouseButton.LeftButton else self


class DrawingRegion(State):
    """The rectangle between the press and the hand."""

    pulls = True
    cursor = Qt.CursorShape.CrossCursor
    overlay = True

    def __init__(self, desk: Desk, first: Hand) -> None:
        super().__init__(desk)
        self._first, self._rect = first, QRectF(first.at, first.at)

    def move(self, hand: Hand) -> State:
        self._rect = QRectF(QPointF(*snapped(*self._first.at.toTuple())), QPointF(*snapped(*hand.at.toTuple())))
        self._rect = self._rect.normalized()
        return self

    def release(self, hand: Hand) -> None:
        self.move(hand)
        if min(self._rect.width(), self._rect.height()) * self.desk.camera.zoom >= THRESHOLD:
            self.desk.region_asked.emit(sides(self._rect))

    def paint(self, painter: QPainter, theme: Theme) -> None:
        painter.setPen(style.pen(theme.focus, round(1.5 / self.desk.camera.zoom, 3)))
        painter.setBrush(style.brush(theme.focus, 0.08))
        painter.drawRoundedRect(self._rect, 8, 8)
