"""Operators of ONNX that add up, average or compare along axes."""

from collections.abc import Mapping
from typing import Any

from engine.files.onnx.builder import Builder, CannotSay, Operator, Source, reads

# Operator → what is done with each element first, which op reduces, and what is done with the result.
REDUCTIONS: Mapping[str, tuple[str, str, str]] = {
    "ReduceSum": ("", "sum", ""), "ReduceMean": ("", "mean", ""), "ReduceMax": ("", "amax", ""),
    "ReduceMin": ("", "amin", ""), "ReduceProd": ("", "prod", ""), "ReduceL2": ("", "norm", ""),
    "ReduceLogSumExp": ("", "logsumexp", ""), "ReduceL1": ("abs", "sum", ""), "ReduceSumSquare": ("square", "sum", ""),
    "ReduceLogSum": ("", "sum", "log"),
}  # fmt: skip


@reads(*REDUCTIONS)
def _reduce(to: Builder, call: Operator) -> Source:
    before, op, after = REDUCTIONS[call.kind]
    x = to.tensor(call.inputs[0])
    axes = to.whole_numbers(call.inputs[1]) if call.has(1) else tuple(call.get("axes", ()))
    if not axes and call.get("noop_with_empty_axes", 0):
        return x
    if before:
        x = to.add(f"{call.name}/{before}", before, x)
    reduced = along(to, f"{call.name}/{op}" if after else call.name, op, x, axes, keep=bool(call.get("keepdims", 1)))
    return to.add(call.name, after, reduced) if after else reduced


def along(to: Builder, name: str, op: str, x: Source, axes: tuple[int, ...], keep: bool, **more: Any) -> Source:
    """A reduction along axes, or without any along all."""
    said: Any = "all" if not axes else axes[0] if len(axes) == 1 else axes
    return to.add(name, op, x, axis=said, keep=keep, **more)


@reads("Softmax", "LogSoftmax")
def _soft(to: Builder, call: Operator) -> Source:
    """Before version 13 what follows the axis is one axis: that is the same where it is the last one."""
    axis = call.get("axis", -1 if call.opset >= 13 else 1)
    if call.opset < 13:
        rank = len(to.shape(call.inputs[0]))
        if axis % max(rank, 1) != rank - 1:
            raise CannotSay
        axis = -1
    return to.add(
        call.name, "softmax" if call.kind == "Softmax" else "log_softmax", to.tensor(call.inputs[0]), axis=axis
    )


@reads("LpNormalization")
def _lp_normalization(to: Builder, call: Operator) -> Source:
    x, axis = to.tensor(call.inputs[0]), (call.get("axis", -1),)
    if call.get("p", 2) == 2:
        length = along(to, f"{call.name}/norm", "norm", x, axis, keep=True)
    else:
        length = along(to, f"{call.name}/sum", "sum", to.add(f"{call.name}/abs", "abs", x), axis, keep=True)
    return to.add(call.name, "div", x, length)
