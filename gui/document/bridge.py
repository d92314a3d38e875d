"""The session as Qt signals. Views listen here, and ask here for edits: nobody else applies a change."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.session import Session
from engine.show.explain import Explanation, Wording
from engine.show.frame import Frame
from engine.show.player import Player
from engine.truth.unfinished import Problem


class Bridge(QObject):
    """What the views see of the open document. All numbers are current when a signal arrives."""

    changed = Signal(object)  # a Change: done, undone, redone, loaded alike
    loaded = Signal()  # after `changed`: another document is open
    moved = Signal()  # the player: its position, or whether it plays
    reworded = Signal()  # the wording of the explanations
    refused = Signal(object)  # an EditRefused, to be shown

    def __init__(self, session: Session | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session or Session()
        self.session.changed.append(self.changed.emit)
        self.session.player.listeners.append(self.moved.emit)

    # --- what there is to see

    @property
    def graph(self) -> Graph:
        return self.session.graph

    @property
    def trace(self) -> Trace:
        return self.session.trace

    @property
    def player(self) -> Player:
        return self.session.player

    @property
    def frame(self) -> Frame:
        return self.session.frame

    @property
    def problems(self) -> list[Problem]:
        return self.session.problems

    @property
    def explanation(self) -> Explanation | None:
        return self.session.explanation()

    @property
    def wording(self) -> Wording:
        return self.session.wording

    @property
    def modified(self) -> bool:
        return self.session.document.modified

    @property
    def undo_text(self) -> str | None:
        """What undo would take back, or None."""
        return self.session.document.undo_text

    @property
    def redo_text(self) -> str | None:
        """What redo would do again, or None."""
        return self.session.document.redo_text

    # --- what one can ask for

    def edit(self, make: Callable[[Graph], Change], gesture: str | None = None) -> Change | None:
        """Make an edit; a refusal is told to `refused` and gives None. Same `gesture` in a row: one undo step."""
        try:
            return self.session.edit(make, gesture)
        except EditRefused as refused:
            self.refused.emit(refused)
            return None

    def end_gesture(self) -> None:
        self.session.document.end_gesture()

    def undo(self) -> Change:
        return self.session.document.undo()

    def redo(self) -> Change:
        return self.session.document.redo()

    def load(self, graph: Graph, saved: bool = True) -> None:
        """Open another graph in the place of this one; its history begins anew. `saved`: it is on disk as it is."""
        self.session.document.load(graph)
        if not saved:
            self.session.document.mark_unsaved()
        self.player.go_to_end()
        self.loaded.emit()

    def mark_saved(self) -> None:
        self.session.document.mark_saved()
        self.changed.emit(Change())

    def set_wording(self, wording: Wording) -> None:
        self.session.wording = wording
        self.reworded.emit()
