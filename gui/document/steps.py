"""Edits, undo and redo in the order in which they were asked for: what a large one leads to is found by a thread."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import EditRefused, GradloomError
from engine.graph.change import LARGE, NOTHING, Change
from engine.graph.graph import Graph
from engine.session import Outcome, Session, outcome_of
from gui.document.jobs import Job, Jobs, Work, in_thread

TRIES = 3  # times that an edit is prepared for a graph that goes on changing; then it is made at once

Make = Callable[[Graph], Change]
Travel = Callable[[Callable[[], Change]], object]  # gets undo or redo, and calls it when everything else is ready


@dataclass(frozen=True)
class Intent:
    """What was asked for. `change_of` a graph: asked by a thread; `is_large` says whether it is to be.

    `stale`: what is said if the graph was edited meanwhile. Empty: then it is found again for the graph of then.
    """

    title: str
    is_large: Callable[[], bool]
    finds: Callable[[], Make]
    take: Callable[[Outcome | None], object]
    stale: str = ""
    stays: bool = False  # it is done too if what it waits for is cancelled


class Steps(QObject):
    """Small ones are made at once. While a large one is prepared, all that is asked for after it waits for its turn."""

    changed = Signal()  # whether any is being prepared

    def __init__(
        self, session: Session, jobs: Jobs, refuse: Callable[[GradloomError], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._refuse = session, jobs, refuse
        self._waiting: deque[Intent] = deque()  # the first of them is being prepared
        self._job: Job | None = None
        self._prepares, self._tries = False, 0

    @property
    def busy(self) -> bool:
        """Whether something was asked for that is not in the document yet."""
        return bool(self._waiting)

    # --- what one can ask for

    def edit(
        self,
        title: str,
        make: Make,
        size: int,
        done: Callable[[Change], object] = lambda change: None,
        stale: str = "",
    ) -> None:
        """Make an edit of so many records, and tell when it is made; a refusal is told where all are."""

        def take(outcome: Outcome | None) -> None:
            try:
                change = self._session.edit(make) if outcome is None else self._session.take(outcome)
            except EditRefused as refused:
                self._refuse(refused)
                return
            done(change)

        self._add(Intent(title, lambda: size > LARGE, lambda: make, take, stale))

    def undo(self, travel: Travel) -> None:
        """Take back the last change there is when it is the turn of this."""
        document = self._session.document
        self._add(
            Intent(
                f"Undoing {document.undo_text or 'a change'}",
                lambda: document.to_undo.is_large,
                lambda: _always(document.to_undo),
                lambda outcome: travel(lambda: self._session.undo(outcome)),
                "The graph was edited meanwhile: nothing was undone.",
            )
        )

    def redo(self, travel: Travel) -> None:
        """Redo what was undone last when it is the turn of this."""
        document = self._session.document
        self._add(
            Intent(
                f"Redoing {document.redo_text or 'a change'}",
                lambda: document.to_redo.is_large,
                lambda: _always(document.to_redo),
                lambda outcome: travel(lambda: self._session.redo(outcome)),
                "The graph was edited meanwhile: nothing was redone.",
            )
        )

    def then(self, do: Callable[[], object]) -> None:
        """Do something when all that was asked for before is in the document, or cancelled."""
        self._add(Intent("", lambda: False, lambda: _always(NOTHING), lambda outcome: do(), stays=True))

    def finish(self) -> None:
        """Wait here until all that was asked for is in the document."""
        while self._job is not None and self._job.busy:
            self._job.finish()

    # --- one after the other

    def _add(self, intent: Intent) -> None:
        self._waiting.append(intent)
        if not self._prepares:
            self._go_on()
        if self.busy:
            self.changed.emit()

    def _go_on(self) -> None:
        while self._waiting and not self._prepares:
            if self._waiting[0].is_large() and self._tries < TRIES:
                self._prepare(self._waiting[0])
            else:
                self._take(None)

    def _prepare(self, intent: Intent) -> None:
        self._prepares, self._tries = True, self._tries + 1
        graph, change_of = self._session.document.graph, intent.finds()
        work = self._found(lambda: outcome_of(graph, change_of(graph)))
        job = self._jobs.begin(intent.title, work, self._on_found, self._on_failed)
        if job.busy:
            self._job = job

    def _found(self, find: Callable[[], Outcome]) -> Work[Outcome]:
        """Cancelled, or in case of a fault: what was asked for after it was meant for what it would have led to."""
        try:
            outcome = yield from in_thread(find)
        except GradloomError:
            self._prepares = False
            raise
        except BaseException:
            self._prepares, self._tries = False, 0
            self._waiting = deque(intent for intent in self._waiting if intent.stays)
            QTimer.singleShot(0, self, self._resume)
            self.changed.emit()
            raise
        self._prepares = False
        return outcome

    def _resume(self) -> None:
        """Go on, and tell what is under way now."""
        self._go_on()
        self.changed.emit()

    def _on_found(self, outcome: Outcome) -> None:
        intent = self._waiting[0]
        if outcome.before is self._session.document.graph:
            self._take(outcome)
        elif intent.stale:
            self._waiting = deque(other for other in self._waiting if not other.stale)
            self._tries = 0
            self._refuse(EditRefused(intent.stale))
        self._resume()

    def _on_failed(self, error: GradloomError) -> None:
        self._waiting.popleft()
        self._tries = 0
        self._refuse(error)
        self._resume()

    def _take(self, outcome: Outcome | None) -> None:
        """It is the turn of the first."""
        self._tries = 0
        self._waiting.popleft().take(outcome)


def _always(change: Change) -> Make:
    return lambda graph: change
