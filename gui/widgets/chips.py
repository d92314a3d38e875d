"""Numbers in chips with what stands between them: upstream × local = contribution."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.look.as_is import as_is
from gui.look.guard import guarded
from gui.look.measure import clipped, elided, fitting, width
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import BODY, CAPTION, CHIP, NAME, font, theme

HEIGHT, BETWEEN = 56, 16  # of a chip; of the sign between two
INSIDE, WIDEST = 4.0, 132.0  # round a number; of a chip where there is room for all


class Chip(NamedTuple):
    """A number, its caption, the theme's colour for it, and the number with all its digits."""

    text: str
    caption: str
    color: str = "text"
    exact: str = ""


class ChipRow(QWidget):
    """Chips, each but the first with a sign before it: of equal width, unless a number needs more."""

    def __init__(self) -> None:
        super().__init__()
        self._chips: tuple[Chip, ...] = ()
        self._signs: tuple[str, ...] = ()
        self.setMinimumWidth(120)
        keep_scaled(self, lambda: self.setFixedHeight(scaled(HEIGHT)))

    def show_chips(self, chips: Sequence[Chip], signs: Sequence[str] = ()) -> None:
        """Show these, with `signs` between them: one fewer than chips."""
        fresh = (tuple(chips), tuple(signs))
        if fresh != (self._chips, self._signs):
            self._chips, self._signs = fresh
            self.setAccessibleName(self.text())
            self.setToolTip(as_is(self._line([chip.exact or chip.text for chip in self._chips])))
            self.update()

    def text(self) -> str:
        """What is shown, as one line: −4 × 1 = −4."""
        return self._line([chip.text for chip in self._chips])

    def _line(self, parts: list[str]) -> str:
        return " ".join(part for pair in zip(["", *self._signs], parts, strict=False) for part in pair if part)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._chips:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for i, (box, number) in enumerate(self.placed()):
                self._paint_chip(painter, box, self._chips[i], number)
                if i:
                    painter.setFont(font(scaled(NAME), bold=True))
                    painter.setPen(theme().color("soft"))
                    gap = QRectF(box.left() - BETWEEN, 0, BETWEEN, scaled(HEIGHT))
                    painter.drawText(gap, Qt.AlignmentFlag.AlignCenter, self._signs[i - 1])

    def placed(self) -> list[tuple[QRectF, str]]:
        """Where each chip stands, and its number as far as there is room for it."""
        left, result = 0.0, []
        for chip, wide in zip(self._chips, self._widths(), strict=True):
            number = clipped(chip.text, _font(chip, wide).pixelSize(), True, wide - 2 * INSIDE)
            result.append((QRectF(left, 0, wide, scaled(HEIGHT)), number))
            left += wide + BETWEEN
        return result

    def _widths(self) -> list[float]:
        """How wide each is. What the short numbers can spare goes to the long ones, before these get smaller type."""
        count = len(self._chips)
        room = self.width() - BETWEEN * (count - 1)
        for size in map(scaled, (NAME, BODY, CAPTION)):
            needs = [
                max(width(c.text, size, True), width(c.caption, scaled(CAPTION))) + 2 * INSIDE for c in self._chips
            ]
            if max(needs) <= room / count:
                break
            if sum(needs) <= room:
                return [need + (room - sum(needs)) / count for need in needs]
        return [min(room / count, scaled(WIDEST))] * count

    def _paint_chip(self, painter: QPainter, box: QRectF, chip: Chip, number: str) -> None:
        look = theme()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("chip"))
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(look.color(chip.color))
        painter.setFont(_font(chip, box.width()))
        painter.drawText(box.adjusted(INSIDE, 6, -INSIDE, -scaled(22)), Qt.AlignmentFlag.AlignCenter, number)
        painter.setPen(look.color("faint"))
        painter.setFont(font(scaled(CAPTION)))
        caption = elided(chip.caption, scaled(CAPTION), False, box.width())
        painter.drawText(box.adjusted(0, scaled(32), 0, -6), Qt.AlignmentFlag.AlignCenter, caption)


def _font(chip: Chip, wide: float) -> QFont:
    return fitting(chip.text, wide - 2 * INSIDE, *map(scaled, (CHIP, NAME, BODY, CAPTION)))
