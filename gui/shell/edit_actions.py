"""What the Edit and Graph menus do: copy and cut, selecting, arranging; in a text field they are about its text."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from engine import edits
from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.graph import Graph
from gui.canvas.view import CanvasView
from gui.document.bridge import Bridge
from gui.document.jobs import Jobs, in_thread
from gui.document.selection import Selection
from gui.widgets.keys import text_field


class EditActions(QObject):
    """Edits that concern the selection as a whole."""

    def __init__(
        self, bridge: Bridge, selection: Selection, canvas: CanvasView, jobs: Jobs, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge, self._selection, self._canvas, self._jobs = bridge, selection, canvas, jobs

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
        """Lay the graph out. A large one takes a while: if it is edited meanwhile, it stays as it is then."""
        self._canvas.tools.cancel()
        graph = self._bridge.now.graph
        work = in_thread(lambda: edits.arrange_nodes(graph))
        self._jobs.begin("Arranging the graph", work, lambda change: self._put(graph, change), self._bridge.refuse)

    def _put(self, graph: Graph, arranged: Change) -> None:
        if self._bridge.now.graph is not graph:
            self._bridge.refuse(EditRefused("The graph was edited while it was being arranged: nothing was moved."))
            return
        self._bridge.edit(lambda _: arranged)
        self._canvas.camera.fit_all()
