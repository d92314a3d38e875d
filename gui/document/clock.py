"""The clock that ticks the player: it runs while something moves, and stops itself."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer

from gui.document.bridge import Bridge

INTERVAL = 16  # milliseconds between ticks: 60 a second
LONGEST = 0.1  # seconds that one tick may count for: after a stall nothing leaps


class Clock(QObject):
    """Gives the player the time that has really passed, tick by tick, while it moves."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self._tick)
        bridge.told.connect(self._follow)
        self._follow()

    def stop(self) -> None:
        """For good: the window closes."""
        self._bridge.told.disconnect(self._follow)
        self._timer.stop()

    def _follow(self) -> None:
        if not self._bridge.player.moving:
            self._timer.stop()
        elif not self._timer.isActive():
            self._last = perf_counter()
            self._timer.start()

    def _tick(self) -> None:
        now = perf_counter()
        passed, self._last = min(now - self._last, LONGEST), now
        self._bridge.player.tick(passed)
