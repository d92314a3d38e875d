"""What stands beside the edges: chosen by keys and menu, of now at every step, legible, in pictures too, and recomputed
with NumPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

import engine
from engine import edits
from engine.passes.part import PartTrace
from engine.show.beside import OnEdges
from engine.show.frame import frame_at
from gui.canvas.model.flight import in_flight
from gui.canvas.model.levels import type_at
from gui.canvas.model.stacked import label_size, stacked
from gui.canvas.model.stage import Stage
from gui.canvas.paint.labels import Label, paint_label
from gui.canvas.paint.motion import is_moving
from gui.look import measure
from gui.look.theme import BODY, themes
from gui.main_window import MainWindow
from gui.shell.dialogs.export import ExportDialog
from tests.gui.canvas.test_legible import CANVASES, EXAMPLES, faults, fit_zoom, measured, stage_of
from tests.gui.graphs import held
from tests.gui.pictures.test_render import pixels, refused, rendered
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
    assert said(neuron)[("L", 0)] == (f"∂L⁄∂a = 2 · (a − y) = {text(loss)}", "")
    assert said(neuron)[("a", 0)] == (f"∂a⁄∂z = a · (1 − a) = {text(slope)}", "")
    assert said(neuron)[("m", 0)] == ("∂m⁄∂w = x = 1.5", "") and said(neuron)[("z", 0)] == ("∂z⁄∂m = 1", "")
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
    assert by_source["w"] == "∂m⁄∂w = x = 1.5" and by_source["x"] == ""
    a = np.tanh(W * X + B * X)
    (into_a,) = [stage.edges[key].value for key in stage.keys if key[0] == "a"]
    assert into_a == f"∂a⁄∂z = 1 − a · a = {text(1 - a * a)}"


def test_a_new_name_is_said_wherever_the_old_one_was(qtbot, neuron) -> None:
    press(neuron, Key.Key_2, ALT)
    neuron.bridge.edit(lambda g: edits.set_label(g, "x", "age"))
    assert said(neuron)[("m", 0)][0] == "∂m⁄∂w = age = 1.5" and said(neuron)[("m", 1)][0] == "∂m⁄∂age = w = 0.6"
    neuron.bridge.edit(lambda g: edits.set_label(g, "a", "p"))
    assert said(neuron)[("a", 0)][0].startswith("∂p⁄∂z = p · (1 − p)")
    press(neuron, Key.Key_5, ALT)
    neuron.bridge.edit(lambda g: edits.set_label(g, "w", "weight"))
    stage = neuron.canvas.desk.scene.stage
    assert {stage.nodes[id].gradient_caption for id in stage.ids} == {"∂/∂weight"}


def test_the_menu_ticks_what_is_shown(qtbot, neuron) -> None:
    press(neuron, Key.Key_4, ALT)
    ticked = [id for id, action in neuron.action_set.by_id.items() if id.startswith("edges_") and action.isChecked()]
    assert ticked == ["edges_gradients"]
    assert not any(value for value, _ in said(neuron).values())
    press(neuron, Key.Key_3, ALT)
    assert not any(sent for _, sent in said(neuron).values())


def test_a_label_is_of_now_where_nothing_is_sent_back(qtbot, neuron) -> None:
    neuron.bridge.load(held("z = w*x; L = relu(z)", w=-1.0, x=2.0))
    press(neuron, Key.Key_2, ALT)
    assert said(neuron)[("z", 0)][0] == "∂z⁄∂w = x = 2" and said(neuron)[("L", 0)][0] == "∂L⁄∂z = 0"
    neuron.bridge.edit(lambda g: edits.set_value(g, "x", 3.0))
    assert said(neuron)[("z", 0)][0] == "∂z⁄∂w = x = 3"


def test_tangents_go_along_with_the_values_and_meet_the_gradient(qtbot, neuron) -> None:
    neuron.selection.select(["w"])
    press(neuron, Key.Key_5, ALT)
    stage = neuron.canvas.desk.scene.stage
    _, loss, slope = numbers()
    rates = {"w": 1.0, "m": X, "z": X, "a": slope * X, "L": loss * slope * X}
    assert {id: stage.nodes[id].gradient for id in rates} == {id: text(rate) for id, rate in rates.items()}
    assert stage.nodes["b"].gradient == "—" and stage.nodes["L"].gradient_caption == "∂/∂w"
    assert stage.nodes["L"].gradient == text(float(neuron.bridge.now.trace.gradient("w")))
    assert said(neuron)[("L", 0)][1] == f"{text(slope * X)} ▸" and said(neuron)[("z", 1)][1] == ""
    assert stage.lines["z", 1].tone == "edge" and stage.lines["L", 0].tone == "pos"
    neuron.bridge.player.go_to_start()
    seen = []
    for _ in range(neuron.bridge.now.trace.backward_start):
        neuron.bridge.player.step_forward()
        seen.append([id for id in rates if stage.nodes[id].gradient not in ("…", "—")])
    assert seen[-1] == list(rates) and [len(ids) for ids in seen] == sorted(len(ids) for ids in seen)


def test_both_modes_meet_in_a_number_under_whatever_node_is_clicked(qtbot, neuron) -> None:
    neuron.selection.select(["w"])
    press(neuron, Key.Key_5, ALT)
    lens, (_, loss, slope) = neuron.bridge.lens, numbers()
    met = text(loss * slope * X)
    told = ("∂L/∂w", f"forward ▸ {met}, 4 products", f"◂ backward {met}, 7 products", "all 4 slopes: ▸ 12, ◂ 7")
    assert lens.push.target == "L" and lens.push.verdict == told
    neuron.selection.select(["a"])
    met = text(slope * X)
    assert lens.push.target == "a" and lens.push.verdict[:2] == ("∂a/∂w", f"forward ▸ {met}, 3 products")
    assert lens.push.verdict[2] == f"◂ backward {met}, 5 products"
    neuron.selection.select(["y"])
    assert lens.push.verdict == ("a does not depend on y",)
    neuron.bridge.edit(lambda g: edits.delete(g, ["a"], []))
    assert lens.push is None or lens.push.target != "a"
    press(neuron, Key.Key_1, ALT)
    assert lens.push is None


def test_forward_mode_plays_to_where_all_values_are_there_and_nothing_goes_back(qtbot, neuron) -> None:
    neuron.selection.select(["w"])
    press(neuron, Key.Key_5, ALT)
    player, stage, trace = neuron.bridge.player, neuron.canvas.desk.scene.stage, neuron.bridge.now.trace
    assert stage.nodes["L"].seed == ""
    carried = set[str]()
    for step in range(trace.backward_start):
        player.seek(step + 0.3)
        carried |= {capsule.text for capsule in in_flight(stage, 1.0) if is_moving(stage)}
    player.play()
    while player.playing:
        player.tick(0.05)
    a, _, slope = numbers()
    assert player.position == trace.backward_start and "no backward pass" in neuron.status.sentence.text()
    assert {f"{W} │ 1", f"{text(W * X)} │ {text(X)}", f"{text(a)} │ {text(slope * X)}", f"{X}", f"{Y:g}"} <= carried
    player.seek(len(trace) - 0.5)
    assert not is_moving(stage) and stage.nodes["L"].seed == ""
    press(neuron, Key.Key_1, ALT)
    assert is_moving(stage) and stage.nodes["L"].seed == "seed 1"


def test_a_click_on_another_leaf_moves_that_one(qtbot, neuron) -> None:
    press(neuron, Key.Key_5, ALT)
    stage = neuron.canvas.desk.scene.stage
    neuron.selection.select(["b"])
    _, loss, slope = numbers()
    assert stage.nodes["L"].gradient == text(loss * slope)
    neuron.selection.select(["a"])
    assert stage.nodes["L"].gradient_caption == "∂/∂b" and stage.nodes["a"].gradient == text(slope)
    neuron.bridge.edit(lambda g: edits.set_value(g, "w", 0.0))
    assert stage.nodes["a"].gradient == text(1 / (1 + np.exp(-B)) * (1 - 1 / (1 + np.exp(-B))))
    neuron.bridge.edit(lambda g: edits.delete(g, ["b"], []))
    assert stage.lens.chosen.leaf in neuron.bridge.now.graph.nodes
    press(neuron, Key.Key_1, ALT)
    assert stage.nodes["x"].gradient_caption == "gradient"


def test_a_tensor_moves_in_all_elements_and_a_folded_group_says_how_fast_it_follows(qtbot, neuron) -> None:
    graph = held("m = W * x; z = tanh(m); s = z * z; L = sum(s)", W=[0.5, -1.0], x=[2.0, 0.3])
    neuron.bridge.load(graph.apply(edits.make_group(graph, ["m", "z", "s"], title="Half", folded=True)))
    neuron.selection.select(["W"])
    press(neuron, Key.Key_5, ALT)
    stage = neuron.canvas.desk.scene.stage
    z = np.tanh(np.array([0.5, -1.0]) * np.array([2.0, 0.3]))
    rates = 2 * z * (1 - z * z) * np.array([2.0, 0.3])
    assert stage.nodes["L"].gradient == text(float(rates.sum())) and stage.nodes["L"].gradient_caption == "tangent"
    (card,) = [id for id in stage.ids if id not in ("W", "x", "L")]
    assert said(neuron)[("L", 0)][1] == f"[{', '.join(f'{rate:.2g}' for rate in rates)}] ▸".replace("-", "−")
    assert stage.nodes[card].gradient_tone != "faint"


def test_while_the_pass_is_asked_for_nothing_tells_the_answer() -> None:
    graph = neuron_graph()
    part = PartTrace(engine.run(graph), len(engine.run(graph)) - 3)
    stage = Stage(graph, frame_at(part, len(part)))
    stage.lens.choose(OnEdges("tangents", "w"))
    assert stage.nodes["L"].gradient_caption == "gradient" and not any(
        "▸" in stage.edges[key].contribution for key in stage.keys
    )
    stage.lens.choose(OnEdges("local"))
    stage.edges.forget()
    assert {key for key in stage.keys if stage.edges[key].value} == {step.edge.key for step in part.contributions}


def test_tangents_in_a_picture_want_a_leaf(tmp_path: Path, capsys) -> None:
    plain, moved = (
        pixels(rendered(tmp_path, "t.png", *words)) for words in ((), ("--edges", "tangents", "--leaf", "x"))
    )
    assert not np.array_equal(plain, moved)
    assert "--leaf NAME" in refused(
        capsys, "--expr", "f = x * 2", "--set", "x=1", str(tmp_path / "u.png"), "--edges", "tangents"
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_local_derivatives_and_tangents_are_legible(qapp, path: Path) -> None:
    graph = engine.load(path)
    leaf = next(id for id, node in graph.nodes.items() if node.op.holds_value)
    for on_edges in (OnEdges("local"), OnEdges("tangents", leaf)):
        stage = stage_of(graph)
        stage.lens.choose(on_edges)
        found = measured(stage, fit_zoom(stage, CANVASES[1]))
        assert faults(found) == {}
        # What would be cut is not shown at all: of XOR six like “∂p11⁄∂(copy of w11) = x1, each element”.
        assert found["labels hidden"] <= max(0.18 * found["labels"], 6)


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


@pytest.mark.parametrize("zoom", [1.0, 0.45])
def test_a_local_derivative_is_set_as_a_fraction(qapp, zoom):
    """Both parts over one another, in the box that is kept for them, and what follows behind the bar."""
    text, size = "∂w0x0⁄∂w0 = x0 = −1", type_at(BODY, zoom)[0]
    parts = stacked(text, size)
    assert parts is not None and parts[:3] == ("∂w0x0", "∂w0", "= x0 = −1")
    wide, high = label_size(text, size)
    assert parts.bar < wide < measure.width(text, size, True) and high > 2 * parts.size
    label = Label(text, "value", (0.0, 0.0), None, size, 1.0)
    image = QImage(200, 80, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.translate(100, 40)
    paint_label(painter, label, themes.current)
    painter.end()
    inked = np.argwhere(np.frombuffer(image.constBits(), np.uint8).reshape(80, 200, 4)[..., 3] > 0)
    (top, left), (bottom, right) = inked.min(axis=0), inked.max(axis=0)
    box = label.box().translated(100, 40)
    assert box.left() - 1 <= left and right <= box.right() + 1 and box.top() - 1 <= top and bottom <= box.bottom() + 1
    assert right - left > 0.9 * box.width() and bottom - top > 0.6 * box.height()
