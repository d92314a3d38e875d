"""The confusion matrix: how often each class was taken for each; a cell that is clicked tells which one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.learn.decisions import Ids
from gui.look.as_is import as_is
from gui.look.guard import guarded
from gui.look.measure import elided, width
from gui.look.text_size import scaled
from gui.look.theme import CAPTION, Theme, font, mixed, theme
from gui.panels.learnt.colours import class_colour, mark_of

ROW, NAMES, HEAD, FOOT = 22, 76, 22, 4
NAMES_SHARE = 0.36  # of the width, that names may have beside the cells
LEAST = 8  # pixels of the letters of a count, or of a name over a column
HOW = "Down: what is right. Across: what was chosen. Click a number: the worst of these plays"
DEEPEST = 0.5  # of the way to the colour: the numbers stay legible


class Confusion(QWidget):
    """Right classes down, chosen ones across."""

    chosen = Signal(int, int)  # the right class, and what it was taken for

    def __init__(self) -> None:
        super().__init__()
        self.table: Ids = np.zeros((0, 0), np.intp)
        self.classes: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Confusion matrix")
        self.setToolTip(as_is(HOW))
        self.setMouseTracking(True)

    def show_table(self, table: Ids, classes: tuple[str, ...]) -> None:
        """Other counts."""
        if table.shape != self.table.shape:
            self.updateGeometry()
        self.table, self.classes = table, classes
        self.setAccessibleDescription(self.text())
        self.update()

    def text(self) -> str:
        """The same in words: 0 taken for 1: 3."""
        pairs = ((i, j) for i, j in np.argwhere(self.table > 0).tolist())
        return ", ".join(f"{self.classes[i]} taken for {self.classes[j]}: {self.table[i, j]}" for i, j in pairs)

    def sizeHint(self) -> QSize:
        return QSize(scaled(240), scaled(HEAD + FOOT) + scaled(ROW) * len(self.table))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(160), self.sizeHint().height())

    @property
    def _names(self) -> float:
        """The room beside the cells: no more than the names take, and of long ones a part."""
        widest = max((width(name, scaled(CAPTION)) for name in self.classes), default=0.0)
        return min(max(float(scaled(NAMES)), NAMES_SHARE * self.width()), scaled(18) + widest + 2)

    def cell(self, right: int, chosen: int) -> QRectF:
        """Where a number stands."""
        count, left = max(len(self.table), 1), self._names
        wide = min((self.width() - left) / count, 3.0 * scaled(ROW))
        return QRectF(left + chosen * wide, scaled(HEAD) + right * scaled(ROW), wide, scaled(ROW))

    @staticmethod
    def size_of(count: int, room: float) -> int:
        """The size of the letters in which a count is written: smaller ones where it would not be seen whole."""
        return _size_of([str(count)], room, bool(count))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Of the cell under the mouse both names are said whole."""
        at = next((each for each in np.ndindex(*self.table.shape) if self.cell(*each).contains(event.position())), None)
        self.setToolTip(as_is(HOW if at is None else self._said(*at)))

    def _said(self, right: int, chosen: int) -> str:
        said = f"{self.classes[right]}, taken for {self.classes[chosen]}: {self.table[right, chosen]}"
        return f"{said}\nClick: the worst of these plays" if self.table[right, chosen] else said

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for right, chosen in np.argwhere(self.table > 0).tolist():
            if self.cell(right, chosen).contains(event.position()):
                self.chosen.emit(right, chosen)
                return

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number, name in enumerate(self.classes[: len(self.table)]):
                self._paint_names(painter, look, number, name)
            for right, chosen in np.ndindex(*self.table.shape):
                self._paint_cell(painter, look, right, chosen)

    def _paint_names(self, painter: QPainter, look: Theme, number: int, name: str) -> None:
        size = _size_of(self.classes, self.cell(0, 0).width() - 2, False)
        painter.setFont(font(scaled(CAPTION)))
        row, column = self.cell(number, 0), self.cell(0, number)
        middle, beside = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(class_colour(look, number))
        painter.drawText(QPointF(0, row.center().y() + scaled(4)), mark_of(number))
        painter.setPen(look.color("soft"))
        left = QRectF(scaled(14), row.top(), self._names - scaled(18), row.height())
        painter.drawText(left, int(beside), elided(name, scaled(CAPTION), False, left.width()))
        head = QRectF(column.left(), 0, column.width(), scaled(HEAD))
        painter.setFont(font(size))
        painter.drawText(head, int(middle), elided(name, size, False, head.width() - 2))

    def _paint_cell(self, painter: QPainter, look: Theme, right: int, chosen: int) -> None:
        count, box = int(self.table[right, chosen]), self.cell(right, chosen).adjusted(1, 1, -1, -1)
        share = count / max(int(self.table[right].sum()), 1)
        colour = look.color("focus" if right == chosen else "pos")
        painter.setBrush(mixed(look.color("chip"), colour, DEEPEST * share))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, 3, 3)
        painter.setFont(font(self.size_of(count, box.width()), bold=bool(count)))
        painter.setPen(QPen(look.color("text" if count else "faint")))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(count))


def _size_of(texts: Sequence[str], room: float, bold: bool) -> int:
    """The largest letters, within bounds, in which each of some texts has room."""
    sizes = range(scaled(CAPTION), scaled(LEAST) - 1, -1)
    return next((size for size in sizes if all(width(text, size, bold) <= room for text in texts)), sizes[-1])
