"""Going through the graph by keys, and drawing edges by them: every node, edge and port is reached without a mouse."""

from engine.graph.records import Pos
from gui.canvas.desk import Desk
from gui.canvas.gestures.choosing import ChoosingPort
from gui.canvas.model.directions import directions
from gui.canvas.model.walk import Stop, first_leaf, nearest, next_stop
from gui.canvas.tools import Tools


class Walker:
    """Says at every stop, in the status bar, what the keys will do there."""

    def __init__(self, desk: Desk, tools: Tools) -> None:
        self._desk, self._tools = desk, tools
        self._last: Pos | None = None  # where the node stands, or stood, that was walked to last

    # --- going

    def walk(self, dx: int, dy: int) -> None:
        """Go on along the edges, or choose among them; from nowhere to the node nearest to where one was last."""
        here, stage = self._desk.stop, self._desk.scene.stage
        if here is not None:
            self.go(next_stop(stage, here, dx, dy))
            return
        chosen = next((id for id in self._desk.graph.nodes if id in self._desk.selection.nodes), None)
        if chosen is None:
            chosen = first_leaf(stage) if self._last is None else nearest(stage, self._last)
        self._go_to(chosen)

    def to_first_leaf(self) -> None:
        self._go_to(first_leaf(self._desk.scene.stage))

    def to_target(self) -> None:
        """The target; without one it is said."""
        if self._desk.graph.target is None:
            self._desk.tell("There is no target to go to: select a node and make it the target.")
        self._go_to(self._desk.graph.target)

    def _go_to(self, id: str | None) -> None:
        if id is not None:
            self.go(Stop("node", id))

    def go(self, stop: Stop) -> None:
        """Stand at a stop, in view."""
        self._last = self._desk.scene.stage.pos(stop.id)
        self._desk.stand(stop)
        edge = None if stop.edge is None else self._desk.graph.edges[stop.edge]
        self._desk.camera.show_nodes([stop.id] if edge is None else [edge.source, edge.dest])
        self.say()

    def say(self) -> None:
        """What the keys do here."""
        if self._desk.stop is not None:
            self._desk.tell("")  # the same may have been said before, and something else since
            self._desk.tell(directions(self._desk.scene.stage, self._desk.stop))

    # --- drawing edges

    def enter(self) -> bool:
        """Connect what was chosen; or begin an edge from where one is. Gives whether there was anything to do."""
        state, stop = self._tools.state, self._desk.stop
        if isinstance(state, ChoosingPort):
            self._connect(state)
        elif state.busy or stop is None:
            return False
        elif stop.place == "node" and self._desk.graph.nodes[stop.id].op.holds_value:
            self._desk.editor.type_value(stop.id)
        else:
            self.begin()
        return True

    def begin(self) -> None:
        """Draw an edge from the port where one is, or from a node's output; at an edge, move its end."""
        stop = self._desk.stop
        if stop is None or self._tools.state.busy:
            return
        state = ChoosingPort(self._desk, stop)
        if state.goal is None:
            self._desk.tell(f"No port could take an edge {'to' if stop.place == 'input' else 'from'} here.")
            return
        self._tools.begin(state)
        state.show()

    def _connect(self, state: ChoosingPort) -> None:
        self._tools.cancel()  # its keys are let go; then the edge is made
        made = state.connect()
        if made is not None:
            self.go(made)

    def escape(self) -> bool:
        """Drop what has begun. Gives whether anything had."""
        by_keys = self._tools.state.by_keys
        if not self._tools.cancel():
            return False
        if by_keys:
            self.say()
        return True

    # --- taking away

    def keeps_from_deleting(self) -> bool:
        """At a port where no edge ends there is none to delete; and the node is not what was meant."""
        stop = self._desk.stop
        if stop is None or stop.place in ("node", "edge") or stop.taken(self._desk.graph) is not None:
            return False
        self._desk.tell("There is no edge at this port to delete.")
        return True

    def after_deleting(self, stop: Stop | None) -> None:
        """Stay where an edge was deleted: at its port, or at the output that it left."""
        if stop is None or stop.place not in ("edge", "input"):
            return
        left = Stop("output", stop.id, stop.port) if stop.place == "edge" else stop
        if left.is_in(self._desk.graph) and not (self._desk.selection.nodes or self._desk.selection.edges):
            self.go(left)
