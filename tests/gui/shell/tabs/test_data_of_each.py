"""Each document reads what it was allowed itself: not what the one on the next tab may read."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from engine import edits
from engine.files import disk
from gui.shell.closing import take_down
from tests.gui.document.test_data_files import ROWS, answer, held, question, reading
from tests.gui.tabs_tools import open_tabs

RAW = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
NUMBERS = (RAW - RAW.mean(axis=0)) / RAW.std(axis=0)  # standardised, as a dataset is at first


@pytest.fixture
def tabs(qapp, tmp_path):
    (tmp_path / "rows.csv").write_text(ROWS)
    for name in ("asked", "other"):
        disk.save(reading(tmp_path / "rows.csv", batch=3), tmp_path / f"{name}.gradloom")
    made = open_tabs()
    yield made
    made.closing.end()
    take_down(made)


def test_what_one_may_read_the_other_may_not(tabs, tmp_path, qtbot):
    assert tabs.open(tmp_path / "asked.gradloom")
    first = tabs.current
    qtbot.waitUntil(lambda: "rows.csv" in question(first))
    answer(first, "Read it")
    qtbot.waitUntil(lambda: held(first) is not None)
    assert np.allclose(np.sort(held(first), axis=0), NUMBERS)
    assert tabs.open(tmp_path / "other.gradloom")
    second = tabs.current
    qtbot.waitUntil(lambda: "rows.csv" in question(second))
    assert held(second) is None and held(first) is not None
    tabs.show_page(first)
    QApplication.processEvents()
    first.bridge.edit(lambda graph: edits.add_node(graph, "input", (0, 300)))
    qtbot.waitUntil(lambda: held(first) is not None)
    assert question(first) == "" and held(second) is None
    tabs.show_page(second)
    second.bridge.edit(lambda graph: edits.add_node(graph, "input", (0, 300)))
    qtbot.wait(50)
    assert held(second) is None, "it has not been allowed"


def test_what_a_document_behind_reads_comes_to_it_alone(tabs, tmp_path, qtbot):
    """The file is changed while another document is in front: both are asked for by the program, each of its own."""
    assert tabs.open(tmp_path / "asked.gradloom")
    behind = tabs.current
    qtbot.waitUntil(lambda: "rows.csv" in question(behind))
    tabs.new()
    front = tabs.current
    behind.data_files.allow(str(tmp_path / "rows.csv"))
    qtbot.waitUntil(lambda: held(behind) is not None)
    front.bridge.edit(lambda graph: edits.paste(graph, reading(tmp_path / "rows.csv", batch=3), (0.0, 0.0)))
    qtbot.waitUntil(lambda: "rows.csv" in question(front))
    assert held(front) is None and held(behind) is not None
