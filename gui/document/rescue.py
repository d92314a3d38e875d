"""What becomes of work that a crash left behind: it is offered, and never takes the place of what was asked for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import FileError, GradloomError
from engine.files import disk
from engine.graph.graph import Graph
from engine.graph.quoting import holding
from gui.document import recent
from gui.document.errors import Choice, Notice
from gui.document.files import Files
from gui.document.lost import Lost, lost_work
from gui.document.reading import holds
from gui.document.slot import claimed
from gui.document.stamp import disk_stamp

TOPIC, TYPED = "lost work", "typed"
SLACK = 2.0  # seconds: so coarse may a disk tell the time
WHERE = "File ▸ Recovered work"


class Rescue(QObject):
    """Offers lost work: of a document when it is opened, all of it at a start; later from the menu."""

    found = Signal(object)  # a Notice: there is something to recover, or a remark on what was
    gone = Signal()  # nothing is left of what was found
    answered = Signal()  # somebody was asked: less may be left

    def __init__(self, files: Files, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files = files
        self.asked: set[Path] = set()  # the notes of what was asked about: once a session is enough
        self.door: Callable[[Lost], object] = self.ask  # where it is asked: here, or where there is room for it
        self._waits = self._began = False  # a start waits until the file that was asked for is read
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._go_on)
        files.opened.connect(self._offer_of)
        files.jobs.changed.connect(self._on_jobs)

    @staticmethod
    def waiting() -> list[Lost]:
        """All that there is, the latest first."""
        return lost_work()

    def begin(self, file: Path | None) -> None:
        """At a start: ask about the latest if nothing else was asked for, and mention what is left."""
        if file is None and (lost := self._unasked()):
            self.door(lost[0])
        self._waits = True
        self._go_on()

    def _go_on(self) -> None:
        """What was asked for is shown, or cannot be: what was lost of it is no news any more."""
        if not self._files.is_opening:
            self._waits, self._began = False, True
            self._mention()

    def mention_from_now(self) -> None:
        """At a start: everything else is asked about already; mention here what is left."""
        self._began = True
        self._mention()

    def ask(self, lost: Lost) -> None:
        """Ask what to do with it, and do it."""
        self.asked.add(lost.path)
        with claimed(lost.path) as is_ours:
            if not is_ours or not lost.note.swap.exists():
                self._files.told.emit(f"The unsaved work on “{lost.name}” is open in another window, or was deleted.")
            elif not self._is_saved(lost):
                self._settle(lost)
        self.mention_again()
        self.answered.emit()

    def mention_again(self) -> None:
        """Some of it may be settled by now."""
        if self._began:
            self._mention()

    def _on_jobs(self) -> None:
        if self._waits:
            self._soon.start()

    def _unasked(self) -> list[Lost]:
        return [lost for lost in lost_work() if lost.path not in self.asked]

    def _offer_of(self, document: Path) -> None:
        """A document was opened: what was lost of it is asked about, the latest first, until one is shown."""
        for lost in self._unasked():
            if lost.is_of(document) and not self._files.is_modified:
                self.ask(lost)

    def _mention(self) -> None:
        """Say what there is that nobody was asked about."""
        lost = [each for each in self._unasked() if each.note.document is not None or not self._was_saved(each)]
        if not lost:
            self.gone.emit()
            return
        first, others = lost[0], len(lost) - 1
        more = f", and on {others} other document{'s' * (others > 1)}" if others else ""
        sentence = f"Gradloom did not close properly: there is unsaved work on “{first.name}” from {first.when}{more}."
        choices = (Choice("Recover…", lambda: self.door(first)),)
        self.found.emit(Notice(f"{sentence} It stays in {WHERE}.", topic=TOPIC, choices=choices))

    def _was_saved(self, lost: Lost) -> bool:
        """The same of what nobody is asked about: it had no file when it was kept, and is in one now."""
        with claimed(lost.path) as is_ours:
            return is_ours and lost.note.swap.exists() and self._is_saved(lost)

    def _is_saved(self, lost: Lost) -> bool:
        """Whether nothing was lost: the window died after it had saved, before it could remove the swap."""
        if lost.note.unread:
            return False
        try:
            graph = disk.load(lost.note.swap)
        except GradloomError:
            return False
        same = any(holds(path, graph) for path in _may_be_saved_in(lost))
        if same:
            lost.discard()
        return same

    def _settle(self, lost: Lost) -> None:
        answer = self._files.ask.recover(lost.name, about(lost))
        if answer == "discard":
            lost.discard()
        elif answer == "recover":
            self._recover(lost)

    def _recover(self, lost: Lost) -> None:
        """Show it. It is removed from there when this window keeps it in a swap of its own."""
        try:
            graph = disk.load(lost.note.swap)
        except GradloomError as error:
            why = f"The unsaved work on “{lost.name}” cannot be read: {error}. It stays in {lost.note.swap}."
            self._files.failed.emit(FileError(why))
            return
        document = lost.note.document
        if document is not None and not document.parent.is_dir():
            graph, document = _titled(graph, document.stem), None
        if self._files.show_recovered(graph, document, lost.note.stamp):
            self._files.recovered.emit(lost.window)
            if self._files.recovery.write():
                lost.discard()
            self._remark(lost)

    def _remark(self, lost: Lost) -> None:
        if self._files.is_modified:
            self._files.told.emit(f"“{lost.name}” is recovered: save it to keep it.")
        if lost.note.unread:
            typed = ", ".join(f"{what}: “{text}”" for what, text in lost.note.unread)
            sentence = f"This was typed but not entered, so it is not in the graph. {typed}"
            self.found.emit(Notice(sentence, topic=TYPED))


def _may_be_saved_in(lost: Lost) -> list[Path]:
    """The file of some lost work; of what was untitled, each that was opened or saved lately, and written since."""
    if lost.note.document is not None:
        return [lost.note.document]
    latest = ((path, disk_stamp(path)) for path in recent.recent() if path.suffix == disk.SUFFIX)
    return [path for path, stamp in latest if stamp is not None and stamp[0] >= (lost.written - SLACK) * 1e9]


def about(lost: Lost) -> str:
    """What is known about lost work, in sentences."""
    said = [f"Gradloom did not close properly. There is unsaved work on “{lost.name}” from {lost.when}."]
    document = lost.note.document
    if document is not None and not document.exists():
        said.append(f"The file itself is no longer in {document.parent}.")
    elif document is not None and lost.is_older_than_file:
        said.append("The file has been changed since then.")
    return " ".join(said + _contents(lost))


def _contents(lost: Lost) -> list[str]:
    """What is in untitled work: several of these have one name, and nothing else tells them apart."""
    if lost.note.document is not None:
        return []
    try:
        graph = disk.load(lost.note.swap)
    except GradloomError:
        return []
    return [f"It holds {holding(graph)}."]


def _titled(graph: Graph, title: str) -> Graph:
    return replace(graph, facts={**graph.facts, "title": graph.title or title})
