"""The one mutable graph: apply, undo, redo, and where it was last saved."""

from typing import NamedTuple

from engine.errors import EditRefused
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.locks import locked_by
from engine.graph.sound import Flaw, flaw_after, flaw_of


class Point(NamedTuple):
    """A place in a history: after this change; None: the beginning."""

    last: Change | None


class Document:
    """Holds the graph of now and the changes that led to it. What moves it gives the change it made.

    No graph comes in that is not sound: EditRefused, with everything left as it was.
    """

    def __init__(self, graph: Graph | None = None) -> None:
        self.graph = _sound(graph or Graph())
        self._forget_history()

    def _forget_history(self) -> None:
        self._done: list[Change] = []
        self._undone: list[Change] = []
        self._dropped: list[Change] = []  # what the last step dropped of `_undone`: if it cancels, it comes back
        self._gesture: str | None = None
        self._made_by: str | None = None  # the gesture of the last step, as long as that may go on
        self._saved: Change | None = None  # the change after which the document was saved; None: the beginning
        self._on_disk = True  # False: no point of this history is on disk

    def apply(self, change: Change, gesture: str | None = None, after: Graph | None = None) -> None:
        """Apply a change. Consecutive changes of the same `gesture` are undone in one step.

        `after`: what `self.after(change)` gives, if that was found already.
        A gesture that comes back to where it began leaves nothing: neither a step, nor a mark on the step before.
        With everything left as it was, raises EditRefused if the graph would have a flaw, and ValueError if the change
        was made for another state of the graph.
        """
        if not change:
            return
        self.graph = after or self.after(change)
        if gesture is None or gesture != self._gesture:
            self._dropped, self._undone = self._undone, []
            self._done.append(change)
            self._gesture = self._made_by = gesture
        elif joined := self._done.pop().then(change):
            self._done.append(joined)
        else:
            self._undone, self._gesture, self._made_by = self._dropped, None, None

    @property
    def depth(self) -> int:
        """How many steps can be undone."""
        return len(self._done)

    def after(self, change: Change) -> Graph:
        """What the graph would be after a change. Raises as `apply` does."""
        after = self.graph.apply(change)
        if locked := locked_by(self.graph, change):
            name = self.graph.nodes[locked[0]].name
            raise EditRefused(f"{name} is locked: it can be moved, and nothing else.", tuple(locked))
        _refuse(flaw_after(self.graph, change, after))
        return after

    def undo(self, after: Graph | None = None) -> Change:
        """Take back the last change, and give what that changed: nothing if there is no step.

        `after`: the graph that this leads to, if it was found already.
        """
        if not self._done:
            return NOTHING
        change = self._done.pop()
        self._undone.append(change)
        return self._step(change.inverse, after)

    def redo(self, after: Graph | None = None) -> Change:
        """Redo what was undone last, as `undo` does."""
        if not self._undone:
            return NOTHING
        change = self._undone.pop()
        self._done.append(change)
        return self._step(change, after)

    def load(self, graph: Graph) -> Change:
        """Replace this graph by another, with an empty history; give what that changed. Raises EditRefused."""
        _sound(graph)
        change = self.graph.change_to(graph, "Open")
        self.graph = graph
        self._forget_history()
        return change

    def end_gesture(self) -> None:
        """The next change is an undo step of its own."""
        self._gesture = None

    def resume_gesture(self, gesture: str) -> None:
        """Go on with a gesture that was ended, if the last step is its own and nothing was undone or saved since."""
        if self._made_by == gesture:
            self._gesture = gesture

    def mark_saved(self, point: Point | None = None) -> None:
        """What is here now is on disk; or what was here at a `point` of this history."""
        self._saved = (point or self.point).last
        self._on_disk = True
        self._gesture = self._made_by = None

    @property
    def point(self) -> Point:
        """Where in its history the document is."""
        return Point(self._last)

    def mark_unsaved(self) -> None:
        """What is here now is on no disk, whatever is undone: a recovered document."""
        self._on_disk = False

    @property
    def modified(self) -> bool:
        """Whether there is anything that a save would keep."""
        return not self._on_disk or self._last is not self._saved

    @property
    def to_undo(self) -> Change:
        """What `undo` would give."""
        return self._done[-1].inverse if self._done else NOTHING

    @property
    def to_redo(self) -> Change:
        """What `redo` would give."""
        return self._undone[-1] if self._undone else NOTHING

    @property
    def _last(self) -> Change | None:
        return self._done[-1] if self._done else None

    @property
    def undo_text(self) -> str | None:
        """What undo would take back, or None."""
        return self._done[-1].text if self._done else None

    @property
    def redo_text(self) -> str | None:
        """What redo would do again, or None."""
        return self._undone[-1].text if self._undone else None

    def _step(self, change: Change, after: Graph | None) -> Change:
        self.graph = after or self.graph.apply(change)
        self.graph.vouch()  # it was there before
        self._gesture = self._made_by = None
        return change


def _sound(graph: Graph) -> Graph:
    _refuse(flaw_of(graph))
    return graph


def _refuse(flaw: Flaw | None) -> None:
    if flaw is not None:
        raise flaw.refusal()
