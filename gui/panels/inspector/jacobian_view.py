"""A node's Jacobian with respect to one input: its structure in words, the matrix, and its effect on a gradient."""

from PySide6.QtCore import Qt

from engine.errors import RunError
from engine.passes.trace import Trace
from engine.show.jacobian_paper import element_names
from engine.show.names import Names
from engine.show.wording import Wording, worded
from engine.truth.jacobian import Jacobian, jacobian
from engine.values.values import shape_text, thousands, value_text
from gui.document.bridge import Bridge
from gui.panels.inspector.jacobian_drawing import JacobianDrawing
from gui.widgets.fields import NoWheelComboBox
from gui.widgets.fold import Fold
from gui.widgets.labels import Row, label, set_role
from gui.widgets.number_grid import ArrayGrid, ArrayModel

MOST_ENTRIES, MOST_OUTPUTS = 200_000, 1_000  # what is quickly made: a row costs one backward rule


class JacobianView(Fold):
    """Folded, it costs nothing. Open, it follows its node: computed again for each new run, but not while playing."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__("Jacobian")
        self._bridge = bridge
        self._node, self._port, self._fixed = "", 0, False
        self._of: tuple[Trace, str, int, Wording] | None = None
        self._ports = NoWheelComboBox()
        self._ports.setAccessibleName("Input")
        self._ports.activated.connect(self._choose_port)
        self._shape, self._structure = Row("shape"), Row("structure")
        self._sentence = label("", "soft", wraps=True)
        self._model = JacobianModel()
        self._grid = ArrayGrid("Jacobian", self._model)
        self._proof = label("", "number", wraps=True)
        self._drawing = JacobianDrawing(bridge)
        parts = (self._ports, self._shape, self._structure, self._sentence, self._drawing, self._grid, self._proof)
        for part in parts:
            self.content.addWidget(part)
        self.opened.connect(self._refresh)

    def show_node(self, id: str) -> None:
        """The Jacobian with respect to an input that can be chosen."""
        if id != self._node or self._fixed:
            self._node, self._port, self._fixed = id, 0, False
        count = len(self._bridge.now.graph.into(id))
        self._port = min(self._port, max(count - 1, 0))
        self._refresh()

    def show_edge(self, id: str, port: int) -> None:
        """The Jacobian with respect to the input at the end of an edge."""
        self._node, self._port, self._fixed = id, port, True
        self._refresh()

    def _choose_port(self, index: int) -> None:
        self._port = self._ports.itemData(index)
        self._refresh()

    def _refresh(self) -> None:
        graph, trace = self._bridge.now.graph, self._bridge.now.telling
        if self._node not in graph.nodes:
            return
        edges = graph.into(self._node)
        self.setVisible(bool(edges) and trace.value(self._node) is not None)
        if self.isHidden():
            return
        edge, names = graph.edges.get((self._node, self._port), edges[0]), Names(graph, trace)
        slope = names.plain.partial(names.node(self._node), names.node(edge.source), names.alone(edge))
        self.show_title(f"Jacobian {slope.text}")
        if self.is_open:
            self._show_ports()
            self._show_jacobian(trace)

    def _show_ports(self) -> None:
        graph = self._bridge.now.graph
        edges, op = graph.into(self._node), graph.nodes[self._node].op
        self._ports.setVisible(len(edges) > 1 and not self._fixed)
        entries = [(f"by {op.port_name(e.port)}: {graph.nodes[e.source].name}", e.port) for e in edges]
        if entries != [(self._ports.itemText(i), self._ports.itemData(i)) for i in range(self._ports.count())]:
            self._ports.clear()
            for text, port in entries:
                self._ports.addItem(text, port)
        self._ports.setCurrentIndex(self._ports.findData(self._port))

    def _show_jacobian(self, trace: Trace) -> None:
        wording = self._bridge.now.wording
        if self._of is not None and self._of[0] is trace and self._of[1:] == (self._node, self._port, wording):
            return
        self._of = (trace, self._node, self._port, wording)
        y, x = trace.value(self._node), trace.inputs(self._node)[self._port]
        assert y is not None
        self._shape.show_text(f"{shape_text(y.shape)} by {shape_text(x.shape)}")
        if y.size > MOST_OUTPUTS or y.size * x.size > MOST_ENTRIES:
            text = f"{thousands(y.size)} × {thousands(x.size)}"
            self._say_only(f"A matrix of {text}: too large to be shown here.")
            return
        try:
            self._show(jacobian(trace, self._node, self._port, self._names()))
        except RunError as error:
            self._say_only(str(error))

    def _names(self) -> dict[str, str]:
        return {id: node.name for id, node in self._bridge.now.graph.nodes.items()}

    def _say_only(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        for part in (self._structure, self._drawing, self._grid, self._proof):
            part.hide()

    def _show(self, found: Jacobian) -> None:
        for part in (self._structure, self._grid, self._proof):
            part.show()
        self._drawing.show_jacobian(found)
        self._structure.show_text(found.structure)
        self._sentence.setText(worded(found.sentence, self._bridge.now.wording))
        names = Names(self._bridge.now.graph, self._bridge.now.telling)
        self._model.show_jacobian(found, names.node(found.node), names.node(found.source))
        self._proof.setText(worded(proof_text(found), self._bridge.now.wording))
        set_role(self._proof, "error" if found.agrees is False else "number")


class JacobianModel(ArrayModel):
    """A row for each element of the output, a column for each of the input, each headed by its index."""

    def __init__(self) -> None:
        super().__init__()
        self._heads: tuple[list[str], list[str]] = ([], [])

    def show_jacobian(self, found: Jacobian, y: str, x: str) -> None:
        """Another matrix; `y` and `x` are what output and input are called."""
        self._heads = (element_names(y, found.y_shape), element_names(x, found.x_shape))
        self.show_grid(found.flat)
        self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, self.rowCount() - 1)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        heads = self._heads[orientation == Qt.Orientation.Horizontal]
        return heads[section] if section < len(heads) else None


def proof_text(found: Jacobian) -> str:
    """The chain rule in numbers: upstream · Jacobian is the contribution."""
    if found.product is None or found.contribution is None:
        return "No gradient passes here."
    product, small = value_text(found.product), found.product.ndim < 2 and found.product.size <= 4
    if found.agrees:
        return f"upstream · Jacobian = {f'{product} = ' if small else ''}contribution ✓"
    return f"upstream · Jacobian = {product} ≠ contribution {value_text(found.contribution)} ✗"
