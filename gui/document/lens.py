"""How the graph is looked at: what stands beside its edges, and a push, or a pass gone wrong, that is looked at through
it: what every node would hold instead. It changes nothing."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engine.show.beside import OnEdges
from engine.show.push import Push


class Lens(QObject):
    """Holds the push that is looked at, and what is on the edges; whoever shows the graph listens."""

    changed = Signal()  # another push, or none
    edges_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pushes: dict[object, Push] = {}
        self.on_edges = OnEdges()

    @property
    def push(self) -> Push | None:
        """The one that somebody has begun to look at last."""
        return next(reversed(self._pushes.values()), None)

    def put_on_edges(self, on_edges: OnEdges) -> None:
        """Let something else stand beside the edges."""
        if on_edges != self.on_edges:
            self.on_edges = on_edges
            self.edges_changed.emit()

    def show(self, by: object, push: Push | None) -> None:
        """What somebody looks at from now on; None: nothing any more."""
        before = self.push
        if push is None:
            self._pushes.pop(by, None)
        else:
            self._pushes[by] = push
        if self.push != before:
            self.changed.emit()
