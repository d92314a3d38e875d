"""The mouse pointer while something is presented: it goes when it has rested, and comes back when it is moved."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from gui.look.guard import guarded_filter

REST_MS = 2500
WAKES = (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)


class RestingPointer(QObject):
    """Watches what the mouse does over the program, as long as it is told to."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._hidden = False
        self.rest = QTimer(self, singleShot=True, interval=REST_MS)
        self.rest.timeout.connect(self._hide)

    def watch(self, watching: bool) -> None:
        app = QApplication.instance()
        assert app is not None
        self._show()
        app.removeEventFilter(self)
        if watching:
            app.installEventFilter(self)
            self.rest.start()
        else:
            self.rest.stop()

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in WAKES:
            self._show()
            self.rest.start()
        return False

    def _hide(self) -> None:
        if not self._hidden and QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None:
            self._hidden = True
            QGuiApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)

    def _show(self) -> None:
        if self._hidden:
            self._hidden = False
            QGuiApplication.restoreOverrideCursor()
