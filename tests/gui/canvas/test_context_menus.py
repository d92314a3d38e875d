"""Everything has a menu: nodes, several of them, edges and labels, ports, and the empty canvas; by keys as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Node
from gui.canvas.paint.labels import label_boxes
from gui.canvas.quick_add import QuickAdd
from gui.main_window import MainWindow
from tests.gui.canvas_tools import port_spot
from tests.gui.graphs import product
from tests.gui.window_tools import ALT, CTRL, NONE, SHIFT, Key, close, copy, one_undo_step, open_window, press


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    made = open_window(qtbot)
    made.bridge.load(product())
    made.canvas.camera.fit_all(animated=False)
    yield made
    close(made)


def opened() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def menu_at(window: MainWindow, spot: QPoint) -> dict[str, QAction]:
    """What a click with the right button offers at a spot of the canvas: by text, those of submenus too."""
    surface = window.canvas.viewport()
    QApplication.sendEvent(surface, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, surface.mapToGlobal(spot)))
    return entries(opened())


def entries(menu: QMenu) -> dict[str, QAction]:
    found: dict[str, QAction] = {}
    for action in menu.actions():
        text = action.text().split("\t")[0].replace("&", "")
        found[text] = action
        if isinstance(inner := action.menu(), QMenu):
            found |= {f"{text} ▸ {name}": each for name, each in entries(inner).items()}
    return found


def choose(action: QAction) -> None:
    action.trigger()
    opened().close()


def body(window: MainWindow, id: str) -> QPoint:
    rect = window.canvas.scene().node_items[id].card()
    return window.canvas.mapFromScene(rect.center()) + QPoint(0, round(rect.height() / 3 * window.canvas.camera.zoom))


def on_edge(window: MainWindow, dest: str, port: int) -> QPoint:
    return window.canvas.mapFromScene(QPointF(*window.canvas.scene().stage.at((dest, port), 0.5)))


def empty(window: MainWindow) -> QPoint:
    return QPoint(30, 30)


def feeds(window: MainWindow, id: str) -> list[tuple[str, int]]:
    return [(edge.source, edge.port) for edge in window.bridge.now.graph.into(id)]


def test_a_node_offers_what_is_done_with_it(window) -> None:
    found = menu_at(window, body(window, "q"))
    assert {"Rename", "Swap the inputs", "Cut", "Copy", "Duplicate", "Delete", "Delete and join"} <= found.keys()
    before = window.bridge.now.graph
    choose(found["Swap the inputs"])
    assert feeds(window, "q") == [("y", 0), ("x", 1)]
    one_undo_step(window, before)


def test_several_nodes_offer_what_puts_them_in_line(window) -> None:
    window.selection.select(["x", "q"])
    found = menu_at(window, body(window, "q"))
    assert "Rename" not in found and window.selection.nodes == {"x", "q"}
    choose(found["Align ▸ Align top"])
    nodes = window.bridge.now.graph.nodes
    assert nodes["x"].pos[1] == nodes["q"].pos[1]


def test_a_node_beside_the_selected_ones_is_meant_alone(window) -> None:
    window.selection.select(["x", "y"])
    found = menu_at(window, body(window, "q"))
    assert window.selection.nodes == {"q"}
    choose(found["Delete and join"])
    assert feeds(window, "f") == [("x", 0), ("z", 1)]


def test_an_edge_and_two_of_them(window) -> None:
    found = menu_at(window, on_edge(window, "f", 1))
    assert {"Delete edge", "Put something into it…", "Swap with port a", "Go to z", "Go to f"} <= found.keys()
    choose(found["Swap with port a"])
    assert feeds(window, "f") == [("z", 0), ("q", 1)]
    window.selection.select(edges=[("f", 0), ("q", 0)])
    found = menu_at(window, on_edge(window, "q", 0))
    choose(found["Let the two edges change places"])
    assert feeds(window, "f") == [("x", 0), ("q", 1)] and feeds(window, "q") == [("z", 0), ("y", 1)]


def test_the_label_of_an_edge_is_that_edge(window, qtbot) -> None:
    window.bridge.player.seek(window.bridge.player.end)
    stage, zoom = window.canvas.scene().stage, window.canvas.camera.zoom
    qtbot.wait_until(lambda: bool(label_boxes(stage, ("f", 1), zoom)))
    spot = window.canvas.mapFromScene(label_boxes(stage, ("f", 1), zoom)[0].center())
    found = menu_at(window, spot)
    assert "Go to z" in found and window.selection.edges == {("f", 1)}
    opened().close()


def test_an_input_port(window) -> None:
    before = window.bridge.now.graph
    found = menu_at(window, port_spot(window.canvas, "q", 0))
    froms = {text.partition(" ▸ ")[2] for text in found if text.startswith("Connect from ▸")}
    assert froms == {"y", "z"}, "neither itself, nor what it feeds, nor what is there already"
    choose(found["Connect from ▸ z"])
    assert feeds(window, "q") == [("z", 0), ("y", 1)]
    one_undo_step(window, before)
    choose(menu_at(window, port_spot(window.canvas, "q", 1))["Swap with port a"])
    assert feeds(window, "q") == [("y", 0), ("z", 1)]
    choose(menu_at(window, port_spot(window.canvas, "q", 1))["Disconnect"])
    assert len(feeds(window, "q")) == 1


def test_an_output_port(window) -> None:
    before = window.bridge.now.graph
    found = menu_at(window, port_spot(window.canvas, "z", "out"))
    assert {"Connect to ▸ q · c", "Disconnect", "Add what it feeds…"} <= found.keys()
    choose(found["Connect to ▸ q · c"])
    assert feeds(window, "q") == [("x", 0), ("y", 1), ("z", 2)]
    one_undo_step(window, before)
    window.bridge.edit(lambda graph: edits.connect(graph, "z", "q", 2))
    choose(menu_at(window, port_spot(window.canvas, "z", "out"))["Disconnect all"])
    assert feeds(window, "q") == [("x", 0), ("y", 1)] and feeds(window, "f") == [("q", 0)]


def test_a_port_that_is_far_away_is_found_by_its_name(window) -> None:
    nodes = [Node("x", "input", np.float64(1), pos=(0, 0))]
    nodes += [Node(f"t{k}", "tanh", pos=(200 + 10 * k, 90 * k)) for k in range(20)]
    window.bridge.load(Graph.of(nodes))
    window.canvas.camera.look_at(1.0, QPointF(200, 150), animated=False)
    found = menu_at(window, port_spot(window.canvas, "x", "out"))
    assert "Connect to ▸ t15" in found and "Connect to ▸ t16" not in found
    choose(found["Connect to ▸ Find another by its name…"])
    for sign in "t19":
        QTest.keyClick(QApplication.focusWidget(), sign)
    press(window, Key.Key_Return)
    assert feeds(window, "t19") == [("x", 0)]


def test_the_empty_canvas_offers_to_add_and_to_paste_here(window, qtbot) -> None:
    copy("a * b")
    found = menu_at(window, empty(window))
    assert {"Add here…", "Paste here", "Select all", "Show all", "Arrange"} <= found.keys()
    choose(found["Paste here"])
    qtbot.wait_until(lambda: "a" in window.bridge.now.graph.nodes)
    rect = window.canvas.scene().nodes_rect(["a", "b", "mul"])
    assert rect.adjusted(-200, -200, 200, 200).contains(window.canvas.mapToScene(empty(window)))


def test_what_is_added_here_comes_here(window) -> None:
    choose(menu_at(window, empty(window))["Add here…"])
    assert window.findChild(QuickAdd).isVisible()
    press(window, Key.Key_7)
    press(window, Key.Key_Return)
    at = window.canvas.mapFromScene(window.canvas.scene().node_items["c"].card().center())
    assert (at - empty(window)).manhattanLength() < 300


@pytest.mark.parametrize("key", [(Key.Key_Menu, NONE), (Key.Key_F10, SHIFT)])
@pytest.mark.parametrize(
    ("select", "offers"),
    [
        (lambda w: w.selection.select(["q"]), "Rename"),
        (lambda w: w.selection.select(["x", "q"]), "Align"),
        (lambda w: w.selection.select(edges=[("f", 1)]), "Go to z"),
        (lambda w: w.selection.select(), "Add here…"),
    ],
)
def test_the_keys_open_the_menu_of_what_is_selected(window, key, select: Callable, offers: str) -> None:
    select(window)
    QTest.keyClick(window.canvas, *key)
    assert offers in entries(opened())
    place = window.canvas.viewport().mapFromGlobal(opened().pos())
    assert window.rect().contains(place)
    opened().close()


def test_the_keys_open_the_menu_of_the_port_where_they_are(window) -> None:
    window.selection.select(["q"])
    press(window, Key.Key_Left, CTRL)
    QTest.keyClick(window.canvas, Key.Key_Menu, NONE)
    assert any(text.startswith("Connect from") for text in entries(opened()))
    opened().close()


def test_a_menu_while_something_is_carried_drops_it(window) -> None:
    before = window.bridge.now.graph
    surface, at = window.canvas.viewport(), body(window, "q")
    QTest.mousePress(surface, Qt.MouseButton.LeftButton, ALT, at)
    QTest.mouseMove(surface, at + QPoint(60, 60))
    menu_at(window, empty(window))
    opened().close()
    QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, ALT, at + QPoint(60, 60))
    assert window.bridge.now.graph is before
