"""A Jacobian drawn: what comes in from upstream times it is the contribution; or it times the next one back."""

from PySide6.QtWidgets import QWidget

from engine.show.jacobian_paper import JacobianPaper, chain_paper, upstream_paper
from engine.show.names import Names
from engine.truth.cells import Cell
from engine.truth.jacobian import Jacobian, jacobian
from gui.document.bridge import Bridge
from gui.panels.inspector.paper_layout import pooled_words
from gui.panels.inspector.paper_view import PaperView
from gui.widgets.boxes import column
from gui.widgets.fields import NoWheelComboBox
from gui.widgets.labels import label

MOST_DRAWN = 200_000  # entries of the next one back: it is made anew for each choice
UPSTREAM = -1  # as a choice: not the next Jacobian, but what comes from upstream


class JacobianDrawing(QWidget):
    """A cell under the mouse tells which products make it."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._found: Jacobian | None = None
        self._shown: JacobianPaper | None = None
        self._chain = NoWheelComboBox()
        self._chain.setAccessibleName("Multiplied with")
        self._chain.activated.connect(self._draw)
        self._page = PaperView()
        self._page.setAccessibleName("Jacobian, drawn")
        self._page.cell_chosen.connect(self._look_at)
        self._pooled, self._title = label("", "faint", wraps=True), label("", "number", wraps=True)
        self._sum = label("", "soft", wraps=True)
        column(self, 6, self._chain, self._page, self._pooled, self._title, self._sum)

    def show_jacobian(self, found: Jacobian) -> None:
        """Draw another one."""
        self._found = found
        graph = self._bridge.now.graph
        entries = [("upstream · Jacobian", UPSTREAM)] if found.upstream is not None else []
        names = Names(graph, self._bridge.now.telling)
        for edge in graph.into(found.source):
            y, x, u = (names.node(id) for id in (found.node, found.source, edge.source))
            text = f"∂{y}/∂{x} · ∂{x}/∂{u}"
            entries.append((text, edge.port))
        chosen = self._chain.currentData()
        self._chain.clear()
        for text, port in entries:
            self._chain.addItem(text, port)
        self._chain.setCurrentIndex(max(self._chain.findData(chosen), 0))
        self._chain.setVisible(len(entries) > 1)
        self._draw()

    def _draw(self) -> None:
        self._shown = self._made()
        self.setVisible(self._shown is not None)
        self._page.show_paper(self._shown.paper if self._shown else None)
        if self._shown is not None:
            words = pooled_words(self._page.placed)
            self._pooled.setText(words)
            self._pooled.setVisible(bool(words))
            self._look_at((0, 0))

    def _made(self) -> JacobianPaper | None:
        now, found, port = self._bridge.now, self._found, self._chain.currentData()
        if found is None or port is None or not found.flat.size:
            return None
        names = Names(now.graph, now.telling)
        if port == UPSTREAM:
            return upstream_paper(names, found)
        value, inputs = now.telling.value(found.source), now.telling.inputs(found.source)
        if value is None or value.size * inputs[port].size > MOST_DRAWN:
            return None
        return chain_paper(names, found, jacobian(now.telling, found.source, port))

    def _look_at(self, cell: Cell) -> None:
        """Say which products make an element."""
        if self._shown is None:
            return
        self._page.light(cell, self._shown.paper.ask(cell))
        title, terms = self._shown.say(cell)
        self._title.setText(title)
        self._sum.setText(terms)
        self._page.setAccessibleDescription(f"{title}. {terms}")
