"""Who gets a key: the widget with the focus, where it uses that key itself, or else the window's shortcuts."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QTextEdit,
    QWidget,
)

from gui.widgets.number_grid import ArrayGrid
from gui.widgets.row_table import RowTable

Key = Qt.Key
STILL_HERE = (  # reasons for which the focus goes, and comes back by itself
    Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason, Qt.FocusReason.ActiveWindowFocusReason
)  # fmt: skip
TextField = QLineEdit | QPlainTextEdit | QTextEdit
_PRESS = {Key.Key_Space, Key.Key_Return, Key.Key_Enter}
_ACROSS = {Key.Key_Left, Key.Key_Right}
_MOVE = {Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End, Key.Key_PageUp, Key.Key_PageDown}
_READ = _MOVE | {Key.Key_Return, Key.Key_Enter}  # what a text needs that cannot be typed into
_SELECTS = Qt.KeyboardModifier.ShiftModifier
_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def text_field() -> TextField | None:
    """The field that has the focus and can be typed into."""
    widget = QApplication.focusWidget()
    if isinstance(widget, QAbstractSpinBox):
        widget = widget.findChild(QLineEdit)
    return widget if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit) and not widget.isReadOnly() else None


def number_grid() -> ArrayGrid | None:
    """The grid of numbers that has the focus: what is said of a text field's clipboard holds of its cells."""
    widget = QApplication.focusWidget()
    return widget if isinstance(widget, ArrayGrid) else None


def row_table() -> RowTable | None:
    """The table of rows that has the focus: Copy is about them."""
    widget = QApplication.focusWidget()
    return widget if isinstance(widget, RowTable) else None


def keeps_key(widget: QWidget | None, event: QKeyEvent) -> bool:
    """Whether a standard widget that has the focus needs this key, so that no shortcut may take it away.

    ← and → step through the passes wherever there is no caret, be it that of a text that is typed or the current cell
    of a grid. In a text that is only read they do so too, and Space plays; with Shift they select.
    """
    key, command = Key(event.key()), bool(event.modifiers() & _COMMAND)
    if command:
        return False
    if isinstance(widget, QPlainTextEdit | QTextEdit) and widget.isReadOnly():
        return key in _READ or (bool(event.modifiers() & _SELECTS) and key in _ACROSS)
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit | QAbstractSpinBox):
        return key < Key.Key_F1 or key > Key.Key_F35
    if isinstance(widget, QAbstractButton):
        return key in _PRESS
    if isinstance(widget, QAbstractItemView | QComboBox):
        across = _ACROSS if isinstance(widget, QTableView) else set()
        return key in _PRESS | _MOVE | across or bool(event.text().strip())
    if isinstance(widget, QAbstractSlider):
        return key in _MOVE
    return key in getattr(widget, "own_keys", ())  # what a widget of ours says that it uses
