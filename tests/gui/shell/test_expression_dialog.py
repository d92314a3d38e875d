"""New from expression: a program is typed, understood while it is typed, and becomes a graph."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPoint, QTimer, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from engine.export import EXPORTS
from engine.graph.graph import Graph
from engine.text.read import parse
from gui.main_window import MainWindow
from gui.shell.dialogs.expression import ExpressionDialog
from tests.gui.graphs import product
from tests.gui.window_tools import CTRL, LEFT, SHIFT, Key, copy, give, one_undo_step, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a screen that is none, of menus
TEXTS = [target for target in EXPORTS.values() if not target.binary]


def in_dialog(window: MainWindow, do: Callable[[ExpressionDialog], None]) -> None:
    """Open the dialog by its key, and do something in it that ends it."""

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ExpressionDialog)
        try:
            do(dialog)
        finally:
            if dialog.isVisible():
                dialog.reject()

    QTimer.singleShot(0, window, act)
    press(window, Key.Key_E, CTRL)


def test_what_is_typed_is_kept_in_case_of_a_crash_until_the_dialog_is_gone(window):
    def type_it(dialog: ExpressionDialog) -> None:
        QTest.keyClicks(dialog.text, "f = x * (")
        (pending,) = window.bridge.pending.texts
        assert (pending.text, pending.edit) == ("f = x * (", None)

    in_dialog(window, type_it)
    assert not window.bridge.pending.texts and not window.bridge.now.graph.nodes


def test_before_there_is_an_end_the_offer_has_words_and_cannot_be_taken(window):
    def type_and_clear(dialog: ExpressionDialog) -> None:
        offers = [(dialog.aim.text(), dialog.aim.isEnabled())]
        for text in ("k = x * 2", "k = x * (", "k = x * 2", ""):
            dialog.text.selectAll()
            QTest.keyClick(dialog.text, Key.Key_Delete)
            QTest.keyClicks(dialog.text, text)
            offers.append((dialog.aim.text(), dialog.aim.isEnabled()))
        nothing = ("Make its end the target", False)
        offered = ("Make k the target (in place of f)", True)
        assert offers == [nothing, offered, nothing, offered, nothing]

    window.bridge.load(product())
    in_dialog(window, type_and_clear)


def test_several_lines_by_shift_enter_and_enter_creates(window):
    def type_it(dialog: ExpressionDialog) -> None:
        QTest.keyClicks(dialog.text, "q = x + y")
        QTest.keyClick(dialog.text, Key.Key_Return, SHIFT)
        QTest.keyClicks(dialog.text, "f = q * 3")
        assert dialog.message.text() == "5 nodes, inputs x, y; the target f is 6."
        QTest.keyClick(dialog.text, Key.Key_Return)
        assert not dialog.isVisible()

    in_dialog(window, type_it)
    assert float(window.bridge.now.trace.value("f")) == 6 and "x and y" in window.status.sentence.text()
    one_undo_step(window, Graph())


LAYER = "x = torch.tensor([1., 2.]); y = nn.Linear(2, 1)(x)"


def test_what_a_program_leaves_open_is_said_with_what_comes_of_it(window):
    def type_it(dialog: ExpressionDialog) -> None:
        QTest.keyClicks(dialog.text, LAYER)
        assert "its parameters start with random ones" in dialog.message.text()

    in_dialog(window, type_it)
    QApplication.clipboard().setText(LAYER)
    press(window, Key.Key_V, CTRL)
    assert "its parameters start with random ones" in window.status.sentence.text()


def test_a_mistake_is_named_underlined_and_creates_nothing(product_window):
    def type_it(dialog: ExpressionDialog) -> None:
        QTest.keyClicks(dialog.text, "f = x * sigmiod(y)")
        assert dialog.message.text() == "line 1, column 9: there is no operation “sigmiod”; did you mean “sigmoid”?"
        (mark,) = dialog.text.extraSelections()
        assert mark.cursor.selectedText() == "sigmiod"
        QTest.keyClick(dialog.text, Key.Key_Return, CTRL)
        assert dialog.isVisible() and not dialog.create_button.isEnabled()
        QTest.keyClick(dialog, Key.Key_Escape)

    in_dialog(product_window, type_it)
    assert product_window.bridge.now.graph == product()


def test_examples_are_one_click_and_all_of_them_run(window):
    from gui.shell.dialogs.expression import EXAMPLES

    said: list[str] = []

    def click_them(dialog: ExpressionDialog) -> None:
        for title, text in EXAMPLES.items():
            (button,) = [b for b in dialog.findChildren(QPushButton) if b.text() == title]
            QTest.mouseClick(button, LEFT)
            assert dialog.text.toPlainText() == text and dialog.create_button.isEnabled()
            said.append(dialog.message.text())

    in_dialog(window, click_them)
    assert len(said) == len(EXAMPLES) and all("; the target" in sentence for sentence in said)
    assert not window.bridge.now.graph.nodes


def test_a_flood_of_text_stays_out_of_the_field(window):
    def paste_it(dialog: ExpressionDialog) -> None:
        QTest.keyClicks(dialog.text, "x")
        QTest.keyClick(dialog.text, Key.Key_V, CTRL)
        assert dialog.text.toPlainText() == "x" and "too long" in dialog.message.text()

    copy("x+" * 5_000_000 + "x")
    in_dialog(window, paste_it)


def test_a_link_from_elsewhere_is_no_text(window):
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/x")])
    assert not give(window.canvas.viewport(), data, QPoint(200, 200))
    assert not window.messages.isVisible()


# --- in a graph that is open


def typed(text: str, seen: list[str], before_enter: Callable[[ExpressionDialog], None] | None = None):
    def do(dialog: ExpressionDialog) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                QTest.keyClick(dialog.text, Key.Key_Return, SHIFT)
            QTest.keyClicks(dialog.text, line)
        seen.append(dialog.message.text())
        seen.append(f"{'[x]' if dialog.aim.isChecked() else '[ ]'} {dialog.aim.text()}")
        if before_enter:
            before_enter(dialog)
        QTest.keyClick(dialog.text, Key.Key_Return)

    return do


def test_names_of_the_graph_mean_its_nodes(product_window):
    before, seen = product_window.bridge.now.graph, []
    in_dialog(product_window, typed("h = x * y + w", seen))
    assert seen == [
        "3 new nodes, joined to x and y of this graph, input w; h is −9.",
        "[ ] Make h the target (in place of f)",
    ]
    graph = product_window.bridge.now.graph
    assert set(graph.nodes) - set(before.nodes) == {"mul", "w", "h"}
    assert [edge.source for edge in graph.into("mul")] == ["x", "y"]
    assert graph.target == "f" and float(product_window.bridge.now.trace.value("h")) == -9
    assert "w had no value" in product_window.status.sentence.text()
    one_undo_step(product_window, before)


def test_what_was_seen_whole_is_seen_whole_with_what_joins_it(product_window, qtbot):
    camera = product_window.canvas.camera
    camera.fit_all(animated=False)
    in_dialog(product_window, typed("h = f * f + w", []))
    scene = product_window.canvas.scene()
    assert {"h", "w"} <= set(scene.node_items)
    qtbot.waitUntil(lambda: camera.visible_scene().contains(scene.extent()))


def test_an_expression_that_goes_on_from_the_target_is_offered_as_the_new_one(product_window):
    before, seen = product_window.bridge.now.graph, []
    in_dialog(product_window, typed("L = (f - 3) ** 2", seen))
    assert seen[1] == "[x] Make L the target (in place of f)"
    assert product_window.bridge.now.graph.target == "L"
    assert float(product_window.bridge.now.trace.gradient("f")) == -30
    one_undo_step(product_window, before)


def test_the_offer_is_taken_and_refused_by_a_click_that_further_typing_keeps(product_window):
    def refuse(dialog: ExpressionDialog) -> None:
        dialog.aim.setFocus()
        QTest.keyClick(dialog.aim, Key.Key_Space)
        dialog.text.setFocus()
        QTest.keyClicks(dialog.text, " * 2")
        assert not dialog.aim.isChecked()

    in_dialog(product_window, typed("L = f", [], None))
    in_dialog(product_window, typed("L = (f - 3)", [], refuse))
    assert product_window.bridge.now.graph.target == "f"

    def take(dialog: ExpressionDialog) -> None:
        dialog.aim.setFocus()
        QTest.keyClick(dialog.aim, Key.Key_Space)

    in_dialog(product_window, typed("k = x * 5", [], take))
    assert product_window.bridge.now.graph.target == "k"


def test_a_number_for_a_name_that_is_there_is_put_into_it(product_window):
    before, seen = product_window.bridge.now.graph, []
    in_dialog(product_window, typed("x = input(7)\ng = x + q", seen))
    assert seen[0] == "1 new node, joined to x and q of this graph (x becomes 7); g is 19."
    after = product_window.bridge.now
    assert float(after.graph.nodes["x"].value) == 7 and float(after.trace.value("g")) == 19
    assert set(after.graph.nodes) == {*before.nodes, "g"}
    one_undo_step(product_window, before)


def test_a_graph_without_a_target_gets_one(product_window):
    from engine import edits

    product_window.bridge.edit(lambda graph: edits.set_target(graph, None))
    seen: list[str] = []
    in_dialog(product_window, typed("g = x + y", seen))
    assert seen[1] == "[x] Make g the target" and product_window.bridge.now.graph.target == "g"


def test_new_nodes_stand_to_the_right_of_what_feeds_them(product_window):
    in_dialog(product_window, typed("g = tanh(q) * x", []))
    nodes = product_window.bridge.now.graph.nodes
    assert nodes["tanh"].pos[0] > max(nodes["q"].pos[0], nodes["x"].pos[0]) + 140
    places = [node.pos for node in nodes.values()]
    for i, (x, y) in enumerate(places):
        assert not any(abs(x - u) < 140 and abs(y - v) < 84 for u, v in places[:i])


def test_the_outputs_of_a_dataset_are_called_by_their_names(product_window):
    product_window.bridge.load(parse("data = dataset('moons', batch=8)"))
    seen: list[str] = []
    in_dialog(product_window, typed("m = mean(data.features)\nL = mse(m * data.targets, data.targets)", seen))
    assert "joined to data of this graph" in seen[0] and "input" not in seen[0]
    graph = product_window.bridge.now.graph
    assert {(edge.output, graph.nodes[edge.dest].op_name) for edge in graph.out_of("data")} == {
        (0, "mean"), (1, "mul"), (1, "mse"),
    }  # fmt: skip
    assert product_window.bridge.now.trace.value("L") is not None
