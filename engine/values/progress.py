"""How far a long computation has come: it says so now and then, and whoever waits for it may end it there.

A long loop calls `advance`; who wants to know listens around the call. Nobody need listen: then it costs next to
nothing. Threads do not hear each other.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[int, int], None]  # done, of how many: bytes, nodes or rows; 0 where it is not known


class Cancelled(BaseException):
    """Nobody wants the result any more. It is no refusal and no fault, so what handles those lets it through."""


_heard = threading.local()


def advance(done: int, total: int = 0) -> None:
    """Say how far a computation has come. Raises what the listener raises: Cancelled, to end it here."""
    listener: Listener | None = getattr(_heard, "listener", None)
    if listener is not None:
        listener(done, total)


def rest() -> None:
    """Between two pieces of a long computation: let others work, if that was asked for around it."""
    seconds, left = getattr(_heard, "rest", (0.0, 0.0))
    if left > 0:
        _heard.rest = (seconds, left - seconds)
        time.sleep(seconds)


@contextmanager
def resting(seconds: float, most: float) -> Iterator[None]:
    """Whatever is computed in this block, on this thread, stands back so long between its pieces; at most `most`
    seconds together."""
    before = getattr(_heard, "rest", (0.0, 0.0))
    _heard.rest = (seconds, most)
    try:
        yield
    finally:
        _heard.rest = before


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Whatever is computed in this block, on this thread, tells `listener` how far it has come."""
    before = getattr(_heard, "listener", None)
    _heard.listener = listener
    try:
        yield
    finally:
        _heard.listener = before
