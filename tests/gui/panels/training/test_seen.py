"""What is seen of a training: why it cannot be, its curves, the shipped examples, and data on the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from engine import edits
from engine.files.examples import examples
from engine.graph.graph import Graph
from gui.canvas.model.texts import node_picture
from tests.building import graph_of
from tests.gui.canvas_tools import port_spot
from tests.gui.graphs import product
from tests.gui.training_tools import begin, can_press, key, open_example, opened, pass_time, press, said
from tests.gui.window_tools import CTRL, LEFT, NONE, Key, close, drop_on_canvas, open_window

# --- what cannot be trained

UNTRAINABLE = [
    (Graph(), "nothing to train yet"),
    (graph_of(("x", "parameter", 1), ("y", "square", ["x"])), "Select it, and choose Graph ▸ Make target."),
    (graph_of(("x", "input", 1), ("y", "square", ["x"]), target="y"), "make it a parameter in the inspector."),
    (graph_of(("x", "parameter", [1, 2]), ("y", "square", ["x"]), target="y"), "make that the target."),
    (graph_of(("x", "parameter", 1), ("y", "mul", ["x"]), target="y"), "Drag from an output to the open port."),
    (
        graph_of(
            ("d", "dataset", None), ("w", "parameter", 1), ("p", "mul", ["d", "w"]), ("l", "mean", ["p"]),
            target="l", settings={"d": {"name": "csv", "path": "nowhere.csv"}},
        ),
        "only when you allow it. To allow it, select the node and press “Read it” in the inspector.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("graph", "sentence"), UNTRAINABLE)
def test_what_cannot_be_trained_says_why_and_what_to_do(window, tmp_path, qtbot, graph, sentence):
    opened(window, graph, tmp_path)
    qtbot.waitUntil(lambda: sentence in said(window))
    assert not can_press(window, "Start")


def test_it_can_be_trained_as_soon_as_that_is_mended(window, tmp_path, qtbot):
    opened(window, product(), tmp_path)
    assert can_press(window, "Start")
    window.bridge.edit(lambda graph: edits.change_op(graph, "z", "input"))
    qtbot.waitUntil(lambda: not can_press(window, "Start"))
    window.bridge.undo()
    qtbot.waitUntil(lambda: can_press(window, "Start"))


def test_show_where_selects_what_is_wrong(window, tmp_path):
    opened(window, UNTRAINABLE[3][0], tmp_path)
    press(window, "Show where")
    assert window.selection.nodes == {"y"}


def test_rows_of_a_csv_that_cannot_be_read_are_named_by_their_lines(window, tmp_path, qtbot):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b,kind\n1,2,x\n1,,y\n3,oops,x\n")
    graph = graph_of(
        ("d", "dataset", None), ("w", "parameter", 1), ("p", "mul", ["d", "w"]), ("l", "mean", ["p"]),
        target="l", settings={"d": {"name": "csv", "path": str(bad)}},
    )  # fmt: skip
    opened(window, graph, tmp_path)
    window.data_files.allow(str(bad))
    qtbot.waitUntil(lambda: "line 3" in said(window) and "line 4" in said(window))
    assert window.bridge.now.trace.value("d") is None


# --- curves


def test_hovering_a_curve_reads_it_out_and_leaving_shows_the_last_numbers(iris):
    begin(iris)
    pass_time(iris, 4)
    plot = iris.training.loss
    last = plot.reading()
    QTest.mouseMove(plot, QPoint(plot.width() // 3, plot.height() // 2))
    assert plot.reading().startswith("Loss at epoch ") and plot.reading() != last
    QTest.mouseMove(iris.training.bar)
    QApplication.sendEvent(plot, leave())
    assert plot.reading() == last


def leave():
    from PySide6.QtCore import QEvent

    return QEvent(QEvent.Type.Leave)


def test_the_log_axis_is_another_picture_and_is_remembered(iris, qtbot):
    begin(iris)
    pass_time(iris, 4)
    plain = iris.training.loss.grab().toImage()
    QTest.mouseClick(iris.training.log, LEFT, pos=QPoint(10, 12))
    assert iris.training.loss.grab().toImage() != plain
    other = open_window(qtbot)
    assert other.training.log.isChecked()
    close(other)


def test_a_loss_without_classes_has_no_accuracy(window):
    open_example(window, "train-line")
    begin(window)
    pass_time(window, 4)
    assert not window.training.accuracy.isVisible() and "held out" in window.training.loss.reading()


# --- the shipped examples, and data on the canvas


# Loss that may be left at the end, and least accuracy: which letter comes next is half a matter of chance.
BY_CHANCE = {"bigram": (0.6, 0.25)}


@pytest.mark.parametrize("name", [example.name for example in examples() if example.group == "Training"])
def test_every_training_example_learns_by_pressing_start(window, name):
    open_example(window, name)
    assert {problem.severity for problem in window.bridge.now.problems} <= {"note"}
    begin(window)
    trainer = window.training.run.trainer
    while not trainer.done:
        pass_time(window, 1)
    left, accuracy = BY_CHANCE.get(name, (0.2, 0.95))
    evaluations = trainer.history.evaluations
    assert evaluations[-1].loss < left * evaluations[0].loss
    assert (evaluations[-1].accuracy or 1) >= accuracy


def test_typing_the_path_of_a_csv_makes_it_the_data_and_the_card_says_so(window, tmp_path, qtbot):
    rows = "".join(f"{x},{10 - x},{'big' if x > 5 else 'small'}\n" for x in range(11))
    (tmp_path / "sizes.csv").write_text("length,width,kind\n" + rows)
    drop_on_canvas(window, "dataset", 0, 0)
    window.selection.select(["dataset"])
    QApplication.processEvents()
    line = next(line for line in window.findChildren(QLineEdit) if line.accessibleName() == "CSV file")
    line.setFocus()
    QTest.keyClicks(line, str(tmp_path / "sizes.csv"))
    QTest.keyClick(line, Key.Key_Return)
    qtbot.waitUntil(lambda: window.bridge.now.trace.value("dataset") is not None)
    picture = node_picture(window.bridge.now.graph, window.bridge.now.frame, "dataset")
    assert window.bridge.now.graph.nodes["dataset"].setting("name") == "csv" and not window.bridge.now.problems
    assert (picture.word, picture.value, picture.gradient) == ("sizes.csv", "8×2", "8×1")
    window.canvas.setFocus()
    key(window, Key.Key_Z, CTRL)
    assert window.bridge.now.graph.nodes["dataset"].setting("name") == "iris"


def test_a_dataset_from_the_palette_has_two_outputs_to_wire(window):
    drop_on_canvas(window, "dataset", 0, 0)
    drop_on_canvas(window, "mean", 300, 0)
    drop_on_canvas(window, "mean", 300, 160)
    for output, dest in (("out0", "mean"), ("out1", "mean2")):
        start, end = port_spot(window.canvas, "dataset", output), port_spot(window.canvas, dest, 0)
        viewport = window.canvas.viewport()
        QTest.mousePress(viewport, LEFT, NONE, start)
        QTest.mouseMove(viewport, (start + end) / 2)
        QTest.mouseMove(viewport, end)
        QTest.mouseRelease(viewport, LEFT, NONE, end)
    edges = {edge.dest: edge.output for edge in window.bridge.now.graph.edges.values()}
    assert edges == {"mean": 0, "mean2": 1}
