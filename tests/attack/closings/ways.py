"""The ways in which a window ends: by hands, from inside the program, or by signals, from outside."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.attack.closings.hand import Hand

STORM = 25  # signals, one a millisecond


@dataclass(frozen=True)
class Way:
    """`act` is done inside the program by hands, `signals` are sent from outside, each so many seconds after another.

    `asks`: the user is asked about unsaved work. `hang_up`: the terminal is closed. `streams`: stdout and stderr are
    gone from the beginning. `early`: the first signal comes while the program starts.
    """

    act: Callable[[Hand], None] | None = None
    signals: tuple[tuple[float, int], ...] = ()
    asks: bool = False
    hang_up: bool = False
    streams: str = "log"  # closed, broken


def _ctrl_q(hand: Hand) -> None:
    hand.key(Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


def _ctrl_q_twice(hand: Hand) -> None:
    hand.soon(lambda: _ctrl_q(hand))
    _ctrl_q(hand)


def _session_ends(hand: Hand) -> None:
    """What a session manager does: it asks all programs to keep what they have, and then ends them."""
    hand.app.commitDataRequest.emit(None)
    hand.app.saveStateRequest.emit(None)
    os.kill(os.getpid(), signal.SIGTERM)


def _storm(number: int, count: int) -> tuple[tuple[float, int], ...]:
    return ((0.0, number),) + ((0.001, number),) * (count - 1)


WAYS = {
    "Ctrl+Q": Way(_ctrl_q, asks=True),
    "Ctrl+Q twice": Way(_ctrl_q_twice, asks=True),
    "File > Quit": Way(lambda hand: hand.action("quit").trigger(), asks=True),
    "window button": Way(lambda hand: hand.press_window_button(), asks=True),
    "last window closed": Way(lambda hand: QApplication.closeAllWindows(), asks=True),
    "asked to quit": Way(lambda hand: QApplication.quit(), asks=True),
    "SIGINT": Way(signals=((0.0, signal.SIGINT),), asks=True),
    "SIGINT twice": Way(signals=((0.0, signal.SIGINT), (0.05, signal.SIGINT))),
    "SIGTERM": Way(signals=((0.0, signal.SIGTERM),)),
    "SIGTERM again and again": Way(signals=_storm(signal.SIGTERM, STORM)),
    "SIGHUP": Way(signals=((0.0, signal.SIGHUP),)),
    "terminal closed": Way(hang_up=True),
    "session end": Way(_session_ends),
    "Ctrl+Q, no stdout and stderr": Way(_ctrl_q, asks=True, streams="closed"),
    "SIGTERM, stdout and stderr broken": Way(signals=((0.0, signal.SIGTERM),), streams="broken"),
}
