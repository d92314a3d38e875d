"""Formulas become pictures, once each; what cannot be rendered is shown as text."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage

from gui.look import math_view
from gui.look.math_view import MathView, formula_image, plain

CHAIN = r"\frac{\partial f}{\partial x} = \frac{\partial f}{\partial q} \cdot \frac{\partial q}{\partial x}"


def ink(image: QImage) -> int:
    """How many pixels are drawn."""
    return sum(image.pixelColor(x, y).alpha() > 0 for x in range(image.width()) for y in range(image.height()))


def test_a_formula_is_drawn_in_its_colour_and_sharp(qapp) -> None:
    once, twice = formula_image(CHAIN, 18, "#c03f0a", 1.0), formula_image(CHAIN, 18, "#c03f0a", 2.0)
    assert ink(once) > 100
    assert twice.width() == pytest.approx(2 * once.width(), abs=2)
    pixels = (twice.pixelColor(x, y) for x in range(twice.width()) for y in range(twice.height()))
    assert {c.name() for c in pixels if c.alpha() == 255} == {"#c03f0a"}


def test_a_formula_is_rendered_once(qapp, monkeypatch) -> None:
    calls: list[str] = []
    real = math_view._svg
    monkeypatch.setattr(math_view, "_svg", lambda tex, size, color: calls.append(tex) or real(tex, size, color))
    first = formula_image("a + b + c", 17, "#000000", 1.0)
    assert formula_image("a + b + c", 17, "#000000", 1.0) is first
    formula_image("a + b + c", 17, "#ffffff", 1.0)
    assert calls == ["a + b + c"] * 2


@pytest.mark.parametrize("tex", ["", r"\frac{", r"\nosuchword{x}", "}{", "a & b", "ÿ€𝛁", r"\mathrm{a~b}_{12}"])
def test_nothing_makes_it_raise(qapp, tex: str) -> None:
    assert not formula_image(tex, 18, "#000000").isNull()


def test_what_the_renderer_refuses_is_shown_as_text(qapp, monkeypatch) -> None:
    def refuse(*_: object) -> str:
        raise RuntimeError("no")

    monkeypatch.setattr(math_view, "_svg", refuse)
    assert ink(formula_image(r"\frac{\partial a}{\partial b} = 7", 18, "#000000")) > 50


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (CHAIN, "∂f/∂x = ∂f/∂q · ∂q/∂x"),
        (r"\mathrm{loss} = -2", "loss = −2"),
        (r"\sigma(x) + \ln y", "σ(x) + ln y"),
        (r"\frac{\partial f}{\partial \mathrm{\sigma{}(y)}}", "∂f/∂σ(y)"),
        (r"\lambda{} + \Delta{}x", "λ + Δx"),
        (r"\mathrm{gate\_2}", "gate_2"),
        ("x_{2}", "x_2"),
    ],
)
def test_plain_text_of_a_formula(tex: str, text: str) -> None:
    assert plain(tex) == text


def test_a_long_name_is_set_close(qapp) -> None:
    underscored = formula_image(r"\mathrm{gate\_two}", 18, "#000000")
    assert underscored.width() < 1.25 * formula_image(r"\mathrm{gatetwo}", 18, "#000000").width()


def test_the_widget_shows_its_formula_and_shrinks_a_wide_one(qtbot) -> None:
    view = MathView(18, 60)
    qtbot.addWidget(view)
    view.resize(300, 60)
    view.set_formula(CHAIN)
    view.show()
    assert view.formula() == CHAIN
    assert view.accessibleName() == plain(CHAIN)
    assert ink(view.grab().toImage()) > 100
    view.resize(90, 60)
    assert view.image().deviceIndependentSize().width() <= 91


def test_in_a_rush_text_stands_in_until_it_is_over(qtbot) -> None:
    view = MathView(18, 60)
    qtbot.addWidget(view)
    view.resize(300, 60)
    view.show()
    view.set_formula("r_1 + s")
    view.set_formula("r_2 + s + t")  # at once: a rush
    text = view.image()
    assert "r_2 + s + t" not in math_view._rendered
    qtbot.waitUntil(lambda: "r_2 + s + t" in math_view._rendered or view.image() != text)
