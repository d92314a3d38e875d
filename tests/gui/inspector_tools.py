"""What the tests of the inspector share: graphs, and an inspector with what a test asks of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.session import Session
from engine.values.values import as_value
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.panels.inspector import Inspector


def product() -> Graph:
    """(x + y) z at −2, 5, −4: f = −12, gradients −4, −4, 3."""
    leaves = [Node(id, "input", as_value(v)) for id, v in (("x", -2), ("y", 5), ("z", -4))]
    nodes = [*leaves, Node("q", "add"), Node("f", "mul")]
    edges = [Edge("x", "q", 0), Edge("y", "q", 1), Edge("q", "f", 0), Edge("z", "f", 1)]
    return Graph.of(nodes, edges, target="f")


def square() -> Graph:
    """x · x + x: three contributions arrive at x."""
    nodes = [Node("x", "input", as_value(3)), Node("s", "mul"), Node("f", "add")]
    return Graph.of(nodes, [Edge("x", "s", 0), Edge("x", "s", 1), Edge("s", "f", 0), Edge("x", "f", 1)], target="f")


class Bench:
    """An inspector on a shown screen, with what a test asks of it."""

    def __init__(self, qtbot, graph: Graph) -> None:
        self.bot, self.bridge = qtbot, Bridge(Session(graph))
        self.selection = Selection(self.bridge)
        self.inspector = Inspector(self.bridge, self.selection)
        qtbot.addWidget(self.inspector)
        self.inspector.resize(320, 800)
        self.inspector.show()
        qtbot.waitExposed(self.inspector)

    def texts(self) -> list[str]:
        labels = self.inspector.findChildren(QLabel)
        return [label.text() for label in labels if label.isVisible() and label.text()]

    def after(self, caption: str) -> str:
        """What stands behind a caption."""
        return self.texts()[self.texts().index(caption) + 1]

    def field(self, name: str) -> QLineEdit:
        lines = self.inspector.findChildren(QLineEdit)
        return next(line for line in lines if line.accessibleName() == name and line.isVisible())

    def button(self, text: str) -> QPushButton:
        return next(b for b in self.inspector.findChildren(QPushButton) if b.text() == text and b.isVisible())

    def visible(self, kind: type) -> list:
        return [w for w in self.inspector.findChildren(kind) if w.isVisible()]

    def type(self, name: str, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
        line = self.field(name)
        line.setFocus()
        line.selectAll()
        self.bot.keyClicks(line, text)
        self.bot.keyClick(line, key)


def alone(qtbot, op: str, x: object) -> Bench:
    """The bench with f = op(x), x selected."""
    bench = Bench(qtbot, Graph.of([Node("x", "input", as_value(x)), Node("f", op)], [Edge("x", "f", 0)], target="f"))
    bench.selection.select(["x"])
    return bench
