"""What if it were wrong: chosen with the keys, read from the table and the canvas."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from engine.text.read import parse
from engine.truth.wrong import RULES
from gui.look.theme import theme
from gui.panels.what_if import WhatIfPanel
from tests.gui.window_tools import CTRL, LEFT, NONE, SHIFT, Key

FAN = "x = 3; y = x * x + 5 * x"


@pytest.fixture
def shown(window):
    def show(text: str) -> WhatIfPanel:
        window.resize(1400, 900)
        window.bridge.load(parse(text))
        QTest.keyClick(window.canvas, Key.Key_H, CTRL | SHIFT)
        panel = window.findChild(WhatIfPanel)
        assert panel is not None and panel.isVisible()
        return panel

    return show


def choose(panel: WhatIfPanel, title: str) -> None:
    panel.choice.setFocus()
    for _ in range(panel.choice.count()):
        if panel.choice.currentText() == title:
            return
        QTest.keyClick(panel.choice, Key.Key_Down)
    assert panel.choice.currentText() == title


def rows(panel: WhatIfPanel) -> dict[str, list[str]]:
    model = panel.table.model()
    texts = [[model.index(r, c).data() for c in range(model.columnCount())] for r in range(model.rowCount())]
    return {row[0]: row[1:] for row in texts}


def test_overwriting_loses_a_way(shown, window):
    panel = shown(FAN)
    before = window.bridge.document.graph
    choose(panel, "= for += at fan-outs")
    right, wrong, times, measured = rows(panel)["x"]
    assert (right, measured) == ("11", "11") and wrong != "11" and times == f"{float(wrong) / 11:.3g} ×"
    assert rows(panel)["y"][2] == "right"
    assert window.bridge.document.graph is before and window.bridge.document.undo_text is None
    push = window.bridge.lens.push
    assert push.banner == "Wrong on purpose: = for += at fan-outs" and list(push.lines) == ["x"]


def test_a_wrong_number_that_is_nearly_right_does_not_read_the_same(shown, window):
    panel = shown("x = 3; y = x * 0.001 + x * 100; f = y * 2")
    choose(panel, "= for += at fan-outs")
    right, wrong, times, _ = rows(panel)["x"]
    assert (
        float(right) == pytest.approx(200.002, rel=1e-3)
        and float(wrong) != float(right)
        and times not in ("1 ×", "right")
    )


def test_the_picture_says_that_it_is_wrong_until_it_is_right_again(shown, window):
    panel = shown(FAN)
    plain = window.canvas.grab().toImage()
    choose(panel, "Backward twice without zeroing")
    assert window.canvas.grab().toImage() != plain
    QTest.keyClick(panel.choice, Key.Key_Home)
    assert window.bridge.lens.push is None and window.canvas.grab().toImage() == plain
    choose(panel, "Backward twice without zeroing")
    QTest.keyClick(window.canvas, Key.Key_H, CTRL | SHIFT)
    assert window.bridge.lens.push is None


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_each_rule_says_why_and_follows_the_graph(shown, window, rule):
    panel = shown("a = [[1, 2], [3, 4]]; b = [[1, 0.5], [2, 1]]; y = sum(relu(matmul(a, b) * 2 - 9))")
    choose(panel, rule.title)
    assert panel.sentence.text() == rule.why
    window.bridge.load(parse("a = 2; y = -a"))
    assert list(rows(panel)) == ["y", "a"]


def test_a_click_on_a_row_shows_the_node(shown, window):
    panel = shown(FAN)
    choose(panel, "Operands of × not swapped")
    names = list(rows(panel))
    at = panel.table.visualRect(panel.table.model().index(names.index("x"), 0)).center()
    QTest.mouseClick(panel.table.viewport(), LEFT, NONE, QPoint(at))
    assert window.selection.nodes == {"x"}


def test_arrays_are_compared_by_length(shown, window):
    panel = shown("a = np.array([3.0, 4]); y = sum(a * a)")
    choose(panel, "Backward twice without zeroing")
    assert window.bridge.lens.push.lines == {"a": "wrong (2 ×)"}
    assert rows(panel)["a"][2] == "2 ×" and rows(panel)["a"][3].startswith("[1] ")
    assert float(rows(panel)["a"][3].removeprefix("[1] ")) == pytest.approx(2 * np.array([3.0, 4])[1])


def test_of_an_array_the_element_that_is_most_wrong_is_shown_and_measured(shown, window):
    panel = shown("a = [[1, 2], [3, 4]]; b = [[1, 0.5], [2, 1]]; k = [[1, 0], [2, 1]]; y = sum(k * matmul(a, b))")
    choose(panel, "Transpose forgotten")
    g, a = np.array([[1.0, 0], [2, 1]]), np.array([[1.0, 2], [3, 4]])
    right, wrong = a.T @ g, a @ g
    at = np.unravel_index(np.argmax(np.abs(right - wrong)), (2, 2))
    place = f"[{at[0]}, {at[1]}] "
    said = rows(panel)["b"]
    assert [float(text.removeprefix(place).replace("−", "-")) for text in (*said[:2], said[3])] == pytest.approx(
        [right[at], wrong[at], right[at]], rel=1e-3
    )
    assert window.bridge.lens.push.lines["b"] == "wrong"
    assert said[2] == f"{np.linalg.norm(wrong) / np.linalg.norm(right):.3g} × as long"


def test_the_table_begins_where_it_begins_to_be_wrong_and_numbers_stand_below_their_heads(shown):
    panel = shown("x = 0.1; y = tanh(tanh(tanh(tanh(tanh(tanh(tanh(tanh(x * x + 5 * x))))))))")
    choose(panel, "= for += at fan-outs")
    names, table = list(rows(panel)), panel.table
    assert table.viewport().rect().contains(table.visualRect(table.model().index(names.index("x"), 0)).center())
    model, role = table.model(), Qt.ItemDataRole.TextAlignmentRole
    for section in range(model.columnCount()):
        assert model.headerData(section, Qt.Orientation.Horizontal, role) == model.index(0, section).data(role)
    assert "1 of 12 gradients is wrong." in {each.text() for each in panel.findChildren(QLabel)}


def test_that_it_is_wrong_is_said_in_the_full_colour_of_a_warning(shown, window):
    panel = shown(FAN)
    choose(panel, "= for += at fan-outs")
    picture = window.canvas.grab().toImage()
    band = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(8, 45)}
    assert QColor(theme().warn).name() in band
