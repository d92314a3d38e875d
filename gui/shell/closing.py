"""Closing: whoever asks for it and whatever is open, a document's window ends in one way and in one order.

What stands over the window goes first (menus, dialogs, a drag), then what runs in it, and the window itself while
Python is alive: nothing of Qt may call into objects of which a half is gone.
"""

import atexit

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from gui.document.bridge import Bridge
from gui.document.files import Files
from gui.shell.ending import Ending, is_of


class Closing(Ending):
    """Ends the window of one document. `quit` is the action of the menu: its keys work in dialogs too."""

    leaving = Signal()  # before anything is asked: what changes the graph by itself stops
    stayed = Signal()  # the user has thought better of it
    resting = Signal()  # it is decided: everything comes to rest, and what is remembered is written

    def __init__(self, window: QWidget, bridge: Bridge, files: Files, quit: QAction) -> None:
        super().__init__(window, self)
        self._pending, self._files, self._quit = bridge.pending, files, quit
        quit.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)  # while a menu is open too
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusWindowChanged.connect(self._lend_quit)

    # --- as the user wishes

    @property
    def is_busy(self) -> bool:
        return self._files.is_busy

    @property
    def will_ask(self) -> bool:
        """Whether there is anything to ask about before the document may go."""
        return self._files.is_modified or bool(self._pending.texts)

    def let_go(self) -> bool:
        if not self.agrees():
            return False
        self.depart()
        return True

    def agrees(self) -> bool:
        """Whether the document may go: what is unsaved is saved, or the user says so. Nothing has gone by then."""
        self.leaving.emit()
        may = self._files.may_leave() if self._pending.commit() else self._may_leave_what_is_typed()
        if not may:
            self.stayed.emit()
        return may

    def _may_leave_what_is_typed(self) -> bool:
        """Whether typed texts that cannot be read may go with the document: they go when all is decided."""
        if not all(self._files.ask.may_drop(typed.what, typed.text) for typed in self._pending.texts):
            return False
        with self._pending.left_as_it_is():
            return self._files.may_leave()

    def depart(self) -> None:
        """All have agreed: the document goes, and leaves nothing behind."""
        self._files.leave()
        if self._pending.texts:
            self._pending.drop()
        self.finish()

    def rest(self) -> None:
        self.resting.emit()

    def _lend_quit(self) -> None:
        over = QApplication.activeModalWidget() or QApplication.activeWindow()
        if over is not None and is_of(over, self._window) and self._quit not in over.actions():
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
            self.finish()
            self._files.recovery.end()


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
