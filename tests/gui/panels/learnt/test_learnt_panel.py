"""What a model has learnt, by mouse and keys: a point plays its own pass, mistakes count, training is followed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea, QSplitter

from engine.data.tables import load_dataset
from engine.values.values import number_text
from gui.look.measure import width
from gui.look.text_size import scaled
from gui.look.theme import CAPTION, font
from gui.main_window import MainWindow
from gui.panels.learnt import LearntPanel
from gui.panels.learnt.confusion import Confusion
from gui.panels.learnt.scatter import FOOT, HEAD, SIDE
from gui.panels.learnt.scatter import LEFT as AXIS
from gui.widgets import slices
from tests.gui.training_tools import begin, open_example, pass_time
from tests.gui.window_tools import CTRL, LEFT, NONE, SHIFT, Key, close, lay_out, open_window


@pytest.fixture
def window(qtbot):
    made = open_window(qtbot)
    made.resize(1440, 900)
    yield made
    close(made)


@pytest.fixture(params=[0.0, 60.0], ids=["slow machine", "fast machine"])
def shown(request, window, qtbot, monkeypatch):
    """Opens an example and the panel, by its key; where all is done at once, and where each piece takes a turn."""
    monkeypatch.setattr(slices, "SLICE", request.param)

    def show(name: str) -> LearntPanel:
        window.open_example(name)
        QTest.keyClick(window.canvas, Key.Key_2, CTRL)
        QTest.keyClick(window.canvas, Key.Key_M, CTRL | SHIFT)
        panel = window.findChild(LearntPanel)
        assert panel is not None and panel.isVisible()
        qtbot.waitUntil(lambda: "right" in texts(panel) + panel.scatter.said or "off by" in panel.scatter.said.lower())
        lay_out(window)
        return panel

    return show


def texts(panel: LearntPanel) -> str:
    return "\n".join(line.text() for line in panel.findChildren(QLabel) if line.isVisible())


def move(part, spot: QPoint) -> None:
    """From somewhere else: where the mouse is already, nothing is told."""
    QTest.mouseMove(part, QPoint(1, 1))
    QTest.mouseMove(part, spot)


def click(part, spot: QPoint) -> None:
    move(part, spot)
    QTest.mouseClick(part, LEFT, NONE, spot)


def features(window: MainWindow) -> np.ndarray:
    return np.asarray(window.bridge.now.trace.value("data"))


def test_a_click_on_a_point_plays_its_own_pass_and_undo_takes_it_back(window, shown, qtbot):
    panel = shown("train-moons")
    data = load_dataset(window.bridge.now.graph.nodes["data"].chosen)
    row = int(data.training[17])
    before = features(window)
    click(panel.scatter, panel.scatter.spot(row).toPoint())
    np.testing.assert_array_equal(features(window), data.features[[panel.scatter.row]])
    assert np.hypot(*(panel.scatter.spot(panel.scatter.row) - panel.scatter.spot(row)).toTuple()) < 10
    assert window.bridge.player.playing
    qtbot.waitUntil(lambda: "the batch's" in texts(panel))
    assert "The mean of the gradients of all 150 training rows is the batch's" in texts(panel)
    QTest.keyClick(window.canvas, Key.Key_Z, CTRL)
    np.testing.assert_array_equal(features(window), before)


def test_the_keys_choose_a_row_too_and_the_button_goes_back(window, shown):
    panel = shown("train-xor")
    panel.scatter.setFocus()
    QTest.keyClick(panel.scatter, Key.Key_Down)
    QTest.keyClick(panel.scatter, Key.Key_Down)
    QTest.keyClick(panel.scatter, Key.Key_Return)
    assert window.bridge.now.graph.nodes["data"].setting("row") == 2
    lay_out(window)
    QTest.mouseClick(panel.first_rows, LEFT)
    assert window.bridge.now.graph.nodes["data"].setting("row") == 0


def test_a_cell_of_the_matrix_and_a_mistake_play_the_worst_of_their_kind(window, shown, qtbot):
    panel = shown("iris")
    table, confusion = panel.mistakes.confusion.table, panel.mistakes.confusion
    assert table.sum() == 99 and "Decision" not in texts(panel)
    right, chosen = (int(i) for i in np.argwhere(table > 0)[0])
    click(confusion, confusion.cell(right, chosen).center().toPoint())
    row = window.bridge.now.graph.nodes["data"].setting("row") - 1
    assert row >= 0 and load_dataset(window.bridge.now.graph.nodes["data"].chosen).table.labels[row] == right
    qtbot.waitUntil(lambda: f"Row {row + 1}" in texts(panel))
    lay_out(window)
    said = panel.mistakes.buttons[0].text()
    QTest.mouseClick(panel.mistakes.buttons[0], LEFT)
    assert said.startswith(f"Row {window.bridge.now.graph.nodes['data'].setting('row')}:")


@pytest.mark.parametrize("example", ["iris", "digits"])
def test_nothing_is_wider_than_a_narrow_panel(window, shown, qtbot, example):
    """Words, matrix and mistakes are seen whole, without scrolling sideways."""
    window.resize(1280, 720)
    panel = shown(example)
    qtbot.waitUntil(lambda: panel.mistakes.buttons[0].text().startswith("Row"))
    lay_out(window)
    area = panel.findChild(QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
    confusion = panel.mistakes.confusion
    cell = confusion.cell(0, len(confusion.table) - 1)
    assert confusion.width() <= area.viewport().width() and cell.right() <= confusion.width()
    letters = font(confusion.size_of(134, cell.width() - 2), bold=True)
    assert cell.width() - 2 >= QFontMetrics(letters).horizontalAdvance("134")
    said = panel.mistakes.buttons[0]
    wide = max(said.fontMetrics().horizontalAdvance(line) for line in said.text().splitlines())
    assert wide <= said.width(), said.text()


@pytest.mark.parametrize("example", ["train-line", "train-moons"])
def test_the_heading_of_the_picture_has_room(window, shown, example):
    window.resize(1280, 720)
    scatter = shown(example).scatter
    assert "held out" in scatter.said
    assert width(scatter.said, scaled(CAPTION), bold=True) <= scatter.width() - 2 * SIDE, scatter.said


def test_one_feature_is_counted_as_one(window, qtbot):
    window.open_example("bigram")
    QTest.keyClick(window.canvas, Key.Key_M, CTRL | SHIFT)
    panel = window.findChild(LearntPanel)
    qtbot.waitUntil(lambda: "There is no plane to draw for 1 feature:" in texts(panel))


def test_the_way_back_to_the_first_rows_is_seen_beside_the_training_too(window, shown):
    window.resize(1280, 720)
    panel = shown("train-moons")
    window.panels.show_panel("training")
    lay_out(window)
    click(panel.scatter, panel.scatter.spot(3).toPoint())
    lay_out(window)
    assert panel.first_rows.visibleRegion().boundingRect() == panel.first_rows.rect()
    QTest.mouseClick(panel.first_rows, LEFT)
    assert window.bridge.now.graph.nodes["data"].setting("row") == 0


def test_the_fit_of_a_line_follows_its_parameters(window, shown, qtbot):
    panel = shown("train-line")
    xs, ys = panel.scatter.scene.curve
    ids = [id for id, node in window.bridge.now.graph.nodes.items() if node.op_name == "parameter"]
    w, b = (float(np.ravel(window.bridge.now.graph.nodes[id].value)[0]) for id in ids)
    np.testing.assert_allclose(ys, w * xs + b, rtol=1e-12)


def test_it_is_followed_while_it_is_trained_and_a_point_does_not_end_it(window, qtbot):
    open_example(window, "train-xor")
    QTest.keyClick(window.canvas, Key.Key_M, CTRL | SHIFT)
    panel = window.findChild(LearntPanel)
    window.training.form.watch.setChecked(True)
    lay_out(window)
    first = panel.scatter.said
    begin(window)
    pass_time(window, 1.0)
    QTest.keyClick(panel.scatter, Key.Key_Down)
    QTest.keyClick(panel.scatter, Key.Key_Return)
    assert window.bridge.now.graph.nodes["data"].setting("row") == 1
    pass_time(window, 3.0)
    assert "Trained" in window.training.sentence.text()
    qtbot.waitUntil(lambda: "100 % right" in panel.scatter.said)
    assert first != panel.scatter.said


def test_each_unit_has_its_map_and_shows_its_node_and_weights(window, shown, qtbot):
    panel = shown("train-xor")
    graph = window.bridge.now.graph
    assert [layer.id for layer in panel.units.layers] == ["h1", "score"]
    move(panel.units, panel.units.tile(1, 1).center().toPoint())
    weights = np.asarray(graph.nodes["W1"].value)[1]
    said = f"h1, unit 2: weights {number_text(weights[0], 3)}, {number_text(weights[1], 3)}"
    qtbot.waitUntil(lambda: panel.units.reading() == said)
    QTest.mouseClick(panel.units, LEFT, NONE, panel.units.tile(1, 1).center().toPoint())
    assert window.selection.nodes == {"h1"}


@pytest.mark.parametrize("map_first", [True, False])
@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)], ids=str)
def test_all_of_the_map_is_seen_beside_a_training(window, size: tuple[int, int], map_first: bool) -> None:
    """It is the picture of learning: the inspector kept half of the height, and the lower half of the map was cut."""
    window.resize(*size)
    window.open_example("train-moons")
    lay_out(window)
    keys = [(Key.Key_M, CTRL | SHIFT), (Key.Key_R, CTRL)]
    for which, modifiers in keys if map_first else keys[::-1]:
        QTest.keyClick(window.canvas, which, modifiers)
        lay_out(window)
    panel = window.findChild(LearntPanel)
    picture = panel.scatter.visibleRegion().boundingRect()
    assert picture == panel.scatter.rect(), "no part of it is scrolled away"
    ground = panel.scatter.height() - HEAD - FOOT, panel.scatter.width() - AXIS - SIDE
    assert ground[0] >= (180 if size[0] == 1440 else 120)
    assert ground[0] <= ground[1], "it is no higher than wide"
    was_open = window.panels.is_open("inspector")
    assert was_open == (size[0] == 1440), "where there is little height the inspector gives way"
    QTest.keyClick(window.canvas, Key.Key_M, CTRL | SHIFT)
    assert window.panels.is_open("inspector"), "it comes back"


def test_an_inspector_that_is_asked_for_stands_beside_the_map(window) -> None:
    window.resize(1280, 720)
    window.open_example("train-moons")
    lay_out(window)
    for which, modifiers in ((Key.Key_M, CTRL | SHIFT), (Key.Key_R, CTRL), (Key.Key_2, CTRL)):
        QTest.keyClick(window.canvas, which, modifiers)
        lay_out(window)
    assert window.panels.is_open("inspector") and window.findChild(LearntPanel).isVisible()


def test_a_wider_panel_has_a_larger_map(shown, window) -> None:
    panel = shown("train-moons")
    before, column = panel.scatter.height(), panel.parentWidget()
    splitter = column.parentWidget()
    assert isinstance(splitter, QSplitter)
    sizes, at = splitter.sizes(), splitter.indexOf(column)
    sizes[at], sizes[at - 1] = sizes[at] + 120, sizes[at - 1] - 120
    splitter.setSizes(sizes)
    lay_out(window)
    assert panel.scatter.height() > before


def test_of_many_classes_the_worst_mistakes_are_said_to_be_shown_and_no_matrix(shown) -> None:
    panel = shown("bigram")
    assert "here are the worst mistakes" in texts(panel) and not panel.mistakes.confusion.isVisible()


def test_of_few_classes_the_matrix_is_announced_and_shown(shown) -> None:
    panel = shown("iris")
    assert "here is how each class was taken" in texts(panel) and panel.mistakes.confusion.isVisible()


@pytest.mark.parametrize("name", ["train-moons", "train-circles", "train-xor"])
def test_the_map_of_a_unit_is_no_stripe_however_many_there_are(shown, name: str) -> None:
    """Of sixteen units each had eleven pixels of height and thirty of width."""
    units = shown(name).units
    for layer, each in enumerate(units.layers, 1):
        boxes = [units.tile(layer, unit) for unit in range(len(each.weights))]
        assert all(box.height() >= max(17, 0.4 * box.width()) for box in boxes)
        assert all(above.bottom() < below.top() for above, below in pairwise(boxes))
        assert boxes[-1].bottom() <= units.height()


def test_the_names_of_classes_are_whole_beside_and_over_the_matrix(qapp):
    """“versicol…”: the ends of two names are seen, in the room that a panel beside the canvas has."""

    def drawn(name: str):
        matrix = Confusion()
        matrix.resize(252, 100)
        matrix.show_table(np.diag([33, 32, 32]), ("setosa", name, "virginica"))
        return matrix.grab().toImage()

    whole, other = drawn("versicolor"), drawn("versicoloc")
    count = 22  # pixels of a row: the first is that of the names over the columns
    assert whole.copy(0, 0, 252, count) != other.copy(0, 0, 252, count)
    assert whole.copy(0, 2 * count, 84, count) != other.copy(0, 2 * count, 84, count)


def test_under_the_mouse_a_cell_says_what_was_taken_for_what(window, shown):
    panel = shown("iris")
    confusion = panel.mistakes.confusion
    right, chosen = (int(i) for i in np.argwhere(confusion.table > 0)[0])
    move(confusion, confusion.cell(right, chosen).center().toPoint())
    names, count = confusion.classes, confusion.table[right, chosen]
    said = f"{names[right]}, taken for {names[chosen]}: {count}\nClick: the worst of these plays"
    assert confusion.toolTip() == said


def test_a_class_that_is_a_mark_is_quoted_in_a_sentence(shown) -> None:
    """“taken for . (34.5 %)” read like the end of it."""
    panel = shown("bigram")
    said = [button.text() for button in panel.mistakes.buttons if button.isVisible()]
    assert any("taken for “.”" in each or ": “.”," in each for each in said) and not any("for . " in s for s in said)


def test_several_answers_for_each_row_are_no_map_and_it_says_where_they_are_seen(window, qtbot) -> None:
    window.open_example("attention-echo")
    QTest.keyClick(window.canvas, Key.Key_M, CTRL | SHIFT)
    panel = window.findChild(LearntPanel)
    qtbot.waitUntil(lambda: "gives 4 answers for each row, and a map shows one. Select a node" in texts(panel))


@pytest.mark.parametrize(("one", "other"), [("train-moons", "train-spirals"), ("iris", "digits")])
def test_nothing_of_the_document_before_stands_there_until_this_one_is_looked_at(
    window, shown, qtbot, monkeypatch, one: str, other: str
) -> None:
    panel = shown(one)
    monkeypatch.setattr(slices, "SLICE", 0.0)
    before = panel.mistakes.confusion.table
    window.open_example(other)
    assert panel.scatter.said == "" and not panel.mistakes.isVisible()
    assert one != "iris" or "98" not in texts(panel)
    qtbot.waitUntil(lambda: panel.mistakes.isVisible())
    assert not np.array_equal(panel.mistakes.confusion.table, before)
    assert other == "digits" or "right" in panel.scatter.said
