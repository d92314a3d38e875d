"""A grid of numbers that is shown straight from an array, and whose cells go to the clipboard and come from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QItemSelectionRange, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QMenu, QTableView

from engine.errors import GradloomError
from engine.values.literal import parse_number
from engine.values.memory import refuse_long_text
from engine.values.values import MINUS, counted, exact_text, number_text, portable_text
from gui.look.text_size import keep_scaled, scaled

Index = QModelIndex | QPersistentModelIndex
MOST_ROWS, ROW_HEIGHT = 8, 26  # as high as the grid grows before it scrolls
MOST_SIGNS = 8  # that a column of the usual width has room for; of minus signs, which are wide, one


class ArrayGrid(QTableView):
    """Shows an ArrayModel: as high as its rows are, until it scrolls. What is selected can be copied, as rows of text.

    Where the numbers can be typed over, a block of them can be pasted: whoever shows the grid hears `pasted`.
    """

    pasted = Signal(str)  # a text that is to go to the cells from `place` on

    def __init__(self, name: str, model: ArrayModel) -> None:
        super().__init__()
        self._numbers = model
        self.setModel(model)
        self.setAccessibleName(name)
        self.setTabKeyNavigation(False)
        model.modelReset.connect(self._fit)
        keep_scaled(self, self._fit)

    def _fit(self) -> None:
        self.horizontalHeader().setDefaultSectionSize(scaled(72))
        self.verticalHeader().setDefaultSectionSize(scaled(ROW_HEIGHT))
        rows = min(self.model().rowCount(), MOST_ROWS)
        self.setFixedHeight(scaled(ROW_HEIGHT) * rows + self.horizontalHeader().sizeHint().height() + 16)

    # --- the clipboard

    @property
    def place(self) -> tuple[int, int]:
        """The first row and the first column of what is selected, or the current cell; (0, 0) where there is none."""
        blocks = self._blocks()
        if not blocks:
            return max(self.currentIndex().row(), 0), max(self.currentIndex().column(), 0)
        return min(block.top() for block in blocks), min(block.left() for block in blocks)

    def _blocks(self) -> list[QItemSelectionRange]:
        """What is selected; nothing: the current cell."""
        selection, here = self.selectionModel().selection(), self.currentIndex()
        chosen = [selection.at(number) for number in range(selection.count())]
        return chosen or ([QItemSelectionRange(here)] if here.isValid() else [])

    def copy(self) -> str:
        """Put what is selected on the clipboard: rows of numbers with all their digits, with tabs between them, as
        spreadsheets read them. What lies between is empty. Gives a sentence about it."""
        blocks, (top, left) = self._blocks(), self.place
        if not blocks:
            return "Nothing was copied: no cell is selected."
        down = max(block.bottom() for block in blocks) - top + 1
        across = max(block.right() for block in blocks) - left + 1
        taken = np.zeros((down, across), dtype=bool)
        for block in blocks:
            taken[block.top() - top : block.bottom() - top + 1, block.left() - left : block.right() - left + 1] = True
        count = int(taken.sum())
        try:
            refuse_long_text(count)
        except GradloomError as error:
            return f"Nothing was copied: {error.sentence}."
        part = self._numbers.part(top, left, down, across)
        rows = ["\t".join(map(portable_text, row)) for row in part] if taken.all() else _with_gaps(part, taken)
        QGuiApplication.clipboard().setText("\n".join(rows))
        return f"Copied {counted(count, 'number')}."

    def paste(self) -> str:
        """Write the block of numbers that is on the clipboard over the cells. Gives a sentence if that cannot be."""
        if not self._numbers.editable:
            return "These numbers are computed: nothing can be pasted over them."
        self.pasted.emit(QGuiApplication.clipboard().text())
        return ""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy", self.copy)
        menu.addAction("Paste", self.paste).setEnabled(self._numbers.editable)
        menu.popup(event.globalPos())


def _in_column(number: float) -> str:
    """As many digits as there is room for: a number that is cut is another number."""
    texts = [number_text(number, digits) for digits in (4, 3, 2, 1)]
    return next((text for text in texts if len(text) + max(text.count(MINUS) - 1, 0) <= MOST_SIGNS), texts[-1])


def _with_gaps(part: NDArray[np.float64], taken: NDArray[np.bool_]) -> list[str]:
    pairs = (zip(numbers, marks, strict=True) for numbers, marks in zip(part, taken, strict=True))
    return ["\t".join(portable_text(number) if mark else "" for number, mark in row) for row in pairs]


class ArrayModel(QAbstractTableModel):
    """A grid of numbers, read straight from the array."""

    typed = Signal(int, int, float)

    def __init__(self) -> None:
        super().__init__()
        self._grid: NDArray[np.float64] = np.zeros((0, 0))
        self.editable = False

    def show_grid(self, grid: NDArray[np.float64]) -> None:
        """Another grid; one of the same size leaves the current cell where it is."""
        if grid.shape == self._grid.shape:
            self._grid = grid
            self.dataChanged.emit(self.index(0, 0), self.index(grid.shape[0] - 1, grid.shape[1] - 1))
            return
        self.beginResetModel()
        self._grid = grid
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._grid.shape[0]

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._grid.shape[1]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        number = self.number(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return _in_column(number)
        if role in (Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole):
            return exact_text(number)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def number(self, index: Index) -> float:
        """The number of a cell."""
        return float(self._grid[index.row(), index.column()])

    def part(self, top: int, left: int, down: int, across: int) -> NDArray[np.float64]:
        """So many rows and columns of the grid from a cell on."""
        return self._grid[top : top + down, left : left + across]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return str(section) if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.editable else flags

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        self.typed.emit(index.row(), index.column(), parse_number(str(value)))
        return True
