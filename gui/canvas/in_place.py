"""What the fields have in common in which something is typed in its place on the canvas."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from gui.widgets.keys import STILL_HERE


def put_away(field: QWidget, view: QWidget) -> None:
    """Hide a field; keys that it had go back to the canvas."""
    had_focus = field.hasFocus()
    field.hide()
    if had_focus:
        view.setFocus(Qt.FocusReason.OtherFocusReason)


def is_left(field: QWidget, event: QFocusEvent) -> bool:
    """Whether the hand has gone elsewhere, which keeps what was typed: not to a menu or another window."""
    return event.reason() not in STILL_HERE and not field.isHidden()
