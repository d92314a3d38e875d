"""The words that op texts are written in, once per namespace: NUMPY for arrays, MATH for plain floats.

Everything an op text names beside its ports, `y`, `g` and its settings stands here. IEEE results, never an exception:
exp of 1000 is inf, log of 0 is −inf, 1/0 is inf.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.values import Value


def _swap(x: Value) -> Value:
    """The transpose of the last two axes; a vector stays as it is."""
    return np.swapaxes(x, -1, -2) if x.ndim > 1 else x


def _xlogy(x: Value, y: Value) -> Value:
    """x log y, and 0 where x is 0: the convention of information theory, 0 log 0 = 0."""
    return np.where(x == 0, 0.0, x * np.log(y))


def _ratio(a: Value, b: Value) -> Value:
    """a / b, and 0 for 0 / 0."""
    return np.where((a == 0) & (b == 0), 0.0, a / b)


def _count(x: Value) -> float:
    """How many elements a mean divides by."""
    return float(np.size(x))


NUMPY: Mapping[str, Any] = {
    "exp": np.exp, "log": np.log, "tanh": np.tanh, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos,
    "abs": np.abs, "sign": np.sign, "maximum": np.maximum, "minimum": np.minimum, "where": np.where,
    "square": np.square, "sum": np.sum, "mean": np.mean, "matmul": np.matmul, "swap": _swap,
    "xlogy": _xlogy, "ratio": _ratio, "count": _count,
}  # fmt: skip


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _log(x: float) -> float:
    if x > 0:
        return math.log(x)
    return -math.inf if x == 0 else math.nan


def _maximum(a: float, b: float) -> float:
    return a if a >= b or a != a else b


def _minimum(a: float, b: float) -> float:
    return a if a <= b or a != a else b


def _sqrt(x: float) -> float:
    return math.sqrt(x) if x >= 0 else math.nan


def _same(x: float) -> float:
    return x


MATH: Mapping[str, Any] = {
    "exp": _exp, "log": _log, "tanh": math.tanh, "sqrt": _sqrt, "sin": math.sin, "cos": math.cos,
    "abs": abs, "sign": lambda x: float((x > 0) - (x < 0)) if x == x else x,
    "maximum": _maximum, "minimum": _minimum, "where": lambda c, a, b: a if c else b,
    "square": lambda x: x * x, "sum": _same, "mean": _same, "swap": _same, "count": lambda x: 1.0,
    "xlogy": lambda x, y: 0.0 if x == 0 else x * _log(y),
    "ratio": lambda a, b: 0.0 if a == 0 == b else float(np.divide(a, b)),
}  # fmt: skip
