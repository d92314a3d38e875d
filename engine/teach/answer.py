"""What is typed as an answer, and when it counts as right: by significant digits, for what is shown is rounded.

Symbols: a what is typed, r what is right, s the significant digits that count.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from engine.errors import GradloomError
from engine.passes.run import run
from engine.text.read import parse
from engine.values.literal import parse_value
from engine.values.values import MINUS, Shape, number_text, shape_text

Ask = Literal["number", "sign", "shape", "silent"]
Closeness = Literal["right", "short", "off"]

DIGITS = 3  # significant digits that an answer needs
SLACK = 2e-3  # what working with the rounded numbers on screen may do to a product of them
LONGEST = 200  # characters of an answer
_PLAIN = re.compile(r"[-+]?(\d*)\.?(\d*)(?:[eE][-+]?\d+)?\Z")
_NAME = re.compile(r"[^\s,;]+")
_SIGNS = {
    "+": 1, "plus": 1, "positive": 1, "pos": 1, "-": -1, "minus": -1, "negative": -1, "neg": -1,
    "0": 0, "zero": 0, "none": 0, "neither": 0,
}  # fmt: skip
_SIGN_NAMES = {1: "positive", -1: "negative", 0: "zero"}


@dataclass(frozen=True)
class Answer:
    """An answer: one of these. `digits`: how many significant ones were typed; 0 of a sum, and of a
    single whole digit, which is no rounding of anything."""

    number: float | None = None
    sign: int | None = None
    shape: Shape | None = None
    names: frozenset[str] | None = None
    digits: int = 0

    @property
    def text(self) -> str:
        """As it is said in a sentence."""
        if self.number is not None:
            return number_text(self.number)
        if self.sign is not None:
            return _SIGN_NAMES[self.sign]
        if self.shape is not None:
            return shape_text(self.shape)
        return ", ".join(sorted(self.names or ())) or "none"


def sign_of(number: float) -> int:
    return (number > 0) - (number < 0)


def read_answer(typed: str, ask: Ask = "number", known: tuple[str, ...] = ()) -> Answer:
    """Read what is typed. `known`: the names that may be said. Raises ValueError with a sentence."""
    text = typed.strip().replace(MINUS, "-")
    if not text:
        raise ValueError("Type an answer first.")
    if len(text) > LONGEST:
        raise ValueError("This is too long for an answer.")
    if ask == "sign":
        return _read_sign(text)
    if ask == "silent":
        return _read_names(text, known)
    return _read_shape(text) if ask == "shape" else _read_number(text)


def _read_sign(text: str) -> Answer:
    if text.lower() in _SIGNS:
        return Answer(sign=_SIGNS[text.lower()])
    try:
        return Answer(sign=sign_of(_number(text)))
    except ValueError:
        raise ValueError("Type +, − or 0; or positive, negative or zero.") from None


def _read_names(text: str, known: tuple[str, ...]) -> Answer:
    if text.lower() in ("none", "0", "-", "nothing"):
        return Answer(names=frozenset())
    said = [text] if text in known else [word for word in _NAME.findall(text) if word not in ("and", "&")]
    unknown = [word for word in said if word not in known]
    if unknown:
        raise ValueError(f"“{unknown[0]}” is none of {', '.join(known)}. Type names, or “none”.")
    return Answer(names=frozenset(said))


def _read_shape(text: str) -> Answer:
    words = text.strip("()[] ").replace("×", " ").replace("x", " ").replace(",", " ").split()
    if text.lower() in ("scalar", "a number", "number", "()"):
        words = []
    elif not words or not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
        raise ValueError("Type a shape, such as (2, 3) or 2×3; () for a single number.")
    return Answer(shape=tuple(map(int, words)))


def _read_number(text: str) -> Answer:
    plain = _PLAIN.match(text)
    digits = len((plain[1] + plain[2]).lstrip("0")) if plain and (plain[2] or len(plain[1]) > 1) else 0
    return Answer(number=_number(text), digits=digits)


def _number(text: str) -> float:
    """A number as leaves read it, or else arithmetic as a program reads it."""
    try:
        value = parse_value(text)
    except ValueError:
        return _reckoned(text)
    if value.ndim:
        raise ValueError("Type one number, or a sum such as 2*3 + 1.")
    return _finite(float(value))


def _reckoned(text: str) -> float:
    try:
        graph = parse(text)
        named = [node.id for node in graph.nodes.values() if node.op.is_leaf and node.value is None]
        if named:
            raise ValueError(f"“{named[0]}” has no number here: an answer is made of numbers, such as 2*3 + 1.")
        value = run(graph).value(graph.target or "")
    except GradloomError:
        raise ValueError("This is neither a number nor a sum of numbers such as 2*3 + 1 or 3/4.") from None
    if value is None or value.ndim:
        raise ValueError("Type one number, or a sum such as 2*3 + 1.")
    return _finite(float(value))


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("An answer is a finite number.")
    return number


def closeness(answer: Answer, right: Answer) -> Closeness:
    """Whether an answer is right, or would be but for digits that are missing."""
    if answer.number is None or right.number is None:
        same = (answer.sign, answer.shape, answer.names) == (right.sign, right.shape, right.names)
        return "right" if same else "off"
    if is_near(answer.number, right.number):
        return "right"
    is_short = 0 < answer.digits < DIGITS and right.number != 0
    rounds = is_short and abs(answer.number - right.number) <= 0.5001 * _unit(right.number, answer.digits)
    return "short" if rounds else "off"


def is_near(number: float, right: float) -> bool:
    """Whether two numbers are the same to the digits that count."""
    if not (math.isfinite(number) and math.isfinite(right)):
        return False
    if right == 0 or number == 0:
        return abs(number - right) <= 1e-12
    return abs(number - right) <= max(0.5001 * _unit(right, DIGITS), SLACK * abs(right))


def _unit(number: float, digits: int) -> float:
    """What one in the last of so many significant digits is worth."""
    return float(10.0 ** (math.floor(math.log10(abs(number))) - digits + 1))
