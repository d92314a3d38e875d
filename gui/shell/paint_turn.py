"""A turn of its own for painting a large graph: what a person does meanwhile comes between telling and showing."""

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QWidget

LARGE = 1000  # nodes: below that both together take no time that anybody notices


class PaintTurn:
    """Whether a window is painted now or after the events that wait. Until then all of it stays as it was."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._has_come = False
        self._timer = QTimer(window, singleShot=True, interval=0)
        self._timer.timeout.connect(self._paint)

    def waits(self) -> bool:
        """What is to be painted waits for its turn, and is painted then; or its turn has come."""
        if not self._has_come:
            self._timer.start()
        return not self._has_come

    def _paint(self) -> None:
        self._has_come = True
        try:
            QCoreApplication.sendEvent(self._window, QEvent(QEvent.Type.UpdateRequest))
        finally:
            self._has_come = False
