"""Which cells of tensors are lit, wherever they are seen, and which one was clicked: so panels and canvas agree."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.truth.cells import Cell


class LitCell(NamedTuple):
    """A cell of a node's value or of its gradient."""

    kind: Literal["value", "gradient"]
    node: str
    cell: Cell


class LitCells(QObject):
    """What takes part in the sum that is looked at, and the cell that somebody wants to look at."""

    changed = Signal()
    chosen = Signal(object)  # a LitCell

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lit: frozenset[LitCell] = frozenset()

    def light(self, cells: Iterable[LitCell]) -> None:
        """Light exactly these."""
        lit = frozenset(cells)
        if lit != self.lit:
            self.lit = lit
            self.changed.emit()

    def choose(self, cell: LitCell) -> None:
        """Look at a cell."""
        self.chosen.emit(cell)
