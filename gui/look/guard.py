"""Keeps a fault in what Qt calls from ending the program: Qt would go on with Python’s error still set, and crash."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def told_or(otherwise: Callable[[], Any]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Report what goes wrong, to the same place as every other fault, and answer this instead."""

    def around(ask: Callable[P, R]) -> Callable[P, R]:
        @wraps(ask)
        def asked(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return ask(*args, **kwargs)
            except Exception:
                sys.excepthook(*sys.exc_info())
                answer: R = otherwise()
                return answer

        return asked

    return around


def guarded(paint: Callable[P, None]) -> Callable[P, None]:
    """A `paint` or `paintEvent` that reports what goes wrong, and returns."""
    return told_or(lambda: None)(paint)


def guarded_filter(pass_by: Callable[P, bool]) -> Callable[P, bool]:
    """An `eventFilter` that reports what goes wrong in the same way, and lets the event pass."""
    return told_or(lambda: False)(pass_by)
