"""F1 on a node: what its op computes, its derivatives, both as curves, and what counts at its corners."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QListView, QMenu

from engine.ops.op import OPS
from engine.show.reference import reference
from gui.look.math_view import MathView
from gui.main_window import MainWindow
from gui.shell.dialogs.reference import reference_dialog
from gui.widgets.plot import Plot
from tests.gui.window_tools import LEFT, NONE, Key, in_dialog, paste, press

pytestmark = pytest.mark.qt_log_ignore("plugin does not support grabbing the keyboard", extend=True)


def texts(dialog: QDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel)]


def test_f1_on_a_node_tells_of_its_op_and_f1_alone_of_the_keys(window: MainWindow) -> None:
    paste(window, "s = sigmoid(x)")
    window.selection.select(["s"])

    def read(dialog: QDialog) -> None:
        op = OPS["sigmoid"]
        assert dialog.windowTitle() == "Sigmoid: reference"
        assert op.tooltip in texts(dialog) and "Activations" in texts(dialog)
        assert "∂y/∂x = y · (1 − y)" in dialog.findChild(MathView).accessibleName()
        value, slope = dialog.findChild(Plot).figure.curves
        inner = np.abs(value.xs) < 3
        assert np.allclose(value.ys[inner], 1 / (1 + np.exp(-value.xs[inner])))
        assert np.allclose(slope.ys[inner], value.ys[inner] * (1 - value.ys[inner])) and slope.dashed

    in_dialog(window, QDialog, read, lambda: press(window, Key.Key_F1))
    press(window, Key.Key_Escape)
    assert not window.selection.nodes

    def keys(dialog: QDialog) -> None:
        assert dialog.windowTitle() == "Keyboard shortcuts"

    in_dialog(window, QDialog, keys, lambda: press(window, Key.Key_F1))


def test_the_palette_offers_it_in_the_menu_of_an_op(window: MainWindow) -> None:
    rows = window.ops.findChild(QListView)
    model = rows.model()
    index = next(model.index(k, 0) for k in range(model.rowCount()) if model.index(k, 0).data() == "Multiply")
    spot = rows.visualRect(index).center()

    def read(dialog: QDialog) -> None:
        assert dialog.windowTitle() == "Multiply: reference" and dialog.findChild(Plot) is None

    def ask() -> None:
        surface = rows.viewport()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, surface.mapToGlobal(spot))
        QApplication.sendEvent(surface, event)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        entry = next(action for action in menu.actions() if action.text() == "About Multiply…")
        QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(entry).center())

    in_dialog(window, QDialog, read, ask)


def test_every_op_can_be_looked_up(window: MainWindow) -> None:
    for op in OPS.values():
        dialog = reference_dialog(window, op, "gradient")
        found, said = reference(op), texts(dialog)
        assert {*found.conventions, *found.cautions, *found.jacobian, op.title} <= set(said), op.name
        assert (dialog.findChild(Plot) is not None) == (found.sketch is not None)
        dialog.deleteLater()
