"""A block dragged out of the palette: a ghost of all that is in it shows where it will be."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from engine.graph.graph import Graph
from engine.graph.records import Pos
from engine.layout.shown import shown_of
from engine.session import Session
from engine.show.shown_run import shown_frame
from gui.canvas.desk import Desk
from gui.canvas.gestures.state import Hand, State
from gui.canvas.model.stage import Stage
from gui.canvas.paint import style
from gui.canvas.paint.whole import paint_stage, stage_extent
from gui.look.theme import Theme

MOST_DRAWN = 200  # cards: of a larger block the outline is shown
MOST_PIXELS = 3000.0  # along a side of the picture
FAINT = 0.7


class Putting(State):
    """Lasts from when the drag enters until it leaves or is let go. `place` says where a block goes that is let go
    somewhere: its top left corner."""

    overlay = True
    outlasts_changes = True

    def __init__(self, desk: Desk, hand: Hand, block: Graph, place: Callable[[Graph, QPointF], Pos]) -> None:
        super().__init__(desk)
        self._block, self._place = block, place
        now, shown = Session(block).now, shown_of(block)
        self._stage = Stage(shown.graph, shown_frame(now.frame, shown))
        self._extent, self._picture = stage_extent(self._stage), QPixmap()
        corners = [node.pos for node in block.nodes.values()]
        self._corner = (min(pos[0] for pos in corners), min(pos[1] for pos in corners))
        self.move(hand)

    def move(self, hand: Hand) -> State:
        self._pos = self._place(self._block, hand.at)
        return self

    @property
    def pos(self) -> Pos:
        """Where the top left corner of the block would be."""
        return self._pos

    def paint(self, painter: QPainter, theme: Theme) -> None:
        rect = self._extent.translated(self._pos[0] - self._corner[0], self._pos[1] - self._corner[1])
        painter.setOpacity(FAINT)
        if len(self._stage.ids) > MOST_DRAWN:
            painter.setPen(style.pen(theme.focus, 2 / self.desk.camera.zoom, True))
            painter.drawRoundedRect(rect, 12, 12)
            return
        if self._picture.isNull():
            self._picture = self._drawn(theme)
        painter.drawPixmap(rect, self._picture, QRectF(self._picture.rect()))

    def _drawn(self, theme: Theme) -> QPixmap:
        """All that is in it, as sharp as it is seen."""
        wide, high = self._extent.width(), self._extent.height()
        sharp = self.desk.camera.zoom * self.desk.camera.view.viewport().devicePixelRatioF()
        sharp = min(sharp, MOST_PIXELS / max(wide, high))
        picture = QPixmap(max(round(wide * sharp), 1), max(round(high * sharp), 1))
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(sharp, sharp)
            painter.translate(-self._extent.topLeft())
            paint_stage(painter, self._stage, theme, self._extent)
        return picture
