"""How far a long computation has come: it says so now and then, and whoever waits for it may end it there.

A long loop calls `advance`; who wants to know listens around the call. Nobody need listen: then it costs next to
nothing. Threads do not hear each other.
"""

import threading
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


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Whatever is computed in this block, on this thread, tells `listener` how far it has come."""
    before = getattr(_heard, "listener", None)
    _heard.listener = listener
    try:
        yield
    finally:
        _heard.listener = before
