"""The window ends in one way, whatever is open: asked by the user it asks, told by the system it keeps everything.

`run.py attack closing` tries every way with everything, in processes of their own; here are the pairs that differ.
"""

from __future__ import annotations

import threading

import pytest
from PySide6.QtWidgets import QApplication

from engine import edits
from engine.files import disk
from engine.files.codec import decode
from gui.shell.dialogs.questions import FileQuestions
from gui.shell.signals import Signals, hold_standard_streams
from tests.attack.closings.hand import Hand
from tests.attack.closings.left import kept_graphs
from tests.attack.closings.things import THINGS
from tests.attack.closings.ways import WAYS
from tests.gui.graphs import product

OPEN = (
    "nothing", "value editor", "inspector field", "dialog over a dialog", "question about unsaved work",
    "menu in a menu", "animation", "node in the hand",
)  # fmt: skip
pytestmark = pytest.mark.qt_log_ignore("plugin does not support grabbing the keyboard", extend=True)


@pytest.fixture
def ending(window, qtbot, tmp_path):
    """Opens a thing in the window, ends it, and gives what was asked meanwhile."""
    said: list[str] = []
    hand = Hand(QApplication.instance(), tmp_path, said.append)
    window.files.ask = FileQuestions(window)
    path = tmp_path / "work.gradloom"
    disk.save(product(), path)
    assert window.files.open(path)

    def steps(thing, end):
        yield from hand.work()
        yield from THINGS[thing].opening(hand)
        hand.soon(end)
        yield from hand.answer()

    def play(thing, end, save=False):
        hand.save = save
        hand.play(steps(thing, end))
        qtbot.waitUntil(lambda: window.closing.has_ended, timeout=20_000)
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None)
        return said

    play.hand = hand
    yield play
    hand.deleteLater()


@pytest.mark.parametrize("thing", OPEN)
def test_told_by_the_system_it_ends_at_once_and_keeps_everything(ending, window, tmp_path, config_dir, thing):
    assert ending(thing, window.closing.end) == []
    assert kept_graphs(config_dir, thing)["swap"]
    assert not kept_graphs(tmp_path, thing)["file"]


@pytest.mark.parametrize("thing", OPEN)
def test_ctrl_q_closes_what_is_open_asks_once_and_saves(ending, window, tmp_path, thing):
    said = ending(thing, lambda: WAYS["Ctrl+Q"].act(ending.hand), save=True)
    assert [text for text in said if "Save the changes" in text] == said and len(said) == 1
    assert kept_graphs(tmp_path, thing)["file"] and not window.isVisible()


def test_what_cannot_be_read_is_asked_about_before_it_is_dropped(ending, window, tmp_path):
    said = ending("value editor with nonsense", lambda: WAYS["Ctrl+Q"].act(ending.hand), save=True)
    assert "what you are typing" in said[0] and "Save the changes" in said[1]
    assert kept_graphs(tmp_path, "nothing")["file"]


def test_a_window_that_is_to_end_before_it_was_shown_ends(window):
    window.hide()
    window.closing.end()
    assert window.closing.has_ended and window.close()


def test_what_ends_at_once_is_kept_and_leaves_no_thread(window, config_dir):
    others = {thread.ident for thread in threading.enumerate()}
    window.bridge.load(product())
    window.bridge.edit(lambda graph: edits.set_value(graph, "x", 7.0))
    window.closing.end()
    [swap] = config_dir.rglob("*.swap")
    assert decode(swap.read_bytes()).nodes["x"].value == 7.0
    assert {thread.ident for thread in threading.enumerate()} <= others


def test_signals_wait_until_they_are_read_and_are_deaf_at_last():
    import signal

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under `nohup` it would be let pass
    signals = Signals()
    try:
        assert signals.read() == []
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGHUP)
        assert signals.read() == [signal.SIGTERM, signal.SIGHUP]
        signals.deafen()
        signal.raise_signal(signal.SIGTERM)
        assert signals.read() == []
    finally:
        signals.give_back()
        for number, handler in before.items():
            signal.signal(number, handler)


def test_open_streams_are_left_as_they_are():
    import os

    before = [os.fstat(number).st_ino for number in range(3)]
    hold_standard_streams()
    assert [os.fstat(number).st_ino for number in range(3)] == before
