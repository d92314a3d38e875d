"""Several things selected: how many, and of what kinds."""

from collections import Counter

from PySide6.QtWidgets import QWidget

from engine.values.values import counted
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.widgets.boxes import column
from gui.widgets.labels import label


class ManyView(QWidget):
    """A count of the selected nodes by op, and of the edges."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._bridge, self._selection = bridge, selection
        self._title, self._kinds = label("", "title", wraps=True), label("", "soft", wraps=True)
        column(self, 8, self._title, self._kinds)

    def refresh(self) -> None:
        """Count what is selected."""
        graph = self._bridge.now.graph
        nodes = [graph.nodes[id] for id in graph.nodes if id in self._selection.nodes]
        edges = len(self._selection.edges)
        parts = [counted(len(nodes), "node")] if nodes else []
        parts += [counted(edges, "edge")] if edges else []
        self._title.setText(" and ".join(parts) + " selected")
        kinds = Counter(node.op.title for node in nodes)
        self._kinds.setText("\n".join(f"{count} × {title}" for title, count in kinds.most_common()))
        self._kinds.setVisible(bool(kinds))
