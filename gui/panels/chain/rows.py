"""The paths, painted: a row each, its product and its factors from the target back, each with a bar for its size."""

from collections.abc import Iterator, Sequence
from math import isfinite, log10
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from engine.show.chain import ChainFactor, ChainRow, ChainView
from engine.truth.factors import largest_size
from engine.values.values import exact_text, number_text, value_text
from gui.look import measure
from gui.look.as_is import as_is
from gui.look.guard import guarded
from gui.look.text_size import USUAL, keep_scaled, text_size
from gui.look.theme import BODY, CAPTION, NAME, Theme, font, theme, themes
from gui.widgets.labels import sign_role

LEFT, TOP, ROW, HEAD, CHIP = 12, 4, 82, 20, 56  # pixels: the margin, a row with its line of words above its chips
SUM, PASSED, LEAST, MOST, BETWEEN = 128, 30, 66, 190, 16  # how wide the product is, a factor of 1, another, and a sign
NARROW_PASSED, NARROW_LEAST, NARROW_BETWEEN = 18, 44, 11  # where there is no room for formulas
CORNER = 14  # of a guilty factor, for its mark
BAR = 5.0
LEAST_SPAN = 1.0  # decades that half a bar stands for, at least
Align = Qt.AlignmentFlag


class _Chip(NamedTuple):
    """A factor at its place in a row."""

    factor: ChainFactor
    box: QRectF
    caption: str
    number: str


class PathRows(QWidget):
    """Under the mouse, or where the keys are, a path is lit up on the canvas; a click or Enter selects its nodes."""

    pointed = Signal(object)  # the ChainRow, or None
    taken = Signal(object)
    own_keys = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter})  # see gui.keys

    def __init__(self) -> None:
        super().__init__()
        self._view: ChainView | None = None
        self._names: dict[str, str] = {}
        self._chips: list[list[_Chip]] = []
        self._at, self._hovered = 0, -1
        self.room = 0  # pixels of width that are seen
        self.narrow = False
        self.span = LEAST_SPAN
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Paths")
        themes.changed.connect(self.update)
        keep_scaled(self, self._lay_out)

    @property
    def _scale(self) -> float:
        """All of it is laid out for text of the usual size, and painted larger or smaller."""
        return text_size.percent / USUAL

    @property
    def rows(self) -> Sequence[ChainRow]:
        return self._view.rows if self._view else ()

    def show_view(self, view: ChainView | None, names: dict[str, str]) -> None:
        """Show these paths; `names` of the nodes on them."""
        self._view, self._names = view, names
        self._at = min(self._at, max(len(self.rows) - 1, 0))
        self.span = max([LEAST_SPAN, *(abs(_decades(f.size)) for row in self.rows for f in row.factors)])
        self._lay_out()
        self.setAccessibleDescription("; ".join(map(self.said, self.rows)))
        self.update()

    def fit(self, room: int) -> None:
        """Take up so much width: where the formulas do not fit, names stand in their place."""
        if room != self.room:
            self.room = room
            self._lay_out()

    def _lay_out(self) -> None:
        for self.narrow in (False, True):
            self._chips = [list(self._placed(row, top)) for top, row in enumerate(self.rows)]
            wide = max((chips[-1].box.right() for chips in self._chips if chips), default=0.0) + LEFT
            if wide * self._scale <= self.room:
                break
        self.setMinimumSize(round(wide * self._scale), round((TOP + ROW * len(self.rows)) * self._scale))
        self.update()

    def said(self, row: ChainRow) -> str:
        """A path in a sentence."""
        made = f"{row.product} = " if row.product else ""
        return f"{self.way(row)}: {row.formula} = {made}{value_text(row.path.contribution)}. {row.verdict}".strip()

    def way(self, row: ChainRow) -> str:
        """The nodes of a path, from the target back."""
        return " ← ".join(self._names.get(id, id) for id in reversed(row.path.nodes))

    def chip_box(self, row: int, factor: int) -> QRectF:
        """Where a factor stands."""
        box, scale = self._chips[row][factor].box, self._scale
        return QRectF(box.topLeft() * scale, box.size() * scale)

    # --- where everything is

    def _placed(self, row: ChainRow, number: int) -> Iterator[_Chip]:
        x, y = float(LEFT + SUM + self._between), TOP + number * ROW + HEAD
        for factor in row.factors:
            wide = self._width(factor)
            caption = self._names.get(factor.edge.dest, "") if self.narrow and factor.edge else factor.formula
            yield _Chip(
                factor, QRectF(x, y, wide, CHIP), "" if factor.passes_on else caption, number_of(factor, self.narrow)
            )
            x += wide + self._between

    @property
    def _between(self) -> int:
        return NARROW_BETWEEN if self.narrow else BETWEEN

    def _width(self, factor: ChainFactor) -> float:
        if factor.passes_on:
            return float(NARROW_PASSED if self.narrow else PASSED)
        number = measure.width(number_of(factor, self.narrow), BODY, True) + (8 if self.narrow else 16)
        if self.narrow:
            return max(number, NARROW_LEAST)
        formula = measure.width(factor.formula, CAPTION) + 16 + CORNER * factor.guilty
        return min(max(formula, number, LEAST), MOST)

    def _row_at(self, spot: QPointF) -> int:
        row = int((spot.y() / self._scale - TOP) // ROW)
        return row if 0 <= row < len(self.rows) else -1

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    # --- the hand

    def _point(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.pointed.emit(self.rows[row] if 0 <= row < len(self.rows) else None)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._row_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self._at = row
            self.taken.emit(self.rows[row])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self.rows:
            self._at = min(max(self._at + step, 0), len(self.rows) - 1)
            self._point(self._at)
            self.setAccessibleDescription(self.said(self.rows[self._at]))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.rows:
            self.taken.emit(self.rows[self._at])
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(-1)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            self._tell(event.globalPos(), QPointF(event.pos()))
            return True
        return super().event(event)

    def _tell(self, where: QPoint, spot: QPointF) -> None:
        row = self._row_at(spot)
        chip = (
            next((chip for chip in self._chips[row] if chip.box.contains(spot / self._scale)), None)
            if row >= 0
            else None
        )
        text = tip_of(chip.factor) if chip else self.said(self.rows[row]) if row >= 0 else ""
        QToolTip.showText(where, as_is(text), self)

    # --- painting

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(self._scale, self._scale)
            first, last = (int((y / self._scale - TOP) // ROW) for y in (event.rect().top(), event.rect().bottom()))
            for number in range(max(first, 0), min(last + 1, len(self.rows))):
                self._paint_row(painter, look, number)

    def _paint_row(self, painter: QPainter, look: Theme, number: int) -> None:
        row, top, wide = self.rows[number], TOP + number * ROW, self.width() / self._scale
        if number == self._hovered:
            painter.fillRect(QRectF(0, top, wide, ROW), look.color("window"))
        if self.hasFocus() and number == self._at:
            painter.setPen(QPen(look.color("focus"), 2))
            painter.drawRoundedRect(QRectF(2, top + 1, wide - 4, ROW - 2), 6, 6)
        self._paint_words(painter, look, row, top)
        self._paint_sum(painter, look, row, top + HEAD)
        for place, chip in enumerate(self._chips[number]):
            _paint_chip(painter, look, chip, self.span)
            sign = QRectF(chip.box.left() - self._between, chip.box.top(), self._between, CHIP)
            _write(painter, look, sign, "·" if place else "=", "soft", NAME)

    def _paint_words(self, painter: QPainter, look: Theme, row: ChainRow, top: int) -> None:
        """The way of the path, and what must be known of its product."""
        room = self.visibleRegion().boundingRect().right() / self._scale - 2 * LEFT
        verdict = measure.width(row.verdict, CAPTION, True) + 16 if row.verdict else 0.0
        way = measure.middle_elided(self.way(row), CAPTION, False, max(room - verdict, 120.0))
        box = QRectF(LEFT, top + 3, max(room, 200), HEAD - 4)
        _write(painter, look, box, way, "faint", CAPTION, align=Align.AlignLeft)
        if row.verdict:
            box.setLeft(LEFT + measure.width(way, CAPTION) + 16)
            text = measure.elided(row.verdict, CAPTION, True, max(box.width(), 60.0))
            _write(painter, look, box, text, "warn", CAPTION, True, Align.AlignLeft)

    def _paint_sum(self, painter: QPainter, look: Theme, row: ChainRow, top: int) -> None:
        """What the path adds, with a bar against the largest of all."""
        adds, box = row.path.contribution, QRectF(LEFT, top, SUM, CHIP)
        text = measure.elided(value_text(adds), NAME, True, SUM - 4)
        shade = sign_role(adds)
        shade = "text" if shade == "number" else shade
        _write(painter, look, box.adjusted(0, 8, 0, -20), text, shade, NAME, True, Align.AlignRight)
        largest = max((largest_size(other.path.contribution) for other in self.rows), default=0.0)
        share = largest_size(adds) / largest if largest and isfinite(largest) else 0.0
        if len(self.rows) > 1 and share > 0:
            long = (SUM - 24) * share
            painter.fillRect(QRectF(box.right() - long, box.bottom() - 14, long, BAR), look.color(shade))


def _decades(size: float) -> float:
    """How many times ten a factor makes of a gradient; of nothing, and of what is not finite, none that is drawn."""
    return log10(size) if size > 0 and isfinite(size) else 0.0


def _write(
    painter: QPainter, look: Theme, box: QRectF, text: str, shade: str, size: int, bold: bool = False,
    align: Align = Align.AlignHCenter,
) -> None:  # fmt: skip
    painter.setFont(font(size, bold))
    painter.setPen(look.color(shade))
    painter.drawText(box, int(align | Align.AlignVCenter), text)


def _paint_chip(painter: QPainter, look: Theme, chip: _Chip, span: float) -> None:
    """A factor: its formula, its number, and a bar from the middle to the left where it shrinks, to the right where it
    enlarges."""
    factor, box, caption, number = chip
    painter.setPen(QPen(look.color("warn"), 2) if factor.guilty else Qt.PenStyle.NoPen)
    painter.setBrush(look.color("chip"))
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    room, mark = box.width() - 6, CORNER * factor.guilty
    above = QRectF(box.left(), box.top() + 4, box.width() - mark, 16)
    _write(painter, look, above, measure.elided(caption, CAPTION, False, room - mark), "soft", CAPTION)
    number = measure.elided(number, BODY, True, room)
    shade = "text" if factor.number is None or factor.number.ndim else sign_role(factor.number)
    _write(painter, look, QRectF(box.left(), box.top() + 20, box.width(), 18), number, shade, BODY, True)
    _paint_bar(painter, look, factor, QRectF(box.left() + 8, box.bottom() - 13, box.width() - 16, BAR), span)
    if factor.guilty:
        _paint_mark(painter, look, box.topRight(), factor.size < 1)


def number_of(factor: ChainFactor, is_narrow: bool = False) -> str:
    """A factor as a number; of a rule, what it makes of the size of a gradient."""
    if is_narrow and factor.number is not None and factor.number.ndim == 0:
        return number_text(float(factor.number), 3)
    return f"× {number_text(factor.size, 3)} in size" if factor.number is None else factor.text


def _paint_bar(painter: QPainter, look: Theme, factor: ChainFactor, box: QRectF, span: float) -> None:
    middle = box.center().x()
    shade = "warn" if factor.guilty else "soft" if factor.number is None or factor.number.ndim else _shade(factor)
    if factor.size == 0:
        painter.setPen(QPen(look.color("zero"), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(middle, box.center().y()))
    else:
        long = _decades(factor.size) / span * box.width() / 2
        painter.fillRect(QRectF(min(middle, middle + long), box.top(), abs(long), BAR), look.color(shade))
    painter.setPen(QPen(look.color("edge"), 1))
    painter.drawLine(QPointF(middle, box.top() - 2), QPointF(middle, box.bottom() + 2))


def _shade(factor: ChainFactor) -> str:
    return sign_role(factor.number) if factor.number is not None else "soft"


def _paint_mark(painter: QPainter, look: Theme, corner: QPointF, shrinks: bool) -> None:
    """A triangle at the corner of a guilty factor: down where it shrinks, up where it enlarges."""
    x, y, way = corner.x() - 9, corner.y() + 8, 1 if shrinks else -1
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color("warn"))
    painter.drawPolygon(QPolygonF([QPointF(x - 4, y - 3 * way), QPointF(x + 4, y - 3 * way), QPointF(x, y + 4 * way)]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def tip_of(factor: ChainFactor) -> str:
    """All that is known of a factor: `∂a/∂z = a · (1 − a) = 0.5 × (1 − 0.5) = 0.25. σ lets at most ¼ through.`"""
    sides = [factor.name, factor.formula, factor.filled]
    if factor.number is not None and factor.number.ndim == 0:
        sides.append(exact_text(float(factor.number)))
    elif factor.number is not None:
        sides.append(value_text(factor.number))
    told = [side for i, side in enumerate(sides) if side and side not in sides[:i]]
    return f"{' = '.join(told)}. {factor.told[:1].upper()}{factor.told[1:]}."
