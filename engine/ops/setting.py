"""The settings of an op: choices that a node carries, what they may be, and how they are read.

A kind reads what was typed, pasted or loaded, and gives it back as a node keeps it: hashable, in one spelling only. It
raises ValueError with a sentence that says what it wants.
"""

import ast
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.errors import one_line
from engine.values.plain import WIDEST, shortened, shown, text_flaw

Kind = Callable[[Any], Any]
_MINUS = "\N{MINUS SIGN}"
LONGEST = 4096  # characters of a setting that is text: a path may have no more
_UNDECODED = re.compile("[\udc80-\udcff]")  # bytes of a file's name that are no text in UTF-8, as Python says them


@dataclass(frozen=True)
class Setting:
    """A choice that a node of this op carries: its type is the default's, unless a `kind` or `choices` are given.

    Beside a `kind` the `choices` are only the usual ones.
    """

    name: str
    default: Any
    title: str
    choices: tuple[Any, ...] = ()
    is_path: bool = False  # of a file: in memory whole, in a saved graph relative to it
    implies: tuple[tuple[str, Any], ...] = ()  # other settings that follow from choosing this one
    kind: Kind | None = None
    written: Callable[[Any], str] = repr  # as op texts write it

    def checked(self, value: Any) -> Any:
        """`value` as a node keeps it: hashable, and of the default's type. Raises ValueError with a sentence."""
        if isinstance(value, list):
            value = tuple(value)
        if isinstance(value, str) and (why := self._text_flaw(value)):
            raise ValueError(f"the setting “{self.name}” {why}")
        try:
            kept = self._of_its_type(value) if self.kind is None else self._of_its_kind(value)
        except OverflowError:
            raise ValueError(f"the setting “{self.name}” is too large") from None
        numbers = kept if isinstance(kept, tuple) else (kept,)
        if any(isinstance(number, int) and not -WIDEST <= number < WIDEST for number in numbers):
            raise ValueError(f"the setting “{self.name}” must fit into 64 bits")
        return kept

    def _text_flaw(self, text: str) -> str:
        """A path may have bytes in it that are no text."""
        return text_flaw(_UNDECODED.sub("?", text) if self.is_path else text, LONGEST)

    def _of_its_kind(self, value: Any) -> Any:
        assert self.kind is not None
        try:
            return self.kind(value)
        except ValueError as error:
            raise ValueError(f"the setting “{self.name}” must be {error}") from None

    def _of_its_type(self, value: Any) -> Any:
        if isinstance(self.default, float) and type(value) is int:
            value = float(value)
        if self.choices:
            fits = any(type(value) is type(choice) and value == choice for choice in self.choices)
            wanted = "one of " + ", ".join(map(_quoted, self.choices))
        else:
            fits, wanted = type(value) is type(self.default), f"a value like {_quoted(self.default)}"
        if isinstance(self.default, tuple):
            fits = fits and all(type(item) is type(self.default[0]) for item in value)
        if not fits:
            raise ValueError(f"the setting “{self.name}” must be {wanted}, not {_quoted(value)}")
        if isinstance(value, float) and not math.isfinite(value):  # op texts have no literal for it
            raise ValueError(f"the setting “{self.name}” must be a finite number, not {shown(value)}")
        return value


def _quoted(value: Any) -> str:
    """A value as a sentence quotes it."""
    return f"“{shortened(one_line(value))}”" if isinstance(value, str) else shown(value)


def _typed(value: Any) -> Any:
    """What was typed as text: `-1` and `0, 1` are numbers, anything else stays text."""
    try:
        return ast.literal_eval(value.strip().replace(_MINUS, "-")) if isinstance(value, str) else value
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return value.strip()


def _are_whole(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and all(type(number) is int for number in value)


def one_axis(value: Any) -> int | str:
    """The number of an axis, or "all"."""
    value = _typed(value)
    if value is None or value == "all":
        return "all"
    if type(value) is not int:
        raise ValueError(f"the number of an axis or “all”, not {shown(value)}")
    return value


def axes(value: Any) -> int | str | tuple[int, ...]:
    """The number of an axis, several of them, or "all"."""
    value = _typed(value)
    if not _are_whole(value):
        try:
            return one_axis(value)
        except ValueError:
            raise ValueError(f"the numbers of some axes, such as -1 or 0, 1, or “all”; not {shown(value)}") from None
    if len(set(value)) < len(value):
        raise ValueError(f"different axes, not {shown(value)}")
    return value[0] if len(value) == 1 else tuple(value)


def whole(value: Any) -> int:
    """A whole number."""
    value = _typed(value)
    if type(value) is not int:
        raise ValueError(f"a whole number, not {shown(value)}")
    return value


def pair(value: Any) -> tuple[int, int]:
    """Two whole numbers, 0 or more, down and across; one stands for both."""
    value = _typed(value)
    both = (value, value) if type(value) is int else value
    if not (_are_whole(both) and len(both) == 2 and min(both) >= 0):
        raise ValueError(f"a whole number, or two (down, across), 0 or more; not {shown(value)}")
    return (both[0], both[1])


def count(value: Any) -> int:
    """A whole number, 0 or more."""
    value = _typed(value)
    if type(value) is not int or value < 0:
        raise ValueError(f"a whole number, 0 or more, not {shown(value)}")
    return value


def permutation(value: Any) -> str | tuple[int, ...]:
    """An order of axes, "all" (back to front) or "last" (the last two change places)."""
    typed = _typed(value)
    order: str | tuple[int, ...] = "all" if typed is None else typed
    if order not in ("all", "last") and not (_are_whole(order) and len(set(order)) == len(order)):
        raise ValueError(f"the axes in their new order, such as 1, 0, 2, or “all” or “last”; not {shown(order)}")
    return order


def bound(value: Any) -> float | None:
    """A finite number, or None where there is no bound."""
    value = _typed(value)
    if value is None or value in ("", "none"):
        return None
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError(f"a finite number, or “none”; not {shown(value)}")
    return float(value)


def low_written(value: float | None) -> str:
    """A lower bound as op texts write it: where there is none, −∞."""
    return "-inf" if value is None else repr(value)


def high_written(value: float | None) -> str:
    """An upper bound as op texts write it: where there is none, ∞."""
    return "inf" if value is None else repr(value)


def place(value: Any) -> str:
    """What stands between the brackets of x[…], in NumPy's notation: `0`, `:, 1`, `..., newaxis`, `::2`, `[0, 2]`."""
    text = str(value) if type(value) is int else value
    try:
        tree = ast.parse(f"x[{text.strip().replace(_MINUS, '-')}]", mode="eval").body
    except (AttributeError, SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(f"what stands in the brackets of x[…], such as 0 or :, 1; not {shown(value)}") from None
    if not isinstance(tree, ast.Subscript) or not isinstance(tree.value, ast.Name):
        raise ValueError(f"what stands in the brackets of x[…], such as 0 or :, 1; not {shown(value)}")
    parts = _parts(tree)
    if not parts:
        raise ValueError("what stands in the brackets of x[…], such as 0 or :, 1; not nothing")
    for part in parts:
        if not _is_place(part):
            raise ValueError(
                f"made of whole numbers, slices, ... and newaxis, as in :, 1; “{ast.unparse(part)}” is none of these"
            )
    lists = sum(isinstance(part, ast.List) for part in parts)
    if lists > 1 or (lists and any(_is_number(part) for part in parts)):
        raise ValueError(f"without a second list, or a number beside a list; not {shown(value)}")
    if sum(isinstance(part, ast.Constant) and part.value is ... for part in parts) > 1:
        raise ValueError(f"a place with a single ...; not {shown(value)}")
    return ", ".join(map(_part_text, parts))


def _part_text(part: ast.expr) -> str:
    """A part in one spelling only: None is `newaxis`, and nothing where it is the end of a slice."""
    if isinstance(part, ast.Slice):
        ends = [None if end is None or _is_none(end) else end for end in (part.lower, part.upper, part.step)]
        return ast.unparse(ast.Slice(*ends))
    return "newaxis" if _is_none(part) else ast.unparse(part)


def place_written(text: str) -> str:
    """A place as op texts write it: `s_[:, 1]`, or `backwards[::-1]`, which not every target can say."""
    tree = ast.parse(f"s_[{text}]", mode="eval").body
    assert isinstance(tree, ast.Subscript)
    parts = _parts(tree)
    back = any(isinstance(part, ast.Slice) and isinstance(part.step, ast.UnaryOp) for part in parts)
    said = [f"listed({ast.unparse(part)})" if isinstance(part, ast.List) else _part_text(part) for part in parts]
    return f"{'backwards' if back else 's_'}[{', '.join(said).replace('newaxis', 'None')}]"


def _parts(tree: ast.Subscript) -> list[ast.expr]:
    return tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]


def _is_place(part: ast.expr) -> bool:
    if isinstance(part, ast.Slice):
        ends = (part.lower, part.upper, part.step)
        return all(end is None or _is_number(end) or _is_none(end) for end in ends) and not _is_zero(part.step)
    if isinstance(part, ast.List):
        return bool(part.elts) and all(_is_number(item) for item in part.elts)
    return _is_number(part) or _is_none(part) or (isinstance(part, ast.Constant) and part.value is ...)


def _is_number(part: ast.expr) -> bool:
    inner = part.operand if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub) else part
    return isinstance(inner, ast.Constant) and type(inner.value) is int


def _is_none(part: ast.expr | None) -> bool:
    named = isinstance(part, ast.Name) and part.id == "newaxis"
    return named or (isinstance(part, ast.Constant) and part.value is None)


def _is_zero(part: ast.expr | None) -> bool:
    return isinstance(part, ast.Constant) and part.value == 0


def subscripts(value: Any) -> str:
    """The subscripts of an einsum, its result written out: `ij,jk` is `ij,jk->ik`."""
    text = value.replace(" ", "") if isinstance(value, str) else ""
    given, arrow, result = text.partition("->")
    letters = given.replace(",", "")
    if "." in text:
        raise ValueError(f"without “...”: give every axis its letter; not {shown(value)}")
    if not all(letter.isascii() and letter.isalpha() for letter in letters + result) or not text:
        raise ValueError(f"letters for axes, with a comma between the inputs, such as ij,jk->ik; not {shown(value)}")
    twice = next((part for part in [*given.split(","), result] if len(set(part)) < len(part)), None)
    if twice is not None:
        raise ValueError(f"without a letter twice in one place: “{twice}” in {shown(value)}")
    if not arrow:
        result = "".join(sorted(letter for letter in set(letters) if letters.count(letter) == 1))
    if not set(result) <= set(letters):
        raise ValueError(f"such that every letter of the result is one of an input; not {shown(value)}")
    return f"{given}->{result}"
