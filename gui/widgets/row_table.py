"""A table whose rows are read: what is selected goes to the clipboard as rows of text."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableView

from engine.errors import GradloomError
from engine.values.memory import refuse_long_text
from engine.values.values import counted


@runtime_checkable
class WholeRows(Protocol):
    """A model that knows more of a row than is seen: numbers with all their digits."""

    def whole_row(self, row: int) -> list[str]:
        """What a row holds, cell by cell."""


class RowTable(QTableView):
    """Rows are selected, with Shift and Ctrl several of them; Copy takes them, and not what is selected elsewhere."""

    copied = Signal(str)  # a sentence about it

    def __init__(self) -> None:
        super().__init__()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def copy(self) -> str:
        """Put the selected rows on the clipboard, with tabs between their cells. Gives a sentence about it."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        if not rows:
            return "Nothing was copied: no row is selected."
        try:
            refuse_long_text(len(rows) * self.model().columnCount())
        except GradloomError as error:
            return f"Nothing was copied: {error.sentence}."
        QGuiApplication.clipboard().setText("\n".join("\t".join(self._texts(row)) for row in rows))
        return f"Copied {counted(len(rows), 'row')}."

    def _texts(self, row: int) -> list[str]:
        model = self.model()
        if isinstance(model, WholeRows):
            return model.whole_row(row)
        return [str(model.index(row, column).data() or "") for column in range(model.columnCount())]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The key comes here where the window's own Copy has nothing to do: Qt's copies one cell as it is seen."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit(self.copy())
            return
        super().keyPressEvent(event)
