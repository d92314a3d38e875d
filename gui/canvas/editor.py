"""The one floating field of the canvas: a leaf's number, or a node's name, typed in place."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent

from engine import edits
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.session import WAITS
from engine.values.literal import parse_number, parse_value
from engine.values.values import Value, exact_text
from gui.canvas.camera import Camera
from gui.canvas.in_place import in_view, is_left, put_away
from gui.canvas.scene import GraphScene
from gui.document.bridge import Bridge
from gui.document.live import NumberSteps
from gui.document.pending import TypedText
from gui.document.selection import Selection
from gui.look.as_is import PlainLabel
from gui.look.text_size import scaled
from gui.look.theme import BODY, NAME, font
from gui.widgets.fields import TextLine
from gui.widgets.notches import Notches, held_pace, key_way

What = Literal["value", "name"]
LEAST_WIDTH = 96
MOST_TYPED = 200  # elements
WAY_OUT = "Esc leaves it as it was."
HINT = "another value: normal(2, 3)"


class ValueEditor(TextLine):
    """Enter commits, Esc drops, Tab goes on to the next leaf, ↑ and ↓ step the number.

    What cannot be read keeps it open and says why.
    """

    refused = Signal(str)  # why what was typed cannot be
    typed = Signal()

    def __init__(self, bridge: Bridge, selection: Selection, scene: GraphScene, camera: Camera) -> None:
        super().__init__(camera.view.viewport())
        self._bridge, self._selection, self._scene, self._camera = bridge, selection, scene, camera
        self._id, self._what, self._shown = "", "value", ""
        self._steps = NumberSteps(bridge)
        self._notches = Notches()
        self._why = PlainLabel(parent=camera.view.viewport())
        self._why.setWordWrap(True)
        self._why.setFixedWidth(260)
        self._why.setProperty("role", "refusal")
        self._why.hide()
        self.setProperty("role", "typing")
        self.hide()
        self.textEdited.connect(self._why.hide)
        self.textEdited.connect(self.typed)
        bridge.asking.changed.connect(self._on_question)
        bridge.pending.watch(self)

    @property
    def sentence(self) -> str:
        """Why the text cannot be taken; empty while nothing is wrong."""
        return "" if self._why.isHidden() else self._why.text()

    @property
    def editing(self) -> str | None:
        """The node whose value or name is being typed."""
        return None if self.isHidden() else self._id

    def type_name(self, id: str) -> None:
        """Type another name for a node, in its place."""
        if id in self._scene.shown.graph.nodes:
            self._open(id, "name")

    def type_value(self, id: str) -> None:
        """Type another value for a leaf, in its place."""
        node = self._scene.shown.graph.nodes.get(id)
        if node is not None and node.op.holds_value:
            self._selection.select([id])
            self._open(id, "value")

    def _open(self, id: str, what: What) -> None:
        self._camera.bring_in(id)
        node = self._scene.shown.graph.nodes[id]
        self._id, self._what = id, what
        self._show_current(node)
        self.setAccessibleName(f"{what.capitalize()} of {node.name}")
        self.setPlaceholderText("" if self._shown or what == "name" else HINT)
        self.selectAll()
        self.setFont(font(scaled(BODY if what == "value" else NAME), bold=True))
        self.setAlignment(Qt.AlignmentFlag.AlignRight if what == "value" else Qt.AlignmentFlag.AlignLeft)
        self.place()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_current(self, node: Node) -> None:
        text = node.name if self._what == "name" else value_source(node.value)
        if text != self._shown or self.isHidden():
            self._shown = text
            self.setText(text)
            self.selectAll()

    def place(self) -> None:
        """Stand where the number or name is, wherever the view has gone."""
        item = self._scene.node_items.get(self._id)
        if item is None:
            self.drop()
            return
        number = item.value_rect(self._camera.zoom)
        rect = item.name_rect() if self._what == "name" else item.value_rect() if number.isEmpty() else number
        spot = self._camera.view.mapFromScene(rect).boundingRect()
        wide = max(spot.width() + 16, LEAST_WIDTH, self.fontMetrics().horizontalAdvance(self._shown or HINT) + 24)
        box = QRect(0, 0, min(wide, scaled(320)), scaled(28))
        box.moveCenter(spot.center())
        if self._what == "value":
            box.moveRight(spot.right() + 8)
            caption = self._camera.view.mapFromScene(item.caption_rect()).boundingRect()
            if box.intersects(caption):  # half a word would be left of it
                box.setLeft(min(box.left(), caption.left() - 8))
        else:
            box.moveLeft(spot.left() - 8)
        self.setGeometry(in_view(box, spot, self._camera.view.viewport().rect()))
        self._place_sentence()

    def _place_sentence(self) -> None:
        """Below the field, or above it where there is no room."""
        box, room = self.geometry(), self._camera.view.viewport().rect()
        below = box.bottom() + 4
        fits = below + self._why.height() <= room.bottom()
        self._why.move(
            max(min(box.left(), room.right() - self._why.width()), 0),
            below if fits else box.top() - 4 - self._why.height(),
        )

    def follow_change(self) -> None:
        """The graph has changed: stand where the node stands now; where nothing is typed, show what it holds now."""
        if self.isHidden():
            return
        node = self._scene.shown.graph.nodes.get(self._id)
        if node is not None and self.text() == self._shown:
            self._show_current(node)
        self.place()

    @property
    def pending_text(self) -> TypedText | None:
        if self.isHidden() or self.text() == self._shown:
            return None
        try:
            return TypedText(self.accessibleName(), self.text(), self._edit())
        except ValueError:
            return TypedText(self.accessibleName(), self.text())

    def commit(self) -> bool:
        """Make the edit and close; False, and open still, if it cannot be."""
        if self.pending_text is None:
            self.drop()
            return True
        try:
            make = self._edit()
        except ValueError as wrong:
            return self._refuse(str(wrong))
        refused = self._bridge.session.why_not(make)
        if refused is not None:
            return self._refuse(refused.sentence)
        why = self._steps.make(make)
        if why:
            return self._refuse(why)
        self.drop()
        return True

    def _on_question(self) -> None:
        """What was refused because a question was open is not left standing when that is answered."""
        if not self._bridge.asking.is_on and self.sentence.startswith(WAITS):
            self.drop()

    def drop(self) -> None:
        """Close it; what was typed is forgotten."""
        if not self.isHidden():
            self._steps.finish()
            put_away(self, self._camera.view)
            self._why.hide()

    # --- steps

    def _step(self, way: int, held: Qt.KeyboardModifier) -> None:
        """Move the number that stands there, if one does, and the graph with it."""
        try:
            number = self._steps.next(parse_number(self.text()), way, held_pace(held))
        except ValueError:  # a list, an initialiser, a word, ∞: there is no next one
            return
        id = self._id
        self._steps.make(lambda graph: edits.set_value(graph, id, number))
        self._shown = exact_text(number)
        self.setText(self._shown)
        self.selectAll()
        self._why.hide()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = self._notches.take(event)
        if notches and self._what == "value":
            self._step(notches, event.modifiers())
        event.accept()

    def _edit(self) -> Callable[[Graph], Change]:
        id, text = self._id, self.text()
        if self._what == "name" and (card := self._scene.shown.cover.cards.get(id)) is not None:
            return lambda graph: edits.rename_group(graph, card.group, text)
        if self._what == "name":
            return lambda graph: edits.name_node(graph, id, text)
        value = parse_value(text)
        return lambda graph: edits.set_value(graph, id, value)

    def _refuse(self, sentence: str) -> bool:
        self._why.setText(f"{sentence} {WAY_OUT}")
        self._why.adjustSize()
        self._place_sentence()
        self._why.show()
        self._why.raise_()
        self.setAccessibleDescription(sentence)
        self.refused.emit(sentence)
        return False

    def _go_on(self, way: int) -> None:
        """Commit, and open the next leaf's value, or the one before."""
        leaves = [id for id, node in self._scene.shown.graph.nodes.items() if node.op.holds_value]
        here, what = self._id, self._what
        if self.commit() and what == "value" and here in leaves:
            self.type_value(leaves[(leaves.index(here) + way) % len(leaves)])

    # --- keys

    def event(self, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if isinstance(event, QKeyEvent) and pressed and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._go_on(1 if event.key() == Qt.Key.Key_Tab else -1)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._steps.take_back()
            self.drop()
        elif key_way(event) and self._what == "value":
            self._step(key_way(event), event.modifiers())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()
        else:
            super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A click elsewhere commits what can be read. What cannot stays open, with its sentence, until Esc drops it."""
        super().focusOutEvent(event)
        if is_left(self, event):
            self.commit()


def value_source(value: Value | None) -> str:
    """A value as one would type it, with all digits; nothing for one that nobody would type."""
    if value is None or value.size > MOST_TYPED:
        return ""
    return exact_text(float(value)) if value.ndim == 0 else str(value.tolist())
