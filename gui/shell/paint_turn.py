"""Turns of their own for painting a large graph: what a person does meanwhile comes between telling and showing."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QWidget

LARGE = 250  # nodes: below that both together take no time that anybody notices
A_TURN, MOST_TURNS = 0.03, 20  # seconds in which painting is prepared, and how often at most before it comes


class PaintTurn:
    """Whether a window is painted now or after the events that wait. Until then all of it stays as it was.

    `prepare` finds for some seconds what will be painted, and gives whether there is more to be found.
    """

    def __init__(self, window: QWidget, prepare: Callable[[float], bool]) -> None:
        self._window, self._prepare = window, prepare
        self._has_come = False
        self._turns = 0  # in which it was prepared
        self._timer = QTimer(window, singleShot=True, interval=0)
        self._timer.timeout.connect(self._take)

    def waits(self) -> bool:
        """What is to be painted waits for its turn, and is painted then; or its turn has come."""
        if not self._has_come:
            self._timer.start()
        return not self._has_come

    def _take(self) -> None:
        """Prepare it, or paint: whoever goes on editing meanwhile sees it too."""
        if self._turns < MOST_TURNS and self._prepare(A_TURN):
            self._turns += 1
            self._timer.start()
            return
        self._turns = 0
        self._has_come = True
        try:
            QCoreApplication.sendEvent(self._window.window(), QEvent(QEvent.Type.UpdateRequest))
        finally:
            self._has_come = False
