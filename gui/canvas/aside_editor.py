"""The floating field in which the title of a region or group, or the text of a note, is typed in its place."""

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit

from engine import edits
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.grouping import NOTE_WIDTH
from engine.graph.records import Pos
from engine.layout.group_cards import card_id
from gui.canvas.camera import Camera
from gui.canvas.in_place import in_view, is_left, put_away
from gui.canvas.model.asides import NOTE_LINE, NOTE_PAD
from gui.canvas.paint.asides import rect_of
from gui.canvas.scene import GraphScene
from gui.document.bridge import Bridge
from gui.document.pending import TypedText
from gui.document.selection import AsideKey, Selection
from gui.look.theme import BODY, font

LEAST_WIDE, LEAST_HIGH, LINE_HIGH, LEAST_PIXELS = 180, 60, 28, 11
HOW_NOTE = "Ctrl+Enter or a click elsewhere keeps the text, Esc leaves it as it was."
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class AsideEditor(QPlainTextEdit):
    """Enter keeps a title, Ctrl+Enter a note; Esc leaves either as it was. Text is plain, whatever is pasted."""

    typed = Signal()
    refused = Signal(str)
    told = Signal(str)

    def __init__(self, bridge: Bridge, selection: Selection, scene: GraphScene, camera: Camera) -> None:
        super().__init__(camera.view.viewport())
        self._bridge, self._selection, self._scene, self._camera = bridge, selection, scene, camera
        self._key: AsideKey | None = None  # None: a note that there is not yet
        self._at: Pos = (0.0, 0.0)  # where that is to be
        self._shown = ""
        self._gesture: str | None = None  # of the edit that it goes on with
        self.setProperty("role", "typing")
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hide()
        self.textChanged.connect(self._on_text)
        bridge.pending.watch(self)

    @property
    def editing(self) -> AsideKey | None:
        """What is typed: the aside; of a note that is new, none."""
        return None if self.isHidden() else self._key

    @property
    def is_note(self) -> bool:
        return self._key is None or self._key[0] == "note"

    # --- open and closed

    def type_into(self, key: AsideKey, gesture: str | None = None) -> None:
        """Type the title or text of something; `gesture`: of the edit that made it, so that both are one step."""
        text = self._text_of(key)
        if text is not None:
            self._open(key, text, gesture)

    def _text_of(self, key: AsideKey) -> str | None:
        """What the document says of it; None: it is not there, or not seen."""
        graph = self._bridge.now.graph
        if key[0] == "group":
            seen = key in self._scene.asides.shown or card_id(key[1]) in self._scene.node_items
            return graph.groups[key[1]].title if seen and key[1] in graph.groups else None
        shown = self._scene.asides.shown.get(key)
        return None if shown is None else shown.title

    def type_note(self, at: Pos) -> None:
        """Type a new note at a place of the scene: it is made when there is any text."""
        self._at = at
        self._camera.bring_in_rect(self._box_of_new().adjusted(-NOTE_PAD, -NOTE_PAD, NOTE_PAD, NOTE_PAD))
        self._open(None, "", None)

    def _box_of_new(self) -> QRectF:
        x, y = self._at
        return rect_of((x, y, x + NOTE_WIDTH, y + 2 * NOTE_PAD + NOTE_LINE))

    def _open(self, key: AsideKey | None, text: str, gesture: str | None) -> None:
        self._key, self._shown, self._gesture = key, text, gesture
        wraps = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if self.is_note else QTextOption.WrapMode.NoWrap
        self.setWordWrapMode(wraps)
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if self.is_note else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        what = {"region": "Title of the region", "group": "Name of the group"}.get(key[0] if key else "", "Note")
        self.setAccessibleName(what)
        self.setPlaceholderText("Plain text, of as many lines as you like" if self.is_note else what)
        self.setPlainText(text)
        self.selectAll()
        self.place()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.is_note:
            self.told.emit(HOW_NOTE)

    def place(self) -> None:
        """Stand where the title or the note is, wherever the view has gone."""
        box = self._place_of_text()
        if box is None:
            self.drop()
            return
        zoom, spot = self._camera.zoom, self._camera.view.mapFromScene(box).boundingRect()
        size = max(round(BODY * zoom), LEAST_PIXELS)
        face = font(BODY, bold=not self.is_note)
        face.setPixelSize(size)
        self.setFont(face)
        wide = max(spot.width(), LEAST_WIDE, self._wanted_width())
        high = max(spot.height(), LEAST_HIGH, self._wanted_height()) if self.is_note else max(LINE_HIGH, spot.height())
        room = self._camera.view.viewport().rect()
        self.setGeometry(in_view(QRect(spot.left(), spot.top(), wide, high), spot, room))

    def _place_of_text(self) -> QRectF | None:
        if self._key is None:
            return self._box_of_new()
        shown = self._scene.asides.shown.get(self._key)
        if shown is None:
            card = self._scene.node_items.get(card_id(self._key[1])) if self._key[0] == "group" else None
            return None if card is None else card.name_rect()
        titles = self._scene.asides.titles(self._camera.zoom)
        title = next((title for aside, title in titles if aside.key == self._key), None)
        left, top, right, _ = shown.box
        strip = shown.box if self.is_note else (left, top, right, top + NOTE_LINE)
        return rect_of(strip if title is None else title.box)

    def _wanted_width(self) -> int:
        return 0 if self.is_note else min(self.fontMetrics().horizontalAdvance(self.toPlainText()) + 32, 420)

    def _wanted_height(self) -> int:
        return self.fontMetrics().lineSpacing() * (ceil(self.document().size().height()) + 1) + 12

    def follow_look(self) -> None:
        """The view has gone elsewhere."""
        if not self.isHidden():
            self.place()

    def follow_change(self) -> None:
        """The graph has changed: stand where the thing stands now; without it there is nothing to type."""
        if not self.isHidden():
            text = self._text_of(self._key) if self._key else None
            if text is not None and self.toPlainText() == self._shown != text:
                self._shown = text
                self.setPlainText(text)
            self.place()

    # --- what is typed

    def _on_text(self) -> None:
        if not self.isHidden():
            self.typed.emit()
            self.place()

    def _text(self) -> str:
        return self.toPlainText() if self.is_note else " ".join(self.toPlainText().split())

    @property
    def pending_text(self) -> TypedText | None:
        if self.isHidden() or self._text() == self._shown:
            return None
        return TypedText(self.accessibleName(), self._text(), self._edit())

    def _edit(self) -> Callable[[Graph], Change]:
        key, text, at = self._key, self._text(), self._at
        if key is None:
            return lambda graph: edits.make_note(graph, text, at)
        make = {"region": edits.rename_region, "group": edits.rename_group, "note": edits.edit_note}[key[0]]
        return lambda graph: make(graph, key[1], text)

    def commit(self) -> bool:
        """Keep what is typed and close; False, and open still, if it cannot be. A note without any text is none."""
        if self.pending_text is None:
            self.drop()
            return True
        before, why = set(self._bridge.now.graph.notes), ""
        if self._key is not None or self._text().strip():
            why = self._bridge.try_edit(self._edit(), self._gesture)
        if self._key is None and not why:
            self._selection.select(asides=[("note", id) for id in self._bridge.now.graph.notes if id not in before])
        if why:
            self.refused.emit(why)
            return False
        self.drop()
        return True

    def drop(self) -> None:
        """Close it; what was typed is forgotten."""
        if self.isHidden():
            return
        put_away(self, self._camera.view)
        self._bridge.end_gesture()
        if self._gesture is not None and self._key is not None and self._key[0] == "region":
            self._selection.select(asides=[self._key])  # not before: that would have ended the step
        self.told.emit("")

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.drop()
        elif event.key() in _ENTER and (control or not self.is_note):
            self.commit()
        else:
            super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A click elsewhere keeps what was typed."""
        super().focusOutEvent(event)
        if is_left(self, event):
            self.commit()
