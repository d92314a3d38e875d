"""A training of few numbers as one loop of Python over plain floats: many steps in one call, 20 times as fast.

The graph is written out as scalars, for all rows of training, and compiled as any graph of numbers is; what does not
have to be done is left out (`lines.py`), and behind the two passes stands the update of the optimiser. NumPy needs a
microsecond a call, however few numbers there are.

Symbols: θ the parameters, one vector; g their gradient; L the loss.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import repeat
from struct import pack
from typing import Any

import numpy as np

from engine.edits.scalars import written_out
from engine.errors import GradloomError
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.lines import Fewer, fewer
from engine.learn.model import Model
from engine.learn.optimisers import OPTIMISERS, Moves, RunningMeans, Vector
from engine.passes.compile import Compiled, Passes
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan

MOST_PARAMETERS, MOST_ROWS = 100, 64
MOST_AT_ONCE = 4096  # steps a call: what it tells of each of them lies in a list until it is kept
MOST_EACH, MOST_SCALARS = 30, 2000  # scalars: of each node, and in all; NumPy is as fast where there are more


@dataclass(frozen=True)
class Loop:
    """The loop of one training. `call` goes on from θ and from what the optimiser keeps."""

    call: Callable[..., tuple[Any, ...]]  # → θ, what the optimiser keeps, and of each step the loss and ‖g‖
    moves: Moves

    def run(
        self,
        theta: Vector,
        means: RunningMeans,
        steps: int,
        bounds: tuple[float, float],
        into: tuple[array[float], ...],
    ) -> int:
        """Make up to so many steps, and tell how many: it ends before a loss out of bounds, or what is not finite."""
        vectors = [means.vector(sign, theta.size) for sign in self.moves.vectors]
        numbers = tuple(means.numbers.get(sign, 1.0) for sign in self.moves.numbers)
        kept = [vector.tolist() for vector in vectors]
        steps = min(steps, MOST_AT_ONCE)
        after, moved, counted, *told = self.call(theta.tolist(), kept, numbers, steps, *bounds)
        theta[:] = after
        for vector, new in zip(vectors, moved, strict=True):
            vector[:] = new
        means.numbers |= dict(zip(self.moves.numbers, counted, strict=True))
        for kept_for_good, numbers in zip(into, told, strict=True):
            kept_for_good.frombytes(pack(f"{len(numbers)}d", *numbers))
        return len(told[0])


def make_loop(graph: Graph, config: TrainingConfig, model: Model) -> Loop | None:
    """The loop for a training that sees all rows in each step; None where NumPy does as well, or has to."""
    moves = OPTIMISERS[config.optimizer].moves
    if moves is None or config.clip or config.weight_decay or not _is_small(graph, model):
        return None
    shown = {id: replace(graph.nodes[id], settings=_all_rows(graph, id, model.row_count)) for id in model.datasets}
    computing = sum(not node.op.is_leaf for node in graph.nodes.values())
    try:
        scalars = written_out(
            Graph(graph.nodes | shown, graph.edges, graph.facts), min(MOST_EACH * computing, MOST_SCALARS)
        )
        names = [scalars.places.get((name, 0, at), "") for name in model.names for at in _places(model, name)]
        plan = make_plan(scalars.graph)
        passes = Compiled(plan, [name for name in names if name], seed=graph.seed).passes()
    except GradloomError:  # some operation has no scalar form
        return None
    if passes is None or not all(names):
        return None
    held = {node: float(np.asarray(value)) for node, value in leaf_values(scalars.graph).items()}
    return Loop(_compiled(passes, names, held, moves, config.lr), moves)


def _is_small(graph: Graph, model: Model) -> bool:
    if model.theta.size > MOST_PARAMETERS or model.row_count > MOST_ROWS:
        return False
    return all(node.op_name != "dropout" for node in graph.nodes.values())


def _all_rows(graph: Graph, id: str, count: int) -> tuple[tuple[str, Any], ...]:
    chosen = dict(graph.nodes[id].settings) | {"batch": count, "row": 0}
    return tuple(sorted(chosen.items()))


def _places(model: Model, name: str) -> Any:
    return np.ndindex(np.shape(model.parameters()[name]))


def _compiled(
    passes: Passes, names: list[str], held: Mapping[str, float], moves: Moves, rate: float
) -> Callable[..., Any]:
    theta = [passes.leaves[name] for name in names]
    lists = [[f"s{sign}_{i}" for i in range(len(names))] for sign in range(len(moves.vectors))]
    fixed = {at: held[node] for node, at in passes.leaves.items() if node not in names}
    short, times = _shortest(passes, theta, [passes.gradients[name] for name in names], fixed, moves.by_rate_alone)
    loss, *slopes = short.ends
    packed, numbers = ", ".join(theta), "".join(f"n{i}, " for i in range(len(moves.numbers)))
    state = "".join(f"({', '.join(each)},), " for each in lists)
    steps = [
        *short.inside,
        f"length = hypot({', '.join(slopes)})" + (f" * {1 / times}" if times != 1 else ""),
        f"if not (low <= {loss} <= high and length < inf): break",
        f"losses.append({loss})",
        "lengths.append(length)",
        *([moves.once] if moves.once else []),
    ]
    for i, (at, slope) in enumerate(zip(theta, slopes, strict=True)):
        signs = {f"s{sign}": each[i] for sign, each in enumerate(lists)}
        steps.append(moves.each.format(t=at, g=slope, **signs))
    constants = [f"{at} = {number!r}" for at, number in {**fixed, "rate": rate / times}.items()]
    source = "\n".join([
        "def loop(theta, state, numbers, steps, low, high):",
        f"    ({packed},) = theta", f"    ({state}) = state", f"    ({numbers}) = numbers",
        *(f"    {line}" for line in constants),
        "    losses, lengths = [], []",
        "    try:",
        *(f"        {line}" for line in short.outside),
        "        for _ in repeat(None, steps):",
        *(f"            {line}" for line in steps),
        "    except (ArithmeticError, ValueError):  # IEEE has a result where Python has none: before θ was moved",
        "        pass",
        f"    return ({packed},), ({state}), ({numbers}), losses, lengths",
    ])  # fmt: skip
    return passes.made(source, "loop", {"hypot": math.hypot, "inf": math.inf, "nan": math.nan, "repeat": repeat})


def _shortest(
    passes: Passes, theta: list[str], gradients: list[str], fixed: Mapping[str, float], may_scale: bool
) -> tuple[Fewer, float]:
    """The passes with less to do, and by what their gradients are too long: a power of two, so that no bit is lost.

    A mean begins the backward pass with a factor, with which each row is multiplied; from another seed it is 1.
    """

    def seeded(times: float) -> Fewer:
        return fewer(passes.lines, {**fixed, "seed": passes.seed * times}, theta, [passes.value, *gradients])

    short = seeded(1.0)
    factor = short.factor if may_scale else 1.0
    return (short, 1.0) if factor == 1 else (seeded(1 / factor), 1 / factor)
