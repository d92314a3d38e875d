"""One node: its name, its numbers, where its gradient comes from, and what can be changed about it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from engine import edits
from engine.graph.records import Node
from engine.values.literal import parse_number, parse_value
from engine.values.plain import shortened
from engine.values.values import Value, exact_text
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.look.as_is import as_is
from gui.panels.inspector.array_view import ArrayView
from gui.panels.inspector.edit_field import Edit, EditField
from gui.panels.inspector.initialiser_button import InitialiserButton
from gui.panels.inspector.inputs_table import ContributionsList, InputsTable
from gui.panels.inspector.jacobian_view import JacobianView
from gui.panels.inspector.paths_view import PathsView
from gui.panels.inspector.probe_view import ProbeView
from gui.panels.inspector.reading import gradient_of, held_value, typed_text, value_hints, value_of
from gui.panels.inspector.response_view import ResponseView
from gui.panels.inspector.settings_form import SettingsForm
from gui.panels.inspector.slider_form import SliderForm
from gui.widgets.boxes import column, holder, row
from gui.widgets.buttons import PushButton
from gui.widgets.labels import Row, label, set_role
from gui.widgets.segmented import Segmented

FIELD_WIDTH = 190
MOST_OF_TITLE = 30  # characters: that of an op that we do not know may have any length
LEAF_KINDS = (("input", "Input"), ("parameter", "Parameter"), ("constant", "Constant"))


class NodeView(QWidget):
    """Everything about the selected node. Built once; `refresh` writes the current facts into it."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._bridge, self._selection = bridge, selection
        self._name = EditField("Name", bridge, lambda id, text: lambda g: edits.name_node(g, id, text), "title")
        self._op = label("", "leaf")
        self._kind = Segmented("Kind of leaf", LEAF_KINDS)
        self._kind.chosen.connect(lambda op: bridge.edit(lambda g: edits.change_op(g, self._id, str(op))))
        self._typed = EditField("Value", bridge, _set_value, "number")
        self._outputs = Segmented("Output", [(0, "")])
        self._outputs.chosen.connect(self.refresh)
        self._value, self._gradient = Row("value"), Row("gradient")
        self._no_gradient = label("", "soft", wraps=True)
        self._fill = InitialiserButton(self._typed.type_text)
        top = Qt.AlignmentFlag.AlignTop
        self._typed_row = Row("value", holder(row(None, 6, (self._typed, 0, top), (self._fill, 0, top))))
        self._elements = Segmented("Elements of", (("value", "value"), ("gradient", "gradient")))
        self._elements.show_choice("value")
        self._elements.chosen.connect(self.refresh)
        self._array = ArrayView(bridge)
        self._arrivals, self._inputs = ContributionsList(bridge, selection), InputsTable(bridge, selection)
        self._paths, self._jacobian = PathsView(bridge, selection), JacobianView(bridge)
        self._settings, self._slider = SettingsForm(bridge), SliderForm(bridge)
        self._label = EditField("Label", bridge, lambda id, text: lambda g: edits.set_label(g, id, text))
        self._aim = PushButton("Make this the target")
        self._aim.clicked.connect(lambda: bridge.edit(lambda g: edits.set_target(g, self._id)))
        self._seed = EditField("Seed", bridge, _set_seed, "number")
        self._probe, self._response = ProbeView(bridge), ResponseView(bridge)
        self._lay_out()

    def _lay_out(self) -> None:
        self._label_row, self._seed_row = Row("label", self._label), Row("seed", self._seed)
        column(
            self, 8, row(None, 8, (self._name, 1), self._op), self._kind, self._typed_row, self._slider, self._value,
            self._outputs, self._gradient, self._no_gradient, self._elements, self._array, self._arrivals, self._paths,
            self._inputs, self._response, self._jacobian, self._probe, self._settings, self._label_row, self._seed_row,
            self._aim,
        )  # fmt: skip
        self._typed.let_scrub(self._typed_row.caption)
        self._seed.let_scrub(self._seed_row.caption)
        for line in (self._typed_row, self._label_row, self._seed_row):
            line.content.setFixedWidth(FIELD_WIDTH)

    @property
    def _id(self) -> str:
        return next(iter(self._selection.nodes))

    def refresh(self) -> None:
        """Write the current facts."""
        node = self._bridge.now.graph.nodes[self._id]
        self._show_head(node)
        self._show_numbers(node)
        self._arrivals.show_node(node.id)
        self._paths.show_node(node.id)
        self._inputs.show_node(node.id)
        self._jacobian.show_node(node.id)
        self._probe.show_node(node.id)
        self._response.show_node(node)
        self._settings.show_node(node)
        self._slider.show_node(node)
        self._show_target(node.id)

    def _show_head(self, node: Node) -> None:
        kind = node.op
        self._name.show_text(node.name, of=node.id)
        self._op.setText("" if node.op_name in dict(LEAF_KINDS) else shortened(kind.title, MOST_OF_TITLE))
        set_role(self._op, kind.family)
        self._kind.setVisible(node.op_name in dict(LEAF_KINDS))
        self._kind.show_choice(node.op_name)
        self._label.show_text(node.label, of=node.id)
        self._label.line.setPlaceholderText(node.id)
        several = len(kind.outputs) > 1
        self._outputs.setVisible(several)
        if several:
            self._outputs.show_choices([(i, name) for i, name in enumerate(kind.outputs)])
            self._outputs.show_choice(self._output(node))

    def _output(self, node: Node) -> int:
        """Which of its outputs is shown."""
        chosen = self._outputs.current
        return chosen if isinstance(chosen, int) and chosen < len(node.op.outputs) else 0

    def _show_numbers(self, node: Node) -> None:
        graph, trace, frame = self._bridge.now.graph, self._bridge.now.telling, self._bridge.now.told
        held = held_value(node, frame)
        value = held if node.op.holds_value else frame.value(node.id, self._output(node))
        tensor = value is not None and value.ndim > 0
        self._typed_row.setVisible(node.op.holds_value)
        self._value.setVisible(not node.op.holds_value)
        self._typed.show_text(typed_text(held), of=node.id)
        hint, whole = value_hints(held)
        self._typed.line.setPlaceholderText(hint)
        self._typed.line.setToolTip(as_is(whole))
        self._typed.line.setAccessibleDescription(whole)
        self._fill.show_value(held)
        self._value.show_text(*value_of(graph, trace, frame, node.id, self._output(node)))
        self._array.setVisible(tensor)
        if value is not None and tensor:
            self._show_array(node, value, frame.gradient(node.id))
        self._elements.setVisible(tensor and frame.gradient(node.id) is not None)
        shown = self._elements.current
        self._elements.show_choices((("value", "value"), ("gradient", self._bridge.now.wording)))
        self._elements.show_choice(shown)
        self._show_gradient(node.id)

    def _show_gradient(self, id: str) -> None:
        read = gradient_of(self._bridge.now, id)
        self._gradient.show_text(*read.text, caption=read.caption)
        self._no_gradient.setText(read.why)
        self._no_gradient.setVisible(bool(read.why))

    def _show_array(self, node: Node, value: Value, gradient: Value | None) -> None:
        """The elements of the value, or of the gradient as far as it has arrived."""
        if gradient is not None and self._elements.current == "gradient":
            self._array.show_array(node.id, gradient, False)
        else:
            self._array.show_array(node.id, value, node.op.holds_value)

    def take_seed(self) -> None:
        self._seed.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._seed.line.selectAll()

    def _show_target(self, id: str) -> None:
        is_target = self._bridge.now.graph.target == id
        self._seed_row.setVisible(is_target)
        self._aim.setVisible(not is_target)
        self._seed.show_text(exact_text(self._bridge.now.graph.seed), of=id)


def _set_value(id: str, text: str) -> Edit:
    value = parse_value(text)
    return lambda graph: edits.set_value(graph, id, value)


def _set_seed(id: str, text: str) -> Edit:
    seed = parse_number(text)
    return lambda graph: edits.set_seed(graph, seed)
