"""What the card of a folded group shows at a frame, and the edges that end at it: texts and tones, no pixels."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Edge, EdgeKey
from engine.layout.group_cards import CardFacts, GroupCard
from engine.passes.trace import Trace
from engine.show.frame import Frame
from engine.show.shown_run import ShownFrame, ShownTrace
from engine.show.wording import Wording
from engine.values.values import Value, counted, number_text
from gui.canvas.model.texts import (
    NONE,
    WAITING,
    EdgeLine,
    EdgePicture,
    NodeLook,
    NodePicture,
    compact_text,
    edge_line,
    edge_picture,
    full_edge_picture,
    line_width,
    node_look,
    node_picture,
    shorter_texts,
    tone,
)


def picture_of(graph: Graph, frame: Frame, id: str, wording: Wording) -> NodePicture:
    """What a node or a card shows."""
    node = graph.nodes[id]
    if isinstance(node, GroupCard) and isinstance(frame, ShownFrame):
        return _card_picture(graph, frame, node, wording)
    return node_picture(graph, frame, id, wording)


def look_of(graph: Graph, frame: Frame, id: str) -> NodeLook:
    """What is seen of a node or a card from afar."""
    node = graph.nodes[id]
    if isinstance(node, GroupCard) and isinstance(frame, ShownFrame):
        return NodeLook(node.op, _gradients(frame, node.facts, "gradient")[1], bool(_missing(frame, id)))
    return node_look(graph, frame, id)


def edge_picture_of(frame: Frame, edge: Edge) -> EdgePicture:
    """What an edge shows: one into a neuron its weight in place of what comes along it."""
    picture = edge_picture(frame, edge)
    weight = frame.weight(edge.key) if isinstance(frame, ShownFrame) else None
    if weight is None:
        return picture
    shade, width, dashed, _ = _weighted_line(weight)
    return replace(picture, value=_weight_text(weight), tone=shade, width=width, dashed=dashed, sent=picture.tone)


def edge_line_of(frame: Frame, key: EdgeKey) -> EdgeLine:
    """How an edge is drawn: by what has travelled back along it; one into a neuron by its weight."""
    weight = frame.weight(key) if isinstance(frame, ShownFrame) else None
    return edge_line(frame, key) if weight is None else _weighted_line(weight)


def full_edge_picture_of(trace: Trace, edge: Edge) -> EdgePicture:
    """An edge at the end of the pass."""
    picture = full_edge_picture(trace, edge)
    weight = trace.weight(edge.key) if isinstance(trace, ShownTrace) else None
    return picture if weight is None else replace(picture, value=_weight_text(weight))


def _card_picture(graph: Graph, frame: ShownFrame, card: GroupCard, wording: Wording) -> NodePicture:
    """Its title, how many nodes are in it, what comes out of it, and the gradient that comes back there."""
    facts, ports = card.facts, graph.port_count(card.id)
    missing = _missing(frame, card.id)
    taken = facts.kind == "goal"
    value, value_tone, caption, shorter = _taken(frame, facts) if taken else _values(frame, facts)
    gradient, gradient_tone, gradient_caption, short_gradients = (
        _given_back(frame, card) if taken else _gradients(frame, facts, wording)
    )
    seed = f"seed {number_text(graph.seed)}" if graph.target == card.id else ""
    return NodePicture(
        card.op, card.name, missing or value, gradient, "warn" if missing else value_tone, gradient_tone,
        caption, gradient_caption, ports, graph.output_count(card.id), facts.open, None, bool(missing),
        seed=seed, word=facts.word, short_values=() if missing else shorter, short_gradients=short_gradients,
        stacked=facts.kind == "group",
    )  # fmt: skip


def _weighted_line(weight: Value) -> EdgeLine:
    """The width says how large a weight is, the colour its sign."""
    shade = tone(weight)
    return EdgeLine(shade, line_width(weight), shade == "zero")


def _weight_text(weight: Value) -> str:
    """A weight beside its edge: what comes along it is multiplied by that."""
    return f"× {compact_text(weight)}"


def _missing(frame: ShownFrame, id: str) -> str:
    """What keeps a node in a card from being computed, in a few words; empty if nothing does."""
    trace, shown = frame.trace.real, frame.trace.shown
    if not (trace.plan.unready or trace.failures):
        return ""
    stuck = [each for each in shown.members(id) if trace.value(each) is None]
    if not stuck:
        return ""
    own = [each for each in stuck if each in trace.failures or next(shown.real.open_ports(each), None) is not None]
    return f"{shown.real.nodes[min(own)].name} is unfinished" if own else "waits for its inputs"


def _values(frame: ShownFrame, facts: CardFacts) -> tuple[str, str, str, tuple[str, ...]]:
    """What comes out of it: text, tone, caption, shorter forms."""
    known = [frame.real.value(*tail) for tail in facts.tails]
    if not known:
        return "", "faint", "", ()
    found = [value for value in known if value is not None]
    if len(found) < len(known):
        return WAITING, "faint", "value" if len(known) == 1 else counted(len(known), "value"), ()
    finite = "value" if all(bool(np.isfinite(value).all()) for value in found) else "warn"
    if len(found) == 1:
        shape = "×".join(map(str, found[0].shape)) or "value"
        return compact_text(found[0]), finite, shape, shorter_texts(found[0])
    if any(value.ndim for value in found):
        return counted(len(found), "value"), finite, "out", ()
    return compact_text(np.array(found)), finite, str(len(found)), ()


def _length(arrays: Sequence[Value]) -> float:
    """The length of all of them together; what is squared is at most 1, so that no square goes over."""
    largest = max(float(np.max(np.abs(each), initial=0.0)) for each in arrays)
    if not largest or not np.isfinite(largest):
        return largest
    with np.errstate(under="ignore", over="ignore"):
        return largest * float(np.sqrt(sum(float(np.sum(np.square(each / largest))) for each in arrays)))


def _gradients(frame: ShownFrame, facts: CardFacts, wording: Wording) -> tuple[str, str, str, tuple[str, ...]]:
    """The gradient where it leaves; of several outputs how large it is: the length of all of them together."""
    if len(facts.tails) == 1:
        id = facts.tails[0][0]
        gradient = frame.real.gradient(id)
        if gradient is None:
            return _to_come(frame, [id]), "faint", wording, ()
        done = frame.real.gradient_complete(id)
        text, shorter = compact_text(gradient), shorter_texts(gradient)
        return text if done else f"{text} + {WAITING}", tone(gradient), wording, shorter if done else ()
    ids = list(dict.fromkeys(id for id, _ in facts.tails))
    found = [gradient for id in ids if (gradient := frame.real.gradient(id)) is not None]
    if not found:
        return _to_come(frame, ids) if ids else "", "faint", f"‖{wording}‖" if ids else "", ()
    size = np.float64(_length(found))
    done = all(frame.real.gradient_complete(id) for id in ids)
    text = number_text(float(size))
    return text if done else f"{text} + {WAITING}", "soft" if size else "zero", f"‖{wording}‖", shorter_texts(size)


def _taken(frame: ShownFrame, facts: CardFacts) -> tuple[str, str, str, tuple[str, ...]]:
    """What a stub takes out of the group: all that its nodes need of it."""
    edges = (frame.trace.shown.real.edges[keys[0]] for keys in facts.heads)
    inside = facts._replace(tails=tuple((edge.source, edge.output) for edge in edges))
    text, shade, caption, shorter = _values(frame, inside)
    return text, shade, "takes" if caption in ("value", "out") else caption, shorter


def _given_back(frame: ShownFrame, card: GroupCard) -> tuple[str, str, str, tuple[str, ...]]:
    """What the nodes that a stub stands for send back into the group, in all; of several ports how large it is."""
    keys = [(card.id, port) for port in range(len(card.facts.heads))]
    due = [head for key in keys for head in frame.trace.cover.heads(key)]
    known = frame.real.trace.contribution_at
    arrived = [value for key in keys if (value := frame.contribution(key)) is not None]
    if not arrived:
        return WAITING if any(head in known for head in due) else NONE, "faint", "sends", ()
    done = all(known[head] < frame.real.done for head in due if head in known)
    several = len(keys) > 1
    size = np.float64(np.sqrt(sum(float(np.sum(np.square(each))) for each in arrived))) if several else arrived[0]
    text, shorter = compact_text(size), shorter_texts(size)
    shade = ("soft" if size else "zero") if several else tone(size)
    return text if done else f"{text} + {WAITING}", shade, "‖sends‖" if several else "sends", shorter if done else ()


def _to_come(frame: ShownFrame, ids: Sequence[str]) -> str:
    trace = frame.real.trace
    return WAITING if any(id in trace.arrivals or trace.gradient(id) is not None for id in ids) else NONE
