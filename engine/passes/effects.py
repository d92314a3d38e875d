"""Which steps of a run read what another step makes: so that another number in a leaf runs anew only what it reaches.

It holds of whole runs of a plan, and says of each step, by its place in the trace, how it is made from others.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from engine.passes.plan import BackEdge, Leaf, Plan, Task


class Computing(NamedTuple):
    """How a value is made: from those of the steps `inputs`."""

    task: Task
    inputs: list[int]


class Sending(NamedTuple):
    """How a contribution is made: from the values of steps, an upstream gradient, and what had arrived before."""

    task: Task
    back: BackEdge
    inputs: list[int]
    y: int
    upstream: int
    before: int | None


@dataclass(slots=True)
class Effects:
    """`makers` are by step; `readers` are the steps after it that read what it makes.

    `wide`: leaves that were seen to reach most steps, which a run from the start serves better.
    """

    leaves: list[tuple[int, Leaf]] = field(default_factory=list)
    makers: list[Computing | Sending | None] = field(default_factory=list)
    readers: list[list[int]] = field(default_factory=list)
    seed_at: int = 0
    wide: set[str] = field(default_factory=set)


def effects_of(plan: Plan) -> Effects:
    """Of a plan: found once."""
    known: Effects | None = plan.kept.get("effects")
    if known is None:
        known = plan.kept["effects"] = Effects()
        filled_at = _add_forward(known, plan)
        known.seed_at = len(known.makers)
        if plan.target is not None:
            _add_backward(known, plan, filled_at)
    return known


def _add_forward(known: Effects, plan: Plan) -> list[int]:
    """The forward pass; gives the step that fills each slot."""
    filled_at = [0] * plan.size
    for at, task in enumerate(plan.order):
        filled_at[task.slot] = at
        known.readers.append([])
        if isinstance(task, Leaf):
            known.leaves.append((at, task))
            known.makers.append(None)
            continue
        inputs = [filled_at[slot] for slot in task.inputs]
        known.makers.append(Computing(task, inputs))
        for source in inputs:
            known.readers[source].append(at)
    return filled_at


def _add_backward(known: Effects, plan: Plan, filled_at: list[int]) -> None:
    """The seed, and the contributions: the last that arrives at a slot makes its gradient."""
    arrived: list[int | None] = [None] * plan.size
    assert plan.target is not None
    arrived[plan.slots[plan.target, 0]] = known.seed_at
    known.makers.append(None)
    known.readers.append([])
    for task in plan.backward:
        upstream = arrived[task.slot]
        if upstream is None:
            continue
        inputs, y = [filled_at[slot] for slot in task.inputs], filled_at[task.slot]
        for back in task.back_edges:
            at, before = len(known.makers), arrived[back.slot]
            read = [upstream] if before is None else [upstream, before]
            for source in read if back.vjp.call is None else (*read, *inputs, y):
                known.readers[source].append(at)
            known.makers.append(Sending(task, back, inputs, y, upstream, before))
            known.readers.append([])
            arrived[back.slot] = at
