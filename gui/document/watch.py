"""Notices that something else has changed the file of the open document, and says so: once for each change."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from engine.files.lock import Holder
from gui.document.bridge import Bridge
from gui.document.errors import Choice, Notice
from gui.document.jobs import Job
from gui.document.on_disk import Look, News, OnDisk
from gui.document.questions import Questions

TOPIC, SHARED = "disk", "another window"
AGAIN = 100  # milliseconds until a hand has let go of the mouse, perhaps


class Watch(QObject):
    """Looks at the file when the program, or a window of it, gets the focus, and when `look` is called.

    `reload` shows what is on disk now, `save` writes what is here; `ask` gives who can be asked.
    """

    noticed = Signal(object)  # a Notice that stands until it is answered
    settled = Signal(str)  # the topic of one that is over

    def __init__(
        self,
        bridge: Bridge,
        on_disk: OnDisk,
        ask: Callable[[], Questions],
        reload: Callable[[], bool],
        save: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._on_disk, self._ask = bridge, on_disk, ask
        self._reload, self._save = reload, save
        self._told: tuple[Look | None] | None = None  # the look that was spoken of last
        self._job = Job(self)
        self._job.ended.connect(self._on_news)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._look_when_free)
        on_disk.shared.connect(self._tell_shared)
        on_disk.alone.connect(self._on_alone)  # no lambda: its connection would keep this alive for ever
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self._on_state)
        app.focusWindowChanged.connect(self._on_focus)

    def forget(self) -> None:
        """Another file, or the same one written or read: what was said is over."""
        self._told = None
        self.settled.emit(TOPIC)

    def look(self) -> None:
        """Say what something else has done to the file, if that was not said yet."""
        if not self._on_disk.is_writing:
            self._job.start(self._on_disk.coming_news())

    def _on_news(self, news: News | None) -> None:
        if self._on_disk.is_writing:
            return
        self._on_disk.listen()
        if news is None:
            if self._told is not None:
                self.forget()  # it is again what it was
        elif self._told != (news.look,):
            self._told = (news.look,)
            self._tell(news)

    def may_write(self) -> bool:
        """Before the file is written: whether what something else has put there may go."""
        news = self._on_disk.news()
        if news is None or news.look is None:
            return True  # what is gone is written again
        theirs, mine = self._on_disk.compared(self._bridge.now.graph, news)
        answer = self._ask().changed_on_disk(self._name, theirs, mine, saving=True)
        if answer == "reload":
            self._reload()
        return answer == "keep"

    @property
    def _name(self) -> str:
        return self._on_disk.path.name if self._on_disk.path else ""

    def _on_alone(self) -> None:
        self.settled.emit(SHARED)

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self._look_soon()

    def _on_focus(self, window: QWindow | None) -> None:
        """A dialog of the program is over, or another window of it has come to the front."""
        if window is not None and QGuiApplication.modalWindow() is None:
            self._look_soon()

    def _look_soon(self) -> None:
        if self._on_disk.path is not None:
            self._soon.start(0)

    def _look_when_free(self) -> None:
        """A bar that appears under a hand that drags would move what it holds."""
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._soon.start(AGAIN)
        else:
            self.look()

    # --- what is said

    def _tell(self, news: News) -> None:
        if news.look is None:
            self._tell_gone(news)
        elif news.graph is None:
            self._tell_unreadable(news)
        else:
            self._tell_changed(news)

    def _tell_changed(self, news: News) -> None:
        unsaved = " You have changes of your own here that are not saved." if self._bridge.document.modified else ""
        choices = (
            Choice("Compare…", lambda: self._settle_by(lambda: self._compare(news))),
            Choice("Keep mine", lambda: self._keep(news)),
            Choice("Reload", lambda: self._settle_by(self._reload)),
        )
        sentence = f"“{self._name}” was changed on disk, by another program or another window.{unsaved}"
        self.noticed.emit(Notice(sentence, topic=TOPIC, choices=choices))

    def _tell_unreadable(self, news: News) -> None:
        sentence = f"“{self._name}” was changed on disk and cannot be opened any more ({news.trouble})."
        offer = Choice("Keep mine", lambda: self._keep(news))
        remedy = "What you see here is whole: save it again."
        self.noticed.emit(Notice(f"{sentence} {remedy}", topic=TOPIC, choices=(offer,)))
        self._bridge.mark_unsaved()

    def _tell_gone(self, news: News) -> None:
        assert self._on_disk.path is not None
        sentence = f"“{self._name}” is not in {self._on_disk.path.parent} any more: it was deleted, moved or renamed."
        again = Choice("Save it there again", lambda: self._settle_by(self._save))
        self.noticed.emit(Notice(f"{sentence} What you see here is in no file now.", topic=TOPIC, choices=(again,)))
        self._bridge.mark_unsaved()

    def _tell_shared(self, guest: Holder) -> None:
        sentence = f"“{self._name}” is also open in {guest.words}. Before one of you replaces what the other saved,"
        self.noticed.emit(Notice(f"{sentence} Gradloom asks.", topic=SHARED))

    # --- what is answered

    def _settle_by(self, do: Callable[[], bool]) -> None:
        """Do it when what stands in an open field is taken, as every action does. What could not be done stays open,
        and so it is said again: the file may look otherwise by now.
        """
        if not (self._bridge.pending.commit() and do()):
            self._told = None
            self.look()

    def _keep(self, news: News) -> None:
        """What is here stays; it is not what is on disk, so it is unsaved."""
        self._on_disk.accept(news)
        self._bridge.mark_unsaved()

    def _compare(self, news: News) -> bool:
        """Whether it is settled."""
        theirs, mine = self._on_disk.compared(self._bridge.now.graph, news)
        answer = self._ask().changed_on_disk(self._name, theirs, mine, saving=False)
        if answer == "keep":
            self._keep(news)
        return answer == "keep" or (answer == "reload" and self._reload())
