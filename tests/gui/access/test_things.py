"""What Qt hands to assistive technology: asked as a bridge asks, in the process itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListView, QWidget

from gui.main_window import MainWindow
from gui.widgets.accessible import Part, tell_of_things
from gui.widgets.labels import Row
from gui.widgets.segmented import Segmented
from gui.widgets.track import Track
from tests.gui.canvas_tools import edges
from tests.gui.window_tools import CTRL, Key, gradients, press

Name, Value, Description = QAccessible.Text.Name, QAccessible.Text.Value, QAccessible.Text.Description
tell_of_things()


def face(widget: QWidget) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(widget)


def parts(whole: QAccessibleInterface) -> Iterator[Part]:
    """All parts of a whole, and theirs, as a bridge walks through them."""
    for row in range(whole.childCount()):
        child = whole.child(row)
        if isinstance(child, Part):
            assert child.isValid() and whole.indexOfChild(child) == row and child.parent() is whole
            yield child
            yield from parts(child)


def called(whole: QAccessibleInterface, name: str) -> Part:
    names = {part.text(Name): part for part in parts(whole)}
    assert name in names, sorted(names)
    return names[name]


def do(part: Part, deed: str = "Press") -> None:
    action = part.actionInterface()
    assert deed in action.actionNames() and action.localizedActionDescription(deed)
    action.doAction(deed)
    QCoreApplication.processEvents()


@pytest.fixture
def canvas(product_window: MainWindow) -> QAccessibleInterface:
    return face(product_window.canvas)


def test_nodes_ports_and_edges_say_what_is_shown(product_window, canvas):
    said = {part.text(Name): part.text(Description) for part in parts(canvas)}
    assert said["x, Input"] == "value −2, gradient −4" and said["f, Multiply, target"] == "value −12, gradient 1"
    assert said["edge from q to port a of f"] == "value 3, contribution −4"
    assert said["port b of f"] == "fed by z" and said["output q"] == "feeds port a of f"
    assert canvas.role() == QAccessible.Role.Canvas and canvas.text(Name) == "Canvas"
    roles = {part.text(Name): part.role() for part in parts(canvas)}
    assert roles["x, Input"] == QAccessible.Role.SpinBox and roles["q, Add"] == QAccessible.Role.ListItem
    assert called(canvas, "x, Input").text(Value) == "−2"


def test_what_is_still_to_come_is_not_told(product_window, canvas):
    product_window.bridge.player.go_to_start()
    said = {part.text(Name): part.text(Description) for part in parts(canvas)}
    assert said["x, Input"] == "value not known yet" == said["edge from q to port a of f"]


def test_a_leaf_is_set_and_what_is_computed_is_not(product_window, canvas):
    leaf, summed = called(canvas, "x, Input"), called(canvas, "q, Add")
    assert leaf.valueInterface().currentValue() == -2 and leaf.valueInterface().minimumStepSize() == 0.01
    leaf.valueInterface().setCurrentValue(7)
    assert product_window.bridge.now.graph.nodes["x"].value == 7
    assert summed.valueInterface().currentValue() == 12
    summed.valueInterface().setCurrentValue(1)
    assert summed.valueInterface().currentValue() == 12 and summed.state().readOnly
    leaf.setText(Value, "1/4")
    assert leaf.text(Value) == "0.25"
    leaf.setText(Value, "what?")
    assert leaf.text(Value) == "0.25" and "what?" in product_window.status.sentence.text()


def test_an_edge_is_drawn_from_port_to_port_and_refused_in_words(product_window, canvas):
    do(called(canvas, "port b of f"), "Disconnect")
    assert ("z", "f", 1) not in edges(product_window.bridge.now.graph)
    do(called(canvas, "output z"))
    assert product_window.canvas.tools.state.busy
    do(called(canvas, "output z"))  # pressed again it is dropped
    assert not product_window.canvas.tools.state.busy
    do(called(canvas, "output q"))
    do(called(canvas, "port a of q"))
    assert product_window.status.sentence.text() == "q cannot feed itself: that would be a loop."
    press(product_window, Key.Key_Escape)
    do(called(canvas, "port b of f"))
    do(called(canvas, "output z"))  # from its end, too
    assert ("z", "f", 1) in edges(product_window.bridge.now.graph)
    assert gradients(product_window)["z"] == 3


def test_what_is_deleted_is_gone_and_comes_back(product_window, canvas):
    node = called(canvas, "q, Add")
    count = len(list(parts(canvas)))
    do(node, "Delete")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert "q, Add" not in {part.text(Name) for part in parts(canvas)}
    press(product_window, Key.Key_Z, CTRL)
    assert len(list(parts(canvas))) == count


def test_the_keys_and_the_parts_go_together(product_window, canvas):
    do(called(canvas, "q, Add"))
    assert product_window.selection.nodes == {"q"} and canvas.focusChild().text(Name) == "q, Add"
    press(product_window, Key.Key_Right, CTRL)
    assert canvas.focusChild().text(Name) == "f, Multiply, target" and canvas.focusChild().state().focused
    spot = called(canvas, "x, Input").rect().center()
    assert canvas.childAt(spot.x(), spot.y()).text(Name) == "x, Input"
    assert canvas.childAt(*QPoint(-9, -9).toTuple()) is None


def test_another_target_a_new_name_and_a_menu(product_window, canvas):
    do(called(canvas, "q, Add"), "Make target")
    assert product_window.bridge.now.graph.target == "q"
    do(called(canvas, "q, Add, target"), "Clear target")
    assert product_window.bridge.now.graph.target is None
    do(called(canvas, "x, Input"), "Type value")
    QTest.keyClicks(product_window.canvas.desk.editor, "3")
    QTest.keyClick(product_window.canvas.desk.editor, Key.Key_Return)
    assert product_window.bridge.now.graph.nodes["x"].value == 3


def test_the_track_is_a_slider_over_the_steps(product_window):
    track = face(product_window.timeline.findChild(Track))
    steps = len(product_window.bridge.now.trace.steps)
    amount = track.valueInterface()
    assert track.role() == QAccessible.Role.Slider
    assert (amount.minimumValue(), amount.maximumValue(), amount.currentValue()) == (0, steps, steps)
    amount.setCurrentValue(3)
    assert product_window.bridge.now.frame.position == 3 and track.text(Value) == f"3 / {steps}"
    assert product_window.bridge.now.explanation.caption in track.text(Description)


def test_a_row_of_choices_is_a_group_of_radio_buttons(product_window):
    wording = next(row for row in product_window.findChildren(Segmented) if row.accessibleName() == "Wording")
    choices = list(parts(face(wording)))
    assert [choice.text(Name) for choice in choices] == [text for _, text in wording.choices]
    assert [choice.state().checked for choice in choices] == [1, 0]
    do(choices[1])
    assert product_window.bridge.now.wording == "responsibility"


def test_an_op_of_the_palette_is_pressed(product_window):
    ops = next(view for view in product_window.ops.findChildren(QListView))
    rows = {part.text(Name).partition(".")[0]: part for part in parts(face(ops))}
    before = len(product_window.bridge.now.graph.nodes)
    do(rows["Tanh"])
    assert len(product_window.bridge.now.graph.nodes) == before + 1
    assert rows["Activations"].role() == QAccessible.Role.Heading


def test_the_name_of_a_label_goes_with_what_it_shows(qtbot):
    row = Row("gradient")
    qtbot.addWidget(row)
    row.show_text("−4")
    assert face(row.content).text(Name) == "gradient: −4" and isinstance(row.content, QLabel)
    row.show_text("3", caption="responsibility")
    assert face(row.content).text(Name) == "responsibility: 3"


def test_what_goes_wrong_in_a_thing_is_reported_and_ends_nothing(product_window, canvas, monkeypatch):
    node, told = called(canvas, "x, Input"), []
    monkeypatch.setattr("sys.excepthook", lambda *error: told.append(error[0]))
    monkeypatch.setattr(type(node.thing), "name", lambda self: 1 / 0)
    assert node.text(Name) == "" and told == [ZeroDivisionError]
