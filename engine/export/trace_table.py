"""The trace as the table that one looks at: a row a step, and the same as CSV with all digits."""

import csv
import io
from typing import NamedTuple

from engine.data.csv import guarded
from engine.graph.graph import Graph
from engine.passes.trace import ContributionStep, SeedStep, Step, Trace
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


def trace_row(graph: Graph, step: Step) -> TraceRow:
    """A step as a row."""
    if isinstance(step, ContributionStep):
        node = graph.nodes[step.edge.dest]
        numbers = (step.upstream, step.local, step.contribution, step.total)
        return TraceRow(node.op.symbol, node.name, graph.nodes[step.edge.source].name, None, *numbers)
    node = graph.nodes[step.node]
    if isinstance(step, SeedStep):
        return TraceRow("seed", "", node.name, contribution=step.gradient, total=step.gradient)
    names = [graph.nodes[edge.source].name for edge in graph.into(step.node)]
    return TraceRow(node.op.symbol, ", ".join(names), node.name, value=step.value)


def trace_csv(graph: Graph, trace: Trace) -> str:
    """The table with all digits; arrays stand in a cell as JSON. No cell is a formula.

    Raises GradloomError for more numbers than may be written out.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    rows = [trace_row(graph, step) for step in trace.steps]
    refuse_long_text(sum(number.size for row in rows for number in row.numbers if number is not None))
    for at, row in enumerate(rows, 1):
        words = (guarded(printable(text)) for text in (row.op, row.source, row.dest))
        writer.writerow([at, *words, *map(_cell, row.numbers)])
    return out.getvalue()


def _cell(number: Value | None) -> str:
    if number is None:
        return ""
    ready = json_ready(number)
    return ready if isinstance(ready, str) else dump(ready)
