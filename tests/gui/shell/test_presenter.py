"""What a speaker has at hand: a remote control, laser, pen, blank screen, notes; by real keys and mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from engine.teach.lessons.shelf import find_shelved
from gui.document import scores
from gui.document.errors import Notice
from gui.look.theme import LIGHT, themes
from gui.shell.presenting.laser import RED, SIZE
from tests.gui.canvas_tools import value_spot
from tests.gui.keys.keys_tools import draw
from tests.gui.shell.test_presentation import begin, formula, sentence
from tests.gui.window_tools import LEFT, NONE, Key, lay_out, press

LEGIBLE = 28  # pixels of an em at 1280 × 720: on a screen 2 m wide capitals of 3 cm, which are read from 10 m


@pytest.fixture
def stage(product_window, qtbot):
    """(x + y) · z, presented at 1280 × 720."""
    begin(product_window, qtbot, 1280, 720)
    lay_out(product_window)
    yield product_window
    if product_window.presenting:
        product_window.toggle_presentation()


@pytest.fixture
def lesson(window, qtbot):
    """A lesson, presented at 1280 × 720."""
    assert window.doors.show_lesson(find_shelved("paths").path)
    lay_out(window)
    window.canvas.setFocus()
    press(window, Key.Key_F5)
    assert window.presenting
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(1280, 720)
    qtbot.waitUntil(lambda: window.timeline.geometry().bottom() + 1 == 720)
    lay_out(window)
    yield window
    if window.presenting:
        window.toggle_presentation()
    window.bridge.lesson.leave()


def red_in(image: QImage) -> int:
    """How many pixels are as red as the heart of the dot."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    pixels = rows[:, : 3 * plain.width()].reshape(-1, 3).astype(int)
    return int((np.abs(pixels - np.array(QColor(RED).getRgb()[:3])).max(axis=1) < 30).sum())


# --- letters that are read from ten metres


def test_sentence_and_formula_are_legible_from_ten_metres(stage) -> None:
    sizes = []
    for position in range(1, len(stage.bridge.now.trace) + 1):
        stage.bridge.player.seek(position)
        sizes.append(sentence(stage).type_size)
        if formula(stage).isVisible():
            assert not formula(stage).height() > stage.timeline.height()
    assert min(sizes) >= LEGIBLE


def test_title_question_and_answer_are_legible_from_ten_metres(lesson) -> None:
    board = lesson.board
    assert board.isVisible() and min(board.title.type_size, board.said.type_size) >= LEGIBLE
    step = lesson.bridge.lesson.step
    assert board.texts() == [step.title, lesson.bridge.lesson.words(step.task.words)] and "4 to 5" in board.texts()[1]
    assert lesson.canvas.height() >= 0.4 * lesson.height()


# --- a remote control


def test_page_down_answers_and_goes_on_and_page_up_goes_back(lesson) -> None:
    walk, high, asked = lesson.bridge.lesson, lesson.board.height(), lesson.board.texts()
    press(lesson, Key.Key_PageDown)
    assert lesson.board.texts()[1].startswith("It is 5. p moved by 3 ") and walk.is_done
    lay_out(lesson)
    assert lesson.board.height() == high, "nothing jumps when the answer comes"
    press(lesson, Key.Key_PageDown)
    assert walk.at == 1 and lesson.board.texts()[0] == walk.lesson.steps[1].title
    press(lesson, Key.Key_PageUp)
    assert walk.at == 0 and lesson.board.texts() == asked
    assert not lesson.panels.is_open("lesson")


def test_a_question_on_the_canvas_leaves_the_keys_to_the_remote_control(lesson, monkeypatch) -> None:
    monkeypatch.setattr(scores, "keep", lambda *_, **__: pytest.fail("the speaker was not asked"))
    asking = lesson.bridge.asking
    press(lesson, Key.Key_PageDown)
    press(lesson, Key.Key_PageDown)
    assert asking.phase == "asked" and lesson.canvas.answer.isVisible() and lesson.canvas.hasFocus()
    press(lesson, Key.Key_B)
    assert lesson.presenter.blank.isVisible() and lesson.canvas.answer.text() == ""
    press(lesson, Key.Key_Period)
    assert not lesson.presenter.blank.isVisible() and asking.phase == "asked"
    press(lesson, Key.Key_PageDown)
    assert asking.phase == "told" and lesson.board.texts()[1].startswith("It is 2.")


def test_an_answer_can_be_typed_and_page_down_works_from_there(lesson) -> None:
    press(lesson, Key.Key_PageDown)
    press(lesson, Key.Key_PageDown)
    press(lesson, Key.Key_7)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit) and field.text() == "7"
    press(lesson, Key.Key_Return)
    assert lesson.bridge.asking.phase == "asked"
    press(lesson, Key.Key_PageDown)
    assert lesson.bridge.asking.phase == "told"


def test_a_question_puts_nothing_on_the_stage_when_it_is_over(lesson) -> None:
    for _ in range(4):
        press(lesson, Key.Key_PageDown)
    opened = {name for name in ("palette", "inspector", "lesson", "timeline") if lesson.panels.is_open(name)}
    assert opened == {"timeline"}
    press(lesson, Key.Key_Escape)
    assert lesson.panels.is_open("lesson") and not lesson.board.isVisible()
    assert lesson.bridge.lesson.at == 2, "the lesson goes on beside the canvas"


def test_what_was_answered_on_stage_is_asked_again_afterwards(window) -> None:
    assert window.doors.show_lesson(find_shelved("paths").path)
    walk = window.bridge.lesson
    window.canvas.setFocus()
    press(window, Key.Key_F11)
    press(window, Key.Key_PageDown)
    press(window, Key.Key_PageDown)
    assert walk.at == 1 and walk.done == {0}
    press(window, Key.Key_Escape)
    assert walk.at == 1 and walk.done == set() and not window.presenting
    press(window, Key.Key_F5)
    assert walk.at == 0 and not walk.is_done, "F5 begins at the beginning"
    window.toggle_presentation()
    walk.leave()


# --- laser


def test_the_dot_follows_the_mouse_and_fades(stage, qtbot) -> None:
    press(stage, Key.Key_L)
    dot, viewport = stage.presenter.laser, stage.canvas.viewport()
    for spot in (QPoint(300, 200), QPoint(420, 260)):
        QTest.mouseMove(viewport, spot)
        qtbot.waitUntil(lambda spot=spot: dot.isVisible()
                        and dot.geometry().center() - stage.canvas.mapTo(stage, spot) in NEAR)  # fmt: skip
    assert red_in(stage.grab(dot.geometry()).toImage()) > 20
    dot.rest.setInterval(1)
    QTest.mouseMove(viewport, QPoint(430, 260))
    qtbot.waitUntil(lambda: not dot.isVisible())
    assert red_in(stage.grab().toImage()) < 20
    dot.rest.setInterval(60_000)
    QTest.mouseMove(viewport, QPoint(500, 300))
    qtbot.waitUntil(dot.isVisible)
    press(stage, Key.Key_Escape)
    assert stage.presenting and not dot.isVisible() and QApplication.overrideCursor() is None


NEAR = [QPoint(x, y) for x in (-1, 0) for y in (-1, 0)]


def test_under_the_dot_the_canvas_is_used_as_ever(stage) -> None:
    press(stage, Key.Key_L)
    assert SIZE < 100
    QTest.mouseMove(stage.canvas.viewport(), value_spot(stage.canvas, "x"))
    QTest.mouseClick(stage.canvas.viewport(), LEFT, NONE, value_spot(stage.canvas, "x"))
    QTest.keyClicks(QApplication.focusWidget(), "7.5")
    press(stage, Key.Key_Return)
    assert stage.bridge.now.graph.nodes["x"].value == 7.5, "its point was no black screen"


# --- pen


def test_strokes_stay_at_what_they_mark_and_are_no_part_of_the_document(stage, qtbot) -> None:
    themes.choose("light")
    before, camera = stage.bridge.now.graph, stage.canvas.camera
    press(stage, Key.Key_P)
    pen = stage.presenter.pen
    draw(stage, (60, 60), (90, 90), (120, 60), (150, 90))
    marked = stage.canvas.mapToScene(QPoint(60, 60))
    (stroke,) = pen.strokes
    assert (stroke.points[0] - marked).manhattanLength() < 1.5 / camera.zoom and len(stroke.points) == 4
    colour = LIGHT.color("loss").rgb()
    assert colour in {stage.canvas.viewport().grab().toImage().pixel(60 + d, 60 + d) for d in range(6)}
    camera.zoom_at(1.5, QPoint(0, 0))
    spot = stage.canvas.mapFromScene(QPointF(marked))
    assert (spot - QPoint(90, 90)).manhattanLength() <= 3
    image = stage.canvas.viewport().grab().toImage()
    assert colour in {image.pixel(spot.x() + dx, spot.y() + dx) for dx in range(6)}, "it has gone along"
    assert stage.bridge.now.graph is before and not stage.bridge.document.modified
    press(stage, Key.Key_Escape)
    press(stage, Key.Key_Escape)
    assert not stage.presenting and not pen.isVisible() and not pen.strokes


def test_another_page_of_the_lesson_has_no_strokes_of_the_last(lesson) -> None:
    press(lesson, Key.Key_P)
    draw(lesson, (60, 60), (90, 90))
    press(lesson, Key.Key_PageDown)
    assert lesson.presenter.pen.strokes, "the answer comes on the same page"
    for _ in range(4):
        press(lesson, Key.Key_PageDown)
    assert lesson.bridge.lesson.at >= 2
    while lesson.bridge.lesson.at < 3:
        press(lesson, Key.Key_PageDown)
    assert not lesson.presenter.pen.strokes and lesson.presenter.hand == "pen"


# --- blank


@pytest.mark.parametrize(("key", "colour"), [(Key.Key_B, "black"), (Key.Key_Period, "black"), (Key.Key_W, "white")])
def test_nothing_is_seen_and_nothing_is_done_until_a_key_brings_it_back(stage, key, colour) -> None:
    stage.bridge.player.seek(3)
    stage.bridge.player.play()
    press(stage, key)
    assert not stage.bridge.player.playing
    place = stage.bridge.player.position
    image = stage.grab().toImage()
    corners = [(5, 5), (640, 360), (1270, 700)]
    assert {QColor.fromRgb(image.pixel(*corner)).name() for corner in corners} == {QColor(colour).name()}
    press(stage, Key.Key_PageDown)
    assert not stage.presenter.blank.isVisible() and stage.bridge.player.position == place
    press(stage, key)
    QTest.mouseClick(stage.presenter.blank, LEFT, NONE, QPoint(640, 360))
    assert not stage.presenter.blank.isVisible() and stage.canvas.hasFocus()


# --- notes


def test_the_notes_say_what_to_say_and_what_comes_next(lesson, qtbot) -> None:
    press(lesson, Key.Key_N)
    notes, walk = lesson.presenter.notes, lesson.bridge.lesson
    assert notes.isWindow() and notes.heading.text() == walk.step.title
    assert notes.notes.text() == "\n\n".join(map(walk.words, walk.step.notes)) and "from 4 to 5" in notes.notes.text()
    assert notes.answer.text() == "The answer is 5." and notes.next.text() == "The answer."
    assert "f = 20" in notes.text.text() and notes.clock.text() == "00:00"
    notes.activateWindow()
    QTest.keyClick(notes, Key.Key_PageDown)
    assert lesson.bridge.lesson.is_done, "its keys work there too"
    assert notes.next.text() == f"Step 2: {walk.lesson.steps[1].title}" and not notes.answer.isVisible()
    QTest.keyClick(notes, Key.Key_PageDown)
    assert notes.heading.text() == walk.lesson.steps[1].title and notes.answer.text() == "The answer is 2."
    lesson.activateWindow()
    lesson.toggle_presentation()
    assert lesson.presenter.notes is None


def test_without_a_lesson_the_notes_tell_the_pass(stage) -> None:
    stage.bridge.player.seek(8)
    press(stage, Key.Key_N)
    notes, said = stage.presenter.notes, stage.bridge.now.explanation
    assert notes.heading.text() == f"{said.heading}." and notes.notes.text() == said.why
    stage.bridge.player.go_to_end()
    assert notes.next.text() == "This is the end of the pass."


def test_the_clock_tells_how_long_one_has_spoken(stage, monkeypatch) -> None:
    monkeypatch.setattr(type(stage.presenter), "seconds", property(lambda self: 754.3))
    press(stage, Key.Key_N)
    assert stage.presenter.notes.clock.text() == "12:34"


def test_questions_are_asked_on_the_stage_and_page_down_answers_them(stage) -> None:
    press(stage, Key.Key_Home)
    press(stage, Key.Key_F4)
    asking = stage.bridge.asking
    assert asking.phase == "asked" and sentence(stage).text() == asking.text
    asked = asking.question
    press(stage, Key.Key_PageDown)
    assert asking.phase == "told" and sentence(stage).text() != asking.text
    press(stage, Key.Key_PageDown)
    assert asking.phase == "asked" and asking.question is not asked
    press(stage, Key.Key_F4)
    assert not asking.is_on and stage.presenting


def test_what_waits_to_be_settled_is_not_over_the_presentation(window) -> None:
    window.tell(Notice("There is unsaved work on “a”.", topic="lost work"))
    assert window.standing.isVisible()
    press(window, Key.Key_F11)
    assert not window.standing.isVisible()
    press(window, Key.Key_Escape)
    assert window.standing.isVisible() and "unsaved work" in window.standing.by_topic["lost work"].sentence.text()
