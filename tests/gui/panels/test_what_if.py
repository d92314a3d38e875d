"""What if it were wrong: chosen with the keys, read from the table and the canvas."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from engine.text.read import parse
from engine.truth.wrong import RULES
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


def test_arrays_are_compared_by_length(shown):
    panel = shown("a = np.array([3.0, 4]); y = sum(a * a)")
    choose(panel, "Backward twice without zeroing")
    assert rows(panel)["a"][2] == "2 ×" and rows(panel)["a"][3].startswith("[0] ")
    assert float(rows(panel)["a"][3].removeprefix("[0] ")) == pytest.approx(2 * np.array([3.0, 4])[0])
