"""What the Edit and Graph menus do: copy and cut, selecting, arranging; in a text field they are about its text."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from engine import edits
from gui.canvas.view import CanvasView
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.widgets.keys import text_field


class EditActions(QObject):
    """Edits that concern the selection as a whole."""

    def __init__(self, bridge: Bridge, selection: Selection, canvas: CanvasView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._selection, self._canvas = bridge, selection, canvas

    def undo(self) -> None:
        self._canvas.tools.cancel()
        self._canvas.selected.show_effect(self._selection.travel(self._bridge.undo))

    def redo(self) -> None:
        self._canvas.tools.cancel()
        self._canvas.selected.show_effect(self._selection.travel(self._bridge.redo))

    def copy(self) -> None:
        if field := text_field():
            field.copy()
        elif self._selection.nodes:
            QGuiApplication.clipboard().setText(self._canvas.selected.text())

    def cut(self) -> None:
        if field := text_field():
            field.cut()
        elif self._selection.nodes:
            self.copy()
            self._canvas.selected.delete()

    def select_all(self) -> None:
        field = text_field()
        if field is None:
            self._canvas.selected.all()
        else:
            field.selectAll()

    def make_target(self) -> None:
        (id,) = self._selection.nodes
        self._bridge.edit(lambda graph: edits.set_target(graph, id))

    def arrange(self) -> None:
        self._canvas.tools.cancel()
        self._bridge.edit(edits.arrange_nodes)
        self._canvas.camera.fit_all()
