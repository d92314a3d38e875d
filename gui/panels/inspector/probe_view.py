"""A leaf's gradient held against finite differences, and the target drawn against the leaf with its tangent."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from engine.truth.differences import LeafCheck, Prober, Verdict, checking
from engine.values.values import MINUS, number_text
from gui.document.bridge import Bridge
from gui.panels.inspector.leaf_curve import LeafCurve, can_check, can_draw, with_tangent
from gui.widgets.boxes import column
from gui.widgets.labels import Row
from gui.widgets.plot import Mark, Plot

TOLERANCE = 1e-6  # relative
MOST_ELEMENTS = 24  # of an array are checked, chosen at random
SIGNS: dict[Verdict, str] = {
    "ok": "✓", "mismatch": "✗", "kink": "at a kink", "undefined": "undefined", "skipped": "not checked",
}  # fmt: skip


class ProbeView(QWidget):
    """Works when its leaf or the run is another, not while the player moves; for large graphs not at all."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._of: object = None
        self._row, self._plot = Row("finite difference"), Plot("", QSize(240, 176))
        self._row.setToolTip(
            "The slope measured by moving the leaf up and down a little: compare it with the gradient."
        )
        column(self, 12, self._row, self._plot)

    def show_node(self, id: str) -> None:
        """Probe this node, if it is a leaf that can be."""
        graph, trace = self._bridge.now.graph, self._bridge.now.trace
        of = (id, trace, graph.nodes[id].name, graph.target and graph.nodes[graph.target].name)
        if of == self._of:
            return
        self._of = of
        possible = can_check(graph, trace, id)
        self.setVisible(possible)
        if possible:
            self._check(id)
            self._draw(id)

    def _check(self, id: str) -> None:
        prober = Prober(self._bridge.now.graph, trace=self._bridge.now.trace)
        found = next(check for check in checking(prober, [id], TOLERANCE, MOST_ELEMENTS) if check is not None)
        self._row.show_text(check_text(found), "error" if found.verdict == "mismatch" else "number")

    def _draw(self, id: str) -> None:
        graph, trace = self._bridge.now.graph, self._bridge.now.trace
        self._plot.setVisible(can_draw(trace, id))
        if not can_draw(trace, id):
            return
        x, gradient, target = trace.value(id), trace.gradient(id), trace.plan.target
        assert x is not None and gradient is not None and target is not None
        probe, at = LeafCurve(graph, trace, id), float(x)
        value, slope = probe(at), float(gradient) / graph.seed if graph.seed else 0.0
        title = f"{graph.nodes[target].name} against {graph.nodes[id].name}"
        self._plot.show_figure(figure := with_tangent(title, *probe.curve(at), Mark(at, value, slope)))
        self._plot.setAccessibleName(f"{title}: {figure.said} at {number_text(at)}")
        self._plot.setToolTip(f"At {number_text(at)} it is {number_text(value)}, with slope {number_text(slope)}.")


def check_text(found: LeafCheck) -> str:
    """−4.000000 ✓; of an array, how many elements agree."""
    if found.numeric.ndim:
        checked = found.numeric.size - found.count("skipped")
        agreeing = found.count("ok")
        return f"{agreeing} of {checked} elements {'✓' if agreeing == checked else SIGNS[found.verdict]}"
    number = float(found.numeric)
    plain = f"{number:.6f}".replace("-", MINUS) if 1e-3 <= abs(number) < 1e6 else number_text(number, 7)
    return f"{plain} {SIGNS[found.verdict]}"
