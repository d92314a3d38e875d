"""Going through things: what a loop or a comprehension runs over, laid out round by round."""

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.text.plain import MOST_ROUNDS, NotPlain, plain
from engine.text.state import ReadingState, Scope
from engine.text.things import Array, Ref, Several, Thing


def rounds(reading: ReadingState, thing: Thing, place: ast.AST) -> list[Thing]:
    """The things that a loop over `thing` goes through; a tensor's are its rows."""
    if isinstance(thing, range):
        return [number for number, _ in zip(thing, range(MOST_ROUNDS + 1), strict=False)][:MOST_ROUNDS]
    if isinstance(thing, (list, tuple)):
        return list(thing)
    if isinstance(thing, dict):
        return list(thing)
    if isinstance(thing, Several):
        return list(thing.items())
    if isinstance(thing, Array) and thing.data.ndim:
        check_rounds(reading, len(thing.data), place)
        return [row.item() if row.ndim == 0 else Array(row, "", thing.library) for row in map(np.asarray, thing.data)]
    if isinstance(thing, Ref):
        return _rows(reading, thing, place)
    reading.refuse(place, "a loop can go through a list, a range or the rows of a tensor, not through this")


def _rows(reading: ReadingState, ref: Ref, place: ast.AST) -> list[Thing]:
    shape = reading.made.shape(ref)
    if shape is None:
        reading.refuse(place, "how many rows this has is not known here: give it its numbers in the text")
    if not shape:
        reading.refuse(place, "a single number has no rows to go through")
    check_rounds(reading, shape[0], place)
    return [reading.node("index", [ref], place, at=str(row)) for row in range(shape[0])]


def check_rounds(reading: ReadingState, count: int, place: ast.AST) -> None:
    if count > MOST_ROUNDS:
        reading.refuse(place, f"a loop of {count:,} rounds is too long to be laid out; at most {MOST_ROUNDS:,} are")


def assign(reading: ReadingState, target: ast.expr, thing: Thing) -> None:
    """Give a loop's names what they stand for in one round."""
    if isinstance(target, ast.Name):
        reading.bind(reading.checked_name(target, target.id), thing)
        return
    if not isinstance(target, (ast.Tuple, ast.List)):
        reading.refuse(target, "only names can be given values here")
    for part, item in zip(target.elts, unpacked(reading, thing, len(target.elts), target), strict=True):
        assign(reading, part, item)


def unpacked(reading: ReadingState, thing: Thing, count: int, place: ast.AST) -> list[Thing]:
    """The `count` things in `thing`."""
    items = rounds(reading, thing, place)
    if len(items) != count:
        reading.refuse(place, f"there are {count} names here for {len(items)} values")
    return items


def comprehension(reading: ReadingState, node: ast.ListComp | ast.GeneratorExp, name: str | None) -> list[Thing]:
    """`[relu(w * x) for w in ws]`, laid out as a list."""
    first = reading.value(node.generators[0].iter)
    with reading.within(Scope(parent=reading.scope)):
        return [reading.value(node.elt) for _ in _each(reading, node.generators, first)]


def _each(reading: ReadingState, generators: list[ast.comprehension], things: Thing) -> Iterator[None]:
    generator, rest = generators[0], generators[1:]
    for item in rounds(reading, things, generator.iter):
        assign(reading, generator.target, item)
        if all(_holds(reading, test) for test in generator.ifs):
            if rest:
                yield from _each(reading, rest, reading.value(rest[0].iter))
            else:
                yield


def _holds(reading: ReadingState, test: ast.expr) -> Any:
    try:
        return plain(reading, test)
    except NotPlain:
        reading.refuse(test, "this condition depends on values of the graph: write where(condition, a, b)")


def range_of(reading: ReadingState, ends: list[Any], place: ast.AST) -> list[int]:
    """The numbers of a range."""
    if not 1 <= len(ends) <= 3 or not all(isinstance(end, int) for end in ends):
        reading.refuse(place, "a range needs whole numbers, as in range(3)")
    try:
        numbers = range(*ends)
    except ValueError:
        reading.refuse(place, "the step of a range must not be 0")
    try:
        count = len(numbers)
    except OverflowError:
        count = 10**18
    check_rounds(reading, count, place)
    return list(numbers)
