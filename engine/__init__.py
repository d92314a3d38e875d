"""Gradloom's engine: computational graphs, the two passes over them, and the reasons for every number. No screen.

The glossary. These words, and no others, for these things:
    op              the kind of operation
    node            an op placed in a graph
    port            a named place on a node where an edge ends
    edge            from a node's output to another node's input port
    leaf            a node without inputs: input (data), parameter (what learns), constant (never gets a gradient)
    target          the node whose gradient is seeded, usually the loss
    forward         the pass that computes values, left to right
    backward        the pass that computes gradients, right to left
    upstream gradient   the gradient at a node's output, entering its backward rule
    local derivative    ∂output/∂this input
    contribution    upstream × local, along one edge
    gradient        the sum of a node's contributions
    document        the owner of the graph; a change is a reversible diff of it; an edit the checked maker of one
    plan            the compiled order; a trace is the recorded passes; a step is one entry of it
    position        a real number in the trace; a frame is what is drawn there
    problem         an unfinished or suspicious but legal document
"""

from engine import ops as _ops  # noqa: F401 - fills the op table
from engine.edits.expand import expand, fuse
from engine.errors import EditRefused, FileError, GradloomError, PlanError, RunError, TextError
from engine.files.disk import load, save
from engine.graph.document import Document
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.ops.op import OPS, Op
from engine.passes.run import run
from engine.passes.trace import Trace
from engine.session import Session
from engine.text.read import parse
from engine.text.write import unparse
from engine.truth.differences import gradcheck, h_sweep
from engine.truth.jacobian import jacobian
from engine.truth.paths import paths

__all__ = [
    "OPS", "Document", "Edge", "EditRefused", "FileError", "GradloomError", "Graph", "Node", "Op",
    "PlanError", "RunError", "Session", "TextError", "Trace", "expand", "fuse", "gradcheck", "h_sweep", "jacobian",
    "load", "parse", "paths", "run", "save", "unparse",
]  # fmt: skip
