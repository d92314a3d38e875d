"""Nodes that a knob enters on a straight line: a matrix product, a sum. They are not computed anew for each place.

Symbols: y the node's value where the knobs stand; θ a knob, θ₀ where it stands; d = ∂y/∂θ, what the op makes of a 1 in
the knob's place and of 0 in all others of that input. Then y(θ) = y + Σ (θ − θ₀) · d, for the op is linear in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine.passes.plan import Task
from engine.passes.run import Slots
from engine.values.values import Shape, Value

FACTORS = 2  # inputs of a product that are multiplied; what else it has, a bias, is added
MOST_KEPT = 8  # d's of a plan
LEAST = 4_000  # elements of the inputs: smaller ones are quickly computed anew

Place = tuple[int, ...]
# d by node, port, place and shapes, with the other factors that it was found for
Ways = dict[tuple[str, int, Place, tuple[Shape, ...]], tuple[list[Value], Value]]


class Entry(NamedTuple):
    """A node that knobs enter, its value where they stand, and d for each knob, by the knob's number."""

    task: Task
    here: Value
    ways: tuple[tuple[int, Value], ...]

    def at(self, pushes: Sequence[float]) -> Value:
        """Its value with each knob pushed by so much."""
        moved: Value = self.here
        for knob, way in self.ways:
            moved = moved + pushes[knob] * way
        return moved


def entries(
    tasks: Sequence[Task], slots: Slots, knobs: Mapping[int, Sequence[tuple[int, Place]]], kept: Ways
) -> dict[str, Entry]:
    """Those of the tasks that only knobs enter, on a straight line. `knobs`: by slot their numbers and their places.

    `kept`: each d that was found for this plan, for the next time.
    """
    moved, found = {task.slot for task in tasks}, dict[str, Entry]()
    for task in tasks:
        ports = [port for port, slot in enumerate(task.inputs) if slot in knobs]
        if ports and not moved & set(task.inputs) and (entry := _entry(task, ports, slots, knobs, kept)):
            found[task.node] = entry
    return found


def _entry(
    task: Task, ports: Sequence[int], slots: Slots, knobs: Mapping[int, Sequence[tuple[int, Place]]], kept: Ways
) -> Entry | None:
    here, inputs = slots[task.slot], [x for slot in task.inputs if (x := slots[slot]) is not None]
    if (
        here is None
        or len(inputs) < len(task.inputs)
        or not _is_straight(task, ports)
        or sum(np.size(x) for x in inputs) < LEAST
    ):
        return None
    ways = tuple(
        (number, _kept_way(kept, task, inputs, port, place))
        for port in ports
        for number, place in knobs[task.inputs[port]]
    )
    return Entry(task, here, ways)


def _kept_way(kept: Ways, task: Task, inputs: Sequence[Value], port: int, place: Place) -> Value:
    """d as it was found before: what the knob's own input holds, and what is only added, is not in it."""
    key = (task.node, port, place, tuple(np.shape(x) for x in inputs))
    others = [x for at, x in enumerate(inputs) if _is_factor(task, at) and at != port]
    known = kept.get(key)
    if known is None or any(x is not y for x, y in zip(known[0], others, strict=True)):
        if len(kept) >= MOST_KEPT:
            kept.clear()
        known = kept[key] = (others, _way(task, inputs, port, place))
    return known[1]


def _is_factor(task: Task, port: int) -> bool:
    return task.op.combines == "product" and port < FACTORS


def _is_straight(task: Task, ports: Sequence[int]) -> bool:
    """Whether the op is linear in all these inputs together: two factors of a product would multiply each other."""
    if task.op.combines == "product" and not task.op.repeats:
        return sum(port < FACTORS for port in ports) <= 1
    return task.op.combines == "sum"


def _way(task: Task, inputs: Sequence[Value], port: int, place: tuple[int, ...]) -> Value:
    """d: what is only added is 0 in it, and so is everything else of a sum."""
    both = [_is_factor(task, port) and _is_factor(task, at) for at in range(len(inputs))]
    given: list[Value] = [x if stays else np.zeros(np.shape(x))[()] for x, stays in zip(inputs, both, strict=True)]
    one = np.zeros(np.shape(inputs[port]))
    one[place] = 1.0
    given[port] = one[()]
    way: Value = task.kernel.forward(*given)
    return way
