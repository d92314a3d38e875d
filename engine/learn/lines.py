"""Straight-line code over plain floats with less to do: the same numbers, but for the sign of a zero.

    line     name = text
    single   lines with a new name for each number, and one operation a line: `t7 = t3 * w`
    known    names that hold the same in each run of the lines: `outside`, they are computed once
    ends     what the wanted names are called in the end

What is computed twice is computed once, of known numbers here. Times 1, plus 0 and minus 0 go, and times 0 where the
other factor is finite.
What is used once stands where it is used, for each name costs a moment.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

MOST_DEEP = 30  # brackets in brackets: Python reads no more than a few times that
POWERS_OF_TWO = ("2.0", "4.0", "0.5", "0.25")  # times one of them, nothing is rounded
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


@dataclass(frozen=True)
class Fewer:
    """What is done once, what is done in each run, and what the wanted names are called now."""

    outside: list[str]
    inside: list[str]
    ends: list[str]

    @property
    def factor(self) -> float:
        """The power of two with which most is multiplied in each run; 1.0 if there is none."""
        found = Counter(factor for line in self.inside for factor in _FACTOR.findall(line))
        powers = Counter({factor: count for factor, count in found.items() if _inverse(float(factor))})
        ((factor, count),) = powers.most_common(1) or [("1.0", 0)]
        return float(factor) if count > 1 else 1.0


def fewer(lines: Iterable[str], fixed: Mapping[str, float], moved: list[str], wanted: list[str]) -> Fewer:
    """The same with less to do. `fixed` are numbers that are known, `moved` finite ones that differ from run to run;
    whoever runs the lines gives up where something wanted is not finite.
    """
    single = _Single(fixed)
    for line in lines:
        single.add(*line.split(" = ", 1))
    ends = [single.now.get(name, name) for name in wanted]
    nothing = single.nothing({*fixed, *moved, *ends})
    less = _Single(fixed)
    for name, text in single.lines.items():
        less.add(name, "0.0" if name in nothing else text)
    ends = [less.now.get(name, name) for name in ends]
    ends = [less.copy(end) if end in moved else end for end in ends]  # or it would be moved before it is used
    return _inlined(less, ends)


class _Single:
    """Lines of one operation each. What has been said before has its name already."""

    def __init__(self, fixed: Mapping[str, float]) -> None:
        self.lines: dict[str, str] = {}
        self.now: dict[str, str] = {}  # what the names mean that were given to `add`
        self.known = {*fixed, "seed"}
        self._names: dict[str, str] = {}
        self._fixed = dict(fixed)
        self._ones = {"1.0", *(name for name, number in fixed.items() if number == 1)}
        self._zeros = {"0.0", "-0.0", *(name for name, number in fixed.items() if number == 0)}

    def add(self, name: str, text: str) -> None:
        self.now[name] = self._atom(ast.parse(text, mode="eval").body)

    def copy(self, name: str) -> str:
        return self._called(f"+{name}")

    def nothing(self, finite: set[str]) -> set[str]:
        """The lines that are 0 times a finite number. A sum, difference or product is finite if both parts are."""
        found: dict[str, str] = {}
        for name, text in reversed(self.lines.items()):
            left, sign, right = _parts(text)
            if sign == "*" and {left, right} & self._zeros:
                found[name] = right if left in self._zeros else left
            elif name in finite and sign in ("+", "-", "*"):
                finite |= {left, right}
        return {name for name, factor in found.items() if factor in finite}

    def _atom(self, node: ast.expr) -> str:
        """The name of what a part of a text computes, or the number that it is."""
        match node:
            case ast.Name():
                return self.now.get(node.id, node.id)
            case ast.Constant():
                return repr(node.value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
                return ast.unparse(node)
            case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div()):
                return self._made(self._atom(node.left), SIGNS[type(node.op)], self._atom(node.right))
            case ast.Call(func=ast.Name(id=word), keywords=[]):
                return self._called(f"{word}({', '.join(map(self._atom, node.args))})")
        return self._called(_NAME.sub(lambda used: self.now.get(used[0], used[0]), ast.unparse(node)))

    def _made(self, left: str, sign: str, right: str) -> str:
        """What two parts make, if need be by a line."""
        if (number := _computed(self._number(left), sign, self._number(right))) is not None:
            return repr(number)
        if right in (self._ones if sign in "*/" else self._zeros):
            return left
        if left in {"*": self._ones, "+": self._zeros}.get(sign, ()):
            return right
        if sign == "/" and (part := _inverse(self._fixed.get(right))):
            sign, right = "*", part
        doubled, times, rest = _parts(self.lines.get(right, ""))
        if sign == times == "*" and not self._moves(left) and doubled in POWERS_OF_TWO:
            left, right = self._made(left, "*", doubled), rest
        return self._called(f"{left} {sign} {right}")

    def _number(self, atom: str) -> float | None:
        return self._fixed.get(atom) if atom.isidentifier() else float(atom)

    def _moves(self, atom: str) -> bool:
        """Whether it is another number in each run."""
        return atom.isidentifier() and atom not in self.known

    def _called(self, text: str) -> str:
        if text not in self._names:
            name = self._names[text] = f"t{len(self.lines)}"
            self.lines[name] = text
            if all(used in self.known for used in _used(text)):
                self.known.add(name)
        return self._names[text]


def _inlined(single: _Single, ends: list[str]) -> Fewer:
    """Of the lines those that the ends need, and what is used once where it is used."""
    needed = set(ends)
    for name, text in reversed(single.lines.items()):
        needed |= set(_used(text)) if name in needed else set()
    lines = {name: text for name, text in single.lines.items() if name in needed}
    uses = Counter(used for text in lines.values() for used in _used(text))
    inline: dict[str, str] = {}
    outside, inside = [], []
    for name, text in lines.items():
        text = _NAME.sub(lambda used: inline.get(used[0], used[0]), text)
        if name in single.known:
            outside.append(f"{name} = {text}")
        elif name not in ends and uses[name] == 1 and _depth(text) < MOST_DEEP:
            inline[name] = f"({text})"
        else:
            inside.append(f"{name} = {text}")
    return Fewer(outside, inside, ends)


def _parts(text: str) -> tuple[str, str, str]:
    """Of a line with one operation between two parts."""
    found = _OPERATION.fullmatch(text)
    return (found[1], found[2], found[3]) if found else ("", "", "")


def _computed(left: float | None, sign: str, right: float | None) -> float | None:
    """What two known numbers make; None: one is not known, or the result is none that a text can say."""
    if left is None or right is None or (sign == "/" and not right):
        return None
    number: float = OPERATIONS[sign](left, right)
    return number if math.isfinite(number) else None


def _inverse(number: float | None) -> str:
    """1 / number, where to multiply by it is to the bit the same as to divide; else nothing. It takes half as long."""
    return repr(1 / number) if number and abs(math.frexp(number)[0]) == 0.5 and abs(number) < 2**64 else ""


def _used(text: str) -> list[str]:
    """The names in a text, but for those of functions."""
    return _USED.findall(text)


def _depth(text: str) -> int:
    """How many brackets are in one another."""
    steps = ({"(": 1, ")": -1}.get(sign, 0) for sign in text)
    return max(accumulate(steps, initial=0))


_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_USED = re.compile(r"(?<![\w.])[A-Za-z_]\w*\b(?!\()")
_FACTOR = re.compile(r"(?<![\w.])([\d.]+)(?= \* )")
_OPERATION = re.compile(r"([\w.]+|-[\d.]+) ([-+*/]) ([\w.]+|-[\d.]+)")
