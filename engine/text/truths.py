"""Conditions in a program text: comparisons, of plain things and of values, and what may be done with their truths."""

import ast
from dataclasses import replace
from itertools import pairwise

import numpy as np

from engine.text.grammar import COMPARISONS
from engine.text.numbers import holds
from engine.text.plain import NotPlain, plain
from engine.text.state import ReadingState
from engine.text.things import Array, Beside, Ref, Thing, is_number, number_of


def is_truth(reading: ReadingState, thing: Thing) -> bool:
    return isinstance(thing, Ref) and thing.node in reading.made.truths


def truth(reading: ReadingState, op: str, refs: list[Ref], node: ast.AST, name: str | None) -> Ref:
    made = reading.node(op, refs, node, name)
    reading.made.truths.add(made.node)
    return made


def refuse_sum_of_truths(reading: ReadingState, node: ast.BinOp | ast.AugAssign, left: Thing, right: Thing) -> None:
    """Arrays of True and False are joined by +, so that True + True is 1; of plain numbers it is 2."""
    if not isinstance(node.op, (ast.Add, ast.Sub)) or not (is_truth(reading, left) and is_truth(reading, right)):
        return
    if any(reading.made.shape(side) != () or reading.kind(side) for side in (left, right)):
        said = "the sum or difference of two conditions is no number here: write (a > 0) | (b > 0), or 1.0 * (a > 0)"
        reading.refuse(node, said)


def compared(reading: ReadingState, node: ast.Compare, name: str | None) -> Thing:
    """`a < b`, `a is None`, `a < b < c`: a truth where all is plain, else a node that is 1 where it holds, and 0."""
    sides = [reading.value(side) for side in (node.left, *node.comparators)]
    beside = next((side for side in sides if isinstance(side, Beside)), None)
    if beside is not None:
        return replace(beside, reckoned=True)
    if not any(isinstance(side, (Ref, Array)) for side in sides):
        return _plain_comparison(reading, node, sides)
    _refuse_lists_compared(reading, node, sides)
    found: list[Ref] = []
    for i, op in enumerate(node.ops):
        if isinstance(op, (ast.Is, ast.IsNot)) and None in sides[i : i + 2]:
            return isinstance(op, ast.IsNot)  # a value of the graph is something
        if type(op) not in COMPARISONS:
            return _told(reading, node, op)
        places = (node.left, *node.comparators)[i : i + 2]
        refs = [reading.operand(side, place) for side, place in zip(sides[i : i + 2], places, strict=True)]
        single = len(node.ops) == 1
        found.append(truth(reading, COMPARISONS[type(op)], refs, node, name if single else None))
    if len(found) > 1:
        check_single(reading, node, found)
    while len(found) > 1:
        last = len(found) == 2
        found[:2] = [truth(reading, "mul", found[:2], node, name if last else None)]
    return found[0]


def _refuse_lists_compared(reading: ReadingState, node: ast.Compare, sides: list[Thing]) -> None:
    """Python compares two lists as a whole; arrays are compared element by element."""

    def is_list(thing: Thing) -> bool:
        return isinstance(thing, (list, tuple)) or (isinstance(thing, Ref) and thing.node in reading.made.lists)

    if any(is_list(a) and is_list(b) for a, b in pairwise(sides)):
        reading.refuse(node, "Python compares two lists as a whole: write np.array([…]) to compare their elements")


def _told(reading: ReadingState, node: ast.Compare, op: ast.cmpop) -> bool:
    """Whether a number that was given to a name is in a list."""
    try:
        if isinstance(op, (ast.In, ast.NotIn)):
            return bool(plain(reading, node))
    except NotPlain:
        pass
    reading.source.refuse_kind(node, op)


def _as_python(thing: Thing) -> Thing:
    """Lists with their numbers as numbers: 2 in [1, 2], [1, 2] == [1, 2]."""
    if isinstance(thing, (list, tuple)):
        return type(thing)(_as_python(item) for item in thing)
    return number_of(thing) if is_number(thing) else thing


def _plain_comparison(reading: ReadingState, node: ast.Compare, sides: list[Thing]) -> bool:
    plain_sides = [_as_python(side) for side in sides]
    try:
        return all(holds(op, a, b) for op, a, b in zip(node.ops, plain_sides, plain_sides[1:], strict=False))
    except TypeError:
        reading.refuse(node, "these two cannot be compared")


def check_single(reading: ReadingState, node: ast.AST, refs: list[Ref]) -> None:
    """Python asks for one truth where it chooses: NumPy and PyTorch refuse that of several elements."""
    for ref in refs:
        shape = reading.made.shape(ref)
        if shape is not None and int(np.prod(shape)) != 1:
            reading.refuse(
                node, "this holds for some elements and not for others: write where(condition, a, b), or & and |"
            )
