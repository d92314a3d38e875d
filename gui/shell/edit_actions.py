"""What the Edit and Graph menus do: copy and cut, selecting, arranging; in a text field or a grid it is about that."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from engine import edits
from engine.graph.change import LARGE, Change
from gui.canvas.view import CanvasView
from gui.document.bridge import Bridge
from gui.document.clipboard import Clipboard
from gui.document.selection import Selection
from gui.widgets.keys import number_grid, row_table, text_field


class EditActions(QObject):
    """Edits that concern the selection as a whole."""

    def __init__(
        self,
        bridge: Bridge,
        selection: Selection,
        canvas: CanvasView,
        clipboard: Clipboard,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._selection, self._canvas, self._clipboard = bridge, selection, canvas, clipboard

    def undo(self) -> None:
        self._bridge.steps.undo(self._travel)

    def redo(self) -> None:
        self._bridge.steps.redo(self._travel)

    def _travel(self, step: Callable[[], Change]) -> None:
        """Undo or redo, and show what that changed."""
        self._canvas.tools.cancel()
        self._canvas.selected.show_effect(self._selection.travel(step))

    def copy(self) -> None:
        if field := text_field():
            field.copy()
        elif grid := number_grid() or row_table():
            self._clipboard.told.emit(grid.copy())
        elif self._selection.nodes or self._selection.asides:
            self._clipboard.copy(self._canvas.selected.text())

    def cut(self) -> None:
        if field := text_field():
            field.cut()
        elif row_table():
            self._clipboard.told.emit("Rows of this table can be copied, not cut.")
        elif number_grid():
            self._clipboard.told.emit("An array has no empty cells: numbers can be copied, not cut.")
        elif self._selection.nodes or self._selection.asides:
            self.copy()
            self._canvas.selected.delete()

    def select_all(self) -> None:
        field = text_field() or number_grid() or row_table()
        if field is None:
            self._canvas.selecting.all()
        else:
            field.selectAll()

    def make_target(self) -> None:
        (id,) = self._selection.nodes
        self._bridge.edit(lambda graph: edits.set_target(graph, id))

    def _show_arranged(self, change: Change) -> None:
        self._canvas.camera.fit_all()
        self._canvas.glide.begin(change)

    def find_groups(self) -> None:
        """Find neurons, layers, losses … in the whole graph or in the group that is looked into, and fold them."""
        self._canvas.tools.cancel()
        aspect, within = self._canvas.camera.aspect(), self._canvas.desk.showing.within
        self._bridge.steps.edit(
            "Finding groups",
            lambda graph: edits.find_groups(graph, within, aspect=aspect),
            LARGE + 1,
            lambda change: self._canvas.camera.fit_all(),
            "The graph was edited while groups were looked for: none was made.",
        )

    def arrange(self) -> None:
        """Lay the graph out. A large one takes a while: if it is edited meanwhile, it stays as it is then."""
        self._canvas.tools.cancel()
        aspect, within = self._canvas.camera.aspect(), self._canvas.desk.showing.within
        self._bridge.steps.edit(
            "Arranging the graph",
            lambda graph: edits.arrange_nodes(graph, aspect=aspect, within=within),
            LARGE + 1,  # few nodes may take long too
            self._show_arranged,
            "The graph was edited while it was being arranged: nothing was moved.",
        )
