"""What the tests of the canvas share: graphs, a shown view, and the mouse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from gui.canvas.hits import ports_of
from gui.canvas.paint.node import COARSE
from gui.canvas.view import CanvasView
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.widgets.op_card import OP_MIME

NO = Qt.KeyboardModifier.NoModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def cs231n() -> Graph:
    """(x + y) · z, with room between the nodes."""
    nodes = [
        Node("x", "input", np.float64(-2), pos=(0, 0)),
        Node("y", "input", np.float64(5), pos=(0, 140)),
        Node("z", "parameter", np.float64(-4), pos=(0, 280)),
        Node("q", "add", pos=(240, 60)),
        Node("f", "mul", pos=(480, 140)),
    ]
    edges = [Edge("x", "q", 0), Edge("y", "q", 1), Edge("q", "f", 0), Edge("z", "f", 1)]
    return Graph.of(nodes, edges, target="f")


class Hands:
    """A shown canvas, and hands to use it."""

    def __init__(self, qtbot: QtBot, graph: Graph | None = None, size: tuple[int, int] = (760, 560)) -> None:
        self.bridge = Bridge()
        self.selection = Selection(self.bridge)
        if graph is not None:
            self.bridge.load(graph)
        self.view = CanvasView(self.bridge, self.selection)
        self.told: list[str] = []
        self.view.desk.told.connect(self.told.append)
        qtbot.addWidget(self.view)
        self.view.resize(*size)
        self.view.show()
        self.view.activateWindow()
        self.view.setFocus()
        qtbot.waitUntil(self.view.hasFocus)
        if graph is not None:
            self.view.camera.look_at(1.0, QRectF(0, 0, 620, 364).center(), animated=False)

    @property
    def graph(self) -> Graph:
        return self.bridge.now.graph

    @property
    def surface(self) -> QWidget:
        return self.view.viewport()

    def at(self, x: float, y: float) -> QPoint:
        """A place of the scene in the viewport."""
        return self.view.mapFromScene(QPointF(x, y))

    def body(self, id: str) -> QPoint:
        """A place on a node where there is neither name, number nor port."""
        x, y = self.graph.nodes[id].pos
        return self.at(x + 60, y + 70)

    def name(self, id: str) -> QPoint:
        return self.view.mapFromScene(self.view.scene().node_items[id].name_rect().center())

    def middle_of_edge(self, dest: str, port: int, t: float = 0.5) -> QPoint:
        return self.at(*self.view.scene().stage.at((dest, port), t))

    # --- the mouse

    def click(self, at: QPoint, keys: Qt.KeyboardModifier = NO) -> None:
        QTest.mouseClick(self.surface, LEFT, keys, at)

    def press(self, at: QPoint, keys: Qt.KeyboardModifier = NO, button: Qt.MouseButton = LEFT) -> None:
        QTest.mousePress(self.surface, button, keys, at)

    def drag_to(self, at: QPoint, start: QPoint, keys: Qt.KeyboardModifier = NO) -> None:
        """Move, with the button down and keys held, in a few steps: QTest's own moves say nothing of keys."""
        for i in range(1, 5):
            spot = QPointF(start + (at - start) * i / 4)
            where, kind = QPointF(self.surface.mapToGlobal(spot)), QEvent.Type.MouseMove
            QApplication.sendEvent(self.surface, QMouseEvent(kind, spot, where, Qt.MouseButton.NoButton, LEFT, keys))
            QApplication.processEvents()

    def drag(self, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = NO) -> None:
        self.press(start, keys)
        self.drag_to(end, start, keys)
        QTest.mouseRelease(self.surface, LEFT, keys, end)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NO) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.view, key, keys)

    def type(self, text: str) -> None:
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClicks(widget, text)

    # --- drags out of the palette

    def carry(self, op: str, *places: QPoint, drop: bool = True) -> None:
        """Drag an op over places; let go at the last, or leave."""
        data = QMimeData()
        data.setData(OP_MIME, op.encode())
        args = (Qt.DropAction.CopyAction, data, LEFT, NO)
        self._send(QDragEnterEvent(places[0], *args))
        for place in places:
            self._send(QDragMoveEvent(place, *args))
        if drop:
            self._send(QDropEvent(QPointF(places[-1]), *args))
        else:
            self._send(QDragLeaveEvent())

    def _send(self, event: QDragEnterEvent | QDragMoveEvent | QDropEvent | QDragLeaveEvent) -> None:
        QApplication.sendEvent(self.surface, event)

    # --- what is to be seen

    def one_undo_step(self, do: Callable[[], None]) -> None:
        """What `do` does is one step: undone at once, and redone."""
        before = self.graph
        do()
        after = self.graph
        assert after != before, "nothing was changed"
        self.bridge.undo()
        assert self.graph == before
        self.bridge.redo()
        assert self.graph == after

    def shows_document(self) -> None:
        scene = self.view.scene()
        assert set(scene.node_items) == set(self.graph.nodes)
        assert set(scene.edge_layer.stage.edges) == set(self.graph.edges)
        for id, item in scene.node_items.items():
            assert (item.pos().x(), item.pos().y()) == self.graph.nodes[id].pos


def port_spot(view: CanvasView, id: str, port: int | str) -> QPoint:
    """Where a port is in the viewport: an input by its number, the output as "out" (or "out1" …).

    From afar, where ports are not drawn, it is just beside the plate.
    """
    wanted = ("output", int(port[3:] or 0)) if isinstance(port, str) else ("input", port)
    item = view.desk.scene.node_items[id]
    spot = next(view.mapFromScene(at) for kind, number, at in ports_of(item) if (kind, number) == wanted)
    if view.camera.zoom < COARSE:
        plate = view.mapFromScene(item.outline(view.camera.zoom)).boundingRect()
        spot.setX(plate.left() - 2 if wanted[0] == "input" else plate.right() + 2)
    return spot


def value_spot(view: CanvasView, id: str) -> QPoint:
    """Where the middle of a node's value is in the viewport."""
    rect = view.mapFromScene(view.desk.scene.node_items[id].value_rect()).boundingRect()
    return QRectF(rect).center().toPoint()


def edges(graph: Graph) -> set[tuple[str, str, int]]:
    return {(edge.source, edge.dest, edge.port) for edge in graph.edges.values()}
