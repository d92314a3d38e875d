"""A list of choices that the wheel does not change: it scrolls the panel that the list stands in."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox


class NoWheelComboBox(QComboBox):
    """The wheel scrolls the panel that it stands in, and changes nothing on the way."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
