"""Whoever presents: what is in the hand, what the audience sees, and what the keys of a remote control do."""

from __future__ import annotations

from time import monotonic
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from engine.show.now import Now
from gui.canvas.camera import MOST_FIT
from gui.canvas.view import CanvasView
from gui.document.bridge import Bridge
from gui.document.lesson_show import LessonShow
from gui.shell.presenting.blank import BlankSheet
from gui.shell.presenting.laser import Laser
from gui.shell.presenting.notes_window import NotesWindow
from gui.shell.presenting.pen import PenSheet

Hand = Literal["", "laser", "pen"]
MOST_PRESENTED = 2.5  # a small graph is shown larger than one would edit it


class Presenter(QObject):
    """Holds what lies over `window` while it is presented. All of it goes when the presentation is left."""

    changed = Signal()

    def __init__(self, window: QWidget, bridge: Bridge, canvas: CanvasView) -> None:
        super().__init__(window)
        self._window, self._bridge, self._canvas = window, bridge, canvas
        self.is_on = False
        self.hand: Hand = ""
        self.laser, self.pen, self.blank = Laser(window), PenSheet(canvas), BlankSheet(window)
        self.notes: NotesWindow | None = None
        self.show = LessonShow(bridge)
        self._since = 0.0  # when it has begun
        self._asked: object = None
        self.blank.ended.connect(self._come_back)
        self.pen.changed.connect(self.changed)
        bridge.told.connect(self._on_told)
        bridge.asking.changed.connect(self._on_asked)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenAdded.connect(self._follow_screens)
        app.screenRemoved.connect(self._follow_screens)

    # --- begin and end

    def present(self, on: bool) -> None:
        """It begins, or is left."""
        self.is_on, self._asked = on, None
        self._canvas.camera.most_fit = MOST_PRESENTED if on else MOST_FIT
        self._since = monotonic()
        if on:
            self._follow_screens()
            self._on_asked()
        else:
            self.take("")
            self.pen.wipe()
            self.blank.lift()
            self.close_notes()
        self.changed.emit()

    def go_on_from(self, other: Presenter) -> None:
        """Another document comes to the front while it is presented: the time runs on."""
        if other.is_on or self.is_on:
            self._since = other._since

    @property
    def seconds(self) -> float:
        """How long it has lasted."""
        return monotonic() - self._since

    # --- on and back

    def go_on(self) -> None:
        """The next step; of a lesson that is presented what comes next in it."""
        if self.is_on:
            self.show.go_on()
            self._refresh_notes()
        else:
            self._bridge.player.step_forward()

    def go_back(self) -> None:
        if self.is_on:
            self.show.go_back()
            self._refresh_notes()
        else:
            self._bridge.player.step_back()

    def leave(self) -> bool:
        """Esc: put away what is in the hand. Gives whether there was anything, or else the presentation is left."""
        held, strokes = self.hand, bool(self.pen.strokes)
        self.take("")
        self.pen.wipe()
        return bool(held) or strokes

    # --- what is in the hand

    def take(self, what: Hand) -> None:
        """Take the laser or the pen; the one that is held already is put away."""
        was = self.hand
        self.hand = what if what != was else ""
        if (was == "laser") != (self.hand == "laser"):
            self._hide_cursor(self.hand == "laser")
        self.laser.switch(self.hand == "laser")
        self.pen.hold(self.hand == "pen")
        self.changed.emit()

    @staticmethod
    def _hide_cursor(hidden: bool) -> None:
        """The dot is the pointer."""
        if hidden:
            QGuiApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)
        else:
            QGuiApplication.restoreOverrideCursor()

    # --- what the audience sees

    def cover(self, colour: str) -> None:
        """Nothing, until a key is pressed."""
        self._bridge.player.pause()
        self.blank.cover(colour)

    def _come_back(self) -> None:
        self._canvas.setFocus()

    def _on_told(self, now: Now) -> None:
        if now.loaded and self.pen.strokes:
            self.pen.wipe()

    def _on_asked(self) -> None:
        """The keys stay with who presents: a remote control would type into the answer."""
        asking = self._bridge.asking
        if not self.is_on or asking.phase != "asked" or asking.question is self._asked:
            return
        self._asked = asking.question
        self._canvas.setFocus()

    # --- what it does not see

    @property
    def other_screen(self) -> QScreen | None:
        """A screen that does not show the window."""
        mine = self._window.window().screen()
        return next((screen for screen in QGuiApplication.screens() if screen != mine), None)

    def _follow_screens(self, screen: QScreen | None = None) -> None:
        """The notes stand on a second screen; where there is none any more they would cover the picture."""
        if self.is_on:
            self.close_notes()
            if self.other_screen is not None:
                self._open_notes()

    def toggle_notes(self) -> None:
        if self.notes is not None:
            self.close_notes()
        else:
            self._open_notes()

    def _open_notes(self) -> None:
        self.notes = NotesWindow(self._window, self._bridge, self.show, lambda: self.seconds)
        self.notes.addActions(self._window.actions())
        self.notes.closed.connect(self._forget_notes)
        screen = self.other_screen
        if screen is not None:
            self.notes.stand_on(screen)
        else:
            self.notes.stand_beside()
        self._window.activateWindow()  # where no window manager does it, nobody else would
        self.changed.emit()

    def close_notes(self) -> None:
        if self.notes is not None:
            self.notes.close()

    def _forget_notes(self) -> None:
        if self.notes is not None:
            self.notes.deleteLater()
            self.notes = None
            self.changed.emit()

    def _refresh_notes(self) -> None:
        if self.notes is not None:
            self.notes.refresh()

    def swap_screens(self) -> None:
        """The picture goes where the notes are, and the notes where it was."""
        other, window = self.other_screen, self._window.window()
        if other is None:
            return
        had_notes = self.notes is not None
        self.close_notes()
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.setScreen(other)
        window.setGeometry(other.availableGeometry())
        window.setWindowState(Qt.WindowState.WindowFullScreen)
        if had_notes:
            self._open_notes()
