"""An op made executable: its texts over the names of its inputs, and these as functions over arrays."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from math import prod
from types import CodeType
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
    `need(shapes of *inputs, y and g)`: how many elements it makes, before it is summed back. `is_plain`: the local
    derivative is one of the inputs, or a number, so that nothing in it can cancel.
    """

    call: Callable[..., Value] | None
    is_local: bool
    chosen: Callable[..., Value] | None = None
    need: Need | None = None
    is_plain: bool = False


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


def forward_text(op: Op, inputs: tuple[str, ...], settings: Mapping[str, Any], xs: str = "") -> str:
    """The op's forward text over the given input expressions; a repeating op is folded: (a + b) + c.

    `xs`: what all inputs together are called, where they have a name.
    """
    literals = _literals(op, settings)
    if not op.folds:
        named = dict(zip(op.ports, inputs, strict=False)) | ({"xs": xs or _tuple(inputs)} if op.repeats else {})
        return substitute(op.forward, literals | named)
    text = inputs[0]
    for nxt in inputs[1:]:
        text = substitute(op.forward, literals | {op.ports[0]: text, op.ports[1]: nxt})
    return text


def rule_text(
    op: Op, port: int, inputs: tuple[str, ...], y: str, g: str, settings: Mapping[str, Any], xs: str = ""
) -> tuple[str, bool]:
    """A port's backward rule over the given expressions, and whether it is a local derivative."""
    text, is_local = op.rule(port)
    names = _literals(op, settings) | {"y": y, "g": g}
    if op.repeats:
        names |= {"x": inputs[port], "i": str(port)}
        names |= {"xs": xs or _tuple(inputs)} if "xs" in names_in(text) else {}
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
    chosen = op.chosen(settings)
    need: Need
    if op.folds and arity > 2:
        forward, need = _folded(op, chosen), _need_of_fold
    elif op.repeats and not op.folds:
        forward, need = _gathered(op, chosen)
    else:
        inputs = placeholders(arity)
        text = forward_text(op, inputs, chosen)
        forward, need = _function(inputs, text), _need(inputs, text)
    vjps = _repeating_vjps(op, arity, chosen) if op.repeats else _vjps(op, arity, chosen)
    return Kernel(forward, vjps, need, not op.elementwise and need(((),) * arity) > FEW * (arity + 1))


def _folded(op: Op, settings: Mapping[str, Any]) -> Callable[..., Value]:
    """A sum of hundreds of inputs as a loop: one expression that long would be too deep for Python's compiler."""
    pair = _function(("a", "b"), forward_text(op, ("a", "b"), settings))
    return lambda *inputs: reduce(pair, inputs)


def _gathered(op: Op, settings: Mapping[str, Any]) -> tuple[Callable[..., Value], Need]:
    """What is made of all inputs together: one text, however many there are."""
    text = substitute(op.forward, _literals(op, settings))
    gather, elements = _function(("xs",), text), _elements(("xs",), text)
    return lambda *inputs: gather(inputs), lambda shapes: elements((outlines_of(shapes),))


@lru_cache(maxsize=4096)
def bind_text(op: Op, text: str, arity: int, settings: Settings = ()) -> Callable[..., Value]:
    """Another text of an op over its inputs, its `kink` or a trouble's `when`, as a NumPy function."""
    inputs = placeholders(arity)
    named = dict(zip(op.ports, inputs, strict=False))
    return _function(inputs, substitute(text, _literals(op, op.chosen(settings)) | named))


def _vjps(op: Op, arity: int, settings: Mapping[str, Any]) -> tuple[Vjp, ...]:
    inputs = placeholders(arity)
    rules = [rule_text(op, port, inputs, "y", "g", settings) for port in range(arity)]
    return tuple(_same_everywhere(*rule) or _vjp(inputs, *rule) for rule in rules)


def _same_everywhere(text: str, is_local: bool) -> Vjp | None:
    """A slope that depends on nothing: 1, or as sub's −1 a value as any other."""
    if not is_local or names_in(text):
        return None
    if text == "1":
        return Vjp(None, True, is_plain=True)
    slope = np.float64(eval(text))
    return Vjp(lambda *_: slope, True, is_plain=True)


def _vjp(inputs: tuple[str, ...], text: str, is_local: bool) -> Vjp:
    names = (*inputs, "y", "g")
    call = _function(names[:-1] if is_local else names, text)
    product = chosen_product("g", text) if is_local else None
    chosen = None if product is None else _function(names, product)
    return Vjp(call, is_local, chosen, _need(names, f"g * ({text})" if is_local else text), is_local and text in inputs)


def _repeating_vjps(op: Op, arity: int, settings: Mapping[str, Any]) -> tuple[Vjp, ...]:
    """One text for all ports: it speaks of `xs`, all inputs, `x`, this one, and `i`, its number."""
    text, is_local = op.rule(0)
    text = substitute(text, _literals(op, settings))
    same = _same_everywhere(text, is_local)
    if same is not None:
        return (same,) * arity
    names = ("xs", "x", "i")
    shared = _vjp(names, text, is_local)
    elements = _elements((*names, "y", "g"), f"g * ({text})" if is_local else text)
    return tuple(_at_port(shared, elements, port) for port in range(arity))


def _at_port(shared: Vjp, elements: Callable[[Sequence[Any]], int], port: int) -> Vjp:
    def placed(function: Callable[..., Value] | None, rest: int) -> Any:
        if function is None:
            return None
        return lambda *given: function(given[:-rest], given[port], port, *given[-rest:])

    def need(shapes: tuple[Shape, ...]) -> int:
        given = outlines_of(shapes)
        return elements((given[:-2], given[port], port, *given[-2:]))

    return Vjp(placed(shared.call, 1 if shared.is_local else 2), shared.is_local, placed(shared.chosen, 2), need)


def _need(names: tuple[str, ...], text: str) -> Need:
    elements = _elements(names, text)
    return lru_cache(maxsize=256)(lambda shapes: elements(tuple(map(Outline, shapes))))


def _elements(names: tuple[str, ...], text: str) -> Callable[[Sequence[Any]], int]:
    """How many elements a text makes of outlines. Where they do not fit it makes none: it says so itself.

    Raises TooLong.
    """
    foresee = cache(lambda: _function(names, text, OUTLINES))  # compiled when it is first asked

    def elements(given: Sequence[Any]) -> int:
        try:
            found: Any = foresee()(*given)
        except TooLong:
            raise
        except (ValueError, IndexError, TypeError, AttributeError, ZeroDivisionError):
            return 0
        return found.size + found.beside if isinstance(found, Outline) else 1

    return elements


@lru_cache(maxsize=16)
def outlines_of(shapes: tuple[Shape, ...]) -> tuple[Outline, ...]:
    """Of many inputs, which each port asks for."""
    return tuple(map(Outline, shapes))


def _need_of_fold(shapes: tuple[Shape, ...]) -> int:
    """A sum of many has one sum so far beside the next."""
    try:
        return 2 * prod(broadcast(shapes))
    except ValueError:
        return 0


def reckoned(text: str, numbers: Mapping[str, Any]) -> Value:
    """What a text over such names computes: one of the program's own, like those of the ops."""
    value: Value = eval(_compiled(text), _WORDS, numbers)
    return value


@lru_cache(maxsize=4096)
def _compiled(text: str) -> CodeType:
    return compile(text, "<text>", "eval")


_WORDS = dict(NUMPY)


def _function(names: tuple[str, ...], text: str, words: Mapping[str, Any] = NUMPY) -> Callable[..., Value]:
    """Compile a text of an op. Only texts of `engine/ops/` come here: files and users name ops, never write them."""
    function: Callable[..., Value] = eval(f"lambda {', '.join(names)}: {text}", dict(words))
    return function
