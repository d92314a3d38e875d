"""An array: its shape, its smallest, mean and largest element, and all of them in a grid."""

from __future__ import annotations

from collections.abc import Callable
from math import nan

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QHBoxLayout, QWidget

from engine import edits
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.values.literal import parse_block, parse_number
from engine.values.steps import Stepping, can_step
from engine.values.values import Value, number_text, shape_text
from gui.document.bridge import Bridge
from gui.document.live import LiveEdit
from gui.document.pending import TypedText
from gui.look.guard import guarded_filter
from gui.panels.inspector.cell_editor import CellEditor
from gui.widgets.boxes import bring_in_sight, column
from gui.widgets.fields import NoWheelSpinBox
from gui.widgets.flow import Flow
from gui.widgets.labels import Row, label
from gui.widgets.number_grid import ArrayGrid, ArrayModel
from gui.widgets.scrub import NumberDrag


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
        self._cell.closeEditor.connect(self._on_closed)
        self._grid.pasted.connect(self._paste)
        self._grid.selectionModel().currentChanged.connect(self._on_current)
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
        low, mean, high = (number_text(v) for v in (array.min(), _mean(array), array.max()))
        self._range.setText(f"min {low}, mean {mean}, max {high}")
        if self._cell.text is None:
            self._say("")
        for axis, spin in enumerate(self._slices):
            spin.setRange(0, array.shape[axis] - 1)
        self._show_slice()

    def _make_slices(self, count: int) -> None:
        while (item := self._slice_bar.takeAt(0)) is not None:
            if (bar := item.widget()) is not None:
                bar.hide()
                bar.deleteLater()
        self._slices = []
        for axis in range(count):
            spin = NoWheelSpinBox()
            spin.lineEdit().setTextMargins(6, 0, 0, 0)  # the style sheet's padding does not reach it
            spin.setPrefix(f"axis {axis}: ")
            spin.setAccessibleName(f"Slice of axis {axis}")
            spin.valueChanged.connect(self._show_slice)
            spin.lineEdit().returnPressed.connect(self._bridge.pending.finished)
            self._slices.append(spin)
        if self._slices:
            self._slice_bar.addWidget(Flow(8, 8, *self._slices))

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
        self._say(self._bridge.try_edit(self._edit(row, column, number)))

    def _on_closed(self, line: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """With what was typed goes the sentence about it."""
        if hint == QAbstractItemDelegate.EndEditHint.RevertModelCache:
            self._say("")

    def _on_current(self, *_: object) -> None:
        """What was said of another cell is over, unless that is still typed into."""
        if self._cell.text is None:
            self._say("")

    # --- what is pasted

    def _paste(self, text: str) -> None:
        """All of a block is written, as one edit, or none of it."""
        self._bridge.pending.commit()
        (top, left), rows, columns = self._grid.place, self._model.rowCount(), self._model.columnCount()
        try:
            block = parse_block(text)
            if self._array.ndim == 1 and block.shape[1] == 1:
                block = block.T  # a column of a spreadsheet: a vector has no direction
            down, across = block.shape
            if top + down > rows or left + across > columns:
                here = f"{rows - top}×{columns - left}"
                sizes = f"{down}×{across} numbers do not fit"
                raise ValueError(f"{sizes}: from this cell on there is room for {here}.")
        except ValueError as error:
            self._say(str(error))
            return
        array = np.array(self._array)
        np.atleast_2d(array[self._place()])[top : top + down, left : left + across] = block
        id = self._id
        self._say(self._bridge.try_edit(lambda graph: edits.set_value(graph, id, array)))
        first, last = self._model.index(top, left), self._model.index(top + down - 1, left + across - 1)
        self._grid.selectionModel().select(
            QItemSelection(first, last), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def _say(self, sentence: str) -> None:
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))
        if sentence:
            bring_in_sight(self._refusal)


def _mean(array: NDArray[np.float64]) -> float:
    """The mean, of which rounding noise reads as 0: that of a scaled feature was −7.4e−17."""
    mean = float(array.mean())
    return 0.0 if abs(mean) <= array.size * np.finfo(np.float64).eps * float(np.abs(array).max()) else mean
