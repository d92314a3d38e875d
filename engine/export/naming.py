"""Names in a generated program: each node gets one that is legal there and clashes with nothing."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable

from engine.text.write import printable

# No node may be called like these in a Python program.
PYTHON_RESERVED = frozenset({*keyword.kwlist, *dir(builtins)})


class Names:
    """Hands out names; a wanted name that is taken gets underscores at its end until it is free."""

    def __init__(self, reserved: Iterable[str]) -> None:
        self.taken = set(reserved)

    def fresh(self, wanted: str) -> str:
        # Two underscores in front are mangled by classes, one hides a name from Module: neither is kept.
        name = wanted.lstrip("_") or "node"
        name = f"n{name}" if name[0].isdigit() else name
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name


def docstring(text: str) -> str:
    """A text that may stand between triple quotes."""
    return printable(text).replace("\\", "\\\\").replace('"', "'")
