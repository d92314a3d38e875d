"""The list of a choice shows all of its rows, in the colours of the program."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from gui.look.style import dress
from gui.widgets.fields import NoWheelComboBox


@pytest.mark.parametrize("count", [2, 8, 12])
def test_no_row_is_cut(qtbot, count: int) -> None:
    window = QWidget()
    dress(window)
    qtbot.addWidget(window)
    window.resize(300, 400)
    choice = NoWheelComboBox(window)
    choice.addItems([f"row {number}" for number in range(count)])
    with qtbot.waitExposed(window):
        window.show()
    qtbot.keyClick(choice, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    view = choice.view()
    qtbot.waitUntil(view.isVisible)
    QApplication.processEvents()
    rows = [view.visualRect(view.model().index(row, 0)) for row in range(count)]
    assert (rows[0].top(), rows[-1].bottom() < view.viewport().height()) == (0, True)
    assert view.verticalScrollBar().maximum() == 0
    assert choice.screen().availableGeometry().contains(view.window().geometry())
