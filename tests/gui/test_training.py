"""Training in the editor, with a mouse and keys: the loss falls, it pauses, stops, and one Undo takes it all back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QPushButton

from engine import edits, files
from engine.graph import Graph
from engine.training import TrainingConfig
from gui.canvas.picture import node_picture
from gui.examples import examples
from gui.main_window import MainWindow
from gui.training.run import State
from gui.widgets.segmented import Segmented
from tests.building import graph_of
from tests.gui.graphs import product
from tests.gui.window_tools import CTRL, LEFT, NONE, SHIFT, Key, close, drop_on_canvas, open_window

TICK = 0.05  # seconds


@pytest.fixture
def window(qtbot):
    made = open_window(qtbot)
    made.resize(1440, 900)
    yield made
    close(made)


@pytest.fixture
def iris(window):
    open_example(window, "iris")
    return window


def open_example(window: MainWindow, name: str) -> None:
    window.open_example(name)
    key(window, Key.Key_R, CTRL)
    QApplication.processEvents()


def opened(window: MainWindow, graph: Graph, tmp_path) -> MainWindow:
    path = tmp_path / "graph.gradloom"
    files.save(graph, path)
    window.files.open(path)
    key(window, Key.Key_R, CTRL)
    QApplication.processEvents()
    return window


# --- hands and eyes


def key(window: MainWindow, which: Qt.Key, modifiers=NONE) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, which, modifiers)


def press(window: MainWindow, text: str) -> None:
    button = next(b for b in window.training.findChildren(QPushButton) if b.text() == text and b.isVisible())
    assert button.isEnabled()
    QTest.mouseClick(button, LEFT)


def can_press(window: MainWindow, text: str) -> bool:
    return any(b.text() == text and b.isEnabled() for b in window.training.findChildren(QPushButton))


def field(window: MainWindow, name: str) -> QLineEdit:
    return next(line for line in window.training.findChildren(QLineEdit) if line.accessibleName() == name)


def type_in(window: MainWindow, name: str, text: str) -> None:
    line = field(window, name)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Key.Key_Return)


def begin(window: MainWindow) -> None:
    """Press Start, and from then on let time pass by hand."""
    press(window, "Start")
    hold_clock(window)


def hold_clock(window: MainWindow) -> None:
    for timer in window.training.run.findChildren(QTimer):
        timer.stop()


def pass_time(window: MainWindow, seconds: float) -> None:
    for _ in range(round(seconds / TICK)):
        window.training.run.tick(TICK)


def said(window: MainWindow) -> str:
    return window.training.sentence.text()


def parameters(window: MainWindow) -> dict[str, bytes]:
    nodes = window.bridge.graph.nodes.values()
    return {node.id: node.value.tobytes() for node in nodes if node.op == "parameter"}


def last_loss(window: MainWindow) -> float:
    return float(window.training.loss.reading().split("training ")[1].split(",")[0])


# --- the panel


def test_the_panel_is_away_until_it_is_asked_for_and_its_cross_puts_it_away(window):
    assert not window.training.isVisible()
    key(window, Key.Key_R, CTRL)
    assert window.training.isVisible() and field(window, "Learning rate").hasFocus()  # there is nothing to start
    QApplication.processEvents()
    QTest.mouseClick(window.training.close_button, LEFT)
    assert not window.training.isVisible()


def test_the_tool_bar_has_a_button_for_it(iris):
    window = iris
    QTest.mouseClick(window.training.close_button, LEFT)
    QTest.mouseClick(window.top_bar.findChild(QPushButton, "button-train"), LEFT)
    assert window.training.isVisible()


def test_the_form_shows_how_the_graph_says_it_is_trained(iris):
    assert field(iris, "Learning rate").text() == "0.02"
    assert field(iris, "Rows a step").text() == "16"
    assert iris.training.findChild(Segmented).current == "adam"


# --- a run


def test_iris_is_learnt_in_the_editor_by_pressing_start(iris):
    begin(iris)
    pass_time(iris, 5)
    trainer = iris.training.run.trainer
    assert trainer.done and iris.training.run.state is State.ENDED
    assert trainer.history.evaluations[-1].held_accuracy >= 0.95
    assert "held out" in iris.training.accuracy.reading()
    assert iris.training.bar.value() == 1000
    assert iris.training.place.text().startswith("Step 700 of 700")
    assert can_press(iris, "Start") and not can_press(iris, "Stop")


def test_it_ends_by_its_own_timer_too(window, qtbot):
    open_example(window, "train-line")
    window.training.form.watch.setChecked(False)
    press(window, "Start")
    qtbot.waitUntil(lambda: window.training.run.state is State.ENDED)
    assert not any(timer.isActive() for timer in window.training.run.findChildren(QTimer))


def test_the_loss_falls_and_the_graph_shows_the_step_that_it_says(iris):
    before = parameters(iris)
    begin(iris)
    pass_time(iris, 0.5)
    early, run = last_loss(iris), iris.training.run
    assert 0 < run.shown <= run.trainer.step < 700
    assert said(iris) == f"The numbers in the graph are those after step {run.shown}."
    assert parameters(iris) != before
    assert 0 < iris.training.bar.value() < 1000
    pass_time(iris, 1)
    assert last_loss(iris) < early


def test_the_graph_holds_exactly_what_was_learnt_by_the_step_that_is_said(iris):
    begin(iris)
    pass_time(iris, 1)
    press(iris, "Pause")
    run = iris.training.run
    assert run.shown == run.trainer.step
    for id, value in run.trainer.parameters.items():
        assert np.array_equal(iris.bridge.graph.nodes[id].value, value)


def test_unhurried_it_takes_three_seconds_and_ticks_of_any_length_end_at_the_same_bits(iris):
    begin(iris)
    pass_time(iris, 1.5)
    assert iris.training.run.trainer.step == pytest.approx(350, abs=10)
    pass_time(iris, 2)
    slow = parameters(iris)
    key(iris, Key.Key_Z, CTRL)
    QTest.mouseClick(iris.training.form.watch, LEFT, pos=QPoint(10, 12))
    begin(iris)
    while iris.training.run.state is State.RUNNING:
        iris.training.run.tick(0.001)
    assert parameters(iris) == slow


def test_pause_holds_it_and_continue_goes_on(iris):
    begin(iris)
    pass_time(iris, 0.5)
    press(iris, "Pause")
    step = iris.training.run.trainer.step
    pass_time(iris, 1)
    assert iris.training.run.trainer.step == step and said(iris).startswith("Paused")
    press(iris, "Continue")
    hold_clock(iris)
    pass_time(iris, 0.5)
    assert iris.training.run.trainer.step > step


def test_space_starts_and_pauses_where_the_button_has_the_focus(iris):
    QTest.keyClick(iris.training.start, Key.Key_Space)
    assert iris.training.run.state is State.RUNNING
    QTest.keyClick(iris.training.start, Key.Key_Space)
    assert iris.training.run.state is State.PAUSED
    assert not iris.bridge.player.playing


def test_stop_keeps_what_was_learnt_and_start_goes_on_from_there(iris):
    begin(iris)
    pass_time(iris, 1)
    press(iris, "Stop")
    learnt, step = parameters(iris), iris.training.run.trainer.step
    assert said(iris) == f"Stopped after {step} of 700 steps; what was learnt is kept."
    loss = last_loss(iris)
    begin(iris)
    pass_time(iris, TICK)
    assert iris.training.run.trainer.history.evaluations[0].loss == pytest.approx(loss, rel=0.2)
    assert learnt.keys() == parameters(iris).keys()


def test_one_undo_takes_the_whole_training_back_and_redo_brings_it_again(iris):
    before = parameters(iris)
    begin(iris)
    pass_time(iris, 1)
    press(iris, "Pause")
    press(iris, "Continue")
    hold_clock(iris)
    pass_time(iris, 4)
    after = parameters(iris)
    assert iris.bridge.undo_text == "Train: 700 steps"
    key(iris, Key.Key_Z, CTRL)
    assert parameters(iris) == before and iris.bridge.undo_text is None and not iris.bridge.modified
    key(iris, Key.Key_Z, CTRL | SHIFT)
    assert parameters(iris) == after


def test_after_an_undo_the_curves_say_that_they_are_from_before(iris, qtbot):
    begin(iris)
    pass_time(iris, 4)
    key(iris, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: said(iris).endswith("what you see here is from before."))
    key(iris, Key.Key_Z, CTRL | SHIFT)
    qtbot.waitUntil(lambda: "changed since" not in said(iris))


def test_what_is_chosen_is_kept_in_the_graph_when_it_starts(iris):
    type_in(iris, "Learning rate", "0.05")
    type_in(iris, "Rows a step", "all")
    assert TrainingConfig.of(iris.bridge.graph).lr == 0.02
    begin(iris)
    kept = TrainingConfig.of(iris.bridge.graph)
    assert (kept.lr, kept.batch, kept.weight_decay) == (0.05, 0, 0.05)


def test_while_it_trains_the_form_waits(iris):
    begin(iris)
    assert not field(iris, "Learning rate").isEnabled()
    press(iris, "Stop")
    assert field(iris, "Learning rate").isEnabled()


def test_more_shows_the_rest_and_steps_stand_in_for_epochs(iris):
    assert not field(iris, "Steps").isVisible()
    press(iris, "More")
    assert field(iris, "Steps").isVisible()
    type_in(iris, "Steps", "12")
    assert not field(iris, "Epochs").isEnabled()
    begin(iris)
    pass_time(iris, 4)
    assert iris.training.place.text().startswith("Step 12 of 12")


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("Learning rate", "fast", "Learning rate: “fast” is not a number."),
        ("Learning rate", "0", "The learning rate is a number above 0, not 0."),
        ("Epochs", "1.5", "Epochs: only a whole number can stand here."),
        ("Rows a step", "[1, 2]", "Rows a step: only one number can stand here."),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence_and_nothing_starts(iris, name, typed, sentence):
    type_in(iris, name, typed)
    assert said(iris) == sentence
    press(iris, "Start")
    assert iris.training.run.state is State.IDLE and said(iris) == sentence
    QTest.keyClick(field(iris, name), Key.Key_Escape)
    begin(iris)
    assert iris.training.run.state is State.RUNNING


# --- what ends it


def test_an_edit_stops_it_with_a_sentence_and_the_edit_holds(iris, qtbot):
    begin(iris)
    pass_time(iris, 1)
    step = iris.training.run.shown
    iris.bridge.edit(lambda graph: edits.set_value(graph, "b1", np.zeros(5)))
    assert iris.training.run.state is State.ENDED
    pass_time(iris, 1)
    assert not iris.bridge.graph.nodes["b1"].value.any()
    sentence = "Training has stopped, for the graph was edited; "
    qtbot.waitUntil(lambda: iris.status.sentence.text().startswith(sentence))
    assert f"step {step}" in iris.status.sentence.text()


def test_undo_while_it_trains_stops_it_and_takes_it_back(iris):
    before = parameters(iris)
    begin(iris)
    pass_time(iris, 1)
    key(iris, Key.Key_Z, CTRL)
    pass_time(iris, 1)
    assert iris.training.run.state is State.ENDED and parameters(iris) == before


def test_saving_does_not_stop_it(iris, tmp_path):
    begin(iris)
    pass_time(iris, 0.5)
    iris.files.ask.save_path = tmp_path / "iris.gradloom"
    key(iris, Key.Key_S, CTRL)
    assert files.load(tmp_path / "iris.gradloom").nodes["W1"] == iris.bridge.graph.nodes["W1"]
    assert iris.training.run.state is State.RUNNING


def test_another_document_ends_it_without_a_trace(iris):
    begin(iris)
    pass_time(iris, 0.5)
    iris.files.ask.unsaved = "discard"
    iris.open_example("train-xor")
    QApplication.processEvents()
    assert iris.training.run.state is State.IDLE
    assert iris.bridge.graph.title.startswith("XOR") and iris.bridge.undo_text is None
    assert iris.status.sentence.text() == "" and iris.training.place.text() == ""
    assert field(iris, "Learning rate").text() == "0.1"


def test_closing_the_panel_pauses_it(iris):
    begin(iris)
    pass_time(iris, 0.5)
    QTest.mouseClick(iris.training.close_button, LEFT)
    assert iris.training.run.state is State.PAUSED
    key(iris, Key.Key_R, CTRL)
    assert can_press(iris, "Continue")


def test_closing_the_window_while_it_trains_leaves_no_timer(iris):
    press(iris, "Start")
    iris.files.ask.unsaved = "discard"
    assert iris.close()
    assert not any(timer.isActive() for timer in iris.training.findChildren(QTimer))


def test_staying_after_all_leaves_it_paused(iris):
    press(iris, "Start")
    pass_time(iris, 0.5)
    iris.files.ask.unsaved = "cancel"
    assert not iris.close()
    assert iris.training.run.state is State.PAUSED and can_press(iris, "Continue")


def test_while_a_question_stands_open_nothing_moves_behind_it(iris, qtbot):
    begin(iris)
    pass_time(iris, 0.5)
    step = iris.training.run.trainer.step
    box = QMessageBox(iris)
    box.setModal(True)
    box.show()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is box)
    pass_time(iris, 0.5)
    assert iris.training.run.trainer.step == step
    box.close()
    pass_time(iris, 0.5)
    assert iris.training.run.trainer.step > step


def test_a_loss_that_is_not_finite_stops_it_and_the_last_good_numbers_stay(window):
    open_example(window, "train-line")
    type_in(window, "Learning rate", "1e9")
    begin(window)
    pass_time(window, 4)
    assert window.training.run.state is State.ENDED
    assert "became" in said(window) and "A learning rate smaller than" in said(window)
    assert all(np.isfinite(window.bridge.graph.nodes[id].value).all() for id in ("W1", "b1"))


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
        "there is no such file. Choose other data, or mend the file.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("graph", "sentence"), UNTRAINABLE)
def test_what_cannot_be_trained_says_why_and_what_to_do(window, tmp_path, graph, sentence):
    opened(window, graph, tmp_path)
    assert sentence in said(window) and not can_press(window, "Start")


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
    assert window.state.nodes == {"y"}


def test_rows_of_a_csv_that_cannot_be_read_are_named_by_their_lines(window, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b,kind\n1,2,x\n1,,y\n3,oops,x\n")
    graph = graph_of(
        ("d", "dataset", None), ("w", "parameter", 1), ("p", "mul", ["d", "w"]), ("l", "mean", ["p"]),
        target="l", settings={"d": {"name": "csv", "path": str(bad)}},
    )  # fmt: skip
    opened(window, graph, tmp_path)
    assert "line 3" in said(window) and "line 4" in said(window)
    assert window.bridge.trace.value("d") is None


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


@pytest.mark.parametrize("name", [example.name for example in examples() if example.group == "Training"])
def test_every_training_example_learns_by_pressing_start(window, name):
    open_example(window, name)
    assert {problem.severity for problem in window.bridge.problems} <= {"note"}
    begin(window)
    pass_time(window, 4)
    evaluations = window.training.run.trainer.history.evaluations
    assert evaluations[-1].loss < 0.2 * evaluations[0].loss
    assert (evaluations[-1].accuracy or 1) >= 0.95


def test_typing_the_path_of_a_csv_makes_it_the_data_and_the_card_says_so(window, tmp_path):
    rows = "".join(f"{x},{10 - x},{'big' if x > 5 else 'small'}\n" for x in range(11))
    (tmp_path / "sizes.csv").write_text("length,width,kind\n" + rows)
    drop_on_canvas(window, "dataset", 0, 0)
    window.state.select(["dataset"])
    QApplication.processEvents()
    line = next(line for line in window.findChildren(QLineEdit) if line.accessibleName() == "CSV file")
    line.setFocus()
    QTest.keyClicks(line, str(tmp_path / "sizes.csv"))
    QTest.keyClick(line, Key.Key_Return)
    picture = node_picture(window.bridge.graph, window.bridge.frame, "dataset")
    assert window.bridge.graph.nodes["dataset"].setting("name") == "csv" and not window.bridge.problems
    assert (picture.word, picture.value, picture.gradient) == ("sizes.csv", "8×2", "8×1")
    window.canvas.setFocus()
    key(window, Key.Key_Z, CTRL)
    assert window.bridge.graph.nodes["dataset"].setting("name") == "iris"


def test_a_dataset_from_the_palette_has_two_outputs_to_wire(window):
    drop_on_canvas(window, "dataset", 0, 0)
    drop_on_canvas(window, "mean", 300, 0)
    drop_on_canvas(window, "mean", 300, 160)
    for output, dest in (("out0", "mean"), ("out1", "mean2")):
        start, end = window.canvas.port_position("dataset", output), window.canvas.port_position(dest, 0)
        viewport = window.canvas.viewport()
        QTest.mousePress(viewport, LEFT, NONE, start)
        QTest.mouseMove(viewport, (start + end) / 2)
        QTest.mouseMove(viewport, end)
        QTest.mouseRelease(viewport, LEFT, NONE, end)
    edges = {edge.dest: edge.output for edge in window.bridge.graph.edges.values()}
    assert edges == {"mean": 0, "mean2": 1}
