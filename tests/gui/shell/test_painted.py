"""What a moment on the canvas has painted: the canvas, and nothing that lies below it or stands beside it unchanged."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engine.edits.nodes import set_value
from gui.canvas.minimap import Minimap
from gui.look import style
from gui.main_window import MainWindow
from gui.shell.top_bar import ActionButton


class Painted(QObject):
    """How often each of some widgets of a window has been painted, by name."""

    def __init__(self, widgets: list[QWidget]) -> None:
        super().__init__(widgets[0].window())
        self.times = Counter[str]()
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.times[watched.objectName() or type(watched).__name__] += 1
        return False


def test_what_the_canvas_hides_is_not_painted_below_it(product_window: MainWindow, qtbot) -> None:
    window = product_window
    style.dress(window)  # only a style sheet makes Qt think that something shines through
    QApplication.processEvents()
    canvas = window.canvas
    splitter = canvas.parentWidget().parentWidget()
    painted, below = Painted([canvas.viewport()]), Painted([canvas.parentWidget(), splitter])
    QTest.wheelEvent(window.windowHandle(), QPointF(canvas.mapTo(window, QPoint(200, 200))), QPoint(0, 120))
    qtbot.wait_until(lambda: painted.times.total() > 0)
    assert below.times.total() == 0


def test_a_number_that_is_scrubbed_paints_neither_buttons_nor_the_overview(product_window: MainWindow, qtbot) -> None:
    window = product_window
    window.canvas.camera.zoom_at(3, QPoint(10, 10))
    canvas = Painted([window.canvas.viewport()])

    def scrub(value: float) -> None:
        before = canvas.times.total()
        window.bridge.edit(lambda graph: set_value(graph, "x", value), gesture="slider")
        qtbot.wait_until(lambda: canvas.times.total() > before)
        QApplication.processEvents()

    for value in range(3):  # the document is an edited one from now on, which the bar says
        scrub(value)
    overview, buttons = Painted(window.findChildren(Minimap)), Painted(window.findChildren(ActionButton))
    before = canvas.times.total()
    for value in range(3, 6):
        scrub(value)
    assert buttons.times.total() == 0
    assert overview.times.total() <= canvas.times.total() - before, (
        "it is painted with what lies below it, and not once more"
    )
