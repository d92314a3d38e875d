"""The one plot: its axes, the read-out under the mouse, what it tells who cannot see it, and both themes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.look import measure
from gui.look.text_size import scaled
from gui.look.theme import CAPTION, themes
from gui.widgets.plot import Curve, Figure, Mark, Plot
from gui.widgets.plot_axes import Axis, decades, ticked
from gui.widgets.plot_ends import uncrowded

STEPS = np.array([0.0, 1.0, 2.0, 4.0])
FALLING = Curve("training", "neg", STEPS, np.array([8.0, 4.0, 2.0, 1.0]))


@pytest.fixture
def plot(qtbot):
    made = Plot("Loss", QSize(420, 150))
    qtbot.addWidget(made)
    made.resize(420, 150)
    made.show_figure(Figure("Loss", Axis(0, 4), ticked(0, 8), (FALLING,), ("0", "step", "4"), unit="step"))
    made.show()
    qtbot.waitExposed(made)
    return made


def said(axis: Axis) -> list[str]:
    return [text for _, text in axis.ticks]


def test_round_numbers_stand_beside_a_linear_axis_and_powers_of_ten_beside_a_logarithmic_one():
    assert said(ticked(0.0, 8.0)) == ["0", "2", "4", "6", "8"]
    assert said(ticked(-3.5, 0.5, log=True)) == ["0.001", "0.01", "0.1", "1"]
    assert said(ticked(0.0, 0.55, log=True)) == ["1", "2", "3"]
    assert said(ticked(-0.75, 0.75, log=True)) == ["0.2", "0.5", "1", "2", "5"]
    assert said(ticked(0.6590460, 0.6590465)) == ["0.659046", "0.6590462", "0.6590464"]
    assert said(decades(-16, 0, (0, -4, -16))) == ["1", "10⁻⁴", "10⁻¹⁶"]


def test_what_is_not_above_0_is_nowhere_on_a_logarithmic_axis():
    places = Axis(-2, 0, log=True).place(np.array([0.01, 0.1, 1.0, 0.0, -1.0]))
    np.testing.assert_allclose(places[:3], [0, 0.5, 1])
    assert np.isnan(places[3:]).all()


def test_the_largest_two_floats_are_on_one_axis():
    largest = float(np.finfo(np.float64).max)
    np.testing.assert_allclose(Axis(-largest, largest).place(np.array([-largest, 0.0, largest])), [0, 0.5, 1])


def test_the_mouse_reads_out_the_nearest_point_and_leaving_the_last(plot):
    assert plot.reading() == "Loss: training 1"
    QTest.mouseMove(plot, QPoint(plot.width() // 3, plot.height() // 2))
    assert plot.reading() == "Loss at step 1: training 4"
    assert plot.accessibleDescription() == plot.reading()
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert plot.accessibleDescription() == "Loss: training 1"


def test_a_figure_with_nothing_to_read_out_forgets_the_mouse(plot):
    QTest.mouseMove(plot, QPoint(plot.width() // 3, plot.height() // 2))
    plot.show_figure(Figure("Loss", Axis(0, 1), Axis(0, 1), hint="Nothing yet."))
    assert plot.reading() == "Loss"


def test_a_marked_point_its_tangent_and_the_theme_are_seen(plot):
    plain = plot.grab().toImage()
    plot.show_figure(Figure("L", Axis(0, 4), Axis(0, 8), (FALLING,), mark=Mark(1.0, 4.0)))
    marked = plot.grab().toImage()
    plot.show_figure(Figure("L", Axis(0, 4), Axis(0, 8), (FALLING,), mark=Mark(1.0, 4.0, -3.0)))
    tangent = plot.grab().toImage()
    themes.choose("dark")
    dark = plot.grab().toImage()
    themes.choose("light")
    assert plain != marked != tangent != dark and plot.grab().toImage() == tangent


def changed(before, after) -> tuple[int, int]:
    """How wide and how high the part of a picture is that is other in a second one."""
    spots = [(x, y) for x in range(after.width()) for y in range(after.height())
             if before.pixel(x, y) != after.pixel(x, y)]  # fmt: skip
    xs, ys = zip(*spots, strict=True)
    return max(xs) - min(xs), max(ys) - min(ys)


def test_a_mark_at_a_rim_is_whole(plot):
    sizes = set()
    for x, y in ((2, 4), (4, 4), (0, 4), (2, 8), (2, 0)):
        plain = Figure("L", Axis(0, 4), Axis(0, 8), ())
        plot.show_figure(plain)
        before = plot.grab().toImage()
        plot.show_figure(replace(plain, mark=Mark(float(x), float(y))))
        sizes.add(changed(before, plot.grab().toImage()))
    wide, high = zip(*sizes, strict=True)
    assert max(wide) - min(wide) <= 1 and max(high) - min(high) <= 1


def test_however_wide_it_is_the_legend_never_cuts_its_heading(plot):
    room = QRect(0, 0, 14 + round(measure.width("Loss", scaled(CAPTION), bold=True)), 26)
    whole = plot.grab(room).toImage()
    for wide in range(140, 420):
        plot.resize(wide, 150)
        assert plot.grab(room).toImage() == whole, wide


def test_what_is_named_above_is_not_said_twice_but_in_the_picture_that_goes_elsewhere(qtbot, plot):
    below = Plot("Loss", QSize(420, 150), named_above=True)
    qtbot.addWidget(below)
    below.resize(420, 150)
    below.show_figure(plot.figure)
    heading = QRect(0, 0, 60, 26)
    assert below.grab(heading).toImage() != plot.grab(heading).toImage()
    assert below.picture().toImage() == plot.grab().toImage() == plot.picture().toImage()
    assert below.reading() == plot.reading(), "who cannot see it hears it as ever"


@pytest.mark.parametrize("count", [2, 3, 4])
def test_long_names_are_whole_where_the_heading_stands_above(qapp, count):
    """Beside the ends of the curves, where a legend has no room for them: a digit in their middle is seen."""

    def drawn(number: str) -> QImage:
        plot = Plot("", QSize(232, 132), named_above=True)
        plot.resize(260, 132)
        names = [f"SGD {number}, continued", *(f"SGD 0.{n}" for n in range(1, count))]
        curves = [Curve(name, "neg", np.arange(3.0), np.arange(3.0) + at) for at, name in enumerate(names)]
        plot.show_figure(Figure("Runs", Axis(0, 2), Axis(0, 5), tuple(curves)))
        return plot.grab().toImage()

    assert drawn("0.012") != drawn("0.013")


def test_below_a_narrow_plot_the_middle_gives_way():
    assert uncrowded(("0", "epoch", "100"), 200) == ("0", "epoch", "100")
    assert uncrowded(("0", "epoch", "100"), 70) == ("0", "", "100")
