"""Garbage is looked for in the window's own thread alone.

Python looks for it in whichever thread happens to ask for memory, and what it then deletes may be an object of Qt, such
as a timer or a closed dialog: that ends in a crash in any thread but the one that made it.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 1000  # milliseconds


class Sweeper(QObject):
    """Takes over from Python, for as long as the program runs."""

    def __init__(self, parent: QObject, every: int = EVERY) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=every)
        self._timer.timeout.connect(sweep)
        self._timer.start()

    def stop(self) -> None:
        """The window is gone. Python stays off: other threads may still run for a moment."""
        self._timer.stop()


def sweep() -> None:
    """Look for garbage if as much was made as Python waits for, and as deeply as Python would."""
    full = [at for at, (made, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if made > most]
    if full:
        gc.collect(full[-1])
