"""A failure becomes one sentence on screen and an entry in the log; never a traceback, never a lost document."""

from __future__ import annotations

import logging

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from engine.errors import FileError
from gui.document.errors import Choice, Funnel, Notice, start_log
from gui.shell.message_bar import MessageBar, StandingMessages


@pytest.fixture
def funnel(qtbot, config_dir):
    handler = start_log()
    yield Funnel()
    handler.close()
    logging.getLogger("gradloom").removeHandler(handler)


def failure() -> Exception:
    try:
        raise ZeroDivisionError("nothing to divide by")
    except ZeroDivisionError as error:
        return error


def test_a_fault_is_a_sentence_with_details_and_is_logged_once(funnel, qtbot, config_dir):
    told: list[Notice] = []
    funnel.told.connect(told.append)
    error = failure()
    funnel.take(error)
    funnel.take(error)
    assert len(told) == 2
    assert "nothing to divide by" in told[0].sentence and "\n" not in told[0].sentence
    assert "Traceback" not in told[0].sentence and "Traceback" in told[0].details
    assert (config_dir / "state" / "crash.log").read_text("utf-8").count("Traceback") == 1


def test_a_refusal_is_its_own_sentence_and_no_crash(funnel, config_dir):
    told: list[Notice] = []
    funnel.told.connect(told.append)
    funnel.take(FileError("there is no node “q2”", where="$.edges[3].to"))
    assert told == [Notice("$.edges[3].to: there is no node “q2”.")]
    assert not (config_dir / "state" / "crash.log").exists()


def test_the_bar_shows_details_and_copies_them(qtbot):
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.tell(Notice("It failed.", "All about it"))
    assert bar.isVisible() and bar.sentence.text() == "It failed."
    assert not bar.details.isVisible()
    qtbot.mouseClick(bar.show_details, Qt.MouseButton.LeftButton)
    assert bar.details.isVisible() and bar.details.toPlainText() == "All about it"
    qtbot.mouseClick(bar.copy_report, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "All about it"
    qtbot.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()


def test_the_same_again_is_counted_and_a_plain_sentence_has_no_report(qtbot):
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.tell(Notice("No such file."))
    bar.tell(Notice("No such file."))
    assert bar.sentence.text() == "No such file. (2 times)"
    assert not bar.show_details.isVisible()


def test_what_has_a_topic_stays_beside_other_news_until_it_is_answered(qtbot):
    standing, done = StandingMessages(), []
    qtbot.addWidget(standing)
    standing.show()
    ways = (Choice("Recover", lambda: done.append("recovered")), Choice("Later", lambda: done.append("later")))
    standing.tell(Notice("There is unsaved work.", topic="lost", choices=ways))
    standing.tell(Notice("The disk is full.", topic="folders"))
    lost, folders = standing.by_topic["lost"], standing.by_topic["folders"]
    assert lost.isVisible() and folders.isVisible()
    (button,) = [button for button in lost.findChildren(QPushButton) if button.text() == "Recover"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["recovered"] and not lost.isVisible() and folders.isVisible()
    standing.tell(Notice("There is more.", topic="lost"))
    assert lost.isVisible() and lost.sentence.text() == "There is more."
    qtbot.waitUntil(lambda: not [b for b in lost.findChildren(QPushButton) if b.text() in ("Recover", "Later")])
    standing.clear("lost")
    assert not lost.isVisible()
