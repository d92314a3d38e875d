"""A small program, as one types it in: it reads back to the same graph."""

from __future__ import annotations

from engine.export.target import export
from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.text.write import unparse


@export("text", "Program text", ".txt", order=80)
def write_text(graph: Graph, trace: Trace) -> str:
    """A line a node. Raises TextError for a graph that is unfinished."""
    return unparse(graph)
