"""The window that the tests of training share, and Iris open in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gui.main_window import MainWindow
from tests.gui.training_tools import open_example
from tests.gui.window_tools import close, open_window


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    made = open_window(qtbot)
    made.resize(1440, 900)
    yield made
    close(made)


@pytest.fixture
def iris(window: MainWindow) -> MainWindow:
    open_example(window, "iris")
    return window
