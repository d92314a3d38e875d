"""Texts and numbers that are too long for their place: numbers take room from others, lines end in …"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from gui.look.theme import theme
from gui.widgets.chips import Chip, ChipRow
from gui.widgets.fields import Line
from gui.widgets.fitted_text import FittedText
from gui.widgets.labels import Row


@pytest.mark.parametrize("wide", [244, 320])
def test_a_long_number_takes_the_room_that_short_ones_spare(qtbot, wide):
    row = ChipRow()
    qtbot.addWidget(row)
    row.resize(wide, row.height())
    row.show_chips([Chip("0.0005728", "upstream"), Chip("0.2246", "local"), Chip("0.0001287", "contribution")], "×=")
    row.show()
    qtbot.waitExposed(row)
    boxes, texts = zip(*row.placed(), strict=True)
    assert boxes[-1].right() <= wide + 0.5 and boxes[0].right() < boxes[1].left()
    assert texts == ("0.0005728", "0.2246", "0.0001287")


def test_a_long_line_ends_in_an_ellipsis_until_it_is_typed_into(qtbot):
    line = Line("Title")
    qtbot.addWidget(line)
    line.resize(120, 30)
    line.show_text("H" * 60)
    line.show()
    qtbot.waitExposed(line)
    line.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.wait_until(line.hasFocus)
    assert ink_high_up(line) > 0  # a letter, cut off
    line.clearFocus()
    assert ink_high_up(line) == 0  # … is low


def ink_high_up(line: Line) -> int:
    """Dark pixels at the right end of a line, above the middle of its letters."""
    image = line.grab().toImage()
    return sum(image.pixelColor(x, y).lightness() < 128 for x in range(104, 114) for y in range(10, 15))


def test_a_number_without_room_keeps_its_exponent_in_sight(qtbot):
    row = Row("gradient")
    qtbot.addWidget(row)
    row.show_text("2.7847671758175863e−07")
    row.resize(row.sizeHint().width() + 20, row.sizeHint().height())
    row.show()
    qtbot.waitExposed(row)
    row.content.grab()
    assert row.content.toolTip() == ""
    row.resize(160, row.height())
    qtbot.waitUntil(lambda: row.content.width() < row.content.sizeHint().width())
    row.content.grab()
    assert row.content.toolTip().endswith("e−07") and row.content.text().endswith("e−07")


def test_what_hangs_below_the_line_is_seen_beside_letters_of_a_taller_font(qtbot):
    """In presentations g, p and y lost their feet where a name was Chinese."""
    feet = []
    for text in ("gpy", "gpy 中文"):
        said = FittedText(34)
        qtbot.addWidget(said)
        said.set_type((40,), 50)
        said.resize(900, said.height())
        said.show_text(text)
        said.show()
        qtbot.waitExposed(said)
        image = said.grab().toImage()
        rows = [y for y in range(image.height()) if any(is_ink(image.pixelColor(x, y)) for x in range(60))]
        feet.append(rows[-1] - rows[0])
    assert feet[0] == feet[1]


def is_ink(color):
    return abs(color.lightness() - theme().color("text").lightness()) < 60


def test_what_has_no_room_ends_in_dots_and_never_in_half_a_line(qtbot):
    shown = FittedText(34)
    qtbot.addWidget(shown)
    shown.resize(200, 34)
    shown.show_text("A sentence that is much longer than a small window is wide. " * 4)
    assert shown.height() > 60 and not shown.shown_lines()[-1].endswith("…")
    shown.set_most(40)
    assert shown.height() == 40 and len(shown.shown_lines()) == 3
    assert shown.shown_lines()[-1].endswith("…") and shown.toolTip()
    shown.set_most(None)
    assert shown.height() > 60 and not shown.toolTip()
