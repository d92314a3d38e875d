"""Presentation mode: for the last row of a lecture hall, and by nothing but a clicker."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import edits
from engine.graph.graph import Graph
from gui.canvas.hint import Hint
from gui.document import settings
from gui.look.math_view import MathView
from gui.look.style import dress
from gui.look.theme import LIGHT, font, themes
from gui.main_window import MainWindow
from gui.panels.predict import PredictPanel
from gui.widgets.fitted_text import FittedText
from gui.widgets.track import Track
from tests.gui.shell.test_stage_first import share
from tests.gui.window_tools import Key, lay_out, press

LAST_ROW = 24  # pixels, at 1440 × 900


def begin(window: MainWindow, qtbot: QtBot, width: int = 1440, height: int = 900) -> None:
    press(window, Key.Key_F11)
    window.setWindowState(Qt.WindowState.WindowNoState)  # as large as the screen of this test would be
    window.resize(width, height)
    qtbot.waitUntil(lambda: window.panels.width() == width and window.panels.height() == height)
    qtbot.waitUntil(lambda: window.timeline.geometry().bottom() + 1 == height)


def sentence(window: MainWindow) -> FittedText:
    return window.timeline.findChild(FittedText)


def formula(window: MainWindow) -> MathView:
    return window.timeline.findChild(MathView)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (1920, 1080)])
def test_the_canvas_has_three_quarters_at_every_step_and_nothing_moves(product_window, qtbot, width, height) -> None:
    window = product_window
    begin(window, qtbot, width, height)
    sizes, player = set(), window.bridge.player
    player.seek(0)
    for _ in range(len(window.bridge.now.trace)):
        press(window, Key.Key_PageDown)
        assert share(window) >= 0.75
        sizes.add(window.canvas.height())
    assert player.position == player.end and len(sizes) == 1


def test_sentence_and_formula_are_for_the_last_row(product_window, qtbot) -> None:
    window = product_window
    begin(window, qtbot)
    for position in range(1, len(window.bridge.now.trace) + 1):
        window.bridge.player.seek(position)
        assert sentence(window).type_size >= LAST_ROW
        if formula(window).isVisible():
            glyphs = formula(window).glyphs()
            assert max(glyph.image.deviceIndependentSize().height() for glyph in glyphs) > LAST_ROW * 0.6
            assert window.bridge.now.explanation.caption != sentence(window).text(), "the numbers are told once"
        else:
            assert sentence(window).text() == window.bridge.now.explanation.caption
    assert formula(window).isVisible()
    press(window, Key.Key_Escape)
    assert sentence(window).type_size < LAST_ROW and not formula(window).isVisible()
    assert sentence(window).text() == window.bridge.now.explanation.caption


@pytest.mark.parametrize("name", ["cs231n-sigmoid", "fan-out", "x-times-x"])
def test_every_equation_of_a_step_is_shown_side_by_side_if_need_be(product_window, qtbot, name) -> None:
    window = product_window
    window.open_example(name)
    begin(window, qtbot, 1280, 720)
    for position in range(1, len(window.bridge.now.trace) + 1):
        window.bridge.player.seek(position)
        said = window.bridge.now.explanation
        if formula(window).isVisible():
            shown = " ".join(formula(window).formulas())
            assert all(side in shown for sides in said.typeset for side in sides), position
            assert formula(window).height() <= window.timeline.height()


def test_no_part_of_a_formula_is_cut_once_it_is_typeset(product_window, qtbot) -> None:
    """In a rush plain text stands in for it, which is lower."""
    window = product_window
    window.open_example("x-times-x")
    begin(window, qtbot)
    window.bridge.player.go_to_end()
    window.bridge.player.seek(window.bridge.player.end - 1)
    window.bridge.player.go_to_end()
    qtbot.wait_until(lambda: max(g.image.deviceIndependentSize().height() for g in formula(window).glyphs()) > 40)
    track = window.timeline.findChild(Track)
    qtbot.wait_until(lambda: formula(window).mapTo(window, formula(window).rect().bottomLeft()).y()
                     < track.mapTo(window, QPoint()).y())  # fmt: skip


def test_type_grows_with_the_window(product_window, qtbot) -> None:
    begin(product_window, qtbot, 1280, 720)
    small = sentence(product_window).type_size
    product_window.resize(1920, 1080)
    qtbot.waitUntil(lambda: sentence(product_window).type_size > small * 1.3)


def test_a_clicker_goes_through_the_pass(product_window, qtbot) -> None:
    window = product_window
    begin(window, qtbot)
    window.bridge.player.seek(3)
    press(window, Key.Key_PageDown)
    assert window.bridge.player.position == 4
    press(window, Key.Key_PageUp)
    press(window, Key.Key_PageUp)
    assert window.bridge.player.position == 2


def test_no_frame_says_where_the_keys_go(product_window, qtbot) -> None:
    themes.choose("light")
    window = product_window
    begin(window, qtbot)
    press(window, Key.Key_F11)
    press(window, Key.Key_F11)
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.bridge.player.go_to_end()
    window.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    image = window.canvas.viewport().grab().toImage()
    assert LIGHT.color("focus").rgb() not in {image.pixel(x, 1) for x in range(0, image.width(), 7)}


def test_the_pointer_goes_when_it_rests_and_comes_back(product_window, qtbot) -> None:
    window = product_window
    begin(window, qtbot)
    window.pointer.rest.setInterval(10)
    QTest.mouseMove(window.canvas.viewport(), QPoint(300, 300))
    blank = Qt.CursorShape.BlankCursor
    hidden = lambda: (cursor := QGuiApplication.overrideCursor()) is not None and cursor.shape() == blank  # noqa: E731
    qtbot.waitUntil(hidden)
    window.pointer.rest.setInterval(60_000)
    QTest.mouseMove(window.canvas.viewport(), QPoint(320, 300))
    qtbot.waitUntil(lambda: not hidden())
    window.pointer.rest.setInterval(10)
    QTest.mouseMove(window.canvas.viewport(), QPoint(340, 300))
    qtbot.waitUntil(hidden)
    press(window, Key.Key_Escape)
    assert not hidden() and not window.presenting and QApplication.overrideCursor() is None


def test_what_is_longest_is_never_cut(product_window, qtbot) -> None:
    window = product_window
    begin(window, qtbot, 800, 600)
    window.bridge.edit(lambda graph: edits.name_node(graph, "q", "the sum of both of the inputs"))
    for position in range(1, len(window.bridge.now.trace) + 1):
        window.bridge.player.seek(position)
        said = sentence(window)
        assert "…" not in "".join(said.shown_lines())
        assert "".join(said.shown_lines()).replace(" ", "") == said.text().replace(" ", "")


def test_an_open_training_gives_way_and_comes_back(product_window, qtbot) -> None:
    window = product_window
    window.panels.show_panel("training")
    begin(window, qtbot)
    assert not window.training.isVisible() and share(window) >= 0.75
    press(window, Key.Key_Escape)
    assert window.training.isVisible()


def test_a_window_that_closes_while_it_presents_comes_back_divided_as_it_was(product_window) -> None:
    window = product_window
    before = json.loads(window.panels.layout_text())
    press(window, Key.Key_F11)
    lay_out(window)
    assert window.close()
    assert json.loads(settings.get("layout")) == before


@pytest.fixture
def large_letters() -> Iterator[None]:
    """The program's own font, which `style.apply` makes larger for the last row."""
    usual = QApplication.font()
    QApplication.setFont(font(28))
    yield
    QApplication.setFont(usual)


def test_the_examples_of_an_empty_canvas_are_read_whole(qtbot, window, large_letters) -> None:
    dress(window)
    window.bridge.load(Graph.of([], []))
    begin(window, qtbot)
    hint = window.findChild(Hint)
    assert hint.isVisible() and hint.lessons.isVisible()
    qtbot.waitUntil(lambda: hint.rect().contains(hint.lessons.geometry()))
    for button in (*hint.buttons, hint.lessons):
        assert button.width() >= button.sizeHint().width(), button.text()


@pytest.mark.parametrize("keys", [("F4", "F11", "Escape", "Escape"), ("F11", "F4", "F11", "F4")])
def test_a_question_on_the_stage_leaves_each_panel_as_wide_as_it_was(product_window, keys: tuple[str, ...]) -> None:
    """Also what is kept for the next start, and the panel with the question as long as it stands beside the canvas."""
    window = product_window
    lay_out(window)
    wide, asks = window.inspector.width(), window.findChild(PredictPanel)
    before = json.loads(window.panels.layout_text())
    press(window, Key.Key_F4)
    lay_out(window)
    alone = asks.width()
    press(window, Key.Key_F4)
    lay_out(window)
    for key in keys:
        press(window, getattr(Key, f"Key_{key}"))
        lay_out(window)
        if window.bridge.asking.is_on and not window.presenting:
            assert asks.width() == alone
    assert not window.presenting and not window.bridge.asking.is_on
    assert window.inspector.width() == wide and json.loads(window.panels.layout_text()) == before
