"""The trace panel: a click on a row or on a line goes to the step, and the step lights both."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor

from engine import edits
from engine.export.numpy import write_numpy
from engine.text.read import parse
from gui.look import measure
from gui.look.text_size import scaled
from gui.look.theme import BODY
from gui.main_window import MainWindow
from gui.panels.trace import TracePanel
from gui.panels.trace.table import TraceTable, shared_out
from tests.bench.drawn import chain_recipe
from tests.gui.graphs import held, product
from tests.gui.shell.test_presentation import begin
from tests.gui.window_tools import CTRL, LEFT, NONE, SHIFT, Key, clipboard, lay_out, press


def opened(qtbot, window: MainWindow) -> TracePanel:
    window.bridge.load(product())
    press(window, Key.Key_7, CTRL)
    panel = window.findChild(TracePanel)
    qtbot.waitUntil(lambda: panel.isVisible() and bool(panel.code.toPlainText()))
    lay_out(window)
    return panel


def lit(panel: TracePanel) -> list[str]:
    return [selection.cursor.block().text().partition("#")[0].rstrip() for selection in panel.code.extraSelections()]


def texts(panel: TracePanel, row: int) -> list[str]:
    rows = panel.table.rows
    return [rows.index(row, column).data() for column in range(rows.columnCount())]


def test_every_step_is_a_row(qtbot, product_window) -> None:
    panel = opened(qtbot, product_window)
    assert panel.table.rows.rowCount() == len(product_window.bridge.now.trace) == 10
    assert texts(panel, 3) == ["4", "+", "x, y", "q", "3", "", "", "", ""]
    assert texts(panel, 5) == ["6", "seed", "", "f", "", "", "", "1", "1"]
    assert texts(panel, 6) == ["7", "×", "f", "q", "", "1", "−4", "−4", "−4"]
    assert panel.code.toPlainText() == write_numpy(product(), product_window.bridge.now.trace)


def test_a_click_on_a_row_goes_there_and_its_line_is_lit(qtbot, window) -> None:
    panel = opened(qtbot, window)
    index = panel.table.rows.index(6, 3)
    panel.table.scrollTo(index)
    qtbot.mouseClick(panel.table.viewport(), LEFT, NONE, panel.table.visualRect(index).center())
    assert window.bridge.now.frame.position == 7
    assert lit(panel) == ["dq = df * z"]
    qtbot.keyClick(panel.table, Key.Key_Down)
    assert window.bridge.now.frame.position == 8 and lit(panel) == ["dz = df * q"]


def test_a_click_on_a_line_goes_there_and_its_row_is_lit(qtbot, window) -> None:
    panel = opened(qtbot, window)
    code = panel.code
    line = next(n for n, text in enumerate(code.toPlainText().split("\n")) if text.startswith("q = "))
    cursor = QTextCursor(code.document().findBlockByNumber(line))
    code.setTextCursor(cursor)
    code.ensureCursorVisible()
    spot = code.cursorRect(cursor).center() + QPoint(20, 0)
    qtbot.mouseClick(code.viewport(), LEFT, NONE, spot)
    assert window.bridge.now.frame.position == 4
    assert panel.table.currentIndex().row() == 3 and lit(panel) == ["q = x + y"]


def test_after_a_click_on_a_line_the_arrows_step_space_plays_and_what_is_selected_is_copied(qtbot, window) -> None:
    panel = opened(qtbot, window)
    code, player = panel.code, window.bridge.player
    press(window, Key.Key_Home)
    line = next(n for n, text in enumerate(code.toPlainText().split("\n")) if text.startswith("q = "))
    code.setTextCursor(QTextCursor(code.document().findBlockByNumber(line)))
    code.ensureCursorVisible()
    spot = code.cursorRect().center() + QPoint(20, 0)
    qtbot.mouseClick(code.viewport(), LEFT, NONE, spot)
    assert code.hasFocus()
    for key, position in ((Key.Key_Right, 5), (Key.Key_Right, 6), (Key.Key_Left, 5)):
        press(window, key)
        assert window.bridge.now.frame.position == position and lit(panel)
    press(window, Key.Key_Space)
    assert player.playing
    press(window, Key.Key_Space)
    assert not player.playing and code.hasFocus()
    qtbot.mouseDClick(code.viewport(), LEFT, NONE, code.cursorRect().center() + QPoint(2, 0))
    press(window, Key.Key_C, CTRL)
    assert clipboard() == "="
    press(window, Key.Key_Right, SHIFT)
    press(window, Key.Key_C, CTRL)
    assert clipboard() == "= "


def test_stepping_elsewhere_keeps_the_row_in_view(qtbot, window) -> None:
    panel = opened(qtbot, window)
    window.canvas.setFocus()
    press(window, Key.Key_Home)
    assert not panel.table.selectionModel().hasSelection() and not lit(panel)
    for step in range(1, 11):
        press(window, Key.Key_Right)
        assert panel.table.currentIndex().row() == step - 1
        assert panel.table.viewport().rect().intersects(panel.table.visualRect(panel.table.currentIndex()))
        assert lit(panel)


def test_an_edit_is_followed_and_nothing_old_is_shown(qtbot, window) -> None:
    panel = opened(qtbot, window)
    window.bridge.edit(lambda g: edits.set_value(g, "x", 10.0))
    assert texts(panel, 3)[4] == "15" and "-2.0" not in panel.code.toPlainText()
    qtbot.waitUntil(lambda: "x = np.float64(10.0)" in panel.code.toPlainText())


def test_the_table_is_copied(qtbot, window) -> None:
    panel = opened(qtbot, window)
    qtbot.mouseClick(panel.copy, LEFT)
    rows = list(csv.DictReader(io.StringIO(clipboard())))
    assert len(rows) == 10 and rows[6] == {
        "step": "7", "op": "×", "from": "f", "to": "q", "value": "", "upstream": "1.0", "local": "-4.0",
        "contribution": "-4.0", "sum": "-4.0",
    }  # fmt: skip
    assert panel.said.text() == "Copied 10 rows."


def test_a_screen_reader_hears_what_each_step_does(qtbot, window) -> None:
    panel = opened(qtbot, window)
    rows = panel.table.rows
    told = [rows.index(6, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in (0, 4, 6)]
    assert told == ["Step 7: f sends −4 back to q: ∂f/∂q = seed · z = 1 × (−4) = −4.", "Value: none", "Local: −4"]
    panel.table.show_step(6)
    panel.code.show_step(6)
    assert panel.code.accessibleDescription().startswith("dq = df * z")


def test_it_speaks_of_responsibility_too(qtbot, window) -> None:
    panel = opened(qtbot, window)
    before = panel.code.toPlainText()
    window.bridge.set_wording("responsibility")
    qtbot.waitUntil(lambda: "responsib" in panel.code.toPlainText())
    assert [line.partition("#")[0].rstrip() for line in before.split("\n") if line.startswith("d")] == [
        line.partition("#")[0].rstrip() for line in panel.code.toPlainText().split("\n") if line.startswith("d")
    ]
    tips = [panel.table.rows.headerData(n, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for n in range(9)]
    assert not any("gradient" in tip for tip in tips) and any("responsibility" in tip for tip in tips)


def test_steps_within_a_folded_group_are_rows_and_lines_too(qtbot, window) -> None:
    panel = opened(qtbot, window)
    window.bridge.load(held("m = w*x; z = m + b; a = sigmoid(z); L = a*a", w=0.6, x=1.5, b=-0.4))
    window.bridge.edit(lambda g: edits.make_group(g, ["m", "z", "a"], title="Neuron"))
    (group,) = window.bridge.now.graph.groups
    window.bridge.edit(lambda g: edits.fold_groups(g, [group]))
    qtbot.waitUntil(lambda: "dz = " in panel.code.toPlainText())
    row = next(n for n in range(panel.table.rows.rowCount()) if texts(panel, n)[2:4] == ["a", "z"])
    a = 1 / (1 + np.exp(-(0.6 * 1.5 - 0.4)))
    assert texts(panel, row)[5:] == [f"{x:.4g}" for x in (2 * a, a * (1 - a), 2 * a * a * (1 - a), 2 * a * a * (1 - a))]
    index = panel.table.rows.index(row, 2)
    panel.table.scrollTo(index)
    qtbot.mouseClick(panel.table.viewport(), LEFT, NONE, panel.table.visualRect(index).center())
    assert window.bridge.now.frame.position == row + 1 and any(line.startswith("dz = ") for line in lit(panel))
    assert "Neuron" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_of_a_large_graph_only_what_is_seen_is_asked_for(qtbot, window) -> None:
    panel = opened(qtbot, window)
    asked: list[int] = []
    row_of = panel.table.rows.row_of
    window.bridge.load(chain_recipe(1000).graph())
    panel.table.rows.row_of = lambda number: (asked.append(number), row_of(number))[1]
    window.bridge.player.seek(900)
    lay_out(window)
    assert panel.table.currentIndex().row() == 899
    assert len(set(asked)) < 60


def test_names_have_the_room_that_other_columns_do_not_need() -> None:
    usual, room = [50, 50, 80, 80, 80, 80, 80, 80, 80], 660
    needs = [40, 40, 130, 100, 30, 60, 80, 80, 60]
    wide = shared_out(usual, needs, room)
    assert wide[2] >= 130 and wide[3] >= 100 and sum(wide) <= room
    assert all(one >= need for one, need in zip(wide[4:], needs[4:], strict=True))
    assert shared_out(usual, [10.0] * 9, 900) == usual  # who needs nothing gets nothing


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1440, 900)])
def test_on_the_stage_names_are_whole(window, qtbot, width, height) -> None:
    window.bridge.load(parse("long_name = 3; another_one = 4; product_of_both = long_name * another_one"))
    begin(window, qtbot, width, height)
    window.panels.show_panel("trace")
    lay_out(window)
    table = window.findChild(TraceTable)
    for column in (2, 3):
        for row in range(table.model().rowCount()):
            text = table.model().index(row, column).data()
            if "," not in text:  # the last of several is in the sentence, too
                assert measure.width(text, scaled(BODY), False) < table.columnWidth(column), text
    assert not table.horizontalScrollBar().maximum()


def click_row(qtbot, table: TraceTable, row: int, held: Qt.KeyboardModifier = NONE) -> None:
    table.scrollTo(table.rows.index(row, 3))
    qtbot.mouseClick(table.viewport(), LEFT, held, table.visualRect(table.rows.index(row, 3)).center())


@pytest.mark.parametrize("picked", [["x"], []], ids=["a node is selected", "nothing is selected"])
def test_copy_takes_the_rows_that_are_selected_and_not_the_canvas(qtbot, window, picked) -> None:
    panel = opened(qtbot, window)
    window.selection.select(picked)
    click_row(qtbot, panel.table, 6)
    window.selection.select(picked)
    panel.table.setFocus()
    press(window, Key.Key_C, CTRL)
    assert clipboard().split("\t") == ["7", "×", "f", "q", "", "1.0", "-4.0", "-4.0", "-4.0"]
    click_row(qtbot, panel.table, 8, SHIFT)
    assert window.bridge.now.frame.position == 9
    press(window, Key.Key_C, CTRL)
    rows = [row.split("\t") for row in clipboard().splitlines()]
    assert [row[0] for row in rows] == ["7", "8", "9"] and window.bridge.now.graph is window.bridge.document.graph
    press(window, Key.Key_A, CTRL)
    press(window, Key.Key_C, CTRL)
    assert len(clipboard().splitlines()) == len(window.bridge.now.trace)
