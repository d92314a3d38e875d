"""Arranging glides: one undo step, in force at once, and any other act finds everything in its place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine import edits
from gui.canvas import glide
from gui.document import settings
from tests.gui.hidden import hidden_edges
from tests.gui.window_tools import press
from tests.neurons import grouped as grouped_net
from tests.neurons import scalar_net

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def scattered(product_window):
    """A window with nodes far from where they would be arranged."""
    window = product_window
    settings.put("reduced_motion", False)
    window.bridge.edit(lambda graph: edits.move_nodes(graph, {"x": (900.0, 700.0), "f": (0.0, 40.0)}))
    return window


def shown(window) -> dict[str, tuple[float, float]]:
    stage = window.canvas.scene().stage
    return {id: stage.pos(id) for id in stage.graph.nodes}


def meant(window) -> dict[str, tuple[float, float]]:
    return {id: node.pos for id, node in window.bridge.now.graph.nodes.items()}


def test_nodes_glide_to_their_places_and_one_undo_takes_them_back(scattered, qtbot):
    window, before = scattered, meant(scattered)
    press(window, Qt.Key.Key_L, CONTROL)
    goal = meant(window)
    assert goal != before
    qtbot.wait_until(lambda: window.canvas.glide.running and shown(window) not in (before, goal))
    numbers = {id: node.value for id, node in window.canvas.scene().stage.nodes.items()}
    assert all(numbers.values())  # they stay
    qtbot.wait_until(lambda: not window.canvas.glide.running)
    assert shown(window) == goal and not hidden_edges(window.canvas.scene().stage)
    window.editing.undo()
    assert meant(window) == shown(window) == before


def test_with_reduced_motion_they_are_there_at_once(scattered):
    settings.put("reduced_motion", True)
    press(scattered, Qt.Key.Key_L, CONTROL)
    assert shown(scattered) == meant(scattered) and not scattered.canvas.glide.running


def test_an_edit_on_the_way_finds_everything_in_its_place(scattered, qtbot):
    window = scattered
    press(window, Qt.Key.Key_L, CONTROL)
    qtbot.wait_until(lambda: window.canvas.glide.running)
    window.editing.undo()
    assert not window.canvas.glide.running and shown(window) == meant(window)


def test_a_press_of_the_mouse_on_the_way_ends_it(scattered, qtbot):
    window = scattered
    press(window, Qt.Key.Key_L, CONTROL)
    qtbot.wait_until(lambda: window.canvas.glide.running)
    QTest.mouseClick(window.canvas.viewport(), Qt.MouseButton.LeftButton)
    assert not window.canvas.glide.running and shown(window) == meant(window)


def placed(window) -> dict[str, tuple[float, float]]:
    """Where all that is shown stands, cards of groups too, when nothing moves."""
    return {id: node.pos for id, node in window.canvas.desk.graph.nodes.items()}


@pytest.fixture
def grouped(product_window, monkeypatch):
    """A window in which x, y and q are an open group, and selected."""
    window = product_window
    settings.put("reduced_motion", False)
    monkeypatch.setattr(glide, "FOLD_MS", 60_000)  # on the slowest machine it is on its way yet
    window.bridge.edit(lambda graph: edits.make_group(graph, ["x", "y", "q"], title="Sum"))
    window.selection.select(["x", "y", "q"])
    return window


def test_a_card_glides_out_of_what_it_holds_and_what_it_holds_out_of_it(grouped, qtbot):
    window = grouped
    for _ in range(2):  # folded, and opened again
        before = shown(window)
        press(window, Qt.Key.Key_F7)
        assert placed(window).keys() != before.keys(), "in force at once"
        qtbot.wait_until(lambda: window.canvas.glide.running and shown(window) != placed(window))
        window.canvas.glide.end()
        assert shown(window) == placed(window) and not hidden_edges(window.canvas.scene().stage)
    press(window, Qt.Key.Key_Z, CONTROL)
    qtbot.wait_until(lambda: window.canvas.glide.running)
    QTest.mouseClick(window.canvas.viewport(), Qt.MouseButton.LeftButton)
    assert not window.canvas.glide.running and shown(window) == placed(window)


def test_where_all_was_deleted_there_is_nothing_to_glide(product_window, qtbot):
    window = product_window
    settings.put("reduced_motion", False)
    window.bridge.edit(lambda graph: edits.make_group(graph, list(graph.nodes), title="All"))
    press(window, Qt.Key.Key_A, CONTROL)
    press(window, Qt.Key.Key_Delete)
    assert not window.bridge.document.graph.nodes
    qtbot.wait_until(lambda: not window.canvas.glide.running)
    assert not window.canvas.scene().node_items


def test_folding_waits_for_nothing_with_reduced_motion(grouped):
    settings.put("reduced_motion", True)
    press(grouped, Qt.Key.Key_F7)
    assert not grouped.canvas.glide.running and shown(grouped) == placed(grouped)


# --- where one looks meanwhile


def test_what_is_opened_is_shown_whole_where_it_comes_to_stand_not_where_it_glides(product_window, qtbot):
    window = product_window
    settings.put("reduced_motion", False)
    window.bridge.load(grouped_net(scalar_net((2, 3, 1))))
    camera, scene = window.canvas.camera, window.canvas.scene()
    camera.fit_all(animated=False)
    window.canvas.desk.selection.select(["@g2"])
    press(window, Qt.Key.Key_F7)
    assert window.canvas.glide.running
    camera.rest()
    qtbot.wait_until(lambda: shown(window)["n1_2_m1"] != meant(window)["n1_2_m1"])
    camera.fit_all()  # as after an edit that took its time
    assert window.canvas.glide.running
    qtbot.wait_until(lambda: not window.canvas.glide.running and not camera.gliding)
    assert camera.visible_scene().contains(scene.nodes_rect(scene.stage.ids)) and camera.shows_all
    zoom, centre = camera.zoom, camera.centre()
    camera.fit_all(animated=False)
    assert camera.zoom == pytest.approx(zoom) and (camera.centre() - centre).manhattanLength() * zoom < 3
    camera.zoom_at(3.0, window.canvas.viewport().rect().center())  # somebody looks closer
    press(window, Qt.Key.Key_F7)
    qtbot.wait_until(lambda: not window.canvas.glide.running and not camera.gliding)
    assert camera.visible_scene().contains(scene.nodes_rect(["@g2"]))


def test_looking_at_what_glides_leaves_it_on_its_way(scattered, qtbot):
    window = scattered
    press(window, Qt.Key.Key_L, CONTROL)
    qtbot.wait_until(lambda: window.canvas.glide.running and shown(window) != meant(window))
    before = shown(window)
    window.canvas.camera.show_nodes(["x"])
    assert shown(window) == before and window.canvas.glide.running
