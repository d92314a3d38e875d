"""How anything ends that shows documents: what stands over it goes first, then it asks, and then it comes to rest."""

from typing import Protocol

from PySide6.QtCore import QAbstractAnimation, QObject, QThread, QTimer, Signal
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from gui.shell.close_button import CloseButton

AGAIN = 5  # milliseconds between two looks whether the loops of what was closed have ended
MOST_OVER = 50  # things that can stand over a window


class Endable(Protocol):
    """What a window holds that ends: what is busy, what is asked, what goes."""

    @property
    def is_busy(self) -> bool:
        """Whether something was asked for before that is to be done first."""

    def let_go(self) -> bool:
        """Ask what is to be asked, and end if the answers allow it."""

    def rest(self) -> None:
        """It is decided: everything comes to rest."""


class Ending(QObject):
    """Closes `window`, which asks `may_close` first, and so ends what it holds."""

    ended = Signal()  # nothing is open, nothing moves

    def __init__(self, window: QWidget, held: Endable) -> None:
        super().__init__(window)
        self._window, self._held = window, held
        self._asking, self.has_ended = False, False
        self._again = QTimer(self, interval=AGAIN)
        self._again.timeout.connect(self._go_on)
        self.button = CloseButton(window, self.close)

    @property
    def is_asking(self) -> bool:
        """Whether a dialog is open that waits for an answer."""
        return QApplication.activeModalWidget() is not None

    def close(self) -> None:
        """Close what stands over the window, and the window as its button does."""
        if not self._asking and not self.has_ended:
            self._again.start()

    def may_close(self) -> bool:
        """Whether the window closes now. False: it stays, or asks again when nothing stands over it any more."""
        if self._asking or self.has_ended:
            return self.has_ended
        if is_over_or_nested() or self._held.is_busy:
            self.close()
            return False
        self._asking = True
        try:
            return self._held.let_go()
        finally:
            self._asking = False

    def _go_on(self) -> None:
        """Close what stands over the window, one thing at a time; then the window, when it has nothing to do."""
        if close_uppermost():
            return
        if _nested():
            self._let_go()
            return
        if self._held.is_busy:
            return
        self._again.stop()
        self._window.close()

    def _let_go(self) -> None:
        """Of an op that is on its way out of the palette."""
        if self._window.findChildren(QDrag):
            QDrag.cancel()

    def finish(self) -> None:
        """Nothing is asked any more: all of it comes to rest."""
        self.has_ended = True
        for _ in range(MOST_OVER):
            if not close_uppermost():
                break
        QToolTip.hideText()
        self._held.rest()
        for beside in [widget for widget in QApplication.topLevelWidgets() if stands_beside(widget, self._window)]:
            beside.close()
        for timer in self._window.findChildren(QTimer):
            timer.stop()
        for motion in self._window.findChildren(QAbstractAnimation):
            motion.stop()
        self.ended.emit()


def _uppermost() -> QWidget | None:
    """A menu or a dialog that has to be closed before anything else can be done."""
    return QApplication.activePopupWidget() or QApplication.activeModalWidget()


def close_uppermost() -> bool:
    """Close it, with the answer that changes nothing. False: there is none."""
    over = _uppermost()
    if over is None:
        return False
    over.close()
    if over.isVisible():  # it would rather stay
        over.hide()
    return True


def _nested() -> bool:
    """Whether something waits for its own event loop to end: a dialog, a menu, a drag out of the palette."""
    return QThread.currentThread().loopLevel() > 1


def is_over_or_nested() -> bool:
    """Whether a menu, a dialog or a drag waits for its end: no other question is asked meanwhile."""
    return _uppermost() is not None or _nested()


def is_of(widget: QWidget, window: QWidget) -> bool:
    """Whether a widget is part of `window`, or of a dialog over it."""
    at: QWidget | None = widget
    while at is not None and at is not window:
        at = at.parentWidget()
    return at is window


def stands_beside(widget: QWidget, window: QWidget) -> bool:
    """Whether a window that is seen belongs to another one."""
    parent = widget.parentWidget()
    return widget is not window and widget.isVisible() and parent is not None and is_of(parent, window)
