"""What a diagnosis judges by: the passes over all rows of training, where the canvas shows only the first few.

The rows of training are in a random order, so that their first ones are a fair sample where all would be too many.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from engine.data.tables import load_dataset
from engine.errors import FileError
from engine.graph.graph import Graph
from engine.passes.leaves import leaf_values
from engine.passes.run import trace_of
from engine.passes.trace import Trace
from engine.values.values import counted, thousands

MOST_ELEMENTS = 100_000  # of all values together, in one look: some milliseconds


@dataclass(frozen=True)
class Evidence:
    """A graph, the passes that the canvas shows, and the same over the `rows` first of `total` rows of training.

    Without a dataset, or where the graph fits only the rows that are shown, `trace` is what is shown.
    """

    graph: Graph
    shown: Trace
    trace: Trace
    rows: int = 0
    total: int = 0

    @property
    def on_set(self) -> bool:
        """Whether it is the training set that was looked at, not only what the canvas shows."""
        return self.trace is not self.shown or (bool(self.total) and self.rows == self.total)

    def batch_axis(self, id: str) -> int | None:
        """The axis of a node's value along which the rows lie: the one that is longer over more rows."""
        value, shown = self.trace.value(id), self.shown.value(id)
        if value is None or shown is None or value.ndim < 1:
            return None
        if value.shape != shown.shape and value.ndim == shown.ndim:
            return next(i for i, (a, b) in enumerate(zip(value.shape, shown.shape, strict=True)) if a != b)
        if self.total and not (self.fed_by_data(id) and value.shape[0] == self.rows):
            return None
        if value.ndim < 2 and not self.total:
            return None
        return value.ndim - 1 if self._is_column_of_rows(id) else 0

    def _is_column_of_rows(self, id: str) -> bool:
        """Whether samples stand side by side, as in W @ X with weights W from the left; else they are the rows."""
        while (edges := self.graph.into(id)) and not self.total:
            if self.graph.nodes[id].op_name == "matmul":
                left, right = (self.graph.nodes[edge.source].op_name == "parameter" for edge in edges)
                return left and not right
            id = edges[0].source
        return False

    def fed_by_data(self, id: str) -> bool:
        return id in self._downstream

    @cached_property
    def _downstream(self) -> set[str]:
        """The nodes that depend on a dataset."""
        found: set[str] = set()
        for id in self.graph.order:
            node = self.graph.nodes[id]
            if node.op.supply or any(edge.source in found for edge in self.graph.into(id)):
                found.add(id)
        return found

    def where(self, rows: int) -> str:
        """`on all 200 training rows`: how much was looked at, in words; `rows` where there is no dataset."""
        if not self.total:
            return f"on all {counted(rows, 'row')}"
        if not self.on_set:
            return f"on these {counted(self.rows, 'row')}"
        if self.rows < self.total:
            return f"on {thousands(self.rows)} training rows (a sample of all {thousands(self.total)})"
        return f"on all {thousands(self.rows)} training rows"

    def local(self, id: str, port: int = 0) -> Any:
        """The local derivative of a node's port over all rows, where a gradient passed; else None."""
        step = self.trace.contribution((id, port))
        return None if step is None or step.local is None else np.asarray(step.local)


def gather(graph: Graph, shown: Trace) -> Evidence:
    """Run both passes over the training set, or over as many of its rows as can be looked at without a wait."""
    sets = {id: node for id, node in graph.nodes.items() if node.op_name == "dataset" and shown.value(id) is not None}
    if not sets:
        return Evidence(graph, shown, shown)
    try:
        data = {id: load_dataset(node.chosen) for id, node in sets.items()}
    except FileError:
        return Evidence(graph, shown, shown)
    total = min(len(each.training) for each in data.values())
    first = next(iter(sets))
    seen = len(np.asarray(shown.value(first)))
    rows = min(total, _affordable(shown, seen))
    if rows <= seen:
        return Evidence(graph, shown, shown, seen, total)
    held = {id: each.rows(each.training[:rows]) for id, each in data.items()}
    trace = trace_of(shown.plan, {**leaf_values(graph), **held}, graph.seed)
    if {*trace.failures, *trace.too_large} - {*shown.failures, *shown.too_large}:
        return Evidence(graph, shown, shown, seen, total)  # a shape was typed in for the rows that are shown
    return Evidence(graph, shown, trace, rows, total)


def _affordable(shown: Trace, seen: int) -> int:
    """How many rows can be looked at: an element for each of those shown is one for each of the others."""
    size = sum(step.value.size for step in shown.forward_steps if step.value.ndim and seen in step.value.shape)
    return max(seen, MOST_ELEMENTS * seen // max(size, 1))
