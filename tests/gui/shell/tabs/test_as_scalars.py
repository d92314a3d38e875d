"""Graph ▸ As scalars: the tensors' graph stays, and beside it stand its scalars with the same gradients."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from engine.text.read import parse
from gui.shell.tabs.tabbed_window import TabbedWindow
from tests.gui.tabs_tools import graph

LAYER = (
    "W = np.array([[0.5, -1, 0.25], [2, 0.75, -0.5]]); x = np.array([1, -2, 3]); b = np.array([0.1, -0.2]);"
    "t = np.array([1, 0]); L = mse(sigmoid(linear(x, W, b)), t)"
)


def write_out(tabs: TabbedWindow) -> None:
    """By the menu."""
    tabs.current.action_set.by_id["scalars"].trigger()
    QApplication.processEvents()


def test_a_layer_becomes_neurons_on_a_tab_of_its_own(tabs, qtbot):
    tabs.current.bridge.load(parse(LAYER), saved=False)
    before = graph(tabs)
    write_out(tabs)
    qtbot.waitUntil(lambda: len(tabs.pages) == 2)
    made = graph(tabs)
    assert tabs.pages[0].bridge.now.graph is before and all(
        node.value is None or not node.value.ndim for node in made.nodes.values()
    )
    told = shown(tabs)
    found = re.search(r"(\d+) scalars for the same graph\. (\d+) numbers .* (\d+) of them gradients: all equal", told)
    assert found and int(found[1]) == len(made.nodes) and int(found[3]) == 6 + 3 + 2 + 2
    tensors, scalars = tabs.pages[0].bridge.now.trace, tabs.current.bridge.now.trace
    named = {node.name: id for id, node in made.nodes.items()}
    for i in range(2):
        for j in range(3):
            assert scalars.gradient(named["W" + "₀₁₂"[i] + "₀₁₂"[j]]) == pytest.approx(
                tensors.gradient("W")[i, j], rel=1e-12
            )
    assert sum("neuron" in group.title.casefold() for group in made.groups.values()) == 2


def test_what_cannot_be_written_out_is_told_and_nothing_comes(tabs, qtbot):
    tabs.current.bridge.load(parse("a = 1; b = a * 2"), saved=False)
    write_out(tabs)
    qtbot.waitUntil(lambda: "a scalar already" in shown(tabs))
    assert len(tabs.pages) == 1


def shown(tabs: TabbedWindow) -> str:
    """All that the page says."""
    labels = [line for line in tabs.current.findChildren(QLabel) if line.isVisible()]
    return "\n".join([tabs.current.status.sentence.text(), *(line.text() for line in labels)])
