"""A hand that clicks through the menus."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from gui.main_window import MainWindow
from tests.gui.window_tools import LEFT, NONE


@pytest.fixture
def choose(qtbot) -> Callable[..., None]:
    """Click through the menus as a hand does: `choose(window, "File", "Export", "Graphviz…")`."""

    def click(window: MainWindow, *texts: str) -> None:
        bar = window.menuBar()
        (top,) = [action for action in bar.actions() if action.text().replace("&", "") == texts[0]]
        QTest.mouseClick(bar, LEFT, NONE, bar.actionGeometry(top).center())
        menu = top.menu()
        for text in texts[1:]:
            assert isinstance(menu, QMenu)
            qtbot.waitUntil(menu.isVisible)
            (entry,) = [action for action in menu.actions() if action.text() == text]
            QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(entry).center())
            menu = entry.menu()

    return click
