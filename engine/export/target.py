"""An export target: how one is declared, how it is chosen, and how a graph is written with it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.errors import ExportError
from engine.graph.graph import Graph
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.passes.trace import ForwardStep, Trace

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
        silent = np.errstate(all="ignore")(write)  # ∞ − ∞ is nan, in what is folded too: no warning
        EXPORTS[name] = Export(name, title, ending, silent, binary, order)
        return write

    return declare


def target_for(path: str, name: str | None = None) -> Export:
    """The target called `name`, or without a name the only one whose files end like `path`.

    Raises ExportError if there is none, or more than one.
    """
    if name is not None:
        if name not in EXPORTS:
            raise ExportError(f"There is no export “{name}”; choose one of {', '.join(EXPORTS)}.")
        return EXPORTS[name]
    fitting = [target for target in EXPORTS.values() if path.lower().endswith(target.ending)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        said = f"{fitting[0].ending} may be {', '.join(t.name for t in fitting[:-1])} or {fitting[-1].name}"
        raise ExportError(f"{said}: choose with --to.")
    if path == "-":
        raise ExportError("Say what to print with --to.")
    endings = ", ".join(dict.fromkeys(target.ending for target in EXPORTS.values()))
    raise ExportError(f"“{path}” does not have the ending of any export ({endings}): choose one with --to.")


def computed(trace: Trace) -> list[ForwardStep]:
    """The steps that made values known. Raises ExportError if there are none."""
    if not trace.forward_steps:
        raise ExportError("There is nothing to export: no node of the graph has a value yet.")
    return trace.forward_steps


def trace_for(graph: Graph) -> Trace:
    """A run of all of the graph that can be run: what is unfinished is named by the exports, and left out."""
    return trace_of(make_plan(graph), leaf_values(graph), graph.seed)


def export_graph(graph: Graph, name: str, trace: Trace | None = None) -> str | bytes:
    """A graph written in the target `name`, with the numbers of `trace` (its own run, if none is given).

    Raises ExportError if there is no such target, or if the graph cannot be written in it.
    """
    return target_for("", name).write(graph, trace if trace is not None else trace_for(graph))
