"""What is said of a stop on a walk by keys: where one is, and what the next key will do."""

from engine.graph.graph import Graph
from gui.canvas.model.stage import Stage
from gui.canvas.model.walk import Stop, beside


def directions(stage: Stage, stop: Stop) -> str:
    """One line for the status bar and for a screen reader."""
    graph = stage.graph
    if stop.place == "node":
        return _at_node(graph, stop.id)
    others = beside(stage, stop)
    number = f"{others.index(stop) + 1} of {len(others)}" if stop in others else ""
    if stop.place == "edge":
        return _at_edge(graph, stop, number)
    return _at_input(graph, stop, number) if stop.place == "input" else _at_output(graph, stop, number)


def output_name(graph: Graph, id: str, output: int) -> str:
    """A node, and which of its outputs, if it has several."""
    node = graph.nodes[id]
    return node.name if len(node.op.outputs) < 2 else f"{node.op.outputs[output]} of {node.name}"


def input_name(graph: Graph, id: str, port: int) -> str:
    """A port by its name."""
    return f"port {graph.nodes[id].op.port_name(port)} of {graph.nodes[id].name}"


def _at_node(graph: Graph, id: str) -> str:
    node = graph.nodes[id]
    enter = "types its value" if node.op.holds_value else "draws an edge from it"
    ways = [f"Enter {enter}"]
    if graph.port_count(id):
        ways.append("Ctrl+← goes to its inputs")
    ways.append("Ctrl+→ to what it feeds" if graph.out_of(id) else "Ctrl+→ to its output")
    return f"{node.name}: {', '.join(ways)}."


def _at_edge(graph: Graph, stop: Stop, number: str) -> str:
    assert stop.edge is not None
    goal = graph.nodes[stop.edge[0]].name
    way = f"{output_name(graph, stop.id, stop.port)} → {input_name(graph, *stop.edge)}"
    return f"{way}, {number}: Ctrl+→ goes to {goal}, Ctrl+↑ ↓ to another way, Enter moves its end, Del removes it."


def _at_input(graph: Graph, stop: Stop, number: str) -> str:
    name, fed = input_name(graph, stop.id, stop.port), graph.edges.get((stop.id, stop.port))
    choose = ", Ctrl+↑ ↓ to another port" if not number.endswith(" of 1") else ""
    if fed is None:
        return f"{name}, {number}, nothing ends here: Enter draws an edge to it{choose}."
    source = output_name(graph, fed.source, fed.output)
    on = f"Ctrl+← goes to {graph.nodes[fed.source].name}{choose}"
    return f"{source} → {name}, {number}: {on}, Enter connects another, Del removes it."


def _at_output(graph: Graph, stop: Stop, number: str) -> str:
    choose = ", Ctrl+↑ ↓ go to the edges that leave it" if graph.out_of(stop.id) else ""
    return f"output {output_name(graph, stop.id, stop.port)}, {number}: Enter draws an edge from here{choose}."
