"""The total derivative: where a value reaches the target on several paths, what each of them adds to its gradient."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from engine.passes.trace import Trace
from engine.show.chain import Chains, count_text
from engine.values.values import Value, value_text
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.widgets.boxes import grid
from gui.widgets.fold import Fold
from gui.widgets.labels import Link, label, sign_role, swap

MOST = 12  # rows at once; the rest is counted
TALLEST = 2_000  # nodes: above, walking all the paths is no longer quick


class PathsView(Fold):
    """One row a path, its product of local derivatives, and the sum. A press on a path selects its nodes."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__("Total derivative")
        self._bridge, self._selection = bridge, selection
        self._id = ""
        self._of: tuple[Trace, str] | None = None
        self._page = QWidget()
        self.content.addWidget(self._page)
        self.opened.connect(self._refresh)

    def show_node(self, id: str) -> None:
        """The paths from this node, if there are several."""
        self._id = id
        self._refresh()

    def _refresh(self) -> None:
        graph, trace = self._bridge.now.graph, self._bridge.now.telling
        used = [edge for edge in graph.out_of(self._id) if edge.key in trace.contribution_at] if self._id else []
        self.setVisible(len(used) > 1 and len(graph.nodes) <= TALLEST)
        shown = self._of is not None and self._of[0] is trace and self._of[1] == self._id
        if not self.isHidden() and self.is_open and not shown:
            self._of = (trace, self._id)
            self._write(trace)

    def _write(self, trace: Trace) -> None:
        graph = self._bridge.now.graph
        found = Chains(graph, trace).view(self._id, MOST)
        assert found is not None  # it is used more than once on the way to the target
        page = QWidget()
        table = grid(page, 8, 2)
        table.setColumnStretch(0, 1)
        for row, each in enumerate(found.rows):
            path, product, adds = each.path, each.product, each.path.contribution
            names = " → ".join(graph.nodes[id].name for id in path.nodes)
            table.addWidget(Link(names, partial(self._selection.reveal, path.nodes)), 2 * row, 0)
            table.addWidget(label(value_text(adds), sign_role(adds)), 2 * row, 1, Qt.AlignmentFlag.AlignRight)
            if product:
                table.addWidget(label(product, "soft", wraps=True), 2 * row + 1, 0, 1, 2)
        self._write_sum(table, 2 * len(found.rows), found.found.count, trace.gradient(self._id))
        self._page = swap(self._page, page)

    def _write_sum(self, table: QGridLayout, row: int, count: int, total: Value | None) -> None:
        if count > MOST:
            table.addWidget(label(f"… and {count_text(count - MOST)} more paths", "faint"), row, 0, 1, 2)
        table.addWidget(label(f"the sum of all {count_text(count)} paths", "faint"), row + 1, 0)
        if total is not None:
            table.addWidget(label(value_text(total), sign_role(total)), row + 1, 1, Qt.AlignmentFlag.AlignRight)
