"""Whether a leaf shows a slider on its card, and from where to where it goes."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from engine import edits
from engine.graph.records import Node
from engine.graph.sliders import can_slide, slider_of
from engine.values.literal import parse_number
from engine.values.steps import usual_range
from engine.values.values import exact_text
from gui.document.bridge import Bridge
from gui.look.text_size import keep_scaled
from gui.panels.inspector.edit_field import Edit, EditField
from gui.widgets.boxes import STRETCH, column, holder, row
from gui.widgets.labels import label

FIELD_WIDTH = 72


class SliderForm(QWidget):
    """A tick, and two numbers beside it while it is set; and where the number lies beyond them, a sentence."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge, self._id = bridge, ""
        self._tick = QCheckBox("Slider")
        self._tick.setToolTip("Show a slider on the card, to drag the number between two ends")
        self._tick.clicked.connect(self._turn)
        self._low = EditField("Lowest number of the slider", bridge, self._to_low, "number")
        self._high = EditField("Highest number of the slider", bridge, self._to_high, "number")
        for field in (self._low, self._high):
            field.setFixedWidth(FIELD_WIDTH)
        low, high = label("from", "faint"), label("to", "faint")
        self._low.let_scrub(low)
        self._high.let_scrub(high)
        for part in (low, high):  # beside the line, not beside the sentence under it
            keep_scaled(part, partial(self._level, part))
        top = Qt.AlignmentFlag.AlignTop
        self._ends = holder(row(None, 6, *((part, 0, top) for part in (low, self._low, high, self._high)), STRETCH))
        self._beyond = label("", "soft", wraps=True)
        column(self, 4, self._tick, self._ends, self._beyond)

    def _level(self, part: QWidget) -> None:
        """Text beside a line begins where the line does."""
        part.setMinimumHeight(self._low.line.sizeHint().height())

    def show_node(self, node: Node) -> None:
        """Write a node's slider, if it may have one."""
        self._id = node.id
        graph = self._bridge.now.graph
        possible, ends = can_slide(graph, node.id), slider_of(graph, node.id)
        self.setVisible(possible)
        self._tick.setChecked(ends is not None)
        self._ends.setVisible(ends is not None)
        if ends is not None:
            self._low.show_text(exact_text(ends[0]), of=node.id)
            self._high.show_text(exact_text(ends[1]), of=node.id)
        self._show_beyond(node, ends)

    def _show_beyond(self, node: Node, ends: tuple[float, float] | None) -> None:
        """Where the number lies beyond an end, say so."""
        sentence = ""
        if ends is not None and node.value is not None and not ends[0] <= float(node.value) <= ends[1]:
            way = "below" if float(node.value) < ends[0] else "above"
            sentence = f"{exact_text(float(node.value))} lies {way} what the slider reaches."
        self._beyond.setText(sentence)
        self._beyond.setVisible(bool(sentence))

    def _turn(self, on: bool) -> None:
        id, value = self._id, self._bridge.now.graph.nodes[self._id].value
        if on and value is not None:
            self._bridge.edit(lambda graph: edits.set_slider(graph, id, *usual_range(float(value))))
        else:
            self._bridge.edit(lambda graph: edits.remove_slider(graph, id))

    def _to_low(self, id: str, text: str) -> Edit:
        low, ends = parse_number(text), slider_of(self._bridge.now.graph, id)
        return lambda graph: edits.set_slider(graph, id, low, ends[1] if ends else usual_range(low)[1])

    def _to_high(self, id: str, text: str) -> Edit:
        high, ends = parse_number(text), slider_of(self._bridge.now.graph, id)
        return lambda graph: edits.set_slider(graph, id, ends[0] if ends else usual_range(high)[0], high)
