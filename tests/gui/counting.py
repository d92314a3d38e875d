"""How many gestures and keys it takes to build a graph, and about how many seconds: real events in a shown window.

The seconds are those of the keystroke-level model (Card, Moran & Newell 1980) for somebody who knows the way:
K  0.2 s   a key (Shift is not counted)
P  1.1 s   going to a place with the mouse
B  0.1 s   a button going down, or up
M  1.35 s  making up one's mind: once a gesture, and once a line that is typed
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from engine.graph.graph import Graph
from gui.main_window import MainWindow
from tests.gui.canvas_tools import value_spot
from tests.gui.window_tools import LEFT, NONE, Key, drop_on_canvas, wire

KEY, POINT, BUTTON, MIND = 0.2, 1.1, 0.1, 1.35  # seconds


class CountingHands:
    """Builds in a window, and counts what the hands do."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.keys = self.clicks = self.drags = self.lines = 0
        self.units = list[tuple[list[str], str]]()  # weights and bias of each unit, and its end
        window.files.new()
        window.canvas.setFocus()

    @property
    def graph(self) -> Graph:
        return self.window.bridge.now.graph

    @property
    def gestures(self) -> int:
        """Keys, clicks and drags."""
        return self.keys + self.clicks + self.drags

    @property
    def seconds(self) -> float:
        minds = MIND * (self.clicks + self.drags + self.lines)
        hands = KEY * self.keys + self.clicks * (POINT + 2 * BUTTON) + self.drags * 2 * (POINT + BUTTON)
        return minds + hands

    # --- keys

    def key(self, key: Key) -> None:
        QTest.keyClick(QApplication.focusWidget(), key)
        QApplication.processEvents()
        self.keys += 1

    def line(self, text: str) -> None:
        """Type a text, and Enter."""
        for sign in text:
            QTest.keyClick(QApplication.focusWidget(), sign)
            QApplication.processEvents()
        self.keys += len(text)
        self.key(Key.Key_Return)
        self.lines += 1

    # --- the mouse

    def drop(self, op: str, column: int, row: float) -> str:
        """Drag an op out of the palette. Gives what the node is called."""
        before = set(self.graph.nodes)
        drop_on_canvas(self.window, op, 230.0 * column, 120.0 * row)
        self.window.canvas.camera.fit_all(animated=False)
        self.drags += 1
        (new,) = self.graph.nodes.keys() - before
        return new

    def connect(self, *ends: tuple[str, str, int]) -> None:
        """Drag from an output to a port, for each of several edges."""
        for source, dest, port in ends:
            wire(self.window, source, dest, port)
            self.drags += 1
            assert self.graph.edges[dest, port].source == source

    def fill(self, id: str, text: str) -> None:
        """Click the number of a leaf (from afar: the leaf, and Enter), and type another one."""
        QTest.mouseClick(self.window.canvas.viewport(), LEFT, NONE, value_spot(self.window.canvas, id))
        self.clicks += 1
        if not isinstance(QApplication.focusWidget(), QLineEdit):
            self.key(Key.Key_Return)
        self.line(text)
        self.lines -= 1  # the click and the number are one thought


# --- what is built


def product_by_mouse(hands: CountingHands) -> None:
    x, y, z = (hands.drop("input", 0, row) for row in range(3))
    add, mul = hands.drop("add", 1, 0.5), hands.drop("mul", 2, 1)
    hands.connect((x, add, 0), (y, add, 1), (add, mul, 0), (z, mul, 1))
    for id, text in ((x, "-2"), (y, "5"), (z, "-4")):
        hands.fill(id, text)


def product_by_typing(hands: CountingHands) -> None:
    for text in ("x=-2", "y=5", "z=-4", "(x+y)*z"):
        hands.line(text)


SIGMOID_LEAVES = {"w0": "2", "x0": "-1", "w1": "-3", "x1": "-2", "w2": "-3"}  # CS231n's numbers


def sigmoid_by_mouse(hands: CountingHands) -> None:
    """1/(1 + exp(−(w0·x0 + w1·x1 + w2))), each operation a node, without names for the leaves."""
    leaves = [hands.drop("parameter" if name[0] == "w" else "input", 0, row) for row, name in enumerate(SIGMOID_LEAVES)]
    first, second = hands.drop("mul", 1, 0.5), hands.drop("mul", 1, 2.5)
    add, neg, exp = hands.drop("add", 2, 2), hands.drop("neg", 3, 2), hands.drop("exp", 4, 2)
    one, plus, over, div = (
        hands.drop("constant", 4, 3), hands.drop("add", 5, 2), hands.drop("constant", 5, 1), hands.drop("div", 6, 2),
    )  # fmt: skip
    w0, x0, w1, x1, w2 = leaves
    hands.connect((w0, first, 0), (x0, first, 1), (w1, second, 0), (x1, second, 1))
    hands.connect((first, add, 0), (second, add, 1), (w2, add, 2), (add, neg, 0), (neg, exp, 0))
    hands.connect((exp, plus, 0), (one, plus, 1), (over, div, 0), (plus, div, 1))
    for id, text in zip(leaves, SIGMOID_LEAVES.values(), strict=True):
        hands.fill(id, text)


def sigmoid_by_typing(hands: CountingHands) -> None:
    for name, text in SIGMOID_LEAVES.items():
        hands.line(f"{name}={text}")
    hands.line("1/(1+exp(-(w0*x0+w1*x1+w2)))")


FIRST, OUT = ((0.5, -0.3), (0.8, -0.6), (0.2, 0.7)), (0.5, -0.3, 0.8)  # the weights of the blocks; all biases are 0.1


def net_by_typing(hands: CountingHands) -> None:
    """Two inputs, three tanh units, one tanh unit, a label and a squared error: each weight a node."""
    for text in ("layer 3", "neuron", "t=.5", "L=(h-t)**2", "x1=2", "x2=3"):
        hands.line(text)


def net_by_mouse(hands: CountingHands) -> None:
    """The same net with the same numbers, each node dragged out of the palette."""
    inputs = [hands.drop("input", 0, row) for row in (1, 4)]
    units = [unit_by_mouse(hands, 1, 3 * row, inputs) for row in range(3)]
    out = unit_by_mouse(hands, 5, 3, units)
    label, minus, square = hands.drop("input", 9, 5), hands.drop("sub", 10, 4), hands.drop("square", 11, 4)
    hands.connect((out, minus, 0), (label, minus, 1), (minus, square, 0))
    for id, text in (*zip(inputs, ("2", "3"), strict=True), (label, ".5")):
        hands.fill(id, text)
    for (unit, _), weights in zip(hands.units, (*FIRST, OUT), strict=True):
        for id, number in zip(unit, (*weights, 0.1), strict=True):
            hands.fill(id, f"{number:g}")


def unit_by_mouse(hands: CountingHands, column: int, row: int, inputs: list[str]) -> str:
    """tanh(w·x + b) with a node for each operation."""
    weights = [hands.drop("parameter", column, row + at) for at in range(len(inputs) + 1)]
    products = [hands.drop("mul", column + 1, row + at) for at in range(len(inputs))]
    total, bent = hands.drop("add", column + 2, row + 1), hands.drop("tanh", column + 3, row + 1)
    for source, weight, product, port in zip(inputs, weights[:-1], products, range(len(inputs)), strict=True):
        hands.connect((weight, product, 0), (source, product, 1), (product, total, port))
    hands.connect((weights[-1], total, len(inputs)), (total, bent, 0))
    hands.units.append((weights, bent))
    return bent


@dataclass(frozen=True)
class Building:
    """One graph, built in one way; and the most that this may take."""

    what: str
    way: str
    build: Callable[[CountingHands], None]
    gestures: int
    seconds: float


BUILDINGS = (
    Building("(x + y)·z", "mouse", product_by_mouse, 20, 44),
    Building("(x + y)·z", "quick add", product_by_typing, 22, 10),
    Building("CS231n's function", "mouse", sigmoid_by_mouse, 46, 118),
    Building("CS231n's function", "quick add", sigmoid_by_typing, 58, 20),
    Building("net of 3 neurons", "mouse", net_by_mouse, 167, 333),
    Building("net of 3 neurons", "quick add", net_by_typing, 41, 17),
)
