"""What to learn from in a CSV: which columns are features, which one is the target, and what is left out and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from engine.data.cells import names_text
from engine.data.survey import Survey
from engine.errors import GradloomError, one_line
from gui.document.jobs import Job, in_thread
from gui.look.as_is import as_is
from gui.look.text_size import scaled
from gui.shell.dialogs.data_words import column_said, obstacle, report, shape_said
from gui.shell.room import fit_dialog
from gui.widgets.boxes import STRETCH, column, row, scrolling
from gui.widgets.buttons import PushButton
from gui.widgets.fields import NoWheelComboBox
from gui.widgets.labels import label, main_button, set_role

HEADS = ("Column", "Feature", "Target", "What it holds", "First rows")
NAME, FEATURE, TARGET, HOLDS, FIRST = range(5)
NEW = "a new dataset"
TAKE_WIDTH = 164  # pixels: the button that Enter presses has bold letters
Look = Callable[[bool], Survey]


class DataDialog(QDialog):
    """`survey` is of the file as it is; `look` looks again, with a header or without, on a thread: a large file takes
    its time. Its answer is in `settings`."""

    def __init__(
        self, parent: QWidget, path: Path, survey: Survey, look: Look, goals: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Rows to learn from")
        self._path, self._survey, self._look = path, survey, look
        self._looking = Job(self)
        self.features: set[int] = set()
        self.target = -1
        self._make_parts(goals)
        self._lay_out()
        self._connect()
        self._show_survey()
        self.table.setFocus()

    # --- what was chosen

    @property
    def settings(self) -> dict[str, Any]:
        """Of a dataset that reads the file as it was chosen here."""
        return {"path": str(self._path), **_choice(self._survey, self.features, self.target, self.scale.isChecked())}

    @property
    def goal(self) -> str | None:
        """The dataset that the rows go into; None: a new one."""
        return self.into.currentData() or None

    @property
    def said(self) -> str:
        return report(self._survey, self.features, self.target)[0]

    # --- parts

    def _make_parts(self, goals: Sequence[tuple[str, str]]) -> None:
        self.title = label(one_line(self._path.name), "heading", wraps=True)
        self.shape, self.report = label("", "soft", wraps=True), label("", "", wraps=True)
        self.gaps = label("", "soft", wraps=True)
        self.header = QCheckBox("The first line names the columns")
        self.scale = QCheckBox("Scale each feature: minus its mean, divided by its standard deviation")
        self.scale.setToolTip(
            "Mean and standard deviation are those of the training rows; the targets stay as they are"
        )
        self.scale.setChecked(True)
        self.into = NoWheelComboBox()
        self.into.setAccessibleName("Where the rows go")
        for id, name in goals:
            self.into.addItem(f"the dataset “{one_line(name)}”", id)
        self.into.addItem(NEW, "")
        self.table = QTableWidget(0, len(HEADS))
        self.table.setAccessibleName("Columns of the file")
        self.table.setHorizontalHeaderLabels(HEADS)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(HOLDS, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.take = main_button("Learn from these")
        self.take.setMinimumWidth(scaled(TAKE_WIDTH))
        self.cancel = PushButton("Cancel")
        self.cancel.setAutoDefault(False)

    def _lay_out(self) -> None:
        into = row(None, 8, label("They go into", "soft"), self.into, STRETCH)
        parts = (self.title, self.shape, self.header, (self.table, 1), self.scale, into, self.report, self.gaps)
        self.table.setMinimumHeight(140)
        foot = row(None, 12, STRETCH, self.cancel, self.take)
        column(self, 12, (scrolling(column(None, 8, *parts)), 1), foot, margins=(20, 18, 20, 16))
        fit_dialog(self, QSize(720, 600))

    def _connect(self) -> None:
        self.table.itemChanged.connect(self._on_item)
        self.header.clicked.connect(self._look_again)
        self._looking.ended.connect(self._on_seen)
        self._looking.failed.connect(self._on_unseen)
        self.finished.connect(self._looking.stop)
        self.take.clicked.connect(lambda: self.accept())
        self.cancel.clicked.connect(lambda: self.reject())

    # --- what is shown

    def _show_survey(self) -> None:
        """Every column; what can be learnt from is chosen, and the last that can be is the target."""
        found = self._survey
        count = len(found.columns)
        aims = [at for at in range(count) if not obstacle(found.columns[at], True)]
        self.target = max(aims, key=lambda at: (not found.columns[at].is_constant, at), default=-1)
        usable = [at for at in range(count) if not obstacle(found.columns[at], False) and at != self.target]
        varied = {at for at in usable if not found.columns[at].is_constant}
        self.features = {at for at in varied if not found.columns[at].numbers_rows} or varied
        self.header.setChecked(found.has_header)
        self.shape.setText(shape_said(found))
        self.table.blockSignals(True)
        self.table.setRowCount(count)
        for at in range(count):
            self._show_column(at)
        self.table.blockSignals(False)
        self.table.setCurrentCell(min(self.features, default=0), FEATURE if self.features else NAME)
        self._tick()

    def _show_column(self, at: int) -> None:
        each = self._survey.columns[at]
        texts = {
            NAME: each.name,
            HOLDS: column_said(each),
            FIRST: "  ·  ".join(said or "(empty)" for said in each.first),
        }
        for place in range(len(HEADS)):
            item = QTableWidgetItem(one_line(texts.get(place, "")))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item.setToolTip(as_is(item.text()))
            if place in (FEATURE, TARGET):
                why = obstacle(each, place == TARGET)
                flags = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
                item.setFlags(Qt.ItemFlag.NoItemFlags if why else flags)
                item.setToolTip(as_is(why))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{each.name}: {HEADS[place].lower()}")
            self.table.setItem(at, place, item)

    def _tick(self) -> None:
        """The ticks are as chosen, and below them stands what that means."""
        self.table.blockSignals(True)
        for at in range(self.table.rowCount()):
            for place, is_on in ((FEATURE, at in self.features), (TARGET, at == self.target)):
                item = self.table.item(at, place)
                if item is not None and item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                    item.setCheckState(Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
        self.table.blockSignals(False)
        said, gaps, can = report(self._survey, self.features, self.target)
        self.report.setText(said)
        set_role(self.report, "" if can else "error")
        self.gaps.setText(gaps)
        self.gaps.setVisible(bool(gaps))
        self.take.setEnabled(can)

    # --- what is chosen

    def _on_item(self, item: QTableWidgetItem) -> None:
        at, is_on = item.row(), item.checkState() == Qt.CheckState.Checked
        if item.column() == TARGET and is_on:
            self.target = at
            self.features.discard(at)
        elif item.column() == FEATURE and is_on:
            self.features.add(at)
            self.target = -1 if self.target == at else self.target
        elif item.column() == FEATURE:
            self.features.discard(at)
        self._tick()

    def _look_again(self, has_header: bool) -> None:
        for part in (self.header, self.table, self.take):
            part.setEnabled(False)
        self.report.setText("Looking at the file again …")
        set_role(self.report, "soft")
        self._looking.start(in_thread(partial(self._look, has_header)))

    def _on_seen(self, found: Survey) -> None:
        self._survey = found
        self._show_survey()
        self._let_choose()

    def _on_unseen(self, refused: GradloomError) -> None:
        self._tick()
        self.header.setChecked(self._survey.has_header)
        self.report.setText(one_line(str(refused)))
        set_role(self.report, "error")
        self._let_choose()

    def _let_choose(self) -> None:
        for part in (self.header, self.table):
            part.setEnabled(True)
        self.header.setFocus()


def _choice(survey: Survey, features: set[int], target: int, scaled: bool) -> dict[str, Any]:
    names = [each.name for each in survey.columns]
    some = len(features) < len(names) - 1
    return {
        "name": "csv",
        "label": names[target],
        "columns": names_text(names[at] for at in sorted(features)) if some else "",
        "header": survey.has_header,
        "skips": bool(survey.gaps([*features, target])),
        "standardise": scaled,
    }
