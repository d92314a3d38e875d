"""What the tests of the whole window share: how it is opened and closed, and hands to use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget

from engine.graph.graph import Graph
from gui.document import settings
from gui.main_window import MainWindow
from gui.widgets.op_card import OP_MIME
from tests.gui.canvas_tools import port_spot, value_spot
from tests.gui.document.answers import Answers

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
Key = Qt.Key


def open_window(qtbot) -> MainWindow:
    settings.put("reduced_motion", True)
    made = MainWindow()
    made.files.ask = Answers()
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.canvas.setFocus()
    qtbot.waitUntil(lambda: made.canvas.hasFocus())
    return made


def close(window: MainWindow) -> None:
    if window.isVisible():
        window.files.ask.unsaved = "discard"
        window.close()


def lay_out(window: MainWindow) -> None:
    """Everything gets its place, however fast the machine: spots found before that are spots of nothing."""
    for _ in range(20):
        places = [(id(part), part.geometry()) for part in window.findChildren(QWidget)]
        QApplication.processEvents()
        if places == [(id(part), part.geometry()) for part in window.findChildren(QWidget)]:
            return


# --- what hands do


def drop_on_canvas(window: MainWindow, op: str, x: float, y: float) -> None:
    """What QDrag does with an op out of the palette: its own loop cannot be driven by a test."""
    viewport = window.canvas.viewport()
    spot = window.canvas.mapFromScene(QPointF(x, y))
    data = QMimeData()
    data.setData(OP_MIME, op.encode())
    give(viewport, data, spot)


def give(target, data: QMimeData, spot: QPoint) -> bool:
    """Enter, move, drop; whether it was taken."""
    copy, button = Qt.DropAction.CopyAction, LEFT
    entered = QDragEnterEvent(spot, copy, data, button, NONE)
    QApplication.sendEvent(target, entered)
    QApplication.sendEvent(target, QDragMoveEvent(spot, copy, data, button, NONE))
    dropped = QDropEvent(QPointF(spot), copy, data, button, NONE)
    QApplication.sendEvent(target, dropped)
    return entered.isAccepted() and dropped.isAccepted()


def wire(window: MainWindow, source: str, dest: str, port: int) -> None:
    viewport, canvas = window.canvas.viewport(), window.canvas
    start, end = port_spot(canvas, source, "out"), port_spot(canvas, dest, port)
    QTest.mousePress(viewport, LEFT, NONE, start)
    for part in (0.25, 0.5, 0.75, 1.0):
        QTest.mouseMove(viewport, start + (end - start) * part)
    QTest.mouseRelease(viewport, LEFT, NONE, end)


def type_value(window: MainWindow, id: str, text: str) -> None:
    viewport = window.canvas.viewport()
    QTest.mouseClick(viewport, LEFT, NONE, value_spot(window.canvas, id))
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Key.Key_Return)


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def build_product(window: MainWindow) -> None:
    for op, x, y in (("input", 0, 0), ("input", 0, 120), ("input", 0, 240), ("add", 240, 60), ("mul", 480, 140)):
        drop_on_canvas(window, op, x, y)
    window.canvas.camera.fit_all(animated=False)
    for source, dest, port in (("x", "add", 0), ("y", "add", 1), ("add", "mul", 0), ("z", "mul", 1)):
        wire(window, source, dest, port)
    for id, text in (("x", "-2"), ("y", "5"), ("z", "-4")):
        type_value(window, id, text)


def gradients(window: MainWindow) -> dict[str, float]:
    frame = window.bridge.now.frame
    return {id: float(g) for id in window.bridge.now.graph.nodes if (g := frame.gradient(id)) is not None}


def file_data(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def in_dialog(
    window: MainWindow, kind: type[QDialog], look: Callable[[QDialog], None], opens: Callable[[], None]
) -> None:
    """Do what opens a dialog, look at it while it is open, and close it with Esc."""
    seen: list[QDialog] = []

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        try:
            assert isinstance(dialog, kind)
            look(dialog)
            seen.append(dialog)
        finally:
            if dialog is not None and dialog.isVisible():
                QTest.keyClick(dialog, Key.Key_Escape)

    QTimer.singleShot(0, window, act)
    opens()
    assert seen


# --- the clipboard


def copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def paste(window: MainWindow, text: str) -> None:
    copy(text)
    press(window, Key.Key_V, CTRL)


def one_undo_step(window: MainWindow, before: Graph) -> None:
    """What was done is undone by one Ctrl+Z, and done again."""
    after = window.bridge.now.graph
    assert after != before
    press(window, Key.Key_Z, CTRL)
    assert window.bridge.now.graph == before
    press(window, Key.Key_Y, CTRL)
    assert window.bridge.now.graph == after
