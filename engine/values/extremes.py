"""The smallest and the largest element of a value, looked for once: a frame asks for them a dozen times."""

from __future__ import annotations

import weakref
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from engine.values.values import Value

KEPT = 512  # arrays

_kept: OrderedDict[int, tuple[weakref.ref[NDArray[np.float64]], tuple[float, float]]] = OrderedDict()


def extremes(value: Value) -> tuple[float, float]:
    """(smallest, largest): nan, both, where there is a nan. The numbers of a trace do not change. Raises ValueError of
    an array without elements."""
    if not isinstance(value, np.ndarray):
        return float(value), float(value)
    found = _kept.get(id(value))
    if found is not None and found[0]() is value:
        return found[1]
    ends = float(np.minimum.reduce(value, axis=None)), float(np.maximum.reduce(value, axis=None))
    _kept[id(value)] = (weakref.ref(value), ends)
    if len(_kept) > KEPT:
        _kept.popitem(last=False)
    return ends
