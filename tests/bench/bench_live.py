"""A training that is watched: how often the maps and the numbers on the canvas are new, and how much slower it is."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject
from PySide6.QtWidgets import QApplication, QWidget

from engine.files.disk import load
from engine.files.examples import find_example
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer
from tests.bench.begun import begun, shown_window
from tests.bench.timing import Row, seconds_text

EXAMPLES = ("xor-scalars", "train-xor", "train-moons", "train-spirals", "iris")
SECONDS, WARM, REST = 4.0, 1.0, 0.2
SLOW = 1e-4  # a rate at which nothing comes to its end meanwhile
ENDLESS = 10**9  # steps
MOST_SLOWER, LEAST_FRAMES = 2.0, 30.0


def rows() -> Iterator[Row]:
    """With the training panel and the map open: rate without over rate with, frames a second of canvas and of maps."""
    with begun():
        for name in EXAMPLES:
            yield from _watched(name)


def _watched(name: str) -> Iterator[Row]:
    example = find_example(name)
    assert example is not None
    graph = load(example.path)
    config = replace(TrainingConfig.of(graph), epochs=0, steps=ENDLESS, lr=SLOW)
    alone = _rate_alone(Trainer(graph, config))
    window = _open(example.path)
    run = window.training.run
    run.unhurried = False
    run.start(config)
    _settle(WARM)
    canvas, learnt = Paints(window.canvas.viewport()), Paints(_learnt(window).scatter)
    begun_at, before = perf_counter(), run.trainer.step
    _settle(SECONDS)
    took = perf_counter() - begun_at
    rate = (run.trainer.step - before) / took
    run.stop()
    said = f"{rate:,.0f} steps/s, alone {alone:,.0f}"
    yield Row(name, "training, watched", said, ratio=alone / rate, target=f"≤ {MOST_SLOWER}")
    for what, paints in (("numbers on the canvas", canvas), ("map", learnt)):
        if paints.gaps:
            middle, longest = statistics.median(paints.gaps), max(paints.gaps)
            said = f"every {seconds_text(middle)}, at most {seconds_text(longest)}"
            yield Row(name, f"{what}, frames a second", said, "", len(paints.gaps) / took, f"≥ {LEAST_FRAMES}")
    window.bridge.mark_saved()
    window.close()
    _settle(REST)


def _rate_alone(trainer: Trainer) -> float:
    """Steps a second, with nothing beside."""
    trainer.run_for(1000 * WARM)
    begun_at, before = perf_counter(), trainer.step
    trainer.run_for(1000 * SECONDS)
    return (trainer.step - before) / (perf_counter() - begun_at)


def _open(path: Path) -> Any:
    """A window on it, with the panels of training and of what was learnt."""
    window = shown_window()
    window.files.open(path)
    while not window.bridge.now.graph.nodes or window.jobs.running:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    for panel in ("training", "learnt"):
        window.panels.show_panel(panel)
    _settle(WARM)
    return window


def _learnt(window: Any) -> Any:
    from gui.panels.learnt.panel import LearntPanel

    return window.findChild(LearntPanel)


class Paints(QObject):
    """The gaps between the paints of a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.gaps: list[float] = []
        self._last = perf_counter()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            now = perf_counter()
            self.gaps.append(now - self._last)
            self._last = now
        return False


def _settle(seconds: float) -> None:
    until = perf_counter() + seconds
    while perf_counter() < until:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
