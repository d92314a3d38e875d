"""Where the keys are in the window: F6 takes them from one pane to the next.

pane   a part of the window that F6 goes to: the canvas, each panel, the bars, a message
"""

from collections.abc import Callable, Iterator, Sequence

import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

BY_TAB = Qt.FocusReason.TabFocusReason


class PaneFocus(QObject):
    """F6 goes round the panes, each time to what had the keys there last."""

    # Not by QApplication.focusChanged: it tells of widgets that are being destroyed, which PySide does not survive.

    def __init__(self, window: QWidget, canvas: QWidget, panes: Callable[[], Sequence[QWidget]]) -> None:
        super().__init__(window)
        self._canvas, self._panes = canvas, panes
        self._last: dict[QWidget, QWidget] = {}  # what had the keys in each pane when it was left

    def go(self, way: int) -> None:
        """To the next pane (1) or the one before (−1) in which anything takes keys."""
        panes = [pane for pane in self._panes() if pane.isVisible()]
        here = QApplication.focusWidget()
        at = next((k for k, pane in enumerate(panes) if _holds(pane, here)), panes.index(self._canvas))
        if here is not None and _holds(panes[at], here):
            self._last[panes[at]] = here
        for step in range(1, len(panes) + 1):
            goal = self._door(panes[(at + way * step) % len(panes)])
            if goal is not None:
                _give(goal)
                return

    def _door(self, pane: QWidget) -> QWidget | None:
        """What takes the keys in a pane."""
        last = self._last.get(pane)
        if last is not None and shiboken6.isValid(last) and _takes_keys(last) and _holds(pane, last):
            return last
        return next(_stops(pane), None)


def _give(widget: QWidget) -> None:
    """Give the keys to a widget, in view: Qt scrolls there for Tab alone."""
    widget.setFocus(BY_TAB)
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


def _holds(part: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (part is widget or part.isAncestorOf(widget))


def _is_on(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled()


def _takes_keys(widget: QWidget) -> bool:
    """Whether Tab stops there."""
    stops = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return stops and _is_on(widget) and widget.focusProxy() is None


def _stops(part: QWidget) -> Iterator[QWidget]:
    """What takes keys in a part of the window, itself too."""
    # Not along nextInFocusChain(): it makes PySide believe that a widget holds the next, and the canvas loses its own.
    return (widget for widget in (part, *part.findChildren(QWidget)) if _takes_keys(widget))
