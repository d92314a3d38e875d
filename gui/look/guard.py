"""Keeps a fault in what Qt calls from ending the program: Qt would go on with Python’s error still set, and crash."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

P = ParamSpec("P")


def guarded(paint: Callable[P, None]) -> Callable[P, None]:
    """A `paint` or `paintEvent` that reports what goes wrong, to the same place as every other fault, and returns."""

    @wraps(paint)
    def painted(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            paint(*args, **kwargs)
        except Exception:
            sys.excepthook(*sys.exc_info())

    return painted


def guarded_filter(pass_by: Callable[P, bool]) -> Callable[P, bool]:
    """An `eventFilter` that reports what goes wrong in the same way, and lets the event pass."""

    @wraps(pass_by)
    def passed(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            return pass_by(*args, **kwargs)
        except Exception:
            sys.excepthook(*sys.exc_info())
            return False

    return passed
