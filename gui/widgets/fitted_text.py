"""A sentence of any length, shown whole: on one line, or on more and in a smaller size, or in more room."""

from math import ceil, floor

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from engine.errors import one_line
from gui.look.as_is import PlainLabel, as_is
from gui.look.guard import guarded
from gui.look.kept_height import KeptHeight
from gui.look.measure import elided, lines, metrics
from gui.look.theme import BODY, CAPTION, NAME, font, theme

LONGEST = 10_000  # characters
LESS_BOLD = 0.9  # of the width: letters that are bold are wider than those that are measured
MOST_LINES = 8  # of the smallest size: what is longer can be read whole in the tool tip


class FittedText(PlainLabel):
    """Tries its sizes, the largest first. Where none fits it asks for more height, and keeps that for all that is said
    `of` the same, or all that stands round it would jump from step to step."""

    def __init__(self, height: int, bold: bool = False) -> None:
        super().__init__()
        self._bold = bold
        self.sizes: tuple[int, ...] = (NAME, BODY, CAPTION)  # whoever scales them says so
        self._height = KeptHeight(height)
        self._most: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(height)

    def set_type(self, sizes: tuple[int, ...], height: int) -> None:
        """Write in these sizes from now on, in at least so much room."""
        if (sizes, height) != (self.sizes, self._height.least):
            self.sizes = sizes
            self._height.set_least(height)
            self._fit()

    def set_most(self, height: int | None) -> None:
        """The most room there is for it, in pixels: what is longer is cut at the end of a line. None: enough."""
        if height != self._most:
            self._most = height
            self._height.forget()
            self._fit()

    def show_text(self, text: str, of: object = None) -> None:
        """Show another sentence."""
        text = one_line(text, LONGEST)
        if not self._height.begin(of) and text == self.text():
            return
        self.setText(text)
        self._fit()

    @property
    def type_size(self) -> int:
        """The size in which it is written, in pixels."""
        return next((size for size in self.sizes if self._needed(size) <= self._height.least), self.sizes[-1])

    def shown_lines(self) -> tuple[str, ...]:
        """What is to be seen, line by line."""
        size = self.type_size
        broken = self._broken(size)
        room = max(floor((self.height() + 0.5) / metrics(size).height()), 1)
        if len(broken) <= room:
            return broken
        last = elided(f"{broken[room - 1]} {broken[room]}", size, self._bold, self.width())
        return (*broken[: room - 1], last)

    def _broken(self, size: int) -> tuple[str, ...]:
        return lines(self.text(), size, self.width() * (LESS_BOLD if self._bold else 1.0))

    def _needed(self, size: int) -> int:
        return ceil(len(self._broken(size)) * metrics(size).height())

    def _fit(self) -> None:
        size = self.type_size
        most = ceil(MOST_LINES * metrics(size).height())
        most = most if self._most is None else min(most, self._most)
        self._height.keep(min(self._needed(size), most))
        self.setFixedHeight(self._height.pixels)
        self.setToolTip(as_is(self.text()) if self._needed(size) > most else "")
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._height.pixels)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._height.forget()
            self._fit()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        size, broken = self.type_size, self.shown_lines()
        high, ascent = metrics(size).height(), metrics(size).ascent()
        top = max((self.height() - len(broken) * high) / 2, 0.0)
        with QPainter(self) as painter:
            painter.setFont(font(size, self._bold))
            painter.setPen(theme().color("text"))
            for number, line in enumerate(broken):
                painter.drawText(QPointF(0, top + number * high + ascent), line)  # in a box what hangs down is cut off
