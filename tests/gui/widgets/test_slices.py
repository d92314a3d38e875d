"""Work in slices: short work is done at once, long work begins when the hand that asks for it rests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from gui.widgets import slices
from gui.widgets.slices import Slices

REST = 30  # milliseconds


@pytest.fixture
def done() -> list[str]:
    return []


def work(done: list[str], name: str, pieces: int) -> Iterator[None]:
    for piece in range(pieces):
        done.append(f"{name}{piece}")
        yield
    done.append(f"{name} ends")


def test_short_work_is_done_when_start_returns(qapp, done, monkeypatch):
    monkeypatch.setattr(slices, "SLICE", 60.0)
    owner = QObject()
    both = Slices(owner, REST)
    for name in "ab":
        both.start(work(done, name, 2))
    assert done == ["a0", "a1", "a ends", "b0", "b1", "b ends"] and not both.is_working


def test_what_was_too_long_waits_for_rest(qtbot, done, monkeypatch):
    """Of what is asked for while the hand moves only the last is worked on, when it rests; then all is as before."""
    monkeypatch.setattr(slices, "SLICE", 0.0)
    owner = QObject()
    follower = Slices(owner, REST)
    for name in "abc":
        follower.start(work(done, name, 3))
    assert done == ["a0"], "the first shows how long it takes; the others wait"
    qtbot.waitUntil(lambda: not follower.is_working)
    assert done == ["a0", "c0", "c1", "c2", "c ends"]
    monkeypatch.setattr(slices, "SLICE", 60.0)
    follower.start(work(done, "d", 1))
    qtbot.waitUntil(lambda: not follower.is_working)
    follower.start(work(done, "e", 1))
    assert done[-2:] == ["e0", "e ends"], "it is quick again, and done at once"


def test_without_rest_it_begins_at_once(qtbot, done, monkeypatch):
    monkeypatch.setattr(slices, "SLICE", 0.0)
    owner = QObject()
    eager = Slices(owner)
    for name in "ab":
        eager.start(work(done, name, 1))
    assert done == ["a0", "b0"]
    qtbot.waitUntil(lambda: not eager.is_working)
    assert done[-1] == "b ends"
