"""Two windows on one file, and a file that something else changes: noticed, told once, and nothing is lost."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from engine import edits
from engine.files import disk
from engine.files.lock import FileLock
from engine.graph.graph import Graph
from gui.document import jobs, on_disk
from gui.document.bridge import Bridge
from gui.document.files import Files
from tests.gui.document.test_files import Answers
from tests.gui.graphs import product

THEIRS = product().apply(edits.set_value(product(), "x", 99.0))


class Seen:
    """A window as far as files go, and what it has said."""

    def __init__(self) -> None:
        self.bridge = Bridge()
        self.files = Files(self.bridge, Answers())
        self.ask = self.files.ask
        self.notices: list = []
        self.failures: list[str] = []
        self.standing: set[str] = set()
        self.files.watch.noticed.connect(self._note)
        self.files.watch.settled.connect(self.standing.discard)
        self.files.failed.connect(lambda error: self.failures.append(str(error)))

    def _note(self, notice) -> None:
        self.notices.append(notice)
        self.standing.add(notice.topic)

    @property
    def graph(self) -> Graph:
        return self.bridge.now.graph

    def value(self, id: str = "x") -> float:
        return float(self.graph.nodes[id].value)

    def edit(self, value: float, id: str = "x") -> None:
        self.bridge.edit(lambda graph: edits.set_value(graph, id, value))

    def choose(self, words: str) -> None:
        """Press a button of the bar that was shown last; the bar goes."""
        [choice] = [choice for choice in self.notices[-1].choices if choice.words == words]
        choice.do()

    def close(self) -> None:
        self.ask.unsaved = "discard"
        self.files.close()


@pytest.fixture
def windows(qtbot):
    made: list[Seen] = []

    def make() -> Seen:
        made.append(Seen())
        return made[-1]

    yield make
    for window in made:
        window.close()


@pytest.fixture
def document(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    disk.save(product(), folder / "product.gradloom")
    return folder / "product.gradloom"


@pytest.fixture
def window(windows, document):
    made = windows()
    assert made.files.open(document)
    return made


def left_in(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


# --- two windows on one file


def test_a_lock_stands_beside_the_file_while_it_is_open(window, document, tmp_path):
    assert left_in(document.parent) == [".product.gradloom.lock", "product.gradloom"]
    window.ask.save_path = tmp_path / "elsewhere.gradloom"
    assert window.files.save_as()
    assert left_in(document.parent) == ["product.gradloom"]
    assert ".elsewhere.gradloom.lock" in left_in(tmp_path)
    window.files.new()
    assert left_in(tmp_path) == ["documents", "elsewhere.gradloom"]
    window.files.open(document)
    window.files.close()
    assert left_in(document.parent) == ["product.gradloom"]


def test_a_second_window_is_told_who_has_it_and_may_leave_it(window, windows, document):
    second = windows()
    assert not second.files.open(document)
    assert second.ask.asked == ["elsewhere"]
    name, holder = second.ask.said[0]
    assert name == "product.gradloom" and f"this computer (process {os.getpid()})" in holder
    assert second.graph == Graph() and second.files.path is None


def test_it_may_have_a_copy_that_asks_for_a_name(window, windows, document):
    second = windows()
    second.ask.elsewhere = "copy"
    assert second.files.open(document)
    assert second.files.path is None and second.files.name == "product (copy)" and second.graph.nodes == product().nodes
    second.edit(3.0)
    second.ask.save_path = document
    assert not second.files.save()  # Replace? it is open elsewhere
    assert second.ask.asked[-2:] == ["save", "overwrite"] and "this computer" in second.ask.said[-1]
    assert disk.load(document) == product()


def test_opened_all_the_same_neither_replaces_the_others_work_unasked(window, windows, document):
    second = windows()
    second.ask.elsewhere = "anyway"
    assert second.files.open(document)
    second.edit(3.0)
    assert second.files.save()
    window.edit(4.0)
    assert not window.files.save() and window.ask.asked == ["newer"]
    assert window.ask.said == [("product.gradloom", ["x: value −2 → 3."], ["x: value −2 → 4."])]
    assert disk.load(document).nodes["x"].value == 3.0 and window.bridge.document.modified
    second.files.close()
    assert left_in(document.parent) == [".product.gradloom.lock", "product.gradloom"]  # the first one's


def test_the_first_window_hears_at_once_that_there_is_a_second(window, windows, document, qtbot):
    second = windows()
    second.ask.elsewhere = "anyway"
    second.files.open(document)
    qtbot.waitUntil(lambda: len(window.notices) == 1)
    assert (
        f"“product.gradloom” is also open in another window on this computer (process {os.getpid()})"
        in window.notices[0].sentence
    )
    for value in (1.0, 2.0):
        window.edit(value)
        assert window.files.save()
    window.files.watch.look()
    second.ask.changed = "keep"
    assert second.files.save() and second.files.save()  # it does not knock again
    window.files.watch.look()
    assert [notice.topic for notice in window.notices] == ["another window", "disk"] and second.notices == []
    window.ask.unsaved = "discard"
    assert window.files.new() and window.standing == set()


def test_who_waits_gets_the_lock_with_the_next_save(window, windows, document):
    second = windows()
    second.ask.elsewhere = "anyway"
    second.files.open(document)
    window.files.close()
    second.edit(1.0)
    assert second.files.save()
    assert FileLock(document).take() is not None


def test_a_folder_that_takes_no_lock_is_no_reason_to_complain(windows, document, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "")

    window = windows()
    monkeypatch.setattr("engine.files.lock.FileLock._create", refuse)
    assert window.files.open(document) and window.ask.asked == [] and window.failures == []
    assert left_in(document.parent) == ["product.gradloom"]


def test_opening_what_is_open_is_no_second_window(window, document, tmp_path):
    link = tmp_path / "link.gradloom"
    link.symlink_to(document)
    for path in (document, link, Path(os.path.relpath(document))):
        assert window.files.open(path) and window.ask.asked == []
    window.ask.save_path = document  # by its other name
    window.edit(5.0)
    assert window.files.save_as() and window.ask.asked == ["save"]


def test_a_document_that_cannot_be_opened_leaves_no_lock(window, document, tmp_path):
    bad = tmp_path / "bad.gradloom"
    bad.write_text("{}")
    assert not window.files.open(bad) and window.failures
    assert left_in(tmp_path) == ["bad.gradloom", "documents"]
    assert window.files.path == document and FileLock(document).take() is not None


# --- the same document again


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


# --- saving that cannot be


@pytest.mark.parametrize(
    "place", ["/dev/full", "/dev/null", "/proc/kmsg", ".", "/proc/sys/x.gradloom", "no/such/x.gradloom", "\0"]
)
def test_a_place_that_takes_no_file_is_told_and_the_work_stays(window, document, tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    window.edit(7.0)
    window.ask.save_path, window.ask.overwrite = Path(place), True
    assert not window.files.save_as()
    assert len(window.failures) == 1 and "\n" not in window.failures[0]
    assert window.files.path == document and window.bridge.document.modified
    assert left_in(tmp_path) == ["documents"] and not any(name.endswith(".lock") for name in os.listdir("/dev"))


def test_a_file_that_may_not_be_written_says_what_to_do(window, document):
    document.chmod(0o444)
    window.edit(7.0)
    assert not window.files.save()
    assert window.failures[0].endswith(
        "it is read-only. Your work is still here: save it somewhere else (Ctrl+Shift+S)"
    )
    assert disk.load(document) == product()


# --- a save that was killed while it was written into the file itself


@pytest.fixture
def cut_short(document, monkeypatch):
    """A hard-linked document, half written, with the whole draft of a dead process beside it."""
    os.link(document, document.with_name("other name"))
    child = os.fork()
    if child == 0:
        real = os.write
        monkeypatch.setattr(os, "write", lambda handle, data: (real(handle, data[:60]), os._exit(0)))
        disk.save(THEIRS, document)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    return document


def test_what_was_being_saved_is_offered(windows, cut_short):
    window = windows()
    assert not window.files.open(cut_short) and window.ask.asked == ["cut short"]
    window.ask.cut_short = "draft"
    assert window.files.open(cut_short)
    assert window.graph == THEIRS and window.files.path == cut_short and window.bridge.document.modified
    assert window.files.save()
    assert disk.load(cut_short) == THEIRS and cut_short.samefile(cut_short.with_name("other name"))
    window.files.close()
    assert left_in(cut_short.parent) == ["other name", "product.gradloom"]


def test_a_draft_that_nobody_wants_goes(windows, cut_short):
    window = windows()
    window.ask.cut_short = "file"
    window.files.open(cut_short)
    assert [name for name in left_in(cut_short.parent) if name.endswith(".whole")] == []
