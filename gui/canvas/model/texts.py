"""What a node and an edge show at a frame: texts and tones, no pixels. Equal pictures need no repaint."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, log10
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.graph.graph import Graph
from engine.graph.records import Edge, EdgeKey, Node
from engine.graph.sliders import slider_of
from engine.ops.kernel import bind
from engine.ops.op import ONNX, Op
from engine.passes.trace import Trace
from engine.show.frame import Frame
from engine.show.wording import Wording
from engine.values.extremes import extremes
from engine.values.heat import Heat, kept_heat
from engine.values.steps import share_of
from engine.values.values import MINUS, Value, number_text, value_text

WAITING, NONE = "…", "—"
SWEPT = 0.7  # when in its step a value has gone along its edges, and appears beside them
MISFIT = "shape mismatch"
SHORT_STATUS = {MISFIT: "shape?", "needs a value": "no value", "not computed": "no value", "unknown op": "unknown"}
ROUNDED = "≈"  # fewer digits than elsewhere on the screen
ARROW = "◂ "  # a contribution points to where it goes
WIDEST_LINE, WIDTH_STEPS = 5.0, 8  # of an edge, in pixels; in how many steps a pixel
MOST_CELLS = 9, 18  # rows and columns of a tensor on a card: of more, several are one
CURVE_REACH = 4.0  # a small curve shows −4 … 4


class SliderPicture(NamedTuple):
    """A leaf's slider: how far along it the number lies, and beyond which end (−1, 1), or none (0)."""

    share: float
    beyond: int


@dataclass(frozen=True, slots=True)
class NodePicture:
    """Everything that is drawn at a node. Tones are colours by their use in the theme."""

    op: Op
    name: str
    value: str
    gradient: str
    value_tone: str = "value"
    gradient_tone: str = "faint"
    value_caption: str = "value"
    gradient_caption: str = "gradient"
    ports: int = 0
    outputs: int = 1
    open_ports: frozenset[int] = frozenset()  # required, and nothing is connected: they are named beside the card
    spare: int | None = None  # the free port of an op whose ports repeat
    unfinished: bool = False
    gate: bool | None = None  # open, shut, or not known
    dot: float | None = None  # the input, on the small curve of an activation
    seed: str = ""  # what is put into the target
    word: str = ""  # what a leaf is, where its title does not say it: which data
    short_values: tuple[str, ...] = ()  # the value once more, of fewer and fewer digits
    short_gradients: tuple[str, ...] = ()
    slider: SliderPicture | None = None
    value_heat: Heat | None = None  # of a tensor
    gradient_heat: Heat | None = None
    stacked: bool = False  # it stands for several nodes: the card lies on others

    @property
    def values(self) -> tuple[str, ...]:
        """The value, and its shorter forms."""
        return (self.value, *self.short_values)

    @property
    def gradients(self) -> tuple[str, ...]:
        """The gradient, and its shorter forms."""
        return (self.gradient, *self.short_gradients)


class NodeLook(NamedTuple):
    """A node on which nothing is written: all that is seen of it from afar."""

    op: Op
    gradient_tone: str
    unfinished: bool


class EdgeLine(NamedTuple):
    """How an edge itself is drawn: all that is seen of it from afar."""

    tone: str = "edge"
    width: float = 2.0
    dashed: bool = False
    unsaid: bool = False  # it is negative, and its label does not say so: that has the shape alone


@dataclass(frozen=True, slots=True)
class EdgePicture:
    """Everything that is drawn along an edge. An empty text is not there (yet)."""

    value: str = ""
    contribution: str = ""
    tone: str = "edge"
    width: float = 2.0
    dashed: bool = False
    sent: str = ""  # the tone of the contribution, where the line shows something else

    def said(self) -> tuple[str, str]:
        """Value and contribution."""
        return self.value, self.contribution


def node_picture(graph: Graph, frame: Frame, id: str, wording: Wording = "gradient") -> NodePicture:
    """What node `id` shows."""
    node = graph.nodes[id]
    op, ports = node.op, graph.port_count(id)
    spare = ports - 1 if op.repeats and ports > op.fewest else None
    open_ports = tuple(graph.open_ports(id))
    value, value_tone, unfinished = _value_row(graph, frame, node, open_ports)
    gradient, gradient_tone = _gradient_row(frame, id)
    known = frame.value(id)
    seeded = graph.target == id
    picture = NodePicture(
        op,
        node.name,
        value,
        gradient,
        value_tone,
        gradient_tone,
        "value" if known is None or known.ndim == 0 else "×".join(map(str, known.shape)),
        wording,
        ports,
        graph.output_count(node.id),
        frozenset(open_ports),
        spare,
        unfinished,
        _gate(frame, node) if op.gate else None,
        _dot(frame, node) if op.group == "activation" else None,
        _seed_text(graph, frame.trace) if seeded else "",
        short_values=() if unfinished or known is None else shorter_texts(known),
        short_gradients=_short_gradients(frame, id),
        slider=_slider(graph, frame, id) if op.is_leaf else None,
        value_heat=None if unfinished or op.supply else heat_of(known),
        gradient_heat=None if unfinished or op.supply else heat_of(frame.gradient(id)),
    )
    return _data_picture(picture, frame, node) if op.supply else picture


def _seed_text(graph: Graph, trace: Trace) -> str:
    """The seed; while the pass is asked for, not before it has gone in."""
    is_hidden = trace.is_part and trace.backward_start == len(trace)
    return "seed ?" if is_hidden else f"seed {number_text(graph.seed)}"


def heat_of(value: Value | None) -> Heat | None:
    """A tensor in small; of a single number the number itself says more."""
    return kept_heat(value, *MOST_CELLS) if value is not None and value.ndim and value.size > 1 else None


def node_look(graph: Graph, frame: Frame, id: str) -> NodeLook:
    """What is seen of node `id` from afar: what its picture would say of it, for much less."""
    op = graph.nodes[id].op
    gradient = None if op.supply else frame.gradient(id)
    return NodeLook(op, "faint" if gradient is None else tone(gradient), frame.trace.value(id) is None)


def _slider(graph: Graph, frame: Frame, id: str) -> SliderPicture | None:
    """Where its knob stands: where a story tells how it came to stand there, as far as that is told."""
    ends, value = slider_of(graph, id), graph.nodes[id].value
    if frame.trace.of_now is not None:
        told = frame.value(id)
        value = frame.trace.value(id) if told is None else told
    if ends is None or value is None:
        return None
    number = float(value)
    return SliderPicture(share_of(*ends, number), (number > ends[1]) - (number < ends[0]))


def _data_picture(picture: NodePicture, frame: Frame, node: Node) -> NodePicture:
    """Of a dataset: which data it is, and the shape of each output, for none gets a gradient."""
    word = Path(node.setting("path")).name if node.setting("name") == "csv" else node.setting("name")
    if picture.unfinished:
        return replace(picture, gradient_caption="", gradient="", word=word)
    values = [frame.value(node.id, output) for output in range(2)]
    shapes = [WAITING if value is None else "×".join(map(str, value.shape)) for value in values]
    tones = ["faint" if value is None else "value" for value in values]
    return replace(
        picture, value=shapes[0], value_tone=tones[0], value_caption=node.op.outputs[0],
        gradient=shapes[1], gradient_tone=tones[1], gradient_caption=node.op.outputs[1], word=word,
        short_values=(), short_gradients=(),
    )  # fmt: skip


def edge_picture(frame: Frame, edge: Edge) -> EdgePicture:
    """What an edge shows."""
    value = frame.value(edge.source, edge.output)
    sweep = frame.sweeping
    early = sweep is not None and sweep[0] == edge.source and sweep[1] < SWEPT
    texts = _labelled(None if early else value, frame.contribution(edge.key))
    tone, width, dashed, _ = edge_line(frame, edge.key)
    return replace(texts, tone=tone, width=width, dashed=dashed)


def edge_line(frame: Frame, key: EdgeKey) -> EdgeLine:
    """How an edge is drawn: by what has travelled back along it."""
    contribution = frame.contribution(key)
    if contribution is None:
        return EdgeLine()
    shade = tone(contribution)
    unsaid = shade == "neg" and contribution.ndim > 0 and MINUS not in label_text(contribution)
    return EdgeLine(shade, line_width(contribution), shade == "zero", unsaid)


def full_edge_picture(trace: Trace, edge: Edge) -> EdgePicture:
    """An edge at the end of the pass: room is kept for its texts from the beginning."""
    value, step = trace.value(edge.source, edge.output), trace.contribution(edge.key)
    return _labelled(value, None if step is None else step.contribution)


def _labelled(value: Value | None, contribution: Value | None) -> EdgePicture:
    """The texts of an edge; None is not there."""
    return EdgePicture(
        "" if value is None else label_text(value),
        "" if contribution is None else arrow_text(contribution),
    )


def label_text(value: Value) -> str:
    """A value beside an edge: a number, a short vector, or the shape."""
    return value_text(value, 4 if value.ndim == 0 else 2, 3)


def arrow_text(contribution: Value) -> str:
    """A contribution beside an edge: it points to where it goes."""
    return ARROW + label_text(contribution)


ROOM = 4  # figures for two elements of a tensor


def compact_text(value: Value) -> str:
    """A value in a node: a number, or as many elements of a tensor as there is room for beside its shape."""
    if value.ndim == 0:
        return number_text(float(value))
    if value.size == 1:
        return f"[{number_text(value.item())}]"
    texts = [number_text(x, 2) for x in value.flat[:2]]
    wide = "".join(texts).replace(MINUS, 2 * MINUS)  # as wide as two figures
    shown = texts if len(wide) <= ROOM else texts[:1]
    return f"[{', '.join(shown)}{', …' if value.size > len(shown) else ''}]"


def shorter_texts(value: Value) -> tuple[str, ...]:
    """The same number with fewer digits, marked as rounded: ≈0.5. As far as that is shorter: 1234 and 0.25 stay."""
    if value.ndim:
        return ()
    found = [number_text(float(value))]
    for digits in (3, 2):
        text = ROUNDED + number_text(float(value), digits)
        if len(text) < len(found[-1]):
            found.append(text)
    return tuple(found[1:])


def tone(gradient: Value) -> str:
    """The theme's colour for a gradient: by its sign; for a tensor of mixed signs, ink."""
    lowest, highest = extremes(gradient)
    if lowest == highest == 0:
        return "zero"
    if lowest != lowest or highest != highest:
        return "warn"
    return "pos" if lowest >= 0 else "neg" if highest <= 0 else "soft"


def line_width(contribution: Value) -> float:
    """How wide an edge is: it grows with the logarithm of the largest magnitude, from 2 to 5 pixels."""
    size = max(map(abs, extremes(contribution)))
    if not size > 0:
        return 2.0
    width = 2.0 + 0.6 * min(max(log10(min(size, 1e9)) + 2, 0.0), 5.0)
    return round(width * WIDTH_STEPS) / WIDTH_STEPS


def line_widths(contributions: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same of many single numbers."""
    sizes = np.abs(contributions)
    with np.errstate(divide="ignore", invalid="ignore"):
        widths = 2.0 + 0.6 * np.clip(np.log10(np.minimum(sizes, 1e9)) + 2, 0.0, 5.0)
        return np.where(sizes > 0, np.round(widths * WIDTH_STEPS) / WIDTH_STEPS, 2.0)


def missing_text(graph: Graph, trace: Trace, id: str, open_ports: Sequence[int]) -> str:
    """What keeps a node from being computed, in a word or two; empty if nothing does."""
    node = graph.nodes[id]
    if not node.op.known:
        return f"unknown: {node.op.title}" if node.op_name.startswith(ONNX) else "unknown op"
    missing = [node.op.port_name(port) for port in open_ports]
    if missing:
        return "needs " + ", ".join(missing)
    if node.op.supply and id in trace.plan.unready:
        return "no data"
    if node.op.is_leaf and node.value is None and id in trace.plan.unready:
        return "needs a value"
    if id in trace.failures:
        return MISFIT
    if trace.value(id) is None and not trace.holds_back(id):
        waits = next((e.source for e in graph.into(id) if trace.value(e.source, e.output) is None), None)
        return f"waits for {graph.nodes[waits].name}" if waits else "not computed"
    return ""


def status_forms(text: str) -> tuple[str, ...]:
    """What keeps a node from being computed, and the same in fewer words: of words no half is left to guess at."""
    if text.endswith(" is unfinished"):
        return text, "unfinished"
    first = text.split(" ")[0].rstrip(":")
    return text, SHORT_STATUS.get(text, first if first in ("needs", "unknown", "waits") else text)


def _value_row(graph: Graph, frame: Frame, node: Node, open_ports: Sequence[int]) -> tuple[str, str, bool]:
    missing = missing_text(graph, frame.trace, node.id, open_ports)
    if missing:
        return missing, "warn", True
    value = frame.value(node.id)
    if value is None:
        return WAITING, "faint", False
    finite = not value.size or all(map(isfinite, extremes(value)))
    return compact_text(value), "value" if finite else "warn", False


def _gradient_row(frame: Frame, id: str) -> tuple[str, str]:
    trace = frame.trace
    gradient = frame.gradient(id)
    if gradient is None:
        to_come = id in trace.arrivals or trace.gradient(id) is not None
        return (WAITING if to_come else NONE), "faint"
    shown = compact_text(gradient)
    return shown if frame.gradient_complete(id) else f"{shown} + {WAITING}", tone(gradient)


def _short_gradients(frame: Frame, id: str) -> tuple[str, ...]:
    gradient = frame.gradient(id)
    texts = () if gradient is None else shorter_texts(gradient)
    return texts if frame.gradient_complete(id) else (*(f"{text} + {WAITING}" for text in texts), WAITING)


def _gate(frame: Frame, node: Node) -> bool | None:
    """Whether a gate lets anything through: its local derivative is not 0 everywhere."""
    inputs, value = frame.trace.inputs(node.id), frame.value(node.id)
    if value is None or not inputs:
        return None
    pull = bind(node.op, len(inputs), node.settings).vjps[0]
    return pull.call is None or bool(np.any(pull.call(*inputs, value)))


def _dot(frame: Frame, node: Node) -> float | None:
    """Where the input of an activation is on its curve; None if that cannot be drawn."""
    if len(node.op.ports) != 1 or frame.value(node.id) is None:
        return None
    inputs = frame.trace.inputs(node.id)
    if not inputs or inputs[0].ndim:
        return None
    at = float(inputs[0])
    return min(max(at, -CURVE_REACH), CURVE_REACH) if at == at else None
