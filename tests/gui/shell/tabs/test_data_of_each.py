"""Each document reads what it was allowed itself: not what the one on the next tab may read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from engine import edits
from engine.files import disk
from engine.graph.graph import Graph
from engine.graph.records import Edge
from gui.shell.closing import take_down
from tests.building import graph_of
from tests.gui.document.test_data_files import ROWS, answer, held, question, reading
from tests.gui.tabs_tools import open_tabs
from tests.gui.training_tools import can_press, said
from tests.gui.window_tools import lay_out

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


def trainable(path: Path) -> Graph:
    """A line through the rows of a file, which can be trained."""
    rows = [("d", "dataset", None), ("W", "parameter", [[0.5, 0.1]]), ("b", "parameter", [0.0])]
    layers = [("z", "linear", ["d", "W", "b"]), ("L", "mse", ["z"])]
    settings = {"d": {"name": "csv", "path": str(path), "batch": 3, "held_out": 0.0}}
    graph = graph_of(*rows, *layers, settings=settings)
    return Graph.of(graph.nodes.values(), [*graph.edges.values(), Edge("d", "L", 1, output=1)], target="L")


def test_whoever_comes_back_to_a_training_may_start_it(tabs, tmp_path, qtbot):
    """Its panel looks as soon as it is seen: at what this document may read, not at what the one before may."""
    disk.save(trainable(tmp_path / "rows.csv"), tmp_path / "learns.gradloom")
    assert tabs.open(tmp_path / "learns.gradloom")
    learner = tabs.current
    qtbot.waitUntil(lambda: "rows.csv" in question(learner))
    answer(learner, "Read it")
    qtbot.waitUntil(lambda: held(learner) is not None)
    learner.panels.show_panel("training", True)
    lay_out(learner)
    qtbot.waitUntil(lambda: can_press(learner, "Start"))
    for _ in range(2):
        assert tabs.new()
        other = tabs.current
        other.bridge.edit(lambda graph: edits.add_node(graph, "input", (0, 0)))
        assert tabs.show_page(learner) and tabs.current is learner
        lay_out(learner)
        assert can_press(learner, "Start") and "read" not in said(learner)
        assert question(other) == "" and not other.jobs.running
