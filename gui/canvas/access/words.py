"""What is said of nodes, ports and edges at this moment of the pass: what is shown, and nothing still to come."""

from engine.graph.records import EdgeKey
from engine.show.now import Now
from engine.values.values import Value, value_text
from gui.canvas.model.directions import input_name, output_name


def node_name(now: Now, id: str) -> str:
    """What it is called, and what it computes."""
    node = now.graph.nodes[id]
    target = ", target" if now.graph.target == id else ""
    return f"{node.name}, {node.op.title}{target}"


def node_words(now: Now, id: str) -> str:
    """Its numbers as far as the pass has come, and what it waits for."""
    frame, trace = now.frame, now.telling
    waits = trace.failures.get(id) or trace.plan.unready.get(id)
    if waits:
        return waits
    words = [f"value {text_of(frame.value(id))}"]
    gradient = frame.gradient(id)
    if gradient is not None:
        so_far = "" if frame.gradient_complete(id) else " so far"
        words.append(f"{now.wording}{so_far} {value_text(gradient)}")
    return ", ".join(words)


def edge_name(now: Now, key: EdgeKey) -> str:
    edge = now.graph.edges[key]
    return f"{output_name(now.graph, edge.source, edge.output)} to {input_name(now.graph, *key)}"


def edge_words(now: Now, key: EdgeKey) -> str:
    """What it carries, forward and back, as far as the pass has come."""
    edge, frame = now.graph.edges[key], now.frame
    words = [f"value {text_of(frame.value(edge.source, edge.output))}"]
    contribution = frame.contribution(key)
    if contribution is not None:
        words.append(f"contribution {value_text(contribution)}")
    return ", ".join(words)


def input_words(now: Now, id: str, port: int) -> str:
    """What feeds an input port."""
    edge = now.graph.edges.get((id, port))
    return "nothing ends here" if edge is None else f"fed by {output_name(now.graph, edge.source, edge.output)}"


def output_words(now: Now, id: str, output: int) -> str:
    """What an output feeds."""
    fed = [input_name(now.graph, *edge.key) for edge in now.graph.out_of(id) if edge.output == output]
    return f"feeds {', '.join(fed)}" if fed else "feeds nothing"


def text_of(value: Value | None) -> str:
    return "not known yet" if value is None else value_text(value)


def number_of(value: Value | None) -> float | None:
    """The number, if it is one."""
    return float(value) if value is not None and value.ndim == 0 else None
