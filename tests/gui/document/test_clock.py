"""The clock runs while the player moves, and only then; a stall does not make it leap."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from gui.document.bridge import Bridge
from gui.document.clock import Clock
from tests.gui.graphs import product_session


def runs(clock: Clock) -> bool:
    return clock.findChild(QTimer).isActive()


def test_it_runs_only_while_the_player_moves(qtbot):
    bridge = Bridge(product_session())
    clock = Clock(bridge)
    assert not runs(clock)
    bridge.player.play()
    assert runs(clock)
    bridge.player.pause()
    assert not runs(clock)
    clock.stop()


def test_playing_moves_the_position_and_ends_by_itself(qtbot):
    bridge = Bridge(product_session())
    clock = Clock(bridge)
    bridge.player.speed = 8.0
    bridge.player.play()
    qtbot.waitUntil(lambda: not runs(clock), timeout=8000)
    assert bridge.player.position == bridge.player.end
    clock.stop()


def test_after_a_stall_it_does_not_leap(qtbot, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("gui.document.clock.perf_counter", lambda: now[0])
    bridge = Bridge(product_session())
    clock = Clock(bridge)
    bridge.player.play()
    now[0] += 3600.0
    with qtbot.waitSignal(bridge.told):
        pass
    assert 0 < bridge.player.position < 1
    clock.stop()
    assert not runs(clock)
