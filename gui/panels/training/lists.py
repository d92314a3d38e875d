"""A training in words and rows: each look at it in a line, and the data with the batch of the last step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QPlainTextEdit

from engine.data.csv import guarded
from engine.data.tables import Dataset
from engine.learn.trainer import Evaluation, Trainer
from engine.show.wording import Wording, worded
from engine.values.values import number_text, portable_text
from gui.document.learning import NONE, Rows
from gui.look.text_size import scaled
from gui.look.theme import mixed, theme
from gui.panels.training.words import percent
from gui.widgets.read_text import ReadText
from gui.widgets.row_table import RowTable

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
SEEN, HELD = "●", "held out"
NO_LOG = "What is seen at each look at the training stands here, line by line."
NO_ROWS = "This graph has no dataset: each step sees all there is."
DIGITS = 4


CONTINUED = "It begins with what the training before has learnt."


def log_lines(trainer: Trainer, goes_on: int = 0) -> list[str]:
    """Each look at the training as a line, and at its end how it went; `goes_on`: from that of a training before."""
    lines = [CONTINUED] if goes_on else []
    lines += [look_said(look) for look in trainer.history.evaluations]
    if trainer.conclusion is not None:
        lines.append(trainer.conclusion.text)
    return lines


def look_said(look: Evaluation) -> str:
    held = "" if look.held_loss is None else f" ({number_text(look.held_loss, DIGITS)} held out)"
    said = f"Step {look.step}: loss {number_text(look.loss, DIGITS)}{held}"
    if look.accuracy is not None:
        held = "" if look.held_accuracy is None else f" ({percent(look.held_accuracy)} held out)"
        said += f", {percent(look.accuracy)} right{held}"
    if look.gradient_norms:
        length = sum(norm * norm for norm in look.gradient_norms.values()) ** 0.5
        said += f", gradient {number_text(length, 3)}"
    return said


class TrainingLog(ReadText):
    """Grows at its end, and stays there unless somebody has scrolled up."""

    def __init__(self) -> None:
        super().__init__()
        self.setUndoRedoEnabled(False)
        self.setPlaceholderText(NO_LOG)
        self.setAccessibleName("Log of the training")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setTabChangesFocus(True)
        self._lines: list[str] = []

    def show_training(self, trainer: Trainer | None, wording: Wording, goes_on: int = 0) -> None:
        """More of it, or another one."""
        lines = [worded(line, wording) for line in log_lines(trainer, goes_on)] if trainer is not None else []
        if lines == self._lines:
            return
        if lines[: len(self._lines)] == self._lines and self._lines:
            self.appendPlainText("\n".join(lines[len(self._lines) :]))
        else:
            self.setPlainText("\n".join(lines))
        self._lines = lines


class DataRows(QAbstractTableModel):
    """The rows of a dataset as they stand in its table; those of the last step are marked."""

    def __init__(self) -> None:
        super().__init__()
        self.data_set: Dataset | None = None
        self._seen: set[int] = set()
        self._held: set[int] = set()

    def show_data(self, data: Dataset | None) -> None:
        if data is not self.data_set:
            self.beginResetModel()
            self.data_set = data
            self._held = set(data.held_out.tolist()) if data is not None else set()
            self.endResetModel()

    def mark(self, rows: Rows) -> None:
        """These were seen last."""
        self._seen = set(rows.tolist())
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if self.data_set is None or parent.isValid() else len(self.data_set.features)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if self.data_set is None or parent.isValid() else len(self.data_set.table.columns) + 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or self.data_set is None:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1)
        table = self.data_set.table
        return ("last step", *table.columns, table.label)[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.data_set is None or not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._said(index.row(), index.column())
        if role == Qt.ItemDataRole.BackgroundRole and index.row() in self._seen:
            return mixed(theme().color("panel"), theme().color("focus"), 0.14)
        return None

    def _said(self, row: int, column: int) -> str:
        if not column:
            return SEEN if row in self._seen else HELD if row in self._held else ""
        return self._held_at(row, column, lambda number: number_text(number, DIGITS))

    def _held_at(self, row: int, column: int, written: Callable[[float], str]) -> str:
        assert self.data_set is not None
        table = self.data_set.table
        if column <= len(table.columns):
            return written(float(table.features[row, column - 1]))
        label = table.labels[row]
        return table.classes[int(label)] if table.classes else written(float(label))

    def whole_row(self, row: int) -> list[str]:
        """What the table holds, with all digits; the mark of the last step is no part of it."""
        return [guarded(self._held_at(row, column, portable_text)) for column in range(1, self.columnCount())]


class DataTable(RowTable):
    """A row that is clicked twice, or chosen with Enter, plays its own pass."""

    chosen = Signal(int)  # counted from 0

    def __init__(self) -> None:
        super().__init__()
        self.rows = DataRows()
        self.setModel(self.rows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Rows of the data")
        self.setToolTip("● marks the rows of the last step. Enter, or a double click: the row's own pass plays")
        self.verticalHeader().setDefaultSectionSize(scaled(22))
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setResizeContentsPrecision(0)  # by the rows that are seen: of thousands the others would take long
        head.setMinimumSectionSize(scaled(48))
        self.activated.connect(lambda index: self.chosen.emit(index.row()))

    def show_data(self, data: Dataset | None, seen: Rows = NONE) -> None:
        is_other = data is not self.rows.data_set
        self.rows.show_data(data)
        self.rows.mark(seen)
        if is_other:
            self.resizeColumnsToContents()  # the names of columns too are read whole
