"""L over one number, to be touched: the point is dragged, a secant is narrowed until it lies on the tangent.

Symbols: L the target, or seed · target; x the number; h how far the secant's other end is from the point.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent

from engine.values.values import number_text
from gui.look.guard import guarded
from gui.look.text_size import scaled
from gui.look.theme import CAPTION, font, theme
from gui.widgets.plot import Plot

GRASP = 12.0  # pixels from a point at which it is taken
NARROWER = 0.8  # times as wide, a notch of the wheel
SIZE = QSize(420, 190)


class SlopePlot(Plot):
    """Shows the curve that it is given. Tells what the hand does; whoever hears it changes the graph."""

    grasped = Signal()  # the point is taken
    moved = Signal(float)  # where the point is to be
    let_go = Signal()
    taken_back = Signal()  # Esc: the point back to where it was
    reached = Signal(float)  # h
    zoomed = Signal(float)  # how many times as wide a part is to be seen
    own_keys = frozenset({Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Up, Qt.Key.Key_Down})  # see gui.keys

    def __init__(self) -> None:
        super().__init__("L over x", SIZE, grows=True)
        self.other: tuple[float, float] | None = None  # the secant's other end: x + h, and L there
        self._held = ""  # what the hand holds: the point or the secant's end
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("Drag the point: the graph follows. Drag the ring: the secant tips. Wheel: zoom")

    def spot(self, x: float, y: float) -> QPointF | None:
        """Where a point is on the widget."""
        return self._point(x, y)

    # --- the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = self._under(event.position())
            if self._held == "point":
                self.grasped.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._held:
            x = self._across(at)
            mark = self.figure.mark
            self.moved.emit(x) if self._held == "point" else self.reached.emit(x - (mark.x if mark else x))
            return
        self.setCursor(Qt.CursorShape.SizeHorCursor if self._under(at) else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        held, self._held = self._held, ""
        if held == "point":
            self.let_go.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        if notches:
            self.zoomed.emit(NARROWER**notches)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and − zoom, ↑ and ↓ widen and narrow the secant; Esc takes a drag back."""
        key, mark = event.key(), self.figure.mark
        if key == Qt.Key.Key_Escape and self._held == "point":
            self._held = ""
            self.taken_back.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self.zoomed.emit(NARROWER**2 if key == Qt.Key.Key_Plus else NARROWER**-2)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and mark is not None and self.other is not None:
            self.reached.emit((self.other[0] - mark.x) * (2.0 if key == Qt.Key.Key_Up else 0.5))
        else:
            event.ignore()

    def _under(self, at: QPointF) -> str:
        """What a press there would take: of both, the nearer one."""
        mark = self.figure.mark
        ends = {
            "end": self.spot(*self.other) if self.other else None,
            "point": self.spot(mark.x, mark.y) if mark else None,
        }
        near = {name: (at - spot).manhattanLength() for name, spot in ends.items() if spot is not None}
        name = min(near, key=lambda each: near[each], default="")
        return name if name and near[name] <= GRASP else ""

    def _across(self, at: QPointF) -> float:
        area, axis = self._area(), self.figure.x
        part = (at.x() - area.left()) / max(area.width(), 1.0)
        return axis.low + min(max(part, 0.0), 1.0) * (axis.high - axis.low)

    # --- the picture

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        mark = self.figure.mark
        if self.figure.hint or mark is None or self.other is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipRect(self._area().adjusted(-4, -6, 4, 6))
            self._paint_secant(painter, (mark.x, mark.y), self.other)

    def _paint_secant(self, painter: QPainter, here: tuple[float, float], other: tuple[float, float]) -> None:
        """Dashed through both points, a step of h below it, and a ring at its end."""
        a, b, corner = self.spot(*here), self.spot(*other), self.spot(other[0], here[1])
        if a is None or b is None or corner is None:
            return
        look = theme()
        painter.setPen(QPen(look.color("faint"), 1))
        painter.drawPolyline([a, corner, b])
        pen = QPen(look.color("soft"), 1.6, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        way = b - a
        if way.manhattanLength() > 0.5:
            painter.drawLine(a - way * 4, b + way * 4)
        painter.setPen(QPen(look.color("text"), 1.8))
        painter.setBrush(look.color("panel"))
        painter.drawEllipse(b, 5, 5)
        painter.setBrush(look.color("focus"))
        painter.setPen(QPen(look.color("panel"), 1.5))
        painter.drawEllipse(a, 6, 6)
        painter.setFont(font(scaled(CAPTION)))
        painter.setPen(look.color("soft"))
        said = f"h = {number_text(other[0] - here[0], 3)}"
        wide = painter.fontMetrics().horizontalAdvance(said)
        if abs(corner.x() - a.x()) > wide + 8:
            up = -4 if b.y() >= a.y() else scaled(13)
            painter.drawText(QPointF((a.x() + corner.x() - wide) / 2, a.y() + up), said)
