"""What stands beside the edges: chosen by keys and menu, of now at every step, legible, in pictures too, and recomputed
with NumPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine import edits
from engine.show.beside import OnEdges
from gui.main_window import MainWindow
from gui.shell.dialogs.export import ExportDialog
from tests.gui.canvas.test_legible import CANVASES, EXAMPLES, faults, fit_zoom, measured, stage_of
from tests.gui.graphs import held
from tests.gui.pictures.test_render import pixels, rendered
from tests.gui.window_tools import ALT, Key, press

W, X, B, Y = 0.6, 1.5, -0.4, 1.0


def neuron_graph():
    return held("m = w*x; z = m + b; a = sigmoid(z); L = mse(a, y)", w=W, x=X, b=B, y=Y)


@pytest.fixture
def neuron(window: MainWindow) -> MainWindow:
    window.bridge.load(neuron_graph())
    window.canvas.setFocus()
    return window


def said(window: MainWindow) -> dict[tuple[str, int], tuple[str, str]]:
    stage = window.canvas.desk.scene.stage
    return {key: stage.edges[key].said() for key in stage.keys}


def numbers(x: float = X) -> tuple[float, float, float]:
    """a, and what L's slope over a and a's over z are."""
    a = 1 / (1 + np.exp(-(W * x + B)))
    return a, 2 * (a - Y), a * (1 - a)


def text(number: float) -> str:
    return f"{number:.4g}".replace("-", "−")


def test_local_derivatives_are_those_of_now(qtbot, neuron) -> None:
    press(neuron, Key.Key_2, ALT)
    _, loss, slope = numbers()
    assert said(neuron)[("L", 0)] == (f"∂L/∂a = 2 · (a − y) = {text(loss)}", "")
    assert said(neuron)[("a", 0)] == (f"∂a/∂z = a · (1 − a) = {text(slope)}", "")
    assert said(neuron)[("m", 0)] == ("∂m/∂w = x = 1.5", "") and said(neuron)[("z", 0)] == ("∂z/∂m = 1", "")
    neuron.bridge.edit(lambda g: edits.set_value(g, "x", -2.0))
    assert said(neuron)[("a", 0)][0].endswith(text(numbers(-2.0)[2]))
    neuron.bridge.player.go_to_start()
    assert set(said(neuron).values()) == {("", "")}
    for _ in range(len(neuron.bridge.now.trace)):
        neuron.bridge.player.step_forward()
        frame = neuron.bridge.now.frame
        there = {key for key, texts in said(neuron).items() if texts[0]}
        assert there == {key for key in neuron.bridge.now.graph.edges if frame.value(key[0]) is not None}


def test_an_edge_into_a_folded_group_says_its_own_and_one_for_several_nothing(qtbot, neuron) -> None:
    press(neuron, Key.Key_2, ALT)
    neuron.bridge.load(held("m = w*x; n = v*x; z = m + n; a = tanh(z); L = a*a", w=W, x=X, v=B))
    neuron.bridge.edit(lambda g: edits.make_group(g, ["m", "n", "z"], title="Sum", folded=True))
    stage = neuron.canvas.desk.scene.stage
    by_source = {stage.graph.edges[key].source: stage.edges[key].value for key in stage.keys}
    assert by_source["w"] == "∂m/∂w = x = 1.5" and by_source["x"] == ""
    a = np.tanh(W * X + B * X)
    (into_a,) = [stage.edges[key].value for key in stage.keys if key[0] == "a"]
    assert into_a == f"∂a/∂z = 1 − a · a = {text(1 - a * a)}"


def test_the_menu_ticks_what_is_shown(qtbot, neuron) -> None:
    press(neuron, Key.Key_4, ALT)
    ticked = [id for id, action in neuron.action_set.by_id.items() if id.startswith("edges_") and action.isChecked()]
    assert ticked == ["edges_gradients"]
    assert not any(value for value, _ in said(neuron).values())
    press(neuron, Key.Key_3, ALT)
    assert not any(sent for _, sent in said(neuron).values())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_local_derivatives_are_legible(qapp, path: Path) -> None:
    stage = stage_of(engine.load(path))
    stage.lens.choose(OnEdges("local"))
    zoom = fit_zoom(stage, CANVASES[1])
    found = measured(stage, zoom)
    assert faults(found) == {}
    assert found["labels hidden"] <= 0.1 * found["labels"]


def test_a_picture_says_what_was_chosen(tmp_path: Path) -> None:
    seen = [pixels(rendered(tmp_path, "n.png", *words)) for words in ((), ("--edges", "both"), ("--edges", "local"))]
    assert np.array_equal(seen[0], seen[1]) and not np.array_equal(seen[0], seen[2])


def test_the_picture_that_is_exported_says_what_is_seen(qtbot, neuron, tmp_path: Path) -> None:
    plain = ExportDialog(neuron.bridge, tmp_path, "n")
    press(neuron, Key.Key_2, ALT)
    local = ExportDialog(neuron.bridge, tmp_path, "n")
    for dialog in (plain, local):
        qtbot.addWidget(dialog)
    assert plain.preview.grab().toImage() != local.preview.grab().toImage()
