"""Garbage is looked for in the window's own thread alone.

Python looks for it in whichever thread happens to ask for memory, and what it then deletes may be an object of Qt, such
as a timer or a closed dialog: that ends in a crash in any thread but the one that made it.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from gui.document.clock import something_moves

EVERY = 200  # milliseconds: to look through what is made in a second takes 7 ms, half of a frame
DEEPEST = 2  # of Python's generations: all there is but what is kept, which takes 10 ms for a graph of 5,000 nodes
MOST_WAITS = 150  # sweeps that look at what is newest alone while something moves
SHARE = 4  # as in Python: all is looked through when a fourth of what was there has been made since


class Sweeper(QObject):
    """Takes over from Python, for as long as the program runs: looks as often as Python would, and as deeply."""

    def __init__(self, parent: QObject, every: int = EVERY) -> None:
        super().__init__(parent)
        gc.disable()
        self._waited = 0  # sweeps in a row while something moved
        self._there, self._made = len(gc.get_objects()), 0  # at the last look at everything, and since
        self._timer = QTimer(self, interval=every)
        self._timer.timeout.connect(self._sweep)
        self._timer.start()

    def keep(self) -> None:
        """What there is now stays until `stop`, and need not be looked through: all modules, and an empty window."""
        gc.freeze()
        self._there = self._made = 0

    def stop(self) -> None:
        """The window is gone. Python stays off: other threads may still run for a moment."""
        self._timer.stop()
        gc.unfreeze()

    def _sweep(self) -> None:
        counts = gc.get_count()
        full = [at for at, (made, most) in enumerate(zip(counts, gc.get_threshold(), strict=True)) if made > most]
        if not full:
            return
        self._made += counts[0]  # more than went
        is_busy = full[-1] > 0 and self._eye_is_busy()
        is_due = full[-1] == DEEPEST and SHARE * self._made > self._there and not is_busy
        found = gc.collect(DEEPEST if is_due else 0 if is_busy else min(full[-1], DEEPEST - 1))
        if is_due:
            self._there, self._made = max(self._there + self._made - found, 0), 0

    def _eye_is_busy(self) -> bool:
        """Whether a mouse button is down or a pass plays, but not for too long: what moves would be seen to halt."""
        is_busy = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton or something_moves()
        self._waited = self._waited + 1 if is_busy else 0
        return 0 < self._waited <= MOST_WAITS
