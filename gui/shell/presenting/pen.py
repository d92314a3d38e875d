"""The pen: strokes drawn over the canvas with the mouse. They are no part of the document, and are gone afterwards.

A stroke is kept in places of the scene: it stays at what it marks, however the view is moved and zoomed.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from gui.canvas.view import CanvasView
from gui.look.guard import guarded, guarded_filter
from gui.look.theme import theme, themes

WIDTH = 4.0  # pixels on screen when it is drawn
NEAR = 1.5  # pixels: the mouse has gone no farther than a hand shakes
COLOURS = ("loss", "focus", "leaf", "warn", "text")  # of the theme, each legible on the canvas, light and dark
TIP = 16  # pixels: of the cursor


@dataclass
class PenStroke:
    """One line, in places of the scene; so wide there."""

    colour: str
    width: float
    points: list[QPointF] = field(default_factory=list)


class PenSheet(QWidget):
    """Lies over the canvas. Without the pen in the hand it lets the mouse through, and shows what was drawn."""

    changed = Signal()

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas.viewport())
        self._canvas = canvas
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.strokes: list[PenStroke] = []
        self.colour = COLOURS[0]
        self.is_held = self._draws = False
        canvas.camera.looked.connect(self.update)
        themes.changed.connect(self._dress)
        self._follow()

    def hold(self, held: bool) -> None:
        """Take the pen, or put it away; what was drawn stays."""
        self.is_held, self._draws = held, False
        self._follow()

    def next_colour(self) -> None:
        """Draw in the next of the colours, and after the last in the first."""
        self.colour = COLOURS[(COLOURS.index(self.colour) + 1) % len(COLOURS)]
        self._dress()

    def undo(self) -> None:
        """Take the last stroke back."""
        if self.strokes:
            self.strokes.pop()
            self._draws = False
            self._follow()

    def wipe(self) -> None:
        """Take all strokes back."""
        self.strokes.clear()
        self._draws = False
        self._follow()

    def _follow(self) -> None:
        """It is there as long as there is something to do or to see."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not self.is_held)
        self.setGeometry(self._canvas.viewport().rect())
        self.setVisible(self.is_held or bool(self.strokes))
        self.raise_()
        self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        """The cursor is the tip of the pen, in its colour."""
        tip = QPixmap(TIP, TIP)
        tip.fill(Qt.GlobalColor.transparent)
        with QPainter(tip) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme().color("canvas"), 2))
            painter.setBrush(theme().color(self.colour))
            painter.drawEllipse(QPointF(TIP / 2, TIP / 2), TIP / 2 - 2, TIP / 2 - 2)
        self.setCursor(QCursor(tip))
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setGeometry(self._canvas.viewport().rect())
        self._canvas.viewport().installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._canvas.viewport().removeEventFilter(self)

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.viewport().rect())
        return False

    # --- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()  # the view is moved with the middle button as ever
            return
        self._draws = True
        self.strokes.append(PenStroke(self.colour, WIDTH / self._canvas.camera.zoom))
        self._draw_to(event.position())
        self.changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._draws:
            event.ignore()
        elif self.strokes and (event.position() - self._last()).manhattanLength() > NEAR:
            self._draw_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._draws:
            self._draws = False
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def _draw_to(self, spot: QPointF) -> None:
        self.strokes[-1].points.append(self._canvas.viewportTransform().inverted()[0].map(spot))
        self.update()

    def _last(self) -> QPointF:
        return self._canvas.viewportTransform().map(self.strokes[-1].points[-1])

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setTransform(self._canvas.viewportTransform())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for stroke in self.strokes:
                pen = QPen(theme().color(stroke.colour), stroke.width)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
                painter.setPen(pen)
                painter.drawPath(_path(stroke.points))


def _path(points: list[QPointF]) -> QPainterPath:
    """Through the middles between the points: no corner is seen where the mouse was slow to tell."""
    path = QPainterPath(points[0])
    for one, other in pairwise(points[1:]):
        path.quadTo(one, (one + other) / 2)
    path.lineTo(points[-1] + (QPointF(0.01, 0) if len(points) == 1 else QPointF()))
    return path
