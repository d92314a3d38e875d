"""Operators of ONNX that act element by element, as ops, or as small programs of these.

Most are found by themselves: a word of op texts says which operator of ONNX it is.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np

from engine.files.onnx.builder import Builder, CannotSay, Operator, Source, reads
from engine.files.onnx.numbers import kind_name
from engine.ops.op import OPS
from engine.ops.words.table import WORDS

# Ops that are an operator of ONNX as they stand, and which setting is which attribute.
WHOLE: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "Add": ("add", {}), "Sub": ("sub", {}), "Mul": ("mul", {}), "Div": ("div", {}), "Neg": ("neg", {}),
    "Pow": ("pow", {}), "Sum": ("add", {}), "Max": ("max", {}), "Min": ("min", {}), "Relu": ("relu", {}),
    "Sigmoid": ("sigmoid", {}), "LeakyRelu": ("leaky_relu", {"slope": "alpha"}), "Elu": ("elu", {"alpha": "alpha"}),
    "Softplus": ("softplus", {}), "Greater": ("greater", {}), "GreaterOrEqual": ("greater_equal", {}),
    "Less": ("less", {}), "LessOrEqual": ("less_equal", {}), "Equal": ("equal", {}), "Xor": ("not_equal", {}),
    "And": ("mul", {}), "Or": ("max", {}), "Tan": ("tan", {}), "Erf": ("erf", {}), "Sign": ("sign", {}),
    "Where": ("where", {}),
}  # fmt: skip
FOLDS = ("add", "max", "min")  # that take any number of inputs

# What is a small program of ops: x, a, b are the inputs, attributes stand in braces with what they usually are.
PROGRAMS: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "Reciprocal": ("1 / x", {}),
    "Not": ("1 - x", {}),
    "Floor": ("floor_div(x, 1)", {}),
    "Ceil": ("-floor_div(-x, 1)", {}),
    "Sinh": ("(exp(x) - exp(-x)) / 2", {}),
    "Cosh": ("(exp(x) + exp(-x)) / 2", {}),
    "Softsign": ("x / (1 + abs(x))", {}),
    "Mish": ("x * tanh(softplus(x))", {}),
    "HardSwish": ("x * min(max(x / 6 + 0.5, 0), 1)", {}),
    "HardSigmoid": ("min(max({alpha} * x + {beta}, 0), 1)", {"alpha": 0.2, "beta": 0.5}),
    "Selu": ("{gamma} * elu(x, alpha={alpha})", {"alpha": 1.6732632423543772, "gamma": 1.0507009873554805}),
    "Celu": ("max(x, 0) + {alpha} * (exp(min(x / {alpha}, 0)) - 1)", {"alpha": 1.0}),
    "Swish": ("x * sigmoid({alpha} * x)", {"alpha": 1.0}),
    "PRelu": ("max(a, 0) + b * min(a, 0)", {}),
}
_TANH_GELU = "0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))"  # √(2/π)


@cache
def operators() -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """ONNX's name of an operator → the op that it is, and which of its settings is which attribute."""
    said = {f"{name}({', '.join(op.ports)})": word.onnx for op in OPS.values() for name, word in WORDS.items()}
    spelt = ((said.get(op.forward), op.name) for op in OPS.values() if op.ports)
    words: dict[str, tuple[str, Mapping[str, str]]] = {
        onnx: (op, {}) for onnx, op in spelt if onnx and onnx.isidentifier()
    }
    return words | dict(WHOLE)


def read_whole(to: Builder, call: Operator) -> Source:
    """An operator that an op is."""
    op, names = operators()[call.kind]
    usual = OPS[op].defaults
    chosen = {setting: call.get(name, usual[setting]) for setting, name in names.items()}
    return folded(to, call.name, op, [to.tensor(name) for name in call.inputs], **chosen)


def folded(to: Builder, name: str, op: str, sources: list[Source], **settings: float) -> Source:
    """An op over its inputs; of an op with two ports that is given more, one after the other; one is itself."""
    if len(sources) == 1 and op in FOLDS:
        return sources[0]
    if not OPS[op].repeats and len(sources) != len(OPS[op].ports):
        if op not in FOLDS or not sources:
            raise CannotSay
        first = to.add(f"{name}/1", op, *sources[:2])
        return folded(to, name, op, [first, *sources[2:]])
    return to.add(name, op, *sources, **settings)


@reads(*PROGRAMS)
def _program(to: Builder, call: Operator) -> Source:
    text, usual = PROGRAMS[call.kind]
    text = text.format(**{name: repr(float(call.get(name, number))) for name, number in usual.items()})
    if call.kind == "PRelu":
        return to.said(call.name, text, a=to.tensor(call.inputs[0]), b=to.tensor(call.inputs[1]))
    return to.said(call.name, text, x=to.tensor(call.inputs[0]))


@reads("Mean")
def _mean(to: Builder, call: Operator) -> Source:
    total = folded(to, f"{call.name}/sum", "add", [to.tensor(name) for name in call.inputs])
    return to.said(call.name, f"x / {len(call.inputs)}", x=total)


@reads("Gelu")
def _gelu(to: Builder, call: Operator) -> Source:
    x = to.tensor(call.inputs[0])
    exact = call.get("approximate", "none") == "none"
    return to.add(call.name, "gelu", x) if exact else to.said(call.name, _TANH_GELU, x=x)


@reads("Clip")
def _clip(to: Builder, call: Operator) -> Source:
    def bound(at: int, name: str) -> float | None:
        value = float(np.ravel(to.known(call.inputs[at]))[0]) if call.has(at) else call.get(name, None)
        return None if value is None or not abs(value) < 3e38 else float(value)

    return to.add(call.name, "clip", to.tensor(call.inputs[0]), low=bound(1, "min"), high=bound(2, "max"))


@reads("ThresholdedRelu")
def _thresholded(to: Builder, call: Operator) -> Source:
    gate = to.said(f"{call.name}/gate", f"greater(x, {float(call.get('alpha', 1.0))!r})", x=to.tensor(call.inputs[0]))
    return to.add(call.name, "mul", to.tensor(call.inputs[0]), gate)


@reads("Mod")
def _mod(to: Builder, call: Operator) -> Source:
    if call.get("fmod", 0):
        raise CannotSay
    return to.add(call.name, "mod", *(to.tensor(name) for name in call.inputs))


@reads("Identity")
def _identity(to: Builder, call: Operator) -> Source:
    return to.tensor(call.inputs[0])


@reads("Dropout")
def _dropout(to: Builder, call: Operator) -> Source:
    """In inference it passes on what it gets."""
    if call.has(2) and np.any(to.known(call.inputs[2])):
        raise CannotSay
    return to.tensor(call.inputs[0])


@reads("Cast", "CastLike")
def _cast(to: Builder, call: Operator) -> Source:
    """Between numbers of different widths nothing changes that a graph of floats could tell; fractions may be lost."""
    wanted = call.get("to", 0) if call.kind == "Cast" else to.kinds.get(call.inputs[1], 0)
    has, gets = (kind_name(to.onnx, kind) for kind in (to.kinds.get(call.inputs[0], 1), wanted))
    x = to.tensor(call.inputs[0])
    if "FLOAT" in gets or gets == "DOUBLE" or has == gets or has == "BOOL":
        return x
    if gets == "BOOL":
        return to.said(call.name, "not_equal(x, 0)", x=x)
    if "INT" in gets and "INT" in has:
        return x
    if "INT" in gets and ("FLOAT" in has or has == "DOUBLE"):
        return to.said(call.name, "sign(x) * floor_div(abs(x), 1)", x=x)
    raise CannotSay
