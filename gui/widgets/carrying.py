"""Carries something under the mouse until it is let go. Qt keeps every key to itself meanwhile, and knows only Escape:
here a shortcut lets go as Escape does, and then does what it does at all other times."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QDrag, QKeyEvent
from PySide6.QtWidgets import QApplication

from gui.look.guard import guarded_filter

HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
NOTHING_HELD = Qt.KeyboardModifier.NoModifier
MODIFIERS = (Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_Shift)


def carry(drag: QDrag) -> None:
    """Carry a copy, from when the mouse moves until its button is released or a key ends it."""
    app, keys = QApplication.instance(), _Shortcuts()
    assert app is not None
    # Of the filters that see all events the last comes first, and Qt adds its own when it begins to wait.
    QTimer.singleShot(0, keys, lambda: app.installEventFilter(keys))
    try:
        drag.exec(Qt.DropAction.CopyAction)
    finally:
        app.removeEventFilter(keys)


class _Shortcuts(QObject):
    """Looks out for shortcuts. After the Escape that it sends, Qt's own filter is gone and the key goes its way."""

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _is_shortcut(event):
            QCoreApplication.sendEvent(watched, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, NOTHING_HELD))
        return False


def _is_shortcut(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & HELD) and event.key() not in MODIFIERS
