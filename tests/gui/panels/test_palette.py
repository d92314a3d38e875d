"""The palette shows every op, finds them by any of their names, and hands them out by key, click and drag."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QLineEdit, QListView

from engine.layout.layout import NODE_HEIGHT
from engine.ops.op import GROUPS, OPS
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.panels.palette import Palette
from gui.widgets.op_card import OP_MIME


@pytest.fixture
def palette(qtbot) -> Iterator[Palette]:
    widget = Palette(bridge := Bridge(), Selection(bridge))
    qtbot.addWidget(widget)
    widget.resize(208, 700)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget


def ops(palette: Palette) -> QListView:
    return palette.findChild(QListView)


def search(palette: Palette) -> QLineEdit:
    return palette.findChild(QLineEdit)


def rows(palette: Palette) -> list[str]:
    model = ops(palette).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def place_of(palette: Palette, title: str) -> QPoint:
    view = ops(palette)
    index = view.model().index(rows(palette).index(title), 0)
    view.scrollTo(index)
    return view.visualRect(index).center()


def test_every_op_stands_under_its_group(palette) -> None:
    shown = rows(palette)
    groups = [title for group, title in GROUPS.items() if any(op.group == group for op in OPS.values())]
    assert [row for row in shown if row in groups] == groups
    for op in OPS.values():
        above = [row for row in shown[: shown.index(op.title)] if row in groups]
        assert above[-1] == GROUPS[op.group]


def test_each_op_says_what_it_does(palette) -> None:
    index = ops(palette).model().index(rows(palette).index("Multiply"), 0)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == OPS["mul"].tooltip
    assert OPS["mul"].tooltip in index.data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize("query", ["multiply", "mul", "times", "×", "MULTI", " mul "])
def test_an_op_is_found_by_all_its_names(qtbot, palette, query: str) -> None:
    search(palette).setText(query)
    assert rows(palette)[0] == "Multiply"


def test_a_group_finds_all_its_ops(palette) -> None:
    search(palette).setText("loss")
    assert set(rows(palette)) == {op.title for op in OPS.values() if op.group == "loss"} | {"MSE loss"}  # a block


def test_enter_takes_the_best_match(qtbot, palette) -> None:
    palette.focus_search()
    qtbot.keyClicks(search(palette), "max")
    with qtbot.waitSignal(palette.op_chosen) as chosen:
        qtbot.keyClick(search(palette), Qt.Key.Key_Return)
    assert chosen.args == ["max"]


def test_enter_takes_nothing_when_nothing_was_searched_or_found(qtbot, palette) -> None:
    with qtbot.assertNotEmitted(palette.op_chosen):
        qtbot.keyClick(search(palette), Qt.Key.Key_Return)
        qtbot.keyClicks(search(palette), "no such op")
        assert rows(palette) == []
        qtbot.keyClick(search(palette), Qt.Key.Key_Return)


def test_escape_shows_everything_again(qtbot, palette) -> None:
    everything = rows(palette)
    qtbot.keyClicks(search(palette), "tanh")
    assert rows(palette) != everything
    qtbot.keyClick(search(palette), Qt.Key.Key_Escape)
    assert rows(palette) == everything
    assert search(palette).text() == ""


def test_the_keyboard_goes_from_the_search_through_the_list(qtbot, palette) -> None:
    palette.focus_search()
    qtbot.keyClick(search(palette), Qt.Key.Key_Down)
    qtbot.waitUntil(ops(palette).hasFocus)
    assert ops(palette).currentIndex().data() == "Input"  # not the heading above it
    for _ in range(sum(op.is_leaf for op in OPS.values())):
        qtbot.keyClick(ops(palette), Qt.Key.Key_Down)
    assert ops(palette).currentIndex().data() == "Add"  # over the next heading
    with qtbot.waitSignal(palette.op_chosen) as chosen:
        qtbot.keyClick(ops(palette), Qt.Key.Key_Return)
    assert chosen.args == ["add"]


def test_a_double_click_chooses(qtbot, palette) -> None:
    where = place_of(palette, "ReLU")
    with qtbot.waitSignal(palette.op_chosen) as chosen:
        qtbot.mouseClick(ops(palette).viewport(), Qt.MouseButton.LeftButton, pos=where)
        qtbot.mouseDClick(ops(palette).viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert chosen.args == ["relu"]


def test_a_heading_cannot_be_chosen(qtbot, palette) -> None:
    with qtbot.assertNotEmitted(palette.op_chosen):
        qtbot.mouseDClick(ops(palette).viewport(), Qt.MouseButton.LeftButton, pos=place_of(palette, "Leaves"))


def test_a_drag_carries_the_op_and_does_not_cover_where_it_will_be(qtbot, palette, monkeypatch) -> None:
    drags: list[tuple[QMimeData, QRectF]] = []

    def fake_exec(drag: QDrag, *_: object) -> Qt.DropAction:
        picture = QRectF(QPointF(-drag.hotSpot()), drag.pixmap().deviceIndependentSize())  # seen from the pointer
        copy = QMimeData()
        copy.setData(OP_MIME, drag.mimeData().data(OP_MIME))
        drags.append((copy, picture))
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", fake_exec)
    start, viewport = place_of(palette, "Sigmoid"), ops(palette).viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(viewport, start + QPoint(10 * step, 0))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))
    assert len(drags) == 1
    data, picture = drags[0]
    assert bytes(data.data(OP_MIME).data()) == b"sigmoid"
    assert not picture.contains(QPointF()) and picture.height() < NODE_HEIGHT / 2
