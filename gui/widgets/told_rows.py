"""The rows of a list as things: each says what its model has for screen readers, and is chosen by one deed."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QListView

from gui.widgets.things import FOCUS, PRESS, Deed, Thing


class RowsThing(Thing):
    """A list; `choose` does what a double click on the current row, or Enter, does."""

    role = QAccessible.Role.List

    def __init__(self, view: QListView, choose: Callable[[], object]) -> None:
        self.view, self.choose = view, choose

    def keys(self) -> range:
        return range(self.view.model().rowCount())

    def part(self, key: object) -> Thing:
        assert isinstance(key, int)
        return RowThing(self, key)

    def focused(self) -> int | None:
        row = self.view.currentIndex().row()
        return row if row >= 0 else None

    def at(self, spot: QPoint) -> int | None:
        row = self.view.indexAt(self.view.viewport().mapFromGlobal(spot)).row()
        return row if row >= 0 else None

    def deeds(self) -> tuple[Deed, ...]:
        return (Deed(FOCUS, "Take the keys here", self.view.setFocus),)


class RowThing(Thing):
    """A row, or a heading between rows, with which nothing can be done."""

    def __init__(self, rows: RowsThing, row: int) -> None:
        self._rows, self.key, self._row = rows, row, row

    @property
    def _index(self) -> QModelIndex | QPersistentModelIndex:
        return self._rows.view.model().index(self._row, 0)

    @property
    def is_there(self) -> bool:
        return self._row < self._rows.view.model().rowCount()

    @property
    def _can_be_chosen(self) -> bool:
        return bool(self._index.flags() & Qt.ItemFlag.ItemIsSelectable)

    @property
    def role(self) -> QAccessible.Role:  # type: ignore[override]  # the row may be another one by now
        chosen = self.is_there and self._can_be_chosen
        return QAccessible.Role.ListItem if chosen else QAccessible.Role.Heading

    def name(self) -> str:
        said = self._index.data(Qt.ItemDataRole.AccessibleTextRole)
        return str(said or self._index.data() or "")

    def box(self) -> QRect:
        box = self._rows.view.visualRect(self._index)
        return QRect(self._rows.view.viewport().mapToGlobal(box.topLeft()), box.size())

    def mark(self, state: QAccessible.State) -> None:
        current = self._rows.view.currentIndex() == self._index
        state.focusable = state.selectable = self._can_be_chosen
        state.selected = current
        state.focused = current and self._rows.view.hasFocus()

    def deeds(self) -> tuple[Deed, ...]:
        if not self._can_be_chosen:
            return ()
        return (Deed(PRESS, "Take this", self._take), Deed(FOCUS, "Go to this row", self._go))

    def _go(self) -> None:
        self._rows.view.setCurrentIndex(self._index)
        self._rows.view.setFocus()

    def _take(self) -> None:
        self._rows.view.setCurrentIndex(self._index)
        self._rows.choose()
