"""A window with tabs, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from gui.shell.closing import take_down
from gui.shell.tabs.tabbed_window import TabbedWindow
from tests.gui.tabs_tools import open_tabs


@pytest.fixture
def tabs(qapp: QApplication) -> Iterator[TabbedWindow]:
    made = open_tabs()
    yield made
    made.closing.end()
    take_down(made)
