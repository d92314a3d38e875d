"""What the Edit and Graph menus do: clipboard, selecting, arranging; in a text field they are about its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from engine import edits
from engine.errors import GradloomError
from engine.graph import Graph
from gui.bridge import Bridge
from gui.keys import text_field
from gui.view_state import ViewState

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class Editing(QObject):
    """Edits that concern the selection as a whole."""

    failed = Signal(object)  # a GradloomError: what was to be pasted is not understood

    def __init__(self, bridge: Bridge, state: ViewState, canvas: CanvasView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._state, self._canvas = bridge, state, canvas

    def undo(self) -> None:
        self._canvas.cancel_gesture()
        self._bridge.undo()

    def redo(self) -> None:
        self._canvas.cancel_gesture()
        self._bridge.redo()

    def copy(self) -> None:
        if field := text_field():
            field.copy()
        elif self._state.nodes:
            QGuiApplication.clipboard().setText(self._canvas.copy_text())

    def cut(self) -> None:
        if field := text_field():
            field.cut()
        elif self._state.nodes:
            self.copy()
            self._canvas.delete_selected()

    def paste(self) -> None:
        """Nodes from a copy, or from an expression as text."""
        if field := text_field():
            field.paste()
            return
        text = QGuiApplication.clipboard().text().strip()
        if not text:
            return
        try:
            fragment = read_fragment(text)
        except GradloomError as error:
            self.failed.emit(error)
            return
        self._canvas.paste(fragment)

    def select_all(self) -> None:
        field = text_field()
        if field is None:
            self._canvas.select_all()
        else:
            field.selectAll()

    def make_target(self) -> None:
        (id,) = self._state.nodes
        self._bridge.edit(lambda graph: edits.set_target(graph, id))

    def arrange(self) -> None:
        from engine.layout import arrange_edit

        self._canvas.cancel_gesture()
        self._bridge.edit(arrange_edit)
        self._canvas.fit_all()


def read_fragment(text: str) -> Graph:
    """The graph that a text from the clipboard stands for. Raises FileError or TextError."""
    from engine import codec, expression

    return codec.decode(text) if text.startswith("{") else expression.parse(text)
