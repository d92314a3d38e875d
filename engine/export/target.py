"""How an export target is declared: a name, a title for the menu, a file ending, and a function that writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.graph.graph import Graph
from engine.passes.trace import Trace

Write = Callable[[Graph, Trace], "str | bytes"]


@dataclass(frozen=True)
class Export:
    """One target. `write(graph, trace)` gives the whole file; it raises ExportError with a sentence if it cannot."""

    name: str
    title: str
    ending: str  # with its dot
    write: Write
    binary: bool = False  # bytes, not text: nothing to copy
    order: int = 1000  # in the menu: the smallest first


EXPORTS: dict[str, Export] = {}


def export(name: str, title: str, ending: str, binary: bool = False, order: int = 1000) -> Callable[[Write], Write]:
    """Declare the decorated function as the writer of a target."""

    def declare(write: Write) -> Write:
        if name in EXPORTS:
            raise ValueError(f"export {name!r} is declared twice")
        EXPORTS[name] = Export(name, title, ending, write, binary, order)
        return write

    return declare
