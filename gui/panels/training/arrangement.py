"""Where the form of a training and its plots stand: in one row if that is wide enough, or in several that scroll."""

from __future__ import annotations

from itertools import accumulate
from math import ceil

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from gui.look.text_size import keep_scaled, scaled
from gui.widgets.flow import Arranged
from gui.widgets.steady_area import SteadyArea

GAP, LINE_GAP = 20, 12
NARROWEST, LOWEST = 232, 132  # pixels of a plot in which its curves can be read
BAR, LEAST_BAR, SPACE = 104, 24, 8  # pixels: of the bar usually and at the least, and beside it
LONGEST = "Step 88888 of 88888, batch loss 0.0008888, 88 min left"  # of the words for which there is room
SHOWN = 72  # pixels that are seen of it all in the lowest panel


class Arrangement(Arranged):
    """The form first; each plot has a share of its row by its weight."""

    def __init__(self, form: QWidget, plots: dict[QWidget, int]) -> None:
        super().__init__()
        self._form, self._plots = form, plots
        for part in (form, *plots):
            part.setParent(self)
        keep_scaled(self, self.arrange_anew)

    def places(self, width: int, height: int) -> dict[QWidget, QRect]:
        wide = self._form.sizeHint().width()
        high = max(self._form.minimumSizeHint().height(), self._form.sizeHint().height())
        if width - wide - GAP >= scaled(NARROWEST):
            plots = self._plot_places(QRect(wide + GAP, 0, width - wide - GAP, height))
            below = max((place.bottom() + 1 for place in plots.values()), default=0)
            return {self._form: QRect(0, 0, wide, max(high, height if height else below)), **plots}
        top = high + LINE_GAP
        return {self._form: QRect(0, 0, max(width, 1), high), **self._plot_places(QRect(0, top, width, height - top))}

    def _plot_places(self, box: QRect) -> dict[QWidget, QRect]:
        shown = [plot for plot in self._plots if not plot.isHidden()]
        if not shown:
            return {}
        most = max(1, (box.width() + GAP) // (scaled(NARROWEST) + GAP))
        count = ceil(len(shown) / most)
        per_line = ceil(len(shown) / count)
        least = max(max(plot.minimumHeight(), plot.minimumSizeHint().height()) for plot in shown)
        high = max(scaled(LOWEST), least, (box.height() - (count - 1) * LINE_GAP) // count)
        found: dict[QWidget, QRect] = {}
        for number in range(count):
            line = shown[number * per_line : (number + 1) * per_line]
            top = box.top() + number * (high + LINE_GAP)
            found |= self._line_places(line, QRect(box.left(), top, box.width(), high))
        return found

    def _line_places(self, line: list[QWidget], box: QRect) -> dict[QWidget, QRect]:
        """By their weights, but none narrower than it can be read."""
        room = box.width() - GAP * (len(line) - 1) - scaled(NARROWEST) * len(line)
        least = scaled(NARROWEST) if room >= 0 else box.width()
        weights = [self._plots[plot] for plot in line]
        widths = [least + max(0, room) * weight // sum(weights) for weight in weights]
        lefts = accumulate([wide + GAP for wide in widths[:-1]], initial=box.left())
        return {
            plot: QRect(left, box.top(), wide, box.height())
            for plot, left, wide in zip(line, lefts, widths, strict=True)
        }


class Progress(Arranged):
    """The bar, and beside it in words how far it is: its room is always the same, so that nothing trembles."""

    def __init__(self, bar: QWidget, words: QWidget) -> None:
        super().__init__()
        self._bar, self._words = bar, words
        for part in (bar, words):
            part.setParent(self)
        keep_scaled(self, self.arrange_anew)

    def places(self, width: int, height: int) -> dict[QWidget, QRect]:
        high, thick = self._words.sizeHint().height(), self._bar.maximumHeight()
        wide = max(0, min(self._wide, width - LEAST_BAR - SPACE))
        bar = QRect(0, (high - thick) // 2, width - wide - SPACE, thick)
        return {self._bar: bar, self._words: QRect(width - wide, 0, wide, high)}

    @property
    def _wide(self) -> int:
        """The room of the words: as much as the longest take, so that what stands last in them is read too."""
        return self._words.fontMetrics().horizontalAdvance(LONGEST) + 2

    def sizeHint(self) -> QSize:
        return QSize(BAR + self._wide, super().sizeHint().height())


def scrolled(inside: QWidget) -> QScrollArea:
    """Where there is no room for all of it, one scrolls down; nothing is squeezed, or stands beyond the side."""
    area = SteadyArea()
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    keep_scaled(area, lambda: area.setMinimumHeight(scaled(SHOWN)))
    return area
