"""The clock that ticks the player: it runs while something moves, and stops itself."""

from time import perf_counter
from weakref import WeakSet

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from gui.document.bridge import Bridge

INTERVAL = 16  # milliseconds between ticks: 60 a second
LONGEST = 0.1  # seconds that one tick may count for: after a stall nothing leaps


class Ticker(QTimer):
    """Says how much time has really passed, at every tick from `begin` to `stop`."""

    passed = Signal(float)  # seconds

    def __init__(self, interval: int, parent: QObject) -> None:
        super().__init__(parent, interval=interval, timerType=Qt.TimerType.PreciseTimer)
        self._last = 0.0
        self.timeout.connect(self._tick)
        _tickers.add(self)

    def begin(self) -> None:
        self._last = perf_counter()
        self.start()

    def _tick(self) -> None:
        now = perf_counter()
        passed, self._last = min(now - self._last, LONGEST), now
        self.passed.emit(passed)


_tickers: WeakSet[Ticker] = WeakSet()


def something_moves() -> bool:
    """Whether a pass plays, or something is trained, in any window."""
    return any(isValid(ticker) and ticker.isActive() for ticker in _tickers)


class Clock(QObject):
    """Gives the player the time that has really passed, tick by tick, while it moves."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._ticker = Ticker(INTERVAL, self)
        self._ticker.passed.connect(bridge.player.tick)
        bridge.told.connect(self._follow)
        self._follow()

    def stop(self) -> None:
        """For good: the window closes."""
        self._bridge.told.disconnect(self._follow)
        self._ticker.stop()

    def _follow(self) -> None:
        if not self._bridge.player.moving:
            self._ticker.stop()
        elif not self._ticker.isActive():
            self._ticker.begin()
