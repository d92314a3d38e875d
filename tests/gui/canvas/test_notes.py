"""Notes with the mouse and the keys: written, edited in place, dragged, made wider, copied, deleted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from engine import edits
from engine.files import codec
from gui.canvas.model.aside_boxes import Box
from gui.canvas.model.asides import written
from gui.look import measure
from tests.gui.canvas_tools import CONTROL, LEFT, SHIFT, Hands, cs231n
from tests.networks import shipped

Key = Qt.Key
ODD = "dL/dx is <b>not</b> bold & stays\n\nas it is"


@pytest.fixture
def noted(qtbot: QtBot) -> Hands:
    graph = cs231n()
    graph = graph.apply(edits.make_note(graph, "The sum", (240, -60)))
    return Hands(qtbot, graph, size=(900, 640))


def box(hands: Hands, id: str = "n1") -> Box:
    return hands.view.scene().asides.shown[("note", id)].box


def middle(hands: Hands, id: str = "n1") -> QPoint:
    left, top, right, bottom = box(hands, id)
    return hands.at((left + right) / 2, (top + bottom) / 2)


def texts(hands: Hands) -> list[str]:
    return [note.text for note in hands.graph.notes.values()]


def write(hands: Hands, text: str) -> None:
    for number, line in enumerate(text.split("\n")):
        if number:
            hands.key(Key.Key_Return)
        hands.type(line)
    hands.key(Key.Key_Return, CONTROL)


def test_a_note_of_several_lines_is_written_and_is_one_step(desk: Hands) -> None:
    desk.view.gathering.make_note()
    desk.one_undo_step(lambda: write(desk, ODD))
    assert texts(desk) == [ODD] and desk.view.hasFocus()
    shown = desk.view.scene().asides.shown[("note", "n1")]
    assert "".join(shown.lines).replace(" ", "") == ODD.replace("\n", "").replace(" ", "")
    stage = desk.view.scene().stage
    left, top, right, bottom = shown.box
    assert not any(
        box[0] < right and left < box[2] and box[1] < bottom and top < box[3] for box in stage.node_boxes.tolist()
    )


@pytest.mark.parametrize("zoom, told", [(0.4, "The sum"), (1.0, "")])
def test_a_note_that_is_too_small_to_be_read_is_told_on_hover(noted: Hands, zoom: float, told: str) -> None:
    noted.view.camera.look_at(zoom, noted.view.camera.visible_scene().center(), animated=False)
    at = middle(noted)
    QApplication.sendEvent(noted.surface, QHelpEvent(QEvent.Type.ToolTip, at, noted.surface.mapToGlobal(at)))
    assert QToolTip.text() == told
    QToolTip.hideText()


@pytest.mark.parametrize("zoom", [0.3, 0.38, 0.5])
@pytest.mark.parametrize(
    "name", ["dying-relus", "saturated-sigmoids", "vanishing-depth", "exploding-recurrence", "unscaled-data"]
)
def test_from_afar_a_note_says_less_in_letters_that_can_be_read(qtbot: QtBot, name: str, zoom: float) -> None:
    """Beside a training the notes of the troubles stood there in letters of five pixels."""
    hands = Hands(qtbot, shipped(name), size=(900, 560))
    (note,) = hands.view.scene().asides.shown.values()
    left, top, right, bottom = note.box
    hands.view.camera.look_at(zoom, QPointF((left + right) / 2, bottom), animated=False)
    said = written(note, zoom)
    assert said.size * said.scale * zoom >= 11
    assert " ".join(said.lines).startswith("Watch it die: open Training"[: len(said.lines[0]) - 1])
    assert len(said.lines) * said.pitch <= bottom - top
    for line in said.lines:
        assert measure.width(line, said.size) * said.scale <= right - left - 2 * said.pad + 0.01
    slip = QRect(hands.at(left, top), hands.at(right, bottom)).adjusted(6, 2, -2, -2) & hands.surface.rect()
    picture = hands.surface.grab(slip).toImage()
    dark = [
        any(picture.pixelColor(x, y).value() < 128 for x in range(picture.width())) for y in range(picture.height())
    ]
    assert sum(dark) >= 7, "rows of pixels in which letters are: of five pixels there were four"
    assert written(note, 1.0).lines == note.lines


def test_without_a_text_there_is_no_note(desk: Hands) -> None:
    before = desk.graph
    desk.view.gathering.make_note()
    desk.key(Key.Key_Return, CONTROL)
    assert desk.graph is before and desk.view.desk.aside_editor.isHidden()
    desk.view.gathering.make_note()
    desk.type("gone")
    desk.key(Key.Key_Escape)
    assert desk.graph is before


def test_a_double_click_edits_it_in_place_and_a_click_elsewhere_keeps_that(noted: Hands) -> None:
    QTest.mouseDClick(noted.surface, LEFT, Qt.KeyboardModifier.NoModifier, middle(noted))
    assert noted.view.desk.aside_editor.toPlainText() == "The sum"
    noted.type("The product")
    noted.click(noted.at(40, 350))
    assert texts(noted) == ["The product"]


def test_it_is_dragged_in_one_step(noted: Hands) -> None:
    noted.one_undo_step(lambda: noted.drag(middle(noted), middle(noted) + QPoint(80, -20)))
    assert noted.graph.notes["n1"].pos == (320, -80)
    assert {id: node.pos for id, node in noted.graph.nodes.items()} == {id: n.pos for id, n in cs231n().nodes.items()}


def test_its_right_side_makes_it_wider_and_breaks_its_text_anew(noted: Hands) -> None:
    noted.bridge.edit(lambda graph: edits.edit_note(graph, "n1", "word " * 12))
    noted.click(middle(noted))
    high = box(noted)[3] - box(noted)[1]
    _, top, right, bottom = box(noted)
    spot = noted.at(right, (top + bottom) / 2)
    noted.one_undo_step(lambda: noted.drag(spot, spot + QPoint(-100, 0)))
    assert noted.graph.notes["n1"].width == 140
    assert box(noted)[3] - box(noted)[1] > high


def test_delete_takes_it_and_a_rubber_band_selects_it(noted: Hands) -> None:
    noted.drag(noted.at(220, -80), noted.at(300, -40))
    assert noted.selection.asides == {("note", "n1")}
    noted.one_undo_step(lambda: noted.key(Key.Key_Delete))
    assert not noted.graph.notes and len(noted.graph.nodes) == 5


def test_it_goes_along_with_nodes_that_are_selected_too(noted: Hands) -> None:
    noted.click(middle(noted))
    noted.click(noted.body("q"), SHIFT)
    noted.drag(noted.body("q"), noted.body("q") + QPoint(0, 40), CONTROL)
    assert noted.graph.notes["n1"].pos == (240, -20) and noted.graph.nodes["q"].pos == (240, 100)


def test_a_note_alone_is_a_document_that_can_be_pasted(noted: Hands) -> None:
    noted.click(middle(noted))
    copied = codec.decode(noted.view.selected.text())
    assert not copied.nodes and [note.text for note in copied.notes.values()] == ["The sum"]
    noted.one_undo_step(lambda: noted.view.newcomers.paste(copied))
    assert texts(noted) == ["The sum", "The sum"] and noted.selection.nodes == frozenset()


def test_what_is_typed_at_quick_add_makes_one(desk: Hands, qtbot: QtBot) -> None:
    desk.type("n")
    desk.type("ote: as in the lecture")
    desk.key(Key.Key_Return)
    assert texts(desk) == ["as in the lecture"]
    desk.type("n")
    desk.type("ote")
    desk.key(Key.Key_Return)
    qtbot.waitUntil(desk.view.desk.aside_editor.isVisible)
    write(desk, "second")
    assert texts(desk) == ["as in the lecture", "second"]
