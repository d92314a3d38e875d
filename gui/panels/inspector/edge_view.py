"""One edge: what it carries forward, and what travels back along it, with all digits."""

from PySide6.QtWidgets import QWidget

from engine.graph.records import Edge
from engine.show.explain import explain
from engine.show.wording import worded
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.look.math_view import MathView
from gui.look.text_size import keep_scaled, scaled
from gui.panels.inspector.jacobian_view import JacobianView
from gui.panels.inspector.reading import all_digits, edge_reading
from gui.widgets.boxes import column
from gui.widgets.labels import Row, label, sign_role


class EdgeView(QWidget):
    """Value, upstream gradient, local derivative, contribution, and the equations of these."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._bridge, self._selection = bridge, selection
        self._title, self._port = label("", "title", wraps=True), label("", "faint", wraps=True)
        self._rows = {name: Row(name) for name in ("value", "upstream", "local derivative", "contribution")}
        self._equations, self._jacobian = MathView(15, 0), JacobianView(bridge)
        keep_scaled(self._equations, lambda: self._equations.set_type(scaled(15), 0))
        column(self, 8, self._title, self._port, *self._rows.values(), self._equations, self._jacobian)

    def refresh(self) -> None:
        """Write the selected edge's numbers."""
        graph = self._bridge.now.graph
        edge = graph.edges[next(iter(self._selection.edges))]
        source, dest = graph.nodes[edge.source], graph.nodes[edge.dest]
        self._title.setText(f"{source.name} → {dest.name}")
        self._port.setText(f"Into port {dest.op.port_name(edge.port)} of {dest.name}, {dest.op.title}")
        self._jacobian.show_edge(edge.dest, edge.port)
        self._show_equations(edge)
        read = edge_reading(self._bridge.now.telling, self._bridge.now.told, edge)
        self._rows["value"].show_text(all_digits(read.value), "number" if read.value is not None else "faint")
        if not read.gets_gradient:
            for name in ("upstream", "local derivative", "contribution"):
                self._rows[name].show_text(worded("no gradient flows here", self._bridge.now.wording), "faint")
            return
        self._rows["upstream"].show_text(all_digits(read.upstream), sign_role(read.upstream))
        local = all_digits(read.local) if read.has_rule else "a rule of its own"
        self._rows["local derivative"].show_text(local, "number" if read.local is not None else "faint")
        self._rows["contribution"].show_text(all_digits(read.contribution), sign_role(read.contribution))

    def _show_equations(self, edge: Edge) -> None:
        """What travelled back, in equations, once it has arrived; the current step's stand above already."""
        now = self._bridge.now
        step = now.telling.contribution(edge.key)
        arrived = step is not None and now.told.contribution(edge.key) is not None
        shown = arrived and step is not now.told.step
        self._equations.setVisible(shown)
        if step is not None and shown:
            said = explain(now.graph, now.telling, step, now.wording)
            self._equations.show_equations(said.typeset, said.numbers, of=edge)
