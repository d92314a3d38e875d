"""How much memory numbers may take: the one limit, and sizes as they are typed and told.

A run is refused where all its values together would take more. The limit is of the program, not of a document: what a
machine bears does not depend on what is open.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engine.errors import GradloomError
from engine.values.values import thousands

USUAL = 256 * 2**20  # bytes
LEAST = 2**20
NUMBER = 8  # bytes that one takes: all are float64

WRITTEN = 128  # bytes that one takes on its way into a text

_UNITS = {"": 1, "B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40}
_SIZE = re.compile(r"\s*(\d{1,15}(?:\.\d{1,6})?)\s*([KMGT]?B?)\s*\Z", re.IGNORECASE)


@dataclass
class Memory:
    """The limit in bytes for the values, gradients and records of one run together."""

    limit: int = USUAL

    @contextmanager
    def allowed(self, limit: int) -> Iterator[None]:
        """Another limit for a while."""
        before, self.limit = self.limit, limit
        try:
            yield
        finally:
            self.limit = before


MEMORY = Memory()


def limit_text() -> str:
    """The end of a sentence about what would need more."""
    return f"all values together may take {memory_text(MEMORY.limit)}"


def refuse_long_text(numbers: int) -> None:
    """Raise GradloomError if so many numbers are too many to be written out."""
    if numbers * WRITTEN > MEMORY.limit:
        need = memory_text(numbers * WRITTEN)
        raise GradloomError(f"to write out {thousands(numbers)} numbers would need {need}; {limit_text()}")


def memory_text(bytes: int) -> str:
    """`3.2 GB`, `256 MB`, `12 KB`."""
    if bytes >= 1000 * 2**40:
        return "more than 1000 TB"
    power = 1
    while power < 4 and bytes >= 1000 * 2 ** (10 * power):
        power += 1
    amount = bytes / 2 ** (10 * power)
    return f"{amount:.3g} {('KB', 'MB', 'GB', 'TB')[power - 1]}"


def read_memory(text: str) -> int:
    """The bytes of a size such as `512MB` or `1.5 GB`; a bare number counts bytes. Raises ValueError."""
    said = _SIZE.match(text)
    unit = said[2].upper() if said else ""
    unit = unit + "B" if unit in ("K", "M", "G", "T") else unit
    bytes = int(float(said[1]) * _UNITS[unit]) if said else 0
    if bytes < LEAST:
        raise ValueError(f"“{text.strip()[:20]}” is not a size such as 512MB or 2GB, {memory_text(LEAST)} or more")
    return bytes
