"""What a crash has left behind is asked about at the next start, beside what was open last and comes again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox

from engine.files import disk
from gui.document import jobs, settings
from gui.document.lost import lost_work
from gui.document.rescue import TOPIC
from gui.shell.closing import take_down
from tests.gui.document.crash_tools import leave_behind
from tests.gui.graphs import product
from tests.gui.keys.keys_tools import gates
from tests.gui.tabs_tools import click_tab, graph, names, open_tabs
from tests.gui.window_tools import LEFT, Key


@pytest.fixture(params=[True, False], ids=["read at once", "read later"])
def opened(qapp, tmp_path, monkeypatch, qtbot, request):
    """Opens windows as the program does, on files that are read at once or beside it; all are gone at the end."""
    if not request.param:
        monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    disk.save(product(), tmp_path / "a.gradloom")
    disk.save(gates(), tmp_path / "b.gradloom")
    made = []

    def open_them(*files, last=(), found="later"):
        settings.put("documents", [str(tmp_path / name) for name in last])
        made.append(open_tabs(*files, found=found))
        qtbot.waitUntil(lambda: not any(page.files.is_opening for page in made[-1].pages))
        return made[-1]

    yield open_them
    for tabs in made:
        tabs.closing.end()
        take_down(tabs)


def asked(tabs) -> list[str]:
    return [question for page in tabs.pages for question in page.files.ask.asked]


def mention(tabs) -> str:
    """What the page in front says of lost work."""
    bar = tabs.current.standing.by_topic.get(TOPIC)
    return bar.sentence.text() if bar is not None and bar.isVisible() else ""


def x_of(page) -> float | None:
    nodes = page.bridge.now.graph.nodes
    return float(nodes["x"].value) if "x" in nodes else None


def test_work_in_no_file_is_asked_about_though_files_come_again(opened, config_dir, tmp_path, qtbot):
    """It came back only for whoever looked into the menu."""
    leave_behind(config_dir, None, 42.0)
    leave_behind(config_dir, tmp_path / "a.gradloom", 43.0, "dead2")
    tabs = opened(last=("a.gradloom", "b.gradloom"), found="recover")
    qtbot.waitUntil(lambda: len(tabs.pages) == 3)
    assert asked(tabs) == ["recover", "recover"] and lost_work() == []
    assert sorted(names(tabs)) == ["(x + y) z", "a.gradloom", "b.gradloom"]
    by_name = {page.files.name: page for page in tabs.pages}
    assert x_of(by_name["a.gradloom"]) == 43.0 and x_of(by_name["(x + y) z"]) == 42.0
    assert tabs.current is by_name["(x + y) z"] and mention(tabs) == ""


def test_whoever_will_be_asked_later_sees_what_was_open_last(opened, config_dir, qtbot):
    leave_behind(config_dir, None, 42.0)
    tabs = opened(last=("a.gradloom",), found="later")
    qtbot.waitUntil(lambda: names(tabs) == ["a.gradloom"] and len(lost_work()) == 1)
    assert mention(tabs) == "" and graph(tabs) == product()


def test_beside_a_file_that_was_asked_for_it_is_mentioned_in_front(opened, config_dir, tmp_path, qtbot):
    """It was mentioned on the page of what was open last, behind the file that was asked for."""
    leave_behind(config_dir, None, 42.0)
    tabs = opened(tmp_path / "b.gradloom", last=("a.gradloom",), found="recover")
    qtbot.waitUntil(lambda: mention(tabs) != "")
    assert asked(tabs) == [] and tabs.current.files.name == "b.gradloom" and graph(tabs) == gates()
    assert "unsaved work on “(x + y) z”" in mention(tabs) and "File ▸ Recovered work" in mention(tabs)
    here, bar = tabs.current, tabs.current.standing.by_topic[TOPIC]
    (recover,) = [each for each in bar.findChildren(QAbstractButton) if "Recover" in each.text()]
    QTest.mouseClick(recover, LEFT)
    assert x_of(tabs.current) == 42.0 and tabs.current.files.path is None and graph(tabs) != gates()
    click_tab(tabs, tabs.pages.index(here))
    assert mention(tabs) == "", "it is settled"


def test_what_is_asked_about_elsewhere_is_mentioned_no_more(opened, config_dir, tmp_path, qtbot):
    leave_behind(config_dir, tmp_path / "a.gradloom", 42.0)
    tabs = opened(tmp_path / "b.gradloom")
    qtbot.waitUntil(lambda: mention(tabs) != "")
    here = tabs.current
    tabs.open(tmp_path / "a.gradloom")
    qtbot.waitUntil(lambda: asked(tabs) == ["recover"])
    tabs.show_page(here)
    assert mention(tabs) == ""


@pytest.mark.parametrize("of", ["", "b.gradloom"])
def test_who_is_asked_on_a_new_tab_can_answer(opened, config_dir, tmp_path, qtbot, of):
    """The tab was taken for one whose document had not come, and went: the question with it."""
    leave_behind(config_dir, tmp_path / of if of else None, 42.0)
    asked_for: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            asked_for.append(box.text())
            (recover,) = [each for each in box.buttons() if "Recover" in each.text()]
            QTest.mouseClick(recover, LEFT)

    answers = QTimer(interval=40)
    answers.timeout.connect(answer)
    answers.start()
    tabs = opened(last=("a.gradloom", "b.gradloom"), found="real")
    qtbot.waitUntil(lambda: len(asked_for) == 1 and any(x_of(page) == 42.0 for page in tabs.pages))
    answers.stop()
    assert len(tabs.pages) == (2 if of else 3) and x_of(tabs.current) == 42.0 and lost_work() == []


def test_one_question_waits_for_the_other(opened, config_dir, tmp_path, qtbot):
    """While somebody is asked about a file that came again, nothing is asked over that question."""
    leave_behind(config_dir, None, 42.0)
    leave_behind(config_dir, tmp_path / "a.gradloom", 43.0, "dead2")
    seen: list[list[str]] = []

    def look() -> None:
        boxes = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each.isModal()]
        if boxes:
            seen.append([box.text().split(" from ")[0] for box in boxes])
            QTest.keyClick(QApplication.activeModalWidget(), Key.Key_Escape)

    looks = QTimer(interval=40)
    looks.timeout.connect(look)
    looks.start()
    tabs = opened(last=("a.gradloom",), found="real")
    qtbot.waitUntil(lambda: len(seen) == 2)
    looks.stop()
    assert [len(boxes) for boxes in seen] == [1, 1] and len(tabs.pages) == 1
    assert "a.gradloom" in seen[0][0] and "(x + y) z" in seen[1][0]
