"""The programs that take Gradloom's exports: each runs one, and says which value and which gradients it finds.

An answer holds the target's value, and the gradient of each leaf that the target depends on, by the leaf's own name.
Nothing here trusts the check that an exported program makes of itself; that it passes is asserted besides.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
import onnxruntime
import torch

from engine.data.tables import load_dataset
from engine.export import export_graph, trace_for
from engine.graph.graph import Graph
from engine.passes.run import leaf_values, trace_of
from engine.passes.trace import ForwardStep, Trace

torch.set_num_threads(1)
jax.config.update("jax_enable_x64", True)


@dataclass(frozen=True)
class Answer:
    """The value of the target, and the gradients of the leaves."""

    value: Any
    gradients: dict[str, Any]


def of_trace(graph: Graph, trace: Trace) -> Answer:
    """What Gradloom itself found."""
    result = graph.target or _forward(trace)[-1].node
    return Answer(trace.value(result), {id: trace.gradient(id) for id in _leaves(graph, trace)})


def over_all_rows(graph: Graph) -> Trace:
    """A run over all rows of training: a graph with a dataset shows only the first of them."""
    plan = trace_for(graph).plan
    loaded = {id: load_dataset(node.chosen) for id, node in graph.nodes.items() if node.op_name == "dataset"}
    return trace_of(plan, leaf_values(graph) | {id: d.rows(d.training) for id, d in loaded.items()}, graph.seed)


def by_numpy(graph: Graph) -> Answer:
    trace = trace_for(graph)
    space = executed(graph, "numpy")
    found = space.get("gradients", {})
    result = graph.target or _forward(trace)[-1].node
    return Answer(space["values"][result], {id: found[id] for id in _leaves(graph, trace)})


def by_torch(graph: Graph) -> Answer:
    space = executed(graph, "torch")
    model = space["Model"]()
    data = {name: torch.tensor(value, requires_grad=True) for name, value in space["DATA"].items()}
    value = model(**data)
    if value.requires_grad:
        value.backward(torch.full_like(value, graph.seed))
    leaves = {**data, **dict(model.named_parameters())}
    found = {name: np.zeros(leaves[name].shape) if leaves[name].grad is None else leaves[name].grad.numpy()
             for name in space["GRADIENTS"]}  # fmt: skip
    with redirect_stdout(io.StringIO()):
        assert space["main"]() == 0, "its own check fails"
    return Answer(value.detach().numpy(), _by_leaf(graph, found))


def by_jax(graph: Graph) -> Answer:
    space = executed(graph, "jax")
    found = {name: np.asarray(space["gradients"][name]) for name in space["expected"]}
    return Answer(np.asarray(space["value"]), _by_leaf(graph, found))


def by_micrograd(graph: Graph) -> Answer:
    space = executed(graph, "micrograd")
    trace = trace_for(graph)
    said = {id: space.get(id, space.get(f"{id}_")) for id in graph.nodes}  # `input` is a name of Python's own
    result = said[graph.target or _forward(trace)[-1].node]
    return Answer(getattr(result, "data", result), {id: said[id].grad for id in _leaves(graph, trace)})


def by_onnx_runtime(graph: Graph) -> Answer:
    """ONNX has forward passes only: no gradients."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.intra_op_num_threads = 1
    model = export_graph(graph, "onnx")
    return Answer(onnxruntime.InferenceSession(model, options).run(None, {})[0], {})


CONSUMERS: dict[str, Callable[[Graph], Answer]] = {
    "numpy": by_numpy, "torch": by_torch, "jax": by_jax, "micrograd": by_micrograd, "onnx": by_onnx_runtime,
}  # fmt: skip


def executed(graph: Graph, target: str) -> dict[str, Any]:
    """The names that an exported program leaves behind."""
    space: dict[str, Any] = {"__name__": "exported"}
    with redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        try:
            exec(compile(str(export_graph(graph, target)), f"<{target}>", "exec"), space)
        except SystemExit as ended:
            space["exit"] = ended.code
    return space


def finite(answer: Answer) -> bool:
    return all(np.all(np.isfinite(x)) for x in (answer.value, *answer.gradients.values()))


def _by_leaf(graph: Graph, found: dict[str, Any]) -> dict[str, Any]:
    """Gradients under the leaves' own names: a program may have had to change them, but keeps their order."""
    return dict(zip(_leaves(graph, trace_for(graph)), found.values(), strict=True))


def _leaves(graph: Graph, trace: Trace) -> list[str]:
    """The leaves that the target depends on and that get a gradient, in the order of the forward pass."""
    if graph.target is None:
        return []
    needed = graph.topology.ancestors(graph.target) | {graph.target}
    leaves = (step.node for step in _forward(trace) if graph.nodes[step.node].op.is_leaf)
    return [id for id in dict.fromkeys(leaves) if id in needed and trace.gradient(id) is not None]


def _forward(trace: Trace) -> list[ForwardStep]:
    return [step for step in trace.steps[: trace.backward_start] if isinstance(step, ForwardStep)]
