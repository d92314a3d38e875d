"""What the edges say, as it was chosen: values and gradients, one of them alone, local derivatives, or tangents, which
are on the cards too.

Symbols: x a leaf that moves; ẏ the tangent of a node y, ∂y/∂x, which goes to the right with its value.
"""

from dataclasses import replace
from math import ceil

from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Edge, EdgeKey
from engine.passes.trace import Trace
from engine.show.beside import EdgesShown, OnEdges, local_text
from engine.show.chain import Chains
from engine.show.frame import Frame
from engine.show.shown_run import ShownFrame, ShownTrace
from engine.truth.tangents import Tangents, tangents
from engine.values.values import Value
from gui.canvas.model.card_texts import edge_line_of, edge_picture_of, full_edge_picture_of
from gui.canvas.model.texts import (
    NONE,
    WAITING,
    EdgeLine,
    EdgePicture,
    NodeLook,
    NodePicture,
    compact_text,
    heat_of,
    label_text,
    line_width,
    shorter_texts,
    tone,
)

FORWARD = " ▸"  # behind a tangent: it goes to the right


class EdgeLens:
    """Puts other words beside the edges of a graph at a frame, and of tangents into its cards."""

    def __init__(self) -> None:
        self.chosen = OnEdges()
        self._chains: Chains | None = None
        self._locals: dict[EdgeKey, str] = {}
        self._tangents: tuple[Trace, Tangents] | None = None  # of which run

    def choose(self, chosen: OnEdges) -> bool:
        """Say something else from now on. Gives whether it is something else."""
        was, self.chosen = self.chosen, chosen
        self._tangents = None
        return was != chosen

    def says_more(self, before: Frame, after: Frame) -> bool:
        """Whether more may look different at another frame than what its steps tell of."""
        is_other = before.trace is not after.trace or _known(before) != _known(after)
        return is_other and self.chosen.shown in ("local", "tangents")

    def names_more(self, change: Change) -> bool:
        """Whether a new name is said elsewhere than at the node: in derivatives, and where a leaf moves."""
        renamed = any(was.name != now.name for was, now in change.altered)
        return renamed and self.chosen.shown in ("local", "tangents")

    def is_forward(self, trace: Trace) -> bool:
        """Whether tangents are shown: nothing goes back then."""
        return self._shown(trace) == "tangents"

    def _shown(self, trace: Trace) -> EdgesShown:
        """What is shown of a run: while the pass is asked for, tangents would tell too much."""
        return "both" if self.chosen.shown == "tangents" and trace.is_part else self.chosen.shown

    # --- edges

    def edge(self, graph: Graph, frame: Frame, edge: Edge) -> EdgePicture:
        """What an edge shows at a frame."""
        picture = edge_picture_of(frame, edge)
        if self._shown(frame.trace) == "local":
            key = _real_key(frame.trace, edge)
            is_known = key is not None and _real(frame).value(key[0]) is not None
            return replace(picture, value=self._local(graph, frame.trace, edge) if is_known else "", contribution="")
        if self._shown(frame.trace) == "tangents":
            line = self.line(frame, edge)
            text = self._tangent_text(frame.trace, edge) if picture.value else ""
            return EdgePicture(picture.value, text, line.tone, line.width, line.dashed)
        return self._less(picture)

    def full(self, graph: Graph, trace: Trace, edge: Edge) -> EdgePicture:
        """The same at the end of the pass: what room is kept for."""
        if self._shown(trace) == "local":
            return EdgePicture(self._local(graph, trace, edge))
        picture = full_edge_picture_of(trace, edge)
        if self._shown(trace) == "tangents":
            return replace(picture, contribution=self._tangent_text(trace, edge))
        return self._less(picture)

    def line(self, frame: Frame, edge: Edge) -> EdgeLine:
        """How an edge is drawn: by what travels along it."""
        if self._shown(frame.trace) != "tangents":
            return edge_line_of(frame, edge.key)
        tangent = self._tangent_along(frame.trace, edge)
        if tangent is None or frame.value(edge.source, edge.output) is None:
            return EdgeLine()
        shade = tone(tangent)
        return EdgeLine(shade, line_width(tangent), shade == "zero")

    def _less(self, picture: EdgePicture) -> EdgePicture:
        if self.chosen.shown == "values":
            return replace(picture, contribution="")
        return replace(picture, value="") if self.chosen.shown == "gradients" else picture

    # --- cards

    def node(self, graph: Graph, frame: Frame, id: str, picture: NodePicture) -> NodePicture:
        """A card with the tangent of its node in the place of the gradient; of a folded group with several outputs,
        each of which has another, with none."""
        if self._shown(frame.trace) != "tangents" or picture.op.supply or picture.unfinished:
            return picture
        real, found = _real_node(frame.trace, id), self._found(frame.trace)
        if real is None:
            return replace(picture, gradient_caption="", gradient="", short_gradients=(), seed="")
        told = replace(
            picture, gradient_caption=self._caption(graph, frame.trace), short_gradients=(), gradient_heat=None, seed=""
        )
        tangent = found.of.get(real)
        if tangent is None:
            return replace(told, gradient="too large" if real in found.missing else NONE, gradient_tone="faint")
        if _real(frame).value(real) is None:
            return replace(told, gradient=WAITING, gradient_tone="faint")
        return replace(
            told, gradient=compact_text(tangent), gradient_tone=tone(tangent), short_gradients=shorter_texts(tangent),
            gradient_heat=heat_of(tangent),
        )  # fmt: skip

    def look(self, frame: Frame, id: str, look: NodeLook) -> NodeLook:
        """The same from afar: its colour."""
        if self._shown(frame.trace) != "tangents" or look.op.supply:
            return look
        real = _real_node(frame.trace, id)
        tangent = None if real is None or _real(frame).value(real) is None else self._found(frame.trace).of.get(real)
        return look._replace(gradient_tone="faint" if tangent is None else tone(tangent))

    def _caption(self, graph: Graph, trace: Trace) -> str:
        """∂/∂w; where all elements of an array move at once it is no such derivative."""
        real, run = _of_document(graph, trace)
        moved = run.value(self.chosen.leaf)
        return f"∂/∂{real.nodes[self.chosen.leaf].name}" if moved is not None and moved.ndim == 0 else "tangent"

    # --- where the words come from

    def _local(self, graph: Graph, trace: Trace, edge: Edge) -> str:
        real, run = _of_document(graph, trace)
        if self._chains is None or self._chains.graph is not real or self._chains.trace is not run:
            self._chains, self._locals = Chains(real, run), {}
        if edge.key not in self._locals:
            key = _real_key(trace, edge)
            step = None if key is None else run.contribution(key)
            self._locals[edge.key] = "" if step is None else local_text(self._chains, step)
        return self._locals[edge.key]

    def _found(self, trace: Trace) -> Tangents:
        run = trace.real if isinstance(trace, ShownTrace) else trace
        if self._tangents is None or self._tangents[0] is not run:
            self._tangents = run, tangents(run, self.chosen.leaf)
        return self._tangents[1]

    def tangent(self, trace: Trace, edge: Edge) -> Value | None:
        """What goes along an edge with its value, where tangents are shown."""
        return self._tangent_along(trace, edge) if self.is_forward(trace) else None

    def _tangent_along(self, trace: Trace, edge: Edge) -> Value | None:
        source, output = edge.source, edge.output
        if isinstance(trace, ShownTrace):
            source, output = trace.cover.tail(source, output)
        return None if output else self._found(trace).of.get(source)

    def _tangent_text(self, trace: Trace, edge: Edge) -> str:
        tangent = self._tangent_along(trace, edge)
        return "" if tangent is None else label_text(tangent) + FORWARD


def _known(frame: Frame) -> int:
    """How many values of a run are known."""
    return min(ceil(frame.position), frame.trace.backward_start)


def _of_document(graph: Graph, trace: Trace) -> tuple[Graph, Trace]:
    """The graph and the run of the document where these are of what is shown of it."""
    return (trace.shown.real, trace.real) if isinstance(trace, ShownTrace) else (graph, trace)


def _real(frame: Frame) -> Frame:
    """The frame of the document's own run."""
    return frame.real if isinstance(frame, ShownFrame) else frame


def _real_key(trace: Trace, edge: Edge) -> EdgeKey | None:
    """The edge of the document that is shown; None where one stands for several, into a folded group."""
    if not isinstance(trace, ShownTrace) or edge.dest not in trace.cover.cards:
        return edge.key
    keys = list(trace.cover.heads(edge.key))
    return keys[0] if len(keys) == 1 else None


def _real_node(trace: Trace, id: str) -> str | None:
    """The node of the document whose value a card shows; None where it has several."""
    if not isinstance(trace, ShownTrace) or id not in trace.cover.cards:
        return id
    tails = trace.cover.cards[id].tails
    return tails[0][0] if len(tails) == 1 else None
