"""The order in which the keys go through a part of a window: as one reads it, whatever was made when."""

from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

LINE = 8  # pixels: what differs by less in height stands on one line


def put_in_reading_order(part: QWidget) -> None:
    """Let Tab go from left to right and line by line."""
    stops = [stop for stop in _in_order(part) if stop.isVisible()]
    for one, other in pairwise(stops):
        QWidget.setTabOrder(one, other)


def neighbour(part: QWidget, gone: QWidget) -> QWidget | None:
    """What is nearest before a widget that cannot have the keys any more, or else behind it."""
    ordered = _in_order(part, gone)
    at = ordered.index(gone)
    others = [*reversed(ordered[:at]), *ordered[at + 1 :]]
    return next((stop for stop in others if stop.isVisible() and stop.isEnabled()), None)


def _in_order(part: QWidget, *besides: QWidget) -> list[QWidget]:
    """All that takes the keys by Tab, seen or not, from top to bottom."""
    inside = [each for each in part.findChildren(QWidget) if each.window() is part.window()]  # a list of choices is not
    stops = [each for each in inside if each in besides or _takes_tab(each)]
    places = {stop: stop.mapTo(part, QPoint(0, stop.height() // 2)) for stop in stops}
    return sorted(stops, key=lambda stop: (places[stop].y() // LINE, places[stop].x()))


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
