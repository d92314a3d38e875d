"""Numbers of a program text: sums of written ones, a value for a leaf, and what is given for a setting."""

import ast
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.values.values import MOST_AXES, Value, as_value

LARGEST_WHOLE = 10**15  # whole numbers beyond this are reckoned as floats: 9**9**9 has too many digits

_RULES: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}
_TESTS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Is: lambda a, b: a is b,
    ast.IsNot: lambda a, b: a is not b,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}


def reckoned(op: ast.operator, a: int | float, b: int | float) -> int | float | None:
    """The result of arithmetic on two numbers, as IEEE has it where Python would raise; None for another operator."""
    if isinstance(op, ast.Pow):
        return _power(a, b)
    rule = _RULES.get(type(op))
    if rule is None:
        return None
    try:
        result: int | float = rule(a, b)
    except (ArithmeticError, ValueError):
        with np.errstate(all="ignore"):
            result = float(rule(np.float64(a), np.float64(b)))
    return float(result) if isinstance(result, int) and abs(result) > LARGEST_WHOLE else result


def _power(a: int | float, b: int | float) -> int | float:
    if isinstance(a, int) and isinstance(b, int) and 0 <= b <= 64 and abs(a) <= 1000:
        whole = int(a**b)
        return whole if abs(whole) <= LARGEST_WHOLE else float(whole)
    with np.errstate(all="ignore"):
        return float(np.power(np.float64(a), np.float64(b)))


def holds(op: ast.cmpop, a: Any, b: Any) -> bool:
    """Whether a comparison of two plain values holds. Raises TypeError where Python would."""
    return bool(_TESTS[type(op)](a, b))


def value_of(lists: Any) -> Value:
    """A number or nested lists of numbers as a value. Raises ValueError with a sentence."""
    try:
        value = as_value(_floats(lists))
    except OverflowError:
        raise ValueError("this number is too large for a 64-bit float") from None
    except ValueError:
        sentence = f"the lists of a value must all have the same length, and be nested at most {MOST_AXES} deep"
        raise ValueError(sentence) from None
    if not value.size:
        raise ValueError("an empty list is not a value")
    return value


def _floats(lists: Any) -> Any:
    return [_floats(item) for item in lists] if isinstance(lists, (list, tuple)) else float(lists)


CONSTANTS: Mapping[str, float] = {
    "pi": math.pi, "e": math.e, "tau": math.tau, "inf": math.inf, "infty": math.inf, "Inf": math.inf, "nan": math.nan,
    "NaN": math.nan, "euler_gamma": float(np.euler_gamma),
}  # fmt: skip
