"""One cell of a tensor at a time: which other cells it is made of, as a sum of products that can be written out.

Symbols: x an input of a node; y its output; g = ∂L/∂y the upstream gradient; J = ∂y/∂x. The cell i of a contribution is
Σ g[j] · J[j, i] over the cells j of y that depend on x[i]. Where an entry of J is a cell of another input, it is found
which one: that input is filled with tags, numbers that say where they stand, and the op itself is asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.graph.records import EdgeKey
from engine.passes.plan import Task
from engine.passes.run import send, sent_back
from engine.passes.trace import ContributionStep, SeedStep, Trace
from engine.truth.straight import FACTORS
from engine.values.values import Shape, Value, undoing

Cell = tuple[int, ...]
FactorKind = Literal["value", "gradient", "local", "contribution", "seed", "number"]
Found = list["CellProduct"]

TAG = 2.0**40  # beyond any number that is likely to be in a tensor; with what is added to it still exact
MOST_ASKED = 3_000  # outputs that are asked one by one


class CellFactor(NamedTuple):
    """A number in a product, and where it stands: the cell of a value, of a gradient, of a local derivative, …

    `node` is whose it is; of a local derivative or a contribution the node that sends it, and `port` by which.
    """

    kind: FactorKind
    number: float
    node: str = ""
    cell: Cell = ()
    port: int = 0


class CellProduct(NamedTuple):
    """Factors, and what they make."""

    factors: tuple[CellFactor, ...]
    number: float


@dataclass(frozen=True)
class WrittenCell:
    """A cell as the sum of `products`; `recorded` is what the trace says that it is.

    `fed_by`: of a value that is no sum of products, the cells that it depends on.
    """

    kind: Literal["value", "contribution", "gradient"]
    node: str
    cell: Cell
    recorded: float
    products: tuple[CellProduct, ...]
    fed_by: tuple[CellFactor, ...] = ()

    @property
    def total(self) -> float:
        """What is written, added up."""
        with np.errstate(all="ignore"):
            return float(np.sum([product.number for product in self.products])) if self.products else 0.0

    @property
    def agrees(self) -> bool:
        """Whether what is written makes what was recorded, to round-off."""
        size = max((abs(product.number) for product in self.products), default=0.0)
        slack = 1e-9 * size if np.isfinite(size) else 0.0
        return bool(np.isclose(self.total, self.recorded, rtol=1e-9, atol=max(slack, 1e-300), equal_nan=True))

    @property
    def factors(self) -> tuple[CellFactor, ...]:
        """Every number that takes part."""
        return (*(factor for product in self.products for factor in product.factors), *self.fed_by)


def contribution_cell(trace: Trace, edge: EdgeKey, cell: Cell) -> WrittenCell | None:
    """A cell of what travels back along an edge; None where nothing does."""
    step, task = trace.contribution(edge), task_of(trace, edge[0])
    if step is None or task is None:
        return None
    at = flat_index(cell, step.contribution.shape)
    made = _made(trace, task)
    products = made.by_local(step, at) if step.local is not None else made.by_rule(step, at)
    number = float(np.ravel(step.contribution)[at])
    return WrittenCell("contribution", step.edge.source, cell, number, tuple(products))


def value_cell(trace: Trace, node: str, cell: Cell) -> WrittenCell | None:
    """A cell of a node's value; None for a leaf, and where it was not computed."""
    task, value = task_of(trace, node), trace.value(node)
    if task is None or value is None:
        return None
    number, at = float(np.ravel(value)[flat_index(cell, value.shape)]), flat_index(cell, value.shape)
    made = _made(trace, task)
    written = WrittenCell("value", node, cell, number, tuple(made.value_products(at)))
    if written.products and written.agrees:
        return written
    return WrittenCell("value", node, cell, number, (), tuple(made.feeding(at)))


def gradient_cell(trace: Trace, node: str, cell: Cell, done: int | None = None) -> WrittenCell | None:
    """A cell of a node's gradient as the sum of what has arrived in the first `done` steps; None: nothing has."""
    arrived = [at for at in trace.arrivals.get(node, ()) if done is None or at < done]
    products, total = list[CellProduct](), 0.0
    for step in (trace.steps[at] for at in arrived):
        if isinstance(step, ContributionStep):
            number = float(np.ravel(step.contribution)[flat_index(cell, step.contribution.shape)])
            factor = CellFactor("contribution", number, step.edge.dest, cell, step.edge.port)
            total = float(np.ravel(step.total)[flat_index(cell, step.total.shape)])
        elif isinstance(step, SeedStep):
            number = total = float(np.ravel(step.gradient)[flat_index(cell, step.gradient.shape)])
            factor = CellFactor("seed", number, node, cell)
        else:
            continue
        products.append(CellProduct((factor,), number))
    return WrittenCell("gradient", node, cell, total, tuple(products)) if products else None


def task_of(trace: Trace, node: str) -> Task | None:
    """What computes a node; None for a leaf."""
    kept: dict[str, Task] | None = trace.plan.kept.get("tasks")
    if kept is None:
        kept = trace.plan.kept["tasks"] = {task.node: task for task in trace.plan.order if isinstance(task, Task)}
    return kept.get(node)


def sources_of(trace: Trace, task: Task) -> tuple[tuple[str, int], ...]:
    """What feeds a node, by port: a node and which of its outputs."""
    kept: dict[int, tuple[str, int]] | None = trace.plan.kept.get("outputs")
    if kept is None:
        kept = trace.plan.kept["outputs"] = {slot: output for output, slot in trace.plan.slots.items()}
    return tuple(kept[slot] for slot in task.inputs)


def flat_index(cell: Cell, shape: Shape) -> int:
    """Which element a cell is, counting in order."""
    return int(np.ravel_multi_index(cell, shape)) if shape else 0


def cell_at(index: int, shape: Shape) -> Cell:
    """The cell of an element."""
    return tuple(int(i) for i in np.unravel_index(index, shape)) if shape else ()


def _made(trace: Trace, task: Task) -> "_Made":
    """The same one for cell after cell of a node: it keeps what holds of all of them."""
    if not _last or _last[0].trace is not trace or _last[0].task is not task:
        _last[:] = [_Made(trace, task)]
    return _last[0]


class _Made:
    """How the cells of one node's value, and of what it sends back, are made."""

    def __init__(self, trace: Trace, task: Task) -> None:
        value = trace.value(task.node)
        assert value is not None
        self.trace, self.task = trace, task
        self._bases: dict[tuple[int, int | None], NDArray[np.float64]] = {}
        self._inputs, self._y = trace.inputs(task.node), value
        self._sources = tuple(source for source, _ in sources_of(trace, task))

    # --- contributions

    def by_local(self, step: ContributionStep, at: int) -> Found:
        """Of a rule g · local: a product for each copy of x[at] that was used."""
        port, g = step.edge.port, step.upstream
        with np.errstate(all="ignore"):
            local, product = sent_back(self.task.kernel.vjps[port], self._inputs, self._y, g)
        assert local is not None
        x = self._inputs[port]
        full, _ = undoing(product.shape, x.shape)
        places = _repeats(x.shape, full, at)
        numbers, slopes = _spread(product, full)[places], _spread(local, full)[places]
        gradients = _spread(g, full)[places]
        other = self._plain_factor(port)
        constant = not np.ndim(local) and self.task.kernel.vjps[port].is_plain and other is None
        found = Found()
        for place, number, slope, upstream in zip(places.tolist(), numbers, slopes, gradients, strict=True):
            there = cell_at(place, full)
            sent = CellFactor("gradient", float(upstream), self.task.node, there if g.ndim else ())
            factor = self._second(port, other, there, float(slope), constant)
            found.append(CellProduct((sent, *factor), float(number)))
        return found

    def _second(
        self, port: int, other: int | None, there: Cell, slope: float, constant: bool
    ) -> tuple[CellFactor, ...]:
        """What the gradient is multiplied by: a cell of another input, or the local derivative; nothing for 1."""
        if other is not None:
            shape = self._inputs[other].shape
            return (CellFactor("value", slope, self._sources[other], cell_under(there, shape), other),)
        if constant:
            return () if slope == 1 else (CellFactor("number", slope),)
        return (CellFactor("local", slope, self.task.node, there, port),)

    def _plain_factor(self, port: int) -> int | None:
        """The input that is the local derivative itself, as b is for a in a · b."""
        op = self.task.op
        text, _ = op.rule(port)
        return op.ports.index(text) if not op.repeats and text in op.ports else None

    def by_rule(self, step: ContributionStep, at: int) -> Found:
        """Of a whole rule: by what the op makes of a unit at x[at], or asked output by output."""
        port, g = step.edge.port, np.ravel(step.upstream)
        with np.errstate(all="ignore"):
            column = self._linear_column(port, at) if self.task.op.combines else self._asked_column(step, at)
            return [
                CellProduct((CellFactor("gradient", float(g[j]), self.task.node, cell_at(j, self._y.shape)), *factors),
                        float(g[j] * (factors[0].number if factors else 1.0)))
                for j, factors in column
            ]  # fmt: skip

    def _linear_column(self, port: int, at: int) -> list[tuple[int, tuple[CellFactor, ...]]]:
        """J[:, at] of an op that is linear in each of its inputs: what it makes of a unit."""
        zeros: list[Value] = [np.zeros(x.shape)[()] for x in self._inputs]
        unit = _unit(self._inputs[port].shape, at)
        for other in range(len(self._inputs)) if self.task.op.combines == "product" else ():
            if other != port and (tagged := self._tagged(zeros, port, unit, other)) is not None:
                return tagged
        product = self.task.op.combines == "product"
        rest = zeros  # of a product both factors count; what is only added would leave rounding noise in 1s and cells
        if product and port < FACTORS:
            rest = [*self._inputs[:FACTORS], *zeros[FACTORS:]]
        column = self._difference(rest, port, unit) if product else self._of(zeros, {port: unit})
        return [(int(j), self._slope(port, int(j), float(column[j]))) for j in np.flatnonzero(column)]

    def _tagged(
        self, zeros: Sequence[Value], port: int, unit: Value, other: int
    ) -> list[tuple[int, tuple[CellFactor, ...]]] | None:
        """The same where each entry of J is a cell of the input `other`; None where it is not."""
        x = self._inputs[other]
        given = [*zeros]
        given[other] = _tags(x.shape)
        column = self._difference(given, port, unit, other)
        used = np.flatnonzero(column)
        cells = column[used] - TAG
        if not len(used) or not _are_tags(cells, x.size):
            return None
        return [(int(j), (self._cell_of(other, int(k)),)) for j, k in zip(used, cells, strict=True)]

    def _cell_of(self, port: int, index: int) -> CellFactor:
        x = self._inputs[port]
        return CellFactor("value", float(np.ravel(x)[index]), self._sources[port], cell_at(index, x.shape), port)

    def _difference(
        self, given: Sequence[Value], port: int, unit: Value, tagged: int | None = None
    ) -> NDArray[np.float64]:
        """What the unit adds to the output."""
        base = self._bases.get((port, tagged))
        if base is None:
            base = self._bases[port, tagged] = self._of(given, {port: np.zeros(unit.shape)[()]})
        return self._of(given, {port: unit}) - base

    def _of(self, given: Sequence[Value], others: dict[int, Value]) -> NDArray[np.float64]:
        inputs = [others.get(i, x) for i, x in enumerate(given)]
        return np.ravel(self.task.kernel.forward(*inputs))

    def _slope(self, port: int, j: int, slope: float) -> tuple[CellFactor, ...]:
        if slope == 1:
            return ()
        if self.task.op.combines == "sum":
            return (CellFactor("number", slope),)
        return (CellFactor("local", slope, self.task.node, cell_at(j, self._y.shape), port),)

    def _asked_column(self, step: ContributionStep, at: int) -> list[tuple[int, tuple[CellFactor, ...]]]:
        """J[:, at] of any other op: the outputs that move when x[at] does are asked one by one."""
        port = step.edge.port
        likely = self._moved_by(port, at)
        found = self._asked(port, at, likely)
        g = np.ravel(step.upstream)
        whole = float(np.ravel(step.contribution)[at])
        if not np.isclose(sum(g[j] * slope for j, slope in found), whole, rtol=1e-9, atol=1e-12, equal_nan=True):
            found = self._asked(port, at, range(min(self._y.size, MOST_ASKED)))
        return [
            (j, (CellFactor("local", slope, self.task.node, cell_at(j, self._y.shape), port),)) for j, slope in found
        ]

    def _asked(self, port: int, at: int, outputs: Sequence[int] | range) -> list[tuple[int, float]]:
        rows = ((j, self._row(port, j)) for j in outputs[:MOST_ASKED])
        return [(int(j), float(row[at])) for j, row in rows if row[at] != 0]

    def _moved_by(self, port: int, at: int) -> list[int]:
        """The outputs that another number at x[at] would change."""
        moved = np.zeros(self._y.size, bool)
        before = np.ravel(self._y)
        for number in (np.nan, 1e6, -1e6):
            x = np.array(self._inputs[port], float)
            x.flat[at] = number
            try:
                now = self._of(self._inputs, {port: x[()]})
            except (ValueError, IndexError):
                continue
            moved |= (now != before) & ~(np.isnan(now) & np.isnan(before))
        return [int(j) for j in np.flatnonzero(moved)]

    def _row(self, port: int, j: int, inputs: Sequence[Value] | None = None) -> NDArray[np.float64]:
        """J[j, :]: what goes back to x where the upstream gradient is 1 at y[j] and 0 elsewhere."""
        given = self._inputs if inputs is None else inputs
        with np.errstate(all="ignore"):
            return np.ravel(send(self.task.kernel.vjps[port], given, port, self._y, _unit(self._y.shape, j))[1])

    # --- values

    def value_products(self, at: int) -> Iterator[CellProduct]:
        """A cell of the output as a sum of products, where the op makes such."""
        if not self.task.op.combines:
            return
        pair = self._met(at) if self.task.op.combines == "product" else None
        if pair is not None:
            yield from pair[2]
        for port in range(len(self._inputs)):
            if pair is not None and port in pair[:2]:
                continue
            row = self._row(port, at)
            for i in np.flatnonzero(row):
                cell, slope = self._cell_of(port, int(i)), float(row[i])
                factors = (cell,) if slope == 1 else (CellFactor("number", slope), cell)
                yield CellProduct(factors, slope * cell.number)

    def _met(self, at: int) -> tuple[int, int, Found] | None:
        """The two inputs whose cells meet in y[at], and their products."""
        for port in range(len(self._inputs)):
            for other in range(len(self._inputs)):
                if other == port:
                    continue
                given = [*self._inputs]
                given[other] = _tags(given[other].shape)
                row = self._row(port, at, given)
                used = np.flatnonzero(row)
                if len(used) and _are_tags(row[used] - TAG, given[other].size):
                    pairs = ((self._cell_of(port, int(i)), self._cell_of(other, int(row[i] - TAG))) for i in used)
                    return port, other, [CellProduct(pair, pair[0].number * pair[1].number) for pair in pairs]
        return None

    def feeding(self, at: int) -> Iterator[CellFactor]:
        """The cells that y[at] depends on, where it is no sum of products."""
        for port, x in enumerate(self._inputs):
            if self.task.op.elementwise:
                yield self._cell_of(port, flat_index(cell_under(cell_at(at, self._y.shape), x.shape), x.shape))
            else:
                for i in np.flatnonzero(self._row(port, at)):
                    yield self._cell_of(port, int(i))


def _unit(shape: Shape, at: int) -> Value:
    unit = np.zeros(shape)
    unit.flat[at] = 1.0
    return np.float64(1.0) if not shape else unit


def _tags(shape: Shape) -> Value:
    """Each cell's own number, by which it is known again."""
    tags: Value = (TAG + np.arange(int(np.prod(shape)), dtype=float)).reshape(shape)[()]
    return tags


def _are_tags(cells: NDArray[np.float64], size: int) -> bool:
    return bool(((cells >= 0) & (cells < size) & (cells == np.floor(cells))).all())


def _repeats(shape: Shape, full: Shape, at: int) -> NDArray[np.intp]:
    """Where an element is, as often as broadcasting has repeated it."""
    if shape == full:
        return np.array([at])
    numbered = np.arange(int(np.prod(shape))).reshape(shape)
    return np.flatnonzero(np.broadcast_to(numbered, full).ravel() == at)


def _spread(value: Value, full: Shape) -> NDArray[np.float64]:
    return np.broadcast_to(value, full).ravel()


def cell_under(cell: Cell, shape: Shape) -> Cell:
    """The cell of an input that broadcasting has brought to a cell of the output."""
    own = cell[len(cell) - len(shape) :]
    return tuple(0 if length == 1 else i for i, length in zip(own, shape, strict=True))


_last: list[_Made] = []
