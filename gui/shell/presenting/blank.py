"""The blank screen: black or white over everything, so that all look at who speaks. Any key or click brings it back."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from gui.look.guard import guarded, guarded_filter

HELD = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


class BlankSheet(QWidget):
    """Lies over `window`, and takes every key while it is seen."""

    ended = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._over, self.colour = window, "black"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAccessibleName("The screen is blank: any key brings the picture back")
        self.hide()

    def cover(self, colour: str) -> None:
        """Be black, or white."""
        self.colour = colour
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.setFocus()
        self.update()

    def lift(self) -> None:
        """Show the picture again."""
        if not self.isHidden():
            self.hide()
            self.ended.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._over.installEventFilter(self)  # only now: what passes the whole window would pass here

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._over.removeEventFilter(self)

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._over.rect())
        return False

    def event(self, event: QEvent) -> bool:
        """No shortcut does anything that nobody sees."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in HELD:
            self.lift()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.lift()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()  # or what lies below would be scrolled

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), QColor(self.colour))
