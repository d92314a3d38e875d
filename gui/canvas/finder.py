"""Ctrl+F: finds nodes by name, operation or value. All that fit light up; Enter goes from one to the next."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame

from engine.graph.search import find_nodes
from engine.show.now import Now
from gui.canvas.desk import Desk
from gui.look.as_is import PlainLabel
from gui.look.guard import guarded_filter
from gui.look.text_size import keep_scaled, scaled
from gui.widgets.boxes import row
from gui.widgets.fields import TextLine
from gui.widgets.keys import STILL_HERE
from gui.widgets.labels import set_role

FIELD, COUNT, CORNER = 220, 96, 12  # widths of the field and of what is beside it; from the corner of the canvas
_WAYS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FindField(TextLine):
    """Enter and ↓ go on, Shift+Enter and ↑ go back, Esc leaves; all other keys type."""

    gone_on = Signal(int)
    left = Signal(bool)  # whether by Esc

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ENTER:
            self.gone_on.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key in _WAYS:
            self.gone_on.emit(_WAYS[key])
        elif key == Qt.Key.Key_Escape:
            self.left.emit(True)
        else:
            super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STILL_HERE:
            self.left.emit(False)


class Finder(QFrame):
    """Stands in the upper right corner of the canvas. What it has come to is selected, and stays so when it goes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.camera.view)
        self.setObjectName("find-bar")
        self.setAccessibleName("Find a node")
        self._desk = desk
        self._found: list[str] = []
        self._at: str | None = None
        self._covered = 0  # pixels of the canvas, from above, on which something else stands
        self.field = FindField()
        self.field.setPlaceholderText("Name, operation or value")
        self.field.setAccessibleName("Find")
        keep_scaled(self.field, lambda: self.field.setFixedWidth(scaled(FIELD)))
        self.count = PlainLabel()
        keep_scaled(self.count, lambda: self.count.setFixedWidth(scaled(COUNT)))
        set_role(self.count, "soft")
        row(self, 8, self.field, self.count, margins=(8, 8, 8, 8))
        self.hide()
        self.field.textEdited.connect(self._look)
        self.field.gone_on.connect(self._go_on)
        self.field.left.connect(self._leave)
        desk.bridge.told.connect(self._follow)
        desk.camera.view.installEventFilter(self)

    def open(self) -> None:
        """Begin to search, with what was searched last ready to be typed over."""
        if not self._desk.bridge.pending.commit():
            return
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()
        self._light(find_nodes(self._desk.graph, self.field.text()))
        self._say()

    def _leave(self, by_key: bool) -> None:
        if self.isHidden():
            return
        self.hide()
        self._light([])
        self._desk.tell("")
        if by_key:
            self._desk.camera.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what is found

    def _look(self, text: str) -> None:
        self._light(find_nodes(self._desk.graph, text))
        self._go_to(self._found[0] if self._found else None)

    def _go_on(self, way: int) -> None:
        if not self._found:
            self._say()
        elif self._at in self._found:
            self._go_to(self._found[(self._found.index(self._at) + way) % len(self._found)])
        else:
            self._go_to(self._found[0 if way > 0 else -1])

    def _go_to(self, id: str | None) -> None:
        self._at = id
        if id is not None:
            self._desk.selection.select([id])
            self._desk.camera.show_nodes([id])
        self._say()

    def _light(self, found: list[str]) -> None:
        self._found = found
        self._desk.light(found)

    def _say(self) -> None:
        """How many there are, and which one this is: on the bar, in the status bar and to a screen reader."""
        count = len(self._found)
        if not self.field.text().strip():
            shown = said = ""
        elif not count:
            shown, said = "none", "No node fits. Esc leaves."
        elif self._at not in self._found:
            shown, said = f"{count} found", "Enter goes to the first, Esc leaves."
        else:
            node, number = self._desk.graph.nodes[self._at], self._found.index(self._at) + 1
            shown = f"{number} of {count}"
            said = f"{node.name}, {node.op.title}: {shown}. Enter goes on, Shift+Enter back, Esc stays here."
        self.count.setText(shown)
        self.field.setAccessibleDescription(said or "Name, operation or value")
        self._desk.tell(said)

    # --- what happens meanwhile

    def _follow(self, now: Now) -> None:
        if self.isHidden():
            return
        if now.loaded:
            self._leave(True)
        elif now.content_changed:
            self._light(find_nodes(now.graph, self.field.text()))
            self._say()

    def keep_below(self, covered: int) -> None:
        """Stand under what covers so many pixels of the canvas from above."""
        self._covered = covered
        self._place()

    def _place(self) -> None:
        self.adjustSize()
        self.move(max(self._desk.camera.view.width() - self.width() - CORNER, 0), self._covered + CORNER)

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False
