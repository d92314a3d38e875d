"""A push, or a pass gone wrong, looked at through the graph: what every node would hold instead. It changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True)
class Push:
    """A line beside nodes, by id, such as `old → new`; and more of them under the target."""

    lines: Mapping[str, str]
    target: str
    verdict: Sequence[str] = ()
    banner: str = ""  # over all of it, as long as it is looked at: what is not as it should be


class Lens(QObject):
    """Holds the push that is looked at; whoever shows the graph listens."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pushes: dict[object, Push] = {}

    @property
    def push(self) -> Push | None:
        """The one that somebody has begun to look at last."""
        return next(reversed(self._pushes.values()), None)

    def show(self, by: object, push: Push | None) -> None:
        """What somebody looks at from now on; None: nothing any more."""
        before = self.push
        if push is None:
            self._pushes.pop(by, None)
        else:
            self._pushes[by] = push
        if self.push != before:
            self.changed.emit()
