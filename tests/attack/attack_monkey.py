"""The monkey on the real window: a hundred random events a case, and every number recomputed between them."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from tests.attack.attack import Broken
from tests.attack.monkey.events import some_events

TRIES = "After random mouse, keys, menus, dialogs, drops and pastes everything that the window shows is its graph's."
PER_CASE = 100  # events
HANG = 200.0  # seconds of a case, its shrinking included; an event has 2
MEMORY = None  # Qt maps what it may need
QUICK = False

_watch: Any = None


def start() -> None:
    global _watch
    from gui.app import make_app
    from tests.attack.monkey.play import Watch

    app = make_app("light")
    app.setQuitOnLastWindowClosed(False)
    _watch = Watch(app)
    _watch.app = app


def make(random: Random) -> bytes:
    graph = random.randrange(-2, 12)  # below 0: an empty window
    return json.dumps(
        {"seed": random.randrange(10**6), "graph": graph, "events": some_events(random, PER_CASE)}
    ).encode()


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
