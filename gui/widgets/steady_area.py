"""An area that scrolls, whose bar does not come and go without end."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from gui.look.guard import guarded_filter

SOON, OFTEN = 200, 6  # within so many milliseconds what is inside had another width so many times: it would go on


class SteadyArea(QScrollArea):
    """What is inside may be lower beside the bar than without it, where words or parts break into other lines. Qt then
    makes room for the bar and takes it again, each within the other, until its stack is full and the program ends."""

    def __init__(self) -> None:
        super().__init__(widgetResizable=True)
        self._watch = _WidthWatch(self)

    def setWidget(self, inside: QWidget) -> None:
        super().setWidget(inside)
        inside.installEventFilter(self._watch)


class _WidthWatch(QObject):
    """Lets the bar stay once the width inside has changed too often, until the area has another size."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area, self._turns = area, 0
        self._rest = QTimer(self, singleShot=True, interval=SOON)
        self._rest.timeout.connect(self._forget)
        area.installEventFilter(self)

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Resize or not isinstance(event, QResizeEvent):
            return False
        if watched is self._area:
            self._forget()
            self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        elif event.size().width() != event.oldSize().width():
            self._turns += 1
            self._rest.start()
            if self._turns > OFTEN:
                self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        return False

    def _forget(self) -> None:
        self._turns = 0
