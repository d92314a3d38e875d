"""The two palettes can be read by everybody, and the fonts line their figures up."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QWidget

from gui.look import style, theme
from gui.look.theme import DARK, LIGHT, Theme, themes
from gui.widgets.labels import sign_role

TEXTS = ("text", "soft", "faint", "value", "pos", "neg", "zero", "warn", "focus")
GROUPS = ("leaf", "arithmetic", "activation", "tensor", "loss")
GROUNDS = ("window", "panel", "canvas", "node", "chip")


@pytest.fixture(autouse=True)
def _light_again() -> Iterator[None]:
    yield
    themes.choose("light")


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_formula_is_the_standards() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS + GROUPS)
def test_text_can_be_read(look: Theme, text: str, ground: str) -> None:
    assert contrast(getattr(look, text), getattr(look, ground)) >= 4.5


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
@pytest.mark.parametrize("ground", ["pos", "neg", "focus"])
def test_text_on_a_capsule_can_be_read(look: Theme, ground: str) -> None:
    assert contrast(look.on_color, getattr(look, ground)) >= 4.5


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
@pytest.mark.parametrize("ground", GROUNDS)
def test_edges_and_rings_can_be_seen(look: Theme, ground: str) -> None:
    for use in ("edge", "focus", "pos", "neg"):
        assert contrast(getattr(look, use), getattr(look, ground)) >= 3.0


FIELDS = (
    "QLineEdit",
    "QPlainTextEdit",
    "QSpinBox",
    "QComboBox",
    "QTableView",
    "QCheckBox::indicator",
    "QMenu::indicator",
)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
@pytest.mark.parametrize("field", FIELDS)
def test_the_border_of_a_field_can_be_seen(look: Theme, field: str) -> None:
    """Against what is in it, and against what it stands on."""
    rules = re.findall(r"([^{}]+)\{([^{}]+)\}", style.sheet_of(look))
    bodies = [body for names, body in rules if field in [name.strip() for name in names.split(",")]]
    (border,) = {found for body in bodies for found in re.findall(r"border: 1px solid (#\w{6})", body)}
    for ground in (look.window, look.panel):
        assert contrast(border, ground) >= 3.0


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_border_of_a_field_is_painted_so(qtbot, name: str) -> None:
    themes.choose(name)
    window = QWidget()
    line = QLineEdit("3", window)
    style.dress(window)
    qtbot.addWidget(window)
    line.setGeometry(10, 10, 120, 32)
    window.show()
    picture = window.grab().toImage()
    border, inside = (picture.pixelColor(*place).name() for place in ((70, 10), (110, 26)))
    assert contrast(border, inside) >= 3.0 and contrast(border, theme.theme().panel) >= 3.0


def seen_without(cones: str, colour: str) -> tuple[float, float, float]:
    """How a colour looks to a dichromat, in linear RGB (matrices of Viénot, Brettel, Mollon 1999)."""
    r, g, b = (((int(colour[i : i + 2], 16) / 255) + 0.055) / 1.055 for i in (1, 3, 5))
    r, g, b = r**2.4, g**2.4, b**2.4
    mixed = {"red": (0.11238, 0.88762), "green": (0.29275, 0.70725)}[cones]
    yellow = mixed[0] * r + mixed[1] * g
    return (yellow, yellow, b)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
@pytest.mark.parametrize("cones", ["red", "green"])
def test_the_signs_differ_for_the_colour_blind(look: Theme, cones: str) -> None:
    """Orange keeps more yellow than blue, blue more blue than yellow, whichever cones are missing."""
    pos, neg = seen_without(cones, look.pos), seen_without(cones, look.neg)
    assert pos[0] > pos[2] * 2
    assert neg[2] > neg[0] * 1.3


def test_the_sign_decides_the_colour() -> None:
    assert LIGHT.color(sign_role(3.0)) == QColor(LIGHT.pos)
    assert LIGHT.color(sign_role(-3.0)) == QColor(LIGHT.neg)
    assert LIGHT.color(sign_role(0.0)) == LIGHT.color(sign_role(float("nan"))) == QColor(LIGHT.zero)


def test_a_switch_is_told_once(qtbot) -> None:
    with qtbot.waitSignal(themes.changed):
        themes.choose("dark")
    assert theme.theme() is DARK
    with qtbot.assertNotEmitted(themes.changed):
        themes.choose("dark")


def test_following_the_desktop_leaves_a_chosen_theme_alone(qtbot) -> None:
    themes.choose("dark")
    themes.follow_system()
    assert theme.theme() is DARK


def test_figures_are_equally_wide(qapp) -> None:
    metrics = QFontMetricsF(theme.font(13))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_a_font_that_is_changed_changes_no_other(qapp) -> None:
    theme.font(13).setPixelSize(40)
    assert theme.font(13).pixelSize() == 13


def test_the_palette_and_the_sheet_follow_the_theme(qapp) -> None:
    style.apply(qapp)
    assert qapp.palette().window().color() == QColor(LIGHT.panel)
    themes.choose("dark")
    assert qapp.palette().window().color() == QColor(DARK.panel)


def test_a_window_and_what_it_opens_follow_the_theme(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    box = QLabel("6", QDialog(window))
    box.setProperty("role", "pos")
    style.dress(window)
    for name, look in (("light", LIGHT), ("dark", DARK)):
        themes.choose(name)
        box.ensurePolished()
        assert box.palette().windowText().color() == QColor(look.pos)
    assert not QApplication.instance().styleSheet(), "which takes four times as long to change"
