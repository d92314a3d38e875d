"""The whole window, empty and with (x + y) · z in it."""

from __future__ import annotations

import pytest

from engine.files import disk
from gui.document import jobs
from tests.gui.graphs import product
from tests.gui.window_tools import close, open_window


@pytest.fixture(autouse=True)
def short_work_is_done_at_once(monkeypatch):
    """However busy the machine: tests of what takes long say how much of it is done at once."""
    monkeypatch.setattr(jobs, "AT_ONCE", 20.0)


@pytest.fixture
def window(qtbot):
    made = open_window(qtbot)
    yield made
    close(made)


@pytest.fixture
def product_window(window, tmp_path):
    path = tmp_path / "product.gradloom"
    disk.save(product(), path)
    assert window.files.open(path)
    window.canvas.camera.fit_all(animated=False)
    return window
