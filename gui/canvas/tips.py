"""What is told on hover: all digits, and why a number is missing or 0."""

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.graph.sliders import Range, slider_of
from engine.layout.group_cards import GroupCard
from engine.passes.trace import Trace
from engine.show.absent import no_gradient_sentence
from engine.show.cell_text import place_text
from engine.show.equation import equations_of
from engine.show.names import Names
from engine.show.now import Now
from engine.show.reasons import what_it_does
from engine.show.shown_run import ShownTrace
from engine.show.wording import Wording
from engine.values.heat import Heat
from engine.values.values import Value, counted, exact_text, shape_text
from gui.canvas.hits import Hit
from gui.document.lit_cells import LitCell
from gui.look.theme import BODY

MOST_ELEMENTS = 24
MOST_OUTPUTS = 6  # of a group
LEGIBLE = 10.0  # pixels on screen: smaller letters are hard to read


def tip(now: Now, hit: Hit, zoom: float = 1.0) -> str:
    """Plain text for what is under the mouse; empty for the canvas, and for a note that can be read where it is."""
    graph, trace = now.graph, now.telling
    if hit.kind == "note" and hit.aside is not None:
        return graph.notes[hit.aside[1]].text if BODY * zoom < LEGIBLE else ""
    if hit.edge is not None:
        return edge_tip(graph, trace, hit.edge, now.wording)
    if hit.kind == "input":
        return port_tip(graph, trace, hit.id, hit.port)
    if hit.kind == "output":
        node = graph.nodes[hit.id]
        what = node.op.outputs[hit.port].capitalize() if len(node.op.outputs) > 1 else "Output"
        return f"{what} of {node.name}: drag to an input port."
    return node_tip(graph, trace, hit.id, now.wording) if hit.id else ""


def cell_tip(now: Now, cell: LitCell, heat: Heat) -> str:
    """A cell of a tensor on its card: its number with all digits."""
    of_value = cell.kind == "value"
    array = now.frame.value(cell.node) if of_value else now.frame.gradient(cell.node)
    if array is None:
        return ""
    names = Names(now.graph, now.telling)
    name = names.node(cell.node) if of_value else f"∂{names.goal}/∂{names.node(cell.node)}"
    so_far = "" if of_value or now.frame.gradient_complete(cell.node) else " so far"
    pooled = f"\nthe largest of {heat.pooled[0]} × {heat.pooled[1]} cells" if heat.is_pooled else ""
    return f"{name}{place_text(cell.cell)} = {exact_text(float(np.asarray(array)[cell.cell]) + 0.0)}{so_far}{pooled}"


def card_tip(trace: ShownTrace, card: GroupCard, wording: Wording) -> str:
    """A folded group, or what lies beside one that is looked into: what comes out of it, and what comes back there."""
    facts, graph = card.facts, trace.shown.real
    lines = [f"{facts.title}: {'a group of ' if facts.kind == 'group' else ''}{facts.word}"]
    for id, output in facts.tails[:MOST_OUTPUTS]:
        node = graph.nodes[id]
        which = f".{node.op.outputs[output]}" if len(node.op.outputs) > 1 else ""
        gradient = _gradient_text(graph, trace.real, id, wording)
        lines.append(f"{node.name}{which} = {_value_text(trace.real, id, output)}\n    {wording}: {gradient}")
    if (more := len(facts.tails) - MOST_OUTPUTS) > 0:
        lines.append(f"and {counted(more, 'more output')}")
    return "\n".join(lines)


def node_tip(graph: Graph, trace: Trace, id: str, wording: Wording) -> str:
    """A node: name, op, value and gradient with all digits."""
    node = graph.nodes[id]
    if isinstance(node, GroupCard) and isinstance(trace, ShownTrace):
        return card_tip(trace, node, wording)
    name = node.name if node.name == id else f"{node.name} ({id})"
    lines = [f"{name}: {node.op.title}", what_it_does(graph, trace, id, wording)]
    why = trace.failures.get(id) or trace.plan.unready.get(id)
    if why:
        return "\n".join([*lines, why])
    value = trace.value(id)
    lines.append("value: " + _value_text(trace, id))
    lines.append(f"{wording}: " + _gradient_text(graph, trace, id, wording))
    if node.op.holds_value:
        scrubs = value is not None and not value.ndim
        lines.append("Click the number to type another" + (", or drag it sideways." if scrubs else "."))
    if (ends := slider_of(graph, id)) is not None:
        lines.append(slider_tip(ends, float(value) if value is not None else ends[0]))
    return "\n".join(lines)


def _value_text(trace: Trace, id: str, output: int = 0) -> str:
    value = trace.value(id, output)
    if value is None:
        return "hidden while you answer" if trace.is_part else "not computed"
    return full_text(value)


def slider_tip(ends: Range, number: float) -> str:
    """What a slider reaches, and whether the number lies beyond it."""
    low, high = map(exact_text, ends)
    beyond = "" if ends[0] <= number <= ends[1] else f": {exact_text(number)} lies {_side(ends, number)} that"
    return f"The slider goes from {low} to {high}{beyond}."


def _side(ends: Range, number: float) -> str:
    return "below" if number < ends[0] else "above"


def _gradient_text(graph: Graph, trace: Trace, id: str, wording: Wording) -> str:
    gradient, why = trace.gradient(id), no_gradient_sentence(graph, trace, id, wording)
    if gradient is None and trace.is_part and id not in trace.plan.constant:
        return "hidden while you answer"
    shown = "none" if gradient is None else full_text(gradient)
    return f"{shown}. {why}" if why else shown


def port_tip(graph: Graph, trace: Trace, id: str, port: int) -> str:
    """An input port: its name, and what comes in."""
    op = graph.nodes[id].op
    edge = graph.edges.get((id, port))
    if edge is None:
        needed = port in set(graph.open_ports(id))
        return f"Port {op.port_name(port)}: " + ("nothing is connected yet." if needed else "free for one more input.")
    value = trace.value(edge.source, edge.output)
    shown = "" if value is None else f" = {full_text(value)}"
    return f"Port {op.port_name(port)}: {graph.nodes[edge.source].name}{shown}\nDrag to move or remove the edge."


def edge_tip(graph: Graph, trace: Trace, key: EdgeKey, wording: Wording) -> str:
    """An edge: its value and its contribution with all digits, and the equations of the two."""
    edge = graph.edges[key]
    lines = [f"{graph.nodes[edge.source].name} → {graph.nodes[edge.dest].name}"]
    value, step = trace.value(edge.source, edge.output), trace.contribution(key)
    absent = "hidden while you answer" if trace.is_part else "not computed"
    lines.append("value: " + (absent if value is None else full_text(value)))
    if step is None:
        return "\n".join([*lines, "" if trace.is_part else f"no {wording} flows here"]).rstrip()
    lines.append(f"contribution: {full_text(step.contribution)}")
    told = equations_of(graph, trace, step)
    last = told[-1] if told[-1].part == (1, 1) else next(each for each in told if each.kind == "contribution")
    return "\n".join([*lines, *(each.text for each in told if each.kind == "local"), last.text])


def full_text(value: Value) -> str:
    """All digits of a number; of a tensor the shape and its first elements."""
    if value.ndim == 0:
        return exact_text(float(value) + 0.0)  # −0 reads as 0
    flat = value.ravel()
    shown = ", ".join(exact_text(x) for x in flat[:MOST_ELEMENTS])
    return f"shape {shape_text(value.shape)}: {shown}{', …' if flat.size > MOST_ELEMENTS else ''}"
