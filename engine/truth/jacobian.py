"""Jacobians on demand, with their structure and why it is so.

Symbols: x an input of a node; y its output; J = ∂y/∂x its Jacobian, of shape (*y.shape, *x.shape); g = ∂L/∂y the
upstream gradient. The contribution is g · J, summed over the axes of y: backward rules compute only this product.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import RunError
from engine.passes.plan import Task
from engine.passes.run import send
from engine.passes.trace import Trace
from engine.values.values import Shape, Value, shape_text

MOST_ENTRIES = 4_000_000


@dataclass(frozen=True)
class Jacobian:
    """∂y/∂x of one node and port at the values of a trace. `matrix` has the shape (*y.shape, *x.shape).

    `structure` names what it looks like, `sentence` says why. `upstream` and `contribution` are what the trace
    recorded; None where no gradient passed.
    """

    node: str
    port: int
    source: str
    matrix: NDArray[np.float64]
    y_shape: Shape
    x_shape: Shape
    structure: str
    sentence: str
    upstream: Value | None
    contribution: Value | None

    @property
    def flat(self) -> NDArray[np.float64]:
        """The Jacobian as a matrix: a row for each element of y, a column for each of x."""
        return self.matrix.reshape(int(np.prod(self.y_shape)), int(np.prod(self.x_shape)))

    @property
    def product(self) -> Value | None:
        """upstream · J, in the shape of x."""
        if self.upstream is None:
            return None
        with np.errstate(all="ignore"):
            product: Value = (np.ravel(self.upstream) @ self.flat).reshape(self.x_shape)[()]
        return product

    @property
    def agrees(self) -> bool | None:
        """Whether upstream · J is the contribution that was recorded, to round-off; None where there is none."""
        if self.upstream is None or self.product is None or self.contribution is None:
            return None
        size = float(np.max(np.abs(self.flat), initial=0.0) * np.max(np.abs(self.upstream), initial=0.0))
        scale = size if np.isfinite(size) else 0.0
        return bool(np.allclose(self.product, self.contribution, rtol=1e-9, atol=1e-12 * scale, equal_nan=True))


def jacobian(trace: Trace, node: str, port: int | str, names: Mapping[str, str] | None = None) -> Jacobian:
    """The full Jacobian of a node with respect to an input; `port` by number, by its name (`a`), or by its source's id.

    `names`: what nodes are called in its sentence, by id; others by their id.
    Raises RunError if there is no such node or port, if it was not computed, or if it would be too large.
    """
    task = _task(trace, node)
    at, source = _port(task, trace, port)
    inputs, y = trace.inputs(node), trace.value(node)
    if y is None:
        raise RunError(f"{node} could not be computed, so it has no Jacobian.", (node,))
    x = inputs[at]
    if y.size * x.size > MOST_ENTRIES:
        shape = shape_text((*y.shape, *x.shape))
        raise RunError(
            f"The Jacobian of {node} would have the shape {shape}: more than {MOST_ENTRIES:,} entries.", (node,)
        )
    matrix = _rows(task, inputs, at, y).reshape(y.shape + x.shape)
    said = [(names or {}).get(id, id) for id in (node, *_sources(task, trace))]
    structure, sentence = _structure(task, at, matrix, y.shape, x.shape, said)
    step = trace.contribution((node, at))
    upstream, contribution = (None, None) if step is None else (step.upstream, step.contribution)
    return Jacobian(node, at, source, matrix, y.shape, x.shape, structure, sentence, upstream, contribution)


def _rows(task: Task, inputs: tuple[Value, ...], port: int, y: Value) -> NDArray[np.float64]:
    """One row for each element of y: the contribution of an upstream gradient that is 1 there and 0 elsewhere."""
    rows = np.zeros((int(y.size), int(inputs[port].size)))
    for i in range(int(y.size)):
        unit = np.zeros(y.shape)
        unit.flat[i] = 1.0
        with np.errstate(all="ignore"):
            rows[i] = np.ravel(send(task.kernel.vjps[port], inputs, port, y, unit[()])[1])
    return rows


def _structure(
    task: Task, port: int, matrix: NDArray[np.float64], y: Shape, x: Shape, names: list[str]
) -> tuple[str, str]:
    """What a Jacobian looks like, as the op says or as it is seen, and why; `names` are those of node and inputs."""
    node, *sources = names
    declared = task.op.jacobian
    if declared:
        name, sentence = declared[min(port, len(declared) - 1)]
        by_port = {task.op.port_name(i): source for i, source in enumerate(sources)}
        sentence = sentence.format(**by_port, source=sources[port])
        if name == "identity" and np.prod(y) != np.prod(x):
            return "stacked identities", f"{sentence} Each sample has an identity of its own."
        batched = bool(y) and bool(x) and _block_diagonal(matrix, y, x) and name not in ("permutation", "identity")
        return name, sentence + (" Each sample has a block of its own; the rest is 0." if batched else "")
    if not y and not x:
        return "number", "One input and one output: the Jacobian is the local derivative itself."
    if task.op.elementwise and y == x:
        return "diagonal", "Element by element: each output depends on the input in its own place, and on no other."
    if task.op.elementwise:
        return "copies", "The input was repeated by broadcasting: each of its elements reaches all its copies."
    if not y:
        return "row", f"{node} is one number, so this is a single row: its slope by each element of {sources[port]}."
    return "dense", "Every output may depend on every input."


def _block_diagonal(matrix: NDArray[np.float64], y: Shape, x: Shape) -> bool:
    """Whether samples, along leading axes of equal length, do not touch each other."""
    if y[0] != x[0] or y[0] < 2 or len(y) + len(x) < 3:
        return False
    blocks = np.moveaxis(matrix, len(y), 1)
    apart = ~np.eye(y[0], dtype=bool)
    return not np.any(blocks[apart])


def _task(trace: Trace, node: str) -> Task:
    for task in trace.plan.order:
        if task.node == node and isinstance(task, Task):
            return task
    raise RunError(trace.plan.unready.get(node, f"“{node}” is not a node with inputs."), (node,))


def _sources(task: Task, trace: Trace) -> list[str]:
    """The ids of what feeds a node, by port."""
    by_slot = {slot: id for (id, _), slot in trace.plan.slots.items()}
    return [by_slot[slot] for slot in task.inputs]


def _port(task: Task, trace: Trace, port: int | str) -> tuple[int, str]:
    """A port by its number, its name or the id of what feeds it; and that id."""
    sources = _sources(task, trace)
    names = [task.op.port_name(i) for i in range(len(sources))]
    for known in (names, sources, [str(i) for i in range(len(sources))]):
        if str(port) in known:
            at = known.index(str(port))
            return at, sources[at]
    choices = ", ".join(f"{name} (from {source})" for name, source in zip(names, sources, strict=True))
    raise RunError(f"{task.node} has no port “{port}”; its ports are {choices}.", (task.node,))
