"""Nothing selected: the facts of the document."""

from PySide6.QtWidgets import QWidget

from engine import edits
from engine.values.values import counted, thousands
from gui.document.bridge import Bridge
from gui.panels.inspector.edit_field import Edit, EditField
from gui.widgets.boxes import column
from gui.widgets.labels import Row, label


class DocumentView(QWidget):
    """Title, target, and how much there is."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._title = EditField("Title", bridge, _retitle, "title")
        self._title.line.setPlaceholderText("Add a title")
        self._target, self._counts, self._learn = Row("target"), Row("size"), Row("parameters")
        hint = "Select a node or an edge to see its numbers."
        column(self, 8, self._title, self._target, self._counts, self._learn, label(hint, "faint", wraps=True))

    def refresh(self) -> None:
        """Write the document's facts."""
        graph = self._bridge.now.graph
        self._title.show_text(graph.title)
        target = graph.nodes.get(graph.target or "")
        self._target.show_text(target.name if target else "none yet", "number" if target else "faint")
        self._counts.show_text(f"{counted(len(graph.nodes), 'node')}, {counted(len(graph.edges), 'edge')}")
        held = [node.value for node in graph.nodes.values() if node.op_name == "parameter"]
        learning = sum(value.size for value in held if value is not None)
        self._learn.show_text(thousands(learning))


def _retitle(_: str, text: str) -> Edit:
    title = " ".join(text.split())
    return lambda graph: edits.set_fact(graph, "title", title, "Change the title")
