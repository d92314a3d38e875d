"""Closing: whoever asks for it and whatever is open, the window ends in one way and in one order.

What stands over the window goes first (menus, dialogs, a drag), then what runs in it, and the window itself while
Python is alive: nothing of Qt may call into objects of which a half is gone.
"""

import atexit

import shiboken6
from PySide6.QtCore import QAbstractAnimation, QObject, Qt, QThread, QTimer, Signal
from PySide6.QtGui import QAction, QDrag
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from gui.document.bridge import Bridge
from gui.document.files import Files
from gui.shell.close_button import CloseButton

AGAIN = 5  # milliseconds between two looks whether the loops of what was closed have ended
MOST_OVER = 50  # things that can stand over a window


class Closing(QObject):
    """Closes `window`, which asks `may_close` first. `quit` is the action of the menu: its keys work in dialogs too."""

    leaving = Signal()  # before anything is asked: what changes the graph by itself stops
    resting = Signal()  # it is decided: everything comes to rest, and what is remembered is written
    ended = Signal()  # nothing is open, nothing moves

    def __init__(self, window: QWidget, bridge: Bridge, files: Files, quit: QAction) -> None:
        super().__init__(window)
        self._window, self._pending, self._files, self._quit = window, bridge.pending, files, quit
        self._asking, self.has_ended = False, False
        self._again = QTimer(self, interval=AGAIN)
        self._again.timeout.connect(self._go_on)
        self.button = CloseButton(window, self.close)
        quit.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)  # while a menu is open too
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusWindowChanged.connect(self._lend_quit)

    @property
    def is_asking(self) -> bool:
        """Whether a dialog is open that waits for an answer."""
        return QApplication.activeModalWidget() is not None

    # --- as the user wishes

    def close(self) -> None:
        """Close what stands over the window, and the window as its button does."""
        if not self._asking and not self.has_ended:
            self._again.start()

    def may_close(self) -> bool:
        """Whether the window closes now. False: it stays, or asks again when nothing stands over it any more."""
        if self._asking or self.has_ended:
            return self.has_ended
        if _uppermost() or _nested() or self._files.is_busy:
            self.close()
            return False
        self._asking = True
        try:
            return self._leave()
        finally:
            self._asking = False

    def _go_on(self) -> None:
        """Close what stands over the window, one thing at a time; then the window, when it has nothing to do."""
        if _close_uppermost():
            return
        if _nested():
            self._let_go()
            return
        if self._files.is_busy:  # what was asked for before is done first
            return
        self._again.stop()
        self._window.close()

    def _let_go(self) -> None:
        """Of an op that is on its way out of the palette."""
        if self._window.findChildren(QDrag):
            QDrag.cancel()

    def _leave(self) -> bool:
        self.leaving.emit()
        if not (self._files.close() if self._pending.commit() else self._leave_what_is_typed()):
            return False
        self._finish()
        return True

    def _leave_what_is_typed(self) -> bool:
        """Close although typed texts cannot be read, if they may go: they go when all is decided."""
        if not all(self._files.ask.may_drop(typed.what, typed.text) for typed in self._pending.texts):
            return False
        with self._pending.left_as_it_is():
            closed = self._files.close()
        if closed:
            self._pending.drop()
        return closed

    def _lend_quit(self) -> None:
        over = QApplication.activeModalWidget() or QApplication.activeWindow()
        if over is not None and self._quit not in over.actions():
            over.addAction(self._quit)

    # --- as the system wishes

    def keep(self) -> None:
        """The end may be near: what is not saved is in a recovery copy, and what is being typed too."""
        if not self.has_ended:
            self._files.recovery.write()

    def end(self) -> None:
        """End at once and ask nothing: what is not saved can be recovered."""
        if not self.has_ended:
            self.leaving.emit()
            self.keep()
            if self._files.is_busy:
                self._files.stop_saving()  # what was written meanwhile is kept no more,
                self.keep()  # and what was edited since is
            self._finish()

    def _finish(self) -> None:
        self.has_ended = True
        for _ in range(MOST_OVER):
            if not _close_uppermost():
                break
        QToolTip.hideText()
        self.resting.emit()
        for beside in [widget for widget in QApplication.topLevelWidgets() if _stands_beside(widget, self._window)]:
            beside.close()
        for timer in self._window.findChildren(QTimer):
            timer.stop()
        for motion in self._window.findChildren(QAbstractAnimation):
            motion.stop()
        self.ended.emit()


def take_down(window: QWidget) -> None:
    """Delete a window while Python is alive: whatever its parts still say to each other, all of them can answer."""
    window.hide()
    shiboken6.delete(window)


@atexit.register  # after Qt was imported, and so before PySide's own turn, which deletes all there is in any order
def take_down_what_is_left() -> None:
    """Python ends, and windows are open still: each ends as the system wishes, and then goes."""
    left = [window for window in QApplication.topLevelWidgets() if window.parentWidget() is None]
    for closing in [closing for window in left for closing in window.findChildren(Closing)]:
        closing.end()
    for window in left:
        if shiboken6.isValid(window):
            take_down(window)


def _uppermost() -> QWidget | None:
    """A menu or a dialog that has to be closed before anything else can be done."""
    return QApplication.activePopupWidget() or QApplication.activeModalWidget()


def _close_uppermost() -> bool:
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


def _stands_beside(widget: QWidget, window: QWidget) -> bool:
    """Whether a window that is seen belongs to another one."""
    parent = widget.parentWidget()
    return widget is not window and widget.isVisible() and parent is not None and parent.window() is window
