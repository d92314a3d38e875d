"""The paper of a step, painted: heat maps with their numbers. A cell under the mouse lights all that it is made of."""

from collections.abc import Sequence
from itertools import chain
from math import ceil

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.show.cell_text import place_text
from engine.show.sheets import Paper
from engine.truth.cells import Cell, WrittenCell
from engine.values.heat import levels_of
from engine.values.values import exact_text, number_text
from gui.look.as_is import as_is
from gui.look.guard import guarded
from gui.look.heat_image import ink_on, level_color
from gui.look.measure import elided, width
from gui.look.theme import CAPTION, Theme, font, theme, themes
from gui.panels.inspector.paper_layout import NAME_GAP, NAME_LINE, TITLE, PlacedSheet, laid_out

LEAST_NUMBER, LEAST_DASH, LEAST_LINE = 15.0, 7.0, 4.0  # heights of cells that show a number, a dash, a gap
SMALL = 10  # pixels: numbers in cells
LEAST_WIDE = 8.0  # of a cell with a number
FLOW, ARROW = 1.5, 4.0  # pixels: how wide what flows together is drawn, and the wings of its arrow
KEYS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class PaperView(QWidget):
    """Its cells are looked at by mouse or arrow keys; what is chosen is a cell of the result."""

    cell_chosen = Signal(object)  # a cell of the result

    def __init__(self) -> None:
        super().__init__()
        self._paper: Paper | None = None
        self._placed: list[PlacedSheet] = []
        self._layouts: dict[int, tuple[list[PlacedSheet], float]] = {}  # by width
        self._written: WrittenCell | None = None
        self._cell: Cell = ()
        self._picture: QPixmap | None = None  # all that rests: painted once, for a hand moves over it
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Tensors of this step")
        themes.changed.connect(self._repaint)

    @property
    def placed(self) -> Sequence[PlacedSheet]:
        """Every tensor, and where it stands."""
        return self._placed

    def show_paper(self, paper: Paper | None) -> None:
        """Show the tensors of another step."""
        self._paper, self._written = paper, None
        self._layouts.clear()
        self._lay_out()
        self.updateGeometry()

    def light(self, cell: Cell, written: WrittenCell | None) -> None:
        """Light a cell of the result, and all that it is made of."""
        self._cell, self._written = cell, written
        self.update()

    def _lay_out(self) -> None:
        self._placed = self._laid_out(self.width())[0]
        self._repaint()

    def _repaint(self) -> None:
        self._picture = None
        self.update()

    def heightForWidth(self, wide: int) -> int:
        return ceil(self._laid_out(wide)[1]) + 2 if self._paper else 0

    def _laid_out(self, wide: int) -> tuple[list[PlacedSheet], float]:
        """Found once for a paper and a width: layouts ask for the height again and again."""
        if self._paper is None:
            return [], 0.0
        if wide not in self._layouts:
            self._layouts[wide] = laid_out(self._paper, wide - 2.0)
        return self._layouts[wide]

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(240))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    # --- the hand

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        for each in self._placed:
            square = each.square_at(event.position())
            if square is not None and self._paper is not None and each.sheet is self._paper.result:
                self._choose(each.cell_of(*square))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = KEYS.get(Qt.Key(event.key()))
        result = self._result()
        if way is None or result is None:
            super().keyPressEvent(event)
            return
        row, column = result.square_of(self._cell)
        rows, columns = result.grid.shape
        self._choose(result.cell_of(min(max(row + way[0], 0), rows - 1), min(max(column + way[1], 0), columns - 1)))

    def _choose(self, cell: Cell) -> None:
        if cell != self._cell:
            self.cell_chosen.emit(cell)

    def _result(self) -> PlacedSheet | None:
        return next((p for p in self._placed if self._paper is not None and p.sheet is self._paper.result), None)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), as_is(self.told_at(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def told_at(self, at: QPointF) -> str:
        """The number under the mouse, with all its digits."""
        for each in self._placed:
            square = each.square_at(at)
            if square is not None:
                cell = each.cell_of(*square)
                number = exact_text(float(np.asarray(each.sheet.value)[cell]))
                more = f"\nthe largest of {each.blocks.down} × {each.blocks.across}" if max(each.blocks) > 1 else ""
                place = f" at {place_text(cell)}" if cell else ""
                name = each.sheet.called(cell) if each.sheet.called else f"{each.sheet.title}{place}"
                return f"{name} = {number}{more}"
        return ""

    # --- painting

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme()
        if self._picture is None:
            self._picture = self._painted(colors)
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_lit(painter, colors)
            if self.hasFocus():
                painter.setPen(QPen(colors.color("focus"), 1, Qt.PenStyle.DotLine))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _painted(self, colors: Theme) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(QSize(self.width(), self.heightForWidth(self.width())) * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            for each in self._placed:
                _paint_title(painter, each, self.width(), colors)
                _paint_cells(painter, each, colors)
                _paint_names(painter, each, colors)
        return picture

    def _paint_lit(self, painter: QPainter, colors: Theme) -> None:
        """Rings round the cells that take part; the result's own is the strongest."""
        if self._written is None:
            return
        self._paint_flows(painter, colors)
        painter.setPen(QPen(colors.color("focus"), 2))
        for each in self._placed:
            painter.drawRects([_ring(each.box(*square)) for square in self._lit(each)])

    def _paint_flows(self, painter: QPainter, colors: Theme) -> None:
        """From every copy what came back to it, together into the cell that they are copies of."""
        result = self._result()
        if self._paper is None or not self._paper.flows or result is None:
            return
        goal = result.box(*result.square_of(self._cell))
        painter.setPen(QPen(colors.color("focus"), FLOW))
        painter.setOpacity(0.7)
        for each in self._placed:
            for square in sorted(self._lit(each)) if each.sheet.kind in ("gradient", "seed") else ():
                painter.drawPath(_flow(each.box(*square), goal))
        painter.setOpacity(1.0)

    def _lit(self, placed: PlacedSheet) -> set[tuple[int, int]]:
        if self._paper is not None and placed.sheet is self._paper.result:
            return {placed.square_of(self._cell)}
        assert self._written is not None
        if placed.sheet.kind == "beside":
            return {placed.square_of(self._cell)} if placed.sheet.value.shape == self._paper_shape() else set()
        return {placed.square_of(f.cell) for f in self._written.factors if placed.sheet.holds(f)}

    def _paper_shape(self) -> tuple[int, ...]:
        return () if self._paper is None else tuple(self._paper.result.value.shape)


def _flow(box: QRectF, goal: QRectF) -> QPainterPath:
    """Down along the right edge of a cell, past its number, and into another from above."""
    start, end = QPointF(box.right() - ARROW - 2, box.bottom() - 4), QPointF(goal.right() - ARROW - 2, goal.top())
    bend = QPointF(0, (end.y() - start.y()) / 2)
    path = QPainterPath(start)
    path.cubicTo(start + bend, end - bend, end)
    path.moveTo(end)
    path.lineTo(end + QPointF(-ARROW, -ARROW))
    path.moveTo(end)
    path.lineTo(end + QPointF(ARROW, -ARROW))
    return path


def _ring(box: QRectF) -> QRectF:
    return box.adjusted(0.5, 0.5, -1.5, -1.5)


def _paint_title(painter: QPainter, placed: PlacedSheet, wide: float, colors: Theme) -> None:
    painter.setFont(font(CAPTION))
    painter.setPen(colors.color("soft"))
    top = placed.rect.bottom() + 2 if placed.title_below else placed.corner.y() - placed.above - TITLE
    box = QRectF(placed.corner.x(), top, wide - placed.corner.x(), TITLE)
    text = elided(placed.sheet.title, CAPTION, False, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _paint_names(painter: QPainter, placed: PlacedSheet, colors: Theme) -> None:
    """What its columns are called, above them, and its rows, to their right."""
    painter.setFont(font(CAPTION))
    painter.setPen(colors.color("soft"))
    middle, room = Qt.AlignmentFlag.AlignVCenter, placed.above - NAME_GAP
    for column, name in enumerate(placed.sheet.columns if placed.above else ()):
        box = placed.box(0, column)
        if placed.above <= NAME_LINE:
            line = QRectF(box.left(), box.top() - NAME_LINE, box.width(), NAME_LINE)
            painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | middle, name)
            continue
        painter.save()
        painter.translate(box.center().x(), box.top() - NAME_GAP / 2)
        painter.rotate(-90)
        painter.drawText(QRectF(0, -NAME_LINE / 2, room + 2, NAME_LINE), middle, elided(name, CAPTION, False, room + 2))
        painter.restore()
    for row, name in enumerate(placed.sheet.rows if placed.beside else ()):
        box = placed.box(row, placed.grid.shape[1] - 1)
        line = QRectF(box.right() + NAME_GAP / 2, box.top(), placed.beside, box.height())
        painter.drawText(line, middle, elided(name, CAPTION, False, placed.beside - NAME_GAP / 2))


def _paint_cells(painter: QPainter, placed: PlacedSheet, colors: Theme) -> None:
    levels = levels_of(placed.grid, placed.scale).tolist()
    gap = 1.0 if placed.high >= LEAST_LINE else 0.0
    painter.setFont(font(SMALL))
    grid = placed.grid.tolist()
    texts = fitting_texts(grid, placed.box(0, 0).width() - gap) if placed.high >= LEAST_NUMBER else []
    tones = {level: level_color(level, placed.sheet.is_signed, colors) for level in {*chain.from_iterable(levels)}}
    inks = {level: ink_on(tone, colors) for level, tone in tones.items()}
    for row, numbers in enumerate(grid):
        for column, number in enumerate(numbers):
            box, level = placed.box(row, column).adjusted(0, 0, -gap, -gap), levels[row][column]
            painter.fillRect(box, tones[level])
            painter.setPen(inks[level])
            if texts:
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, texts[row][column])
            elif number < 0 and placed.high >= LEAST_DASH:
                middle = box.center().y()
                painter.drawLine(
                    QPointF(box.left() + box.width() / 4, middle), QPointF(box.right() - box.width() / 4, middle)
                )


def fitting_texts(grid: Sequence[Sequence[float]], wide: float) -> list[list[str]]:
    """All numbers with as many digits as there is room for in each cell; none where one of them has none, for beside
    numbers the mark of what is below 0 would be read as one."""
    for digits in (3, 2, 1) if wide >= LEAST_WIDE else ():
        texts = [[number_text(number, digits) for number in numbers] for numbers in grid]
        if all(width(text, SMALL) <= wide - 1 for line in texts for text in line):
            return texts
    return []
