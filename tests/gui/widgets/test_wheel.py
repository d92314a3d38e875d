"""The wheel scrolls: it changes nothing that it passes over, and takes the keys from nobody."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QWidget

from gui.main_window import MainWindow
from gui.panels import all_panels
from tests.gui.training_tools import open_example
from tests.gui.window_tools import lay_out


def turn(widget: QWidget, amount: int) -> None:
    """Turn the wheel over a widget, as Qt does: where its policy says so, the keys go there."""
    middle = QPointF(widget.rect().center())
    spot = QPointF(widget.mapToGlobal(middle))
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    given = QWheelEvent(middle, spot, QPoint(), QPoint(0, amount), none, Qt.KeyboardModifier.NoModifier, phase, False)
    QApplication.sendEvent(widget, given)


def shown(each: QComboBox | QAbstractSpinBox) -> str:
    return each.currentText() if isinstance(each, QComboBox) else each.text()


@pytest.mark.parametrize("example", ["train-moons", "digits-conv"])
def test_nothing_that_one_scrolls_over_takes_the_keys_or_changes(qtbot, window: MainWindow, example: str) -> None:
    open_example(window, example)
    for panel in all_panels():
        window.panels.show_panel(panel.name, True)
    ops = {
        node.op_name: id for id, node in window.bridge.now.graph.nodes.items() if node.op.settings or node.op.is_leaf
    }
    for id in ops.values():
        window.selection.select([id])
        lay_out(window)
        assert not [each for each in window.findChildren(QWidget) if each.focusPolicy() == Qt.FocusPolicy.WheelFocus]
        fields = [*window.findChildren(QComboBox), *window.findChildren(QAbstractSpinBox)]
        assert fields
        for each in fields:
            before = shown(each)
            turn(each, -120)
            assert shown(each) == before
