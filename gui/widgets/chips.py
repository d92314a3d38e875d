"""Numbers in chips with what stands between them: upstream × local = contribution."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.look.as_is import as_is
from gui.look.measure import clipped, elided, fitting
from gui.look.theme import BODY, CAPTION, CHIP, NAME, font, theme

HEIGHT, BETWEEN = 56, 16  # of a chip; of the sign between two


class Chip(NamedTuple):
    """A number, its caption, the theme's colour for it, and the number with all its digits."""

    text: str
    caption: str
    color: str = "text"
    exact: str = ""


class ChipRow(QWidget):
    """Chips of equal width, each but the first with a sign before it."""

    def __init__(self) -> None:
        super().__init__()
        self._chips: tuple[Chip, ...] = ()
        self._signs: tuple[str, ...] = ()
        self.setMinimumWidth(120)
        self.setFixedHeight(HEIGHT)

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

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._chips:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            count = len(self._chips)
            width = min((self.width() - BETWEEN * (count - 1)) / count, 132.0)
            for i, chip in enumerate(self._chips):
                left = i * (width + BETWEEN)
                self._paint_chip(painter, QRectF(left, 0, width, HEIGHT), chip)
                if i:
                    painter.setFont(font(NAME, bold=True))
                    painter.setPen(theme().color("soft"))
                    gap = QRectF(left - BETWEEN, 0, BETWEEN, HEIGHT)
                    painter.drawText(gap, Qt.AlignmentFlag.AlignCenter, self._signs[i - 1])

    def _paint_chip(self, painter: QPainter, box: QRectF, chip: Chip) -> None:
        look = theme()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("chip"))
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(look.color(chip.color))
        painter.setFont(fitting(chip.text, box.width() - 8, CHIP, NAME, BODY, CAPTION))
        number = clipped(chip.text, painter.font().pixelSize(), True, box.width() - 8)
        painter.drawText(box.adjusted(4, 6, -4, -22), Qt.AlignmentFlag.AlignCenter, number)
        painter.setPen(look.color("faint"))
        painter.setFont(font(CAPTION))
        caption = elided(chip.caption, CAPTION, False, box.width())
        painter.drawText(box.adjusted(0, 32, 0, -6), Qt.AlignmentFlag.AlignCenter, caption)
