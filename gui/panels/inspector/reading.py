"""What is known about a node or an edge at a position, as texts: all digits, and “…” for what has not come yet."""

from typing import NamedTuple

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.passes.trace import Trace
from engine.show.absent import no_gradient_sentence
from engine.show.frame import Frame
from engine.show.now import Now
from engine.values.values import Value, exact_text, value_text
from gui.widgets.labels import sign_role

WAITING = "…"
MOST_TYPED = 12  # elements
VALUE_HINT = "zeros(3, 4), [[1, 2], [3, 4]] …"
LONGEST = 26  # characters that stand beside a caption


class Reading(NamedTuple):
    """A text and the role in which it is written."""

    text: str
    role: str = "number"


def all_digits(value: Value | None) -> str:
    """A number with all its digits; of a short vector as many as there is room for; of other arrays the shape."""
    if value is None:
        return WAITING
    if value.ndim == 0:
        return exact_text(float(value) + 0.0)  # −0 reads as 0
    texts = (value_text(value, digits) for digits in (6, 4, 3))
    return next((text for text in texts if len(text) <= LONGEST), value_text(value, most=0))


def typed_text(value: Value | None) -> str:
    """What a person would type to get a value; nothing for an array too large to be typed."""
    if value is None or value.size > MOST_TYPED:
        return ""
    if value.ndim == 0:
        return exact_text(float(value))
    inner = (typed_text(part) for part in np.asarray(value))
    return f"[{', '.join(inner)}]"


def value_hints(value: Value | None) -> tuple[str, str]:
    """What stands in an empty value field, and the same in a sentence: what a leaf holds if that is too long to be
    typed, or else how a value is written. The sentence is empty where nothing is left to be said."""
    if value is None or value.size <= MOST_TYPED:
        return VALUE_HINT, ""
    held = f"{'×'.join(map(str, value.shape))} numbers"
    return held, f"{held}, which stand in the grid below. Another value can be typed here, such as zeros(3, 4)."


def held_value(node: Node, frame: Frame) -> Value | None:
    """What a leaf holds: where a story tells how it came to hold it, what it holds at this moment of the story."""
    if node.value is None or frame.trace.of_now is None:
        return node.value
    told = frame.value(node.id)
    return frame.trace.value(node.id) if told is None else told


def value_of(graph: Graph, trace: Trace, frame: Frame, id: str, output: int = 0) -> Reading:
    """A node's value at a position. What a leaf holds is always known."""
    if (held := held_value(graph.nodes[id], frame)) is not None:
        return Reading(all_digits(held))
    if id in trace.plan.unready or trace.value(id, output) is None:
        return Reading("not computed", "faint")
    value = frame.value(id, output)
    return Reading(all_digits(value), "faint" if value is None else "number")


class GradientReading(NamedTuple):
    """A node's gradient at a position: its caption, its text, and a sentence about why there is none, if so."""

    caption: str
    text: Reading
    why: str


def gradient_of(now: Now, id: str) -> GradientReading:
    """What is known of a node's gradient, in the words of the moment."""
    frame, why = now.told, no_gradient_sentence(now.graph, now.telling, id, now.wording)
    if now.telling.gradient(id) is None:
        return GradientReading(now.wording, Reading("none", "faint"), why)
    gradient = frame.gradient(id)
    said = Reading(all_digits(gradient), sign_role(gradient))
    return GradientReading(now.wording if frame.gradient_complete(id) else "arrived so far", said, why)


class EdgeReading(NamedTuple):
    """The four numbers of an edge at a position; None where one is not there yet."""

    value: Value | None
    upstream: Value | None
    local: Value | None
    contribution: Value | None
    has_rule: bool  # False: its rule is no product (matmul …), so there is no local derivative
    gets_gradient: bool


def edge_reading(trace: Trace, frame: Frame, edge: Edge) -> EdgeReading:
    """What is known of an edge. Its upstream and local are known once its node's gradient is complete."""
    step, value = trace.contribution(edge.key), frame.value(edge.source, edge.output)
    if step is None:
        return EdgeReading(value, None, None, None, True, False)
    complete = frame.gradient_complete(edge.dest)
    upstream, local = (step.upstream, step.local) if complete else (None, None)
    return EdgeReading(value, upstream, local, frame.contribution(edge.key), step.local is not None, True)
