"""New from expression: type a formula or a small program, see at once whether it is understood, get its graph."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from engine import expression
from engine.errors import GradloomError
from engine.graph import Graph
from gui.widgets.labels import label

HINT = "For example (x + y) * z, or a program: q = x + y; f = q * z. Names that were never assigned become inputs."


class ExpressionDialog(QDialog):
    """Accepted, `graph` is what was typed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("New from expression")
        self.graph = Graph()
        self.text = QPlainTextEdit(placeholderText="(x + y) * z", tabChangesFocus=True)
        self.text.setAccessibleName("Expression")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.message = label(HINT, "soft", wraps=True)
        self.buttons = QDialogButtonBox()
        self.buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.create_button = self.buttons.addButton("Create", QDialogButtonBox.ButtonRole.AcceptRole)
        self.create_button.setEnabled(False)
        self.create_button.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        for widget in (self.text, self.message, self.buttons):
            column.addWidget(widget)
        self.message.setMinimumHeight(40)
        self.resize(520, 260)
        self.text.textChanged.connect(self._read)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _read(self) -> None:
        text = self.text.toPlainText().strip()
        try:
            self.graph = expression.parse(text) if text else Graph()
        except GradloomError as error:
            self._say(str(error), "error")
            self.create_button.setEnabled(False)
            return
        self._say(_summary(self.graph) if text else HINT, "soft")
        self.create_button.setEnabled(bool(self.graph.nodes))

    def _say(self, text: str, role: str) -> None:
        self.message.setText(text)
        self.message.setProperty("role", role)
        self.message.style().polish(self.message)


def _summary(graph: Graph) -> str:
    leaves = [node.name for node in graph.nodes.values() if node.kind.is_leaf and not node.kind.constant]
    count = len(graph.nodes)
    nodes = "1 node" if count == 1 else f"{count} nodes"
    target = f"; the target is {graph.nodes[graph.target].name}" if graph.target else ""
    return f"Understood: {nodes}{', inputs ' + ', '.join(leaves) if leaves else ''}{target}."
