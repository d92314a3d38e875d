"""Graphviz DOT: the graph with its values and gradients, laid out by `dot` from left to right."""

from engine.export.picture import boxed_lines, edge_text, kind_of, node_lines
from engine.export.target import export
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.passes.trace import Trace
from engine.text.write import printable

# Kinds of nodes are told apart by shape as well as by colour.
STYLES = {
    "input": 'shape=box, fillcolor="#EEF4FA"',
    "parameter": 'shape=box, fillcolor="#FDF1E3", penwidth=2',
    "constant": 'shape=box, style="filled,dashed", fillcolor="#F4F4F4"',
    "leaf": 'shape=cylinder, fillcolor="#EEF4FA"',
    "op": 'fillcolor="#FFFFFF"',
    "target": 'fillcolor="#FFFFFF", peripheries=2',
}

LARGE = 100  # nodes: from here on dot is told to settle for a good layout, for the best would take it minutes
_HASTE = "nslimit=1, nslimit1=1, mclimit=0.1, splines=line, "


@export("dot", "Graphviz", ".dot", order=60)
def write_dot(graph: Graph, trace: Trace) -> str:
    """A digraph; node names are the ids, labels carry the value and the gradient (∂)."""
    haste = _HASTE if len(graph.nodes) > LARGE else ""
    lines = [
        "digraph gradloom {",
        f"  graph [{haste}rankdir=LR, label={quoted([printable(graph.title)])}, labelloc=t, fontname=Helvetica]",
        '  node [shape=box, style="filled,rounded", color="#5A6675", fontname=Helvetica]',
        '  edge [color="#5A6675", fontcolor="#A03A08", fontname=Helvetica, fontsize=10]',
        *boxed_lines(graph, lambda node: _node(node, trace), _begin, "}"),
        *(_edge(graph, edge, trace) for edge in graph.ordered_edges()),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _begin(group: str, title: str) -> str:
    """What dot draws a box round: only what is called a cluster."""
    name, label = quoted([f"cluster {group}"]), quoted([title])
    return f'subgraph {name} {{ graph [label={label}, style="rounded,dashed", color="#8A94A0"]'


def _node(node: Node, trace: Trace) -> str:
    return f"{quoted([node.id])} [label={quoted(node_lines(node, trace))}, {STYLES[kind_of(node, trace)]}]"


def _edge(graph: Graph, edge: Edge, trace: Trace) -> str:
    op = graph.nodes[edge.dest].op
    said = [f"label={quoted([edge_text(edge, trace)])}"]
    if len(op.ports) > 1 and not op.repeats:  # which side of a − b it is
        said.append(f'headlabel={quoted([op.port_name(edge.port)])}, labelfontcolor="#8A94A0"')
    return f"  {quoted([edge.source])} -> {quoted([edge.dest])} [{', '.join(said)}]"


def quoted(lines: list[str]) -> str:
    r"""Lines as one DOT string: quotes and backslashes escaped, \n between lines."""
    return '"' + r"\n".join(line.replace("\\", r"\\").replace('"', r"\"") for line in lines) + '"'
