"""What the tests of several documents share: a window with tabs, and a person who answers on each page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.graph.graph import Graph
from gui.document import settings
from gui.main_window import MainWindow
from gui.shell.page import DocumentPage
from gui.shell.tabs.tabbed_window import TabbedWindow
from tests.gui.document.answers import Answers
from tests.gui.window_tools import LEFT, NONE


def open_tabs(*files: Path, found: str = "later") -> TabbedWindow:
    """The window as the program opens it. `found`: what is answered where there is lost work;
    real: the dialogs ask."""

    def make_page() -> DocumentPage:
        page = MainWindow(in_tabs=True)
        if found != "real":
            page.files.ask = Answers()
            page.files.ask.found = found
        return page

    settings.put("reduced_motion", True)
    tabs = TabbedWindow(make_page)
    tabs.appear()
    tabs.showNormal()
    tabs.resize(1280, 800)
    tabs.begin([*files])
    QApplication.processEvents()
    return tabs


def names(tabs: TabbedWindow) -> list[str]:
    return [document.name for document in tabs.documents]


def read(tabs: TabbedWindow) -> list[str]:
    """What stands on the tabs, with a star where there is a dot."""
    strip = tabs.band.strip
    return [strip.tabText(at) + "*" * strip.accessibleTabName(at).endswith(", unsaved") for at in range(strip.count())]


def graph(tabs: TabbedWindow) -> Graph:
    return tabs.current.bridge.now.graph


def tab_spot(tabs: TabbedWindow, at: int) -> QPoint:
    return tabs.band.strip.tabRect(at).center() - QPoint(20, 0)


def click_tab(tabs: TabbedWindow, at: int, button: Qt.MouseButton = LEFT) -> None:
    QTest.mouseClick(tabs.band.strip, button, NONE, tab_spot(tabs, at))
    QApplication.processEvents()
