"""Says when the folders of the program cannot be written or read, and looks again whether that is over."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from gui.document import folders, settings
from gui.document.errors import Notice

TOPIC = "folders"


class FolderTroubles(QObject):
    """Looks once at the start, and as long as there is trouble each time that the program gets the focus.

    A setting that could not be written since is trouble too.
    """

    found = Signal(object)  # a Notice that stands as long as it is so
    over = Signal(str)  # its topic: everything is written where it belongs

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._said = ""
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self._on_state)

    def begin(self) -> None:
        """Say what is wrong, in one sentence, if anything is."""
        self._said = folders.trouble_sentence()
        if said := " ".join(filter(None, (self._said, settings.why_unread()))):
            self.found.emit(Notice(said, topic=TOPIC))

    def look(self) -> None:
        """Whether what was wrong still is: settings that were only remembered are written then."""
        if not (self._said or settings.unwritten()):
            return
        folders.forget_tried()
        settings.write_remembered()
        before, self._said = self._said, folders.trouble_sentence() or settings.unwritten()
        if self._said == before:
            return
        if self._said:
            self.found.emit(Notice(self._said, topic=TOPIC))
        else:
            self.over.emit(TOPIC)

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self.look()
