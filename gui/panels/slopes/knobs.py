"""Which numbers are held: two elements of leaves, chosen from lists, or by selecting a leaf on the canvas."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.show.names import Names
from engine.truth.along import Knob, can_turn
from engine.values.literal import parse_index
from gui.look.as_is import as_is
from gui.look.text_size import keep_scaled, scaled
from gui.widgets.boxes import row
from gui.widgets.fields import Line, NoWheelComboBox
from gui.widgets.labels import label

INDEX_WIDTH, INDEX_SLACK, NAME_WIDTH = 64, 32, 120


def leaves_of(graph: Graph, trace: Trace) -> list[str]:
    """The leaves that can be turned and on which the target depends; parameters first, for these learn."""
    found = [
        id
        for id, node in graph.nodes.items()
        if node.op.holds_value and not node.op.constant and trace.gradient(id) is not None and first_knob(trace, id)
    ]
    return sorted(found, key=lambda id: graph.nodes[id].op_name != "parameter")


def first_knob(trace: Trace, id: str) -> Knob | None:
    """The first element of a leaf that can be turned."""
    value = trace.value(id)
    if value is None or not value.size:
        return None
    knob = Knob(id, (0,) * value.ndim)
    return knob if can_turn(trace, knob) else None


def next_knob(trace: Trace, knob: Knob) -> Knob | None:
    """Another element of the same leaf that can be turned; None where it has no other."""
    value = trace.value(knob.leaf)
    if value is None or not value.ndim:
        return None
    places = (tuple(int(at) for at in np.unravel_index(k, value.shape)) for k in range(min(value.size, 2)))
    found = [other for place in places if (other := Knob(knob.leaf, place)) != knob and can_turn(trace, other)]
    return found[0] if found else None


class KnobChoice(QWidget):
    """A list of leaves, and beside a tensor a field for which of its elements."""

    chosen = Signal(object)  # a Knob
    refused = Signal(str)

    def __init__(self, name: str, none: str = "") -> None:
        super().__init__()
        self._none = none
        self._trace: Trace | None = None
        self.knob: Knob | None = None
        self.leaf, self.element = NoWheelComboBox(), Line(f"{name}, which element", "number")
        self.leaf.setAccessibleName(name)
        keep_scaled(self, self._scale)
        self.element.setToolTip("Which element: row, column, counted from 0")
        self.leaf.activated.connect(self._choose)
        self.element.entered.connect(self._choose_element)
        self._bracket = label("element", "faint")
        row(self, 6, self.leaf, self._bracket, self.element)

    def _scale(self) -> None:
        self.leaf.setMinimumWidth(scaled(NAME_WIDTH))
        needed = self.element.fontMetrics().horizontalAdvance(self.element.text()) + scaled(INDEX_SLACK)
        self.element.setFixedWidth(max(scaled(INDEX_WIDTH), needed))  # of four axes it is longer than of two

    def show_knob(self, names: Names, trace: Trace, leaves: list[str], knob: Knob | None) -> None:
        """Another knob, or other leaves to choose from."""
        self._trace, self.knob = trace, knob
        wanted = [("", self._none)] * bool(self._none) + [(id, as_is(names.node(id))) for id in leaves]
        held = [(self.leaf.itemData(k), self.leaf.itemText(k)) for k in range(self.leaf.count())]
        if wanted != held:
            self.leaf.clear()
            for id, text in wanted:
                self.leaf.addItem(text, id)
        self.leaf.setCurrentIndex(self.leaf.findData(knob.leaf if knob else ""))
        is_tensor = knob is not None and bool(knob.index)
        self.element.setVisible(is_tensor)
        self._bracket.setVisible(is_tensor)
        if knob is not None and not self.element.is_typed:
            self.element.show_text(", ".join(map(str, knob.index)))
            self._scale()

    def _choose(self, at: int) -> None:
        id = str(self.leaf.itemData(at))
        if self._trace is not None:
            self.chosen.emit(first_knob(self._trace, id) if id else None)

    def _choose_element(self) -> None:
        if self.knob is None or self._trace is None or not self.element.is_typed:
            return
        try:
            knob = Knob(self.knob.leaf, parse_index(self.element.text()))
        except ValueError as error:
            self._refuse(str(error))
            return
        if not can_turn(self._trace, knob):
            self._refuse(f"{self.leaf.currentText()} has no such element: type as many numbers as it has axes.")
            return
        self.element.show_text(", ".join(map(str, knob.index)))
        self.chosen.emit(knob)

    def _refuse(self, sentence: str) -> None:
        self.element.mark(True)
        self.refused.emit(sentence)
