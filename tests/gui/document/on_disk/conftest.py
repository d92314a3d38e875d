"""A document in a folder of its own, and windows on it."""

from __future__ import annotations

import pytest

from engine.files import disk
from tests.gui.document.on_disk.disk_tools import Seen
from tests.gui.graphs import product


@pytest.fixture
def windows(qtbot):
    made: list[Seen] = []

    def make() -> Seen:
        made.append(Seen())
        return made[-1]

    yield make
    for window in made:
        window.close()


@pytest.fixture
def document(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    disk.save(product(), folder / "product.gradloom")
    return folder / "product.gradloom"


@pytest.fixture
def window(windows, document):
    made = windows()
    assert made.files.open(document)
    return made
