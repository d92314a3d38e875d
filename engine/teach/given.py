"""What an answer is worked out from, where it is more than the canvas has room for: the arrays, written out."""

from __future__ import annotations

import numpy as np

from engine.passes.trace import ContributionStep, ForwardStep
from engine.teach.question import Question
from engine.values.values import Value, number_text, shape_text

MOST_CELLS = 30


def given(question: Question) -> list[str]:
    """A line for each number that goes in, `W = [[1, 2], [3, 4]]`; none where all of them are single numbers."""
    step, names = question.told, question.names
    if isinstance(step, ForwardStep):
        node, inputs, lines = step.node, step.inputs, []
    elif isinstance(step, ContributionStep):
        node, inputs = step.edge.dest, question.trace.inputs(step.edge.dest)
        lines = [(f"∂{names.goal}/∂{names.node(node)}", step.upstream)]
        if question.of == "gradient" and step.before is not None:
            lines.append((f"arrived at {names.node(step.edge.source)} so far", step.before))
    else:
        return []
    edges = question.graph.into(node)
    lines += [(names.value(edge.source, edge.output), value) for edge, value in zip(edges, inputs, strict=True)]
    if question.ask == "shape":
        return [f"{name} has the shape {shape_text(value.shape)}" for name, value in dict(lines).items()]
    return [f"{name} = {_written(value)}" for name, value in dict(lines).items()] if _has_arrays(lines) else []


def _has_arrays(lines: list[tuple[str, Value]]) -> bool:
    return any(value.ndim for _, value in lines)


def _written(value: Value) -> str:
    if value.size > MOST_CELLS:
        return f"an array of shape {shape_text(value.shape)}: hover over its card for its cells"
    if value.ndim == 0:
        return number_text(float(value))
    return f"[{', '.join(_written(np.asarray(row)[()]) for row in np.asarray(value))}]"
