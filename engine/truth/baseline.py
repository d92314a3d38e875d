"""Whether a model has learnt: its loss against that of the best constant, which needs no model at all.

Symbols: t the targets; c the constant output that has the least loss over them; p̄ the share of a class.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.ops.kernel import bind
from engine.passes.trace import Trace

LEARNT = 0.25  # of the best constant's loss: below it nobody need be told what hinders the learning
FEWEST = 4  # rows: of fewer, the best constant says nothing


@dataclass(frozen=True)
class Comparison:
    """A loss, the outputs and targets that it compares, and what the best constant output would have."""

    node: Node
    outputs: Any
    targets: Any
    loss: float
    constant_loss: float | None

    @property
    def learnt(self) -> bool:
        """Whether it is much better than any constant."""
        return self.constant_loss is not None and self.loss <= LEARNT * self.constant_loss


def compared(graph: Graph, trace: Trace) -> Comparison | None:
    """The only loss on the way to the target, and what it compares; None if there is none, or more than one."""
    target = trace.plan.target
    if target is None or trace.value(target) is None or not any(n.op.group == "loss" for n in graph.nodes.values()):
        return None
    on_the_way = graph.topology.ancestors(target) | {target}
    losses = [id for id in graph.nodes if id in on_the_way and graph.nodes[id].op.group == "loss"]
    if len(losses) != 1 or len(inputs := trace.inputs(losses[0])) != 2:
        return None
    node, (outputs, targets) = graph.nodes[losses[0]], inputs
    loss = trace.value(node.id)
    if loss is None or loss.size != 1:
        return None
    return Comparison(node, outputs, targets, float(loss), constant_loss(node, outputs, targets))


def constant_loss(node: Node, outputs: Any, targets: Any) -> float | None:
    """The least loss that one output for all rows can have; None where that says nothing."""
    best = _BEST.get(node.op_name)
    if best is None or np.ndim(targets) < 1 or len(targets) < FEWEST or np.ndim(outputs) < 1:
        return None
    with np.errstate(all="ignore"):
        try:
            constant = np.broadcast_to(best(outputs, targets), np.shape(outputs))
            loss = float(bind(node.op, 2, node.settings).forward(constant, targets))
        except (ValueError, IndexError):
            return None
    return loss if np.isfinite(loss) and loss > 1e-12 else None


def _mean(outputs: Any, targets: Any) -> Any:
    """c = mean t: it minimises Σ(t − c)²."""
    return np.mean(targets, axis=0)


def _logit(outputs: Any, targets: Any) -> Any:
    """c = ln(p̄ / (1 − p̄))."""
    share = np.clip(np.mean(targets, axis=0), 1e-9, 1 - 1e-9)
    return np.log(share / (1 - share))


def _log_shares(outputs: Any, targets: Any) -> Any:
    """c = ln p̄, class by class; targets are class ids or one-hot rows."""
    if np.shape(targets) == np.shape(outputs):
        shares = np.mean(targets, axis=0)
    else:
        shares = np.bincount(np.rint(targets).astype(int).ravel(), minlength=np.shape(outputs)[-1]) / np.size(targets)
    return np.log(np.maximum(shares, 1e-9))


# A loss → the constant output that minimises it over the targets.
_BEST: dict[str, Callable[[Any, Any], Any]] = {
    "mse": _mean,
    "squared_error": _mean,
    "bce": lambda o, t: np.clip(np.mean(t, axis=0), 1e-9, 1 - 1e-9),
    "mae": lambda o, t: np.median(t, axis=0),
    "hinge": lambda o, t: np.where(np.mean(t, axis=0) < 0, -1.0, 1.0),
    "bce_with_logits": _logit,
    "cross_entropy": _log_shares,
}
