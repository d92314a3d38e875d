"""Formulas become pictures, once each; what cannot be rendered is shown as text."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage

from engine import parse
from engine.passes.run import run
from engine.session import Session
from engine.show.explain import explain
from gui.look import formula_image as images
from gui.look import math_view
from gui.look.formula_image import formula_picture, formula_svg, text_picture, was_rendered
from gui.look.formula_text import plain
from gui.look.line_breaks import TexPiece, flowed, pieces
from gui.look.math_view import AT_ONCE, MOST_KEPT, MathView
from tests.networks import shipped

CHAIN = r"\frac{\partial f}{\partial x} = \frac{\partial f}{\partial q} \cdot \frac{\partial q}{\partial x}"


def ink(image: QImage) -> int:
    """How many pixels are drawn."""
    return sum(image.pixelColor(x, y).alpha() > 0 for x in range(image.width()) for y in range(image.height()))


def test_a_formula_is_drawn_in_its_colour_and_sharp(qapp) -> None:
    once, twice = formula_picture(CHAIN, 18, "#c03f0a", 1.0).image, formula_picture(CHAIN, 18, "#c03f0a", 2.0).image
    assert ink(once) > 100
    assert twice.width() == pytest.approx(2 * once.width(), abs=2)
    pixels = (twice.pixelColor(x, y) for x in range(twice.width()) for y in range(twice.height()))
    assert {c.name() for c in pixels if c.alpha() == 255} == {"#c03f0a"}


def test_a_formula_is_rendered_once(qapp, monkeypatch) -> None:
    calls: list[str] = []
    real = images._svg
    monkeypatch.setattr(images, "_svg", lambda tex, size, color: calls.append(tex) or real(tex, size, color))
    first = formula_picture("a + b + c", 17, "#000000", 1.0)
    assert formula_picture("a + b + c", 17, "#000000", 1.0) is first
    formula_picture("a + b + c", 17, "#ffffff", 1.0)
    assert calls == ["a + b + c"] * 2


@pytest.mark.parametrize("tex", ["", r"\frac{", r"\nosuchword{x}", "}{", "a & b", "ÿ€𝛁", r"\mathrm{a~b}_{12}"])
def test_nothing_makes_it_raise(qapp, tex: str) -> None:
    assert not formula_picture(tex, 18, "#000000").image.isNull()


@pytest.mark.parametrize("tex", [r"\sum_{i} x", r"a - \sum_{\text{last axis}} \frac{g}{p}", r"\frac{\prod_{i} x}{2}"])
def test_brackets_are_as_high_as_what_they_hold(qapp, tex: str) -> None:
    inside, whole = (formula_picture(text, 16, "#000000").image for text in (tex, rf"\left({tex}\right)"))
    assert inside.height() <= whole.height() <= 1.5 * inside.height() + 16


def test_no_formula_of_a_softmax_is_higher_than_its_matrices(qapp) -> None:
    graph = parse("x = np.array([[1, 2, 0.5], [3, -1, 0.2]]); p = softmax(x); f = (p * p).sum()")
    trace = run(graph)
    sides = [s for step in trace.steps for s in explain(graph, trace, step).typeset]
    parts = {tex for side in sides for part in pieces(side) for tex in part[:2] if tex}
    assert any(r"\sum" in tex and r"\left" in tex for tex in parts)
    drawn = [formula_picture(tex, 16, "#000000").image for tex in parts]
    assert max(image.height() for image in drawn) < 100
    assert max(image.width() for image in drawn) < 300  # or it is set in letters that nobody can read


def test_what_the_renderer_refuses_is_shown_as_text(qapp, monkeypatch) -> None:
    def refuse(*_: object) -> str:
        raise RuntimeError("no")

    monkeypatch.setattr(images, "_svg", refuse)
    assert ink(formula_picture(r"\frac{\partial a}{\partial b} = 7", 18, "#000000").image) > 50


@pytest.mark.parametrize("name", ["中文", "😀"])
def test_letters_that_the_formula_font_lacks_are_shown_as_text_not_as_boxes(qapp, name: str) -> None:
    tex = rf"\mathrm{{{name}}} = 7"
    assert formula_svg(r"\mathrm{Σß} = 7", 18) and not formula_svg(tex, 18)
    shown, written = formula_picture(tex, 18, "#000000").image, text_picture(tex, 18, "#000000", 1.0).image
    assert shown == written


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (CHAIN, "∂f/∂x = ∂f/∂q · ∂q/∂x"),
        (r"\mathrm{loss} = -2", "loss = −2"),
        (r"\sigma(x) + \ln y", "σ(x) + ln y"),
        (r"\frac{\partial f}{\partial \mathrm{\sigma{}(y)}}", "∂f/∂σ(y)"),
        (r"\lambda{} + \Delta{}x", "λ + Δx"),
        (r"\mathrm{gate\_2}", "gate_2"),
        ("x_{2}", "x₂"),
        (r"{\left(\frac{\partial L}{\partial y}\right)}^{\top} \, h_{1}", "(∂L/∂y)ᵀ h₁"),
        (r"\left(\begin{cases} 0 & z_{2} \le 0 \\ 1 & \text{otherwise} \end{cases}\right)", "(0 if z₂ ≤ 0, else 1)"),
        (
            r"\begin{cases} {\begin{bmatrix} 1 & 2 \end{bmatrix}} & \text{if } x \\ y & \text{otherwise} \end{cases}",
            "([1, 2] if x, else y)",
        ),
        (r"{\begin{bmatrix} 1 & -2 \\ 3 & 4 \end{bmatrix}}", "[[1, −2], [3, 4]]"),
        (r"\frac{\frac{1}{1 + e^{-\mathrm{score}}} - y}{8}", "(1/(1 + e^(−score)) − y)/8"),
        (r"{x}^{\mathrm{two\_2} - 1}", "x^(two_2 − 1)"),
        (r"{(-7)}^{2} \odot 10^{-5}", "(−7)² ⊙ 10⁻⁵"),
        (r"\overline{(p - y)^2} + \sqrt{x + 1} + \max(0, x) + \tfrac12", "mean((p − y)²) + √(x + 1) + max(0, x) + 1/2"),
    ],
)
def test_plain_text_of_a_formula(tex: str, text: str) -> None:
    assert plain(tex) == text


def test_plain_text_that_has_no_room_ends_in_dots_and_keeps_its_size(qapp) -> None:
    long = r"{\begin{bmatrix} " + " & ".join(map(str, range(60))) + r" \end{bmatrix}}"
    whole, cut = text_picture(long, 16, "#000000", 1.0).image, text_picture(long, 16, "#000000", 1.0, 200.0).image
    assert whole.width() > 600 and 150 < cut.width() <= 203 and cut.height() == whole.height()


@pytest.mark.parametrize("name", ["iris", "micrograd", "train-xor", "train-moons", "cs231n-staged"])
def test_no_command_of_latex_is_left_in_plain_text(name: str) -> None:
    session = Session(shipped(name))
    for step in session.now.trace.steps:
        for sides in explain(session.now.graph, session.now.trace, step, "gradient").typeset:
            for text in map(plain, sides):
                assert not re.search(r"[\\{}&]|\b(left|right|begin|end|frac|top|odot|quad|text|overline)\b", text), text
                assert text.count("(") == text.count(")") and text.count("[") == text.count("]")


def test_a_long_name_is_set_close(qapp) -> None:
    underscored = formula_picture(r"\mathrm{gate\_two}", 18, "#000000").image
    assert underscored.width() < 1.25 * formula_picture(r"\mathrm{gatetwo}", 18, "#000000").image.width()


def test_a_sign_stands_close_to_its_number_after_a_comma(qapp) -> None:
    widths = [formula_picture(tex, 18, "#000000").image.width() for tex in ("(a, -1)", "(a, {-}1)")]
    assert widths[0] == widths[1]


CASES = r"\begin{cases} x - 1 & y \\ 2 \end{cases}"
SIDES = tuple(CHAIN.split(" = "))


def shown(qtbot, *equations: tuple[str, ...], width: int = 300, typeset: bool = True) -> MathView:
    view = MathView(18, 60)
    qtbot.addWidget(view)
    view.resize(width, 60)
    view.show_equations(equations)
    view.show()
    if typeset:
        qtbot.waitUntil(lambda: view.is_typeset)
    return view


def test_the_widget_shows_its_equations(qtbot) -> None:
    view = shown(qtbot, SIDES, ("a", "b", "c"))
    assert view.formulas() == (CHAIN, "a = b = c")
    assert view.accessibleName() == f"{plain(CHAIN)}; a = b = c"
    assert ink(view.grab().toImage()) > 100
    tops = [glyph.top for glyph in view.glyphs()]
    assert max(tops) > view.glyphs()[0].image.height()


def test_a_wide_equation_is_broken_and_every_line_fits(qtbot) -> None:
    long = (r"\frac{\partial L}{\partial x}", " + ".join([CHAIN.split(" = ")[1]] * 4), "1 + 2 + 3 + 4", "10")
    view = shown(qtbot, long, width=284)
    glyphs = view.glyphs()
    assert len({round(glyph.left) for glyph in glyphs if glyph.left < 17}) == 2  # the first line, and those that go on
    assert all(glyph.left + glyph.image.deviceIndependentSize().width() <= 285 for glyph in glyphs)
    assert max(glyph.top + glyph.image.deviceIndependentSize().height() for glyph in glyphs) <= view.height()
    boxes = [(g.left, g.top, g.left + g.wide, g.top + g.image.deviceIndependentSize().height()) for g in glyphs]
    for number, (left, top, right, bottom) in enumerate(boxes):  # nothing stands on something else
        assert not any(left < x1 and x0 < right and top < y1 and y0 < bottom for x0, y0, x1, y1 in boxes[:number])
    assert not view.toolTip()


def test_pieces_stand_on_one_base_line(qtbot) -> None:
    view = shown(qtbot, ("x", r"\frac{a}{b}", "y"))
    equals = [glyph.top for glyph in view.glyphs() if glyph.image.cacheKey() == view.glyphs()[1].image.cacheKey()]
    x, _, fraction, _, _ = view.glyphs()
    assert len(set(equals)) == 1 and fraction.top < x.top < fraction.top + fraction.image.height()


def test_what_fits_in_no_line_is_squeezed_and_told_on_hover(qtbot) -> None:
    view = shown(qtbot, (r"\mathrm{" + "a_very_long_name" * 6 + "}", "1"), width=150)
    assert "a_very_long_name" in view.toolTip()
    assert ink(view.grab().toImage()) > 100


def test_what_is_too_wide_is_set_smaller_and_stays_sharp(qtbot) -> None:
    view = shown(qtbot, (r"\mathrm{" + "a_very_long_name" * 3 + "}", "1"), width=250)
    assert "a_very_long_name" in view.toolTip()
    for glyph in view.glyphs():
        assert glyph.image.deviceIndependentSize().width() == pytest.approx(glyph.wide, abs=2)  # not scaled
    view.show_equations([("x", "1")])
    assert not view.toolTip()


def test_it_does_not_shrink_from_step_to_step_of_one_run(qtbot) -> None:
    view = shown(qtbot, SIDES, SIDES, SIDES)
    high = view.height()
    view.show_equations([SIDES])
    assert view.height() == high
    view.show_equations([("x", "1")], of="another run")
    assert view.height() == 60 < high


def test_in_a_rush_text_stands_in_until_it_is_over(qtbot) -> None:
    view = shown(qtbot, ("r_1", "s"), typeset=False)
    view.show_equations([("r_2", "s + t")])  # at once: a rush
    text = view.glyphs()[0].image
    assert not was_rendered("r_2")
    qtbot.waitUntil(lambda: was_rendered("r_2") and view.glyphs()[0].image != text)


class Elapsed:
    """A clock for which as much time has passed as the test says."""

    milliseconds = 0

    def isValid(self) -> bool:
        return True

    def start(self) -> None:
        pass

    def elapsed(self) -> int:
        return self.milliseconds


def test_steps_of_a_third_of_a_second_are_not_typeset_for_nobody_reads_them(qtbot, monkeypatch) -> None:
    """A pass of 100 nodes goes as fast as that: to typeset its formulas cost more than all else that it shows."""
    monkeypatch.setattr(math_view, "QElapsedTimer", Elapsed)
    monkeypatch.setattr(Elapsed, "milliseconds", 1000)
    view = shown(qtbot, ("u_1", "v"))
    monkeypatch.setattr(Elapsed, "milliseconds", 330)
    for number in range(2, 5):
        view.show_equations([(f"u_{number}", "v")])
        assert view.formulas() == (f"u_{number} = v",) and view.accessibleName() == f"u{'₀₁₂₃₄'[number]} = v"
        assert not view.is_typeset and not was_rendered(f"u_{number}")
    qtbot.waitUntil(lambda: view.is_typeset and was_rendered("u_4"))
    assert not was_rendered("u_3"), "of those that are gone nothing is typeset any more"


def test_of_a_pass_that_goes_on_at_once_nothing_is_typeset_until_it_rests(qtbot, monkeypatch) -> None:
    """However slow the machine is: then steps last longer by the clock, and typesetting would make it slower still."""
    monkeypatch.setattr(math_view, "QElapsedTimer", Elapsed)
    monkeypatch.setattr(Elapsed, "milliseconds", 5000)
    view = shown(qtbot, ("h_1", "v"))
    for number in (2, 3):
        view.show_equations([(f"h_{number}", "v")], hurried=True)
        assert not view.is_typeset and not was_rendered(f"h_{number}")
        assert view.formulas() == (f"h_{number} = v",)
    view.show_equations([("h_3", "v")])
    qtbot.waitUntil(lambda: view.is_typeset)
    assert was_rendered("h_3") and not was_rendered("h_2")


def test_text_that_stands_in_is_drawn_once(qapp) -> None:
    assert text_picture("x + 1", 16, "#000000", 1.0) is text_picture("x + 1", 16, "#000000", 1.0)


def test_what_was_rendered_is_forgotten_in_the_end(monkeypatch) -> None:
    monkeypatch.setattr(images, "KEPT", 3)
    for number in (1, 2, 3, 1, 4):
        formula_picture(f"k_{{{number}}}", 18, "#000000")
    assert [was_rendered(f"k_{{{number}}}") for number in (1, 2, 3, 4)] == [True, False, True, True]


def test_of_many_new_pieces_each_is_typeset_between_two_events(qtbot) -> None:
    new = [f"m_{{{number}}}" for number in range(AT_ONCE + 7)]
    view = shown(qtbot, new, typeset=False)
    text, high = [glyph.image for glyph in view.glyphs()], view.height()
    assert text and not any(map(was_rendered, new))
    turns: list[tuple[int, bool]] = []
    other = QTimer(view, interval=0)
    other.timeout.connect(lambda: turns.append((sum(map(was_rendered, new)), view.glyphs()[0].image == text[0])))
    other.start()
    qtbot.waitUntil(lambda: view.glyphs()[0].image != text[0])
    assert all(map(was_rendered, new))
    assert {done for done, _ in turns} >= {1, 2}, "others have their turn between two"
    assert all(in_text for done, in_text in turns if done < len(new)), "nothing is seen half typeset"
    view.show_equations([("x", "1")])
    assert view.height() < high, "the text leaves no blank behind"
    few = [f"n_{{{number}}}" for number in range(AT_ONCE)]
    shown(qtbot, few, typeset=False)
    assert all(map(was_rendered, few)), "a few are there at once"


def spelled(lines: list[list[TexPiece]]) -> list[str]:
    return [" ".join(f"{piece.sign} {piece.tex}".strip() for piece in line) for line in lines]


@pytest.mark.parametrize(
    ("sides", "parts"),
    [
        (["a", "b + c", "d"], ["a", "= b", "+ c", "= d"]),
        (["a", "(b + c) + d - e"], ["a", "= (b + c)", "+ d", "- e"]),
        (["a", r"\left(b + \frac{c + d}{e}\right) \cdot f"], ["a", r"= \left(b + \frac{c + d}{e}\right)", r"\cdot f"]),
        (["a", rf"{CASES} + g"], ["a", f"= {CASES}", "+ g"]),
        (["a", r"-2 \times (-3)"], ["a", "= -2", r"\times (-3)"]),
        (["5,\\quad L", r"5 \cdot f"], ["5,", r"\quad L", "= 5", r"\cdot f"]),
        ([r"g^\top \, x_{2}", "1"], [r"g^\top \, x_{2}", "= 1"]),
    ],
)
def test_equations_are_cut_at_signs_outside_brackets(sides: list[str], parts: list[str]) -> None:
    found = pieces(sides)
    assert spelled([[piece] for piece in found]) == parts
    assert spelled(flowed(found, dict.fromkeys(found, 10.0), 1e3)) == [" ".join(parts)]


def test_sides_then_sums_then_products_stay_on_one_line_where_a_line_holds_them() -> None:
    def lines(sides: list[str], room: float) -> list[str]:
        parts = pieces(sides)
        return spelled(flowed(parts, dict.fromkeys(parts, 10.0), room))

    product = ["a", r"b \cdot c", r"d \cdot e \cdot f"]
    assert lines(product, 30.0) == [r"a = b \cdot c", r"= d \cdot e \cdot f"]
    assert lines(product, 20.0) == ["a", r"= b \cdot c", r"= d \cdot e", r"\cdot f"]
    total = ["a", r"b \cdot c + d", "10 + 15", "25"]
    assert lines(total, 40.0) == [r"a = b \cdot c + d", "= 10 + 15 = 25"]
    assert lines(total, 20.0) == ["a", r"= b \cdot c", "+ d", "= 10 + 15", "= 25"]
    assert lines(["a", "b"], 5.0) == ["a", "= b"]


def test_a_very_high_formula_leaves_no_blank_to_the_next_step(qtbot) -> None:
    view = shown(qtbot, *[SIDES] * 12)
    assert view.height() > 2 * MOST_KEPT
    view.show_equations([("x", "1")])
    assert view.height() == MOST_KEPT
