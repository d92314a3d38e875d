"""A node and its ports as things: their names and numbers, and what can be done with them."""

from collections.abc import Hashable, Sequence
from functools import partial

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible

from engine import edits
from engine.errors import EditRefused
from engine.graph.records import Node
from engine.graph.sliders import slider_of
from engine.values.literal import parse_value
from engine.values.steps import can_step, exponent_of, on_grid
from gui.canvas.access import words
from gui.canvas.access.hands import Hands
from gui.canvas.model.directions import input_name, output_name
from gui.canvas.model.walk import Place, Stop
from gui.widgets.things import PRESS, Amount, Deed, Thing

PORT = 7.0  # from the middle of a port to its side


class NodeThing(Thing):
    """A leaf is a number to set; any other node says what it computes."""

    def __init__(self, hands: Hands, id: str) -> None:
        self._hands, self.key, self._id = hands, id, id
        self._stop = Stop("node", id)

    @property
    def is_there(self) -> bool:
        return self._id in self._hands.graph.nodes

    @property
    def _node(self) -> Node:
        return self._hands.graph.nodes[self._id]

    @property
    def role(self) -> QAccessible.Role:  # type: ignore[override]  # a leaf may become another kind of node
        amount = self.amount() if self.is_there else None
        return QAccessible.Role.SpinBox if amount and amount.put else QAccessible.Role.ListItem

    def name(self) -> str:
        return words.node_name(self._hands.desk.seen, self._id)

    def value(self) -> str:
        return words.text_of(self._hands.desk.seen.frame.value(self._id))

    def description(self) -> str:
        return words.node_words(self._hands.desk.seen, self._id)

    def box(self) -> QRect:
        return self._hands.box(*self._hands.stage.box(self._id))

    def mark(self, state: QAccessible.State) -> None:
        self._hands.mark(state, self._stop, self.box())
        state.readOnly = not self._node.op.holds_value

    def deeds(self) -> Sequence[Deed]:
        hands, stop = self._hands, self._stop
        deeds = [*hands.standing(stop, "Select this node")]
        group = self._group
        if group is not None:
            deeds.append(Deed("Open", "Show what is in this group", partial(hands.unfold, group), "F7"))
            deeds.append(Deed("Look into", "Show this group alone", partial(hands.look_into, group)))
        if self._node.op.holds_value:
            deeds.append(Deed("Type value", "Type another value", self._type, "Return"))
        deeds.append(Deed("Rename", "Type another name", lambda: hands.rename(stop), "F2"))
        if group is None:  # else a node in it is the target, or none
            deeds.append(self._aiming())
        deeds.append(Deed("Delete", "Delete this node", lambda: hands.delete(stop), "Del"))
        return deeds

    def _aiming(self) -> Deed:
        hands, id = self._hands, self._id
        if hands.graph.target == id:
            return Deed("Clear target", "No gradient begins here", lambda: hands.edit(edits.set_target, None))
        return Deed("Make target", "The gradient begins here", lambda: hands.edit(edits.set_target, id))

    @property
    def _group(self) -> str | None:
        """The group whose card this is."""
        facts = self._hands.desk.shown.cover.cards.get(self._id)
        return facts.group if facts is not None else None

    def _type(self) -> None:
        self._hands.at(self._stop, lambda: self._hands.desk.editor.type_value(self._id))

    # --- its number

    def amount(self) -> Amount | None:
        """The number that is shown; of a leaf it can be set, within the ends of its slider if it has one."""
        now = self._hands.desk.seen
        number = words.number_of(now.frame.value(self._id))
        if not self._node.op.holds_value:
            return None if number is None else Amount(number)
        held = self._node.value
        if held is not None and words.number_of(held) is None:
            return None  # a tensor is text
        low, high = slider_of(now.graph, self._id) or (None, None)
        known = number if number is not None and can_step(number) else 0.0
        return Amount(number, self._put, low, high, on_grid(1, exponent_of(known)))

    def _put(self, number: float) -> None:
        self._hands.edit(edits.set_value, self._id, number)

    def put_text(self, text: str) -> None:
        """A number, a list, or what fills a tensor. What cannot be read is refused where all refusals are told."""
        if not self._node.op.holds_value:
            return
        try:
            self._hands.edit(edits.set_value, self._id, parse_value(text))
        except ValueError as wrong:
            self._hands.desk.bridge.refuse(EditRefused(str(wrong), (self._id,)))

    # --- its ports

    def keys(self) -> Sequence[Hashable]:
        graph, id = self._hands.graph, self._id
        if not self.is_there:
            return ()
        inputs = [("input", port) for port in range(graph.port_count(id))]
        return [*inputs, *(("output", output) for output in range(graph.output_count(id)))]

    def part(self, key: Hashable) -> Thing:
        assert isinstance(key, tuple)
        return PortThing(self._hands, self._id, key)


class PortThing(Thing):
    """Pressed, an edge begins here; pressed while one is being drawn, it ends here."""

    role = QAccessible.Role.Button

    def __init__(self, hands: Hands, id: str, key: tuple[Place, int]) -> None:
        self._hands, self.key, self._id = hands, key, id
        self._place, self._port = key
        self._stop = Stop(self._place, id, self._port)

    @property
    def is_there(self) -> bool:
        graph = self._hands.graph
        count = graph.port_count if self._place == "input" else graph.output_count
        return self._id in graph.nodes and self._port < count(self._id)

    def name(self) -> str:
        graph = self._hands.graph
        if self._place == "input":
            return input_name(graph, self._id, self._port)
        return f"output {output_name(graph, self._id, self._port)}"

    def description(self) -> str:
        tell = words.input_words if self._place == "input" else words.output_words
        return tell(self._hands.desk.seen, self._id, self._port)

    def box(self) -> QRect:
        stage = self._hands.stage
        x, y = (stage.input_place if self._place == "input" else stage.output_place)(self._id, self._port)
        return self._hands.box(x - PORT, y - PORT, x + PORT, y + PORT)

    def mark(self, state: QAccessible.State) -> None:
        self._hands.mark(state, self._stop, self.box())

    def deeds(self) -> Sequence[Deed]:
        hands, stop = self._hands, self._stop
        drawing = "End the edge here" if hands.draws_edge else "Begin an edge here"
        deeds = [Deed(PRESS, drawing, lambda: hands.press_port(stop), "Return"), *hands.standing(stop, "")[1:]]
        key = (self._id, self._port)
        if self._place == "input" and key in hands.graph.edges:
            deeds.append(
                Deed("Disconnect", "Delete the edge that ends here", lambda: hands.edit(edits.disconnect, key))
            )
        return deeds
