"""The session as Qt signals. Views listen here, and ask here for edits: nobody else applies a change."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from engine.errors import EditRefused, GradloomError
from engine.graph.change import Change
from engine.graph.document import Point
from engine.graph.graph import Graph
from engine.session import Run, Session
from engine.show.now import Now
from engine.show.wording import Wording
from gui.document.asking import Asking
from gui.document.jobs import Jobs
from gui.document.learning import LiveTraining
from gui.document.lens import Lens
from gui.document.lesson_walk import LessonWalk
from gui.document.lit_cells import LitCells
from gui.document.pending import Pending
from gui.document.steps import Steps


class Bridge(QObject):
    """What the views see of the open document: `now` is the current state, as the last `told` carried it.

    `pending` is what is being typed and is in no change yet; `steps` takes edits that may be large, undo and redo;
    `lens` holds a push that is only looked at; `live` what a training has learnt; `asking` the question that is open
    about the pass; `lesson` the lesson that this document belongs to.
    """

    told = Signal(object)  # a Now: after an edit, undo, redo, load, move of the player or change of wording, once
    opening = Signal()  # another document is about to be told
    saved = Signal()  # what is here is on disk
    unsaved = Signal()  # what is here is on disk no more: something else has changed the file
    refused = Signal(object)  # an EditRefused, to be shown
    file_wanted = Signal()  # which file the selected dataset reads is to be asked
    file_chosen = Signal(str)  # a path that the user himself names for a dataset: before the edit

    def __init__(self, session: Session | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session or Session()
        self.document, self.player = self.session.document, self.session.player
        self.now = self.session.now
        self.pending = Pending(self)
        self.jobs = Jobs(self)
        self.lens = Lens(self)
        self.cells = LitCells(self)
        self.live = LiveTraining(self)
        self.asking = Asking(self, self)
        self.lesson = LessonWalk(self, self.load, self.asking, self)
        self.steps = Steps(self.session, self.jobs, self.refuse, self)
        self.session.listeners.append(self._tell)

    def _tell(self, now: Now) -> None:
        self.now = now
        self.told.emit(now)
        self.asking.hear(now)  # once everything is current: what was put away for a question comes back
        self.lesson.hear(now)

    # --- what one can ask for

    def edit(self, make: Callable[[Graph], Change], gesture: str | None = None) -> Change | None:
        """Make an edit; a refusal is told to `refused` and gives None. Same `gesture` in a row: one undo step."""
        try:
            return self.session.edit(make, gesture)
        except EditRefused as refused:
            self.refused.emit(refused)
            return None

    def try_edit(self, make: Callable[[Graph], Change], gesture: str | None = None) -> str:
        """Make an edit. Gives the sentence why not, which is shown where it was asked for; empty: it is made."""
        try:
            self.session.edit(make, gesture)
        except EditRefused as refused:
            return refused.sentence
        return ""

    def refuse(self, error: GradloomError) -> None:
        """Tell that an edit cannot be made."""
        self.refused.emit(error)

    def end_gesture(self) -> None:
        self.document.end_gesture()

    def undo(self) -> Change:
        return self.session.undo()

    def redo(self) -> Change:
        return self.session.redo()

    def load(self, graph: Graph, saved: bool = True, run: Run | None = None) -> None:
        """Replace this graph by another; its history starts afresh. `saved`: it is on disk as it is."""
        self.pending.drop()
        self.opening.emit()
        self.session.load(graph, saved, run)

    def refresh(self) -> None:
        """Compute the numbers again: files that datasets read are there, or others."""
        self.session.refresh()

    def mark_saved(self, point: Point | None = None) -> None:
        """What is here is on disk; or what was here at a `point` of the history."""
        self.document.mark_saved(point)
        self.saved.emit()

    def mark_unsaved(self) -> None:
        """What is here is on no disk, although nobody has edited it."""
        self.document.mark_unsaved()
        self.unsaved.emit()

    def set_wording(self, wording: Wording) -> None:
        self.session.set_wording(wording)
