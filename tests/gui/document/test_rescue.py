"""Lost work is offered, comes back unsaved, and never takes the place of what was asked for."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace

import pytest
from PySide6.QtCore import QLockFile, Qt
from PySide6.QtWidgets import QPushButton

from engine.files import disk
from engine.graph.graph import Graph
from gui.document import files, jobs, recent
from gui.document.bridge import Bridge
from gui.document.files import Files
from gui.document.lost import lost_work
from gui.document.reading import reading
from gui.document.rescue import Rescue
from tests.gui.document.answers import Answers
from tests.gui.document.crash_tools import change, leave_behind, swaps
from tests.gui.graphs import product


class Desk:
    """The files of a window, with its rescue, and what they have said."""

    def __init__(self) -> None:
        self.bridge = Bridge()
        self.files = Files(self.bridge, Answers())
        self.rescue = Rescue(self.files)
        self.notices, self.failures, self.told, self.gone = [], [], [], []
        self.rescue.found.connect(self.notices.append)
        self.rescue.gone.connect(lambda: self.gone.append(True))
        self.files.failed.connect(self.failures.append)
        self.files.told.connect(self.told.append)

    @property
    def ask(self) -> Answers:
        return self.files.ask

    @property
    def x(self) -> float:
        return float(self.bridge.now.graph.nodes["x"].value)

    def start(self, file=None) -> None:
        if file is not None:
            self.files.open(file)
        self.rescue.begin(file)


@pytest.fixture
def desk(qtbot):
    desk = Desk()
    yield desk
    desk.ask.unsaved = "discard"
    desk.files.close()


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "docs" / "product.gradloom"
    path.parent.mkdir()
    disk.save(product(), path)
    return path


@pytest.fixture
def other(tmp_path):
    path = tmp_path / "other.gradloom"
    disk.save(product(), path)
    return path


def test_a_start_with_nothing_else_asked_for_offers_it_and_it_comes_back_unsaved(desk, config_dir):
    leave_behind(config_dir, None, 42.0)
    desk.ask.found = "recover"
    desk.start()
    assert desk.ask.asked == ["recover"] and desk.x == 42.0 and desk.bridge.document.modified
    assert lost_work() == []  # it is this window's work now
    assert [disk.load(swap).nodes["x"].value for swap in swaps(config_dir)] == [42.0]
    desk.bridge.undo()
    assert desk.bridge.document.modified  # it is on no disk, whatever is undone


def test_later_means_later(desk, config_dir):
    leave_behind(config_dir, None, 42.0)
    desk.start()
    assert desk.bridge.now.graph == Graph() and desk.ask.asked == ["recover"]
    desk.rescue.begin(None)
    assert desk.ask.asked == ["recover"] and desk.notices == []  # once a session
    assert len(desk.rescue.waiting()) == 1  # and in the menu all the while
    desk.ask.found = "recover"
    desk.rescue.ask(desk.rescue.waiting()[0])
    assert desk.x == 42.0 and desk.rescue.waiting() == []


def test_the_file_that_was_asked_for_is_shown_and_other_work_is_mentioned(desk, document, other, config_dir):
    leave_behind(config_dir, other, 42.0)
    leave_behind(config_dir, None, 43.0, "dead2")
    desk.ask.found = "recover"
    desk.start(document)
    assert desk.files.path == document and desk.bridge.now.graph == product() and desk.ask.asked == []
    (notice,) = desk.notices
    assert "on 1 other document" in notice.sentence and "Recovered work" in notice.sentence
    notice.choices[0].do()
    assert desk.ask.asked == ["recover"] and desk.x in (42.0, 43.0)
    assert len(desk.notices) == 2 and "other document" not in desk.notices[1].sentence  # the second is mentioned alone
    desk.ask.unsaved = "cancel"
    desk.notices[1].choices[0].do()
    assert desk.ask.asked == ["recover", "recover", "unsaved"]  # what is shown is unsaved work, too
    assert len(lost_work()) == 1


def test_lost_work_on_the_file_that_was_asked_for_is_asked_about(desk, document, config_dir):
    leave_behind(config_dir, document, 42.0)
    desk.ask.found = "recover"
    desk.start(document)
    assert desk.ask.asked == ["recover"] and desk.x == 42.0 and desk.files.path == document
    assert desk.notices == [] and lost_work() == []
    assert desk.files.save() and desk.ask.asked == ["recover"]  # nothing else has written it
    assert disk.load(document).nodes["x"].value == 42.0


def test_it_is_found_by_another_path_to_the_same_file(desk, document, config_dir):
    link = document.parent.parent / "link"
    link.symlink_to(document.parent)
    leave_behind(config_dir, document, 42.0)
    desk.ask.found = "recover"
    desk.start(link / document.name)
    assert desk.x == 42.0


def test_of_several_stretches_of_work_on_one_file_one_is_shown_and_the_others_stay(desk, document, config_dir):
    for value in (1.0, 2.0, 3.0):
        note = leave_behind(config_dir, document, value, f"dead{value:g}")
        os.utime(note.with_suffix(".swap"), (value, value))
    desk.ask.found = "recover"
    desk.start(document)
    assert desk.x == 3.0 and desk.ask.asked == ["recover"]
    assert len(lost_work()) == 2 and "product.gradloom" in desk.notices[-1].sentence


def test_work_that_was_saved_after_all_is_not_called_lost(desk, document, config_dir):
    """The window died between its save and the removal of its swap."""
    note = leave_behind(config_dir, document, 42.0)
    disk.save(disk.load(note.with_suffix(".swap")), document)
    desk.start(document)
    assert desk.ask.asked == [] and desk.notices == [] and lost_work() == []


def test_untitled_work_that_was_saved_for_the_first_time_is_not_called_lost(desk, tmp_path, config_dir):
    note = leave_behind(config_dir, None, 42.0)
    path = tmp_path / "first.gradloom"
    disk.save(disk.load(note.with_suffix(".swap")), path)
    recent.remember(path)
    desk.start()
    assert desk.ask.asked == [] and desk.notices == [] and lost_work() == []


def test_nor_is_it_mentioned_where_the_file_is_opened_in_which_it_was_saved(desk, tmp_path, config_dir):
    note = leave_behind(config_dir, None, 42.0)
    path = tmp_path / "first.gradloom"
    disk.save(disk.load(note.with_suffix(".swap")), path)
    desk.start(path)
    assert desk.ask.asked == [] and desk.notices == [] and lost_work() == []


def test_an_older_file_with_the_same_contents_is_not_where_it_was_saved(desk, tmp_path, config_dir):
    note = leave_behind(config_dir, None, 42.0)
    path = tmp_path / "older.gradloom"
    disk.save(disk.load(note.with_suffix(".swap")), path)
    os.utime(path, (1e9, 1e9))
    recent.remember(path)
    desk.start()
    assert desk.ask.asked != [] and lost_work() != []


@pytest.mark.parametrize("titled", [True, False])
def test_a_text_that_was_only_typed_does_not_mark_the_document_as_edited(desk, document, config_dir, titled):
    graph = product() if titled else Graph()
    note = leave_behind(config_dir, document if titled else None, 42.0)
    disk.save(graph, note.with_suffix(".swap"))
    facts = json.loads(note.read_text("utf-8"))
    note.write_text(json.dumps({**facts, "unread": [["Steps", "many"]]}), "utf-8")
    desk.ask.found = "recover"
    desk.start(document if titled else None)
    assert "Steps: “many”" in desk.notices[0].sentence
    assert desk.bridge.now.graph == graph and not desk.files.is_modified and lost_work() == []


def test_a_file_that_was_changed_since_is_said_and_not_silently_replaced(desk, document, config_dir):
    leave_behind(config_dir, document, 42.0)
    disk.save(Graph(), document)
    os.utime(document, ns=(1, 1))
    desk.ask.found = "recover"
    desk.start(document)
    assert "has been changed since" in desk.ask.about and desk.x == 42.0
    assert not desk.files.save() and desk.ask.asked[-1] == "newer"
    assert disk.load(document) == Graph()


def test_untitled_work_says_what_it_holds_for_nothing_else_tells_it_from_the_next(desk, config_dir):
    leave_behind(config_dir, None, 42.0)
    desk.start()
    assert desk.ask.about.endswith("It holds 5 nodes: x, y, z, q and f.")


def test_a_file_that_is_gone_is_said_and_saving_puts_it_back(desk, document, config_dir):
    leave_behind(config_dir, document, 42.0)
    document.unlink()
    desk.ask.found = "recover"
    desk.start()
    assert "no longer in" in desk.ask.about and desk.files.path == document
    assert desk.files.save() and disk.load(document).nodes["x"].value == 42.0


def test_where_the_folder_is_gone_the_work_is_untitled_but_keeps_its_name(desk, document, config_dir):
    bare = replace(product(), facts={})
    leave_behind(config_dir, document, 42.0, graph=bare)
    shutil.rmtree(document.parent)
    desk.ask.found = "recover"
    desk.start()
    assert desk.x == 42.0 and desk.files.path is None and desk.files.name == "product"


def test_a_swap_that_cannot_be_read_is_said_and_stays_until_it_is_deleted(desk, document, config_dir):
    note = leave_behind(config_dir, document, 42.0)
    note.with_suffix(".swap").write_text("{", "utf-8")
    desk.ask.found = "recover"
    desk.start(document)
    (failure,) = desk.failures
    assert "product.gradloom" in str(failure) and str(note.with_suffix(".swap")) in str(failure)
    assert desk.bridge.now.graph == product() and len(lost_work()) == 1
    desk.ask.found = "discard"
    desk.rescue.ask(lost_work()[0])
    assert lost_work() == []


def test_it_can_be_thrown_away(desk, document, config_dir):
    leave_behind(config_dir, document, 42.0)
    desk.ask.found = "discard"
    desk.start(document)
    assert desk.bridge.now.graph == product() and lost_work() == [] and not swaps(config_dir)


def test_unsaved_work_does_not_go_for_recovered_work(desk, config_dir):
    desk.bridge.load(product())
    leave_behind(config_dir, None, 42.0)
    change(desk.bridge, 5.0)
    desk.ask.found = "recover"
    desk.rescue.ask(lost_work()[0])
    assert desk.ask.asked == ["recover", "unsaved"] and desk.x == 5.0 and len(lost_work()) == 1


def test_it_stays_on_disk_where_this_window_cannot_keep_it(desk, config_dir, monkeypatch):
    note = leave_behind(config_dir, None, 42.0)
    monkeypatch.setattr("gui.document.slot.Slot.write", lambda self, work: (_ for _ in ()).throw(OSError("full")))
    desk.ask.found = "recover"
    desk.start()
    assert desk.x == 42.0 and note.with_suffix(".swap").exists()


def test_what_was_being_typed_and_made_no_sense_is_told(desk, config_dir):
    note = leave_behind(config_dir, None, 42.0)
    note.write_text(note.read_text("utf-8").replace('"unread": []', '"unread": [["Value of x", "3.."]]'), "utf-8")
    desk.ask.found = "recover"
    desk.start()
    assert "Value of x: “3..”" in desk.notices[0].sentence


def test_what_another_window_is_asking_about_is_left_to_it(desk, config_dir):
    note = leave_behind(config_dir, None, 42.0)
    (lost,) = lost_work()
    theirs = QLockFile(str(note.with_suffix(".lock")))
    assert theirs.tryLock(0)
    desk.rescue.ask(lost)
    assert desk.ask.asked == [] and "another window" in desk.told[-1]
    theirs.unlock()


def test_what_another_window_has_taken_meanwhile_is_no_error(desk, config_dir):
    leave_behind(config_dir, None, 42.0)
    (lost,) = lost_work()
    lost.discard()
    desk.rescue.ask(lost)
    assert desk.ask.asked == [] and desk.bridge.now.graph == Graph()


def slow_reading(path, tell):
    """As from a disk that must wake up first."""
    for _ in range(3):
        yield jobs.Waiting()
    return (yield from reading(path, tell))


def test_while_the_file_is_read_nothing_is_said_yet(desk, document, other, config_dir, qtbot, monkeypatch):
    monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    monkeypatch.setattr(files, "reading", slow_reading)
    leave_behind(config_dir, document, 41.0)
    leave_behind(config_dir, other, 42.0, "dead2")
    desk.start(document)
    assert desk.files.is_opening and desk.notices == [] and desk.ask.asked == []
    qtbot.waitUntil(lambda: desk.notices != [])
    assert desk.files.path == document and desk.ask.asked == ["recover"]
    assert "other.gradloom" in desk.notices[0].sentence


# --- in the window


def test_the_window_opens_the_file_and_offers_the_rest_beside_it(window, document, config_dir, qtbot):
    leave_behind(config_dir, None, 42.0)
    window.begin(document)
    bar = window.standing.by_topic["lost work"]
    assert window.files.path == document and bar.isVisible() and "Untitled" not in window.windowTitle()
    window.files.open_example(next(iter(document.parent.iterdir())))
    assert bar.isVisible()  # opening something else does not take the offer back
    window.files.ask.found = "recover"
    (button,) = [button for button in bar.findChildren(QPushButton) if button.text() == "Recover…"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.bridge.now.graph.nodes["x"].value == 42.0 and not bar.isVisible()


def test_the_menu_lists_lost_work(window, config_dir):
    leave_behind(config_dir, None, 42.0)
    (menu,) = window.action_set.filled["Recovered work"]
    menu.aboutToShow.emit()
    (entry,) = menu.actions()
    assert entry.text().startswith("(x + y) z, ")
    window.files.ask.found = "recover"
    entry.trigger()
    assert window.bridge.now.graph.nodes["x"].value == 42.0
    menu.aboutToShow.emit()
    assert not menu.actions()[0].isEnabled()


def test_folders_of_no_use_are_said_once_in_the_window_and_it_works(qtbot, config_dir, tmp_path, monkeypatch, window):
    blocked = tmp_path / "blocked"
    blocked.touch()
    monkeypatch.setenv("GRADLOOM_CONFIG_DIR", str(blocked))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    window.begin(None)
    bar = window.standing.by_topic["folders"]
    assert bar.isVisible() and str(blocked) in bar.sentence.text() and bar.sentence.text().count(". ") == 0
    window.bridge.load(product())
    change(window.bridge, 3.0)
    assert window.files.recovery.write() and swaps(tmp_path)
    window.preferences.choose_speed(2)
    assert "recovery" not in window.standing.by_topic
