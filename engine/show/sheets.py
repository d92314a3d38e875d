"""Which tensors a step is about, and how they are laid out as one does on paper: for a product one operand on the left,
one on top, and the result where they meet; else below each other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np

from engine.graph.records import EdgeKey
from engine.ops.kernel import bind_text
from engine.passes.trace import ContributionStep, ForwardStep, SeedStep, Step, UpdateStep
from engine.show.cell_text import input_names, place_text
from engine.show.names import Names
from engine.truth.cells import (
    Cell,
    CellFactor,
    FactorKind,
    WrittenCell,
    contribution_cell,
    gradient_cell,
    sources_of,
    task_of,
    value_cell,
)
from engine.values.values import Shape, Value

Place = Literal["left", "top", "result", "below"]
MOST_BELOW = 5


@dataclass(frozen=True, eq=False)
class PaperSheet:
    """A tensor on the paper: its title, and whose it is, as the factors of a sum name it. `turned`: transposed.

    `paired`: it is coloured on one scale with the others that are.
    """

    place: Place
    kind: FactorKind | Literal["result", "beside", "copy"]
    title: str
    value: Value
    node: str = ""
    port: int = 0
    turned: bool = False
    paired: bool = False
    rows: tuple[str, ...] = ()  # what its rows and its columns are called, of a matrix of slopes
    columns: tuple[str, ...] = ()
    called: Callable[[Cell], str] | None = None  # what a cell is called, where its title and its place do not say it

    @property
    def is_signed(self) -> bool:
        """Whether its colours tell the sign: of gradients and of slopes."""
        return self.kind in ("gradient", "contribution", "local", "seed", "result") and not self._is_value

    @property
    def _is_value(self) -> bool:
        return self.kind == "result" and self.port < 0

    def holds(self, factor: CellFactor) -> bool:
        """Whether it shows the number of a factor; or the copy to which that came back."""
        if self.kind == "copy":
            return factor.kind in ("gradient", "seed") and factor.node == self.node
        if self.kind != factor.kind or self.node != factor.node:
            return False
        return self.kind in ("gradient", "seed") or self.port == factor.port


@dataclass(frozen=True, eq=False)
class Paper:
    """The sheets of a step, the result last, and what each cell of that is made of."""

    kind: Literal["value", "contribution", "gradient"]
    node: str
    edge: EdgeKey | None
    sheets: tuple[PaperSheet, ...]
    ask: Callable[[Cell], WrittenCell | None]
    flows: bool = False  # what came back to copies flows together in the result

    @property
    def result(self) -> PaperSheet:
        return self.sheets[-1]


def paper_of(names: Names, step: Step | None) -> Paper | None:
    """What a step puts on paper; None where nothing in it is a tensor."""
    if isinstance(step, ContributionStep):
        return _contribution(names, step)
    if isinstance(step, ForwardStep):
        return _value(names, step)
    if isinstance(step, UpdateStep):
        return _turned(names, step)
    return gradient_paper(names, step.node, None) if isinstance(step, SeedStep) else None


def gradient_paper(names: Names, node: str, done: int | None) -> Paper | None:
    """What has arrived at a node in the first `done` steps, sheet by sheet, and their sum."""
    trace = names.trace
    arrived = [at for at in trace.arrivals.get(node, ()) if done is None or at < done]
    sheets, total = list[PaperSheet](), None
    for step in (trace.steps[at] for at in arrived):
        if isinstance(step, ContributionStep):
            title, total = f"from {names.node(step.edge.dest)}", step.total
            sheets.append(PaperSheet("below", "contribution", title, step.contribution, *step.edge.key, paired=True))
        elif isinstance(step, SeedStep):
            sheets.append(PaperSheet("below", "seed", names.seed_word, step.gradient, node, paired=True))
            total = step.gradient
    if total is None or not total.ndim:
        return None
    result = PaperSheet("result", "result", f"∂{names.goal}/∂{names.node(node)}", total, node, paired=True)
    return Paper(
        "gradient", node, None, (*sheets[-MOST_BELOW:], result), lambda cell: gradient_cell(trace, node, cell, done)
    )


def cell_paper(names: Names, kind: Literal["value", "gradient"], node: str, done: int) -> Paper | None:
    """What a node's value or gradient is made of, after so many steps; of one contribution, what that is made of."""
    if kind == "value":
        return value_paper(names, node)
    arrived = [names.trace.steps[at] for at in names.trace.arrivals.get(node, ()) if at < done]
    only = arrived[0] if len(arrived) == 1 else None
    return _contribution(names, only) if isinstance(only, ContributionStep) else gradient_paper(names, node, done)


def value_paper(names: Names, node: str) -> Paper | None:
    """What a node's value is made of."""
    at = names.trace.value_at.get((node, 0))
    return None if at is None else _value(names, cast(ForwardStep, names.trace.steps[at]))


# --- a contribution


def _contribution(names: Names, step: ContributionStep) -> Paper | None:
    key, trace = step.edge.key, names.trace
    inputs = trace.inputs(step.edge.dest)
    if not (step.contribution.ndim or step.upstream.ndim or any(x.ndim for x in inputs)):
        return None

    def ask(cell: Cell) -> WrittenCell | None:
        return contribution_cell(trace, key, cell)

    source = names.node(step.edge.source)
    is_whole = len(trace.arrivals[step.edge.source]) == 1
    title = f"∂{names.goal}/∂{source}" if is_whole else f"contribution to {source}"
    result = PaperSheet("result", "result", title, step.contribution, step.edge.source)
    operands = [_upstream(names, step), *_others(names, step.edge.dest, besides=step.edge.port)]
    laid = _as_product(operands, result, ask)
    if laid is None:
        used = _factor_kinds(ask, step.contribution.shape)
        laid = [sheet for sheet in operands if any(sheet.holds(factor) for factor in used)]
        laid += _slopes(names, step) if any(factor.kind == "local" for factor in used) else []
        laid += _beside(names, step.edge.dest) if step.edge.port == 0 else []
        copies = _copies(names, step)
        return Paper("contribution", step.edge.source, key, (*copies, *laid, result), ask, bool(copies))
    return Paper("contribution", step.edge.source, key, (*laid, result), ask)


def _copies(names: Names, step: ContributionStep) -> list[PaperSheet]:
    """What broadcasting made of an input, going forward: the copies, each where its gradient came back to."""
    edge, shape = step.edge, step.upstream.shape
    x = names.trace.inputs(edge.dest)[edge.port]
    if not step.axes or x.shape == shape or not _repeats_to(x.shape, shape):
        return []
    name, axes = names.value(edge.source, edge.output), " and ".join(f"axis {axis}" for axis in step.axes)

    def called(cell: Cell) -> str:
        own = cell[len(shape) - x.ndim :]
        at = place_text(tuple(0 if size == 1 else k for k, size in zip(own, x.shape, strict=True)))
        return f"{name}{at}, the copy at {place_text(cell)}"

    return [
        PaperSheet(
            "below", "copy", f"{name}, copied along {axes}", np.broadcast_to(x, shape), edge.dest, -1, called=called
        )
    ]


def _repeats_to(small: Shape, large: Shape) -> bool:
    """Whether broadcasting makes the one of the other."""
    own = large[len(large) - len(small) :]
    return len(small) <= len(large) and all(a in (1, b) for a, b in zip(small, own, strict=True))


def _upstream(names: Names, step: ContributionStep) -> PaperSheet:
    node = step.edge.dest
    at_goal = names.target_is_goal and node == names.trace.plan.target
    title = names.seed_word if at_goal else f"∂{names.goal}/∂{names.node(node)}"
    return PaperSheet("below", "gradient", title, step.upstream, node)


def _others(names: Names, node: str, besides: int | None = None) -> list[PaperSheet]:
    """What feeds a node, but for one of its ports."""
    task = task_of(names.trace, node)
    if task is None:
        return []
    sources, said = sources_of(names.trace, task), input_names(names, node)
    inputs = names.trace.inputs(node)
    return [
        PaperSheet("below", "value", said[port], inputs[port], sources[port][0], port)
        for port in range(len(inputs))
        if port != besides
    ]


def _slopes(names: Names, step: ContributionStep) -> list[PaperSheet]:
    """The local derivative, where it is an array of the shape of what it is multiplied with."""
    if step.local is None or not step.local.ndim:
        return []
    edge = step.edge
    title = f"∂{names.node(edge.dest)}/∂{names.node(edge.source)}"
    return [PaperSheet("below", "local", title, step.local, edge.dest, edge.port)]


def _beside(names: Names, node: str) -> list[PaperSheet]:
    """What the op itself says is to be seen: of a cross-entropy p, t and p − t."""
    task = task_of(names.trace, node)
    if task is None or not task.op.beside:
        return []
    inputs, found = names.trace.inputs(node), list[PaperSheet]()
    for said, text in task.op.beside:
        with np.errstate(all="ignore"):
            value = bind_text(task.op, text, len(inputs), task.settings)(*inputs)
        found.append(PaperSheet("below", "beside", said, value, node, paired=True))
    return found


def _factor_kinds(ask: Callable[[Cell], WrittenCell | None], shape: Shape) -> list[CellFactor]:
    """What the first cell that is made of anything is made of; of a large tensor not all are asked."""
    for cell in (c for c, _ in zip(np.ndindex(shape), range(64), strict=False)):
        written = ask(cell)
        if written is not None and written.factors:
            return list(written.factors)
    return []


# --- a value


def _value(names: Names, step: ForwardStep) -> Paper | None:
    node, trace = step.node, names.trace
    if not step.inputs or not (step.value.ndim or any(x.ndim for x in step.inputs)):
        return None

    def ask(cell: Cell) -> WrittenCell | None:
        return value_cell(trace, node, cell)

    result = PaperSheet("result", "result", names.node(node), step.value, node, -1)
    operands = _others(names, node)
    return Paper("value", node, None, (*(_as_product(operands, result, ask) or operands), result), ask)


def _turned(names: Names, step: UpdateStep) -> Paper | None:
    """A parameter before, its gradient, and what it holds after; the rule is the same for each cell."""
    if not step.after.ndim:
        return None
    name = names.node(step.node)
    sheets = (
        PaperSheet("below", "value", name, step.before, step.node),
        PaperSheet("below", "gradient", f"∂{names.goal}/∂{name}", step.gradient, step.node),
        PaperSheet("result", "result", f"new {name}", step.after, step.node, -1),
    )
    return Paper("value", step.node, None, sheets, lambda cell: None)


# --- a product, as on paper


def _as_product(
    operands: list[PaperSheet], result: PaperSheet, ask: Callable[[Cell], WrittenCell | None]
) -> list[PaperSheet] | None:
    """Left, top and what is only added below, where the cells of the result are rows times columns; else None."""
    shape = (1,) * (2 - result.value.ndim) + result.value.shape
    if len(shape) != 2 or 0 in shape:
        return None
    corners = [(0, 0), (shape[0] - 1, 0), (0, shape[1] - 1)]
    first = ask(corners[0][2 - result.value.ndim :])
    pairs = [product.factors for product in first.products if len(product.factors) == 2] if first else []
    if not pairs or any(factor.kind in ("local", "number") for factor in pairs[0]):
        return None
    written = [first, *(ask(corner[2 - result.value.ndim :]) for corner in corners[1:])]
    chosen = [next((s for s in operands if s.holds(factor)), None) for factor in pairs[0]]
    one, other = chosen
    if one is None or other is None or one is other or max(one.value.ndim, other.value.ndim) > 2:
        return None
    lit = {sheet: [_lit(sheet, each) for each in written] for sheet in (one, other)}
    by_row = [lit[sheet][0] != lit[sheet][1] for sheet in (one, other)]
    by_column = [lit[sheet][0] != lit[sheet][2] for sheet in (one, other)]
    if any(down and across for down, across in zip(by_row, by_column, strict=True)) or all(by_row) or all(by_column):
        return None  # element by element: rows do not meet columns
    swapped = by_row[1] or by_column[0]
    left, top = (other, one) if swapped else (one, other)
    rest = [sheet for sheet in operands if sheet not in (one, other) and any(map(sheet.holds, _all(written[0])))]
    return [_placed(left, "left", lit[left], 1), _placed(top, "top", lit[top], 2), *rest]


def _all(written: WrittenCell | None) -> tuple[CellFactor, ...]:
    return () if written is None else written.factors


def _lit(sheet: PaperSheet, written: WrittenCell | None) -> frozenset[Cell]:
    return frozenset(factor.cell for factor in _all(written) if sheet.holds(factor))


def _placed(sheet: PaperSheet, place: Literal["left", "top"], lit: list[frozenset[Cell]], moved: int) -> PaperSheet:
    """An operand in its place: turned so that what meets is a row on the left, a column on top."""
    here, there = sorted(lit[0]), sorted(lit[moved])
    turned = False
    if sheet.value.ndim == 1:
        stands = here != there and len(here) == 1
        turned = stands if place == "left" else not stands
    elif sheet.value.ndim == 2 and here:
        changes = [a != b for a, b in zip(here[0], there[0], strict=True)] if here != there else []
        if any(changes):
            turned = changes[1] if place == "left" else changes[0]
        else:
            shares_row = len({cell[0] for cell in here}) == 1
            turned = (not shares_row) if place == "left" else (shares_row and len(here) > 1)
    title = f"{sheet.title}ᵀ" if turned and sheet.value.ndim == 2 else sheet.title
    title = f"({sheet.title})ᵀ" if title != sheet.title and "/" in title else title
    return PaperSheet(place, sheet.kind, title, sheet.value, sheet.node, sheet.port, turned)
