"""Forward mode on the canvas, where tangents are on the edges: a click on a leaf lets that one move, a click on any
other node asks about that one. Under it stands the number in which both modes meet, and what each of them takes."""

from PySide6.QtCore import QObject

from engine.graph.graph import Graph
from engine.show.beside import OnEdges
from engine.show.modes import meeting
from engine.show.now import Now
from engine.show.push import Push
from gui.canvas.desk import Desk

HOW = "▸ is how fast each node follows {leaf}. Click another leaf to move that, or a node to ask about it."
ALL = "▸ is how fast each node follows all of {leaf}. Click another leaf to move that, or a node to ask about it."
NO_LEAF = "Forward mode needs a leaf that holds a value: add an input or a parameter."
OVER = "Forward mode needs no backward pass: all tangents came along with the values. Alt+1 shows the gradients."


class EdgeWords(QObject):
    """Holds which node is asked about; the leaf that moves is on the edges."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk, self._lens = desk, desk.bridge.real.lens
        self._asked = ""  # a node, beside the target, that was clicked
        self._known: tuple[object, ...] = ()
        self._was_playing = False
        desk.bridge.told.connect(self._on_told)
        desk.selection.changed.connect(self._on_selection)
        self._lens.edges_changed.connect(self._show_meeting)

    @property
    def _on(self) -> bool:
        return self._lens.on_edges.shown == "tangents"

    def show_tangents(self) -> None:
        """Let a leaf move, and say how fast all others follow."""
        self._asked = ""
        self._move(self._picked() or _first_leaf(self._desk.document))

    def _move(self, leaf: str) -> None:
        self._lens.put_on_edges(OnEdges("tangents", leaf))
        self._desk.tell(self._sentence(leaf))
        self._show_meeting()

    def _sentence(self, leaf: str) -> str:
        if not leaf:
            return NO_LEAF
        node = self._desk.document.nodes[leaf]
        return (ALL if node.value is not None and node.value.ndim else HOW).format(leaf=node.name)

    # --- the number in which both modes meet

    def _show_meeting(self) -> None:
        """Under the node that is asked about; while the pass is asked for, or values are on their way, not yet."""
        now, leaf = self._desk.bridge.real.now, self._lens.on_edges.leaf
        end = self._asked or now.trace.plan.target or ""
        wanted = self._on and not now.trace.is_part and leaf in now.graph.nodes and end in now.graph.nodes
        known = (now.graph, now.trace, leaf, end) if wanted and now.frame.value(end) is not None else ()
        if len(known) == len(self._known) and all(a is b or a == b for a, b in zip(known, self._known, strict=True)):
            return
        self._known = known
        lines = meeting(now.graph, now.trace, leaf, end) if known else ()
        self._lens.show(self, Push({}, end, lines) if lines else None)

    # --- what happens elsewhere

    def _picked(self) -> str:
        """The one leaf that is selected."""
        id = self._one()
        return id if id and self._desk.document.nodes[id].op.holds_value else ""

    def _one(self) -> str:
        """The one node that is selected."""
        (*ids,) = self._desk.picked
        return ids[0] if len(ids) == 1 and ids[0] in self._desk.document.nodes else ""

    def _on_selection(self) -> None:
        if not self._on or not (id := self._one()):
            return
        node = self._desk.document.nodes[id]
        if node.op.holds_value and id != self._lens.on_edges.leaf:
            self._move(id)
        elif not node.op.is_leaf:
            self._asked = id
            self._show_meeting()

    def _on_told(self, now: Now) -> None:
        """What was chosen may be gone; and what plays has come to its end where the values are all there."""
        if self._asked not in now.graph.nodes:
            self._asked = ""
        chosen, player = self._lens.on_edges, self._desk.bridge.player
        if self._on and chosen.leaf not in now.graph.nodes:
            self._lens.put_on_edges(OnEdges("tangents", _first_leaf(now.graph)))
        self._show_meeting()
        was, self._was_playing = self._was_playing, player.playing
        if self._on and was and player.playing and now.frame.position > now.trace.backward_start:
            player.go_to_backward()
            self._desk.tell(OVER)


def _first_leaf(graph: Graph) -> str:
    """A leaf to begin with: a parameter, if there is one, that the target depends on."""
    target = graph.target
    near = graph.topology.ancestors(target) if target in graph.nodes and target else set(graph.nodes)
    leaves = [id for id in graph.order if graph.nodes[id].op.holds_value]
    ranked = sorted(leaves, key=lambda id: (id not in near, graph.nodes[id].op_name != "parameter"))
    return ranked[0] if ranked else ""
