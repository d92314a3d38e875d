"""How long the window does not answer while it works: the longest gap between two ticks of a timer of 10 ms."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

TICK = 10  # milliseconds


class Watch:
    """Ticks from its making to `stop`, and keeps the longest gap."""

    def __init__(self) -> None:
        self.longest, self._last = 0.0, perf_counter()
        self._timer = QTimer(interval=TICK)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now

    def stop(self) -> float:
        """Stop, and give the longest gap in seconds."""
        self._tick()
        self._timer.stop()
        return self.longest


def gap(begin: Callable[[], object], is_over: Callable[[], bool], most: float = 300.0) -> tuple[float, float]:
    """Do something in the window and wait until it is over: the longest gap and the whole time, in seconds."""
    settle()
    watch, start = Watch(), perf_counter()
    QTimer.singleShot(0, begin)
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    began = False
    while not (began := began or perf_counter() - start > 0.02) or not is_over():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if perf_counter() - start > most:
            break
    whole = perf_counter() - start
    settle(0.3)
    return watch.stop() - 0.0, whole


def settle(seconds: float = 0.2) -> None:
    """Let what was begun come to rest."""
    until = perf_counter() + seconds
    while perf_counter() < until:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
