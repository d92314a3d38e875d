"""A push looked at through the graph: what every node on the way would hold instead. It changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True)
class Push:
    """`old → new` beside nodes, by id; and under the target what was promised and what came of it."""

    lines: Mapping[str, str]
    target: str
    verdict: Sequence[str]


class Lens(QObject):
    """Holds the push that is looked at; whoever shows the graph listens."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.push: Push | None = None

    def show(self, push: Push | None) -> None:
        """Another push; None: there is none."""
        if push != self.push:
            self.push = push
            self.changed.emit()
