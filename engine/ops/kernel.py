"""An op made executable: its texts over the names of its inputs, and these as functions over arrays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from engine.ops.op import Op, Settings
from engine.ops.substitute import chosen_product, names_in, substitute
from engine.ops.words.table import NUMPY
from engine.values.values import Value


@dataclass(frozen=True, slots=True)
class Vjp:
    """A port's backward rule: `call(*inputs, y)` if it is local, else `call(*inputs, y, g)`; None passes g on.

    `chosen(*inputs, y, g)` is the contribution where the local derivative is a choice: 0 where it is not chosen.
    """

    call: Callable[..., Value] | None
    is_local: bool
    chosen: Callable[..., Value] | None = None


@dataclass(frozen=True, slots=True)
class Kernel:
    """An op made executable for one arity and one choice of settings."""

    forward: Callable[..., Value]
    vjps: tuple[Vjp, ...]


def forward_text(op: Op, inputs: tuple[str, ...], settings: Mapping[str, Any]) -> str:
    """The op's forward text over the given input expressions; a repeating op is folded: (a + b) + c."""
    literals = _literals(op, settings)
    if not op.folds:
        named = dict(zip(op.ports, inputs, strict=False)) | {"xs": _tuple(inputs)}
        return substitute(op.forward, literals | named)
    text = inputs[0]
    for nxt in inputs[1:]:
        text = substitute(op.forward, literals | {op.ports[0]: text, op.ports[1]: nxt})
    return text


def rule_text(
    op: Op, port: int, inputs: tuple[str, ...], y: str, g: str, settings: Mapping[str, Any]
) -> tuple[str, bool]:
    """A port's backward rule over the given expressions, and whether it is a local derivative."""
    text, is_local = op.rule(port)
    names = _literals(op, settings) | {"y": y, "g": g}
    if op.repeats:
        names |= {"x": inputs[port], "xs": _tuple(inputs), "i": str(port)}
    else:
        names |= dict(zip(op.ports, inputs, strict=True))
    return substitute(text, names), is_local


def contribution_text(op: Op, port: int, inputs: tuple[str, ...], y: str, g: str, settings: Mapping[str, Any]) -> str:
    """The contribution to a port, before it is summed back: g · local, or the whole rule."""
    text, is_local = rule_text(op, port, inputs, y, g, settings)
    return (chosen_product(g, text) or f"{g} * ({text})") if is_local else text


@lru_cache(maxsize=256)
def placeholders(count: int) -> tuple[str, ...]:
    """Names that stand in an op text for its inputs until the real ones are put in."""
    return tuple(f"in{i}" for i in range(count))


def _literals(op: Op, settings: Mapping[str, Any]) -> dict[str, str]:
    return {setting.name: setting.written(settings[setting.name]) for setting in op.settings}


def _tuple(inputs: tuple[str, ...]) -> str:
    return f"({', '.join(inputs)},)"


@lru_cache(maxsize=4096)
def bind(op: Op, arity: int, settings: Settings = ()) -> Kernel:
    """The op as NumPy functions over `arity` inputs. Cached: 10,000 nodes of one op share one kernel."""
    inputs = placeholders(arity)
    chosen = op.chosen(settings)
    forward = _folded(op, chosen) if op.folds and arity > 2 else _function(inputs, forward_text(op, inputs, chosen))
    return Kernel(forward, tuple(_vjp(op, port, inputs, chosen) for port in range(arity)))


def _folded(op: Op, settings: Mapping[str, Any]) -> Callable[..., Value]:
    """A sum of hundreds of inputs as a loop: one expression that long would be too deep for Python's compiler."""
    pair = _function(("a", "b"), forward_text(op, ("a", "b"), settings))
    return lambda *inputs: reduce(pair, inputs)


@lru_cache(maxsize=4096)
def bind_text(op: Op, text: str, arity: int, settings: Settings = ()) -> Callable[..., Value]:
    """Another text of an op over its inputs, its `kink` or a trouble's `when`, as a NumPy function."""
    inputs = placeholders(arity)
    named = dict(zip(op.ports, inputs, strict=False))
    return _function(inputs, substitute(text, _literals(op, op.chosen(settings)) | named))


def _vjp(op: Op, port: int, inputs: tuple[str, ...], settings: Mapping[str, Any]) -> Vjp:
    text, is_local = rule_text(op, port, inputs, "y", "g", settings)
    if is_local and text == "1":
        return Vjp(None, True)
    if is_local and not names_in(text):  # a slope that is the same everywhere, as sub's −1: a value as any other
        slope = np.float64(eval(text))
        return Vjp(lambda *_: slope, True)
    if not is_local:
        return Vjp(_function((*inputs, "y", "g"), text), False)
    product = chosen_product("g", text)
    chosen = None if product is None else _function((*inputs, "y", "g"), product)
    return Vjp(_function((*inputs, "y"), text), True, chosen)


def _function(names: tuple[str, ...], text: str) -> Callable[..., Value]:
    """Compile a text of an op. Only texts of `engine/ops/` come here: files and users name ops, never write them."""
    function: Callable[..., Value] = eval(f"lambda {', '.join(names)}: {text}", dict(NUMPY))
    return function
