"""What the window says where a number is missing is true, names the node and the port, and keeps to one language."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QToolTip, QWidget

from engine import edits
from engine.files import disk
from engine.files.examples import find_example
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.show.frame import Merge
from engine.values.values import as_value
from gui.canvas.paint.motion import note
from gui.canvas.paint.sums import merge_text
from gui.main_window import MainWindow
from gui.widgets.chips import ChipRow
from gui.widgets.fold import Fold
from tests.gui.canvas_tools import Hands
from tests.gui.canvas_tools import cs231n as product
from tests.gui.inspector_tools import Bench


def misfit() -> Graph:
    """f = tanh(a + b), where a and b have shapes that do not fit."""
    nodes = [
        Node("a", "input", as_value([1.0, 2, 3])),
        Node("b", "input", as_value([1.0, 2]), pos=(0, 140)),
        Node("m", "add", pos=(240, 0)),
        Node("f", "tanh", pos=(480, 0)),
    ]
    return Graph.of(nodes, [Edge("a", "m", 0), Edge("b", "m", 1), Edge("m", "f", 0)], target="f")


def half_wired() -> Graph:
    """f = tanh(x · ·): the second port of m is open."""
    nodes = [Node("x", "input", np.float64(2)), Node("m", "mul", pos=(240, 0)), Node("f", "tanh", pos=(480, 0))]
    return Graph.of(nodes, [Edge("x", "m", 0), Edge("m", "f", 0)], target="f")


def two_open() -> Graph:
    """f = tanh(m), where m and n have open ports: n is nobody's input."""
    nodes = [Node("m", "mul"), Node("n", "add", pos=(0, 140)), Node("f", "tanh", pos=(240, 0))]
    return Graph.of(nodes, [Edge("m", "f", 0)], target="f")


def unknown() -> Graph:
    """Nothing but an op of a newer version."""
    return Graph.of([Node("n", "telepathy")])


def tip_at(desk: Hands, at) -> str:
    QApplication.sendEvent(desk.surface, QHelpEvent(QEvent.Type.ToolTip, at, desk.surface.mapToGlobal(at)))
    text = QToolTip.text()
    QToolTip.hideText()
    return text


# --- why there is no gradient


@pytest.mark.parametrize(
    ("graph", "leaf", "sentence"),
    [
        (misfit(), "a", "m cannot be computed yet, so no gradient flows."),
        (half_wired(), "x", "m cannot be computed yet, so no gradient flows."),
        (misfit().apply(edits.set_target(misfit(), None)), "a", "No target is chosen, so no gradient flows."),
        (product().apply(edits.set_target(product(), "q")), "z", "z does not reach the target q: its gradient is 0."),
        (product().apply(edits.set_target(product(), "q")), "f", "f does not reach the target q: no gradient flows"),
        (product().apply(edits.change_op(product(), "z", "constant")), "z", "z is a constant, so it gets no gradient."),
    ],
)
def test_the_reason_for_a_missing_gradient_is_the_true_one(qtbot, graph: Graph, leaf: str, sentence: str) -> None:
    bench = Bench(qtbot, graph)
    bench.selection.select([leaf])
    assert any(text.startswith(sentence) for text in bench.texts()), bench.texts()
    desk = Hands(qtbot, graph)
    assert sentence in tip_at(desk, desk.body(leaf))


def test_of_an_unfinished_node_no_other_is_blamed(qtbot) -> None:
    bench = Bench(qtbot, two_open())
    bench.selection.select(["n"])
    assert any(text.startswith("n cannot be computed yet, so no gradient flows.") for text in bench.texts())


def test_no_words_about_a_missing_gradient_where_one_flows(qtbot) -> None:
    bench = Bench(qtbot, product())
    for id in bench.bridge.now.graph.nodes:
        bench.selection.select([id])
        assert not any("no gradient" in text or "does not reach" in text for text in bench.texts())


# --- where nothing can be computed


def test_a_graph_that_cannot_be_computed_says_what_is_missing_not_that_it_is_empty(window) -> None:
    window.bridge.load(unknown())
    shown = said(window)
    assert any("does not know the operation “telepathy”" in text for text in shown)
    assert not any("empty" in text or "Add a node" in text for text in shown)


def test_an_empty_graph_says_that_it_is_empty(window) -> None:
    assert "The graph is empty: add a node to begin." in said(window)


# --- ports


def test_the_ports_that_a_sentence_names_are_named_on_the_canvas(qtbot) -> None:
    lone = Graph.of([Node("m", "mul", pos=(0, 0))])
    desk = Hands(qtbot, lone)
    assert desk.view.scene().node_items["m"].picture.value == "needs a, b"
    item = desk.view.scene().node_items["m"]
    left = desk.view.mapFromScene(item.extent()).boundingRect()
    named = desk.surface.grab(left).toImage()
    desk.bridge.edit(lambda g: edits.add_node(g, "input", (-400, 0), id="x"))
    for port in (0, 1):
        desk.bridge.edit(lambda g, port=port: edits.connect(g, "x", "m", port))
    assert not desk.view.scene().node_items["m"].picture.open_ports
    bare = desk.surface.grab(left).toImage()
    margin = desk.at(0, 0).x() - left.left() - 12  # the strip beside the card, left of its ports
    strip = [(x, y) for x in range(margin) for y in range(named.height())]
    assert margin > 4 and any(named.pixelColor(x, y) != bare.pixelColor(x, y) for x, y in strip)


def test_a_sentence_about_an_open_port_says_that_it_is_a_port(qtbot) -> None:
    bench = Bench(qtbot, half_wired())
    [problem] = [problem for problem in bench.bridge.now.problems if problem.kind == "open port"]
    assert problem.sentence == "m is not finished: nothing is connected to its port b."
    desk = Hands(qtbot, half_wired())
    place = desk.at(*desk.view.scene().stage.input_place("m", 1))
    assert tip_at(desk, place).startswith("Port b: nothing is connected")


# --- the file


def test_a_graph_without_a_title_is_saved_without_one_and_is_not_called_untitled(qtbot, window, tmp_path) -> None:
    graph = product()
    assert not graph.title
    window.bridge.load(graph)
    path = tmp_path / "mine.gradloom"
    disk.save(window.bridge.now.graph, path)
    assert window.files.open(path)
    assert not any("ntitled" in text for text in said(window))
    assert window.windowTitle().startswith("mine.gradloom")
    assert window.files.save()
    assert "title" not in json.loads(path.read_text())


# --- one language


PANELS = ("palette", "inspector", "timeline", "problems", "training")


def said(window: MainWindow) -> list[str]:
    """Everything that can be read, hovered over or heard in the panels."""
    texts: list[str] = []
    for widget in window.panels.findChildren(QWidget):
        if widget.isVisible():
            texts += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
            texts += [] if isinstance(widget, QLineEdit) else [_text(widget)]  # what the user typed is the user's
        if isinstance(widget, QListView):
            texts += _tips(widget.model())
    return [text for text in texts if text]


def _text(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return str(text()) if callable(text) else ""


def _tips(model: QAbstractItemModel) -> list[str]:
    role = Qt.ItemDataRole
    roles = (role.ToolTipRole, role.AccessibleTextRole, role.DisplayRole)
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    return [str(text) for row in rows for role in roles if (text := row.data(role))]


@pytest.mark.parametrize("name", ["fan-out", "vanishing-sigmoids", "relu-closed", "train-line", "iris"])
def test_in_responsibility_mode_no_panel_says_gradient(window, name: str) -> None:
    for panel in PANELS:
        window.panels.show_panel(panel)
    window.bridge.load(disk.load(find_example(name).path))
    window.preferences.choose_wording("responsibility")
    player = window.bridge.player
    for position in range(len(window.bridge.now.trace) + 1):
        player.seek(position)
        assert_no_gradient(said(window))
    graph = window.bridge.now.graph
    chosen = [([id], []) for id in graph.nodes] + [([], [key]) for key in graph.edges]
    for nodes, edges in chosen:
        window.selection.select(nodes, edges)
        for fold in window.panels.findChildren(Fold):
            if fold.isVisible() and not fold.is_open:
                fold.button.click()
        assert_no_gradient(said(window))


def test_in_responsibility_mode_no_tool_tip_of_the_canvas_says_gradient(qtbot) -> None:
    for graph in (product(), misfit(), half_wired(), product().apply(edits.change_op(product(), "z", "constant"))):
        desk = Hands(qtbot, graph)
        desk.bridge.set_wording("responsibility")
        desk.view.camera.fit_all(animated=False)
        places = [desk.body(id) for id in graph.nodes]
        places += [desk.middle_of_edge(*key) for key in graph.edges]
        assert_no_gradient([tip_at(desk, place) for place in places])


def test_the_languages_change_at_once_and_back(window) -> None:
    window.bridge.load(product())
    window.selection.select(["x"])
    assert "gradient" in said(window) and "responsibility" not in said(window)
    window.preferences.choose_wording("responsibility")
    assert "responsibility" in said(window)
    assert_no_gradient(said(window))
    window.preferences.choose_wording("gradient")
    assert "gradient" in said(window) and "responsibility" not in said(window)


def assert_no_gradient(texts: list[str]) -> None:
    assert not [text for text in texts if "gradient" in text.casefold()]


# --- what is printed along an edge


def broadcast() -> Graph:
    """f = mean((X + b)²): b is added to each of two rows."""
    nodes = [
        Node("X", "input", as_value([[1.0, 2], [3, 4]])),
        Node("b", "parameter", as_value([0.5, -1]), pos=(0, 140)),
        Node("z", "add", pos=(240, 0)),
        Node("y", "square", pos=(480, 0)),
        Node("f", "mean", pos=(720, 0), settings=(("axis", "all"),)),
    ]
    edges = [Edge("X", "z", 0), Edge("b", "z", 1), Edge("z", "y", 0), Edge("y", "f", 0)]
    return Graph.of(nodes, edges, target="f")


def squared() -> Graph:
    """y = x · x with a seed of −2."""
    nodes = [Node("x", "input", np.float64(3)), Node("y", "mul", pos=(240, 0))]
    return Graph.of(nodes, [Edge("x", "y", 0), Edge("x", "y", 1)], target="y", seed=-2.0)


def test_the_tool_tip_of_an_edge_tells_its_equations(qtbot) -> None:
    desk = Hands(qtbot, squared())
    tip = tip_at(desk, desk.middle_of_edge("y", 0)).splitlines()
    assert tip[-2:] == ["∂y/∂(1st x) = x = 3", "∂L/∂y · ∂y/∂(1st x) = −2 × 3 = −6"]
    desk = Hands(qtbot, product())
    assert tip_at(desk, desk.middle_of_edge("q", 0)).splitlines()[-1] == "∂f/∂x = ∂f/∂q · ∂q/∂x = −4 × 1 = −4"


def test_what_is_summed_is_not_told_as_a_product(qtbot) -> None:
    desk = Hands(qtbot, broadcast())
    stage, trace = desk.view.scene().stage, desk.bridge.now.trace
    assert note(stage, trace.contribution(("z", 1))) == "+ passes it on: × 1, summed over its copies"
    assert note(stage, trace.contribution(("z", 0))) == "+ passes it on: × 1"
    bench = Bench(qtbot, broadcast())
    bench.bridge.player.seek(trace.contribution_at["z", 1] + 1)
    assert "→" in bench.visible(ChipRow)[0].text() and "=" not in bench.visible(ChipRow)[0].text()


def test_a_rule_is_shown_as_it_is_under_its_node(qtbot) -> None:
    graph = disk.load(find_example("iris").path)
    stage = Hands(qtbot, graph).view.scene().stage
    assert note(stage, stage.frame.trace.contribution(("scores", 0))) == "Wx+b: (∂loss/∂scores) @ W2"


@pytest.mark.parametrize(
    ("before", "contribution", "text"),
    [(10.0, 15.0, "10 + 15 = 25"), (1.0001234, -1.0, "1.0001234 + (−1) = 0.0001234"), (-6.0, -6.0, "−6 + (−6) = −12")],
)
def test_a_sum_at_a_node_is_true_as_it_is_printed(before: float, contribution: float, text: str) -> None:
    edge = Edge("x", "y", 0)
    numbers = [np.float64(number) for number in (before, contribution, before + contribution)]
    assert merge_text(Merge("x", edge, *numbers, 1.0)) == text


def test_a_jacobian_by_one_of_two_ports_that_hold_the_same_is_named_by_its_place(qtbot) -> None:
    bench = Bench(qtbot, squared())
    bench.selection.select(["y"])
    assert bench.button("▸ Jacobian ∂y/∂(1st x)")
    bench = Bench(qtbot, product())
    bench.selection.select(["q"])
    assert bench.button("▸ Jacobian ∂q/∂x")
