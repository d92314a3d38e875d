"""A lesson beside the canvas, by real mouse and keys: read, predicted, mistaken, set, built, left and come back to."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from engine.edits.nodes import set_value
from engine.teach.lessons.shelf import find_shelved
from gui.canvas.paint.labels import labels_extents
from gui.panels.lesson.lesson_panel import LessonPanel
from gui.panels.training.training_run import RunState
from gui.shell.places import places
from tests.gui.window_tools import LEFT, NONE, Key, lay_out, press

WRITTEN = """---
title: Mine
---

## One

```graph
x = 3
y = x * x
```

y is {=y}.

```task
say: What is y plus 1?
answer: y + 1
wrong y: That is y.
right: Yes, {=y + 1}.
```
"""


def panel_of(window) -> LessonPanel:
    return window.findChild(LessonPanel)


@pytest.fixture
def lesson(window):
    """The window with a lesson at one of its steps, counted from 1."""

    def begin(name: str, step: int = 1) -> LessonPanel:
        window.resize(1400, 900)
        assert window.doors.show_lesson(find_shelved(name).path)
        lay_out(window)
        panel = panel_of(window)
        for _ in range(step - 1):
            click(window, panel.next)
        return panel

    yield begin
    window.bridge.lesson.leave()


def click(window, button) -> None:
    assert button.isVisible(), button.text()
    QTest.mouseClick(button, LEFT, NONE, button.rect().center())
    lay_out(window)


def type_on_canvas(window, text: str) -> None:
    field = window.canvas.answer
    assert field.isVisible()
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Key.Key_Return)
    lay_out(window)


def test_a_prediction_is_hidden_mistaken_named_and_then_right(window, lesson) -> None:
    panel = lesson("paths", 3)
    assert panel.heading.text() == "Both ways count" and not window.panels.is_open("palette")
    assert window.bridge.now.trace.is_part and len(window.bridge.now.trace) == len(window.bridge.session.whole) - 1
    type_on_canvas(window, "3")
    told = panel.task.reply.text()
    assert panel.task.verdict.text() == "3 is not right. It fits:"
    assert "Overwritten instead of added. The new contribution has replaced the old one" in told
    assert "A path forgotten" in told and "Push x by 0.01: f rises by 0.05." in told
    click(window, panel.task.hint)
    assert "every edge that leaves the node" in panel.task.hints.text() and panel.next.text() == "Skip"
    type_on_canvas(window, "2+3")
    assert panel.task.verdict.text() == "Right." and "Over paths, contributions add" in panel.task.reply.text()
    assert panel.task.heading.text() == "Done" and panel.next.text() == "Next"
    click(window, panel.next)
    assert panel.heading.text() == "What = breaks" and not window.bridge.asking.is_on
    assert window.bridge.now.trace.gradient("x") == 6


@pytest.mark.parametrize("step", [2, 6])
def test_the_field_hides_no_number_of_its_own_edge(window, lesson, step, qtbot) -> None:
    """The number that one needs for the answer stands on the edge."""
    lesson("responsibility", step)
    canvas = window.canvas
    stage, edge = canvas.scene().stage, window.bridge.asking.question.edge.key
    field = canvas.answer

    def hidden() -> list[QRectF]:
        boxes = [box for box in labels_extents(stage, [edge], canvas.transform().m11()) if not box.isNull()]
        assert boxes
        return [box for box in boxes if canvas.mapFromScene(box).boundingRect().intersects(field.geometry())]

    lay_out(window)
    qtbot.waitUntil(lambda: field.isVisible() and not hidden())


def test_an_answer_in_the_panel_is_judged_by_what_the_lesson_knows(window, lesson) -> None:
    panel = lesson("paths")
    cases = (
        ("25", "25 is not right.", "That is where f ends up"),
        ("x", "“x” has no number here", ""),
        ("5", "Right.", "so it moved by both"),
    )
    for typed, verdict, told in cases:
        panel.task.line.selectAll()
        QTest.keyClicks(panel.task.line, typed)
        QTest.keyClick(panel.task.line, Key.Key_Return)
        lay_out(window)
        assert panel.task.verdict.text().startswith(verdict) and told in panel.task.reply.text()
    assert window.bridge.lesson.is_done


def test_the_text_follows_the_graph_and_there_is_a_way_back(window, lesson) -> None:
    panel = lesson("slope")
    assert "and 9 comes out." in panel.text.texts()[0] and not panel.restore.isVisible()
    window.bridge.edit(lambda graph: set_value(graph, "x", 4.0))
    lay_out(window)
    assert (
        "and 16 comes out." in panel.text.texts()[0]
        and "A little further" in panel.task.verdict.text() + panel.task.reply.text()
    )
    window.bridge.edit(lambda graph: set_value(graph, "x", 5.0))
    lay_out(window)
    assert panel.task.heading.text() == "Done" and panel.task.reply.text() == "With x at 5 the machine gives 25."
    click(window, panel.restore)
    assert "and 9 comes out." in panel.text.texts()[0] and not window.bridge.document.modified


def test_what_is_built_is_recognised_whatever_it_is_called(window, lesson, qtbot) -> None:
    panel = lesson("paths", 7)
    assert window.panels.is_open("palette") and panel.heading.text() == "Build it yourself"
    click(window, panel.task.check)
    assert panel.task.verdict.text() == "Not yet." and "A node is missing" in panel.task.reply.text()
    window.canvas.setFocus()
    for sign in "a*x + x":
        QTest.keyClick(QApplication.focusWidget(), sign)
    lay_out(window)
    press(window, Key.Key_Return)
    wait(qtbot, window, lambda: window.bridge.lesson.is_done)
    assert panel.task.verdict.text() == "Right: it is the same graph."


def wait(qtbot, window, is_so) -> None:
    qtbot.waitUntil(is_so)
    lay_out(window)


def test_a_long_reply_is_read_without_scrolling(window, lesson, qtbot) -> None:
    panel = lesson("autograd", 4)
    bar = panel.findChild(QScrollArea).verticalScrollBar()
    window.resize(1400, 700)
    lay_out(window)
    while bar.maximum():  # as high as the step needs before it is answered, and no higher
        window.resize(1400, window.height() + 10)
        lay_out(window)
    option, reply = panel.task.options[0], panel.task.reply
    QTest.mouseClick(option, LEFT, NONE, option.rect().center())
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    qtbot.waitUntil(lambda: reply.visibleRegion().boundingRect().height() == reply.height())
    assert "both contributions have arrived" in reply.text()
    window.resize(1400, window.height() - 40)
    qtbot.waitUntil(lambda: reply.visibleRegion().boundingRect().height() == reply.height())


def test_a_pass_that_is_played_to_its_end_is_heard_of(window, lesson) -> None:
    panel = lesson("responsibility")
    assert window.bridge.now.frame.position == window.bridge.now.trace.backward_start
    window.canvas.setFocus()
    press(window, Key.Key_End)
    lay_out(window)
    assert panel.task.heading.text() == "Done" and "f has sent 1 to x and 1 to y" in panel.task.reply.text()


def test_leaving_brings_everything_back(window, lesson) -> None:
    panel = lesson("slope", 5)
    assert window.panels.is_open("slopes") and not window.panels.is_open("inspector")
    click(window, panel.leave)
    assert not window.panels.is_open("slopes")
    assert window.panels.is_open("palette") and window.panels.is_open("inspector")
    assert panel.openers[0].isVisible() and window.bridge.now.graph.nodes
    click(window, panel.openers[1])
    assert panel.title.text() == "Who is responsible? Plus, times, ReLU"


def test_esc_leaves_the_question_and_it_can_be_asked_again(window, lesson) -> None:
    panel = lesson("responsibility", 2)
    assert window.bridge.asking.is_on
    press(window, Key.Key_Escape)
    lay_out(window)
    assert not window.bridge.asking.is_on and panel.task.again.isVisible()
    click(window, panel.task.again)
    assert window.bridge.asking.phase == "asked"
    type_on_canvas(window, "1")
    assert window.bridge.lesson.is_done


def test_a_lesson_of_ones_own_follows_its_file_and_says_what_is_wrong(window, tmp_path, qtbot) -> None:
    path = tmp_path / "mine.md"
    path.write_text(WRITTEN, "utf-8")
    window.files.ask.open_path = path
    window.action_set.by_id["open_lesson"].trigger()
    lay_out(window)
    panel = panel_of(window)
    assert panel.text.texts() == ["y is 9."] and not panel.faults.isVisible()
    path.write_text(WRITTEN.replace("y is {=y}.", "Now <b>y</b> is {=yy}, x is {=x}."), "utf-8")
    wait(qtbot, window, lambda: panel.faults.isVisible())
    assert panel.text.texts() == ["Now <b>y</b> is …, x is 3."]
    assert panel.faults.text().startswith("Line 12: there is no node “yy”")
    path.write_text("no lesson", "utf-8")
    wait(qtbot, window, lambda: "begins with a line ---" in panel.faults.text())
    window.bridge.lesson.leave()


def test_what_is_no_lesson_is_told_and_the_document_stays(window, tmp_path) -> None:
    path = tmp_path / "bad.md"
    path.write_text("# nothing", "utf-8")
    before = window.bridge.now.graph
    assert not window.doors.show_lesson(path)
    assert window.bridge.now.graph is before and "“bad.md” is no lesson yet" in window.messages.sentence.text()


def test_nothing_stale_is_said_of_a_graph_that_has_changed(window, lesson) -> None:
    panel = lesson("slope")
    for value in (5.0, 6.0):
        window.bridge.edit(lambda graph, value=value: set_value(graph, "x", value))
    lay_out(window)
    assert panel.task.reply.text() == "With x at 6 the machine gives 36."
    window.bridge.edit(lambda graph: set_value(graph, "x", 1.0))
    lay_out(window)
    assert not panel.task.reply.isVisible() and panel.task.heading.text() == "Done"


def test_the_empty_canvas_leads_to_the_lessons(window) -> None:
    window.resize(1280, 800)
    window.files.new()
    lay_out(window)
    click(window, window.canvas.hint.lessons)
    assert panel_of(window).openers[0].isVisible()


def test_it_is_found_by_its_name(window) -> None:
    found = [place for place in places(window) if place.group == "Lessons"]
    assert found[0].text == "From secant to slope" and found[0].score("secant") is not None
    titles = [action.text() for action in window.action_set.filled["Lessons"][0].actions()]
    assert titles[0] == "1 · From secant to slope"


def test_what_was_trained_in_one_step_is_spoken_of_in_the_next_two(window, lesson, qtbot) -> None:
    """The curve of the rows held out, of which the last of them speaks, is that of the training before."""
    panel = lesson("iris", 4)
    assert window.training.isVisible()
    window.training.form.watch.setChecked(False)
    click(window, window.training.start)
    wait(qtbot, window, lambda: window.bridge.lesson.is_done and window.training.run.state is RunState.ENDED)
    learnt = window.bridge.now.trace.value("loss")
    click(window, panel.next)
    assert panel.heading.text() == "What does such a loss mean?" and window.bridge.now.trace.value("loss") == learnt
    click(window, panel.next)
    assert panel.heading.text() == "Has it learnt, or learnt by heart?" and window.training.isVisible()
    assert window.bridge.now.trace.value("loss") == learnt and "held out" in window.training.loss.reading()


def test_whoever_reads_types_at_once_and_enter_goes_on(window, lesson) -> None:
    panel = lesson("paths")
    assert panel.task.line.hasFocus()
    QTest.keyClicks(QApplication.focusWidget(), "5")
    press(window, Key.Key_Return)
    lay_out(window)
    assert window.bridge.lesson.is_done and panel.heading.text() == "Two ways out of x"
    press(window, Key.Key_Return)
    lay_out(window)
    assert panel.heading.text() == "Along a path we multiply" and window.canvas.answer.hasFocus()
    type_on_canvas(window, "2")
    assert window.bridge.lesson.is_done
    press(window, Key.Key_Return)
    lay_out(window)
    assert panel.heading.text() == "Both ways count" and window.bridge.asking.phase == "asked"


def test_space_plays_after_a_click_on_next(window, lesson) -> None:
    panel = lesson("slope", 7)
    assert panel.heading.text() == "What the program calls it" and window.canvas.hasFocus()
    press(window, Key.Key_Space)
    lay_out(window)
    assert window.bridge.lesson.at == 6 and window.bridge.lesson.lesson is not None
    press(window, Key.Key_End)
    lay_out(window)
    assert window.bridge.lesson.is_done
