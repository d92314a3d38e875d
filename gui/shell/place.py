"""Where a window stands on the screen: as large as there is room at first, and then where it was."""

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QWidget

from gui.document import settings
from gui.shell.room import bring_inside, room_on

FIRST_SIZE, LEAST_SIZE = QSize(1440, 900), QSize(240, 240)  # no more than the screen has, and half of a small one


class WindowPlace:
    """Puts a window in its place, and remembers it from one session to the next."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._before: QByteArray | None = None  # where it stood when it began to fill the screen
        room = room_on(window.screen()).size()
        window.setMinimumSize(LEAST_SIZE.boundedTo(room))
        window.resize(FIRST_SIZE.boundedTo(room))
        self._is_large = window.size() != FIRST_SIZE
        if window.restoreGeometry(settings.get("geometry")):
            self._is_large = False
            if not window.isMaximized() and not window.isFullScreen():
                bring_inside(window)

    def appear(self) -> None:
        """Come onto the screen: a small one is filled."""
        self._window.showMaximized() if self._is_large else self._window.show()
        self._window.activateWindow()  # where no window manager does it, nobody else would

    def hold(self, fills: bool) -> None:
        """The window is about to fill the screen, or not to do so any more: how large it was is lost meanwhile."""
        self._before = self._window.saveGeometry() if fills else None

    def remember(self) -> None:
        """Where it stands; while it fills the screen, where it stood before."""
        before = self._before if self._window.isFullScreen() else None
        settings.put("geometry", self._window.saveGeometry() if before is None else before)
