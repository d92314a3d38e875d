"""A caption and its number on one line."""

from __future__ import annotations

from gui.widgets.labels import Row


def test_a_longer_number_has_its_room_before_it_is_painted(qtbot) -> None:
    row = Row("promised")
    qtbot.addWidget(row)
    row.resize(260, 24)
    with qtbot.waitExposed(row):
        row.show()
    row.show_text("8")
    row.show_text("−0.0001234", caption="∂L/∂w · h promises")
    assert row.content.width() >= row.content.sizeHint().width()
    assert row.caption.width() >= row.caption.sizeHint().width()
