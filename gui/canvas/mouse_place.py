"""Where the mouse is over the canvas, and whether its hand has shown a place with it since something was selected."""

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QSinglePointEvent

LED = 24  # pixels: a mouse that moved less than this still rests where something was clicked
_Type = QEvent.Type
HEARD = (
    _Type.Enter, _Type.Leave, _Type.MouseMove, _Type.MouseButtonPress, _Type.MouseButtonRelease, _Type.Wheel,
)  # fmt: skip


class MousePlace(QObject):
    """Hears what the viewport hears. Somebody who builds by keys leaves the mouse lying: it then says nothing."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._spot, self._rest, self._inside = QPoint(), QPoint(), False
        self._turned = False

    @property
    def here(self) -> QPoint | None:
        """The place of the viewport where the mouse is; None: it is elsewhere."""
        return self._spot if self._inside else None

    @property
    def leads(self) -> bool:
        """Whether it went to another place, or turned its wheel, since something else was selected or it came in."""
        return self._inside and (self._turned or (self._spot - self._rest).manhattanLength() >= LED)

    def rest(self) -> None:
        """What the hand shows begins anew: something else is selected."""
        self._rest, self._turned = self._spot, False

    def hear(self, event: QEvent) -> None:
        """One of these events of the viewport."""
        if event.type() == _Type.Leave:
            self._inside = False
        elif isinstance(event, QSinglePointEvent):
            came = not self._inside or event.type() == _Type.Enter
            self._spot, self._inside = event.position().toPoint(), True
            if came:
                self.rest()
            self._turned = self._turned or event.type() == _Type.Wheel
