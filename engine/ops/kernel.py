"""An op made executable: its texts over the names of its inputs, and these as functions over arrays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from math import prod
from typing import Any

import numpy as np

from engine.ops.op import Op, Settings
from engine.ops.substitute import chosen_product, names_in, substitute
from engine.ops.words.outlines import Outline, TooLong, broadcast
from engine.ops.words.table import NUMPY, OUTLINES
from engine.values.values import Shape, Value

Need = Callable[[tuple[Shape, ...]], int]
FEW = 16


@dataclass(frozen=True, slots=True)
class Vjp:
    """A port's backward rule: `call(*inputs, y)` if it is local, else `call(*inputs, y, g)`; None passes g on.

    `chosen(*inputs, y, g)` is the contribution where the local derivative is a choice: 0 where it is not chosen.
    `need(shapes of *inputs, y and g)`: how many elements it makes, before it is summed back.
    """

    call: Callable[..., Value] | None
    is_local: bool
    chosen: Callable[..., Value] | None = None
    need: Need | None = None


@dataclass(frozen=True, slots=True)
class Kernel:
    """An op made executable for one arity and one choice of settings.

    `need(shapes of the inputs)`: how many elements it makes, its value and the largest array beside it. `grows`: it
    makes many elements even of single numbers.
    """

    forward: Callable[..., Value]
    vjps: tuple[Vjp, ...]
    need: Need
    grows: bool


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
    need: Need
    if op.folds and arity > 2:
        forward, need = _folded(op, chosen), _need_of_fold
    else:
        text = forward_text(op, inputs, chosen)
        forward, need = _function(inputs, text), _need(inputs, text)
    vjps = tuple(_vjp(op, port, inputs, chosen) for port in range(arity))
    return Kernel(forward, vjps, need, not op.elementwise and need(((),) * arity) > FEW * (arity + 1))


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
    names = (*inputs, "y", "g")
    if not is_local:
        return Vjp(_function(names, text), False, None, _need(names, text))
    product = chosen_product("g", text)
    chosen = None if product is None else _function(names, product)
    return Vjp(_function((*inputs, "y"), text), True, chosen, _need(names, f"g * ({text})"))


def _need(names: tuple[str, ...], text: str) -> Need:
    """How many elements a text makes of inputs of these shapes. Where they do not fit it makes none: it says so itself.

    Raises TooLong.
    """

    @cache
    def foreseen() -> Callable[..., Any]:
        return _function(names, text, OUTLINES)

    @lru_cache(maxsize=256)
    def need(shapes: tuple[Shape, ...]) -> int:
        try:
            found = foreseen()(*map(Outline, shapes))
        except TooLong:
            raise
        except (ValueError, IndexError, TypeError, AttributeError, ZeroDivisionError):
            return 0
        return found.size + found.beside if isinstance(found, Outline) else 1

    return need


def _need_of_fold(shapes: tuple[Shape, ...]) -> int:
    """A sum of many has one sum so far beside the next."""
    try:
        return 2 * prod(broadcast(shapes))
    except ValueError:
        return 0


def _function(names: tuple[str, ...], text: str, words: Mapping[str, Any] = NUMPY) -> Callable[..., Value]:
    """Compile a text of an op. Only texts of `engine/ops/` come here: files and users name ops, never write them."""
    function: Callable[..., Value] = eval(f"lambda {', '.join(names)}: {text}", dict(words))
    return function
