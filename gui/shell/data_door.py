"""Rows to learn from come in: a CSV that is dropped or chosen is looked at, asked about, and read by a dataset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from engine import edits
from engine.data.csv import survey_csv
from engine.data.survey import Survey
from engine.graph.change import Change
from engine.graph.graph import Graph
from gui.document.bridge import Bridge
from gui.document.files import Files
from gui.document.jobs import Jobs, in_thread
from gui.document.recent import last_folder
from gui.document.selection import Selection

ENDINGS = frozenset({".csv", ".tsv"})
Place = Callable[[], tuple[float, float]]


class DataDoor(QObject):
    """`place` says where a new dataset has room."""

    asks = Signal()  # a question is about to be asked
    told = Signal(str)
    failed = Signal(object)  # a GradloomError

    def __init__(
        self, window: QWidget, bridge: Bridge, selection: Selection, files: Files, jobs: Jobs, place: Place
    ) -> None:
        super().__init__(window)
        self._window, self._bridge, self._selection = window, bridge, selection
        self._files, self._jobs, self._place = files, jobs, place
        bridge.file_wanted.connect(self.choose)
        self._waiting: list[Path] = []  # the first of them is being looked at, or asked about

    def choose(self) -> None:
        """Ask which file, and then what of it."""
        path = self._files.ask.path_to_rows(last_folder())
        if path is not None:
            self.take([path])

    def take(self, paths: Sequence[Path]) -> None:
        """One file after the other: look at it, ask what is wanted of it, and let a dataset read that."""
        is_busy = bool(self._waiting)
        self._waiting += [path.absolute() for path in paths]
        if not is_busy:
            self._look_at_next()

    def _look_at_next(self) -> None:
        if not self._waiting:
            return
        file, found = self._waiting[0], list[Survey]()
        work = in_thread(partial(survey_csv, str(file)))
        job = self._jobs.begin(f"Looking at {file.name[:60]}", work, found.append, self.failed.emit)
        looked = partial(QTimer.singleShot, 0, self, partial(self._go_on, file, found))  # when the job has gone
        if job.busy:
            job.over.connect(looked)
        else:
            looked()

    def _go_on(self, file: Path, found: list[Survey]) -> None:
        """Ask about a file, unless it cannot be read or that was cancelled; then comes the next."""
        for each in found:
            self._ask(file, each)
        self._waiting = self._waiting[1:]
        self._look_at_next()

    def _ask(self, file: Path, survey: Survey) -> None:
        from gui.shell.dialogs.data_columns import DataDialog

        if not self._bridge.pending.commit():
            return
        self.asks.emit()
        dialog = DataDialog(self._window, file, survey, partial(survey_csv, str(file)), self._goals())
        if dialog.exec():
            self._learn(dialog.goal, dialog.settings, dialog.said)
        dialog.deleteLater()

    def _goals(self) -> list[tuple[str, str]]:
        """The datasets that are there, a selected one first."""
        nodes = [node for node in self._bridge.now.graph.nodes.values() if node.op_name == "dataset"]
        nodes.sort(key=lambda node: node.id not in self._selection.nodes)
        return [(node.id, node.name) for node in nodes]

    def _learn(self, goal: str | None, settings: dict[str, object], said: str) -> None:
        def make(graph: Graph) -> Change:
            return edits.take_rows(graph, goal, settings, self._place())

        self._bridge.file_chosen.emit(str(settings["path"]))
        change = self._bridge.edit(make)
        if change is not None:
            self._selection.reveal([goal] if goal else list(change.nodes))
            self.told.emit(said)


def is_data(path: Path) -> bool:
    """Whether a file that was dropped holds rows, and is no document."""
    return path.suffix.lower() in ENDINGS
