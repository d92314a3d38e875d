"""Check gradients: every leaf held against central differences, kept up to date while the graph is edited."""

from collections.abc import Iterator
from typing import cast

import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QProgressBar,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from engine.errors import GradloomError
from engine.show.now import Now
from engine.truth.differences import TOLERANCE, LeafCheck, Report, SweepPoint, Verdict, checking, sweeping
from engine.truth.probe import Prober
from gui.document.bridge import Bridge
from gui.document.jobs import Job
from gui.document.selection import Selection
from gui.look.as_is import as_is
from gui.look.theme import theme, themes
from gui.shell.dialogs.check_words import REASONS, details, digits, element_name, error_text, headline, verdict_text
from gui.shell.dialogs.valley import valley
from gui.shell.room import fit_dialog
from gui.widgets.boxes import STRETCH, column, row, scrolling
from gui.widgets.buttons import PushButton
from gui.widgets.labels import label, set_role
from gui.widgets.plot import Plot

COLUMNS = ("leaf", "gradient", "central difference", "relative error", "verdict")
MOST = 200  # elements of a leaf that are checked unless all are asked for
PAUSE = 150  # milliseconds after an edit before everything is checked again


class CheckDialog(QDialog):
    """A window beside the main one: a row a leaf, with its worst element; the chosen row is shown on the canvas."""

    def __init__(self, bridge: Bridge, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Check gradients")
        self._bridge, self._selection = bridge, selection
        self._most: int | None = MOST
        self._prober: Prober | None = None
        self._found: list[LeafCheck] = []
        self._points: list[SweepPoint] = []
        self._done, self._all = 0, 1
        self._check, self._sweep = Job(self), Job(self)
        self._later = QTimer(self, singleShot=True, interval=PAUSE)
        self._make_parts()
        self._lay_out()
        self._connect()

    # --- parts

    def _make_parts(self) -> None:
        self.headline, self.details = label("", "heading", wraps=True), label("", "soft", wraps=True)
        self.bar = QProgressBar(minimum=0, maximum=1000, textVisible=False)
        self.bar.setAccessibleName("Progress")
        self.bar.setFixedHeight(8)
        self.bar.setMinimumWidth(40)
        self.stop_button, self.all_button = PushButton("Stop"), PushButton("Check every element")
        self.close_button = PushButton("Close")
        for button in (self.stop_button, self.all_button, self.close_button):
            button.setAutoDefault(False)
        self.table = QTableWidget(0, len(COLUMNS))
        self.table.setAccessibleName("Gradients")
        for place, title in enumerate(COLUMNS):
            self.table.setHorizontalHeaderItem(place, _cell(place, title))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setStyleSheet("QTableView::item { padding: 0 8px; } QTableView::item:focus { border: none; }")
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(30)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for place in (0, len(COLUMNS) - 1):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        self.plot = Plot("", QSize(360, 188))
        self.plot.hide()

    def _lay_out(self) -> None:
        foot = row(None, 12, (self.bar, 1), self.stop_button, self.all_button, STRETCH, self.close_button)
        body = column(None, 12, self.headline, self.details, (self.table, 1), self.plot)
        column(self, 12, (scrolling(body), 1), foot, margins=(20, 18, 20, 16))
        fit_dialog(self, QSize(700, 540))

    def _connect(self) -> None:
        self._check.came.connect(self._on_piece)
        self._check.ended.connect(self._on_end)
        self._check.failed.connect(self._on_failure)
        self._sweep.came.connect(self._on_point)
        self._later.timeout.connect(self.check)
        self.stop_button.clicked.connect(self._stop)
        self.all_button.clicked.connect(self._check_all)
        self.close_button.clicked.connect(lambda: self.reject())
        self.table.itemSelectionChanged.connect(self._choose_row)
        self._bridge.told.connect(self._on_told)
        themes.changed.connect(self._paint_rows)

    def stand_beside(self, window: QWidget) -> None:
        """In the lower right corner of a window, no larger than it: the canvas stays in sight."""
        room = window.window().geometry().intersected(window.screen().availableGeometry()).adjusted(24, 24, -24, -48)
        self.resize(self.size().boundedTo(room.size()))
        self.move(room.bottomRight() - self.rect().bottomRight())

    # --- checking

    def check(self) -> None:
        """Check the graph as it is now; the row that was chosen stays so."""
        self._later.stop()
        self._found, self._done = [], 0
        try:
            self._prober = Prober(self._bridge.now.graph)
        except GradloomError as error:
            self._on_failure(error)
            return
        sizes = [self._prober.analytic(leaf).size for leaf in self._prober.leaves]
        self._all = max(sum(size if self._most is None else min(size, self._most) for size in sizes), 1)
        self._show_progress(True)
        self._check.start(checking(self._prober, tolerance=TOLERANCE, most=self._most))

    def _check_all(self) -> None:
        self._most = None
        self.check()

    def _stop(self) -> None:
        self._check.stop()
        self._on_end(stopped=True)

    def _on_told(self, now: Now) -> None:
        """The graph is another: what stands here is about the one before, until it has been checked again."""
        renamed = any(before and after and before.name != after.name for before, after in now.change.nodes.values())
        if not self.isVisible() or not (now.numbers_changed or renamed):
            return
        self._check.stop()
        self._sweep.stop()
        self._say("The graph has changed: checking it again …", "", "soft")
        self.table.setEnabled(False)
        self._later.start()

    def _on_piece(self, piece: LeafCheck | None) -> None:
        if piece is None:
            self._done += 1
            self.bar.setValue(1000 * self._done // self._all)
        else:
            self._found.append(piece)

    def _on_end(self, stopped: bool = False) -> None:
        assert self._prober is not None
        self._show_progress(False)
        report = Report(self._prober.target, tuple(self._found), TOLERANCE)
        said = headline(report) if not stopped else f"Stopped after {len(self._found)} of {len(self._prober.leaves)}."
        self._say(said, details(report) if report.leaves else "", "heading" if report.ok else "error")
        self.all_button.setVisible(bool(report.count("skipped")) and not stopped)
        self._fill()

    def _on_failure(self, error: GradloomError) -> None:
        self._found = []
        self._show_progress(False)
        self._say(str(error), "", "heading")
        self._fill()

    def _show_progress(self, runs: bool) -> None:
        self.bar.setValue(0)
        for part in (self.bar, self.stop_button):
            part.setVisible(runs)
        self.all_button.hide()
        if runs:
            self._say("Checking …", "Each element is moved up and down by a small step.", "heading")

    def _say(self, sentence: str, more: str, role: str) -> None:
        self.headline.setText(sentence)
        set_role(self.headline, role)
        self.details.setText(more)

    # --- the table

    def _fill(self) -> None:
        chosen = self.chosen
        self.table.blockSignals(True)
        self.table.setEnabled(True)
        self.table.clearSelection()
        self.table.setRowCount(len(self._found))
        for number, found in enumerate(self._found):
            for place, text in enumerate(self._texts(found)):
                item = _cell(place, text)
                item.setToolTip(as_is(REASONS[_first(found)]))
                self.table.setItem(number, place, item)
            if chosen and found.leaf == chosen.leaf:
                self.table.selectRow(number)
        self._paint_rows()
        self.table.blockSignals(False)
        self._sweep_chosen()

    def _texts(self, found: LeafCheck) -> tuple[str, ...]:
        at = found.worst_at
        name = element_name(self._bridge.now.graph.nodes[found.leaf].name, at)
        numbers = digits(found.said(at)), digits(float(np.asarray(found.numeric)[at]))
        return (name, *numbers, error_text(found, TOLERANCE), verdict_text(found))

    def _paint_rows(self) -> None:
        for number, found in enumerate(self._found):
            item = self.table.item(number, len(COLUMNS) - 1)
            if item is not None:
                item.setForeground(_colour(found))

    # --- the chosen row

    @property
    def chosen(self) -> LeafCheck | None:
        """The check of the row that is selected."""
        rows = self.table.selectionModel().selectedRows()
        return self._found[rows[0].row()] if rows and rows[0].row() < len(self._found) else None

    def _choose_row(self) -> None:
        if self.chosen is not None:
            self._selection.reveal([self.chosen.leaf])
        self._sweep_chosen()

    def _sweep_chosen(self) -> None:
        """Draw the error of the chosen row's element against the step size."""
        self._sweep.stop()
        self._points, found = [], self.chosen
        self.plot.setVisible(found is not None)
        if found is not None and self._prober is not None:
            self._title = f"Error for {self._texts(found)[0]}"
            self._sweep.start(self._sweep_points(found))

    def _sweep_points(self, found: LeafCheck) -> Iterator[SweepPoint]:
        assert self._prober is not None
        return sweeping(self._prober, found.leaf, found.worst_at)

    def _on_point(self, point: SweepPoint) -> None:
        self._points.append(point)
        self.plot.show_figure(valley(self._title, self._points))
        self.plot.setAccessibleName(self.plot.reading())

    def done(self, result: int) -> None:
        """Closed: nothing goes on behind it."""
        for work in (self._check, self._sweep):
            work.stop()
        self._later.stop()
        super().done(result)


def _first(found: LeafCheck) -> Verdict:
    """The verdict of the element that is shown."""
    return cast(Verdict, str(found.verdicts[found.worst_at]))


def _cell(place: int, text: str) -> QTableWidgetItem:
    """Words stand on the left of their column, numbers on the right."""
    across = Qt.AlignmentFlag.AlignLeft if place in (0, len(COLUMNS) - 1) else Qt.AlignmentFlag.AlignRight
    item = QTableWidgetItem(text)
    item.setTextAlignment(across | Qt.AlignmentFlag.AlignVCenter)
    return item


def _colour(found: LeafCheck) -> QColor:
    verdict = _first(found)
    return theme().color("warn" if verdict == "mismatch" else "leaf" if verdict == "ok" else "soft")
