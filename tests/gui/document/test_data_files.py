"""A document from elsewhere asks before it reads another file; what is read comes beside the work, and is current."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from engine import edits
from engine.data import csv
from engine.files import disk
from engine.files.codec import encode
from engine.graph.graph import Graph
from gui.document import jobs
from tests.building import graph_of
from tests.gui.window_tools import Key, close, open_window, paste

ROWS = "a,b,kind\n1,2,x\n3,4,y\n5,6,x\n"


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "rows.csv"
    file.write_text(ROWS)
    return file


def reading(path: Path | str, **settings: object) -> Graph:
    return graph_of(("d", "dataset", None), settings={"d": {"name": "csv", "path": str(path), **settings}})


def document(folder: Path, path: Path | str) -> Path:
    file = folder / "net.gradloom"
    disk.save(reading(path), file)
    return file


def question(window) -> str:
    bar = window.standing.by_topic.get("data")
    return bar.sentence.text() if bar is not None and bar.isVisible() else ""


def answer(window, words: str) -> None:
    bar = window.standing.by_topic["data"]
    button = next(button for button in bar.findChildren(QPushButton) if button.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def held(window) -> list[list[float]] | None:
    value = window.bridge.now.trace.value("d")
    return None if value is None else value.tolist()


def opened(qtbot, window, file: Path) -> None:
    window.files.open(file)
    qtbot.waitUntil(lambda: window.files.path == file and not window.jobs.running)
    QApplication.processEvents()


def test_a_document_asks_by_name_before_it_reads_another_file(qtbot, window, tmp_path, rows, monkeypatch) -> None:
    monkeypatch.setattr(csv, "read_bytes", lambda *_: pytest.fail("nobody has allowed this yet"))
    opened(qtbot, window, document(tmp_path, rows))
    qtbot.waitUntil(lambda: bool(question(window)))
    assert question(window) == f"This document wants to read “{rows}”."
    assert held(window) is None
    assert any("only when you allow it" in problem.sentence for problem in window.bridge.now.problems)
    monkeypatch.undo()
    answer(window, "Read it")
    qtbot.waitUntil(lambda: held(window) is not None)
    assert not question(window) and not window.bridge.now.problems
    assert not window.bridge.document.modified


def test_not_now_reads_nothing_and_asks_no_more(qtbot, window, tmp_path, rows) -> None:
    opened(qtbot, window, document(tmp_path, rows))
    qtbot.waitUntil(lambda: bool(question(window)))
    answer(window, "Not now")
    assert not question(window)
    window.bridge.edit(lambda graph: edits.set_setting(graph, "d", "batch", 2))
    QApplication.processEvents()
    assert not question(window) and held(window) is None


def test_what_was_not_allowed_can_be_allowed_at_the_node(qtbot, window, tmp_path, rows) -> None:
    opened(qtbot, window, document(tmp_path, rows))
    qtbot.waitUntil(lambda: bool(question(window)))
    answer(window, "Not now")
    assert any("press “Read it”" in problem.sentence for problem in window.bridge.now.problems)
    window.selection.select(["d"])
    [button] = [b for b in window.panels.findChildren(QPushButton) if b.text() == "Read it" and b.isVisible()]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: held(window) is not None)
    assert not button.isVisible() and not window.bridge.document.modified


def test_it_is_asked_once_and_another_document_is_asked_for_itself(qtbot, window, tmp_path, rows) -> None:
    first = document(tmp_path, rows)
    (tmp_path / "other").mkdir()
    second = document(tmp_path / "other", rows)
    opened(qtbot, window, first)
    qtbot.waitUntil(lambda: bool(question(window)))
    answer(window, "Read it")
    qtbot.waitUntil(lambda: held(window) is not None)
    opened(qtbot, window, second)
    assert held(window) is None  # what was read for the first is not there for the second
    qtbot.waitUntil(lambda: bool(question(window)))
    opened(qtbot, window, first)
    qtbot.waitUntil(lambda: held(window) is not None)
    assert not question(window)


def test_the_answer_is_remembered_by_the_next_session(qtbot, tmp_path, rows) -> None:
    file = document(tmp_path, rows)
    first = open_window(qtbot)
    opened(qtbot, first, file)
    qtbot.waitUntil(lambda: bool(question(first)))
    answer(first, "Read it")
    qtbot.waitUntil(lambda: held(first) is not None)
    close(first)
    second = open_window(qtbot)
    opened(qtbot, second, file)
    qtbot.waitUntil(lambda: held(second) is not None)
    assert not question(second)
    close(second)


def test_a_link_that_leads_elsewhere_later_is_asked_about_again(qtbot, window, tmp_path, rows) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(rows)
    file = document(tmp_path, link)
    opened(qtbot, window, file)
    qtbot.waitUntil(lambda: bool(question(window)))
    answer(window, "Read it")
    qtbot.waitUntil(lambda: held(window) is not None)
    (tmp_path / "secret.csv").write_text(ROWS)
    link.unlink()
    link.symlink_to(tmp_path / "secret.csv")
    opened(qtbot, window, file)
    qtbot.waitUntil(lambda: "secret.csv" in question(window))
    assert held(window) is None


def test_what_is_pasted_asks_too(qtbot, window, rows) -> None:
    paste(window, encode(reading(rows)))
    qtbot.waitUntil(lambda: str(rows) in question(window))


def test_the_file_that_the_user_types_himself_is_read_and_stays_allowed_when_saved(qtbot, window, tmp_path, rows):
    window.bridge.edit(lambda graph: edits.add_node(graph, "dataset", (0, 0)))
    window.selection.select(["dataset"])
    QApplication.processEvents()
    line = next(line for line in window.findChildren(QLineEdit) if line.accessibleName() == "CSV file")
    line.setFocus()
    QTest.keyClicks(line, str(rows))
    QTest.keyClick(line, Key.Key_Return)
    qtbot.waitUntil(lambda: not window.bridge.now.problems)
    assert not question(window)
    window.files.ask.save_path = tmp_path / "mine.gradloom"
    assert window.files.save()
    window.files.new()
    opened(qtbot, window, tmp_path / "mine.gradloom")
    qtbot.waitUntil(lambda: window.bridge.now.trace.value("dataset") is not None)
    assert not question(window)


def test_of_several_files_one_after_the_other_is_asked_about(qtbot, window, tmp_path, rows) -> None:
    other = tmp_path / "other.csv"
    other.write_text(ROWS)
    sets = {id: {"name": "csv", "path": str(path)} for id, path in (("d", rows), ("e", other))}
    disk.save(graph_of(("d", "dataset", None), ("e", "dataset", None), settings=sets), tmp_path / "two.gradloom")
    opened(qtbot, window, tmp_path / "two.gradloom")
    qtbot.waitUntil(lambda: "(1 more to ask about)" in question(window))
    answer(window, "Not now")
    assert not question(window)  # a second click does not answer what nobody has read
    qtbot.waitUntil(lambda: question(window) == f"This document wants to read “{other}”.")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # the buttons of the question before
    answer(window, "Read it")
    qtbot.waitUntil(lambda: window.bridge.now.trace.value("e") is not None)
    assert held(window) is None


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), Path.mkdir])
def test_a_path_that_never_ends_is_answered_at_once(qtbot, window, tmp_path, make) -> None:
    odd = tmp_path / "odd.csv"
    make(odd)
    opened(qtbot, window, document(tmp_path, odd))
    qtbot.waitUntil(lambda: bool(question(window)))
    answer(window, "Read it")
    qtbot.waitUntil(lambda: any("is a " in problem.sentence for problem in window.bridge.now.problems), timeout=1000)


def test_a_long_file_is_read_beside_the_work_and_can_be_cancelled(qtbot, window, tmp_path, rows, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    rows.write_text("a,b\n" + "1,2.5\n" * 200_000)
    opened(qtbot, window, document(tmp_path, rows))
    qtbot.waitUntil(lambda: bool(question(window)))
    answer(window, "Read it")
    qtbot.waitUntil(lambda: bool(window.jobs.running))
    assert any("is being read" in problem.sentence for problem in window.bridge.now.problems)
    qtbot.waitUntil(window.progress.isVisible)
    assert window.progress.title.text() == "Reading rows.csv …"
    QTest.mouseClick(window.progress.cancel, Qt.MouseButton.LeftButton)
    assert not window.jobs.running and held(window) is None
    qtbot.waitUntil(lambda: not window.progress.isVisible())
    assert any("cancelled" in problem.sentence for problem in window.bridge.now.problems)
