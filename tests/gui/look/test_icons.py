"""The icons are all there, are drawn in the colour asked for, sharp at every pixel ratio, and follow the theme."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from importlib.resources import files
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QPushButton
from shiboken6 import isValid

from gui.look import icons
from gui.look.theme import DARK, LIGHT, themes

NEEDED = [
    "undo", "redo", "arrange", "play", "pause", "step-forward", "step-back", "to-start", "to-end", "to-backward",
    "loop", "target", "fit", "zoom-in", "zoom-out", "search", "warning", "note", "check", "train", "new", "open",
    "save", "export", "sun", "moon", "delete", "duplicate", "copy", "paste", "gradloom",
]  # fmt: skip


NAMES = sorted(file.name[:-4] for file in (files("assets") / "icons").iterdir() if file.name.endswith(".svg"))


@pytest.fixture(autouse=True)
def _light_again() -> Iterator[None]:
    yield
    themes.choose("light")


def colours(picture: QPixmap) -> set[str]:
    """The colours of the opaque pixels."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32)
    return {QColor(int(pixel)).name() for pixel in np.unique(pixels[pixels >> 24 == 255])}


def test_what_the_program_needs_is_there() -> None:
    assert set(NEEDED) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_draws_something_in_the_colour_asked_for(qapp, name: str) -> None:
    drawn = colours(icons.pixmap(name, 24, "#123456", 2.0))
    assert drawn
    if name != icons.APP_ICON:
        assert drawn == {"#123456"}


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_well_formed_and_uses_the_current_colour(name: str) -> None:
    root = ElementTree.fromstring(icons._source(name))
    assert root.get("viewBox")
    assert name == icons.APP_ICON or "currentColor" in icons._source(name)


def test_a_pixmap_has_the_pixels_of_its_ratio(qapp) -> None:
    picture = icons.pixmap("play", 20, "#000000", 2.0)
    assert picture.size() == QSize(40, 40)
    assert picture.deviceIndependentSize().toSize() == QSize(20, 20)


def test_an_icon_has_the_themes_colours(qapp) -> None:
    assert colours(icons.icon("save").pixmap(QSize(20, 20), 2.0)) == {QColor(LIGHT.soft).name()}
    themes.choose("dark")
    assert colours(icons.icon("save").pixmap(QSize(20, 20), 2.0)) == {QColor(DARK.soft).name()}


def test_a_kept_icon_follows_the_theme_for_as_long_as_its_owner_lives(qtbot) -> None:
    button = QPushButton()
    icons.keep(button, button.setIcon, "save")
    themes.choose("dark")
    assert colours(button.icon().pixmap(QSize(20, 20), 2.0)) == {QColor(DARK.soft).name()}
    button.deleteLater()
    qtbot.waitUntil(lambda: not isValid(button))
    themes.choose("light")  # no complaint about a deleted button


def test_an_icon_is_drawn_when_it_is_first_shown_and_not_before(qtbot) -> None:
    icons.pixmap.cache_clear()
    shown, hidden = QPushButton(), QPushButton()
    qtbot.addWidget(shown)
    qtbot.addWidget(hidden)
    icons.keep(shown, shown.setIcon, "save")
    icons.keep(hidden, hidden.setIcon, "open")
    assert icons.pixmap.cache_info().misses == 0
    shown.grab()
    assert icons.pixmap.cache_info().misses == 1


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0, 3.0])
def test_an_icon_is_sharp_at_every_ratio_and_in_every_size(qapp, ratio: float) -> None:
    for size in (16, 20, 24, 40):
        picture = icons.icon("save").pixmap(QSize(size, size), ratio)
        assert picture.width() == round(size * ratio)
        assert picture.deviceIndependentSize().width() == pytest.approx(size)


def test_an_icon_says_by_its_colour_whether_it_can_be_pressed(qapp) -> None:
    for mode, use in ((QIcon.Mode.Normal, "soft"), (QIcon.Mode.Active, "text"), (QIcon.Mode.Disabled, "edge")):
        assert colours(icons.icon("save").pixmap(QSize(20, 20), mode)) == {LIGHT.color(use).name()}


def test_an_icon_that_somebody_changes_is_a_copy_and_outlives_the_first(qapp) -> None:
    changed = QIcon(QIcon(icons.DrawnIcon("save", LIGHT)))
    changed.addPixmap(QPixmap(3, 3))
    again = QIcon(changed)
    again.addPixmap(QPixmap(3, 3))
    del changed
    gc.collect()
    assert colours(again.pixmap(QSize(20, 20))) == {QColor(LIGHT.soft).name()}
