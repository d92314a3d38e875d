"""What a run takes so far, and whether what comes next may still be made: asked before it is made.

A value counts once, however many records hold it; what only shows another array's elements takes nothing.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import RunError
from engine.passes.plan import BackEdge, Task
from engine.values.memory import MEMORY, NUMBER, limit_text, memory_text
from engine.values.values import Value


class OverLimit(RunError):
    """What would take more than all values together may."""

    def __init__(self, sentence: str, node: str) -> None:
        super().__init__(sentence, (node,), kind="too large")


class Meter:
    """The memory of one run. `watches`: there are arrays; single numbers need no watching."""

    def __init__(self) -> None:
        self.used = 0
        self.watches = False
        self.refused: dict[str, str] = {}  # node → why it, or what goes back from it, is not computed
        self._held: set[int] = set()

    def hold(self, value: Value | None) -> None:
        """An array is kept from now on."""
        if value is None or not value.ndim:
            return
        self.watches = True
        owner = value if value.base is None else value.base
        if id(owner) not in self._held:
            self._held.add(id(owner))
            self.used += owner.nbytes if isinstance(owner, np.ndarray) else value.nbytes

    def hold_all(self, *values: Value | None) -> None:
        for value in values:
            self.hold(value)

    def leaf(self, node: str, value: Value) -> None:
        """What a leaf holds. Raises OverLimit."""
        self.watches = True
        self._allow(value.nbytes, node, node)
        self.hold(value)

    def before(self, task: Task, inputs: Sequence[Value]) -> None:
        """A node is about to be computed. Raises OverLimit, and Misfit where it would take minutes."""
        shapes = tuple([x.shape for x in inputs])
        self._allow(NUMBER * task.kernel.need(shapes), task.node, task.name or task.node, task)

    def before_back(self, task: Task, back: BackEdge, inputs: Sequence[Any], y: Any, g: Value, more: bool) -> None:
        """A contribution is about to be sent; `more`: it is added to others that have arrived. Raises OverLimit."""
        need, size = back.vjp.need, inputs[back.edge.port].size * (2 if more else 1)
        shapes = (*(x.shape for x in inputs), y.shape, g.shape)
        bytes = NUMBER * ((need(shapes) if need is not None else 0) + size)
        self._allow(bytes, task.node, f"What goes back from {task.name or task.node}", task)

    def _allow(self, bytes: int, node: str, told: str, task: Task | None = None) -> None:
        if self.used + bytes <= MEMORY.limit:
            return
        beside = f" beside the {memory_text(self.used)} in use" if bytes <= MEMORY.limit else ""
        title = f" ({task.op.title})" if task else ""
        raise OverLimit(f"{told} would need {memory_text(bytes)}{beside}; {limit_text()}{title}.", node)


def no_memory(task: Task) -> OverLimit:
    """What is said where the machine has less than the limit."""
    return OverLimit(f"{task.name or task.node}: this machine has no memory left for it ({task.op.title}).", task.node)
