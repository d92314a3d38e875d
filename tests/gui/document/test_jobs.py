"""Long work: the window answers meanwhile, says how far it is, and can end it; short work is done at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine import edits
from engine.errors import FileError
from engine.files import disk
from engine.graph.change import NOTHING
from engine.values.progress import Cancelled, advance
from gui.document import jobs
from gui.document import reading as reading_a_file
from gui.document.jobs import THREAD, Jobs, Waiting, in_thread
from tests.building import chain
from tests.gui.window_tools import CTRL, Key, press


@pytest.fixture
def working(qtbot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.stop()


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == THREAD]


class Slow:
    """Work for a thread that goes on until it is let go, and says how far it is."""

    def __init__(self, result: object = "done") -> None:
        self.result, self.go_on, self.ended = result, threading.Event(), False

    def __call__(self) -> object:
        try:
            for done in range(1_000_000):
                advance(done, 1_000_000)
                if self.go_on.wait(0.001):
                    return self.result
        except Cancelled:
            self.ended = True
            raise
        raise AssertionError("nobody let it go")


def test_short_work_is_done_when_it_is_asked_for(working) -> None:
    heard: list[object] = []
    working.begin("short", in_thread(lambda: 7), heard.append)
    assert heard == [7] and not working.running


def test_the_window_answers_while_a_thread_works(working, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    slow, heard, ticks = Slow(), [], []
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    job = working.begin("long", in_thread(slow), heard.append)
    qtbot.waitUntil(lambda: len(ticks) > 20 and job.share is not None)
    assert not heard and 0 <= job.share < 1
    slow.go_on.set()
    qtbot.waitUntil(lambda: heard == ["done"])
    timer.stop()
    assert not working.running


def test_a_cancelled_thread_ends_at_its_next_word_and_nobody_hears_of_it(working, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    slow, heard = Slow(), []
    working.begin("long", in_thread(slow), heard.append, heard.append).stop()
    qtbot.waitUntil(lambda: slow.ended and not threads())
    QApplication.processEvents()
    assert not heard and not working.running


def test_closing_ends_everything_and_waits_for_the_threads(working, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    many = [Slow() for _ in range(5)]
    for slow in many:
        working.begin("long", in_thread(slow))
    working.stop()
    assert all(slow.ended for slow in many) and not threads() and not working.running


def test_a_refusal_is_told_and_a_fault_is_not_swallowed(working, qtbot) -> None:
    def refuse() -> None:
        raise FileError("no")

    def fail() -> None:
        raise ZeroDivisionError

    heard: list[object] = []
    working.begin("refused", in_thread(refuse), failed=heard.append)
    assert [str(error) for error in heard] == ["no"]
    with pytest.raises(ZeroDivisionError):
        working.begin("faulty", in_thread(fail))
    assert not working.running


class Held:
    """Says in which thread it is taken down."""

    def __init__(self, said: list[str]) -> None:
        self.said = said

    def __del__(self) -> None:
        self.said.append(threading.current_thread().name)


def test_what_a_thread_was_given_is_taken_down_in_that_of_the_window(monkeypatch) -> None:
    said, may_end = list[str](), threading.Event()

    class Lingering(threading.Event):
        """Whoever says that it is done does not end yet: the one that waited has long gone on."""

        def set(self) -> None:
            super().set()
            if done:
                may_end.wait(20)

    done = list[None]()

    held = Held(said)
    with monkeypatch.context() as patch:
        patch.setattr(jobs.threading, "Event", Lingering)
        work = jobs.in_thread(lambda held=held: done.append(None))
        for _ in work:
            pass
    del held, work
    assert said == []
    may_end.set()
    jobs.join_threads(20)
    assert said == []
    list(jobs.in_thread(int))
    assert said == [threading.main_thread().name]


def test_work_in_pieces_is_cleaned_up_when_it_is_dropped(working) -> None:
    cleaned: list[bool] = []

    def pieces():
        try:
            while True:
                yield Waiting(0.5)
        finally:
            cleaned.append(True)

    job = working.begin("endless", pieces(), short=False)
    assert job.busy
    working.drop()
    assert cleaned == [True] and not working.running


# --- in the window


@pytest.fixture
def reading(monkeypatch) -> Slow:
    """Opening a file takes as long as one likes."""
    slow = Slow(chain(5))
    monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    monkeypatch.setattr(reading_a_file, "read_file", lambda path, tell: slow())
    return slow


def test_the_open_document_stays_usable_until_the_next_one_is_read(product_window, qtbot, tmp_path, reading) -> None:
    window = product_window
    assert not window.files.open(tmp_path / "next.gradloom")
    qtbot.waitUntil(window.progress.isVisible)
    assert window.progress.title.text() == "Opening next.gradloom …"
    press(window, Key.Key_M, CTRL)
    assert set(window.bridge.now.graph.nodes) == {"x", "y", "z", "q", "f"}
    reading.go_on.set()
    qtbot.waitUntil(lambda: len(window.bridge.now.graph.nodes) == 6)
    assert window.files.path == tmp_path / "next.gradloom" and not window.progress.isVisible()


def test_esc_cancels_what_is_being_opened(product_window, qtbot, tmp_path, reading) -> None:
    window = product_window
    window.files.open(tmp_path / "next.gradloom")
    qtbot.waitUntil(window.progress.isVisible)
    window.canvas.setFocus()
    press(window, Key.Key_Escape)
    qtbot.waitUntil(lambda: reading.ended)
    assert not window.progress.isVisible() and window.files.path.name == "product.gradloom"
    QTest.keyClick(window.canvas, Key.Key_Escape)  # it is the canvas' own key again


def test_opening_another_file_drops_the_one_that_was_being_read(product_window, qtbot, tmp_path, reading, monkeypatch):
    window = product_window
    window.files.open(tmp_path / "next.gradloom")
    monkeypatch.undo()
    disk.save(chain(2), tmp_path / "third.gradloom")
    window.files.open(tmp_path / "third.gradloom")
    qtbot.waitUntil(lambda: reading.ended and window.files.path == tmp_path / "third.gradloom")


def test_a_graph_that_is_edited_while_it_is_arranged_stays_as_it_is(product_window, qtbot, monkeypatch) -> None:
    window = product_window
    slow = Slow(NOTHING)
    monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    monkeypatch.setattr("gui.shell.edit_actions.edits.arrange_nodes", lambda graph, aspect, within=None: slow())
    window.editing.arrange()
    window.bridge.edit(lambda graph: edits.set_seed(graph, 3.0))
    before = window.bridge.now.graph
    slow.go_on.set()
    qtbot.waitUntil(lambda: not window.jobs.running)
    assert window.bridge.now.graph is before and "edited while" in window.status.sentence.text()
