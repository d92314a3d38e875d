"""A graph of tensors written out as scalars: a node for every element, the same numbers and the same gradients.

Elementwise operations become one node an element; a matrix product becomes products and sums; what only moves elements
becomes wiring. What is made of other operations is taken apart first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.edits.expand import can_expand, expand
from engine.edits.find import find_groups
from engine.errors import EditRefused
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.layout.layout import laid_out
from engine.ops.kernel import bind
from engine.ops.misfit import why_misfit
from engine.ops.op import OPS, Settings
from engine.values.values import Value, as_value

Cells = NDArray[Any]  # ids of nodes, in the shape of the tensor whose elements they are
Place = tuple[str, int, tuple[int, ...]]  # a node, which of its outputs, and an element of what it holds

MOST_SCALARS = 5_000
_LETTERS = {"features": "x", "targets": "t"}
SHORT = 14  # letters of the name of a product
_DIGITS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_WHOLE = ("linear", "vecdot")  # written out at once, so that a neuron stays Σ w·x + b


@dataclass(frozen=True)
class Scalars:
    """The graph of scalars, and which node stands for which element of the graph that it was made from."""

    graph: Graph
    places: Mapping[Place, str]


def as_scalars(graph: Graph) -> Scalars:
    """Write every tensor out, lay the scalars out anew, and find the neurons, layers and losses among them.

    Groups, regions and notes do not come along. Raises EditRefused where something is missing, where an operation has
    no scalar form here, or where there would be more than MOST_SCALARS.
    """
    if not graph.nodes:
        raise EditRefused("There is nothing to write out: the graph is empty.")
    found = written_out(graph)
    if all(not at for _, _, at in found.places):
        raise EditRefused("Every number of this graph is a scalar already.")
    flat = laid_out(found.graph)
    with suppress(EditRefused):  # nothing is found: then it stays flat
        flat = flat.apply(find_groups(flat))
    return Scalars(flat, found.places)


def written_out(graph: Graph, most: int = MOST_SCALARS) -> Scalars:
    """The same as `as_scalars`, for a machine: nowhere laid out, in no groups. Raises EditRefused as it does."""
    whole = _taken_apart(graph)
    work = _Unrolling(whole, most)
    for id in whole.order:
        work.write_out(whole.nodes[id])
    flat = work.result()
    return Scalars(flat, {place: id for place, id in work.places.items() if id in flat.nodes})


def _taken_apart(graph: Graph) -> Graph:
    """Tensor operations that are made of others, as these."""
    while apart := [id for id, node in graph.nodes.items() if _is_composite(node)]:
        for id in apart:
            graph = graph.apply(expand(graph, id))
    return graph


def _is_composite(node: Node) -> bool:
    return can_expand(node.op) and not node.op.elementwise and node.op_name not in _WHOLE


@dataclass
class _Unrolling:
    """What has been written out so far: scalars by id, the edges between them, and the cells of each node's outputs."""

    source: Graph
    most: int
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    cells: dict[tuple[str, int], Cells] = field(default_factory=dict)
    values: dict[tuple[str, int], Value] = field(default_factory=dict)
    places: dict[Place, str] = field(default_factory=dict)

    # --- one node of the source

    def write_out(self, node: Node) -> None:
        if node.op.holds_value or node.op.supply:
            self._write_leaf(node)
            return
        if any(True for _ in self.source.open_ports(node.id)):
            raise EditRefused(f"{node.name} cannot be written out: an input is missing.", (node.id,))
        feeds = [(edge.source, edge.output) for edge in self.source.into(node.id)]
        inputs, values = [self.cells[feed] for feed in feeds], [self.values[feed] for feed in feeds]
        value = self._computed(node, values)
        cells = (
            self._rule(node)(self, node, *inputs) if node.op_name != "one_hot" else self.held(node, value, "constant")
        )
        self._keep(node, 0, cells, value)

    def _computed(self, node: Node, values: Sequence[Value]) -> Value:
        try:
            return as_value(bind(node.op, len(values), node.settings).forward(*values))
        except (ValueError, IndexError) as error:
            why = why_misfit(node.op, [x.shape for x in values], error)
            raise EditRefused(f"{node.name} cannot be written out: {why}.", (node.id,)) from None

    def _rule(self, node: Node) -> Callable[..., Cells]:
        if node.op.elementwise:
            return _elementwise
        if (rule := _RULES.get(node.op_name)) is None:
            raise EditRefused(
                f"{node.name} cannot be written out: {node.op.title} has no scalar form here.", (node.id,)
            )
        return rule

    def _write_leaf(self, node: Node) -> None:
        held = (node.value,) if node.value is not None else node.op.supply(node.chosen) if node.op.supply else ()
        if not held:
            raise EditRefused(f"{node.name} cannot be written out: it holds no value.", (node.id,))
        for output, value in enumerate(held):
            kind = node.op_name if node.op.holds_value else "input"
            said = node.op.outputs[output] if len(held) > 1 else ""  # features and targets are told apart
            named = f"{node.id}_{said}" if said else node.id
            self._keep(node, output, self.held(node, value, kind, named, said and self._output_name(node, said)), value)

    def _output_name(self, node: Node, said: str) -> str:
        """x for features and t for targets, as on paper and short; where something else is called so, data.features."""
        letter = _LETTERS.get(said, said)
        others = [each for each in self.source.nodes.values() if each.id != node.id]
        taken = any(letter in (each.id, each.name) or said in each.op.outputs for each in others)
        return f"{node.name}.{said}" if taken else letter

    def held(self, node: Node, value: Value, kind: str, named: str = "", called: str = "") -> Cells:
        """A leaf for every element; `called`: in place of the node's name."""
        cells = np.empty(np.shape(value), object)
        for at in np.ndindex(cells.shape):
            number = as_value(float(np.asarray(value)[at]))
            cells[at] = self.add(kind, (), named or node.id, node, at, value=number, called=called)
        return cells

    def _keep(self, node: Node, output: int, cells: Cells, value: Value) -> None:
        self.cells[node.id, output], self.values[node.id, output] = cells, value
        self.places |= {(node.id, output, at): _id(cells, at) for at in np.ndindex(cells.shape)}

    # --- scalars

    def add(
        self, op: str, feeds: Sequence[str], named: str, node: Node, at: tuple[int, ...] = (), *,
        value: Value | None = None, settings: Settings = (), inner: bool = False, label: str = "", called: str = "",
    ) -> str:  # fmt: skip
        """A scalar for an element of a node; `inner`: a step on the way to it, which the eye calls by `label`."""
        if len(self.nodes) >= self.most:
            raise EditRefused(
                f"As scalars this graph would have more than {self.most:,} nodes: "
                "take a smaller batch, or a smaller layer."
            )
        id = "_".join([named, *map(str, at)])
        while id in self.nodes:
            id += "_"
        label = label if inner else f"{called or node.name}{_subscript(at)}" if at else called or node.label
        self.nodes[id] = Node(id, op, value, label, settings=settings)
        self.edges += [Edge(source, id, port) for port, source in enumerate(feeds)]
        return id

    def multiply(self, pair: tuple[str, str], node: Node, at: tuple[int, ...]) -> str:
        """One product of a sum of products; it is called after its factors, as on paper."""
        one, other = sorted((self.nodes[id] for id in pair), key=lambda each: each.op_name != "parameter")
        named = f"{one.name}{other.name}"
        return self.add("mul", pair, f"{node.id}_p", node, at, inner=True, label=named if len(named) <= SHORT else "")

    def add_up(
        self, parts: Sequence[str], node: Node, at: tuple[int, ...], op: str = "add", inner: bool = False
    ) -> str:
        """Parts in one sum, or product, or choice: a single one is itself."""
        if len(parts) == 1:
            return parts[0]
        return self.add(op, parts, f"{node.id}_sum" if inner else node.id, node, at, inner=inner)

    # --- the whole

    def result(self) -> Graph:
        """The scalars, without leaves that feed nothing any more."""
        target = self._target()
        used = {edge.source for edge in self.edges} | {target}
        leaves = {cell for cells in self.cells.values() for cell in cells.flat}
        kept = [node for node in self.nodes.values() if node.id in used or node.id not in leaves or not _is_leaf(node)]
        title = f"{self.source.title}, as scalars" if self.source.title else "As scalars"
        return Graph.of(kept, self.edges, title=title, target=target, seed=self.source.seed)

    def _target(self) -> str | None:
        """The scalar that is differentiated: of a tensor the sum of its elements."""
        if self.source.target is None:
            return None
        node = self.source.nodes[self.source.target]
        return self.add_up(list(self.cells[node.id, 0].flat), node, (), inner=True)


def _as_cells(found: Any) -> Cells:
    """A single one is cells too."""
    return found if isinstance(found, np.ndarray) else np.array(found, object)


def _id(cells: Cells, at: tuple[int, ...]) -> str:
    """The scalar that stands for an element."""
    return str(cells.item(*at))


def _subscript(at: tuple[int, ...]) -> str:
    """`₀₁`, and where a number has two digits `₁₀,₂`: which element it is, counted from 0."""
    between = "" if max(at) < 10 else ","
    return between.join(map(str, at)).translate(_DIGITS)


def _is_leaf(node: Node) -> bool:
    return node.op.holds_value


# --- how an operation is written out: (what is written, the node, the cells of its inputs) → its own cells


def _elementwise(work: _Unrolling, node: Node, *inputs: Cells) -> Cells:
    inputs = tuple(np.broadcast_arrays(*inputs)) if len(inputs) > 1 else inputs
    cells = np.empty(inputs[0].shape, object)
    for at in np.ndindex(cells.shape):
        feeds = [_id(each, at) for each in inputs]
        cells[at] = work.add(node.op_name, feeds, node.id, node, at, settings=node.settings)
    return cells


def _moved(work: _Unrolling, node: Node, *inputs: Cells) -> Cells:
    """Elements that are only picked, turned or joined: done to their numbers, and read back."""
    starts = np.cumsum([0, *(each.size for each in inputs)])
    numbers = [
        np.arange(each.size, dtype=float).reshape(each.shape) + n for each, n in zip(inputs, starts, strict=False)
    ]
    found = np.asarray(bind(node.op, len(inputs), node.settings).forward(*numbers)).astype(int)
    flat = np.concatenate([each.reshape(-1) for each in inputs])
    return _as_cells(flat[found])


def _product(work: _Unrolling, node: Node, a: Cells, b: Cells, bias: Cells | None = None) -> Cells:
    """Σ a·b along the last axis of a and the last but one of b, and a bias."""
    left, right = a[None, :] if a.ndim == 1 else a, b[:, None] if b.ndim == 1 else b
    batch = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    left = np.broadcast_to(left, (*batch, *left.shape[-2:]))
    right = np.broadcast_to(right, (*batch, *right.shape[-2:]))
    whole = np.empty((*batch, left.shape[-2], right.shape[-1]), object)
    shape = (*batch, *(() if a.ndim == 1 else (left.shape[-2],)), *(() if b.ndim == 1 else (right.shape[-1],)))
    added = None if bias is None else np.broadcast_to(bias, shape)
    for at, place in zip(np.ndindex(whole.shape), np.ndindex(shape), strict=True):
        *rest, i, j = at
        pairs = zip(left[(*rest, i)], right[(*rest, slice(None), j)], strict=True)
        parts = [work.multiply(pair, node, (*place, k)) for k, pair in enumerate(pairs)]
        whole[at] = work.add_up([*parts, *([_id(added, place)] if added is not None else [])], node, place)
    return whole.reshape(shape)


def _linear(work: _Unrolling, node: Node, x: Cells, w: Cells, b: Cells) -> Cells:
    return _product(work, node, x, np.swapaxes(w, -1, -2) if w.ndim > 1 else w, b)


def _outer(work: _Unrolling, node: Node, a: Cells, b: Cells) -> Cells:
    a, b = a.reshape(-1), b.reshape(-1)
    cells = np.empty((a.size, b.size), object)
    for at in np.ndindex(cells.shape):
        cells[at] = work.add("mul", (_id(a, at[:1]), _id(b, at[1:])), node.id, node, at)
    return cells


def _vecdot(work: _Unrolling, node: Node, a: Cells, b: Cells) -> Cells:
    a, b = np.broadcast_arrays(a, b)
    parts = np.empty(a.shape, object)
    for at in np.ndindex(parts.shape):
        parts[at] = work.multiply((_id(a, at), _id(b, at)), node, at)
    return _reduced(work, node, parts, op="add")


def _bundles(node: Node, cells: Cells) -> Cells:
    """The cells that are taken together, along a last axis of their own."""
    axis, count = node.chosen["axis"], cells.ndim
    axes = range(count) if axis == "all" else [each % count for each in ([axis] if isinstance(axis, int) else axis)]
    kept = [n for n in range(count) if n not in axes]
    turned = cells.transpose([*kept, *axes])
    rows = turned.reshape(*(cells.shape[n] for n in kept), -1)
    if not node.chosen.get("keep", False):
        return rows
    return rows.reshape(*(1 if n in axes else cells.shape[n] for n in range(count)), rows.shape[-1])


def _reduced(work: _Unrolling, node: Node, x: Cells, op: str) -> Cells:
    rows = _bundles(node, x)
    cells = np.empty(rows.shape[:-1], object)
    for at in np.ndindex(cells.shape):
        cells[at] = work.add_up(list(rows[at]), node, at, op)
    return cells


def _mean(work: _Unrolling, node: Node, x: Cells) -> Cells:
    rows = _bundles(node, x)
    cells = np.empty(rows.shape[:-1], object)
    for at in np.ndindex(cells.shape):
        cells[at] = _averaged(work, node, list(rows[at]), at, rows.shape[-1])
    return cells


def _averaged(work: _Unrolling, node: Node, parts: list[str], at: tuple[int, ...], by: int, inner: bool = False) -> str:
    total = work.add_up(parts, node, at, inner=True)
    count = work.add("constant", (), f"{node.id}_n", node, at, value=as_value(float(by)), inner=True)
    return work.add("div", (total, count), f"{node.id}_mean" if inner else node.id, node, at, inner=inner)


def _spread(work: _Unrolling, node: Node, x: Cells, root: bool) -> Cells:
    """The variance, or its root: squares of what each lies from the mean."""
    rows = _bundles(node, x)
    cells = np.empty(rows.shape[:-1], object)
    for at in np.ndindex(cells.shape):
        parts = list(rows[at])
        middle = _averaged(work, node, parts, at, len(parts), inner=True)
        away = [work.add("sub", (part, middle), f"{node.id}_d", node, at, inner=True) for part in parts]
        squares = [work.add("square", (each,), f"{node.id}_q", node, at, inner=True) for each in away]
        found = _averaged(work, node, squares, at, len(parts) - int(node.chosen["ddof"]), inner=root)
        cells[at] = work.add("sqrt", (found,), node.id, node, at) if root else found
    return cells


def _looked_up(work: _Unrolling, node: Node, t: Cells, w: Cells) -> Cells:
    """Rows of a table: which ones is settled by what the ids are now."""
    feed = work.source.into(node.id)[0]
    ids, numbers = work.values[feed.source, feed.output], np.arange(w.size, dtype=float).reshape(w.shape)
    return _as_cells(w.reshape(-1)[np.asarray(bind(node.op, 2, node.settings).forward(ids, numbers)).astype(int)])


def _masked(work: _Unrolling, node: Node, x: Cells) -> Cells:
    """What comes later is a number of its own; the rest is as it was."""
    seen = np.isnan(bind(node.op, 1, node.settings).forward(np.full(x.shape, np.nan)))
    filled = work.held(node, np.full(x.shape, float(node.chosen["fill"])), "constant", f"{node.id}_fill")
    return np.where(seen, x, filled)


def _dropped(work: _Unrolling, node: Node, x: Cells) -> Cells:
    """Each element times 0, or times what makes up for those."""
    kept = work.held(node, bind(node.op, 1, node.settings).forward(np.ones(x.shape)), "constant", f"{node.id}_keep")
    cells = np.empty(x.shape, object)
    for at in np.ndindex(cells.shape):
        cells[at] = work.add("mul", (_id(x, at), _id(kept, at)), node.id, node, at)
    return cells


_RULES: dict[str, Callable[..., Cells]] = {
    **{name: _moved for name, op in OPS.items() if op.group == "shape"},
    "matmul": _product, "dot": _product, "linear": _linear, "outer": _outer, "vecdot": _vecdot,
    "sum": partial(_reduced, op="add"), "prod": partial(_reduced, op="mul"),
    "amax": partial(_reduced, op="max"), "amin": partial(_reduced, op="min"),
    "embedding": _looked_up, "causal_mask": _masked, "dropout": _dropped,
    "mean": _mean, "var": partial(_spread, root=False), "std": partial(_spread, root=True),
}  # fmt: skip
