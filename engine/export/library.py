"""What the exports to libraries that differentiate by themselves share: gradients to compare with, rows to train on."""

from collections.abc import Iterator

import numpy as np

from engine.data.tables import load_dataset
from engine.export.program import Program
from engine.graph.graph import Graph
from engine.passes.leaves import leaf_values
from engine.passes.run import trace_of
from engine.passes.trace import ForwardStep, Trace
from engine.values.values import Value


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
        if gradient is not None and len(program.graph.nodes[step.node].op.outputs) == 1:
            yield step.node, gradient


def over_all_rows(graph: Graph, trace: Trace) -> Trace:
    """The trace over all rows of training, where a dataset shows only the first of them while stepping."""
    shown = {step.node for step in trace.forward_steps}
    nodes = [node for id, node in graph.nodes.items() if node.op_name == "dataset" and id in shown]
    if not nodes:
        return trace
    loaded = [load_dataset(node.chosen) for node in nodes]
    rows = {node.id: data.rows(data.training) for node, data in zip(nodes, loaded, strict=True)}
    whole = trace_of(trace.plan, leaf_values(graph) | rows, graph.seed)
    if whole.failures or whole.too_large:
        return trace  # something in it has the length of the rows that are shown, or they are too many
    return whole


def data_steps(program: Program) -> list[ForwardStep]:
    """The outputs of datasets that the program uses, if they have one number of rows; else none."""
    steps = [step for step in program.needed_leaves() if program.graph.nodes[step.node].op_name == "dataset"]
    return steps if len({step.value.shape[:1] for step in steps}) == 1 else []


def rows_can_be_shared(program: Program) -> bool:
    """Whether the target over all rows is the mean over those of its parts, and its gradients too.

    Then several processes can take some rows each and average. It is tried out on two halves.
    """
    steps = data_steps(program)
    rows = len(np.asarray(steps[0].value)) if steps else 0
    if rows < 2:
        return False
    pieces = (slice(0, rows // 2), slice(rows // 2, rows))
    parts = [(_run_on(program, piece), (piece.stop - piece.start) / rows) for piece in pieces]
    return _is_mean(program, parts)


def _run_on(program: Program, rows: slice) -> Trace:
    """The trace with only these rows of its data."""
    leaves = program.leaves()
    held: dict[str, Value | tuple[Value, ...]] = {step.node: step.value for step in leaves}
    data = {s.node for s in leaves if program.graph.nodes[s.node].op_name == "dataset"}
    held |= {id: tuple(np.asarray(step.value)[rows] for step in leaves if step.node == id) for id in data}
    return trace_of(program.trace.plan, held, program.graph.seed)


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
