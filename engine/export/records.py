"""The trace as data: JSON with every step, as `gradloom trace --json` prints it, and CSV with a row a step."""

import csv
import io
from typing import Any

from engine.data.csv import guarded
from engine.export.target import export
from engine.graph.graph import Graph
from engine.passes.trace import DropStep, ForwardStep, SeedStep, Step, Trace, UpdateStep
from engine.show.equation import Equation
from engine.show.explain import Explanation, explain
from engine.show.wording import Wording
from engine.text.write import printable
from engine.values.json_text import dump, json_ready, records_text

HEADS = (
    "step", "phase", "kind", "node", "output", "value", "from", "to", "port",
    "upstream", "local", "contribution", "total", "axes", "sentence", "equations",
)  # fmt: skip


@export("json", "Trace as JSON", ".json", order=100)
def write_json(graph: Graph, trace: Trace) -> str:
    """The record of the trace, one step a line."""
    return records_text(record(graph, trace)) + "\n"


@export("csv", "Trace as a table (CSV)", ".csv", order=110)
def write_csv(graph: Graph, trace: Trace) -> str:
    """A row a step, with the keys of the JSON as columns; arrays stand in a cell as JSON. No cell is a formula."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(part) for key, part in _row(step).items()} for step in record(graph, trace)["steps"])
    return out.getvalue()


def _row(step: dict[str, Any]) -> dict[str, Any]:
    """A step with its equations as one line of text."""
    return {**step, "equations": "; ".join(equation["text"] for equation in step["equations"])}


def _cell(part: Any) -> str:
    if part is None or (isinstance(part, list) and not part):
        return ""
    ready = json_ready(part)
    return guarded(printable(ready)) if isinstance(ready, str) else dump(ready)


def record(graph: Graph, trace: Trace, wording: Wording = "gradient") -> dict[str, Any]:
    """The steps as dicts: see `gradloom trace --help` for their keys."""
    steps = [
        {"step": i, **_step_record(step), **_phase(trace, i), **_told(explain(graph, trace.part_at(i), step, wording))}
        for i, step in enumerate(trace.steps, 1)
    ]
    return {"target": graph.target, "steps": steps}


def _phase(trace: Trace, number: int) -> dict[str, str]:
    """Of steps that belong to neither of the two passes: what they belong to."""
    phase = next(name for name, start in reversed(trace.phases) if start < number)
    return {} if phase in ("forward", "backward") else {"phase": phase}


def _told(said: Explanation) -> dict[str, Any]:
    return {"sentence": said.caption, "equations": [equation_record(equation) for equation in said.equations]}


def equation_record(equation: Equation) -> dict[str, Any]:
    """An equation as a dict: see `gradloom trace --help` for its keys."""
    return {
        "kind": equation.kind, "of": equation.of, "by": equation.by, "port": equation.port,
        "number": equation.number, "text": equation.text,
        "latex": equation.latex, "latex_numbers": equation.latex_numbers,
    }  # fmt: skip


def _step_record(step: Step) -> dict[str, Any]:
    if isinstance(step, ForwardStep):
        output = {"output": step.output} if step.output else {}
        return {"phase": "forward", "kind": "value", "node": step.node, **output, "value": step.value}
    if isinstance(step, SeedStep):
        return {"phase": "backward", "kind": "seed", "node": step.node, "value": step.gradient}
    if isinstance(step, UpdateStep):
        numbers = {"gradient": step.gradient, "before": step.before, "value": step.after}
        return {"phase": "update", "kind": "update", "node": step.node, **numbers}
    if isinstance(step, DropStep):
        numbers = {"before": step.before, "value": step.after, "promised": step.promised}
        return {"phase": "forward again", "kind": "drop", "node": step.node, **numbers}
    return {
        "phase": "backward", "kind": "contribution",
        "from": step.edge.dest, "to": step.edge.source, "port": step.edge.port,
        "upstream": step.upstream, "local": step.local, "contribution": step.contribution,
        "total": step.total, "axes": list(step.axes),
    }  # fmt: skip
