"""While something is dragged to the rim of the canvas, or beyond it, the view goes on to what lies there."""

from PySide6.QtCore import QElapsedTimer, QObject, QPoint, QSize, QTimer

from gui.canvas.camera import Camera
from gui.canvas.tools import Tools

ZONE = 8  # pixels inside the rim: from here on it goes
FULL, FASTEST = 80, 1.1  # pixels from there to where it goes fastest; pixels a millisecond
WAIT, TICK, LONGEST = 200, 16, 50  # milliseconds: somebody who only passes the rim wants nothing there; a tick


class RimPan(QObject):
    """What is in the hand goes along: it hears that the canvas moves under it."""

    def __init__(self, camera: Camera, tools: Tools) -> None:
        super().__init__(camera)
        self._camera, self._tools, self._since = camera, tools, QElapsedTimer()
        self._wait = QTimer(self, interval=WAIT, singleShot=True)
        self._timer = QTimer(self, interval=TICK)
        self._wait.timeout.connect(self._begin)
        self._timer.timeout.connect(lambda: self.tick(min(self._since.restart(), LONGEST)))
        tools.changed.connect(self._follow)

    def _follow(self) -> None:
        if self._way.isNull():
            self._wait.stop()
            self._timer.stop()
        elif not self._timer.isActive() and not self._wait.isActive():
            self._wait.start()

    def _begin(self) -> None:
        self._since.start()
        self._timer.start()

    def tick(self, ms: float) -> None:
        """Go on for so many milliseconds."""
        way = self._way
        x, y = (max(-FULL, min(part, FULL)) / FULL * FASTEST * ms for part in way.toTuple())
        if not way.isNull():
            self._camera.pan(-round(x), -round(y))

    @property
    def _way(self) -> QPoint:
        """How far the hand is beyond where it may be without a move of the view: to the right and down."""
        hand, room = self._tools.hand, self._camera.view.viewport().size()
        return _beyond(hand.spot, room) if hand is not None and self._tools.state.pulls else QPoint()


def _beyond(spot: QPoint, room: QSize) -> QPoint:
    """How far a spot is beyond a room within its rim; of a room with nothing within its rim in no direction."""
    far = room - QSize(1 + ZONE, 1 + ZONE)
    x, y = (
        at - max(ZONE, min(at, end)) if end > ZONE else 0
        for at, end in zip(spot.toTuple(), far.toTuple(), strict=True)
    )  # fmt: skip
    return QPoint(x, y)
