"""Regions with the mouse and the keys: made, named, carried with what is in them, resized, coloured, deleted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from engine import edits
from gui.canvas.model.titles import title_of
from gui.canvas.paint.asides import rect_of
from gui.canvas.paint.labels import label_boxes
from tests.gui.canvas_tools import LEFT, SHIFT, Hands, cs231n

Key = Qt.Key


@pytest.fixture
def boxed(qtbot: QtBot) -> Hands:
    """x and y in a region; z, q and f are not in it."""
    graph = cs231n()
    graph = graph.apply(edits.make_region(graph, (-40, -40), (220, 280), "Inputs", "green"))
    return Hands(qtbot, graph, size=(900, 640))


def title(hands: Hands, id: str = "r1") -> QPoint:
    shown = hands.view.scene().asides.shown[("region", id)]
    box = title_of(shown, hands.view.camera.zoom)
    assert box is not None
    left, top, right, bottom = box.box
    return hands.at((left + right) / 2, (top + bottom) / 2)


def places(hands: Hands) -> dict[str, tuple[float, float]]:
    return {id: node.pos for id, node in hands.graph.nodes.items()}


def test_a_region_is_made_round_what_is_selected_and_its_title_is_typed_in_one_step(desk: Hands) -> None:
    desk.selection.select(["x", "y"])

    def make() -> None:
        desk.view.gathering.make_region()
        assert desk.view.desk.aside_editor.hasFocus()
        desk.type("Data")
        desk.key(Key.Key_Return)
        assert desk.view.hasFocus() and desk.selection.asides == {("region", next(iter(desk.graph.regions)))}

    desk.one_undo_step(make)
    (region,) = desk.graph.regions.values()
    assert region.title == "Data"
    for id in ("x", "y"):
        x, y = desk.graph.nodes[id].pos
        assert region.pos[0] < x and region.pos[1] < y and region.holds((x, y)) and region.holds((x + 140, y + 84))


def test_without_a_selection_a_drag_draws_it(desk: Hands) -> None:
    desk.view.gathering.make_region()
    desk.drag(desk.at(-40, -40), desk.at(200, 240))
    (region,) = desk.graph.regions.values()
    assert (region.pos, region.size) == ((-40, -40), (240, 280))
    desk.key(Key.Key_Escape)  # the name that was offered stays
    assert [each.title for each in desk.graph.regions.values()] == ["Region 1"]
    assert not desk.selection.nodes


def test_esc_puts_the_tool_away(desk: Hands) -> None:
    desk.view.gathering.make_region()
    desk.key(Key.Key_Escape)
    desk.drag(desk.at(-40, -40), desk.at(200, 240))
    assert not desk.graph.regions and desk.selection.nodes == {"x", "y"}


def test_its_title_carries_all_that_stands_in_it_in_one_step(boxed: Hands) -> None:
    before = places(boxed)
    boxed.one_undo_step(lambda: boxed.drag(title(boxed), title(boxed) + QPoint(48, 64)))
    after = places(boxed)
    assert {id for id in before if after[id] != before[id]} == {"x", "y"}
    assert after["x"] == (before["x"][0] + 48, before["x"][1] + 64)
    assert boxed.graph.regions["r1"].pos == (8, 24)
    boxed.shows_document()


def test_its_border_carries_too_and_esc_puts_everything_back(boxed: Hands) -> None:
    before, region = places(boxed), boxed.graph.regions["r1"]
    start = boxed.at(60, 240)  # the lower border, between the handles
    boxed.press(start)
    boxed.drag_to(start + QPoint(0, 80), start)
    assert boxed.view.scene().asides.shown[("region", "r1")].box[1] == region.pos[1] + 80
    boxed.key(Key.Key_Escape)
    QTest.mouseRelease(boxed.surface, LEFT, Qt.KeyboardModifier.NoModifier, start)
    assert places(boxed) == before and boxed.graph.regions["r1"] == region
    assert boxed.view.scene().asides.shown[("region", "r1")].box[:2] == region.pos


def test_a_rubber_band_begins_in_it(boxed: Hands) -> None:
    boxed.drag(boxed.at(150, -20), boxed.at(90, 100))
    assert boxed.selection.nodes == {"x"} and not boxed.selection.asides
    boxed.drag(boxed.at(-60, -80), boxed.at(190, 250))
    assert boxed.selection.nodes == {"x", "y"} and boxed.selection.asides == {("region", "r1")}


@pytest.mark.parametrize(
    ("corner", "pos", "size"),
    [((180, 240), (-40, -40), (260, 320)), ((-40, -40), (0, 0), (180, 240))],
)
def test_a_corner_resizes_it_and_nothing_else_moves(
    boxed: Hands, corner: tuple[int, int], pos: tuple[float, float], size: tuple[float, float]
) -> None:
    before = places(boxed)
    boxed.one_undo_step(lambda: boxed.drag(boxed.at(*corner), boxed.at(*corner) + QPoint(40, 40)))
    assert (boxed.graph.regions["r1"].pos, boxed.graph.regions["r1"].size) == (pos, size)
    assert places(boxed) == before


def test_a_side_of_a_selected_one_resizes_it(boxed: Hands) -> None:
    boxed.click(title(boxed))
    boxed.drag(boxed.at(180, 100), boxed.at(220, 100))
    assert boxed.graph.regions["r1"].size == (260, 280)


def test_a_double_click_on_the_title_renames_and_so_does_f2(boxed: Hands) -> None:
    QTest.mouseDClick(boxed.surface, LEFT, Qt.KeyboardModifier.NoModifier, title(boxed))
    boxed.type("Data")
    boxed.key(Key.Key_Return)
    assert boxed.graph.regions["r1"].title == "Data"
    boxed.click(title(boxed))
    boxed.key(Key.Key_F2)
    boxed.type("More")
    boxed.click(boxed.at(500, 20))  # a click elsewhere keeps it
    assert boxed.graph.regions["r1"].title == "More"


def test_a_title_that_is_cut_by_the_edge_is_typed_in_view(boxed: Hands) -> None:
    boxed.click(title(boxed))
    boxed.view.desk.camera.pan(-title(boxed).x(), 0)  # half of it is to the left of the canvas
    boxed.key(Key.Key_F2)
    field = boxed.view.desk.aside_editor
    assert field.isVisible() and boxed.surface.rect().contains(field.geometry())


def test_delete_takes_the_box_alone(boxed: Hands) -> None:
    boxed.click(title(boxed))
    boxed.one_undo_step(lambda: boxed.key(Key.Key_Delete))
    assert not boxed.graph.regions and set(boxed.graph.nodes) == set("xyzqf")


def test_its_menu_colours_it(boxed: Hands) -> None:
    boxed.click(title(boxed))
    menu: QMenu = boxed.view.menus.aside_menu(("region", "r1"))
    colours = next(action.menu() for action in menu.actions() if action.text() == "Colour")
    assert [each.text() for each in colours.actions() if each.isChecked()] == ["Green"]
    next(each for each in colours.actions() if each.text() == "Purple").trigger()
    assert boxed.graph.regions["r1"].colour == "purple"


def test_it_is_nudged_with_what_is_in_it(boxed: Hands) -> None:
    boxed.click(title(boxed))
    boxed.key(Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert boxed.graph.regions["r1"].pos == (-36, -40) and boxed.graph.nodes["x"].pos == (4, 0)


def test_nodes_that_are_selected_with_it_go_along_once(boxed: Hands) -> None:
    boxed.click(title(boxed))
    boxed.click(boxed.body("q"), SHIFT)
    boxed.click(boxed.body("x"), SHIFT)
    boxed.drag(boxed.body("q"), boxed.body("q") + QPoint(0, 120))
    moved = places(boxed)
    assert moved == {"x": (0, 120), "y": (0, 260), "z": (0, 280), "q": (240, 180), "f": (480, 140)}
    assert boxed.graph.regions["r1"].pos == (-40, 80)


def test_no_note_and_no_title_hides_the_number_of_an_edge(desk: Hands) -> None:
    scene = desk.view.scene()
    desk.view.grab()
    box = next(box for box in label_boxes(scene.stage, ("f", 0), 1.0))
    corner = (box.left() - 20, box.top() - 8)
    desk.bridge.edit(lambda graph: edits.make_note(graph, "over the number", corner, 120))
    desk.view.grab()
    note = rect_of(scene.asides.shown[("note", "n1")].box)
    assert note.intersects(box)
    for key in desk.graph.edges:
        for label in label_boxes(scene.stage, key, 1.0):
            assert not label.intersects(note), key
