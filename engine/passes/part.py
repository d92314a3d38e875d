"""The first steps of a run, as if the others were still to come: what a question asks for is in no number of it."""

from __future__ import annotations

from engine.passes.trace import Course, Trace
from engine.values.values import Value


class PartTrace(Trace):
    """A run up to a step. That something is still to arrive at a node is known, so no gradient is whole too early."""

    is_part = True

    def __init__(self, whole: Trace, known: int) -> None:
        super().__init__(whole.plan, whole.steps[:known], whole.failures, whole.too_large)
        self._course = Course(self.steps)
        self._arrivals = whole.arrivals
        self._computed = whole.value_at.keys()

    @property
    def arrivals(self) -> dict[str, list[int]]:
        """Those to come are among them."""
        return self._arrivals

    def gradient(self, node: str) -> Value | None:
        """None as well where something has not arrived yet."""
        arrived = self._arrivals.get(node)
        return None if arrived and arrived[-1] >= len(self.steps) else super().gradient(node)

    def holds_back(self, node: str) -> bool:
        return (node, 0) in self._computed and (node, 0) not in self.value_at
