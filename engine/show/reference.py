"""What there is to know of an op, for whoever looks it up: all of it read off the op's own texts.

Symbols: y the output; a, b, x … the inputs, by their ports; g = ∂L/∂y the upstream gradient.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from engine.errors import GradloomError
from engine.ops.kernel import bind, placeholders
from engine.ops.op import Op, Settings
from engine.ops.substitute import parsed
from engine.show.formula import forward_piece
from engine.show.notation import PLAIN, TEX, Notation, Written
from engine.show.rules import local_source, rule_source
from engine.show.writing import is_readable, written
from engine.text.read import parse
from engine.truth.conventions import CONVENTIONS, Convention
from engine.values.values import Shape, shape_text, value_text

FROM, TO, POINTS = -4.0, 4.0, 801  # of the curve
JUMP = 0.2  # of all heights: so far from one point to the next there is no line between them
_SHAPES: tuple[Shape, ...] = ((2, 3), (3, 2), (3,), (), (2, 2), (1, 2, 4, 4), (2, 2, 3, 3), (2,))
_USUAL: Mapping[str, tuple[Shape, ...]] = {"loss": ((), (3,)), "reduce": ((3,),)}  # by group, of all inputs alike
Sides = tuple[str, ...]  # in LaTeX: what is equal


@dataclass(frozen=True)
class Sketch:
    """An op of one input drawn: y and its slope over x; nan where there is none, and where a line would be untrue."""

    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    slopes: NDArray[np.float64]


@dataclass(frozen=True)
class Reference:
    """An op, explained. `equations` are typeset, `said` are the same in plain text, the formula first."""

    op: Op
    equations: tuple[Sides, ...]
    said: tuple[str, ...]
    written_for: str  # of which shapes the equations speak, where it matters
    jacobian: tuple[str, ...]  # sentences: how each element of the output depends on those of an input
    conventions: tuple[str, ...]  # sentences: what counts at corners, ties and ends
    cautions: tuple[str, ...]  # where it leaves the finite numbers, and what to do
    sketch: Sketch | None


@lru_cache(maxsize=256)
def reference(op: Op) -> Reference:
    """All that is known of an op; of one that this version does not know, nothing."""
    if not op.known:
        return Reference(op, (), (), "", (), (), (), None)
    rows = [] if op.is_leaf else list(_rows(op))
    return Reference(
        op,
        tuple(tex for tex, _ in rows),
        tuple(plain for _, plain in rows),
        _written_for(op),
        tuple(_jacobian(op)),
        tuple(_conventions(op)),
        tuple(f"{trouble.sentence}. {trouble.remedy}." for trouble in op.troubles),
        sketch(op) if can_sketch(op) else None,
    )


def port_count(op: Op) -> int:
    """How many inputs it is explained with: of those that take any number, two."""
    return max(len(op.ports), 2) if op.repeats else len(op.ports)


# --- formulas


def _rows(op: Op) -> Iterator[tuple[Sides, str]]:
    """The formula, and what each port gets, typeset and in plain text."""
    shapes, shape = shapes_of(op)
    formula = [_formula(op, notation) for notation in (TEX, PLAIN)]
    yield ("y", formula[0]), f"y = {formula[1]}"
    for port in range(port_count(op)):
        local = local_source(op, port, (), shapes)
        source = rule_source(op, port, (), shapes, shape) if local is None else local
        if not is_readable(source):
            continue
        above = "y" if local is not None else "L"
        tex, plain = (_equal(op, port, above, source, notation) for notation in (TEX, PLAIN))
        yield tex, " = ".join(plain)


def _formula(op: Op, notation: Notation) -> str:
    inputs = [notation.name(op.port_name(port)) for port in range(port_count(op))]
    return forward_piece(op, (), inputs, notation).text


def _equal(op: Op, port: int, above: str, source: str, notation: Notation) -> Sides:
    """∂y/∂a = …, or where an op has no slope but a rule ∂L/∂a = … of ∂L/∂y."""
    count = port_count(op)
    names: dict[str, Written] = {place: notation.name(op.port_name(at)) for at, place in enumerate(placeholders(count))}
    names |= {"y": notation.name("y"), "g": notation.partial("L", "y")}
    left = notation.partial(above, op.port_name(port)).text
    return left, written(parsed(source), names, notation).text


@lru_cache(maxsize=256)
def shapes_of(op: Op) -> tuple[tuple[Shape, ...], Shape]:
    """Shapes that its inputs may have, and what its output has then: numbers where it works by element."""
    count = port_count(op)
    usual: tuple[Shape, ...] = ((),) if op.elementwise else _USUAL.get(op.group, ())
    for shapes in (*((shape,) * count for shape in usual), *product(_SHAPES, repeat=count)):
        try:
            with np.errstate(all="ignore"):
                made = bind(op, count).forward(*(np.ones(shape) for shape in shapes))
        except (ValueError, TypeError, IndexError, GradloomError):
            continue
        return shapes, np.shape(made)
    raise ValueError(f"nothing fits into {op.name}")


def _jacobian(op: Op) -> Iterator[str]:
    """How each element of the output depends on those of an input, in the op's own letters."""
    alone = len(op.jacobian) == 1
    names = {name: name for name in op.ports}
    for port, (_, sentence) in enumerate(op.jacobian):
        source = op.port_name(port) if not alone or len(op.ports) == 1 else "an input"
        yield sentence.format(source=source, node="y", **names)


def _written_for(op: Op) -> str:
    if op.is_leaf or not any(shapes := shapes_of(op)[0]):
        return ""
    parts = [f"{op.port_name(port)} of shape {shape_text(shape)}" for port, shape in enumerate(shapes) if shape]
    return f"Written for {' and '.join(parts)}."


# --- what counts where mathematics leaves a choice


def _conventions(op: Op) -> Iterator[str]:
    if isinstance(op.convention, str) and op.convention and "{" not in op.convention:
        yield op.convention
    yield from (_row_text(row) for row in CONVENTIONS if _op_of(row.program) == op.name)


def _row_text(row: Convention) -> str:
    """A row of the table of conventions as a sentence."""
    places = ", ".join(f"{name} = {_short(value)}" for name, value in row.leaves.items())
    slopes = ", ".join(_short(slope) for slope in row.gradients.values())
    word = "slope" if len(row.gradients) == 1 else "slopes"
    return f"At {places}: value {_short(row.value)}, {word} {slopes}. {row.said}"


def _short(value: object) -> str:
    return value_text(np.asarray(value, dtype=float))


@lru_cache(maxsize=512)
def _op_of(program: str) -> str:
    """The op that a program of one op is about; nothing for longer ones."""
    try:
        nodes = parse(program).nodes.values()
    except GradloomError:
        return ""
    names = [node.op_name for node in nodes if not node.op.is_leaf]
    return names[0] if len(names) == 1 and "=" not in re.sub("[<>=!]=", "", program) else ""


# --- the curve


def can_sketch(op: Op) -> bool:
    """Whether it takes one number and gives one."""
    return op.elementwise and not op.repeats and len(op.ports) == 1 and not op.is_leaf


def sketch(op: Op, settings: Settings = (), low: float = FROM, high: float = TO, points: int = POINTS) -> Sketch:
    """An op that can be sketched, and its slope, as curves from low to high."""
    xs = np.linspace(low, high, points)
    ys, slopes = response(op, settings, xs)
    return Sketch(xs, _broken(ys), _broken(slopes))


def response(op: Op, settings: Settings, xs: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What an op that can be sketched makes of numbers, and its slope there; nan where there is none."""
    kernel = bind(op, 1, settings)
    with np.errstate(all="ignore"):
        ys = np.broadcast_to(np.asarray(kernel.forward(xs), dtype=np.float64), xs.shape).copy()
        call = kernel.vjps[0].call
        local = 1.0 if call is None else call(xs, ys)
        slopes = np.broadcast_to(np.asarray(local, dtype=np.float64), xs.shape).copy()
    slopes[~np.isfinite(ys)] = np.nan
    return ys, slopes


def _broken(ys: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same with a gap where it jumps: no line stands where there is no value."""
    result = np.where(np.isfinite(ys), ys, np.nan)
    finite = result[np.isfinite(result)]
    if not finite.size:
        return result
    low, high = np.percentile(finite, [2, 98])
    steps = np.abs(np.diff(result))
    jumps = np.flatnonzero(steps > max(JUMP * (high - low), 1e-12))
    result[jumps] = np.nan
    return result
