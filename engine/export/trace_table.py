"""The trace as the table that one looks at: a row a step, and the same as CSV with all digits."""

import csv
import io
from typing import NamedTuple

import numpy as np

from engine.data.csv import guarded
from engine.graph.graph import Graph
from engine.passes.trace import ContributionStep, DropStep, SeedStep, Step, Trace, UpdateStep
from engine.show.names import Names
from engine.show.readable import exact
from engine.text.write import printable
from engine.values.json_text import dump, json_ready
from engine.values.memory import refuse_long_text
from engine.values.values import Value

HEADS = ("step", "op", "from", "to", "value", "upstream", "local", "contribution", "sum")


class TraceRow(NamedTuple):
    """One step: forward a value goes from the inputs of a node into it, backward a contribution from a node into one
    of its inputs, where it makes the sum. What a step does not have is None."""

    op: str
    source: str
    dest: str
    value: Value | None = None
    upstream: Value | None = None
    local: Value | None = None
    contribution: Value | None = None
    total: Value | None = None

    @property
    def numbers(self) -> tuple[Value | None, ...]:
        return (self.value, self.upstream, self.local, self.contribution, self.total)


def trace_row(names: Names, step: Step) -> TraceRow:
    """A step as a row."""
    graph = names.graph
    if isinstance(step, ContributionStep):
        node = graph.nodes[step.edge.dest]
        numbers = (step.upstream, step.local, step.contribution, step.total)
        return TraceRow(node.op.symbol, names.node(node.id), names.node(step.edge.source), None, *numbers)
    node = graph.nodes[step.node]
    if isinstance(step, SeedStep):
        return TraceRow("seed", "", names.node(node.id), contribution=step.gradient, total=step.gradient)
    if isinstance(step, UpdateStep):
        return TraceRow("update", "", names.node(node.id), step.after, total=step.gradient)
    if isinstance(step, DropStep):
        return TraceRow("drop", "", names.goal, np.float64(step.before - step.after))
    inputs = [names.value(edge.source, edge.output) for edge in graph.into(step.node)]
    return TraceRow(node.op.symbol, ", ".join(inputs), names.value(step.node, step.output), value=step.value)


def trace_csv(graph: Graph, trace: Trace) -> str:
    """The table with all digits; arrays stand in a cell as JSON. No cell is a formula.

    Raises GradloomError for more numbers than may be written out.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    run = exact(trace)
    names = Names(graph, run)
    rows = [trace_row(names, step) for step in run.steps]
    refuse_long_text(sum(number.size for row in rows for number in row.numbers if number is not None))
    for at, row in enumerate(rows, 1):
        writer.writerow(row_cells(row, at))
    return out.getvalue()


def row_cells(row: TraceRow, number: int) -> list[str]:
    """The cells of a row, which counts from 1, with all digits. None is a formula."""
    words = (guarded(printable(text)) for text in (row.op, row.source, row.dest))
    return [str(number), *words, *map(_cell, row.numbers)]


def _cell(number: Value | None) -> str:
    if number is None:
        return ""
    ready = json_ready(number)
    return ready if isinstance(ready, str) else dump(ready)
