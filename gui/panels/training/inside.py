"""A third plot of a training, of what is chosen: its inside layer by layer, the runs before it, or other rates."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent
from PySide6.QtWidgets import QMenu, QWidget

from engine.data.tables import load_dataset
from engine.errors import GradloomError
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.runs import KeptRun, goes_on, history_csv, run_names, runs_csv
from engine.learn.sweep import RATES, STEPS, Tried, alike, best_rate, rates_csv, sweep, worse_from
from engine.learn.trainer import Trainer
from engine.show.wording import Wording, worded
from engine.values.values import number_text
from gui.document.learning import LiveTraining
from gui.look.as_is import as_is
from gui.panels.training.curves import figure
from gui.panels.training.insight import COLOURS, INSIGHTS, Insight, insight_curves
from gui.panels.training.lists import DataTable, TrainingLog
from gui.panels.training.training_run import is_past
from gui.panels.training.words import percent
from gui.widgets.boxes import column, row
from gui.widgets.buttons import PushButton, ToolButton
from gui.widgets.fields import NoWheelComboBox
from gui.widgets.plot import Curve, Figure, Plot
from gui.widgets.plot_axes import Axis, decades, ticked
from gui.widgets.slices import Slices

PLOT = QSize(360, 120)
MOST_RUNS = 6  # that are kept: as many names have room
RUNS, RATES_SHOWN, LOG, ROWS = "runs", "rates", "log", "rows"
OTHERS = {
    RUNS: (
        "Runs compared",
        "The loss of the last trainings over one another, named by what tells them apart; “continued”: it began with "
        "what the one before had learnt",
    ),
    RATES_SHOWN: ("Learning rates", "The loss after a short training at each of many rates, from here"),
    LOG: ("Log", "What was seen at each look at the training, line by line"),
    ROWS: ("Rows of the data", "All rows, with those of the last step marked"),
}
NO_RUN = "Each training that ends is kept here, beside those before it."
NO_RATE = "Press Try: each rate is tried for some steps; the graph stays as it is."
CLICK = "Click after a training: the graph gets the numbers of that moment"
NOT_YET = "Drawn here from the first look on, layer by layer."
HAS_NONE = "This graph has no layer of that kind."
TOO_SHORT = "The training stopped before this was looked at."


class InsightView(QWidget):
    """Follows the training that it is shown. `ask` gives the graph and config that other rates are tried for."""

    refused = Signal(str)
    row_chosen = Signal(str, int)  # of which dataset, counted from 0

    def __init__(self, ask: Callable[[], tuple[Graph, TrainingConfig]], seen: LiveTraining) -> None:
        super().__init__()
        self._ask, self._seen = ask, seen
        self._trainer: Trainer | None = None
        self.kept: list[KeptRun] = []
        self._last: Trainer | None = None  # that was kept
        self._goes_on = 0  # how many trainings the one that is shown goes on from
        self.tried: list[Tried] = []
        self._tried_for: tuple[Graph, TrainingConfig] | None = None
        self._trying = Slices(self)
        self._wording: Wording = "gradient"
        self.plot = Plot("", PLOT, grows=True, named_above=True)
        self.choice = NoWheelComboBox()
        self.choice.setAccessibleName("What is drawn")
        for name in (*INSIGHTS, *OTHERS):
            self.choice.addItem("", name)
        self._name_choices()
        self.choice.activated.connect(lambda _: self.refresh())
        self.try_rates = PushButton("Try")
        self.try_rates.setToolTip("Try many learning rates for some steps each; the graph stays as it is")
        self.try_rates.clicked.connect(self._press_try)
        self._make_menu()
        self.log, self.table = TrainingLog(), DataTable()
        self.table.chosen.connect(self._choose_row)
        head = row(None, 6, (self.choice, 1), self.try_rates, self.copy)
        column(self, 4, head, (self.plot, 1), (self.log, 1), (self.table, 1))
        self.refresh()

    def _make_menu(self) -> None:
        self.copy = ToolButton()
        self.copy.setText("Copy")
        self.copy.setAccessibleName("Copy the training")
        self.copy.setToolTip("Copy the numbers, or the picture")
        self.copy.setPopupMode(ToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.copy)
        self.copy_numbers = menu.addAction("Copy all numbers as CSV", self._copy_numbers)
        self.copy_picture = menu.addAction("Copy this picture", self._copy_picture)
        self.copy.setMenu(menu)

    def _name_choices(self) -> None:
        titles = {name: (each.title, each.tip) for name, each in INSIGHTS.items()} | OTHERS
        for at, (title, tip) in enumerate(titles.values()):
            self.choice.setItemText(at, worded(title, self._wording))
            self.choice.setItemData(at, as_is(worded(tip, self._wording)), Qt.ItemDataRole.ToolTipRole)

    def speak(self, wording: Wording) -> None:
        """Say everything in these words."""
        if wording != self._wording:
            self._wording = wording
            self._name_choices()
            self.refresh()

    @property
    def shown(self) -> str:
        return str(self.choice.currentData())

    @property
    def is_of_this_training(self) -> bool:
        """Whether its axis counts the epochs of the training that is shown, and of no other."""
        return self.shown in INSIGHTS

    def show_training(self, trainer: Trainer | None) -> None:
        """More of the training, or another one."""
        if trainer is not self._trainer:
            self._goes_on = 0 if trainer is None else goes_on(trainer, self.kept)
        self._trainer = trainer
        self.refresh()

    def keep(self, trainer: Trainer | None) -> None:
        """A training has ended: it stands beside those before it."""
        if trainer is not None and trainer is not self._last and len(trainer.history.evaluations) > 1:
            self._last = trainer
            self.kept = [*self.kept, KeptRun.of(trainer, self.kept)][-MOST_RUNS:]
            self.refresh()

    def forget(self) -> None:
        """Another document is open."""
        self._trying.stop()
        self.kept, self.tried, self._trainer = [], [], None
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._trying.stop()
        self._name_try()

    # --- what is drawn

    def refresh(self) -> None:
        """Draw what is chosen."""
        name, trainer = self.shown, self._trainer
        self.try_rates.setVisible(name == RATES_SHOWN)
        self.copy_numbers.setEnabled(bool({RATES_SHOWN: self.tried, RUNS: self.kept}.get(name, trainer is not None)))
        if self.plot.toolTip() != as_is(tip := self._plot_tip):
            self.plot.setToolTip(as_is(tip))
        for shown, part in ((LOG, self.log), (ROWS, self.table)):
            part.setVisible(name == shown)
        self.plot.setVisible(name not in (LOG, ROWS))
        if name == LOG:
            self.log.show_training(trainer, self._wording, self._goes_on)
            return
        if name == ROWS:
            self._show_rows(trainer)
            return
        if name == RATES_SHOWN:
            self.plot.show_figure(_rates_figure(self.tried, self._is_tried_past))
        elif name == RUNS:
            self.plot.show_figure(self._runs_figure())
        else:
            self.plot.show_figure(self._insight_figure(name))

    @property
    def _plot_tip(self) -> str:
        """What a click does; or of runs the whole names, of which the plot has not always room for all."""
        if self.shown == RUNS:
            ends = zip(run_names(self.kept), self.kept, strict=True)
            return "\n".join(f"{name}: loss {number_text(float(run.losses[-1]))}" for name, run in ends)
        if self.shown == RATES_SHOWN:
            return _rates_told(self.tried, self._is_tried_past)
        return CLICK if self.is_of_this_training else ""

    def _show_rows(self, trainer: Trainer | None) -> None:
        dataset = self._dataset
        loaded = trainer.datasets.get(dataset) if trainer is not None else None
        if loaded is None and dataset:
            try:
                loaded = load_dataset(self._ask()[0].nodes[dataset].chosen)
            except GradloomError as error:
                self.refused.emit(str(error))
        self.table.show_data(loaded, self._seen.of(dataset))

    @property
    def _dataset(self) -> str:
        """The first of the graph; empty: it has none."""
        return next((id for id, node in self._ask()[0].nodes.items() if node.op_name == "dataset"), "")

    def _choose_row(self, row: int) -> None:
        self.row_chosen.emit(self._dataset, row)

    def _insight_figure(self, name: str) -> Figure:
        insight, trainer = INSIGHTS[name], self._trainer
        title = worded(insight.title, self._wording)
        curves = insight_curves(insight, trainer) if trainer is not None else []
        if not curves:
            return Figure(title, Axis(0, 1), Axis(0, 1), hint=_why_nothing(insight, trainer))
        if insight.share:
            return figure(title, trainer, curves, text=percent, most=1.0)
        return figure(title, trainer, curves, log=insight.log)

    def _runs_figure(self) -> Figure:
        title = OTHERS[RUNS][0]
        if not self.kept:
            return Figure(title, Axis(0, 1), Axis(0, 1), hint=NO_RUN)
        pairs = enumerate(zip(self.kept, run_names(self.kept), strict=True))
        curves = [
            Curve(name, COLOURS[at % len(COLOURS)], run.epochs, run.losses, dashed=run.failed)
            for at, (run, name) in pairs
        ]
        made = figure(title, self._last, curves, log=True)
        return made if not made.hint else figure(title, self._last, curves)

    # --- other rates

    @property
    def _is_tried_past(self) -> bool:
        """Whether the rates were tried from other numbers, or with another way to train, than now."""
        if self._tried_for is None:
            return False
        (tried_graph, tried_config), (graph, config) = self._tried_for, self._ask()
        return not alike(tried_config, config) or is_past(tried_graph, graph)

    def _press_try(self) -> None:
        """Begin to try, or stop it."""
        if self._trying.is_working:
            self._trying.stop()
            self._name_try()
            return
        graph, config = self._ask()
        self.tried, self._tried_for = [], (graph, config)
        self._trying.start(self._tried(graph, config))
        self._name_try()

    def _name_try(self) -> None:
        self.try_rates.setText("Stop" if self._trying.is_working else "Try")

    def _tried(self, graph: Graph, config: TrainingConfig) -> Iterator[None]:
        try:
            for each in sweep(graph, config):
                if each is not None:
                    self.tried.append(each)
                    self.refresh()
                yield
        except GradloomError as error:
            self.refused.emit(str(error))
        self.try_rates.setText("Try")
        self.refresh()

    # --- what is taken along

    def _copy_numbers(self) -> None:
        if self.shown == RATES_SHOWN:
            QGuiApplication.clipboard().setText(rates_csv(self.tried))
        elif self.shown == RUNS:
            QGuiApplication.clipboard().setText(runs_csv(self.kept))
        elif self._trainer is not None:
            QGuiApplication.clipboard().setText(history_csv(self._trainer))

    def _copy_picture(self) -> None:
        beside = {LOG: self.log, ROWS: self.table}.get(self.shown)
        QGuiApplication.clipboard().setPixmap(beside.grab() if beside is not None else self.plot.picture())


def _why_nothing(insight: Insight, trainer: Trainer | None) -> str:
    if trainer is None or not trainer.history.evaluations:
        return NOT_YET
    if insight.of_step:
        return TOO_SHORT if trainer.stopped else NOT_YET
    return HAS_NONE


def _rates_figure(tried: list[Tried], past: bool) -> Figure:
    """The loss against the rate, both by powers of ten; a dashed line where it begins to make things worse, or to
    diverge, and what is beyond in its colour. `past`: no more so."""
    across = decades(-4, 1, (-4, -3, -2, -1, 0, 1))
    title = OTHERS[RATES_SHOWN][0]
    fine = [each for each in tried if np.isfinite(each.loss) and each.loss > 0]
    if not fine:
        hint = NO_RATE if not tried else "None of the rates so far leaves a loss above 0 that could be drawn."
        return Figure(title, across, Axis(0, 1), hint=hint)
    xs, ys = np.array([each.rate for each in fine]), np.array([each.loss for each in fine])
    low, high = float(np.log10(ys.min())), float(np.log10(ys.max()))
    slack = max((high - low) * 0.15, 0.05)
    curves = [Curve("", "neg", xs, ys, dotted=True)]
    if (bad := _bad_from(tried)) is not None:
        beyond = xs >= bad
        curves.append(Curve("", "pos", xs[beyond], ys[beyond], dotted=True))
        edge = np.array([bad] * 2)
        curves.append(Curve("", "pos", edge, np.array([10 ** (low - slack), 10 ** (high + slack)]), dashed=True))
    return Figure(title, across, ticked(low - slack, high + slack, True), tuple(curves), said=_rates_said(tried, past))


def _bad_from(tried: list[Tried]) -> float | None:
    """The least rate with which it diverges, or from which on each makes things worse."""
    lost = [each.rate for each in tried if each.diverged]
    return min([*lost, *([worse] if (worse := worse_from(tried)) is not None else [])], default=None)


def _rates_said(tried: list[Tried], past: bool) -> str:
    best, bad = best_rate(tried), _bad_from(tried)
    said = f"least at {number_text(best.rate, 3)}" if best is not None else ""
    if past:
        return f"before the change: {said}"
    if bad is not None:
        diverges = any(each.diverged and each.rate == bad for each in tried)
        return f"{said}, {'diverges' if diverges else 'worse'} from {number_text(bad, 3)}"
    return said if len(tried) == len(RATES) else f"{said} so far"


def _rates_told(tried: list[Tried], past: bool) -> str:
    """The same in sentences, for which the plot has no room."""
    best, bad = best_rate(tried), _bad_from(tried)
    if best is None or bad is None or past:
        return ""
    least = f"The loss was {number_text(best.start)}; with a rate of {number_text(best.rate, 3)} it is least after "
    least += f"{STEPS} steps: {number_text(best.loss)}."
    lost = [each.rate for each in tried if each.diverged]
    worse = f"From {number_text(bad, 3)} on it is greater than at the start."
    parts = [least, *([worse] if bad not in lost else [])]
    return "\n".join([*parts, *([f"From {number_text(min(lost), 3)} on it diverges."] if lost else [])])
