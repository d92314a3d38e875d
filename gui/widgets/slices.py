"""Long work beside a window that answers: a slice of it in each turn of the event loop."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer

SLICE = 0.005  # seconds of a turn


class Slices(QObject):
    """Goes through one piece of work at a time; another takes its place.

    `rest`: milliseconds. Work whose like was too long for one slice begins when nothing else has been started for so
    long: under a hand that moves all the time it would never come to its end.
    """

    def __init__(self, parent: QObject, rest: int = 0) -> None:
        super().__init__(parent)
        self._work: Iterator[object] | None = None
        self._rest, self._is_long, self._begun = rest, False, False
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._go_on)

    @property
    def is_working(self) -> bool:
        return self._work is not None

    def start(self, work: Iterator[object]) -> None:
        """Begin at once: what takes no longer than a slice is done when this returns. It may pause at each `yield`."""
        self._work, self._begun = work, False
        if self._rest and self._is_long:
            self._turn.start(self._rest)
        else:
            self._go_on()

    def start_late(self, work: Iterator[object]) -> None:
        """Begin when nothing else has been started for as long as a hand rests: of this it is known that it is long."""
        self._is_long = True
        self.start(work)

    def stop(self) -> None:
        self._work = None
        self._turn.stop()

    def _go_on(self) -> None:
        work, until = self._work, perf_counter() + SLICE
        if work is None:
            return
        is_first, self._begun = not self._begun, True
        for _ in work:
            if perf_counter() > until:
                self._is_long = True
                self._turn.start(0)
                return
        if self._work is work:
            self._is_long = not is_first
            self.stop()
