"""The keys of the canvas, in one table: which they are, what they do, and the words for the list of shortcuts."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QApplication

from engine.layout.layout import GRID
from gui.canvas.desk import Desk
from gui.canvas.folds import Folds
from gui.canvas.gestures.choosing import ARROWS
from gui.canvas.selected import Selected
from gui.canvas.selecting import Selecting
from gui.canvas.tools import Tools
from gui.canvas.walker import Walker

Key = Qt.Key
ENTER = frozenset({Key.Key_Return, Key.Key_Enter})
NUDGE, FAR_NUDGE = GRID, 24.0
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_BY_KEY = QContextMenuEvent.Reason.Keyboard
PLAIN, CONTROL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
_WITH_HAND = frozenset({Key.Key_Escape, Key.Key_Space})
_HELD = CONTROL | ALT | Qt.KeyboardModifier.MetaModifier


class Keyboard:
    """What the keys of the table reach. Each `do` says whether the key was the canvas's."""

    def __init__(
        self, desk: Desk, tools: Tools, walker: Walker, selected: Selected, selecting: Selecting, folds: Folds
    ) -> None:
        self.desk, self.tools, self.walker = desk, tools, walker
        self.selected, self.selecting, self.folds = selected, selecting, folds

    # --- Qt's events

    def keeps(self, event: QKeyEvent) -> bool:
        """Whether the canvas needs a key, so that no shortcut may take it."""
        row = _row(event)
        return self.tools.state.keeps(event) or (row is not None and row.kept(self, event))

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key says. Gives whether it was one of the canvas's."""
        if self.tools.press_key(event):
            return True
        row = _row(event)
        if row is not None and self.tools.hand is not None and event.key() not in _WITH_HAND:
            return True  # what is in the hand comes first
        if row is None and not self.tools.state.busy and (sign := typed_sign(event)):
            self.desk.quick_add(text=sign)
            return True
        return row is not None and row.do(self, event) is not False

    def release(self, event: QKeyEvent) -> bool:
        """Space that was not used for a drag plays or pauses."""
        if event.key() != Key.Key_Space:
            return False
        if not event.isAutoRepeat():
            if self.tools.space.release(event.timestamp()):
                self.desk.bridge.player.toggle()
            self.tools.show_cursor()
        return True

    # --- what needs more than a word

    def nudge(self, event: QKeyEvent) -> None:
        """The arrows alone step through the passes: they never move a node."""
        dx, dy = ARROWS[Key(event.key())]
        step = FAR_NUDGE if event.modifiers() & _SHIFT else NUDGE
        self.selected.nudge(dx * step, dy * step)

    def hold_space(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self.tools.space.press(event.timestamp())
            self.tools.show_cursor()

    def open_menu(self, event: QKeyEvent) -> None:
        """Where the system does not make a request for a menu of this key, it is made here."""
        surface = self.desk.camera.view.viewport()
        middle = surface.rect().center()
        QApplication.sendEvent(surface, QContextMenuEvent(_BY_KEY, middle, surface.mapToGlobal(middle)))

    def escape(self) -> None:
        """First what the hand is doing, then the selection, then the look into a group."""
        if self.walker.escape():
            return
        if self.desk.selection.nodes or self.desk.selection.edges or not self.folds.go_back():
            self.desk.selection.select()


@dataclass(frozen=True)
class KeyRow:
    """Some keys, with Ctrl, with Alt or with neither; and so with Shift, unless another row has them with Shift.

    `kept` says when no shortcut of the window may take them.
    """

    title: str  # the keys, as the list of shortcuts names them
    words: str  # what they do
    keys: frozenset[Qt.Key]
    do: Callable[[Keyboard, QKeyEvent], object]
    held: Qt.KeyboardModifier = PLAIN
    kept: Callable[[Keyboard, QKeyEvent], bool] = lambda keyboard, event: False


KEYS = (
    KeyRow("Enter", "Type the value of the selected leaf; at any other node or port, draw an edge from there",
           ENTER, lambda k, event: k.walker.enter()),
    KeyRow("Ctrl+Enter", "Draw an edge from the selected node: arrow keys choose a port, Enter connects, Esc stops",
           ENTER, lambda k, event: k.walker.begin(), CONTROL, kept=lambda k, event: True),
    KeyRow("Menu", "Open the menu of what is selected, or of the port where the keys are", frozenset({Key.Key_Menu}),
           Keyboard.open_menu),
    KeyRow("Shift+F10", "Open the same menu", frozenset({Key.Key_F10}), Keyboard.open_menu, _SHIFT),
    KeyRow("F1", "Look up what the selected node computes: formula, derivatives, curve", frozenset({Key.Key_F1}),
           lambda k, event: k.desk.look_up(), kept=lambda k, event: len(k.desk.selection.nodes) == 1),
    KeyRow("F2", "Rename the selected node, group or region, or edit the note", frozenset({Key.Key_F2}),
           lambda k, event: k.selected.rename()),
    KeyRow("F7", "Open the selected group, or fold the group that the selected nodes are in", frozenset({Key.Key_F7}),
           lambda k, event: k.folds.toggle()),
    KeyRow("F8", "Look into the selected group; Esc leads back", frozenset({Key.Key_F8}),
           lambda k, event: k.folds.look_into_chosen()),
    KeyRow("Alt+arrow keys", "Move the selected nodes; farther with Shift", frozenset(ARROWS),
           Keyboard.nudge, ALT, kept=lambda k, event: True),
    KeyRow("Ctrl+Shift+arrow keys", "Move the selected nodes far, where the desktop keeps Shift+Alt for itself",
           frozenset(ARROWS), Keyboard.nudge, CONTROL | _SHIFT, kept=lambda k, event: True),
    KeyRow("Ctrl+arrow keys", "Walk along the edges, from nodes to ports and on; ↑ and ↓ choose among several",
           frozenset(ARROWS), lambda k, event: k.walker.walk(*ARROWS[Key(event.key())]), CONTROL,
           kept=lambda k, event: True),
    KeyRow("Ctrl+Home", "Go to the first leaf", frozenset({Key.Key_Home}),
           lambda k, event: k.walker.to_first_leaf(), CONTROL, kept=lambda k, event: True),
    KeyRow("Ctrl+End", "Go to the target", frozenset({Key.Key_End}),
           lambda k, event: k.walker.to_target(), CONTROL, kept=lambda k, event: True),
    KeyRow("Ctrl+A", "Select everything", frozenset({Key.Key_A}), lambda k, event: k.selecting.all(), CONTROL),
    KeyRow("Delete, Backspace", "Delete what is selected", frozenset({Key.Key_Delete, Key.Key_Backspace}),
           lambda k, event: k.selected.delete()),
    KeyRow("Esc", "Cancel what the mouse is doing, or else clear the selection", frozenset({Key.Key_Escape}),
           lambda k, event: k.escape(), kept=lambda k, event: k.tools.state.busy),
    KeyRow("Space", "Play or pause; hold it and drag to move the view", frozenset({Key.Key_Space}),
           Keyboard.hold_space, kept=lambda k, event: not event.modifiers()),
)  # fmt: skip
_ROWS = {(key, row.held): row for row in KEYS for key in row.keys}


def typed_sign(event: QKeyEvent) -> str:
    """The sign that a key types, if it is one that a name, a number or an expression may begin with; else nothing.

    AltGr is Ctrl and Alt on some systems.
    """
    text, held = event.text(), event.modifiers() & _HELD
    types = text.isprintable() and not text.isspace()
    return text if types and held in (PLAIN, CONTROL | ALT) else ""


def _row(event: QKeyEvent) -> KeyRow | None:
    key, held = Key(event.key()), event.modifiers() & _HELD
    if key == Key.Key_Escape:
        held = PLAIN  # what Ctrl or Alt means to a gesture is dropped with it
    return _ROWS.get((key, held | event.modifiers() & _SHIFT)) or _ROWS.get((key, held))
