"""Quick add with real keys and a real mouse: how it opens, where it stands, what Enter does, how it closes."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from engine import edits as edit
from engine.graph.graph import Graph
from engine.text.read import parse
from gui.canvas.offer_list import OfferList
from gui.canvas.quick_add import QuickAdd
from gui.document import settings
from tests.gui.canvas_tools import CONTROL, LEFT, NO, SHIFT, Hands, cs231n, edges, port_spot

Key = Qt.Key


@pytest.fixture
def hands(qtbot) -> Hands:
    return Hands(qtbot, cs231n())


@pytest.fixture
def empty(qtbot) -> Hands:
    return Hands(qtbot)


def search(hands: Hands) -> QuickAdd:
    return hands.view.findChild(QuickAdd)


def field(hands: Hands) -> QLineEdit:
    focused = QApplication.focusWidget()
    assert isinstance(focused, QLineEdit) and search(hands).isAncestorOf(focused)
    return focused


def rows(hands: Hands) -> list[str]:
    model = search(hands).findChild(OfferList).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def double_click(hands: Hands, at: QPoint) -> None:
    hands.click(at)
    QTest.mouseDClick(hands.surface, LEFT, NO, at)
    QTest.mouseRelease(hands.surface, LEFT, NO, at)


def enter(hands: Hands, text: str, keys: Qt.KeyboardModifier = NO) -> None:
    """Type a text where the focus is, key by key, and press Enter."""
    for sign in text:
        hands.type(sign)
    hands.key(Key.Key_Return, keys)


# --- how it opens


def test_typing_opens_it_with_the_first_sign_in_the_field(hands) -> None:
    for sign in "r7+(-.[σ∂Ä":
        if sign.isascii():
            hands.type(sign)
        else:  # QTest types no other
            QApplication.sendEvent(hands.view, QKeyEvent(QEvent.Type.KeyPress, ord(sign.upper()), NO, sign))
        assert field(hands).text() == sign, sign
        hands.key(Key.Key_Escape)
        assert hands.view.hasFocus() and not search(hands).isVisible()


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Left, Key.Key_Delete, Key.Key_F2, Key.Key_Return, Key.Key_Home])
def test_keys_that_type_nothing_do_not_open_it(hands, key) -> None:
    hands.key(key)
    assert not search(hands).isVisible()


def test_keys_held_for_a_command_do_not_open_it(hands) -> None:
    hands.key(Key.Key_A, CONTROL)
    hands.key(Key.Key_J, CONTROL)
    assert not search(hands).isVisible()


def test_a_sign_of_several_keys_is_not_lost(hands) -> None:
    QApplication.sendEvent(hands.view, QInputMethodEvent("", []))
    assert not search(hands).isVisible()
    composed = QInputMethodEvent("", [])
    composed.setCommitString("â")
    QApplication.sendEvent(hands.view, composed)
    assert field(hands).text() == "â"
    assert hands.view.inputMethodQuery(Qt.InputMethodQuery.ImEnabled)
    assert hands.view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_a_double_click_on_the_canvas_opens_it_there(hands) -> None:
    at = QPoint(40, 420)
    double_click(hands, at)
    assert field(hands).text() == "" and search(hands).geometry().contains(at + QPoint(2, 2))
    enter(hands, "3.5")
    node = hands.graph.nodes["c"]
    assert (hands.at(*node.pos) - at).manhattanLength() < 160 and node.value == 3.5


def test_a_double_click_on_a_name_renames_still(hands) -> None:
    double_click(hands, hands.name("q"))
    assert not search(hands).isVisible() and hands.view.desk.editor.editing == "q"


# --- where it stands


@pytest.mark.parametrize("at", [(2, 2), (757, 557), (757, 2), (2, 557), (400, 300)])
def test_it_stands_wholly_inside_the_canvas(hands, at) -> None:
    hands.view.desk.quick_add(QPoint(*at))
    for text in ("", "s", "(x", "zzz"):
        field(hands).setText(text)
        assert hands.surface.rect().contains(search(hands).geometry()), text


def test_it_stands_wholly_inside_a_small_canvas(qtbot) -> None:
    hands = Hands(qtbot, cs231n(), size=(300, 180))
    hands.type("s")
    assert hands.surface.rect().contains(search(hands).geometry())


def test_it_stays_where_it_is_while_one_types(hands) -> None:
    hands.selection.select(["z"])
    hands.type("s")
    corner = search(hands).pos()
    for sign in "igmoid":
        hands.type(sign)
        assert search(hands).pos() == corner


def test_by_key_it_stands_beside_what_is_selected(hands) -> None:
    hands.view.camera.look_at(0.8, hands.view.camera.centre(), animated=False)
    hands.selection.select(["x"])
    hands.type("r")
    box = hands.view.mapFromScene(hands.view.scene().nodes_rect(["x"])).boundingRect()
    assert not search(hands).geometry().intersects(box)


# --- what Enter does


def test_x_y_and_z_and_their_product_by_keys_alone(empty) -> None:
    lines = ["x=-2", "y=5", "z=-4", "(x+y)*z"]
    assert sum(len(line) + 1 for line in lines) <= 26
    for line in lines:
        enter(empty, line)
    values = {id: empty.bridge.now.trace.value(id) for id in empty.graph.nodes}
    gradients = {id: empty.bridge.now.trace.gradient(id) for id in empty.graph.nodes}
    assert values == {"x": -2, "y": 5, "z": -4, "add": 3, "mul": -12}
    assert gradients == {"x": -4, "y": -4, "z": 3, "add": -4, "mul": 1}
    empty.shows_document()
    boxes = [
        QRect(*map(round, (left, top, right - left, bottom - top))) for left, top, right, bottom in boxes_of(empty)
    ]
    assert not any(one.intersects(other) for i, one in enumerate(boxes) for other in boxes[:i])


def test_a_net_with_three_hidden_neurons_by_keys_alone(empty) -> None:
    lines = ["x=1", "y=-1", "t=0.5"]
    for line in lines:
        enter(empty, line)
    empty.selection.select(["x", "y"])
    for line in ("layer 3", "neuron", "mse(h, t)"):
        enter(empty, line)
    graph = empty.graph
    assert graph.target is not None and graph.nodes[graph.target].op_name == "mse"
    assert sum(node.op_name == "tanh" for node in graph.nodes.values()) == 4
    assert all(empty.bridge.now.trace.gradient(id) is not None for id in graph.nodes)
    empty.shows_document()


def boxes_of(hands: Hands) -> list[list[float]]:
    return hands.view.desk.scene.stage.node_boxes.tolist()


def test_the_first_one_selected_is_the_first_input(hands) -> None:
    for ids in ("xz", "zx", "yx"):
        hands.click(hands.body(ids[0]))
        hands.click(hands.body(ids[1]), SHIFT)
        enter(hands, "/")
        (new,) = hands.selection.nodes
        assert [edge.source for edge in hands.graph.into(new)] == list(ids), ids
        hands.bridge.undo()


def test_of_what_one_gesture_selects_the_upper_is_the_first_input(hands) -> None:
    hands.click(hands.body("z"))
    hands.click(hands.body("x"), SHIFT)
    hands.click(hands.at(300, 400))
    hands.drag(hands.at(-30, 400), hands.at(160, 170))  # upwards: it comes to z first
    hands.click(hands.body("q"), SHIFT)
    enter(hands, "concatenate")
    (new,) = hands.selection.nodes
    assert [edge.source for edge in hands.graph.into(new)] == ["y", "z", "q"]


def test_two_selected_and_a_star_are_wired_in_one_step_and_the_product_is_selected(hands) -> None:
    hands.selection.select(["y", "x"])
    enter(hands, "*")
    assert hands.selection.nodes == {"mul"} and hands.view.hasFocus()
    assert {("x", "mul", 0), ("y", "mul", 1)} <= edges(hands.graph)
    hands.bridge.undo()
    assert hands.graph == cs231n()
    hands.bridge.redo()
    node, x = hands.graph.nodes["mul"], hands.graph.nodes["x"]
    assert node.pos[0] > x.pos[0] + 120, "to the right of what feeds it"


def test_one_goes_on_typing_from_what_is_new(hands) -> None:
    hands.selection.select(["f"])
    for name in ("relu", "tanh", "exp"):
        enter(hands, name)
    assert {("f", "relu", 0), ("relu", "tanh", 0), ("tanh", "exp", 0)} <= edges(hands.graph)
    assert hands.graph.target == "exp"


def test_shift_enter_adds_it_without_edges(hands) -> None:
    hands.selection.select(["x"])
    enter(hands, "relu", SHIFT)
    assert "relu" in hands.graph.nodes and not hands.graph.into("relu")


def test_an_op_goes_into_the_edge_that_is_selected_or_double_clicked(hands) -> None:
    hands.selection.select(edges=[("f", 0)])
    enter(hands, "tanh")
    assert {("q", "tanh", 0), ("tanh", "f", 0)} <= edges(hands.graph)
    double_click(hands, hands.middle_of_edge("f", 1))
    enter(hands, "exp")
    assert {("z", "exp", 0), ("exp", "f", 1)} <= edges(hands.graph)


def test_a_refusal_is_told_in_the_search_and_shift_enter_is_the_way_out(hands) -> None:
    hands.selection.select(["x", "y"])
    before = hands.graph
    enter(hands, "relu")
    assert hands.graph is before and field(hands).text() == "relu"
    assert search(hands).sentence.text() == (
        "ReLU takes one input, and 2 nodes are selected. Shift+Enter adds it without edges."
    )
    hands.key(Key.Key_Return, SHIFT)
    assert "relu" in hands.graph.nodes and not search(hands).isVisible()


def test_what_cannot_be_read_is_told_calmly_and_stays_open(hands) -> None:
    before = hands.graph
    enter(hands, "(x + y")
    assert field(hands).text() == "(x + y" and hands.graph is before
    assert search(hands).sentence.text() == "“(” is never closed: type “)” where it ends."
    enter(hands, ") * f")
    assert not search(hands).isVisible() and len(hands.graph.nodes) == len(before.nodes) + 2


def test_a_value_is_given_to_the_leaf_of_that_name(hands) -> None:
    hands.one_undo_step(lambda: enter(hands, "x = 8"))
    assert hands.graph.nodes["x"].value == 8 and hands.selection.nodes == {"x"}


def test_an_example_comes_in_as_one_step(hands) -> None:
    before = len(hands.graph.nodes)
    hands.one_undo_step(lambda: enter(hands, "micrograd"))
    assert len(hands.graph.nodes) > before + 5


def test_the_arrows_and_tab_mark_another_row_and_a_click_takes_one(qtbot, hands) -> None:
    hands.type("s")
    names = rows(hands)
    marked = search(hands).rows
    for key, expected in (
        (Key.Key_Down, names[1]), (Key.Key_Tab, names[2]), (Key.Key_Up, names[1]), (Key.Key_Backtab, names[0]),
        (Key.Key_Up, names[-1]), (Key.Key_Down, names[0]),
    ):  # fmt: skip
        hands.key(key)
        assert marked.marked.title == expected
    third = marked.visualRect(marked.model().index(2, 0)).center()
    QTest.mouseClick(marked.viewport(), LEFT, NO, third)
    assert not search(hands).isVisible() and hands.view.hasFocus()
    assert any(node.op.title == names[2] for node in hands.graph.nodes.values())


# --- an edge that is let go over nothing


def test_an_edge_from_an_output_asks_what_it_should_feed(hands) -> None:
    start = port_spot(hands.view, "f", "out")
    hands.drag(start, start + QPoint(40, 130))
    assert "Input" not in rows(hands) and "ReLU" in rows(hands)
    assert hands.view.tools.state.overlay, "its end is still to be seen"
    hands.key(Key.Key_Escape)
    assert not hands.view.tools.state.overlay
    hands.drag(start, start + QPoint(40, 130))
    hands.one_undo_step(lambda: enter(hands, "relu"))
    assert ("f", "relu", 0) in edges(hands.graph)


def test_an_edge_from_an_input_asks_what_should_feed_it(hands) -> None:
    hands.bridge.load(parse("x = 1; s = x + x").apply(_cut(parse("x = 1; s = x + x"), ("s", 1))))
    end = port_spot(hands.view, "s", 1)
    hands.drag(end, end + QPoint(-60, 110))
    enter(hands, "2.5")
    assert ("c", "s", 1) in edges(hands.graph) and hands.graph.nodes["c"].value == 2.5


def _cut(graph: Graph, key):
    return edit.disconnect(graph, key)


def test_the_end_of_an_edge_that_is_taken_off_is_removed_as_before(hands) -> None:
    end = port_spot(hands.view, "f", 1)
    hands.drag(end, end + QPoint(-30, 120))
    assert ("z", "f", 1) not in edges(hands.graph) and not search(hands).isVisible()


# --- how it closes


def test_escape_closes_it_and_changes_nothing(hands) -> None:
    before = hands.graph
    hands.type("relu")
    hands.key(Key.Key_Escape)
    assert not search(hands).isVisible() and hands.view.hasFocus() and hands.graph is before


def test_a_click_elsewhere_closes_it(hands) -> None:
    hands.type("s")
    hands.click(QPoint(5, 555))
    assert not search(hands).isVisible()


def test_another_document_closes_it(hands) -> None:
    hands.type("s")
    hands.bridge.load(Graph())
    assert not search(hands).isVisible()


def test_it_does_not_move_with_the_canvas(hands) -> None:
    hands.type("s")
    place = search(hands).pos()
    hands.view.camera.pan(60, 40)
    assert search(hands).pos() == place


def test_an_edit_from_elsewhere_is_seen_in_what_is_offered(hands) -> None:
    hands.selection.select(["x"])
    hands.type("r")
    hands.bridge.edit(lambda graph: edit.rename(graph, "x", "speed"))
    hands.bridge.edit(lambda graph: edit.delete(graph, ["speed"]))
    enter(hands, "elu")
    assert "relu" in hands.graph.nodes and not hands.graph.into("relu")


# --- what is remembered, and how long it takes


def test_what_was_used_comes_first_the_next_time(hands) -> None:
    enter(hands, "softmax")
    assert settings.get("quick_used") == ["softmax"]
    hands.selection.select()
    hands.type("s")
    assert rows(hands)[0] == "Softmax"


def test_a_key_is_answered_within_a_frame(hands) -> None:
    hands.type("s")
    took = []
    for text in ("si", "sig", "si", "s", "si", "sig"):
        start = time.process_time()
        field(hands).setText(text)
        took.append(time.process_time() - start)
    assert min(took) < 0.008


# --- what is no match is not taken


def test_enter_takes_nothing_that_is_only_about_a_part_of_what_was_typed(qtbot) -> None:
    hands = Hands(qtbot, parse("data = dataset('moons', batch=8)\nscore = data.features @ parameter(ones((2, 1)))"))
    before = hands.graph
    enter(hands, "mse(score, data.labels)")
    assert hands.graph is before and search(hands).isVisible()
    assert "data.features or data.targets" in search(hands).sentence.text()
    hands.key(Key.Key_Escape)
    enter(hands, "mse(score, data.targets)")
    (loss,) = hands.graph.nodes.keys() - before.nodes.keys()
    assert {(edge.source, edge.output) for edge in hands.graph.into(loss)} == {("score", 0), ("data", 1)}


def test_what_is_only_about_a_part_of_the_text_is_taken_when_it_is_marked(empty: Hands) -> None:
    enter(empty, "relu(x")
    assert not empty.graph.nodes
    empty.key(Key.Key_Down)
    empty.key(Key.Key_Return)
    assert [node.op_name for node in empty.graph.nodes.values()] == ["relu"]
