"""What follows a hand is done at most once a frame, however often the mouse tells of itself."""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, QTimer

FRAME = 0.016  # seconds: all that the hand does meanwhile is done at once


class OnceAFrame(QObject):
    """`do` gives whether there was anything to do: only then does the next one wait for its frame."""

    def __init__(self, parent: QObject, do: Callable[[], bool]) -> None:
        super().__init__(parent)
        self._do, self._last = do, 0.0
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.now)

    def soon(self) -> None:
        """At once if it has not just been done, else at the next frame."""
        wait = self._last + FRAME - monotonic()
        if wait <= 0:
            self.now()
        elif not self._later.isActive():
            self._later.start(max(int(wait * 1000), 1))

    def now(self) -> None:
        """Without waiting."""
        self._later.stop()
        if self._do():
            self.rest()

    def rest(self) -> None:
        """It is as if it had just been done."""
        self._last = monotonic()

    def stop(self) -> None:
        """What waits is not done any more; the next is done at once."""
        self._later.stop()
        self._last = 0.0
