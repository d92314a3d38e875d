"""What the monkey may do, as lists that JSON can hold. Places are said by number, so that they mean something anywhere:
node 17 is the seventeenth, counted round and round.
"""

from __future__ import annotations

from random import Random
from typing import Any

from tests.attack import attack_clipboard
from tests.attack.graphs import TEXTS

TYPED = (
    "1",
    "-2",
    "7",
    "0.5",
    "1e9",
    "nan",
    "[1, 2]",
    "[[1, 2], [3, 4]]",
    "zeros(2, 3)",
    "abc",
    "x",
    "total",
    "a b",
    "",
    "é",
    "9" * 60,
)
KEYS = (
    "Return",
    "Escape",
    "Tab",
    "Backtab",
    "Left",
    "Right",
    "Up",
    "Down",
    "Delete",
    "Backspace",
    "Space",
    "Home",
    "End",
    "F2",
)
WORKED = (
    "Ctrl+Z",
    "Ctrl+Y",
    "Ctrl+Z",
    "Ctrl+Shift+Z",
    "Ctrl+C",
    "Ctrl+V",
    "Ctrl+X",
    "Ctrl+D",
    "Ctrl+A",
    "Ctrl+S",
    "Alt+Left",
    "Shift+Right",
)
DOCUMENTS = ("Ctrl+N", "Ctrl+Tab", "Ctrl+Shift+Tab", "Ctrl+W")
BUTTONS = ("left", "left", "left", "right", "middle")
FILES = (
    "neuron.gradloom",
    "train-xor.gradloom",
    "damaged.gradloom",
    "program.txt",
    "no-such.gradloom",
    "folder",
    "fan-out.gradloom",
)


def some_events(random: Random, count: int) -> list[Any]:
    return [random.choices(MAKERS, WEIGHTS)[0](random) for _ in range(count)]


def place(random: Random) -> Any:
    """Somewhere on the canvas."""
    number = random.randrange(1000)
    return random.choice((
        ["node", number], ["node", number], ["value", number], ["name", number], ["output", number], ["input", number],
        ["edge", number, random.random()], ["point", random.random(), random.random()],
    ))  # fmt: skip


def _drag(random: Random) -> Any:
    if random.random() < 0.5:  # an edge, or what looks like one
        start, end = ["output", random.randrange(1000)], ["input", random.randrange(1000)]
    else:
        start, end = place(random), place(random)
    finish = random.choices(("release", "escape", "key", "hold", "right"), (20, 2, 1, 1, 1))[0]
    return ["drag", start, end, random.choice(("", "", "", "shift", "ctrl")), finish, random.choice(WORKED)]


MAKERS, WEIGHTS = zip(
    (lambda r: ["click", place(r), r.choice(("", "", "", "shift", "ctrl")), r.choice(BUTTONS)], 14),
    (lambda r: ["double", place(r)], 5),
    (_drag, 16),
    (lambda r: ["wheel", place(r), r.choice((120, -120, 480, -480)), r.choice(("", "", "ctrl", "shift"))], 3),
    (lambda r: ["widget", r.randrange(10_000), r.choice(("click", "click", "click", "double", "wheel", "right"))], 14),
    (lambda r: ["type", r.choice(TYPED), r.choice(("Return", "Return", "Escape", "Tab", "", ""))], 12),
    (lambda r: ["key", r.choice(KEYS)], 14),
    (lambda r: ["key", r.choice(WORKED)], 12),
    (lambda r: ["key", r.choice(DOCUMENTS)], 4),
    (lambda r: ["shortcut", r.randrange(1000)], 8),
    (lambda r: ["menu", r.randrange(1000)], 4),
    (lambda r: ["op", r.randrange(1000), r.random(), r.random()], 8),
    (lambda r: ["copied", attack_clipboard.make(r).decode("utf-8", "replace")[:5000]], 3),
    (lambda r: ["copied", r.choice(TEXTS).encode("utf-8", "replace").decode()], 1),
    (lambda r: ["file", r.choice(FILES)], 1),
    (lambda r: ["resize", r.choice((800, 1024, 1280, 1440, 1920)), r.choice((480, 600, 800, 900))], 1),
    (lambda r: ["theme"], 0.1),
    (lambda r: ["wait", r.choice((1, 20, 60, 400, 2500))], 5),
    (lambda r: ["away"], 1),
    strict=True,
)  # fmt: skip
