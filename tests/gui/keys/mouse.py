"""The mouse on the canvas: the view, selecting, cutting, what is dragged and dropped."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView

from gui.main_window import MainWindow
from tests.gui.canvas_tools import port_spot
from tests.gui.keys.keys_tools import Press, does, drag, spot, turn
from tests.gui.window_tools import ALT, CTRL, LEFT, NONE, SHIFT, Key, drop_on_canvas, press


@does("Ctrl+wheel, pinch", "Zoom at the pointer")
def _(w: MainWindow, key: Press) -> None:
    zooms = [w.canvas.camera.zoom]
    turn(w, CTRL)
    zooms.append(w.canvas.camera.zoom)
    pad = QPointingDevice("pad", 7, QInputDevice.DeviceType.TouchPad, QPointingDevice.PointerType.Finger,
                          QInputDevice.Capability.Position, 2, 0)  # fmt: skip
    at, kind = QPointF(100, 100), Qt.NativeGestureType.ZoomNativeGesture
    QApplication.sendEvent(w.canvas.viewport(), QNativeGestureEvent(kind, pad, 2, at, at, at, 0.25, QPointF()))
    zooms.append(w.canvas.camera.zoom)
    assert zooms == sorted(set(zooms))


@does("Wheel, two fingers", "Move the view")
def _(w: MainWindow, key: Press) -> None:
    centres = [w.canvas.camera.centre()]
    for pixels in (QPoint(), QPoint(10, 30)):
        turn(w, pixels=pixels)
        centres.append(w.canvas.camera.centre())
    assert centres[0] != centres[1] != centres[2]


@does("Drag with the middle button", "Move the view")
def _(w: MainWindow, key: Press) -> None:
    centre, viewport, middle = w.canvas.camera.centre(), w.canvas.viewport(), Qt.MouseButton.MiddleButton
    QTest.mousePress(viewport, middle, NONE, QPoint(20, 20))
    QTest.mouseMove(viewport, QPoint(90, 70))
    QTest.mouseRelease(viewport, middle, NONE, QPoint(90, 70))
    assert w.canvas.camera.centre() != centre


@does("Shift and click", "Select more")
def _(w: MainWindow, key: Press) -> None:
    for id, keys in (("x", NONE), ("q", SHIFT)):
        QTest.mouseClick(w.canvas.viewport(), LEFT, keys, spot(w, id))
    assert w.selection.nodes == {"x", "q"}


@does("Ctrl and drag over the canvas", "Cut the edges that the line goes across")
def _(w: MainWindow, key: Press) -> None:
    output = port_spot(w.canvas, "z", "out")
    drag(w, output + QPoint(24, -24), output + QPoint(24, 24), CTRL)
    assert ("f", 1) not in w.bridge.now.graph.edges


@does("Alt while nodes are dragged", "Make copies, fed by the same nodes; with Shift too, fed by nothing else")
def _(w: MainWindow, key: Press) -> None:
    for held in (ALT, ALT | SHIFT):
        w.selection.select(["q"])
        drag(w, spot(w, "q"), spot(w, "q") + QPoint(20, 60), held)
    graph = w.bridge.now.graph
    assert [edge.source for edge in graph.into("q2")] == ["x", "y"] and not graph.into("q3")


@does("Alt pressed after a drag began", "The same as Alt held from the start, which many desktops keep for themselves")
def _(w: MainWindow, key: Press) -> None:
    for start, way in ((spot(w, "q"), QPoint(20, 60)), (port_spot(w.canvas, "f", 0), QPoint(0, 28))):
        viewport = w.canvas.viewport()
        QTest.mousePress(viewport, LEFT, NONE, start)
        QTest.mouseMove(viewport, start + way)
        QTest.keyPress(w.canvas, Key.Key_Alt)
        end = port_spot(w.canvas, "f", 1) if way.x() == 0 else start + way
        QTest.mouseRelease(viewport, LEFT, ALT, end)
        QTest.keyRelease(w.canvas, Key.Key_Alt, ALT)
    graph = w.bridge.now.graph
    assert [edge.source for edge in graph.into("q2")] == ["x", "y"]
    assert [edge.source for edge in graph.into("f")] == ["z", "q"]


@does("Ctrl while nodes are dragged", "Let no guide draw them into line")
def _(w: MainWindow, key: Press) -> None:
    w.canvas.camera.zoom_to_100()
    places = []
    for held in (NONE, CTRL):
        drag(w, spot(w, "y"), spot(w, "y") + QPoint(5, -37), held)
        places.append(w.bridge.now.graph.nodes["y"].pos)
        press(w, Key.Key_Z, CTRL)
    assert places[0][0] == 0 and places[1][0] == 4


@does("Alt while an edge is dropped", "Let it change places with the edge that ends there")
def _(w: MainWindow, key: Press) -> None:
    drag(w, port_spot(w.canvas, "f", 0), port_spot(w.canvas, "f", 1), ALT)
    assert [edge.source for edge in w.bridge.now.graph.into("f")] == ["z", "q"]


@does("Drag an operation onto a node", "Make the node that operation; its edges stay")
def _(w: MainWindow, key: Press) -> None:
    before = w.bridge.now.graph
    x, y = before.nodes["q"].pos
    drop_on_canvas(w, "max", x + 60, y + 70)
    assert w.bridge.now.graph.nodes["q"].op_name == "max" and w.bridge.now.graph.edges == before.edges


@does("Double click in the palette", "Put an operation in the middle")
def _(w: MainWindow, key: Press) -> None:
    ops = w.ops.findChild(QListView)
    rows = (ops.model().index(row, 0) for row in range(ops.model().rowCount()))
    index = next(index for index in rows if getattr(index.data(Qt.ItemDataRole.UserRole), "name", "") == "relu")
    ops.scrollTo(index)
    at = ops.visualRect(index).center()
    QTest.mouseClick(ops.viewport(), LEFT, NONE, at)
    QTest.mouseDClick(ops.viewport(), LEFT, NONE, at)
    QTest.mouseRelease(ops.viewport(), LEFT, NONE, at)
    assert w.bridge.now.graph.nodes["relu"]
