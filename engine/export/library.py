"""What the exports to libraries that differentiate by themselves share: the gradients to compare theirs with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.export.program import Program
from engine.run import trace_of
from engine.trace import Trace
from engine.values import Value


def shown_value(program: Program) -> Value:
    """The value of the node that the program returns."""
    value = program.trace.value(program.result)
    assert value is not None
    return value


def checked_gradients(program: Program) -> Iterator[tuple[str, Value]]:
    """(leaf, gradient) for each leaf that the program uses and that gets one."""
    if program.target is None:
        return
    for step in program.needed_leaves():
        gradient = program.trace.gradient(step.node)
        if gradient is not None and len(program.graph.nodes[step.node].kind.outputs) == 1:
            yield step.node, gradient


def shared_rows(program: Program) -> int | None:
    """How many rows the data has, if several processes may share them: then the target is the mean of its parts'.

    None where there is no data in rows, or where the target of all rows is not the mean over those of its parts.
    """
    leaves = {step.node for step in program.needed_leaves() if len(program.graph.nodes[step.node].kind.outputs) > 1}
    data = {(s.node, s.output): s.value for s in program.leaves() if s.node in leaves}
    if len({value.shape[:1] for value in data.values()}) != 1:
        return None
    rows = next(iter(data.values())).shape[0]
    if rows < 2:
        return None
    first = rows // 2
    pieces = (slice(0, first), slice(first, rows))
    parts = [(_run_on(program, piece), (piece.stop - piece.start) / rows) for piece in pieces]
    return rows if _is_mean(program, parts) else None


def _run_on(program: Program, rows: slice) -> Trace:
    """The trace with only these rows of its data."""
    values: dict[str, Value | tuple[Value, ...]] = {}
    for step in program.leaves():
        if len(program.graph.nodes[step.node].kind.outputs) > 1:
            held = values.get(step.node, ())
            values[step.node] = (*(held if isinstance(held, tuple) else ()), np.asarray(step.value)[rows])
        else:
            values[step.node] = step.value
    return trace_of(program.trace.plan, values, program.graph.seed)


def _is_mean(program: Program, parts: list[tuple[Trace, float]]) -> bool:
    def agrees(whole: Value | None, of_parts: list[Value | None]) -> bool:
        if whole is None or any(part is None or part.shape != whole.shape for part in of_parts):
            return False
        mean = sum(weight * part for part, (_, weight) in zip(of_parts, parts, strict=True) if part is not None)
        return bool(np.allclose(mean, whole, 1e-9, 1e-12))

    target = program.result
    if not agrees(program.trace.value(target), [trace.value(target) for trace, _ in parts]):
        return False
    return all(
        agrees(whole, [trace.gradient(leaf) for trace, _ in parts]) for leaf, whole in checked_gradients(program)
    )
