"""The graph that a program text makes, node by node: what a node is called, what it is known to hold."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.ops.kernel import bind
from engine.ops.op import Op
from engine.text.things import Ref
from engine.values.memory import MEMORY, NUMBER
from engine.values.values import Value

MOST_MADE = 20_000  # nodes that loops and calls may make


class Making:
    """Nodes and edges so far. `typed`: the numbers that were given names; `kinds`: of which library a value is."""

    def __init__(self, reserved: set[str]) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.typed: dict[str, int | float] = {}
        self.kinds: dict[str, str] = {}
        self.copies = 0  # how many were made of arrays
        self.lists: set[str] = set()  # leaves that were written as a list
        self.truths: set[str] = set()  # nodes that are 0 or 1
        self.tuples: set[str] = set()  # leaves that were written as a tuple: as an index, one number an axis
        self.graded: set[str] = set()  # nodes whose gradient the text has set by hand
        self._reserved = reserved
        self._counts: dict[str, int] = {}
        self._inputs: dict[str, tuple[Ref, ...]] = {}
        self._known: dict[str, tuple[Value, ...] | None] = {}
        self._held = 0  # bytes of what was computed to be known

    def leaf(
        self, op: str, value: Value | None, name: str | None, label: str = "", settings: dict[str, Any] | None = None
    ) -> Ref:
        id = self._free_id(name, "c" if op == "constant" else op)
        self.nodes[id] = Node(id, op, value, _label(label, id), settings=tuple(sorted((settings or {}).items())))
        return Ref(id)

    def node(self, op: Op, inputs: Sequence[Ref], name: str | None, label: str, settings: dict[str, Any]) -> Ref:
        id = self._free_id(name, op.name)
        self.nodes[id] = Node(id, op.name, label=_label(label, id), settings=tuple(sorted(settings.items())))
        self.edges += [Edge(ref.node, id, port, ref.output) for port, ref in enumerate(inputs)]
        self._inputs[id] = tuple(inputs)
        kinds = {kind for ref in inputs if (kind := self.kinds.get(ref.node))}
        if len(kinds) == 1:
            self.kinds[id] = kinds.pop()
        return Ref(id)

    def change(self, id: str, **changes: Any) -> None:
        self.nodes[id] = replace(self.nodes[id], **changes)
        self._known.clear()

    def forget(self, id: str) -> None:
        """Take a node away that nothing uses."""
        del self.nodes[id]
        self.edges = [edge for edge in self.edges if edge.dest != id]

    def count(self) -> tuple[int, int]:
        """How much there is of it: for `undo`."""
        return len(self.nodes), len(self.edges)

    def undo(self, nodes: int, edges: int) -> None:
        """Take away what was made since there were so many nodes and edges."""
        for id in list(self.nodes)[nodes:]:
            self.forget(id)
        del self.edges[edges:]

    def is_used(self, id: str) -> bool:
        return any(edge.source == id for edge in self.edges)

    def call_it(self, id: str, label: str) -> None:
        self.nodes[id] = replace(self.nodes[id], label=_label(label, id))

    def graph(self, target: str | None, seed: float, title: str = "") -> Graph:
        return Graph.of(self.nodes.values(), self.edges, target=target, seed=seed, title=title)

    # --- what is known while reading

    def value(self, ref: Ref) -> Value | None:
        """What a node holds, where all that it is made of is known; asked only where the meaning depends on it."""
        todo = [ref.node]
        while todo:
            id = todo[-1]
            missing = [source.node for source in self._inputs.get(id, ()) if source.node not in self._known]
            if id in self._known or not missing:
                todo.pop()
                if id not in self._known:
                    self._known[id] = self._computed(id)
            else:
                todo += missing
        outputs = self._known[ref.node]
        return outputs[ref.output] if outputs is not None else None

    def way_to_leaf(self, id: str) -> list[str]:
        """A node, and what each first takes: w[1:][0], w[1:], w."""
        way = [id]
        while sources := self._inputs.get(way[-1]):
            way.append(sources[0].node)
        return way

    def sources(self, id: str) -> tuple[Ref, ...]:
        return self._inputs.get(id, ())

    def copied(self, ref: Ref) -> Ref:
        """The same node, as an array of its own: what is changed in place is not changed in the other."""
        self.copies += 1
        return replace(ref, copy=self.copies)

    def shape(self, ref: Ref) -> tuple[int, ...] | None:
        value = self.value(ref)
        return None if value is None else tuple(value.shape)

    def _computed(self, id: str) -> tuple[Value, ...] | None:
        node = self.nodes[id]
        if node.op.is_leaf:  # a dataset is not opened while reading
            return None if node.value is None else (node.value,)
        sources = self._inputs[id]
        found = [self._known[source.node] for source in sources]
        if any(outputs is None for outputs in found):
            return None
        inputs = [outputs[source.output] for outputs, source in zip(found, sources, strict=True) if outputs is not None]
        try:
            kernel = bind(node.op, len(inputs), node.settings)
            if self._held + NUMBER * kernel.need(tuple(x.shape for x in inputs)) > MEMORY.limit:
                return None  # so is what is too large
            with np.errstate(all="ignore"):
                value = kernel.forward(*inputs)
        except (ValueError, ArithmeticError, IndexError, TypeError):  # shapes that do not fit: said when it is run
            return None
        self._held += value.nbytes
        return (value,)

    # --- names

    def _free_id(self, name: str | None, stem: str) -> str:
        """The name, or name_2, name_3 … when it is assigned again; without a name the op's with a number."""
        if name is not None and name not in self.nodes:
            return name
        stem = stem if name is None else f"{name}_"
        ids = self._numbered(stem, bare=name is None)
        return next(id for id in ids if id not in self.nodes and id not in self._reserved)

    def _numbered(self, stem: str, bare: bool) -> Iterator[str]:
        while True:
            count = self._counts[stem] = self._counts.get(stem, 0 if bare else 1) + 1
            yield stem if count == 1 else f"{stem}{count}"


def _label(label: str, id: str) -> str:
    return "" if label == id else label
