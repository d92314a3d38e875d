"""Functions of each element that are no operation of their own, spelled out in those that are; clip, where, powers."""

import ast
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.text.call import Call, word
from engine.text.numbers import reckoned
from engine.text.state import Scope
from engine.text.things import Array, Ref, Thing, WrittenNumber, is_number, number_of

# By name: what stands for it, in Gradloom's own words. A letter is an argument by place; after `;` are defaults.
SPELLED: dict[str, str] = {
    "reciprocal": "1 / x",
    "rsqrt": "1 / sqrt(x)",
    "exp2": "2 ** x",
    "sinh": "(exp(x) - exp(-x)) / 2",
    "cosh": "(exp(x) + exp(-x)) / 2",
    "hypot": "sqrt(x * x + b * b)",
    "logaddexp": "b + softplus(x - b)",
    "logit": "log(x / (1 - x))",
    "expit": "sigmoid(x)",
    "log_sigmoid": "-softplus(-x)",
    "logsigmoid": "-softplus(-x)",
    "relu6": "where(x <= 0, 0, where(x >= 6, 6, x))",
    "hardtanh": "where(x <= l, l, where(x >= h, h, x)); l=-1; h=1",
    "hardsigmoid": "where(x <= -3, 0, where(x >= 3, 1, x / 6 + 0.5))",
    "hard_sigmoid": "where(x <= -3, 0, where(x >= 3, 1, x / 6 + 0.5))",
    "hardswish": "where(x <= -3, 0, where(x >= 3, x, x * (x / 6 + 0.5)))",
    "softsign": "x / (1 + abs(x))",
    "soft_sign": "x / (1 + abs(x))",
    "tanhshrink": "x - tanh(x)",
    "mish": "x * tanh(softplus(x))",
    "selu": "1.0507009873554805 * elu(x, alpha=1.6732632423543772)",
    "prelu": "where(x > 0, x, w * x)",
    "softmin": "softmax(-x, axis=d); d=-1",
    "squared_relu": "square(relu(x))",
    "lerp": "x + w * (b - x)",
    "deg2rad": "x * 0.017453292519943295",
    "radians": "x * 0.017453292519943295",
    "addmm": "x + matmul(a, b)",
    "baddbmm": "x + matmul(a, b)",
    "positive": "x * 1",
    "fabs": "abs(x)",
    "log_softmin": "log_softmax(-x, axis=d); d=-1",
}
_ORDER = {
    "prelu": "x w",
    "lerp": "x b w",
    "softmin": "x d",
    "log_softmin": "x d",
    "hardtanh": "x l h",
    "addmm": "x a b",
    "baddbmm": "x a b",
}
_KEYWORDS = {
    "min_val": "l",
    "max_val": "h",
    "dim": "d",
    "axis": "d",
    "weight": "w",
    "end": "b",
    "mat1": "a",
    "batch1": "a",
    "batch2": "b",
}


def spelled(call: Call, text: str, **arguments: Thing) -> Thing:
    """What a text in Gradloom's own words gives for these things; its last node is the call's."""
    tree = ast.parse(text, mode="eval").body
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            node.lineno, node.col_offset = call.node.lineno, call.node.col_offset
    scope = Scope(dict(arguments), None, frozenset(arguments))
    imports, call.reading.imports = call.reading.imports, {}
    libraries, call.reading.libraries = call.reading.libraries, set()
    try:
        with call.reading.within(scope):
            made = call.reading.value(tree, call.name)
    finally:
        call.reading.imports, call.reading.libraries = imports, libraries
    if isinstance(made, Ref):
        if call.label:
            call.reading.made.call_it(made.node, call.label)
        call.of_library(made)
    return made


def _spelled_out(call: Call) -> Thing:
    text, *defaults = SPELLED[call.called].split("; ")
    names = _ORDER.get(call.called, "x b" if " b" in text or "b " in text else "x")
    for word_ in list(call.words):
        if word_ in _KEYWORDS:
            call.words[_KEYWORDS[word_]] = call.words.pop(word_)
    call.take(names)
    given: dict[str, Thing] = {}
    for name in names.split():
        default = next((d.partition("=")[2] for d in defaults if d.startswith(f"{name}=")), None)
        if call.has(name) or default is None:
            given[name] = call.plain(name) if default is not None else call.operand(name)
        else:
            given[name] = int(default)
    return spelled(call, text, **given)


for _name in SPELLED:
    word(_name)(_spelled_out)


# --- functions of a number that is written: √2 is a number, and a node only where it is drawn

_OF_NUMBERS: dict[str, Callable[..., Any]] = {
    "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "sin": math.sin, "cos": math.cos, "tanh": math.tanh,
    "log2": math.log2, "log10": math.log10, "tan": math.tan, "square": lambda x: x * x,
}  # fmt: skip


def _function(call: Call) -> Thing:
    call.take("x base" if call.called == "log" and call.library in ("math", "") else "x")
    thing = call.thing("x")
    if call.has("base"):
        call.refuse("write log(x) / log(base) for another base")
    if is_number(thing) and not call.label:
        try:
            value = _OF_NUMBERS[call.called](number_of(thing))
        except (ValueError, OverflowError):
            value = math.nan
        if not math.isnan(value):
            is_drawn = isinstance(thing, WrittenNumber) and call.library != "math"
            return WrittenNumber(value, call.node) if is_drawn else value
    if isinstance(thing, Array) and not thing.op:
        with np.errstate(all="ignore"):
            return Array(getattr(np, call.called)(thing.data), "", thing.library)
    return call.make(call.called, call.reading.operand(thing, call.expression("x")))


for _name in _OF_NUMBERS:
    word(_name)(_function)


@word("floor", "ceil", "trunc")
def _whole(call: Call) -> Thing:
    call.take("x")
    if call.is_plain("x") and call.library == "math":
        number = call.plain_number("x")
        if not math.isfinite(number):
            call.refuse(f"{call.called} needs a finite number")
        return getattr(math, call.called)(number)
    call.refuse(f"there is no operation “{call.called}”: it jumps, so its gradient is 0 everywhere")


# --- clip, where


@word("clip", "clamp", "clamp_min", "clamp_max")
def _clip(call: Call) -> Ref:
    if call.called in ("clamp_min", "clamp_max"):
        call.take("x low" if call.called == "clamp_min" else "x high", ignored="")
    else:
        for here, there in (("min", "low"), ("max", "high"), ("a_min", "low"), ("a_max", "high")):
            if here in call.words:
                call.words[there] = call.words.pop(here)
        call.take("x low high")
    bounds = {name: call.thing(name) for name in ("low", "high") if call.has(name) and call.thing(name) is not None}
    if all(call.is_plain(name) for name in bounds) and not any(isinstance(bound, Ref) for bound in bounds.values()):
        if not bounds and call.is_own:
            return call.make("clip", call.operand("x"))
        ends = {name: call.plain(name) if name in bounds else None for name in ("low", "high")}
        return call.make("clip", call.operand("x"), **ends)
    made = call.operand("x")
    for name, bound in bounds.items():
        last = name == list(bounds)[-1]
        make = call.make if last else call.part
        made = make("max" if name == "low" else "min", made, call.reading.operand(bound, call.node))
    return made


@word("where")
def _where(call: Call) -> Ref:
    """where(c, a, b); of a tensor the method chooses between itself and another."""
    if call.library == "method":
        x, condition, other = call.take("x condition b").operands("x condition b")
        return call.make("where", condition, x, other)
    call.take("c p q", exact=True)
    if len(call.args) == 1:
        call.refuse("where with one argument gives places, which have no gradient: write where(condition, a, b)")
    return call.make("where", *call.operands("c p q"))


@word("masked_fill")
def _masked_fill(call: Call) -> Ref:
    x, mask, value = call.take("x mask value").operands("x mask value")
    return call.make("where", mask, value, x)


@word("maximum", "minimum", "fmax", "fmin")
def _larger(call: Call) -> Ref:
    if call.called.startswith("f"):
        call.refuse(f"{call.called} leaves nan out: write {call.called[1:]}imum(a, b)")
    return call.make(call.called[:3], *call.take("x b").operands("x b"))


@word("logical_and", "logical_or", "logical_not")
def _logical(call: Call) -> Thing:
    if call.called == "logical_not":
        return spelled(call, "1 - (x != 0)", x=call.take("x").operand("x"))
    both = "(x != 0) * (b != 0)" if call.called == "logical_and" else "max(x != 0, b != 0)"
    x, b = call.take("x b").operands("x b")
    made = spelled(call, both, x=x, b=b)
    call.reading.made.truths.add(made.node)
    return made


@word("greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "gt", "ge", "lt", "le", "eq", "ne", "neq")
def _comparison(call: Call) -> Ref:
    if call.library == "torch" and call.called == "equal":
        call.refuse("torch.equal gives True or False for the whole: write a == b for each element")
    op = call.reading.ops.get(call.called)
    made = call.make(op or call.called, *call.take("x b").operands("x b"))
    call.reading.made.truths.add(made.node)
    return made


# --- arithmetic by name


@word("pow", "power", "float_power")
def _power(call: Call) -> Thing:
    call.take("x b", exact=False)
    return _arithmetic(call, ast.Pow(), "pow")


def _arithmetic(call: Call, op: ast.operator, name: str) -> Thing:
    a, b = call.thing("x"), call.thing("b")
    if is_number(a) and is_number(b) and not isinstance(a, WrittenNumber):
        return reckoned(op, number_of(a), number_of(b))
    places = (call.expression("x"), call.expression("b"))
    return call.make(name, *(call.reading.operand(thing, place) for thing, place in zip((a, b), places, strict=True)))


@word("torch.add", "torch.sub", "torch.subtract", "method.add", "method.sub", "method.subtract")
def _added(call: Call) -> Ref:
    """torch.add(x, b, alpha=2) is x + 2 · b."""
    if "alpha" not in call.words and len(call.args) > 2:
        return call.make("add", *(call.reading.operand(arg) for arg in call.args))
    call.take("x b alpha")
    x, b = call.operands("x b")
    if call.has("alpha"):
        b = call.part("mul", call.operand("alpha"), b)
    return call.make("add" if call.called == "add" else "sub", x, b)


@word("abs", "absolute", "__abs__")
def _absolute(call: Call) -> Thing:
    call.take("x")
    thing = call.thing("x")
    if is_number(thing) and not isinstance(thing, WrittenNumber):
        return abs(number_of(thing))
    return call.make("abs", call.reading.operand(thing, call.expression("x")))


@word("true_divide", "divide", "div")
def _divided(call: Call) -> Ref:
    rounding = call.reading.value(call.words.pop("rounding_mode")) if "rounding_mode" in call.words else None
    if rounding not in (None, "floor"):
        call.refuse("only rounding_mode=“floor” is understood: write a // b for the whole quotient")
    return call.make("floor_div" if rounding else "div", *call.take("x b").operands("x b"))


@word("fmod")
def _fmod(call: Call) -> Ref:
    call.refuse("fmod takes the sign of the dividend: write a % b, which takes that of the divisor")


# --- activations whose words differ from library to library


@word("gelu")
def _gelu(call: Call) -> Thing:
    call.take("x approximate")
    approximate = call.plain("approximate", call.library == "jax")
    if approximate in ("tanh", True):
        text = "0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x ** 3)))"
        return spelled(call, text, x=call.operand("x"))
    return call.make("gelu", call.operand("x"))


@word("softplus")
def _softplus(call: Call) -> Thing:
    call.take("x beta threshold")
    beta = call.plain_number("beta") if call.has("beta") else 1
    if call.has("threshold") and call.plain_number("threshold") < 20:
        call.refuse("softplus is not straight from a threshold on here: leave the threshold out")
    if beta == 1:
        return call.make("softplus", call.operand("x"))
    return spelled(call, "softplus(x * b) / b", x=call.operand("x"), b=beta)


@word("softmax", "log_softmax")
def _softmax(call: Call) -> Ref:
    if call.called == "softmax" and call.library == "scipy":
        call.take("x axis")
        return call.make("softmax", call.operand("x"), axis=call.plain("axis") if call.has("axis") else "all")
    call.take("x axis" + (" where initial" if call.library == "jax" else ""), ignored="_stacklevel")
    axis = call.plain("axis")
    if axis is None and call.speech == "torch":
        shape = call.reading.made.shape(call.operand("x"))
        if shape is not None and len(shape) == 3:
            call.refuse(f"PyTorch takes the first axis here where nothing is said: write {call.called}(x, dim=-1)")
    return call.make(call.called, call.operand("x"), **({} if axis is None else {"axis": axis}))


@word("leaky_relu")
def _leaky_relu(call: Call) -> Ref:
    call.take("x slope")
    x = call.operand("x")
    return call.make("leaky_relu", x, **call.settings("slope"))


@word("celu")
def _celu(call: Call) -> Thing:
    alpha = call.take("x alpha").plain("alpha", 1)
    return spelled(call, "max(x, 0) + a * expm1(min(x, 0) / a)", x=call.operand("x"), a=alpha)


@word("threshold")
def _threshold(call: Call) -> Thing:
    call.take("x t v")
    return spelled(call, "where(x > t, x, v)", x=call.operand("x"), t=call.plain("t"), v=call.plain("v"))


@word("cosine_similarity")
def _cosine(call: Call) -> Thing:
    call.take("x b axis eps")
    axis: Any = call.plain("axis", 1 if call.library == "torch" else -1)
    text = "sum(x * b, axis=d) / (norm(x, axis=d) * norm(b, axis=d))"
    return spelled(call, text, x=call.operand("x"), b=call.operand("b"), d=axis)
