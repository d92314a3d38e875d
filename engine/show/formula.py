"""Forward formulas: an op over its inputs, as the op itself wants to be written."""

import re

from engine.ops.kernel import forward_text, placeholders
from engine.ops.op import Op, Settings
from engine.ops.spelling import PLAIN as PLAIN_WORDS
from engine.ops.spelling import PLAIN_NUMBERS, spell
from engine.ops.substitute import parsed
from engine.show.notation import MATRICES, POWER, PRODUCT, SIGNED, SUM, TEX, Notation, Written
from engine.show.writing import is_readable, written

MOST_TERMS = 6  # of a long sum that are written out


def forward_piece(
    op: Op, settings: Settings, inputs: list[Written], notation: Notation, numbers: bool = False
) -> Written:
    """An op over these inputs. `numbers`: they are numbers, multiplied with × in place of ·."""
    axes = max((piece.axes for piece in inputs), default=0)
    if op.folds and op.infix:
        return _folded(op, inputs, notation, numbers)._replace(axes=axes)
    changed = [(name, value) for name, value in settings if op.defaults.get(name) != value]
    averages = op.group == "loss" and axes  # of single numbers it need not say that it does
    doubtful = notation.e_is_a_name and "e^" in op.latex
    worded = (changed or averages or doubtful) and is_readable(_source(op, settings, inputs))
    if notation.is_tex and op.latex and not worded:
        return Written(_templated(op, inputs, numbers), MATRICES, axes)
    if notation.is_tex or op.group == "arithmetic" or op.infix:
        return _expression(op, settings, inputs, notation, numbers)
    said = [piece.text for piece in inputs] + [f"{name}={value}" for name, value in changed]
    return Written(f"{op.name}({', '.join(said)})", axes=axes)


def _folded(op: Op, inputs: list[Written], notation: Notation, numbers: bool) -> Written:
    """a + b + c, of a long one only its first and its last terms."""
    is_sum = op.symbol == "+"
    first = notation.held(inputs[0], SUM if is_sum else SIGNED)
    texts = [first, *(notation.held(piece, PRODUCT) for piece in inputs[1:])]
    if len(texts) > MOST_TERMS:
        texts[MOST_TERMS - 2 : -1] = [r"\cdots" if notation.is_tex else "…"]
    by_element = sum(piece.axes > 0 for piece in inputs) > 1
    times = notation.by_element if by_element else notation.cross if numbers else notation.times
    return Written(f" {'+' if is_sum else times} ".join(texts), SUM if is_sum else PRODUCT)


def _expression(op: Op, settings: Settings, inputs: list[Written], notation: Notation, numbers: bool) -> Written:
    """The op's forward text over its inputs."""
    tree = parsed(_source(op, settings, inputs))
    return written(tree, dict(zip(placeholders(len(inputs)), inputs, strict=True)), notation, numbers)


def _source(op: Op, settings: Settings, inputs: list[Written]) -> str:
    """The op's forward text; of single numbers without the sums and means over them."""
    words = PLAIN_WORDS if any(piece.axes for piece in inputs) else PLAIN_NUMBERS
    return spell(forward_text(op, placeholders(len(inputs)), op.chosen(settings)), {}, words)


def _templated(op: Op, inputs: list[Written], numbers: bool) -> str:
    held = [TEX.held(piece, POWER) for piece in inputs]
    if op.infix:
        held[0] = inputs[0].text
    template = op.latex
    if op.infix and sum(piece.axes > 0 for piece in inputs) > 1:
        template = template.replace(TEX.times, TEX.by_element)
    elif numbers and not any(piece.axes for piece in inputs):
        template = template.replace(TEX.times, TEX.cross)
    last = ", ".join(held[len(op.ports) - 1 :])
    text = template.format(**dict(zip(op.ports, [*held[: len(op.ports) - 1], last], strict=True)))
    return re.sub(r"\((\(-[^()]*\))\)", r"\1", text)  # σ((−2)) needs one pair only
