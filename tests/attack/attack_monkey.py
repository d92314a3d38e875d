"""The monkey on the real window: hundreds of random events a case, and all that it shows looked at after each."""

from __future__ import annotations

import gc
import json
from random import Random
from typing import Any

from tests.attack.attack import Broken
from tests.attack.monkey.events import some_events

TRIES = "After random mouse, keys, menus, dialogs, drops and pastes everything that the window shows is its graph's."
PER_CASE = 500  # events, on one window
BURST = 100  # events on one graph
SMALL, LARGE = 24, 400  # nodes: with more another graph is taken; one case in ten may have the larger number
HANG = 300.0  # seconds of a case, its shrinking included; an event has 2
MEMORY = None  # Qt maps what it may need
QUICK = False

_watch: Any = None


def start() -> None:
    global _watch
    from gui.app import warm_up
    from tests.attack.monkey.play import Watch
    from tests.attack.program import make_program

    app = make_program("light")
    warm_up()
    app.setQuitOnLastWindowClosed(False)
    _watch = Watch(app)
    _watch.app = app
    gc.freeze()  # what is there by now stays: to look for timers need not look at it


def make(random: Random) -> bytes:
    """Most graphs are small, and most windows are not painted: what they show is read from what they
    would paint, and in place of formulas stand their texts."""
    events: list[Any] = []
    for _ in range(PER_CASE // BURST):
        events += [["graph", random.randrange(-2, 12)], *some_events(random, BURST - 1)]  # below 0: an empty one
    case = {"seed": random.randrange(10**6), "painted": random.random() < 0.1}
    case["largest"] = random.choices((SMALL, LARGE), (9, 1))[0]
    return json.dumps({**case, "events": events}).encode()


def check(data: bytes) -> None:
    from tests.attack.monkey.play import play, shrunk, told

    case = json.loads(data)
    try:
        play(case, _watch)
    except Broken as broken:
        _watch.said.clear()
        small = shrunk(case, str(broken), _watch)
        cause = ValueError(f"{told(small)}\n{broken.__cause__}")
        raise Broken(str(broken), json.dumps(small).encode()) from cause
