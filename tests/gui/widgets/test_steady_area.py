"""A bar that would come and go without end stays: Qt ends in a full stack there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.steady_area import SteadyArea

WIDE, HIGH = 300, 200


class Folding(QWidget):
    """Lower where it is narrower, as parts are that break into other lines."""

    def __init__(self, turn: int) -> None:
        super().__init__()
        self._turn = turn

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 2 * HIGH if self.width() >= self._turn else HIGH // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()


@pytest.fixture
def area(qtbot: QtBot) -> SteadyArea:
    area = SteadyArea()
    qtbot.addWidget(area)
    area.setFrameShape(SteadyArea.Shape.NoFrame)
    area.resize(WIDE, HIGH)
    return area


def test_a_bar_that_makes_itself_needless_stays(area: SteadyArea, qtbot: QtBot) -> None:
    area.setWidget(Folding(WIDE - 2))
    area.show()
    qtbot.waitUntil(lambda: area.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    assert area.verticalScrollBar().isVisible()
    area.resize(WIDE - 20, HIGH)
    QApplication.processEvents()
    assert not area.verticalScrollBar().isVisible()


def test_another_bar_comes_and_goes_as_it_is_needed(area: SteadyArea) -> None:
    inside = Folding(1)
    area.setWidget(inside)
    area.show()
    QApplication.processEvents()
    assert area.verticalScrollBar().isVisible()
    area.resize(WIDE, 3 * HIGH)
    QApplication.processEvents()
    assert not area.verticalScrollBar().isVisible()
    assert area.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded
