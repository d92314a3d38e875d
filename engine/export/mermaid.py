"""Mermaid: the graph as a flowchart for Markdown pages, with its values and gradients."""

from engine.export.picture import boxed_lines, edge_text, kind_of, node_lines
from engine.export.target import export
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.passes.trace import Trace
from engine.text.write import printable

# The brackets round a label give a node its shape.
SHAPES = {
    "input": ("[/", "/]"), "parameter": ("[", "]"), "constant": ("[[", "]]"), "leaf": ("[(", ")]"),
    "op": ("(", ")"), "target": ("([", "])"),
}  # fmt: skip


@export("mermaid", "Mermaid", ".mmd", order=70)
def write_mermaid(graph: Graph, trace: Trace) -> str:
    """A flowchart from left to right. Nodes are numbered: an id such as `end` has a meaning of its own there."""
    numbers = {id: f"n{i}" for i, id in enumerate(graph.nodes)}
    lines = [f"%% {printable(graph.title).replace('{', '(').replace('}', ')')}"] if printable(graph.title) else []
    lines += ["flowchart LR"]
    boxes = {id: f"g{i}" for i, id in enumerate(graph.groups)}
    lines += boxed_lines(
        graph,
        lambda node: f"{numbers[node.id]}{_shape(node, trace)}",
        lambda group, title: f"subgraph {boxes[group]}[{quoted([title])}]",
        "end",
    )
    for edge in graph.ordered_edges():
        said = edge_text(edge, trace)
        label = f"|{quoted([said])}|" if said else ""
        lines.append(f"  {numbers[edge.source]} -->{label} {numbers[edge.dest]}")
    return "\n".join(lines) + "\n"


def _shape(node: Node, trace: Trace) -> str:
    start, end = SHAPES[kind_of(node, trace)]
    return f"{start}{quoted(node_lines(node, trace))}{end}"


def quoted(lines: list[str]) -> str:
    """Lines as one Mermaid string: whatever could mean something there stands as a character's number."""
    return '"' + "<br>".join("".join(map(_letter, line)) for line in lines) + '"'


def _letter(letter: str) -> str:
    plain = letter.isalnum() or not letter.isascii() or letter in " .,:+-=()/_^"
    return letter if plain else f"#{ord(letter)};"
