"""What the canvas says of itself to a screen reader."""

from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.show.now import Now
from engine.values.values import counted, value_text
from gui.document.selection import AsideKey


def description(
    now: Now, selected: frozenset[str], edges: frozenset[EdgeKey], asides: frozenset[AsideKey] = frozenset()
) -> str:
    """What a screen reader says of the canvas."""
    graph = now.graph
    count = len(graph.nodes)
    whole = "An empty graph." if not count else f"{counted(count, 'node')}, {counted(len(graph.edges), 'edge')}."
    chosen = [id for id in graph.nodes if id in selected]
    if len(chosen) > 1:
        return f"{whole} {len(chosen)} nodes are selected."
    if chosen:
        return f"{whole} Selected: {_node_words(now, chosen[0])}."
    if len(asides) == 1 and not edges:
        return f"{whole} Selected: {_aside_words(graph, *asides)}."
    if len(edges) == 1:
        return f"{whole} Selected: {_edge_words(now, *edges)}."
    return whole


def _aside_words(graph: Graph, key: AsideKey) -> str:
    kind, id = key
    return f"the region {graph.regions[id].title}" if kind == "region" else f"the note {graph.notes[id].text}"


def _node_words(now: Now, id: str) -> str:
    node = now.graph.nodes[id]
    value, gradient = now.telling.value(id), now.telling.gradient(id)
    words = [node.name, node.op.title]
    words.append("no value yet" if value is None else f"value {value_text(value)}")
    if gradient is not None:
        words.append(f"{now.wording} {value_text(gradient)}")
    return ", ".join(words)


def _edge_words(now: Now, key: EdgeKey) -> str:
    edge, nodes = now.graph.edges[key], now.graph.nodes
    value, step = now.telling.value(edge.source, edge.output), now.telling.contribution(key)
    words = [f"the edge from {nodes[edge.source].name} to port {nodes[edge.dest].op.port_name(edge.port)} "
             f"of {nodes[edge.dest].name}"]  # fmt: skip
    words.append("no value yet" if value is None else f"value {value_text(value)}")
    if step is not None:
        words.append(f"contribution {value_text(step.contribution)}")
    return ", ".join(words)
