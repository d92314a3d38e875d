"""The canvas's peer: the scene that Qt's manual would have one write. One item a node, one path item an edge, no level
of detail, no frozen background. It shows the same numbers, but cares neither where they stand nor what they cover."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from engine.graph.records import Edge, EdgeKey
from engine.values.values import Value, number_text
from gui.document.bridge import Bridge

CARD = QRectF(0, 0, 140, 84)
LINE, FILL = QPen(QColor("#888888"), 1.5), QBrush(QColor("#ffffff"))


class PlainNode(QGraphicsItem):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.text = name, ""

    def boundingRect(self) -> QRectF:
        return CARD.adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(LINE)
        painter.setBrush(FILL)
        painter.drawRoundedRect(CARD, 10, 10)
        painter.drawText(CARD.adjusted(12, 12, -12, -12), int(Qt.AlignmentFlag.AlignTop), self.name)
        painter.drawText(CARD.adjusted(12, 12, -12, -12), int(Qt.AlignmentFlag.AlignBottom), self.text)

    def show_text(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.update()


class PlainEdge(QGraphicsPathItem):
    def __init__(self) -> None:
        super().__init__()
        self.setPen(LINE)
        self.label = QGraphicsSimpleTextItem(self)

    def join(self, start: QPointF, end: QPointF) -> None:
        path, reach = QPainterPath(start), QPointF(60, 0)
        path.cubicTo(start + reach, end - reach, end)
        self.setPath(path)
        self.label.setPos((start + end) / 2)

    def show_text(self, text: str) -> None:
        if text != self.label.text():
            self.label.setText(text)


class PlainScene(QGraphicsView):
    """Shows a bridge's graph and where its player is, all of it anew whenever anything is told."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._sheet = QGraphicsScene()  # Qt does not keep it
        self.setScene(self._sheet)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.bridge, self.graph = bridge, bridge.now.graph
        self.nodes = {id: PlainNode(id) for id in self.graph.nodes}
        self.edges: dict[EdgeKey, PlainEdge] = {key: PlainEdge() for key in self.graph.edges}
        self.pulse = QGraphicsSimpleTextItem()
        for item in (*self.edges.values(), *self.nodes.values(), self.pulse):
            self.scene().addItem(item)
        for id in self.nodes:
            self.place(id, *self.graph.nodes[id].pos)
        self.show_numbers()

    def place(self, id: str, x: float, y: float) -> None:
        self.nodes[id].setPos(x, y)
        for edge in (*self.graph.into(id), *self.graph.out_of(id)):
            start, end = self._ends(edge)
            self.edges[edge.key].join(start, end)

    def _ends(self, edge: Edge) -> tuple[QPointF, QPointF]:
        return self.nodes[edge.source].pos() + QPointF(140, 42), self.nodes[edge.dest].pos() + QPointF(0, 42)

    def show_numbers(self) -> None:
        frame = self.bridge.now.frame
        values = {id: shown(frame.value(id)) for id in self.nodes}
        for id, node in self.nodes.items():
            node.show_text(f"{values[id]}\n{shown(frame.gradient(id))}")
        for key, item in self.edges.items():
            item.show_text(f"{values[self.graph.edges[key].source]}\n{shown(frame.contribution(key))}")
        for pulse in frame.pulses[:1]:
            self.pulse.setText(number_text(float(pulse.contribution)))
            self.pulse.setPos(self.edges[pulse.edge.key].path().pointAtPercent(1 - pulse.t))

    # --- looking, as the canvas is asked to

    def look_at(self, zoom: float, centre: QPointF) -> None:
        self.setTransform(self.transform().fromScale(zoom, zoom))
        self.centerOn(centre)

    def pan(self, dx: float, dy: float) -> None:
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - round(dx))
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - round(dy))


def shown(value: Value | None) -> str:
    return "" if value is None else number_text(float(value))
