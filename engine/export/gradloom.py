"""Gradloom's own file format."""

from __future__ import annotations

from engine.export.target import export
from engine.files.codec import encode
from engine.graph.graph import Graph
from engine.passes.trace import Trace


@export("gradloom", "Gradloom file", ".gradloom", order=90)
def write_gradloom(graph: Graph, trace: Trace) -> str:
    """The whole document, also what is unfinished in it."""
    return encode(graph)
