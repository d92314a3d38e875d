"""Something else changes the file: it is noticed, told once, and nothing is lost."""

from __future__ import annotations

import os
import shutil
from threading import Event
from time import monotonic

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from engine import edits
from engine.files import disk
from gui.document import jobs, on_disk
from gui.document.pending import TypedText
from tests.gui.document.on_disk.disk_tools import THEIRS
from tests.gui.graphs import product


def test_opening_the_open_document_again_shows_what_was_just_saved(window, document):
    window.edit(7.0)
    window.ask.unsaved = "save"
    assert window.files.open(document)
    assert window.value() == 7.0 and not window.bridge.document.modified
    window.files.watch.look()
    assert window.notices == []


# --- something else changes the file


def test_a_disk_that_does_not_answer_holds_nobody_up(window, document, qtbot, monkeypatch):
    disk.save(THEIRS, document)
    answers, at_once = Event(), on_disk.look_of
    monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    monkeypatch.setattr(on_disk, "look_of", lambda path: at_once(path) if answers.wait(10) else None)
    began = monotonic()
    window.files.watch.look()
    assert monotonic() - began < 5 and not window.notices
    answers.set()
    qtbot.wait_until(lambda: bool(window.notices))
    assert "was changed on disk" in window.notices[0].sentence


def test_a_change_is_told_once_and_not_again(window, document):
    disk.save(THEIRS, document)
    for _ in range(3):
        window.files.watch.look()
    [notice] = window.notices
    assert "“product.gradloom” was changed on disk" in notice.sentence
    assert [choice.words for choice in notice.choices] == ["Compare…", "Keep mine", "Reload"]
    assert window.value() == -2.0 and window.ask.asked == []
    disk.save(product().apply(edits.set_value(product(), "x", 98.0)), document)
    window.files.watch.look()
    assert len(window.notices) == 2


def test_the_focus_is_when_it_looks(window, document, qtbot):
    disk.save(THEIRS, document)
    app = QGuiApplication.instance()
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    qtbot.waitUntil(lambda: len(window.notices) == 1)


def test_it_looks_when_a_dialog_of_its_own_is_over_and_not_behind_it(window, document, qtbot, monkeypatch):
    here, dialog, looks = QWidget(), QDialog(), []
    dialog.setModal(True)
    monkeypatch.setattr(window.files.watch, "look", lambda: looks.append(dialog.isVisible()))
    for shown in (here, dialog):
        qtbot.addWidget(shown)
        with qtbot.waitActive(shown):
            shown.show()
            shown.activateWindow()
        qtbot.waitUntil(lambda: bool(looks))  # that of the first window
    assert True not in looks
    looks.clear()
    dialog.done(0)
    here.activateWindow()
    qtbot.waitUntil(lambda: looks == [False])


def test_a_touch_is_no_change(window, document):
    shutil.copy2(document, document.with_name("same"))
    os.utime(document, ns=(1, 1))
    window.files.watch.look()
    document.with_name("same").replace(document)
    window.files.watch.look()
    document.write_text(document.read_text().replace("  ", " "))
    window.files.watch.look()
    document.chmod(0o600)
    window.files.watch.look()
    window.edit(1.0)
    assert window.notices == [] and window.files.save() and window.ask.asked == []


def test_a_change_that_keeps_size_and_time_is_a_change(window, document):
    found = document.stat()
    text = document.read_text()
    document.write_text(text.replace("-2.0", "-3.0"))
    os.utime(document, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert document.stat().st_size == found.st_size and document.stat().st_mtime_ns == found.st_mtime_ns
    window.files.watch.look()
    assert len(window.notices) == 1


def test_its_own_saves_are_no_news(window):
    for value in (1.0, 2.0):
        window.edit(value)
        assert window.files.save()
        window.files.watch.look()
    assert window.notices == [] and window.ask.asked == ["unsaved"][:0]


def test_reload_shows_the_disk_and_can_be_undone(window, document):
    window.edit(7.0, "y")
    disk.save(THEIRS, document)
    window.files.watch.look()
    assert "not saved" in window.notices[0].sentence
    window.choose("Reload")
    assert window.graph == THEIRS and not window.bridge.document.modified and window.standing == set()
    window.bridge.undo()
    assert (window.value(), window.value("y")) == (-2.0, 7.0) and window.bridge.document.modified
    window.bridge.undo()
    assert window.graph == product()
    window.bridge.redo()
    window.bridge.redo()
    assert window.graph == THEIRS and not window.bridge.document.modified
    window.files.watch.look()
    assert len(window.notices) == 1


@pytest.mark.parametrize("broken", [b"{ no graph", None], ids=["unreadable", "gone"])
def test_a_reload_that_cannot_be_leaves_the_question_open(window, document, qtbot, broken):
    disk.save(THEIRS, document)
    window.files.watch.look()
    document.unlink() if broken is None else document.write_bytes(broken)
    before = window.graph
    window.choose("Reload")
    qtbot.waitUntil(lambda: len(window.notices) == 2)
    said = "is not in" if broken is None else "cannot be opened any more"
    assert said in window.notices[-1].sentence and window.graph is before and window.standing == {"disk"}


def test_a_text_that_cannot_be_taken_leaves_the_question_open(window, document, qtbot):
    window.edit(7.0, "y")
    disk.save(THEIRS, document)
    window.files.watch.look()

    class Typing(QWidget):
        typed = Signal()
        pending_text = TypedText("value of x", "3..")

        def commit(self) -> bool:
            return False

        def drop(self) -> None:
            self.pending_text = None

    field = Typing()
    qtbot.addWidget(field)
    field.show()
    window.bridge.pending.watch(field)
    window.choose("Reload")
    qtbot.waitUntil(lambda: len(window.notices) == 2)
    assert window.value("y") == 7.0 and "was changed on disk" in window.notices[-1].sentence
    field.drop()


def test_keep_mine_is_asked_no_more_and_is_unsaved(window, document):
    disk.save(THEIRS, document)
    window.files.watch.look()
    window.choose("Keep mine")
    assert window.bridge.document.modified and window.value() == -2.0
    window.files.watch.look()
    assert len(window.notices) == 1
    assert window.files.save() and window.ask.asked == []
    assert disk.load(document) == product()


def test_compare_says_what_differs_here_and_there(window, document):
    window.edit(7.0, "y")
    disk.save(THEIRS.apply(edits.set_target(THEIRS, "q")), document)
    window.files.watch.look()
    window.choose("Compare…")
    there = ["x: value −2 → 99.", "The target is q now, and was f."]
    assert window.ask.said == [("product.gradloom", there, ["y: value 5 → 7."])]
    assert len(window.notices) == 2  # it has decided nothing: the bar stands again
    window.ask.changed = "reload"
    window.choose("Compare…")
    assert window.value() == 99.0


@pytest.mark.parametrize(
    ("answer", "value", "modified"), [("keep", 7.0, False), ("reload", 99.0, False), ("later", 7.0, True)]
)
def test_saving_asks_first(window, document, answer, value, modified):
    window.edit(7.0)
    disk.save(THEIRS, document)
    window.ask.changed = answer
    assert window.files.save() is (answer == "keep")
    assert window.value() == value and window.bridge.document.modified is modified
    assert disk.load(document).nodes["x"].value == (7.0 if answer == "keep" else 99.0)


def test_a_file_that_is_gone_is_told_and_can_be_saved_again(window, document):
    document.rename(document.with_name("moved.gradloom"))
    window.files.watch.look()
    window.files.watch.look()
    [notice] = window.notices
    assert f"“product.gradloom” is not in {document.parent} any more" in notice.sentence
    assert window.bridge.document.modified
    window.choose("Save it there again")
    assert disk.load(document) == product() and window.ask.asked == [] and window.standing == set()


def test_a_file_that_comes_back_is_no_news(window, document):
    document.rename(document.with_name("away"))
    window.files.watch.look()
    document.with_name("away").rename(document)
    window.files.watch.look()
    assert len(window.notices) == 1 and window.standing == set()


def test_a_file_that_was_spoilt_is_told_and_is_not_reloaded(window, document):
    document.write_text('{"format": "gradloom"')
    window.files.watch.look()
    [notice] = window.notices
    assert "cannot be opened any more" in notice.sentence and window.bridge.document.modified
    window.ask.changed = "reload"
    assert not window.files.save() and window.failures
    assert window.graph == product() and document.read_text() == '{"format": "gradloom"'
    window.ask.changed = "keep"
    assert window.files.save() and disk.load(document) == product()


def test_revert_can_be_undone(window):
    window.edit(7.0)
    window.ask.reverting = True
    assert window.files.revert() and window.value() == -2.0
    window.bridge.undo()
    assert window.value() == 7.0 and window.bridge.document.modified
