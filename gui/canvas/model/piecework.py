"""Work done piece by piece, so that a frame need not wait for all of it: a generator that yields between the pieces."""

from collections.abc import Generator
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")
Pieces = Generator[None, None, T]  # of work that gives a T in the end


class Piecework:
    """Some work that has begun, and what it has given once it is done."""

    def __init__(self, pieces: Pieces[None]) -> None:
        self._pieces = pieces
        self.is_done = False

    def go_on(self, until: float) -> bool:
        """Do at least one piece, and more until a time (of `perf_counter`). Gives whether all is done."""
        while not self.is_done:
            try:
                next(self._pieces)
            except StopIteration:
                self.is_done = True
            if perf_counter() >= until:
                break
        return self.is_done
