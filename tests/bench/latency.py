"""How long the window does not answer while it works: the longest gap between two ticks of a timer of 10 ms.

Other work on the machine makes gaps longer, so the window's own share is told too: what its thread has computed in one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, thread_time

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

TICK = 10  # milliseconds
MOST = 300.0  # seconds that anything may take
REST = 0.3  # seconds after it, in which what it has left to do is watched too


@dataclass(frozen=True)
class Gap:
    """In seconds: the longest gap, the most that the window's thread computed in one, and the whole time."""

    wall: float
    own: float
    whole: float


class Watch:
    """Ticks from its making to `stop`."""

    def __init__(self) -> None:
        self.wall = self.own = 0.0
        self._last = perf_counter(), thread_time()
        self._timer = QTimer(interval=TICK)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def tick(self) -> None:
        wall, own = perf_counter(), thread_time()
        self.wall, self.own = max(self.wall, wall - self._last[0]), max(self.own, own - self._last[1])
        self._last = wall, own

    def stop(self) -> None:
        self.tick()
        self._timer.stop()


def gap(begin: Callable[[], object], is_over: Callable[[], bool]) -> Gap:
    """Do something in the window and wait until it is over and has come to rest."""
    settle()
    watch, start = Watch(), perf_counter()
    done: list[object] = []
    QTimer.singleShot(0, lambda: done.append(begin()))
    while (not done or not is_over()) and perf_counter() - start < MOST:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    whole = perf_counter() - start
    settle(REST)
    watch.stop()
    return Gap(watch.wall, watch.own, whole)


def settle(seconds: float = REST) -> None:
    """Let what was begun come to rest."""
    until = perf_counter() + seconds
    while perf_counter() < until:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
