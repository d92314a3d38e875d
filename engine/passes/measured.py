"""The shapes of a plan's values and contributions, found by running its tasks once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import RunError
from engine.graph.records import EdgeKey
from engine.passes.meter import Meter
from engine.passes.plan import BackEdge, Leaf, Task
from engine.passes.run import computed, misfit
from engine.values.values import Shape, Value


@dataclass(frozen=True)
class Shapes:
    """The shapes by slot, and of each contribution before it is summed back to its source's."""

    slots: Mapping[int, Shape]
    products: Mapping[EdgeKey, Shape]


def measured(tasks: Sequence[Task], leaves: Sequence[Leaf], held: Sequence[np.ndarray[Any, Any]]) -> Shapes:
    """Run all tasks once to see the shapes. Raises RunError where they do not fit, and OverLimit as a run does."""
    slots: dict[int, Value] = {
        leaf.slot: np.asarray(x, dtype=np.float64)[()] for leaf, x in zip(leaves, held, strict=True)
    }
    meter = Meter()
    meter.hold_all(*slots.values())
    with np.errstate(all="ignore"):
        for task in tasks:
            inputs = tuple(slots[slot] for slot in task.inputs)
            try:
                slots[task.slot] = computed(task, inputs, meter)
            except (ValueError, IndexError) as error:
                raise RunError(misfit(task, inputs, error), (task.node,)) from error
        products = {
            back.edge.key: _product_shape(task, back, slots, meter) for task in tasks for back in task.back_edges
        }
    return Shapes({slot: value.shape for slot, value in slots.items()}, products)


def _product_shape(task: Task, back: BackEdge, slots: Mapping[int, Value], meter: Meter) -> Shape:
    inputs, y = [slots[slot] for slot in task.inputs], slots[task.slot]
    if back.vjp.call is None:
        return y.shape
    if meter.watches:
        meter.before_back(task, back, inputs, y, y, more=True)
    if back.vjp.is_local:
        return np.broadcast_shapes(y.shape, np.shape(back.vjp.call(*inputs, y)))
    return back.vjp.call(*inputs, y, np.ones(y.shape)[()]).shape
