"""What the fields have in common in which something is typed in its place on the canvas."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from gui.widgets.keys import STILL_HERE

EDGE = 4  # pixels between a field and the edge of the canvas


def in_view(box: QRect, spot: QRect, room: QRect) -> QRect:
    """Where a field stands that would like to be `box`: all of it in the `room` of the canvas, as long as its `spot` is
    seen there."""
    inner = room.adjusted(EDGE, EDGE, -EDGE, -EDGE)
    if not room.intersects(spot):  # the view has gone on, and leaves the field behind
        return box
    found = QRect(0, 0, min(box.width(), inner.width()), min(box.height(), inner.height()))
    found.moveLeft(max(min(box.left(), inner.right() + 1 - found.width()), inner.left()))
    found.moveTop(max(min(box.top(), inner.bottom() + 1 - found.height()), inner.top()))
    return found


def put_away(field: QWidget, view: QWidget) -> None:
    """Hide a field; keys that it had go back to the canvas."""
    had_focus = field.hasFocus()
    field.hide()
    if had_focus:
        view.setFocus(Qt.FocusReason.OtherFocusReason)


def is_left(field: QWidget, event: QFocusEvent) -> bool:
    """Whether the hand has gone elsewhere, which keeps what was typed: not to a menu or another window."""
    return event.reason() not in STILL_HERE and not field.isHidden()
