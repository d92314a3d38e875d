"""Tab goes through the inspector as one reads it, and the keys stay where they were when a field goes."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QWidget

from engine import edits
from gui.panels.inspector.keys_order import LINE, put_in_reading_order
from gui.widgets.labels import Link
from tests.gui.inspector_tools import Bench, product, square

Key = Qt.Key


def places(bench: Bench, first: QWidget) -> list[QWidget]:
    """Where Tab goes, from one widget on, until it leaves the inspector or comes back."""
    bench.inspector.activateWindow()
    first.setFocus()
    bench.bot.waitUntil(first.hasFocus)
    found = [first]
    while True:
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        here = QApplication.focusWidget()
        if here is None or here in found or not bench.inspector.isAncestorOf(here):
            return found
        found.append(here)


def test_tab_goes_as_one_reads_links_that_came_late_too(qtbot) -> None:
    bench = Bench(qtbot, square())
    bench.selection.select(["s"])
    bench.bridge.edit(lambda graph: edits.add_node(graph, "mul", (0, 0), id="m"))
    bench.bridge.edit(lambda graph: edits.connect(graph, "x", "m", 0))
    bench.bridge.edit(lambda graph: edits.connect(graph, "s", "m", 1))
    bench.bridge.player.seek(bench.bridge.player.end)
    bench.selection.select(["m"])
    QApplication.processEvents()
    page = bench.inspector.widget()
    went = places(bench, bench.field("Name"))
    assert sum(isinstance(stop, Link) for stop in went) >= 2
    heights = [stop.mapTo(page, QPoint(0, stop.height() // 2)).y() // LINE for stop in went]
    assert heights == sorted(heights)


def test_the_keys_stay_beside_a_field_that_goes(qtbot) -> None:
    bench = Bench(qtbot, product())
    bench.selection.select(["x"])
    tick = next(box for box in bench.inspector.findChildren(QCheckBox) if box.text() == "Slider")
    tick.click()
    QApplication.processEvents()
    bench.inspector.activateWindow()
    line = bench.field("Highest number of the slider")
    line.setFocus()
    bench.bot.waitUntil(line.hasFocus)
    bench.bridge.edit(lambda graph: edits.remove_slider(graph, "x"))
    QApplication.processEvents()
    here = QApplication.focusWidget()
    assert here is tick, "the last thing before it that is still there"


def test_what_has_a_window_of_its_own_has_its_own_order(qtbot) -> None:
    """A list of choices drops down in a window: Qt complains of an order across two."""
    page = QWidget()
    qtbot.addWidget(page)
    parts = [QCheckBox(page), QCheckBox(page)]
    above = QWidget(page, Qt.WindowType.Tool)
    QCheckBox(above).setVisible(True)
    for at, part in enumerate(parts):
        part.move(0, 40 * at)
    page.show()
    above.show()
    qtbot.waitExposed(page)
    put_in_reading_order(page)
    assert parts[0].nextInFocusChain() is parts[1]
