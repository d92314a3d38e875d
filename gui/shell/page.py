"""One document's window as what holds it sees it: a window of its own, or a page among others behind tabs."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from shiboken6 import isValid

from engine.errors import GradloomError
from engine.graph.graph import Graph
from gui.canvas.view import CanvasView
from gui.document.bridge import Bridge
from gui.document.clock import Clock
from gui.document.data_files import DataFiles
from gui.document.errors import Notice, refusal_notice
from gui.document.files import Files
from gui.document.folder_troubles import FolderTroubles
from gui.document.preferences import Preferences
from gui.document.rescue import Rescue
from gui.look.as_is import window_title
from gui.look.text_size import text_size
from gui.panels.timeline import Timeline
from gui.shell.closing import Closing
from gui.shell.data_door import DataDoor, is_data
from gui.shell.doors import Doors
from gui.shell.ending import stands_beside
from gui.shell.menus import ActionSet
from gui.shell.message_bar import MessageBar, StandingMessages
from gui.shell.paint_turn import LARGE, PaintTurn
from gui.shell.panes import Panels
from gui.shell.place import WindowPlace
from gui.shell.presenting.presenter import Presenter
from gui.shell.resting_pointer import RestingPointer
from gui.shell.status_bar import StatusBar
from gui.shell.top_bar import TopBar
from gui.shell.tour import Tour
from gui.widgets.keys import keeps_key


class DocumentPage(QMainWindow):
    """The parts that what holds it reaches, and what it does as a window."""

    titled = Signal()  # its name, or whether it is unsaved, is another
    asks = Signal()  # a question is about to be asked over it
    fills = Signal(bool)  # its window is about to fill the screen, or not to do so any more
    presented = Signal(bool)  # it is shown on the whole screen, or no longer
    fronted = Signal(bool)  # it comes to the front, or another page does

    bridge: Bridge
    files: Files
    rescue: Rescue
    data_files: DataFiles
    data_door: DataDoor
    folder_troubles: FolderTroubles
    preferences: Preferences
    clock: Clock
    canvas: CanvasView
    panels: Panels
    status: StatusBar
    top_bar: TopBar
    messages: MessageBar
    standing: StandingMessages
    timeline: Timeline
    pointer: RestingPointer
    action_set: ActionSet
    closing: Closing
    doors: Doors
    tour: Tour
    presenting: bool
    presenter: Presenter
    painting: PaintTurn

    def __init__(self, in_tabs: bool = False) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setAcceptDrops(True)
        self.place = None if in_tabs else WindowPlace(self)
        if self.place:
            self.fills.connect(self.place.hold)
        self.at_rest = ""  # what rests while another page is in front: a sentence
        self._beside: list[QWidget] = []  # its windows that are hidden while another page is in front

    def tell(self, notice: Notice) -> None:
        """Show what went wrong, above the canvas; the document stays open."""
        (self.standing if notice.topic else self.messages).tell(notice)

    def tell_error(self, error: GradloomError) -> None:
        self.tell(refusal_notice(error))

    def show_title(self) -> None:
        """What the document is called, and whether it is edited."""
        name, modified = self.files.name, self.bridge.document.modified
        self.setWindowTitle(f"{window_title(name)}[*] — Gradloom")
        self.setWindowModified(modified)
        self.top_bar.show_title(name, modified)
        self.titled.emit()

    def toggle_presentation(self, screen: bool = True) -> None:
        """Canvas and timeline on the whole screen, in large type; or the window as it was. `screen`: the window too."""
        self.presenting = not self.presenting
        if self.presenting:
            self.panels.present(True)
            self.timeline.present(True)
        else:  # before the panels come back: they would be as large as on the stage
            self.fit_text()
            self.timeline.present(False)
            self.panels.present(False)
        self.pointer.watch(self.presenting)
        self.canvas.show_focus_frame(not self.presenting)
        for bar in (self.top_bar, self.status, self.standing):
            bar.setVisible(not self.presenting)  # what stays to be settled is no news for an audience
        if screen:
            self.switch_full_screen()
        self.fit_text()
        self.presented.emit(self.presenting)
        self.canvas.setFocus()
        self.canvas.camera.fit_all()

    def fit_text(self) -> None:
        """While it is presented, the text in all that is opened there is read from far away, as the captions are."""
        text_size.present(self.window().height() if self.presenting else 0)

    def show_lesson(self, path: Path) -> bool:
        """Begin a lesson here. A file that is none is told, and everything stays as it was."""
        try:
            self.bridge.lesson.begin(path)
        except GradloomError as error:
            self.files.failed.emit(error)
            return False
        return True

    @property
    def is_in_lesson(self) -> bool:
        """Whether its document is a lesson's own, that nobody has saved as a file."""
        return self.bridge.lesson.lesson is not None and self.files.path is None

    @property
    def is_untouched(self) -> bool:
        """Whether it is empty, and always was: another document may take its place."""
        document = self.bridge.document
        touched = self.files.path or self.files.is_modified or self.files.is_opening or self.bridge.pending.texts
        told = document.undo_text is not None or document.redo_text is not None
        return not (touched or told or self.bridge.steps.busy) and self.bridge.now.graph == Graph()

    def leave(self) -> bool:
        """Another page comes to the front: what moves rests. False: what is being typed cannot be read, so it stays."""
        if not self.bridge.pending.commit():
            return False
        self.canvas.tools.cancel()
        self.fronted.emit(False)
        self.bridge.player.pause()
        self.bridge.steps.finish()
        self._beside = [
            each for each in QApplication.topLevelWidgets() if each.isVisible() and stands_beside(each, self)
        ]
        for window in self._beside:
            window.hide()
        return True

    def come(self) -> None:
        """This page comes to the front: what is set for all of them is set here too."""
        self.data_files.take_over()
        self.preferences.read()
        self.action_set.refresh()
        for window in filter(isValid, self._beside):
            window.show()
        self._beside = []
        self.bridge.lesson.come()
        self.fronted.emit(True)
        self.canvas.setFocus()
        self.files.watch.look()

    # --- as a window

    def appear(self) -> None:
        """Come onto the screen."""
        if self.place:
            self.place.appear()

    def event(self, event: QEvent) -> bool:
        """A key that the widget with the focus needs is not a shortcut; of one that has to wait is said why. After a
        dialog the keys come here again."""
        if event.type() == QEvent.Type.UpdateRequest and self.paints_later:
            return True
        if event.type() in (QEvent.Type.WindowBlocked, QEvent.Type.WindowUnblocked):
            self._stand_behind_dialog(event.type() == QEvent.Type.WindowBlocked)
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
            return super().event(event)
        goes_on = self.presenting and event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)  # a remote control
        event.setAccepted(not goes_on and keeps_key(QApplication.focusWidget(), event))
        if not event.isAccepted() and (said := self.action_set.why_not(QKeySequence(event.keyCombination()))):
            self.status.tell(said)
        return event.isAccepted()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Qt asks here too when what has the keys goes: they are the canvas' then, and no button's beside it."""
        here = QApplication.focusWidget()
        if here is not None and self.isAncestorOf(here) and not (here.isVisible() and here.isEnabled()):
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().focusNextPrevChild(next)

    @property
    def paints_later(self) -> bool:
        """Whether what is to be painted waits for its turn."""
        return len(self.bridge.now.graph.nodes) >= LARGE and self.painting.waits()

    def _stand_behind_dialog(self, blocked: bool) -> None:
        self.closing.button.listen(blocked)
        if not blocked:
            self.activateWindow()  # where no window manager does it, nobody else would

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if paths := _local_files(event):
            event.acceptProposedAction()
            if rows := [path for path in paths if is_data(path)]:
                QTimer.singleShot(0, self, partial(self.data_door.take, rows))  # whoever drags waits for no answer
            if documents := [path for path in paths if not is_data(path)]:
                self.doors.drop(documents)

    def switch_full_screen(self) -> None:
        """The window is on the whole screen, or no longer."""
        window = self.window()
        self.fills.emit(not window.isFullScreen())
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)


def _local_files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
