"""The steps as a table: only the rows that are seen are ever made. A click, or the keys, go to a step."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem

from engine.export.trace_table import TraceRow, row_cells, trace_row
from engine.passes.trace import Trace
from engine.show.explain import explain
from engine.show.names import Names
from engine.show.now import Now
from engine.show.readable import exact
from engine.show.wording import Wording, worded
from engine.values.values import exact_text, value_text
from gui.look import measure
from gui.look.as_is import as_is
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import BODY, font, theme, themes
from gui.widgets.labels import sign_role
from gui.widgets.row_table import RowTable

HEADS = ("Step", "Op", "From", "To", "Value", "Upstream", "Local", "Contribution", "Sum")
TIPS = (
    "Which step of the run it is",
    "The operation at work",
    "Forward: what the node is computed from. Backward: the node that sends a contribution",
    "Forward: the node that is computed. Backward: the input that receives the contribution",
    "What the node holds from this step on",
    "The whole gradient of the node that sends",
    "How much the node that sends changes with this input; empty where that is no single factor",
    "What is sent back: upstream times local, where there is a local derivative",
    "The gradient of the node that receives, so far: contributions are added",
)
WIDTHS = (52, 52, 96, 84, 88, 92, 100, 104, 96)
TIGHTEST = 0.8  # of these widths: in less numbers would be cut
ROW_HEIGHT, WORDS = 24, 4  # pixels; how many columns hold words
NAMES = (2, 3)  # those of nodes
BESIDE_TEXT, MOST_MEASURED = 14, 200  # pixels in a cell beside its text; rows that are measured
GRADIENTS = (5, 7, 8)  # columns in the colour of their sign
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class TraceRows(QAbstractTableModel):
    """The steps of one trace."""

    def __init__(self) -> None:
        super().__init__()
        self._names: Names | None = None
        self._trace: Trace | None = None
        self._wording: Wording = "gradient"
        self._row: tuple[int, TraceRow] | None = None  # the one that was asked for last

    def show_run(self, now: Now) -> None:
        """Show the run of a moment. Where it has as many steps, the place in the table stays."""
        if self._trace is not None and len(now.telling) == len(self._trace) > 0:
            self._take(now)
            self.dataChanged.emit(self.index(0, 0), self.index(len(now.telling) - 1, len(HEADS) - 1))
            return
        self.beginResetModel()
        self._take(now)
        self.endResetModel()

    def _take(self, now: Now) -> None:
        self._names, self._trace, self._wording = Names(now.graph, now.telling), now.telling, now.wording
        self._row = None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own way
        return 0 if parent.isValid() or self._trace is None else len(self._trace)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return _side(section)
        if role == Role.ToolTipRole:
            return as_is(worded(TIPS[section], self._wording))
        return HEADS[section] if role in (Role.DisplayRole, Role.AccessibleTextRole) else None

    def row_of(self, number: int) -> TraceRow:
        """A step as a row."""
        assert self._names is not None and self._trace is not None
        if self._row is None or self._row[0] != number:
            self._row = (number, trace_row(self._names, self._trace.steps[number]))
        return self._row[1]

    def sentence(self, number: int) -> str:
        """What a step does, as the timeline says it: in which folded group too."""
        assert self._names is not None and self._trace is not None
        return explain(self._names.graph, self._trace, self._trace.steps[number], self._wording).caption

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        number, column = index.row(), index.column()
        if role == Role.TextAlignmentRole:
            return _side(column)
        if role == Role.FontRole:
            return font(scaled(BODY), bold=column in GRADIENTS)
        if role not in (Role.DisplayRole, Role.ToolTipRole, Role.ForegroundRole, Role.AccessibleTextRole):
            return None
        row = self.row_of(number)
        value = row.numbers[column - WORDS] if column >= WORDS else None
        if role == Role.ToolTipRole:
            is_number = value is not None and value.ndim == 0
            return as_is(exact_text(float(value)) if value is not None and is_number else self.sentence(number))
        if role == Role.ForegroundRole:
            shade = sign_role(value) if column in GRADIENTS and value is not None and value.ndim == 0 else "text"
            return theme().color("soft" if column < 2 else shade)
        words = (str(number + 1), row.op, row.source, row.dest)
        text = words[column] if column < WORDS else "" if value is None else value_text(value)
        return text if role == Role.DisplayRole else self._spoken(number, column, text)

    def whole_row(self, row: int) -> list[str]:
        """A step as it stands in the table, with all digits."""
        assert self._names is not None and self._trace is not None
        run = exact(self._trace)
        return row_cells(trace_row(Names(self._names.graph, run), run.steps[row]), row + 1)

    def texts(self, column: int, rows: Iterable[int]) -> list[str]:
        """What stands in some rows of a column."""
        return [str(self.data(self.index(row, column))) for row in rows]

    def _spoken(self, number: int, column: int, text: str) -> str:
        """What a screen reader says of a cell: of the first in a row, all that the step does."""
        return f"Step {text}: {self.sentence(number)}" if column == 0 else f"{HEADS[column]}: {text or 'none'}"


def shared_out(usual: Sequence[int], needs: Sequence[float], room: int) -> list[int]:
    """How wide the columns are: names have what they need of the room that is left, and of what others do not need."""
    wide, left = list(usual), max(room - sum(usual), 0)
    spare = {column: max(usual[column] - ceil(needs[column]), 0) for column in range(WORDS, len(usual))}
    for column in NAMES:
        lack = max(ceil(needs[column]) - usual[column], 0)
        given = min(lack, left)
        left -= given
        for giving in sorted(spare, key=lambda one: -spare[one]):
            taken = min(lack - given, spare[giving])
            spare[giving] -= taken
            wide[giving] -= taken
            given += taken
        wide[column] += given
    return wide


def _side(column: int) -> int:
    side = Qt.AlignmentFlag.AlignLeft if column in (2, 3) else Qt.AlignmentFlag.AlignRight
    side = Qt.AlignmentFlag.AlignHCenter if column == 1 else side
    return int(side | Qt.AlignmentFlag.AlignVCenter)


class _Signed(QStyledItemDelegate):
    """The current row keeps the colours of its signs."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.palette.setColor(QPalette.ColorRole.HighlightedText, option.palette.color(QPalette.ColorRole.Text))


class TraceTable(RowTable):
    """The current step is the current row, and stays in view."""

    chosen = Signal(int)  # a step, by hand

    def __init__(self) -> None:
        super().__init__()
        self.rows = TraceRows()
        self._follows = False
        self.setModel(self.rows)
        self.setItemDelegate(_Signed(self))
        self.setAccessibleName("Steps")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(36)
        keep_scaled(self, self._scale)
        self.rows.modelReset.connect(self._scale)
        self.horizontalHeader().setStretchLastSection(True)
        self.selectionModel().currentRowChanged.connect(self._on_row)
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))
        themes.changed.connect(self.viewport().update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scale()

    def _scale(self) -> None:
        """Where they lack little, all columns are seen."""
        self.verticalHeader().setDefaultSectionSize(scaled(ROW_HEIGHT))
        share = min(max(self.viewport().width() / scaled(sum(WIDTHS)), TIGHTEST), 1)
        usual = [int(scaled(wide) * share) for wide in WIDTHS]
        for column, wide in enumerate(shared_out(usual, self._needs(), self.viewport().width())):
            self.setColumnWidth(column, wide)

    def _needs(self) -> list[float]:
        """How wide each column is with all that stands in it whole, as far as some rows tell; of several names one."""
        rows = range(0, self.rows.rowCount(), self.rows.rowCount() // MOST_MEASURED + 1)
        needs = []
        for column, head in enumerate(HEADS):
            told = self.rows.texts(column, rows)
            words = [name for text in told for name in text.split(", ")] if column in NAMES else told
            widths = (measure.width(text, scaled(BODY), column in GRADIENTS) for text in (head, *words))
            needs.append(scaled(BESIDE_TEXT) + max(widths))
        return needs

    def show_step(self, step: int | None) -> None:
        """Light the row of a step, and bring it into view; None: none has begun."""
        self._follows = True
        try:
            if step is None or step >= self.rows.rowCount():
                self.clearSelection()
                self.setCurrentIndex(QModelIndex())
                self.scrollToTop()
                return
            how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            if self.selectionModel().isRowSelected(step):  # of several by hand: they stay
                how = QItemSelectionModel.SelectionFlag.NoUpdate
            index = self.rows.index(step, max(self.currentIndex().column(), 0))
            self.selectionModel().setCurrentIndex(index, how)
            self.scrollTo(self.rows.index(step, 0))
        finally:
            self._follows = False

    def _on_row(self, current: QModelIndex, before: QModelIndex) -> None:
        if current.isValid() and not self._follows:
            self.chosen.emit(current.row())
