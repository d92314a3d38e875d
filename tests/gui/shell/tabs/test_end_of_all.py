"""Closing a window with several documents: nothing is lost, each is asked or kept; and what was open comes again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from engine import edits
from engine.files import disk
from gui.document.lost import lost_work
from gui.shell.closing import take_down
from gui.shell.place import WindowPlace
from tests.gui.document.crash_tools import leave_behind
from tests.gui.graphs import product
from tests.gui.keys.keys_tools import gates
from tests.gui.tabs_tools import graph, names, open_tabs
from tests.gui.window_tools import CTRL, Key, press

ROOT = Path(__file__).parents[4]


@pytest.fixture
def opened(qapp, tmp_path):
    """Opens windows as the program does; all are gone at the end."""
    disk.save(product(), tmp_path / "a.gradloom")
    disk.save(gates(), tmp_path / "b.gradloom")
    made = []

    def open_them(*files, found="later"):
        made.append(open_tabs(*files, found=found))
        return made[-1]

    yield open_them
    for tabs in made:
        tabs.closing.end()
        take_down(tabs)


@pytest.fixture
def three(opened, tmp_path):
    """Two files and an untitled document, all with unsaved work; the last is in front."""
    tabs = opened()
    for name in ("a", "b"):
        tabs.open(tmp_path / f"{name}.gradloom")
    tabs.new()
    for page in tabs.pages:
        page.bridge.edit(lambda graph: edits.add_node(graph, "input", (0, 900), id="new"))
    assert all(page.files.is_modified for page in tabs.pages) and len(tabs.pages) == 3
    return tabs


def answer(tabs, *answers: str) -> None:
    for page, said in zip(tabs.pages, answers, strict=True):
        page.files.ask.unsaved = said


def test_each_is_asked_and_saved_or_left(three, tmp_path):
    answer(three, "save", "discard", "discard")
    pages = list(three.pages)
    press(three, Key.Key_Q, CTRL)
    assert three.closing.has_ended and not three.isVisible()
    assert [page.files.ask.asked for page in pages] == [["unsaved"]] * 3
    assert "new" in disk.load(tmp_path / "a.gradloom").nodes and disk.load(tmp_path / "b.gradloom") == gates()
    assert lost_work() == []


def test_who_stays_at_the_last_has_lost_nothing_of_the_others(three, tmp_path, config_dir):
    answer(three, "discard", "cancel", "discard")
    press(three, Key.Key_Q, CTRL)
    assert not three.closing.has_ended and three.isVisible() and len(three.pages) == 3
    assert three.current.files.name == "b.gradloom", "whose question was answered with Cancel"
    assert all(page.files.is_modified and "new" in page.bridge.now.graph.nodes for page in three.pages)
    for page in three.pages:
        page.closing.keep()
    assert len(list(config_dir.rglob("*.swap"))) == 3
    three.current.bridge.edit(lambda graph: edits.add_node(graph, "input", (0, 1200), id="more"))
    assert "more" in graph(three).nodes, "one goes on working"


def test_the_button_of_the_window_asks_too(three):
    answer(three, "cancel", "cancel", "cancel")
    three.close()
    assert three.isVisible() and three.current.files.ask.asked == ["unsaved"]


# Starts the program, opens two files and a new document, edits all three, and waits for its end.
SCRIPT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from engine import edits
from gui import app

def work():
    from PySide6.QtWidgets import QApplication
    tabs = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "tabbed-window")
    if not tabs.isVisible():
        QTimer.singleShot(20, work)
        return
    for path in sys.argv[1:]:
        tabs.open(Path(path))
    tabs.new()
    for page in tabs.pages:
        page.bridge.edit(lambda graph: edits.add_node(graph, "input", (0, 900), id="new"))
    print("ready", flush=True)

made = app.make_app
def make_app(theme=None):
    application = made(theme)
    QTimer.singleShot(0, application, work)
    return application
app.make_app = make_app
sys.exit(app.main([]))
"""


def test_told_by_the_system_all_are_kept_and_come_back(opened, tmp_path):
    """SIGTERM to the real program with three unsaved documents."""
    paths = [tmp_path / "a.gradloom", tmp_path / "b.gradloom"]
    command = [sys.executable, "-c", SCRIPT, *map(str, paths)]
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    program = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout is not None and program.stdout.readline() == "ready\n"
        program.send_signal(signal.SIGTERM)
        assert program.wait(30) == 0
    finally:
        program.kill()
        program.communicate()
    assert disk.load(paths[0]) == product() and disk.load(paths[1]) == gates(), "no file is touched"
    assert sorted(lost.name for lost in lost_work()) == ["Untitled", "a.gradloom", "b.gradloom"]
    after = opened(found="recover")  # each file is opened again, and what was lost of it is asked about; then the rest
    for lost in lost_work():
        after.recover(lost)
    assert sorted(names(after)) == ["Untitled", "a.gradloom", "b.gradloom"] and lost_work() == []
    assert all(page.files.is_modified and "new" in page.bridge.now.graph.nodes for page in after.pages)
    assert {page.files.path for page in after.pages} == {None, *paths}


def test_what_was_open_comes_again_in_its_order_with_the_same_in_front(opened, tmp_path):
    before = opened()
    for name in ("b", "a"):
        before.open(tmp_path / f"{name}.gradloom")
    before.go(-1)
    assert before.close()
    after = opened()
    assert names(after) == ["b.gradloom", "a.gradloom"] and after.current.files.name == "b.gradloom"
    assert after.band.isVisible() and graph(after) == gates()


def test_a_file_that_was_asked_for_comes_beside_what_was_open_and_in_front(opened, tmp_path):
    before = opened(tmp_path / "a.gradloom")
    assert before.close()
    after = opened(tmp_path / "b.gradloom")
    assert names(after) == ["a.gradloom", "b.gradloom"] and after.current.files.name == "b.gradloom"
    assert after.close()
    again = opened(tmp_path / "a.gradloom")
    assert names(again) == ["a.gradloom", "b.gradloom"] and again.current.files.name == "a.gradloom"


def test_several_that_were_asked_for_come_each_on_a_tab(opened, tmp_path):
    tabs = opened(tmp_path / "b.gradloom", tmp_path / "a.gradloom")
    assert names(tabs) == ["b.gradloom", "a.gradloom"] and tabs.current.files.name == "a.gradloom"


def test_what_is_gone_is_said_in_one_sentence(opened, tmp_path):
    before = opened()
    for name in ("a", "b"):
        before.open(tmp_path / f"{name}.gradloom")
    assert before.close()
    (tmp_path / "a.gradloom").unlink()
    after = opened()
    assert names(after) == ["b.gradloom"]
    said = after.current.messages.sentence.text()
    assert said == f"“a.gradloom” was open last time, and is not in {tmp_path} any more."
    assert after.close()
    assert names(opened()) == ["b.gradloom"] and opened().current.messages.isHidden()


def test_a_second_window_leaves_those_that_are_open_in_the_first(opened, tmp_path):
    first = opened()
    first.open(tmp_path / "a.gradloom")
    QApplication.processEvents()
    second = opened()
    assert names(second) == ["Untitled"] and second.current.files.ask.asked == []


def test_it_can_be_switched_off(opened, tmp_path):
    before = opened()
    before.open(tmp_path / "a.gradloom")
    before.current.action_set.by_id["reopen_documents"].trigger()
    assert before.close()
    assert names(opened()) == ["Untitled"]


def test_all_lost_work_is_asked_about_at_the_start_each_on_a_tab(opened, config_dir):
    """Of several documents without a file only the latest was offered."""
    for number in (1.0, 2.0, 3.0):
        leave_behind(config_dir, None, number, token=f"dead{number:g}")
    after = opened(found="recover")
    values = {float(page.bridge.now.graph.nodes["x"].value) for page in after.pages if page.bridge.now.graph.nodes}
    assert values == {1.0, 2.0, 3.0} and lost_work() == []


def test_who_will_be_asked_again_later_is_asked_about_each_once(opened, config_dir):
    for number in (1.0, 2.0):
        leave_behind(config_dir, None, number, token=f"dead{number:g}")
    after = opened(found="later")
    assert len(lost_work()) == 2 and names(after) == ["Untitled"]


@pytest.mark.parametrize("how", ["close", "end"])
def test_a_window_that_ends_while_it_presents_comes_back_as_large_as_it_was(opened, tmp_path, how):
    """Under a window manager the end came before the window was back, and what was kept was of the whole screen."""
    before = opened(tmp_path / "a.gradloom")
    before.showMaximized()
    QApplication.processEvents()
    press(before.current, Key.Key_F11)
    before.setWindowState(Qt.WindowState.WindowFullScreen)  # as window managers tell it: no longer maximised as well
    assert before.isFullScreen()
    before.close() if how == "close" else before.closing.end()
    assert comes_back(before).isMaximized()


def test_a_window_that_has_presented_comes_back_where_it_was_put_since(opened, tmp_path):
    before = opened(tmp_path / "a.gradloom")
    press(before.current, Key.Key_F11)
    press(before.current, Key.Key_F11)
    before.setGeometry(60, 70, 640, 500)
    QApplication.processEvents()
    assert before.close()
    after = comes_back(before)
    assert not after.isMaximized() and (after.width(), after.height()) == (640, 500)


def comes_back(before) -> QWidget:
    """A window as a next start has it, before a test gives it its size."""
    assert before.closing.has_ended
    window = QWidget()
    WindowPlace(window)
    return window
