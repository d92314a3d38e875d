"""Alt-drag of a leaf's number: every node says what it would hold, the target what its gradient promised; no edit."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import edits
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.show.names import Names
from engine.show.push import push_of
from engine.text.read import parse
from engine.truth.along import Along, Knob
from tests.gui.canvas_tools import ALT, CONTROL, LEFT, NO, SHIFT, Hands, cs231n, value_spot
from tests.gui.graphs import held
from tests.gui.window_tools import press

Key = Qt.Key


@pytest.fixture
def hands(qtbot: QtBot) -> Hands:
    return Hands(qtbot, cs231n())


def move(hands: Hands, at: QPoint, keys: Qt.KeyboardModifier = NO) -> None:
    """Move with the left button down, and with keys: QTest's moves know no keys."""
    where = QPointF(hands.surface.mapToGlobal(at))
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), where, Qt.MouseButton.NoButton, LEFT, keys)
    QApplication.sendEvent(hands.surface, event)


def push(hands: Hands, id: str, pixels: int, keys: Qt.KeyboardModifier = ALT) -> QPoint:
    at = value_spot(hands.view, id)
    hands.press(at, keys)
    move(hands, at + QPoint(8, 0), keys)
    move(hands, at + QPoint(pixels, 0), keys)
    return at + QPoint(pixels, 0)


@pytest.mark.parametrize("keys", [ALT, CONTROL | SHIFT])
def test_what_would_be_stands_beside_every_node_and_nothing_is_changed(hands: Hands, qtbot: QtBot, keys) -> None:
    before = hands.graph
    end = push(hands, "x", 50, keys)
    lens = hands.bridge.lens
    x, y, z = -2.0, 5.0, -4.0
    qtbot.waitUntil(lambda: lens.push is not None and lens.push.lines["x"] == "x −2 → −1.5")
    after = (x + 0.5 + y) * z
    assert lens.push.lines["q"] == "3 → 3.5" and lens.push.lines["f"] == f"−12 → {after:g}".replace("-", "−")
    assert "y" not in lens.push.lines and "z" not in lens.push.lines
    assert lens.push.verdict == ("really −2", "∂f/∂x · h −2", "apart 0")
    assert "nothing has changed" in hands.told[-1]
    QTest.mouseRelease(hands.surface, LEFT, keys, end)
    assert lens.push is None and hands.graph is before and hands.bridge.document.depth == 0 and hands.told[-1] == ""


def test_a_push_too_small_for_four_digits_is_seen_all_the_same() -> None:
    graph = parse("x = 0.2963; r = relu(-x); L = square(x) + r")
    push = push_of(Along(graph, run(graph), [Knob("x")]), 1e-9, Names(graph, run(graph)))
    assert push is not None
    assert push.lines["x"] == "x 0.2963 → 0.296300001" and push.lines["r"] == "stays 0"
    before, after = push.lines["L"].split(" → ")
    assert float(after) > float(before)


def test_what_a_straight_line_misses_shrinks_with_the_square_of_h(hands: Hands, qtbot: QtBot) -> None:
    hands.bridge.load(parse("x = 3; L = square(x)"))
    lens, apart = hands.bridge.lens, []
    for pixels in (50, 25):
        end = push(hands, "x", pixels)
        h = pixels / 100
        qtbot.waitUntil(lambda h=h: lens.push is not None and lens.push.lines["x"] == f"x 3 → {3 + h:g}")
        promised, really = 6 * h, (3 + h) ** 2 - 9
        apart.append(really - promised)
        told = (f"really {really:.4g}", f"∂L/∂x · h {promised:.4g}", f"apart {apart[-1]:.4g}")
        assert lens.push.verdict == (*told, "with half of h 4 times nearer")
        QTest.mouseRelease(hands.surface, LEFT, ALT, end)
    assert apart[0] / apart[1] == pytest.approx(4)


def test_alt_on_the_way_turns_a_drag_into_a_push(hands: Hands, qtbot: QtBot) -> None:
    at = push(hands, "x", 40, NO)
    qtbot.waitUntil(lambda: float(hands.graph.nodes["x"].value) != -2)
    move(hands, at + QPoint(20, 0), ALT)
    qtbot.waitUntil(lambda: hands.bridge.lens.push is not None)
    assert float(hands.graph.nodes["x"].value) == -2 and hands.bridge.document.depth == 0
    QTest.mouseRelease(hands.surface, LEFT, NO, at)
    assert hands.bridge.lens.push is None and float(hands.graph.nodes["x"].value) == -2


def test_esc_ends_it_and_so_does_a_change_of_the_graph(hands: Hands, qtbot: QtBot) -> None:
    for end in (lambda: QTest.keyClick(hands.view, Key.Key_Escape), lambda: hands.bridge.load(parse("a = 1; b = a"))):
        at = push(hands, "x", 50)
        qtbot.waitUntil(lambda: hands.bridge.lens.push is not None)
        end()
        assert hands.bridge.lens.push is None
        QTest.mouseRelease(hands.surface, LEFT, ALT, at)


def test_without_a_target_it_says_why_nothing_is_seen(hands: Hands, qtbot: QtBot) -> None:
    hands.bridge.load(parse("x = 1; f = 2 * x"))
    hands.bridge.edit(lambda graph: edits.set_target(graph, None))
    at = push(hands, "x", 50)
    qtbot.waitUntil(lambda: "choose one" in hands.told[-1])
    assert hands.bridge.lens.push is None
    QTest.mouseRelease(hands.surface, LEFT, ALT, at)


def test_by_keys_an_element_is_pushed_and_the_promise_comes_nearer_as_h_shrinks(window) -> None:
    w, x = np.array([[0.5, -1.0], [0.3, 2.0]]), np.array([1.5, -0.5])
    window.bridge.load(held("z = W @ x; a = tanh(z); L = sum(a * a)", W=w, x=x))
    window.selection.select(["W"])
    window.canvas.setFocus()
    before, lens = window.bridge.now.graph, window.bridge.lens
    gradient = window.bridge.now.trace.gradient("W")
    at = list(np.ndindex(2, 2))
    place = int(np.argmax(np.abs(gradient)))

    def change(index: tuple[int, ...], h: float) -> float:
        moved = w.copy()
        moved[index] += h
        return float((np.tanh(moved @ x) ** 2).sum() - (np.tanh(w @ x) ** 2).sum())

    press(window, Key.Key_N, ALT)
    for key, h in ((None, 0.1), (Key.Key_Left, 0.05), (Key.Key_Left, 0.025), (Key.Key_Minus, -0.025)):
        if key is not None:
            press(window, key)
        really, promised = change(at[place], h), float(gradient[at[place]]) * h
        said = [line.split()[-1].replace("−", "-") for line in lens.push.verdict[:3]]
        np.testing.assert_allclose([float(one) for one in said], [really, promised, really - promised], rtol=1e-3)
    press(window, Key.Key_Down)
    index = at[(place + 1) % 4]
    assert lens.push.lines["W"].startswith(f"W[{index[0]}, {index[1]}] ")
    assert "Esc ends it" in window.status.sentence.text()
    for _ in range(12):
        press(window, Key.Key_Left)
    assert window.status.sentence.text().startswith("h = −6.10352e−6: ")  # written as every number is
    press(window, Key.Key_N, ALT)
    assert lens.push is None and window.bridge.now.graph is before


def test_beyond_a_kink_half_of_the_push_may_come_no_nearer() -> None:
    graph = held("a = relu(x); L = square(a) + a", x=-1.0)
    along = Along(graph, run(graph), [Knob("x")])

    def height(x: float) -> float:
        return max(x, 0.0) ** 2 + max(x, 0.0)

    push = push_of(along, 4.0, Names(graph, run(graph)))
    times = (height(3.0) - height(-1.0)) / (height(1.0) - height(-1.0))
    assert push is not None and push.verdict[-1] == f"with half of h {times:.2g} times nearer"
    below = push_of(along, 1.5, Names(graph, run(graph)))
    assert below is not None and below.verdict[-1] == "with half of h not apart"  # half of it does not reach the kink


def test_beside_a_seed_it_is_said_whose_change_it_is(hands: Hands, qtbot: QtBot) -> None:
    graph = parse("x = 3; f = 2 * x")
    hands.bridge.load(Graph.of(graph.nodes.values(), graph.edges.values(), target="f", seed=5.0))
    push(hands, "x", 50)
    lens = hands.bridge.lens
    qtbot.waitUntil(lambda: lens.push is not None and lens.push.lines["x"] == "x 3 → 3.5")
    assert lens.push.lines["f"] == "6 → 7"
    assert lens.push.verdict == ("L = 5 · f", "L really 5", "∂L/∂x · h 5", "apart 0")
