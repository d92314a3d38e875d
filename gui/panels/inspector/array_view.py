"""An array: its shape, its smallest, mean and largest element, and all of them in a grid."""

from __future__ import annotations

from collections.abc import Callable
from math import nan

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QTableView, QWidget

from engine import edits
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.values.literal import parse_number
from engine.values.steps import Stepping, can_step
from engine.values.values import Value, exact_text, number_text, shape_text
from gui.document.bridge import Bridge
from gui.document.live import LiveEdit
from gui.document.pending import TypedText
from gui.look.guard import guarded_filter
from gui.look.text_size import keep_scaled, scaled
from gui.panels.inspector.cell_editor import CellEditor
from gui.widgets.boxes import column
from gui.widgets.fields import NoWheelSpinBox
from gui.widgets.labels import Row, label
from gui.widgets.scrub import NumberDrag

Index = QModelIndex | QPersistentModelIndex
MOST_ROWS, ROW_HEIGHT = 8, 26  # as high as the grid grows before it scrolls


class ArrayView(QWidget):
    """A leaf's elements can be typed over. Of more than two dimensions, spin boxes choose the slice."""

    typed = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._id, self._array = "", np.zeros(0)
        self._shape, self._range = Row("shape"), label("", "soft", wraps=True)
        self._model = ArrayModel()
        self._grid = ArrayGrid("Elements", self._model)
        self._model.typed.connect(self._set_element)
        self._cell = CellEditor(self._grid)
        self._cell.refused.connect(self._say)
        self._cell.typed.connect(self.typed)
        self._grid.setItemDelegate(self._cell)
        self._refusal = label("", "error", wraps=True)
        self._drag = NumberDrag(self)
        self._dragged, self._live = (0, 0), LiveEdit(bridge)
        self._drag.begun.connect(self._begin_drag)
        self._drag.moved.connect(lambda number: self._live.make(self._edit(*self._dragged, number)))
        self._drag.ended.connect(lambda: self._live.finish())
        self._drag.taken_back.connect(lambda: self._live.take_back())
        self._grid.viewport().installEventFilter(self)
        self._slices, self._slice_bar = list[NoWheelSpinBox](), QHBoxLayout()
        column(self, 8, self._shape, self._range, self._slice_bar, self._grid, self._refusal)
        bridge.pending.watch(self)

    def show_array(self, id: str, value: Value, editable: bool) -> None:
        """Show the elements of a node's value."""
        array = np.asarray(value)
        if id != self._id or array.ndim != self._array.ndim:
            self.drop()
            self._id = id
            self._make_slices(array.ndim - 2)
        self._array, self._model.editable = array, editable
        cursor = Qt.CursorShape.SizeHorCursor if editable else Qt.CursorShape.ArrowCursor
        self._grid.viewport().setCursor(cursor)
        self._shape.show_text(shape_text(array.shape))
        low, mean, high = (number_text(v) for v in (array.min(), array.mean(), array.max()))
        self._range.setText(f"min {low}, mean {mean}, max {high}")
        if self._cell.text is None:
            self._say("")
        for axis, spin in enumerate(self._slices):
            spin.setRange(0, array.shape[axis] - 1)
        self._show_slice()

    def _make_slices(self, count: int) -> None:
        for spin in self._slices:
            spin.deleteLater()
        self._slices = []
        for axis in range(count):
            spin = NoWheelSpinBox()
            spin.lineEdit().setTextMargins(6, 0, 0, 0)  # the style sheet's padding does not reach it
            spin.setPrefix(f"axis {axis}: ")
            spin.setAccessibleName(f"Slice of axis {axis}")
            spin.valueChanged.connect(self._show_slice)
            spin.lineEdit().returnPressed.connect(self._bridge.pending.finished)
            self._slices.append(spin)
            self._slice_bar.addWidget(spin)

    def _place(self) -> tuple[int, ...]:
        return tuple(spin.value() for spin in self._slices)

    def _show_slice(self) -> None:
        self._model.show_grid(np.atleast_2d(self._array[self._place()]))

    # --- an element is dragged

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A sideways drag on a cell changes its number; a click chooses the cell, a double click types."""
        if isinstance(event, QMouseEvent) and self._model.editable:
            if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
                self._press_cell(event)
            elif event.type() == QEvent.Type.MouseMove:
                self._drag.move(event)
                return self._drag.going
            elif event.type() == QEvent.Type.MouseButtonRelease:
                self._drag.release()
        return super().eventFilter(watched, event)

    def _press_cell(self, event: QMouseEvent) -> None:
        index = self._grid.indexAt(event.position().toPoint())
        number = self._model.number(index) if index.isValid() else nan
        if can_step(number):
            self._dragged = index.row(), index.column()
            self._drag.press(Stepping.of(number), event)

    def _begin_drag(self) -> None:
        self._bridge.pending.commit()
        self._live = LiveEdit(self._bridge)

    # --- what is typed

    @property
    def pending_text(self) -> TypedText | None:
        text, node = self._cell.text, self._bridge.now.graph.nodes.get(self._id)
        if text is None or node is None:
            return None
        what, cell = f"Element of {node.name}", (self._cell.row, self._cell.column)
        try:
            return TypedText(what, text, self._edit(*cell, parse_number(text)))
        except ValueError:
            return TypedText(what, text)

    def commit(self) -> bool:
        """Take what is typed over an element, and close the field."""
        line = self._cell.line
        if line is not None and not self._cell.is_readable:
            self.setFocusProxy(line)
            return False
        self._cell.close_line(taking=True)
        return True

    def drop(self) -> None:
        """Close the field and forget what was typed."""
        self._cell.close_line(taking=False)
        self._say("")

    def _edit(self, row: int, column: int, number: float) -> Callable[[Graph], Change]:
        id, array = self._id, np.array(self._array)
        place = (*self._place(), column) if array.ndim == 1 else (*self._place(), row, column)
        array[place] = number
        return lambda graph: edits.set_value(graph, id, array)

    def _set_element(self, row: int, column: int, number: float) -> None:
        self._bridge.edit(self._edit(row, column, number))

    def _say(self, sentence: str) -> None:
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))


class ArrayGrid(QTableView):
    """Shows an ArrayModel: as high as its rows are, until it scrolls."""

    def __init__(self, name: str, model: ArrayModel) -> None:
        super().__init__()
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
            return number_text(number)
        if role in (Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole):
            return exact_text(number)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def number(self, index: Index) -> float:
        """The number of a cell."""
        return float(self._grid[index.row(), index.column()])

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return str(section) if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.editable else flags

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        self.typed.emit(index.row(), index.column(), parse_number(str(value)))
        return True
