"""An edge was let go over nothing: its end stays there while one says what is to stand at it."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from engine.edits.quick import Around
from gui.canvas.desk import Desk
from gui.canvas.gestures.state import State
from gui.canvas.model.geometry import curve
from gui.canvas.paint.edge import paint_loose_curve
from gui.look.theme import Theme


class Awaiting(State):
    """Lasts as long as quick add is open."""

    cursor = Qt.CursorShape.ArrowCursor
    overlay = True
    scrolls_along = False

    def __init__(self, desk: Desk, around: Around, at: QPointF) -> None:
        super().__init__(desk)
        self._around, self._at = around, (at.x(), at.y())

    def paint(self, painter: QPainter, theme: Theme) -> None:
        around, stage = self._around.within(self.desk.graph), self.desk.scene.stage
        if around.source is not None:
            paint_loose_curve(painter, curve(stage.output_place(*around.source), self._at), theme, False)
        elif around.port is not None:
            paint_loose_curve(painter, curve(self._at, stage.input_place(*around.port)), theme, False)
