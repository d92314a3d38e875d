"""Parts below or beside each other, without a margin round them unless one is asked for."""

from typing import Any, TypeVar

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.steady_area import SteadyArea

STRETCH = 0  # as a part: room that grows
NONE = (0, 0, 0, 0)

# A widget, or a layout; either with its stretch, and on which side it stands; or so many pixels of room.
Part = QWidget | QLayout | tuple[Any, ...] | int
Margins = tuple[int, int, int, int]  # left, top, right, bottom
Box = TypeVar("Box", bound=QBoxLayout)


def column(inside: QWidget | None, spacing: int, *parts: Part, margins: Margins = NONE) -> QVBoxLayout:
    """Below each other. A spacing of −1 is what the style thinks best."""
    return _filled(QVBoxLayout(), inside, spacing, parts, margins)


def row(inside: QWidget | None, spacing: int, *parts: Part, margins: Margins = NONE) -> QHBoxLayout:
    """Beside each other."""
    return _filled(QHBoxLayout(), inside, spacing, parts, margins)


def grid(inside: QWidget, across: int, down: int) -> QGridLayout:
    """An empty grid with so much room between its columns, and between its rows."""
    layout = QGridLayout(inside)
    layout.setContentsMargins(*NONE)
    layout.setHorizontalSpacing(across)
    layout.setVerticalSpacing(down)
    return layout


def over(below: QWidget, above: QWidget) -> QWidget:
    """One on the upper rim of another, which stays as it is whether that is there or not."""
    both = QWidget()
    layout = grid(both, 0, 0)
    layout.addWidget(below, 0, 0)
    layout.addWidget(above, 0, 0, Qt.AlignmentFlag.AlignTop)
    above.raise_()
    return both


def holder(layout: QLayout) -> QWidget:
    """A widget that is there to hold a layout."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


class _Squeezed(QWidget):
    """Wants no more room than its parts need at the least: only then it is scrolled."""

    def hasHeightForWidth(self) -> bool:
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # its texts are broken in other places, and may be higher

    def minimumSizeHint(self) -> QSize:
        inside = self.layout()
        assert inside is not None
        least = inside.minimumSize()
        wraps = inside.hasHeightForWidth()
        return QSize(least.width(), inside.minimumHeightForWidth(self.width()) if wraps else least.height())


def bring_in_sight(part: QWidget) -> None:
    """Scroll what a part stands in until it is seen, once everything has its place."""

    def scroll() -> None:
        area = part.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if isinstance(area, QScrollArea) and part.isVisible():
            area.ensureWidgetVisible(part, 0, 8)

    QTimer.singleShot(0, part, scroll)


def scrolling(layout: QLayout) -> QScrollArea:
    """A widget that holds a layout, and scrolls where there is no room for all of it."""
    body, area = _Squeezed(), SteadyArea()
    body.setLayout(layout)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(holder(column(None, 0, (body, 1))))
    return area


def _filled(layout: Box, inside: QWidget | None, spacing: int, parts: tuple[Part, ...], margins: Margins) -> Box:
    if inside is not None:
        inside.setLayout(layout)
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    for part in parts:
        if isinstance(part, int):
            layout.addSpacing(part) if part else layout.addStretch(1)
            continue
        what, *how = part if isinstance(part, tuple) else (part,)
        layout.addLayout(what, *how) if isinstance(what, QLayout) else layout.addWidget(what, *how)
    return layout
