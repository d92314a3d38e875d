"""Whether two things are the same to the last bit: nan is itself, and 0 is not −0. What `==` says is neither."""

import struct
from collections.abc import Mapping
from typing import Any

WHOLE = 2**53  # up to here every whole number is a float


def same(one: Any, other: Any) -> bool:
    """Whether two records, facts or settings are the same; None is “not there”."""
    if one is other or one is None or other is None:
        return one is other
    return bool(exact(one) == exact(other))


def exact(thing: Any) -> Any:
    """A stand-in that is equal to another one just if the things are the same: numbers as bits, and each of its type.

    A whole number is the same whether it is kept as an int or as a float.
    """
    if isinstance(thing, float) or (type(thing) is int and -WHOLE <= thing <= WHOLE):
        return float, struct.pack("<d", thing)
    if isinstance(thing, Mapping):
        return {key: exact(part) for key, part in thing.items()}
    if isinstance(thing, list | tuple):
        return type(thing), [exact(part) for part in thing]
    return type(thing), thing
