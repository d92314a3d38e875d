"""An edge drawn by keys: one end is fixed, the arrow keys choose the port for the other, Enter connects, Esc stops."""

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Edge, Pos
from gui.canvas.desk import Desk
from gui.canvas.gestures.state import State
from gui.canvas.model.directions import input_name, output_name
from gui.canvas.model.geometry import curve
from gui.canvas.model.walk import Stop
from gui.canvas.paint.edge import paint_loose_curve
from gui.canvas.paint.node import Marks
from gui.look.theme import Theme

Key = Qt.Key
ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
ENTER = (Key.Key_Return, Key.Key_Enter)
_COMMANDS = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


@dataclass(frozen=True)
class Goal:
    """A port that would accept the edge, and where it is."""

    edge: Edge
    id: str
    pos: Pos
    taken: int  # 0: it waits for an edge, 1: it is free for one, 2: one is there, which would be replaced


class ChoosingPort(State):
    """From an output, or with the end of an edge that is there already, to an input; from an input to an output."""

    overlay = True
    by_keys = True
    scrolls_along = False

    def __init__(self, desk: Desk, stop: Stop) -> None:
        super().__init__(desk)
        self._stop = stop
        self._moved = desk.graph.edges[stop.edge] if stop.edge is not None else None
        self.hidden_edge = stop.edge
        self._forward = stop.place != "input"
        self._fixed = self._fixed_place()
        self.goals = sorted(self._accepting(), key=lambda goal: (goal.pos, goal.edge.port))
        self.goal = min(self.goals, key=self._way_to, default=None)
        ends: dict[str, list[Edge]] = {}
        for goal in self.goals:
            ends.setdefault(goal.id, []).append(goal.edge)
        self._marks = {id: self._mark(id, ends.get(id, [])) for id in desk.graph.nodes}

    # --- what could be chosen

    def _fixed_place(self) -> Pos:
        place = self.desk.scene.stage.output_place if self._forward else self.desk.scene.stage.input_place
        return place(self._stop.id, self._stop.port)

    def _accepting(self) -> list[Goal]:
        """Every port where the edge could end or begin, but for where it is."""
        graph, here = self.desk.graph, self._stop.id
        topology, stage = graph.topology, self.desk.scene.stage
        loops = {here} | (topology.ancestors(here) if self._forward else topology.descendants(here))
        others = [id for id in graph.nodes if id not in loops]
        if not self._forward:
            edges = [Edge(id, here, self._stop.port, k) for id in others for k in range(graph.output_count(id))]
            present = graph.edges.get((here, self._stop.port))
            return [
                Goal(edge, edge.source, stage.output_place(edge.source, edge.output), bool(graph.out_of(edge.source)))
                for edge in edges
                if edge != present
            ]
        waiting = {id: set(graph.open_ports(id)) for id in others}
        edges = [Edge(here, id, port, self._stop.port) for id in others for port in range(graph.port_count(id))]
        return [
            Goal(edge, edge.dest, stage.input_place(edge.dest, edge.port), _taken(edge, graph, waiting[edge.dest]))
            for edge in edges
            if graph.edges.get(edge.key) != edge
        ]

    def _way_to(self, goal: Goal) -> tuple[int, bool, float]:
        """What is meant most likely comes first: what waits for an edge, on the right side, and near."""
        dx, dy = goal.pos[0] - self._fixed[0], goal.pos[1] - self._fixed[1]
        behind = dx < 0 if self._forward else dx > 0
        return goal.taken, behind, abs(dx) + 2 * abs(dy)

    # --- choosing

    def choose(self, stop: Stop) -> bool:
        """Choose the port at a stop. False: none that would accept the edge."""
        edge = self.edge_to(stop)
        goal = next((goal for goal in self.goals if goal.edge == edge), None)
        self.goal = goal or self.goal
        return goal is not None

    def edge_to(self, stop: Stop) -> Edge | None:
        """The edge that would end or begin at a stop; None where it is no port of the other side."""
        if stop.place != ("input" if self._forward else "output"):
            return None
        here = self._stop
        if self._forward:
            return Edge(here.id, stop.id, stop.port, here.port)
        return Edge(stop.id, here.id, here.port, stop.port)

    def began_at(self, stop: Stop) -> bool:
        return (stop.place, stop.id, stop.port) == (self._stop.place, self._stop.id, self._stop.port)

    def keeps(self, event: QKeyEvent) -> bool:
        return not event.modifiers() & _COMMANDS and (Key(event.key()) in (*ARROWS, *ENTER) or bool(_letter(event)))

    def key(self, event: QKeyEvent) -> bool:
        """An arrow key goes to another port, a letter to a node whose name begins with it."""
        if not self.keeps(event) or self.goal is None:
            return False
        if Key(event.key()) in ARROWS:
            self._go(*ARROWS[Key(event.key())])
        elif letter := _letter(event):
            self._go_to_letter(letter)
        self.show()
        return Key(event.key()) not in ENTER

    def _go(self, dx: int, dy: int) -> None:
        """↑ and ↓ go through all ports, column by column; ← and → to the nearest on that side."""
        assert self.goal is not None
        if dy:
            self.goal = self.goals[(self.goals.index(self.goal) + dy) % len(self.goals)]
            return
        x, y = self.goal.pos
        beyond = [goal for goal in self.goals if (goal.pos[0] - x) * dx > 0]
        self.goal = min(beyond, key=lambda goal: abs(goal.pos[0] - x) + 2 * abs(goal.pos[1] - y), default=self.goal)

    def _go_to_letter(self, letter: str) -> None:
        assert self.goal is not None
        at, nodes = self.goals.index(self.goal) + 1, self.desk.graph.nodes
        others = [goal for goal in (*self.goals[at:], *self.goals[:at]) if goal.id != self.goal.id]
        called = (goal for goal in others if nodes[goal.id].name.casefold().startswith(letter))
        self.goal = next(called, self.goal)

    # --- what is shown and said

    def show(self) -> None:
        """Say what Enter would do, and go where that is."""
        if self.goal is not None:
            self.desk.camera.show_nodes([self.goal.id])
            self.desk.tell(self.sentence)

    @property
    def sentence(self) -> str:
        """What Enter would do."""
        if self.goal is None:
            return ""
        graph, edge = self.desk.graph, self.goal.edge
        replaced = graph.edges.get(edge.key)
        instead = f", in place of {graph.nodes[replaced.source].name}" if replaced is not None else ""
        ends = f"{output_name(graph, edge.source, edge.output)} to {input_name(graph, edge.dest, edge.port)}"
        return f"Enter connects {ends}{instead}. The arrow keys or a letter choose another port, Esc stops."

    def marks(self) -> dict[str, Marks]:
        if self.goal is None:
            return self._marks
        return self._marks | {self.goal.id: replace(self._marks[self.goal.id], hovered=True)}

    def _mark(self, id: str, ends: list[Edge]) -> Marks:
        here = id in self.desk.selection.nodes
        if not ends:
            return Marks(selected=here, dimmed=id != self._stop.id)
        if self._forward:
            return Marks(selected=here, lit_ports=frozenset(edge.port for edge in ends))
        return Marks(selected=here, lit_outputs=frozenset(edge.output for edge in ends))

    def paint(self, painter: QPainter, theme: Theme) -> None:
        if self.goal is not None:
            ends = (self._fixed, self.goal.pos) if self._forward else (self.goal.pos, self._fixed)
            paint_loose_curve(painter, curve(*ends), theme, False)

    # --- the end of it

    def connect(self) -> Stop | None:
        """Make the edge. Gives where it can be gone on from, if it was made."""
        if self.goal is None:
            return None
        edge, moved, edit = self.goal.edge, self._moved, self.desk.bridge.edit
        ends = (edge.source, edge.dest, edge.port, edge.output)
        made = edit(lambda graph: edits.reconnect(graph, moved.key, *ends) if moved else edits.connect(graph, *ends))
        if made is None:
            return None
        drawn = (after for _, after in made.edges.values() if after is not None)
        key = next((e.key for e in drawn if (e.source, e.dest) == (edge.source, edge.dest)), edge.key)
        if moved is not None and key not in self.desk.graph.edges:
            key = moved.key  # to the next free port of a sum, and the ports close up: it stays where it was
        if key not in self.desk.graph.edges:
            return None
        return Stop("edge", edge.source, edge.output, key) if self._forward else Stop("input", *key)


def _taken(edge: Edge, graph: Graph, waiting: set[int]) -> int:
    return 2 if edge.key in graph.edges else 0 if edge.port in waiting else 1


def _letter(event: QKeyEvent) -> str:
    """What was typed to find a name with; empty for a key that types nothing."""
    text = event.text().casefold()
    return text if len(text) == 1 and (text.isalnum() or text == "_") else ""
