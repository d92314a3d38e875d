"""What if it were wrong: one rule of the backward pass is broken, and its gradients stand beside the right ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from engine.show.names import Names
from engine.show.now import Now
from engine.show.push import Push
from engine.show.readable import exact
from engine.show.wording import worded
from engine.truth.differences import STEP
from engine.truth.probe import Prober
from engine.truth.wrong import RULES, BrokenRule, is_multiple, ratio, run_wrong
from engine.values.values import Value, number_text, told_apart, value_text
from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.look.as_is import as_is
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import BODY, font
from gui.panels import Panel
from gui.widgets.boxes import STRETCH, column, row
from gui.widgets.fields import NoWheelComboBox
from gui.widgets.labels import label
from gui.widgets.row_table import RowTable

HEIGHT, NAME = 230, 260
COLUMNS = ("node", "right", "wrong", "wrong : right", "finite difference")
MOST, MOST_NODES = 60, 500  # leaves whose slope is measured; of a larger graph none is
RIGHT_WAY = "Choose a rule to break. The document stays as it is; only this picture is wrong."
HARMLESS = "With these numbers nothing comes of it: every gradient is right all the same."
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class RightAndWrong:
    """One node: its gradient, what the broken rule makes of it, and what measuring says."""

    id: str
    name: str
    right: Value
    wrong: Value | None
    at: tuple[int, ...]  # of an array the element that is shown: the one that is most wrong
    measured: str

    @property
    def is_wrong(self) -> bool:
        return self.wrong is None or not np.allclose(self.wrong, self.right, rtol=1e-9, atol=1e-300, equal_nan=True)

    @property
    def times(self) -> str:
        """How many times the right one it is."""
        if self.wrong is None:
            return "none"
        found = ratio(self.wrong, self.right)
        if not self.is_wrong or found is None:
            return "0 expected" if self.is_wrong else "right"
        return f"{told_apart(found, 1.0, 3)[0]} ×" + ("" if is_multiple(self.wrong, self.right) else " as long")

    def texts(self) -> tuple[str, ...]:
        return self.name, *self._both(), self.times, self.measured

    def _both(self) -> tuple[str, str]:
        """The right one and the wrong one; where they differ, that is to be seen."""
        if self.wrong is None:
            return _text(self.right, self.at), "none"
        pairs = ((_text(self.right, self.at, digits), _text(self.wrong, self.at, digits)) for digits in range(4, 18))
        first = next(pairs)
        if not self.is_wrong or first[0] != first[1]:
            return first
        return next((pair for pair in pairs if pair[0] != pair[1]), first)


def compared(now: Now, rule: BrokenRule) -> Iterator[RightAndWrong]:
    """Every node that gets a gradient, from the target back; and, where it is a leaf, its slope as it is measured."""
    trace = exact(now.trace)
    names, found, prober = Names(now.graph, trace), run_wrong(now.graph, trace, rule), Prober(now.graph, trace=trace)
    leaves = prober.leaves[:MOST] if len(now.graph.nodes) <= MOST_NODES else []
    for id in reversed(now.graph.order):
        right = trace.gradient(id)
        if right is not None:
            wrong = found.gradients.get(id)
            at = _most_wrong(right, wrong)
            measured = _measured(prober, id, at) if id in leaves else ""
            yield RightAndWrong(id, names.node(id), right, wrong, at, measured)


def _most_wrong(right: Value, wrong: Value | None) -> tuple[int, ...]:
    """The element of an array that is farthest from what it should be; the first where none is."""
    if not np.size(right):
        return ()
    with np.errstate(all="ignore"):
        apart = np.nan_to_num(np.abs(np.asarray(right) - (0.0 if wrong is None else np.asarray(wrong))), posinf=np.inf)
    return tuple(int(at) for at in np.unravel_index(np.argmax(apart), np.shape(right)))


def _measured(prober: Prober, id: str, index: tuple[int, ...]) -> str:
    """The slope of a number, or of one element of an array."""
    value = np.asarray(prober.graph.nodes[id].value)
    if not value.size:
        return ""
    h = STEP * max(1.0, abs(float(value[index])))
    return _placed(index, number_text(prober.extrapolated(id, index, h).numeric, 4))


def _text(value: Value, at: tuple[int, ...], digits: int = 4) -> str:
    """A number; of an array one element, by its place: `[0, 2] −1.5`."""
    if np.ndim(value) and not np.size(value):
        return value_text(np.asarray(value))
    return _placed(at, number_text(float(np.asarray(value)[at]), digits))


def _placed(place: tuple[int, ...], number: str) -> str:
    return f"[{', '.join(map(str, place))}] {number}" if place else number


class WhatIfTable(QAbstractTableModel):
    """A row a node."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RightAndWrong] = []

    def show_rows(self, rows: list[RightAndWrong]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.rows[index.row()].texts()[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.FontRole and index.column() in (2, 3) and self.rows[index.row()].is_wrong:
            return font(scaled(BODY), bold=True)
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None


def _alignment(section: int) -> int:
    """Names from the left, numbers from the right, and what is above them with them."""
    side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


class WhatIfPanel(QWidget):
    """Which rule is broken, why that is wrong, and the table; on the canvas the same beside each node."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._bridge, self._selection = bridge, selection
        self.choice, self.table, self._rows = NoWheelComboBox(), RowTable(), WhatIfTable()
        self.sentence, self._found = label("", "soft", wraps=True), label("", "", wraps=True)
        self.choice.setAccessibleName("Rule to break")
        for name in ("", *RULES):
            self.choice.addItem("", name)
        self._name_rules()
        keep_scaled(self.choice, lambda: self.choice.setMinimumWidth(scaled(NAME)))
        self._set_up_table()
        self.setAccessibleName("What if it were wrong")
        left = column(None, 8, self.choice, self.sentence, self._found, STRETCH)
        head = row(None, 16, (left, 2), (self.table, 3))
        column(self, 8, label("What if it were wrong?", "title"), (head, 1), margins=(16, 8, 12, 12))
        self.choice.currentIndexChanged.connect(self._break)
        self.table.clicked.connect(lambda index: selection.reveal([self._rows.rows[index.row()].id]))
        bridge.told.connect(self._on_told)

    def _name_rules(self) -> None:
        """In the language that is chosen."""
        wording = self._bridge.now.wording
        for at, title in enumerate(("Every rule holds", *(rule.title for rule in RULES.values()))):
            self.choice.setItemText(at, as_is(worded(title, wording)))

    def sizeHint(self) -> QSize:
        return QSize(900, HEIGHT)

    def _set_up_table(self) -> None:
        table = self.table
        table.setModel(self._rows)
        table.setAccessibleName("Gradients, right and wrong")
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        head = table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(len(COLUMNS) - 1, QHeaderView.ResizeMode.ResizeToContents)  # its name is the longest

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._bridge.lens.show(self, None)

    def _on_told(self, now: Now) -> None:
        if now.wording_changed:
            self._name_rules()
        if self.isVisible() and (now.wording_changed or now.content_changed or now.numbers_changed):
            self._refresh()

    def _break(self) -> None:
        """Another rule: the table begins where it begins to be wrong, with a right one above."""
        self._refresh()
        first = next((number for number, each in enumerate(self._rows.rows) if each.is_wrong), 0)
        self.table.doItemsLayout()
        self.table.scrollTo(self._rows.index(max(first - 1, 0), 0), QTableView.ScrollHint.PositionAtTop)

    def _refresh(self) -> None:
        """Another rule, graph or number."""
        rule, now = RULES.get(str(self.choice.currentData())), self._bridge.now
        ready = rule is not None and now.trace.plan.target is not None and bool(now.trace.contributions)
        if rule is None or not ready:
            self._rows.show_rows([])
            self._bridge.lens.show(self, None)
            self.sentence.setText(RIGHT_WAY if rule is None else "Nothing flows back yet: choose a target.")
            self._found.setText("")
            return
        rows = list(compared(now, rule))
        self._rows.show_rows(rows)
        wrong = [each for each in rows if each.is_wrong]
        stopped = run_wrong(now.graph, now.trace, rule).stopped
        self.sentence.setText(worded(rule.why, now.wording))
        are = "is" if len(wrong) == 1 else "are"
        counted = f"{len(wrong)} of {len(rows)} gradients {are} wrong." if wrong else HARMLESS
        self._found.setText(stopped or worded(counted, now.wording))
        lines = {each.id: _line(each) for each in wrong}
        self._bridge.lens.show(
            self, Push(lines, now.trace.plan.target or "", (), worded(f"Wrong on purpose: {rule.title}", now.wording))
        )


def _line(each: RightAndWrong) -> str:
    """What stands beside a node: `wrong −0.75 (2 ×)`; of an array that is no multiple of the right one `wrong`."""
    if each.wrong is None:
        return "wrong: none arrives"
    if np.ndim(each.wrong):  # plates have little room beside each other
        return f"wrong ({each.times})" if is_multiple(each.wrong, each.right) else "wrong"
    return f"wrong {each.texts()[2]} ({each.times})"


@Panel("what_if", "What if", side="bottom", key="Ctrl+Shift+H", order=56, icon="what-if", size=HEIGHT, closed=True)
def make_what_if(bridge: Bridge, selection: Selection, preferences: Preferences) -> WhatIfPanel:
    return WhatIfPanel(bridge, selection)
