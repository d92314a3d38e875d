"""Garbage is deleted in the window's thread, whichever thread asks for memory."""

from __future__ import annotations

import gc
import threading
from functools import partial

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui.document.clock import Ticker
from gui.document.garbage import Sweeper


class Cycle:
    """Garbage that says in which thread it is deleted."""

    def __init__(self, said: list[str]) -> None:
        self.me, self.said = self, said

    def __del__(self) -> None:
        self.said.append(threading.current_thread().name)


def test_garbage_is_deleted_in_the_thread_of_the_window(qtbot) -> None:
    owner, said = QObject(), list[str]()
    gc.enable()
    try:
        sweeper = Sweeper(owner, every=10)
        Cycle(said)
        kept = []
        other = threading.Thread(target=lambda: kept.extend([i] for i in range(100_000)), name="other")
        other.start()
        other.join()
        assert said == [] and len(kept) == 100_000
        qtbot.waitUntil(lambda: said == [threading.main_thread().name])
        sweeper.stop()
    finally:
        gc.disable()


def test_everything_is_looked_through_only_when_a_fourth_of_it_is_new(qtbot) -> None:
    owner, looks, before = QObject(), list[int](), gc.get_threshold()

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            looks.append(info["generation"])

    sweeper = Sweeper(owner, every=2)
    gc.callbacks.append(note)
    try:
        gc.set_threshold(1, 0, 0)
        kept = [[i] for i in range(len(gc.get_objects()) // 2)]
        qtbot.waitUntil(lambda: 2 in looks)
        looks.clear()
        qtbot.waitUntil(lambda: len(looks) > 5)
        assert kept and 2 not in looks
    finally:
        sweeper.stop()
        gc.callbacks.remove(note)
        gc.set_threshold(*before)


def test_what_is_kept_is_not_looked_through_until_the_window_is_gone(qtbot) -> None:
    owner, said = QObject(), list[str]()
    sweeper = Sweeper(owner, every=10**6)
    Cycle(said)
    sweeper.keep()
    try:
        kept = gc.get_freeze_count()
        gc.collect()
        assert said == [] and kept > 10_000 and len(gc.get_objects()) < kept / 10
    finally:
        sweeper.stop()
    gc.collect()
    assert said


class Hand:
    """A mouse button that is down on a widget."""

    def __init__(self, widget: QWidget) -> None:
        self.press = partial(QTest.mousePress, widget.windowHandle(), Qt.MouseButton.LeftButton)
        self.rest = partial(QTest.mouseRelease, widget.windowHandle(), Qt.MouseButton.LeftButton)


class Pass:
    """A pass that plays."""

    def __init__(self, widget: QWidget) -> None:
        ticker = Ticker(10**6, widget)
        self.press, self.rest = ticker.begin, ticker.stop


@pytest.mark.parametrize("moving", [Hand, Pass])
def test_only_what_is_newest_is_looked_through_while_something_moves(qtbot, moving: type[Hand] | type[Pass]) -> None:
    """More takes longer than a frame of it."""
    owner, looks, before, widget = QObject(), list[int](), gc.get_threshold(), QWidget()

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            looks.append(info["generation"])

    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    moved = moving(widget)
    moved.press()
    sweeper = Sweeper(owner, every=1)
    gc.callbacks.append(note)
    try:
        gc.set_threshold(1, 0, 0)
        kept = [[i] for i in range(len(gc.get_objects()) // 2)]
        qtbot.waitUntil(lambda: len(looks) > 5)
        assert kept and set(looks) == {0}
        moved.rest()
        qtbot.waitUntil(lambda: 2 in looks)
    finally:
        sweeper.stop()
        gc.callbacks.remove(note)
        gc.set_threshold(*before)
