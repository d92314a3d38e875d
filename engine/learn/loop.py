"""A training of few numbers as one loop of Python over plain floats: many steps in one call, 20 times as fast.

The graph is written out as scalars, for all rows of training, and compiled as any graph of numbers is; behind its two
passes stands the update of the optimiser. NumPy needs a microsecond a call, however few numbers there are.

Symbols: θ the parameters, one vector; g their gradient; L the loss.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import numpy as np

from engine.edits.scalars import written_out
from engine.errors import GradloomError
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.model import Model
from engine.learn.optimisers import OPTIMISERS, Moves, RunningMeans, Vector
from engine.passes.compile import Compiled, Passes
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.templates import FLOATS

MOST_PARAMETERS, MOST_ROWS = 100, 64
MOST_JOINED = 50  # parts of a sum in one line: longer ones would nest too deep for Python
MOST_DEEP = 30  # brackets in brackets
MOST_EACH, MOST_SCALARS = 30, 2000  # scalars: of each node, and in all; NumPy is as fast where there are more


@dataclass(frozen=True)
class Loop:
    """The loop of one training. `call` goes on from θ and from what the optimiser keeps."""

    call: Callable[..., tuple[int, tuple[float, ...], tuple[tuple[float, ...], ...], tuple[float, ...]]]
    moves: Moves

    def run(
        self, theta: Vector, means: RunningMeans, steps: int, bounds: tuple[float, float], into: tuple[list[float], ...]
    ) -> int:
        """Make up to so many steps, and tell how many: it ends before a loss out of bounds, or what is not finite."""
        vectors = [means.vector(sign, theta.size) for sign in self.moves.vectors]
        numbers = tuple(means.numbers.get(sign, 1.0) for sign in self.moves.numbers)
        kept = [vector.tolist() for vector in vectors]
        done, after, moved, counted = self.call(theta.tolist(), kept, numbers, steps, *bounds, *into)
        theta[:] = after
        for vector, new in zip(vectors, moved, strict=True):
            vector[:] = new
        means.numbers |= dict(zip(self.moves.numbers, counted, strict=True))
        return done


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
    outside, inside, renamed = _hoisted(_shortened(passes.lines, fixed), {*fixed, "seed"})
    wanted = [renamed.get(at, at) for at in (passes.value, *map(passes.gradients.__getitem__, names))]
    inside, (loss, *slopes) = _inlined(inside, wanted)
    gradients = dict(zip(names, slopes, strict=True))
    packed, numbers = ", ".join(theta), "".join(f"n{i}, " for i in range(len(moves.numbers)))
    state = "".join(f"({', '.join(each)},), " for each in lists)
    squares = " + ".join(f"{g} * {g}" for g in map(gradients.__getitem__, names))
    steps = [*inside, f"length = sqrt({squares})", f"if not (low <= {loss} <= high and length < inf): break"]
    steps += [f"note({loss}); measure(length)", moves.once]
    for i, name in enumerate(names):
        signs = {f"s{sign}": each[i] for sign, each in enumerate(lists)}
        steps.append(moves.each.format(t=theta[i], g=gradients[name], **signs))
    constants = [f"{at} = {number!r}" for at, number in fixed.items()]
    source = "\n".join([
        "def loop(theta, state, numbers, steps, low, high, losses, lengths):",
        "    note, measure = losses.append, lengths.append",
        f"    ({packed},) = theta", f"    ({state}) = state", f"    ({numbers}) = numbers",
        *(f"    {line}" for line in constants),
        "    done = 0",
        "    try:",
        *(f"        {line}" for line in outside),
        "        for done in range(steps):",
        *(f"            {line}" for line in steps),
        "        else:",
        "            done = steps",
        "    except (ArithmeticError, ValueError):  # IEEE has a result where Python has none: before θ was moved",
        "        pass",
        f"    return done, ({packed},), ({state}), ({numbers})",
    ])  # fmt: skip
    return passes.made(source, "loop", {"rate": rate, "sqrt": math.sqrt, "inf": math.inf, "nan": math.nan})


def _shortened(lines: list[str], fixed: Mapping[str, float]) -> list[str]:
    """The same to the bit with less to do: no times 1, no minus 0, and a sum is written in one line."""
    ones = "|".join(at for at, number in fixed.items() if number == 1.0) or "none"
    zeros = "|".join(at for at, number in fixed.items() if repr(number) == "0.0") or "none"
    nothing = re.compile(rf" \* (?:{ones})\b(?! \*\*)| - (?:{zeros})\b(?! [*/%])")
    found: list[str] = []
    joined = 0
    for line in lines:
        name, text = nothing.sub("", line).split(" = ", 1)
        before = found[-1].split(" = ", 1) if found else ["", ""]
        added = text.removeprefix(f"{name} + ")
        if before[0] == name and added != text and joined < MOST_JOINED and not re.search(rf"\b{name}\b", added):
            joined += 1
            found[-1] = f"{name} = {before[1] if joined > 1 else f'({before[1]})'} + {added}"
        else:
            joined = 0
            found.append(f"{name} = {text}")
    return found


def _hoisted(lines: list[str], known: set[str]) -> tuple[list[str], list[str], dict[str, str]]:
    """What is the same in every step, what is not, and the new names of the former: old ones are used again."""
    outside: list[str] = []
    inside: list[str] = []
    renamed: dict[str, str] = {}
    for line in lines:
        name, text = line.split(" = ", 1)
        text = _NAME.sub(lambda found: renamed.get(found[0], found[0]), text)
        if all(used in known or used in FLOATS for used in _NAME.findall(text)):
            renamed[name] = f"same{len(outside)}"
            known.add(renamed[name])
            outside.append(f"{renamed[name]} = {text}")
        else:
            renamed.pop(name, None)
            inside.append(f"{name} = {text}")
    return outside, inside, renamed


def _inlined(lines: list[str], wanted: list[str]) -> tuple[list[str], list[str]]:
    """The same to the bit with fewer names: what is used once stands where it is used. Gives what is wanted its own."""
    single, now = _named_once(lines)
    ends = [now.get(name, name) for name in wanted]
    uses = Counter(used for _, text in single for used in _NAME.findall(text))
    inline: dict[str, str] = {}
    found: list[str] = []
    for name, text in single:
        text = _NAME.sub(lambda used: inline.get(used[0], used[0]), text)
        if name not in ends and _NAME.fullmatch(text):
            inline[name] = text
        elif name not in ends and uses[name] == 1 and _depth(text) < MOST_DEEP:
            inline[name] = f"({text})"
        else:
            found.append(f"{name} = {text}")
    return found, ends


def _named_once(lines: list[str]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The same with a new name for each number, and what each of the old names means at the end."""
    now: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    for line in lines:
        name, text = line.split(" = ", 1)
        found.append((f"t{len(found)}", _NAME.sub(lambda used: now.get(used[0], used[0]), text)))
        now[name] = found[-1][0]
    return found, now


def _depth(text: str) -> int:
    """How many brackets are in one another."""
    steps = ({"(": 1, ")": -1}.get(sign, 0) for sign in text)
    return max(accumulate(steps, initial=0))


_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
