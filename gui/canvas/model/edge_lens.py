"""What the edges say, as it was chosen: values and gradients, one of them alone, or local derivatives."""

from dataclasses import replace
from math import ceil

from engine.graph.graph import Graph
from engine.graph.records import Edge, EdgeKey
from engine.passes.trace import Trace
from engine.show.beside import OnEdges, local_text
from engine.show.chain import Chains
from engine.show.frame import Frame
from engine.show.shown_run import ShownFrame, ShownTrace
from gui.canvas.model.card_texts import edge_picture_of, full_edge_picture_of
from gui.canvas.model.texts import EdgePicture


class EdgeLens:
    """Puts other words beside the edges of a graph at a frame."""

    def __init__(self) -> None:
        self.chosen = OnEdges()
        self._chains: Chains | None = None
        self._locals: dict[EdgeKey, str] = {}

    def choose(self, chosen: OnEdges) -> bool:
        """Say something else from now on. Gives whether it is something else."""
        was, self.chosen = self.chosen, chosen
        return was != chosen

    def says_more(self, before: Frame, after: Frame) -> bool:
        """Whether more may look different at another frame than what its steps tell of."""
        return self.chosen.shown == "local" and _known(before) != _known(after)

    def edge(self, graph: Graph, frame: Frame, edge: Edge) -> EdgePicture:
        """What an edge shows at a frame."""
        picture = edge_picture_of(frame, edge)
        if self.chosen.shown != "local":
            return self._less(picture)
        key = _real_key(frame.trace, edge)
        real = frame.real if isinstance(frame, ShownFrame) else frame
        is_known = key is not None and real.value(key[0]) is not None
        return replace(picture, value=self._local(graph, frame.trace, edge) if is_known else "", contribution="")

    def full(self, graph: Graph, trace: Trace, edge: Edge) -> EdgePicture:
        """The same at the end of the pass: what room is kept for."""
        if self.chosen.shown == "local":
            return EdgePicture(self._local(graph, trace, edge))
        return self._less(full_edge_picture_of(trace, edge))

    def _less(self, picture: EdgePicture) -> EdgePicture:
        if self.chosen.shown == "values":
            return replace(picture, contribution="")
        return replace(picture, value="") if self.chosen.shown == "gradients" else picture

    def _local(self, graph: Graph, trace: Trace, edge: Edge) -> str:
        real, run = (trace.shown.real, trace.real) if isinstance(trace, ShownTrace) else (graph, trace)
        if self._chains is None or self._chains.graph is not real or self._chains.trace is not run:
            self._chains, self._locals = Chains(real, run), {}
        if edge.key not in self._locals:
            key = _real_key(trace, edge)
            step = None if key is None else run.contribution(key)
            self._locals[edge.key] = "" if step is None else local_text(self._chains, step)
        return self._locals[edge.key]


def _known(frame: Frame) -> int:
    """How many values of a run are known."""
    return min(ceil(frame.position), frame.trace.backward_start)


def _real_key(trace: Trace, edge: Edge) -> EdgeKey | None:
    """The edge of the document that is shown; None where one stands for several, into a folded group."""
    if not isinstance(trace, ShownTrace) or edge.dest not in trace.cover.cards:
        return edge.key
    keys = list(trace.cover.heads(edge.key))
    return keys[0] if len(keys) == 1 else None
