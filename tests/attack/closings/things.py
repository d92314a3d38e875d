"""What can be open when a window ends. Each is opened by hands, as a person would, and seen to be open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit, QListView, QMenu, QToolTip

from engine.graph.graph import Graph
from gui.panels.training.training_run import RunState
from gui.widgets.track import Track
from tests.attack.closings.hand import Hand, Until
from tests.gui.canvas_tools import value_spot

Key = Qt.Key
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
Steps = Iterator[Until]
Typed = Callable[[Graph], bool]


@dataclass(frozen=True)
class Thing:
    """`opening` ends when it is open. `typed` says whether a graph has what was typed."""

    name: str
    opening: Callable[[Hand], Steps]
    typed: Typed | None = field(default=None)
    example: str = ""  # instead of the small product
    screen: bool = False  # only on a real screen
    lost: bool = False  # a window before has left work behind


def _value(id: str, number: float) -> Typed:
    return lambda graph: graph.nodes[id].value is not None and float(graph.nodes[id].value) == number


THINGS: dict[str, Thing] = {}
Opening = Callable[[Hand], Steps]


def thing(
    typed: Typed | None = None, example: str = "", screen: bool = False, lost: bool = False
) -> Callable[[Opening], Opening]:
    def declare(opening: Opening) -> Opening:
        name = opening.__name__.strip("_").replace("_", " ")
        THINGS[name] = Thing(name, opening, typed, example, screen, lost)
        return opening

    return declare


# --- texts


@thing()
def nothing(hand: Hand) -> Steps:
    yield lambda: True


@thing(typed=_value("x", 7))
def value_editor(hand: Hand) -> Steps:
    hand.window.selection.select(["x"])
    hand.key(Key.Key_Return)
    yield lambda: hand.editor.isVisible()
    QTest.keyClicks(hand.editor, "7")
    yield lambda: hand.editor.text() == "7"


@thing()
def value_editor_with_nonsense(hand: Hand) -> Steps:
    QTest.mouseClick(hand.viewport, LEFT, NONE, value_spot(hand.window.canvas, "x"))
    yield lambda: hand.editor.isVisible()
    QTest.keyClicks(hand.editor, "seven")
    yield lambda: hand.editor.text() == "seven"


@thing(typed=lambda graph: any(node.name == "renamed" for node in graph.nodes.values()))
def name_editor(hand: Hand) -> Steps:
    hand.window.selection.select(["q"])
    hand.key(Key.Key_F2)
    yield lambda: hand.editor.isVisible()
    QTest.keyClicks(hand.editor, "renamed")
    yield lambda: hand.editor.text() == "renamed"


@thing(typed=_value("x", 9))
def inspector_field(hand: Hand) -> Steps:
    hand.window.selection.select(["x"])
    yield lambda: _field(hand, "-2") is not None
    line = _field(hand, "-2")
    assert line is not None
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "9")
    yield lambda: line.text() == "9"


def _field(hand: Hand, text: str) -> QLineEdit | None:
    lines = [line for line in hand.window.findChildren(QLineEdit) if line.isVisible() and line is not hand.editor]
    return next((line for line in lines if line.text().replace("−", "-") == text), None)


# --- dialogs


def _has_the_keyboard(kind: str) -> bool:
    """Whether a dialog is open, and the window manager has made it the active window: nobody types into it before."""
    over = QApplication.activeModalWidget()
    return over is not None and type(over).__name__ == kind and over.isActiveWindow()


def _dialog(name: str, action: str, kind: str) -> None:
    def opening(hand: Hand) -> Steps:
        hand.soon(hand.action(action).trigger)
        yield lambda: _has_the_keyboard(kind)

    THINGS[name] = Thing(name, opening)


_dialog("dialog open", "open", "QFileDialog")
_dialog("dialog save as", "save_as", "QFileDialog")
_dialog("dialog export code", "export_numpy", "QFileDialog")
_dialog("dialog export picture", "export_picture", "ExportDialog")
_dialog("dialog expression", "expression", "ExpressionDialog")
_dialog("dialog shortcuts", "shortcuts", "HelpDialog")
_dialog("dialog about", "about", "HelpDialog")
_dialog("command palette", "commands", "CommandPalette")
_dialog("question about unsaved work", "close", "QMessageBox")
_dialog("question about reverting", "revert", "QMessageBox")


@thing()
def expression_being_typed(hand: Hand) -> Steps:
    yield from THINGS["dialog expression"].opening(hand)
    QTest.keyClicks(QApplication.focusWidget(), "a*b")
    yield lambda: True


@thing()
def command_being_typed(hand: Hand) -> Steps:
    yield from THINGS["command palette"].opening(hand)
    QTest.keyClicks(QApplication.focusWidget(), "und")
    yield lambda: True


@thing()
def dialog_over_a_dialog(hand: Hand) -> Steps:
    yield from THINGS["dialog export picture"].opening(hand)
    dialog = QApplication.activeModalWidget()
    hand.soon(dialog.export.click)
    yield lambda: _has_the_keyboard("QFileDialog")


@thing()
def check_dialog(hand: Hand) -> Steps:
    hand.soon(hand.action("check").trigger)
    yield lambda: any(type(w).__name__ == "CheckDialog" and w.isVisible() for w in QApplication.topLevelWidgets())


@thing(lost=True)
def question_about_recovery(hand: Hand) -> Steps:
    yield lambda: type(QApplication.activeModalWidget()).__name__ == "QMessageBox"


# --- menus and what pops up


@thing()
def menu(hand: Hand) -> Steps:
    bar = hand.window.menuBar()
    bar.setActiveAction(bar.actions()[0])
    yield lambda: isinstance(QApplication.activePopupWidget(), QMenu)


@thing()
def menu_in_a_menu(hand: Hand) -> Steps:
    yield from menu(hand)
    top = QApplication.activePopupWidget()
    assert isinstance(top, QMenu)
    top.setActiveAction(next(action for action in top.actions() if action.menu() and action.text() == "Export"))
    QTest.keyClick(top, Key.Key_Right)
    yield lambda: QApplication.activePopupWidget() not in (None, top)


@thing()
def context_menu(hand: Hand) -> Steps:
    hand.context_menu("q")
    yield lambda: isinstance(QApplication.activePopupWidget(), QMenu)


@thing()
def menu_of_a_panel(hand: Hand) -> Steps:
    hand.window.selection.select(["x"])
    yield lambda: any(button.text() == "Fill" and button.isVisible() for button in _buttons(hand))
    hand.soon(next(button for button in _buttons(hand) if button.text() == "Fill").click)
    yield lambda: isinstance(QApplication.activePopupWidget(), QMenu)


def _buttons(hand: Hand) -> list[QAbstractButton]:
    return hand.window.findChildren(QAbstractButton)


@thing()
def choice_in_a_dialog(hand: Hand) -> Steps:
    yield from THINGS["dialog export picture"].opening(hand)
    hand.soon(QApplication.activeModalWidget().kind.showPopup)
    yield lambda: QApplication.activePopupWidget() is not None


@thing()
def completer(hand: Hand) -> Steps:
    yield from THINGS["dialog open"].opening(hand)
    line = QApplication.activeModalWidget().findChild(QLineEdit, "fileNameEdit")

    def offers() -> bool:
        """What is typed before the folder is read completes nothing: then it is typed again."""
        if any(type(w) is QListView and w.isVisible() for w in QApplication.topLevelWidgets()):
            return True
        line.clear()
        QTest.keyClicks(line, "wor")
        return False

    yield offers


@thing()
def context_menu_by_keys(hand: Hand) -> Steps:
    hand.window.selection.select(["q"])
    hand.key(Key.Key_Menu)
    yield lambda: isinstance(QApplication.activePopupWidget(), QMenu)


@thing()
def quick_add(hand: Hand) -> Steps:
    hand.window.selection.select(["x"])
    QTest.keyClicks(hand.window.canvas, "t")
    yield lambda: hand.window.canvas.quick_add.isVisible()
    QTest.keyClicks(QApplication.focusWidget(), "an")
    yield lambda: hand.window.canvas.quick_add.field.text() == "tan"


@thing()
def finder(hand: Hand) -> Steps:
    hand.key(Key.Key_F, CTRL)
    yield lambda: hand.window.canvas.finder.isVisible()
    QTest.keyClicks(QApplication.focusWidget(), "input")
    yield lambda: bool(hand.window.canvas.finder.count.text())


@thing()
def copied_nodes(hand: Hand) -> Steps:
    """What Python has put on the clipboard is not to be there when Python ends."""
    hand.window.selection.select(["q"])
    hand.key(Key.Key_C, CTRL)
    yield lambda: len(QApplication.clipboard().mimeData().formats()) == 2


@thing()
def speed_menu(hand: Hand) -> Steps:
    button = hand.named(QAbstractButton, "Speed")
    hand.soon(button.click)
    yield lambda: isinstance(QApplication.activePopupWidget(), QMenu)


@thing()
def tooltip(hand: Hand) -> Steps:
    spot = hand.at(40, 60)
    QToolTip.showText(hand.viewport.mapToGlobal(spot), "an input", hand.viewport)
    yield QToolTip.isVisible


# --- what moves


@thing()
def animation(hand: Hand) -> Steps:
    hand.action("play").trigger()
    yield lambda: hand.window.bridge.player.moving


@thing()
def animation_in_a_loop_with_an_editor(hand: Hand) -> Steps:
    hand.action("loop").trigger()
    yield from animation(hand)
    yield from value_editor(hand)


@thing(example="train-xor", typed=lambda graph: bool(graph.facts.get("training")))
def training(hand: Hand) -> Steps:
    yield from _training_panel(hand)
    hand.window.training.start.click()
    yield lambda: hand.window.training.run.state is RunState.RUNNING and hand.window.training.run.shown > 0


@thing()
def glide(hand: Hand) -> Steps:
    hand.window.canvas.camera.pan(900, 900)
    hand.action("fit").trigger()
    yield lambda: hand.window.canvas.camera.gliding


@thing()
def presentation(hand: Hand) -> Steps:
    hand.action("present").trigger()
    yield lambda: hand.window.presenting


@thing()
def quick_add_in_a_presentation(hand: Hand) -> Steps:
    yield from presentation(hand)
    yield from quick_add(hand)


@thing()
def film_being_written(hand: Hand) -> Steps:
    yield from THINGS["dialog export picture"].opening(hand)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    dialog.kind.setCurrentIndex(dialog.kind.findData("gif"))
    dialog.size_field.setCurrentText("0.5")
    dialog._ask = lambda parent, suggestion, kind: hand.folder / "film.gif"  # the file dialog is tried elsewhere
    dialog.export.click()
    yield lambda: dialog.bar.isVisible() and dialog.bar.value() > 0


# --- what the hand holds


@thing()
def node_in_the_hand(hand: Hand) -> Steps:
    yield from _drag(hand, hand.at(60, 70), QPoint(60, 40))


@thing()
def edge_in_the_hand(hand: Hand) -> Steps:
    from tests.gui.canvas_tools import port_spot

    yield from _drag(hand, port_spot(hand.window.canvas, "x", "out"), QPoint(90, 30))


@thing()
def number_in_the_hand(hand: Hand) -> Steps:
    before = hand.window.bridge.now.graph.nodes["x"].value
    yield from _drag(hand, value_spot(hand.window.canvas, "x"), QPoint(80, 0))
    yield lambda: hand.window.bridge.now.graph.nodes["x"].value != before


@thing()
def cut_under_way(hand: Hand) -> Steps:
    yield from _drag(hand, hand.at(-60, -60), QPoint(200, 150), CTRL)


@thing()
def rubber_band(hand: Hand) -> Steps:
    yield from _drag(hand, hand.at(-60, -60), QPoint(200, 150))


@thing()
def timeline_in_the_hand(hand: Hand) -> Steps:
    track = hand.window.findChild(Track)
    QTest.mousePress(track, LEFT, NONE, QPoint(round(track.x_of(3.0)), track.height() // 2))
    QTest.mouseMove(track, QPoint(round(track.x_of(5.0)), track.height() // 2))
    yield lambda: hand.window.bridge.player.position < 9


@thing(screen=True)
def op_out_of_the_palette(hand: Hand) -> Steps:
    """Its drag has an event loop of its own, and only a real screen has one."""
    (rows,) = hand.window.ops.findChildren(QListView)
    rows.setCurrentIndex(rows.model().index(1, 0))
    level = hand.level
    hand.soon(lambda: rows.startDrag(Qt.DropAction.CopyAction))
    yield lambda: hand.level > level


def _drag(hand: Hand, start: QPoint, by: QPoint, keys: Qt.KeyboardModifier = NONE) -> Steps:
    QTest.mousePress(hand.viewport, LEFT, keys, start)
    for part in range(1, 5):
        QTest.mouseMove(hand.viewport, start + by * part / 4)
    yield lambda: hand.window.canvas.tools.state.busy


def _training_panel(hand: Hand) -> Steps:
    hand.action("train").trigger()
    yield lambda: hand.window.training.isVisible()
