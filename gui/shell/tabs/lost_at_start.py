"""Work that a crash has left behind, at a start: it comes after what was open last and what was asked for."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from gui.shell.ending import AGAIN, is_over_or_nested


class LostAtStart(QObject):
    """Lets `settle` speak of it once: when no file `is_reading` any more, and no question of theirs is open."""

    def __init__(self, parent: QObject, is_reading: Callable[[], bool], settle: Callable[[], None]) -> None:
        super().__init__(parent)
        self._is_reading, self._settle = is_reading, settle
        self._again = QTimer(self, interval=AGAIN)
        self._again.timeout.connect(self._look)

    def begin(self) -> None:
        """All files were asked for."""
        self._again.start()
        self._look()

    def _look(self) -> None:
        if not self._is_reading() and not is_over_or_nested():
            self._again.stop()
            self._settle()
