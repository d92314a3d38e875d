"""What a graph costs in gestures, keys and seconds stays what it is, or becomes less: by mouse, and by quick add."""

from __future__ import annotations

import math

import pytest

from gui.main_window import MainWindow
from tests.gui.counting import BUILDINGS, FIRST, OUT, Building, CountingHands


def ends(hands: CountingHands) -> float:
    graph, trace = hands.graph, hands.window.bridge.now.trace
    (end,) = (id for id in graph.nodes if not graph.out_of(id))
    return float(trace.value(end))


def net() -> float:
    """The loss of the net with the weights of its blocks."""
    hidden = [math.tanh(2 * one + 3 * two + 0.1) for one, two in FIRST]
    out = math.tanh(sum(w * h for w, h in zip(OUT, hidden, strict=True)) + 0.1)
    return (out - 0.5) ** 2


MEANT = {"(x + y)·z": -12.0, "CS231n's function": 1 / (1 + math.exp(-1)), "net of 3 neurons": net()}


@pytest.mark.parametrize("building", BUILDINGS, ids=lambda building: f"{building.what} by {building.way}")
def test_a_graph_is_built_in_so_many_gestures(window: MainWindow, building: Building) -> None:
    hands = CountingHands(window)
    building.build(hands)
    assert ends(hands) == pytest.approx(MEANT[building.what])
    print(f"{building.what}, {building.way}: {hands.clicks} clicks, {hands.drags} drags, {hands.keys} keys, "
          f"{hands.seconds:.0f} s")  # fmt: skip
    assert hands.gestures <= building.gestures and hands.seconds <= building.seconds
