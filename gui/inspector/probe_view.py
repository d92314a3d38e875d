"""A leaf's gradient held against finite differences, and the target drawn against the leaf with its tangent."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.bridge import Bridge
from gui.inspector.probe import Probe, can_probe, check
from gui.widgets.labels import Row
from gui.widgets.tangent_plot import TangentPlot


class ProbeView(QWidget):
    """Works when its leaf or the run is another, not while the player moves; for large graphs not at all."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._of: object = None
        self._row, self._plot = Row("finite difference"), TangentPlot()
        self._row.setToolTip("The slope measured by moving the leaf a little up and down: it should be the gradient.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._row)
        layout.addWidget(self._plot)

    def show_node(self, id: str) -> None:
        """Probe this leaf, if it is one that can be."""
        graph, trace = self._bridge.graph, self._bridge.trace
        of = (id, trace, graph.nodes[id].name, graph.target and graph.nodes[graph.target].name)
        if of == self._of:
            return
        self._of = of
        possible = can_probe(graph, trace, id)
        self.setVisible(possible)
        if possible:
            self._measure(id)

    def _measure(self, id: str) -> None:
        graph, trace = self._bridge.graph, self._bridge.trace
        x, gradient, target = trace.value(id), trace.gradient(id), trace.plan.target
        assert x is not None and gradient is not None and target is not None
        probe = Probe(graph, trace, id)
        result = check(probe, float(x), float(gradient), graph.seed)
        self._row.show_text(result.text, "number" if result.agrees or result.kinked else "error")
        self._plot.setVisible(not probe.too_large)
        if not probe.too_large:
            slope = float(gradient) / graph.seed if graph.seed else 0.0
            title = f"{graph.nodes[target].name} against {graph.nodes[id].name}"
            self._plot.show_curve(title, *probe.curve(float(x)), float(x), probe(float(x)), slope)
