"""Edits of sliders: a leaf that holds one number shows its range, or shows it no more."""

from engine.edits.checks import as_float, known_node
from engine.errors import EditRefused
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.sliders import can_slide, with_slider
from engine.values.steps import can_step
from engine.values.values import exact_text


def set_slider(graph: Graph, id: str, low: float, high: float) -> Change:
    """Let a leaf show a slider from `low` to `high`. What it holds stays as it is, within the range or not."""
    node, ends = known_node(graph, id), (as_float(low), as_float(high))
    if not can_slide(graph, id):
        raise EditRefused(f"{node.name} cannot have a slider: only a leaf that holds one finite number can.", (id,))
    if not all(map(can_step, ends)):
        raise EditRefused("A slider goes from one finite number to another.", (id,))
    if ends[0] >= ends[1]:
        raise EditRefused(f"A slider goes up: {exact_text(ends[0])} is not below {exact_text(ends[1])}.", (id,))
    facts = with_slider(graph, id, ends)
    text = f"Slide {node.name} from {exact_text(ends[0])} to {exact_text(ends[1])}"
    return Change(facts=facts, text=text) if facts else NOTHING


def remove_slider(graph: Graph, id: str) -> Change:
    """Let a leaf show its number without a slider."""
    facts = with_slider(graph, id, None)
    return Change(facts=facts, text=f"Remove the slider of {known_node(graph, id).name}") if facts else NOTHING
