"""Questions about the pass: asked by key, typed at the edge or node, judged, and nothing given away meanwhile."""

from __future__ import annotations

import csv
import re

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from engine.teach.diagnosis import possible_mistakes
from engine.teach.lessons.shelf import find_shelved
from engine.text.read import parse
from gui.canvas.answer_field import AnswerField
from gui.canvas.hits import Hit
from gui.canvas.tips import tip
from gui.document import folders, settings
from gui.panels.predict import PredictPanel
from gui.shell.actions import ACTIONS
from gui.shell.question_time import ACTIONS_MEANWHILE, PANELS
from tests.gui.window_tools import CTRL, LEFT, NONE, Key, lay_out, press, type_value

LESSON = "x=4;a=3;b=2;p=a*x;q=x*b;f=p+q"
SECRETS = "x=1.37;y=2.53;s=sigmoid(x*y);f=s*x*7.1"


@pytest.fixture
def asked(window):
    """The window with this program, asked in this mode."""

    def begin(text: str, mode: str = "each", position: float | None = None):
        settings.put("question_mode", mode)
        window.resize(1400, 900)
        window.bridge.load(parse(text))
        if position is not None:
            window.bridge.player.seek(position)
        lay_out(window)
        window.canvas.setFocus()
        press(window, Key.Key_F4)
        lay_out(window)
        return window.bridge.asking

    yield begin
    window.bridge.asking.leave()


def panel_of(window) -> PredictPanel:
    return window.findChild(PredictPanel)


def answer(window, text: str) -> None:
    field = window.canvas.answer
    assert isinstance(field, AnswerField) and field.isVisible() and field.hasFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Key.Key_Return)
    lay_out(window)


def click(button) -> None:
    assert button.isVisible()
    QTest.mouseClick(button, LEFT, NONE, button.rect().center())


def test_a_whole_pass_is_answered_with_the_keys_alone(asked, window):
    """Every number of it, typed on the canvas; the document is as it was."""
    asking = asked(LESSON)
    graph = window.bridge.document.graph
    right = ["12", "4*2", "20", "1", "1", "1", "2", "4", "4", "5"]
    for text in right:
        assert asking.phase == "asked" and panel_of(window).question.text() == asking.text
        answer(window, text)
        assert asking.phase == "told", (asking.text, asking.reply)
        assert panel_of(window).verdict.text() == "Right."
        press(window, Key.Key_Return)
    assert asking.phase == "done" and "10 right" in panel_of(window).question.text()
    assert window.bridge.document.graph is graph and not window.bridge.document.modified
    press(window, Key.Key_F4)
    assert not window.bridge.now.trace.is_part and window.panels.is_open("palette")


def test_a_wrong_answer_is_told_its_mistakes_then_hints_then_the_step(asked, window):
    asking = asked(LESSON, "fan-outs")
    panel = panel_of(window)
    answer(window, "3")
    assert "Overwritten instead of added" in panel.reply.text() and "A path forgotten" in panel.reply.text()
    assert asking.phase == "asked" and window.canvas.answer.text() == "3"
    for left in (2, 1, 0):
        click(panel.hint)
        assert panel.hint.text() == f"Hint ({left} left)"
    assert "∂f/∂x = 2 + 3 = ?" in panel.hints.text() and not panel.hint.isEnabled()
    answer(window, "five")
    assert "“five” has no number here" in panel.verdict.text() and asking.wrong == 1
    click(panel.show_it)
    lay_out(window)
    assert panel.verdict.text() == "It is 5." and "Together: ∂f/∂x = 2 + 3 = 5" in panel.reply.text()
    assert asking.tally == "0 right, 1 wrong answer, 1 shown"


def said_by(window) -> str:
    """Every word on the window: labels, fields, tool tips, what a screen reader hears, and the texts of the canvas."""
    words = []
    for part in [window, *window.findChildren(QWidget)]:
        if part.isVisible() and part is not window.canvas.answer:
            words += [part.toolTip(), part.accessibleName(), part.accessibleDescription(), part.statusTip()]
            words += [part.text()] if isinstance(part, QLabel | QLineEdit) else []
    stage, now = window.canvas.scene().stage, window.bridge.now
    for id in stage.graph.nodes:
        picture = stage.nodes[id]
        words += [picture.value, picture.gradient, *picture.short_values, tip(now, Hit("node", id)), picture.seed]
    for key in stage.graph.edges:
        words += [*stage.edges[key].said(), tip(now, Hit("edge", edge=key))]
    return "\n".join(words)


def numbers_of(step) -> list[float]:
    """All that a step tells of."""
    names = ("value", "contribution", "total", "upstream", "local", "gradient")
    return [abs(float(each)) for name in names if (each := getattr(step, name, None)) is not None]


def test_nothing_gives_the_number_away(asked, window):
    """At every step of the pass: no text of the window has it, nor any number that comes later; then it has."""
    for panel in ("inspector", "paths", "slopes", "what_if", "trace"):
        window.panels.show_panel(panel)
    asking = asked(SECRETS, position=0)
    count = 0
    while asking.phase == "asked":
        at, steps, said = asking.question.step, asking.question.trace.steps, said_by(window)
        told = [number for step in steps[:at] for number in numbers_of(step)]
        for number in [number for step in steps[at:] for number in numbers_of(step)]:
            text = f"{number:.4g}"
            if len(text) > 4 and all(abs(number - each) > 1e-3 for each in told):
                assert not re.search(rf"(?<![\d.]){re.escape(text[:5])}", said), (asking.text, text)
                count += 1
        asking.show()
        lay_out(window)
        assert f"{numbers_of(steps[at])[0]:.4g}"[:5] in said_by(window)
        asking.go_on()
        lay_out(window)
    assert asking.phase == "done" and count > 10


def test_only_what_tells_nothing_can_be_done_meanwhile(asked, window):
    asking = asked(LESSON)
    usable = {id for id in ACTIONS if window.action_set.by_id[id].isEnabled()}
    assert usable <= ACTIONS_MEANWHILE <= set(ACTIONS)
    assert {panel for panel in window.panels._panels if window.panels.is_open(panel)} <= set(PANELS)
    graph = window.bridge.document.graph
    press(window, Key.Key_E, CTRL)
    QTest.keyClicks(window.canvas, "7")
    assert window.canvas.answer.text() == "7", "what is typed on the canvas is the answer"
    window.bridge.edit(lambda graph: 1 / 0)
    assert "while a question is open" in window.status.findChild(QLabel).text() or window.bridge.document.graph is graph
    QTest.keyClick(window.canvas.answer, Key.Key_Escape)
    assert not asking.is_on and window.canvas.hasFocus() and window.action_set.by_id["export_picture"].isEnabled()


def test_the_field_stands_at_the_edge_or_node_and_goes_with_the_view(asked, window):
    asking = asked(LESSON)
    while asking.question.edge is None:
        asking.show()
        asking.go_on()
    canvas, key = window.canvas, asking.question.edge.key
    for _ in range(2):
        lay_out(window)
        stage, field = canvas.scene().stage, canvas.answer.geometry()
        way = field.center() - canvas.mapFromScene(QPointF(*stage.at(key, 0.5)))
        assert abs(way.x()) <= 3 and abs(way.y()) <= 80
        for left, top, right, bottom in stage.node_boxes.tolist():
            card = canvas.mapFromScene(QRectF(left, top, right - left, bottom - top)).boundingRect()
            assert not field.intersects(card)
        canvas.camera.pan(30, 20)


def test_every_answer_is_kept_on_the_score_sheet(asked, window):
    asked(LESSON, "fan-outs")
    answer(window, "3")
    answer(window, "5")
    text = (folders.state_folder() / "answers.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["outcome"] for row in rows[-2:]] == ["wrong", "right later"]
    assert rows[-2]["mistakes"] == "overwritten path stopped-early" and rows[-2]["asked"] == "gradient"
    press(window, Key.Key_Return)
    sheet = panel_of(window).sheet
    assert sheet.isVisible() and "Overwritten instead of added: 1" in sheet.text()


def test_another_document_or_wording(asked, window):
    asking = asked(LESSON, "fan-outs")
    window.preferences.choose_wording("responsibility")
    assert "whole responsibility of x" in panel_of(window).question.text()
    window.bridge.load(parse("y = 3; f = y * y"))
    QApplication.processEvents()
    assert not asking.is_on and not window.canvas.answer.isVisible() and window.panels.is_open("palette")
    window.preferences.choose_wording("gradient")


@pytest.mark.parametrize("where", ["canvas", "answer", "panel"])
def test_esc_leaves_wherever_the_keys_are(asked, window, where):
    asking = asked(LESSON)
    part = {"canvas": window.canvas, "answer": window.canvas.answer, "panel": panel_of(window).modes}[where]
    part.setFocus()
    QTest.keyClick(part, Key.Key_Escape)
    assert not asking.is_on and not window.bridge.now.trace.is_part and window.panels.is_open("inspector")


def test_practice_asks_what_went_wrong_before(asked, window):
    asking = asked(LESSON, "each")
    answer(window, "-12")  # the sign
    panel = panel_of(window)
    assert "Sign" in panel.reply.text()
    asking.leave()
    settings.put("question_mode", "fan-outs")
    press(window, Key.Key_F4)
    lay_out(window)
    answer(window, "3")
    answer(window, "5")
    QTest.mouseClick(panel.practice, LEFT, NONE, panel.practice.rect().center())
    assert asking.practises and asking.phase in ("done", "asked")
    settings.put("question_mode", "each")
    asking.leave()
    window.bridge.player.go_to_start()
    press(window, Key.Key_F4)
    assert asking.question is not None and "sign" in possible_mistakes(asking.question)
    asking.practise(False)


def test_the_same_graph_with_new_numbers(asked, window):
    """They stand on the canvas as long as they are asked about; the document keeps its own."""
    asking = asked(LESSON)
    graph, panel = window.bridge.document.graph, panel_of(window)
    click(panel.others)
    lay_out(window)
    lent = window.bridge.now.graph
    assert lent != graph and window.bridge.document.graph is graph and not window.bridge.document.modified
    assert asking.question.graph is lent and asking.phase == "asked"
    stage = window.canvas.scene().stage
    assert {id: stage.nodes[id].value for id in "xab"} == {
        id: f"{lent.nodes[id].value:g}".replace("-", "−") for id in "xab"
    }
    answer(window, f"{float(lent.nodes['a'].value)} * {float(lent.nodes['x'].value)}")
    assert asking.phase == "told" and panel.verdict.text() == "Right."
    asking.leave()
    assert window.bridge.now.graph is graph and stage.nodes["x"].value == "4" and stage.nodes["x"].gradient


def test_problems_are_neither_told_nor_denied(asked, window):
    """Beside a question nothing says that all is well."""
    window.bridge.load(parse("x=-3;y=2;r=relu(x);f=r*y"))
    told = window.status.problems.text()
    assert told.endswith(("problem", "problems")), told
    asked("x=-3;y=2;r=relu(x);f=r*y")
    assert window.status.problems.text() == "Problems hidden"
    click(window.status.problems)
    lay_out(window)
    assert not [text for text in words(window.problems) if text and "hidden until the question" not in text]
    press(window, Key.Key_F4)
    assert window.status.problems.text() == told


def test_after_a_question_about_lent_numbers_problems_are_told_at_once(asked, window, monkeypatch):
    """Of a large graph too, of which they are else looked for when the hand rests."""
    monkeypatch.setattr("gui.panels.problems.LARGE", 1)
    window.bridge.load(parse("x=-3;y=2;r=relu(x);f=r*y"))
    told = window.status.problems.text()
    asked("x=-3;y=2;r=relu(x);f=r*y").other_numbers()
    assert window.status.problems.text() == "Problems hidden"
    press(window, Key.Key_F4)
    assert window.status.problems.text() == told


def words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


@pytest.fixture
def still_clock(monkeypatch):
    """Time goes by only as a test says, however fast the machine."""
    monkeypatch.setattr("gui.panels.predict.TICK", 10**8)


def test_against_the_clock_the_answer_is_told_when_the_time_is_up(still_clock, asked, window):
    asking = asked(LESSON)
    panel = panel_of(window)
    assert not panel.left.text()
    click(panel.clock)
    assert asking.timed and panel.left.text() == "30 s"
    asking.tick(12.25)
    assert panel.left.text() == "18 s" and asking.phase == "asked"
    answer(window, "12")
    assert asking.phase == "told" and panel.verdict.text() == "Right." and not panel.left.text()
    assert panel.tally.text() == "1 right; 12 s for a right answer"
    press(window, Key.Key_Return)
    assert panel.left.text() == "30 s"
    asking.tick(40.0)
    lay_out(window)
    assert asking.phase == "told" and panel.verdict.text() == "Time is up. It is 8."
    assert asking.tally == "1 right, 1 too late; 12 s for a right answer"
    rows = list(csv.DictReader((folders.state_folder() / "answers.csv").read_text("utf-8").splitlines()))
    assert [row["outcome"] for row in rows[-2:]] == ["right", "late"]
    asking.tick(40.0)
    assert asking.phase == "told"
    press(window, Key.Key_Return)
    click(panel.clock)
    asking.tick(40.0)
    assert asking.phase == "asked" and not asking.timed and not panel.left.text()


def test_a_lesson_asks_without_a_clock(still_clock, window):
    settings.put("question_clock", True)
    assert window.doors.show_lesson(find_shelved("responsibility").path)
    window.bridge.lesson.go(1)
    asking = window.bridge.asking
    asking.tick(100.0)
    assert asking.phase == "asked" and not asking.timed
    window.bridge.lesson.leave()


def test_the_score_sheet_is_saved_and_says_how_it_goes_lately(asked, window, tmp_path):
    asked(LESSON)
    answer(window, "12")
    lines = (folders.state_folder() / "answers.csv").read_text("utf-8").splitlines()
    old = ["2020-01-01T10:00:00,value,wrong,sign,0,sign", "2020-01-01T10:01:00,value,right,,0,sign"]
    (folders.state_folder() / "answers.csv").write_text("\n".join([lines[0], *old, lines[-1], ""]), "utf-8")
    press(window, Key.Key_Escape)
    lay_out(window)
    panel = panel_of(window)
    if not panel.isVisible():
        window.panels.show_panel("predict")
    lay_out(window)
    assert panel.sheet.text().startswith("2 of 3 answers were right, 1 of 1 in the last 7 days.")
    window.files.ask.save_path = tmp_path / "mine.csv"
    click(panel.save)
    assert window.files.ask.suggested.name == "answers.csv"
    rows = list(csv.DictReader((tmp_path / "mine.csv").read_text("utf-8").splitlines()))
    assert [row["outcome"] for row in rows] == ["wrong", "right", "right"]


def test_a_number_that_was_refused_for_a_question_does_not_stay_in_its_field_after_it(asked, window):
    asking = asked(LESSON)
    type_value(window, "x", "7")
    editor = window.canvas.desk.editor
    assert editor.isVisible() and "while a question is open" in editor.sentence
    asking.leave()
    assert not editor.isVisible() and not editor.sentence
    assert window.bridge.now.graph.nodes["x"].value == 4
    type_value(window, "x", "7")
    assert window.bridge.now.graph.nodes["x"].value == 7


def test_a_key_that_waits_while_a_question_is_open_says_so(window):
    window.bridge.load(parse("x = -2; y = 5; f = x * y"))
    lay_out(window)
    press(window, Key.Key_F4)
    press(window, Key.Key_F3)
    assert "“Lessons” waits while a question is open" in window.status.sentence.text()
    assert window.bridge.asking.is_on and not window.panels.is_open("lesson")
    press(window, Key.Key_Escape)
    press(window, Key.Key_F3)
    assert window.panels.is_open("lesson")
