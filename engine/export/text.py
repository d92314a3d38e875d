"""What Gradloom itself reads back to the same graph: its own file, and a small program, as one types it in."""

from engine.export.target import export
from engine.files.codec import encode
from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.text.write import unparse


@export("text", "Program text", ".txt", order=80)
def write_text(graph: Graph, trace: Trace) -> str:
    """A line a node. Raises TextError for a graph that is unfinished."""
    return unparse(graph)


@export("gradloom", "Gradloom file", ".gradloom", order=90)
def write_gradloom(graph: Graph, trace: Trace) -> str:
    """The whole document, also what is unfinished in it."""
    return encode(graph)
