"""Parts beside each other, and below each other where there is no room: nothing lies over anything else."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

Expand = QSizePolicy.Policy.Expanding


class Arranged(QWidget):
    """Gives its parts their places itself, by its width; is as high as they then need at the least."""

    def __init__(self) -> None:
        super().__init__()
        policy = QSizePolicy(Expand, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._heights: dict[int, int] = {}  # by the width, until a part wants another size: Qt asks many times
        self._hint = QSize()

    def places(self, width: int, height: int) -> dict[QWidget, QRect]:
        """Where each part stands; a height of 0 is as low as can be."""
        return {}

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = max((place.bottom() + 1 for place in self.places(width, 0).values()), default=0)
        return self._heights[width]

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.heightForWidth(self.width()))

    def sizeHint(self) -> QSize:
        return QSize(1, self.heightForWidth(self.width()))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a part wants another size, or has come or gone
            self._heights.clear()
            if (hint := self.sizeHint()) != self._hint:
                self._hint = hint
                self.updateGeometry()
            self._arrange()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        self._arrange()

    def arrange_anew(self) -> None:
        """Lengths that are not its parts' own are others."""
        self._heights.clear()
        self.updateGeometry()
        self._arrange()

    def _arrange(self) -> None:
        for part, place in self.places(self.width(), self.height()).items():
            part.setGeometry(place)


class Flow(Arranged):
    """Line by line, as words stand in a text. What can grow takes what is left of its line."""

    def __init__(self, across: int, down: int, *parts: QWidget) -> None:
        super().__init__()
        self._across, self._down, self._parts = across, down, parts
        for part in parts:
            part.setParent(self)

    def places(self, width: int, height: int) -> dict[QWidget, QRect]:
        found: dict[QWidget, QRect] = {}
        top = 0
        for line in self._lines(width):
            high = max(_wanted(part).height() for part in line)
            found |= self._line_places(line, QRect(0, top, width, high))
            top += high + self._down
        return found

    def _lines(self, width: int) -> list[list[QWidget]]:
        lines: list[list[QWidget]] = []
        left = -1
        for part in self._parts:
            if part.isHidden():
                continue
            wide = _wanted(part).width()
            if wide > left:
                lines.append([])
                left = width
            lines[-1].append(part)
            left -= wide + self._across
        return lines

    def _line_places(self, line: Sequence[QWidget], box: QRect) -> dict[QWidget, QRect]:
        widths = [min(_wanted(part).width(), box.width()) for part in line]
        growing = [at for at, part in enumerate(line) if part.sizePolicy().horizontalPolicy() == Expand]
        spare = box.width() - sum(widths) - self._across * (len(line) - 1)
        for at in growing:
            widths[at] += max(0, spare) // len(growing)
        found, x = {}, box.left()
        for part, wide in zip(line, widths, strict=True):
            high = min(_wanted(part).height(), box.height())
            found[part] = QRect(QPoint(x, box.top() + (box.height() - high) // 2), QSize(wide, high))
            x += wide + self._across
        return found


def _wanted(part: QWidget) -> QSize:
    least = part.minimumSize().expandedTo(part.minimumSizeHint())
    return part.sizeHint().expandedTo(least).boundedTo(part.maximumSize())
