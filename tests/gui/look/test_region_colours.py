"""Regions can be seen and their titles read, in both themes."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from engine.graph.grouping import COLOURS
from gui.canvas.paint.asides import TITLE_FILL
from gui.canvas.paint.style import mixed
from gui.look.region_colours import BY_THEME, region_colour
from gui.look.theme import DARK, LIGHT, Theme
from tests.gui.look.test_theme import contrast

LOOKS = pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)


@LOOKS
def test_every_colour_of_a_file_has_one_here(look: Theme) -> None:
    assert set(BY_THEME[look.name]) == set(COLOURS)
    assert len(set(BY_THEME[look.name].values())) == len(COLOURS)
    assert region_colour("of a newer version", look) == region_colour("grey", look)


@LOOKS
@pytest.mark.parametrize("colour", COLOURS)
def test_the_border_is_seen_and_the_title_is_read(look: Theme, colour: str) -> None:
    tone = region_colour(colour, look)
    assert contrast(tone, look.canvas) >= 3.0
    behind: QColor = mixed(tone, look.canvas, TITLE_FILL)
    assert contrast(look.text, behind.name()) >= 4.5
