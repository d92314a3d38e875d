"""Both passes: a table of every node, its value and its gradient.

Prints node, op, value and gradient, with — where there is none. Warnings follow: numbers that are not finite, shapes
that a loss broadcasts, gates that are always closed. With --json instead:

  {"target": id, "value": v, "nodes": {id: {"op": …, "value": …, "gradient": …}}}

Arrays are nested lists, non-finite numbers the texts "nan", "inf" and "-inf". A node that gets no gradient has null (a
constant; a node that does not reach the target), but a leaf that does not reach the target has 0. Without a target,
"target", "value" and all gradients are null. A leaf with several outputs has an object of them as its value.

  gradloom run --expr "q = x + y; f = q * z" --set x=-2 --set y=5 --set z=-4
"""

import argparse
from typing import Any

from engine.commands import _report
from engine.commands._source import add_source, read_source
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.passes.trace import Trace
from engine.truth.unfinished import find_problems
from engine.values.json_text import records_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument("--json", action="store_true", help="print JSON, as described below")


def handle(args: argparse.Namespace) -> int:
    graph = read_source(args, known=True)
    trace = run(graph)
    print(records_text(record(graph, trace)) if args.json else _told(graph, trace))
    return 0


def record(graph: Graph, trace: Trace) -> dict[str, Any]:
    """What --json prints."""
    nodes = {
        id: {"op": node.op_name, "value": _value(graph, trace, id), "gradient": trace.gradient(id)}
        for id, node in graph.nodes.items()
    }
    return {"target": graph.target, "value": graph.target and _value(graph, trace, graph.target), "nodes": nodes}


def _value(graph: Graph, trace: Trace, id: str) -> Any:
    outputs = graph.nodes[id].op.outputs
    if len(outputs) == 1:
        return trace.value(id)
    return {name: trace.value(id, k) for k, name in enumerate(outputs)}


def _told(graph: Graph, trace: Trace) -> str:
    """The table, and below it what is suspicious about the numbers in it."""
    found = [problem for problem in find_problems(graph, trace) if problem.severity == "warning"]
    return "\n\n".join([_table(graph, trace), *(f"{p.sentence} {p.remedy}" for p in found)])


def _table(graph: Graph, trace: Trace) -> str:
    rows = []
    for id, node in graph.nodes.items():
        values = [trace.value(id, k) for k in range(len(node.op.outputs))]
        shown = ", ".join(_report.cell(value) for value in values)
        rows.append([id, node.op_name, shown, _report.cell(trace.gradient(id)), _note(graph, trace, id)])
    return _report.table(["node", "op", "value", "gradient", ""], rows, right=["value", "gradient"])


def _note(graph: Graph, trace: Trace, id: str) -> str:
    notes = []
    if id == graph.target:
        notes.append("target")
    if trace.detached(id):
        notes.append("does not reach the target")
    if id == trace.first_non_finite:
        notes.append("the first that is not finite")
    return "; ".join(notes)
