"""Buttons that Enter presses as Space does, wherever they stand: Qt's own do so in some dialogs only."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QToolButton

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def enter_as_space(event: QKeyEvent) -> QKeyEvent:
    """What a button is told of a key: Enter alone is Space, all others are themselves."""
    if event.key() not in _ENTER or event.modifiers() not in _PLAIN:
        return event
    nothing_held = Qt.KeyboardModifier.NoModifier
    return QKeyEvent(event.type(), Qt.Key.Key_Space, nothing_held, " ", event.isAutoRepeat())


class PushButton(QPushButton):
    """A button with words."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(enter_as_space(event))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        super().keyReleaseEvent(enter_as_space(event))


class ToolButton(QToolButton):
    """A button with an icon, or with a menu."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(enter_as_space(event))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        super().keyReleaseEvent(enter_as_space(event))
