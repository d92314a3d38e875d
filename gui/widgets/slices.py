"""Long work beside a window that answers: a slice of it in each turn of the event loop."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer

SLICE = 0.005  # seconds of a turn


class Slices(QObject):
    """Goes through one piece of work at a time; another takes its place."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._work: Iterator[object] | None = None
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._go_on)

    @property
    def is_working(self) -> bool:
        return self._work is not None

    def start(self, work: Iterator[object]) -> None:
        """Begin at once: what takes no longer than a slice is done when this returns. It may pause at each `yield`."""
        self._work = work
        self._go_on()

    def stop(self) -> None:
        self._work = None
        self._turn.stop()

    def _go_on(self) -> None:
        work, until = self._work, perf_counter() + SLICE
        if work is None:
            return
        for _ in work:
            if perf_counter() > until:
                self._turn.start()
                return
        if self._work is work:
            self.stop()
