"""Trainings that are kept, to be compared: what each was asked for, how its loss went; and all of one as a table."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from io import StringIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.csv import guarded
from engine.learn.config import TrainingConfig
from engine.learn.optimisers import OPTIMISERS
from engine.learn.trainer import Evaluation, Trainer
from engine.values.values import number_text

_WORDS = {"lr": "rate", "batch": "rows", "weight_decay": "decay"}
_ZERO = {"batch": "all rows", "weight_decay": "no decay", "clip": "no clipping"}
_OVERALL = ("step", "epoch", "loss", "held_loss", "accuracy", "held_accuracy")


@dataclass(frozen=True)
class KeptRun:
    """One training: its loss over all rows at each look, and over those held out, where there are some."""

    config: TrainingConfig
    epochs: NDArray[np.float64]
    losses: NDArray[np.float64]
    held_losses: NDArray[np.float64]
    failed: bool
    begun: str = ""  # the numbers that it began with, and those that it has left: marks, equal for equal bits
    left: str = ""
    continued: int = 0  # how many trainings its first numbers come from, one after another

    @classmethod
    def of(cls, trainer: Trainer, earlier: Sequence[KeptRun] = ()) -> KeptRun:
        """What is kept of a training; `earlier` are those before it, of which it may go on from one."""
        looks = trainer.history.evaluations
        held = [look.held_loss for look in looks if look.held_loss is not None]
        failed = trainer.conclusion is not None and trainer.conclusion.failed
        epochs, losses = [look.epoch for look in looks], [look.loss for look in looks]
        curves = (np.array(epochs), np.array(losses), np.array(held, np.float64))
        begun, continued = began_with(trainer), goes_on(trainer, earlier)
        return cls(trainer.config, *curves, failed, begun, _mark_of(trainer.parameters), continued)


def began_with(trainer: Trainer) -> str:
    """A mark of the numbers of its parameters before the first step."""
    nodes = trainer.graph.nodes
    return _mark_of({id: nodes[id].value for id in trainer.parameters})


def goes_on(trainer: Trainer, earlier: Sequence[KeptRun]) -> int:
    """How many trainings, one after another, have learnt the numbers that it began with; 0: it began anew."""
    begun = began_with(trainer)
    return max((run.continued + 1 for run in earlier if run.left == begun != run.begun), default=0)


def _mark_of(parameters: Mapping[str, Any]) -> str:
    found = sha256()
    for id, value in sorted(parameters.items()):
        array = np.asarray(value, np.float64)
        found.update(f"{id}{array.shape}".encode() + array.tobytes())
    return found.hexdigest()


def run_names(runs: Sequence[KeptRun]) -> list[str]:
    """What tells the runs apart: the optimiser and the rate, whatever else is not the same in all of them, and with
    which numbers one began where not with those of the first."""
    first = runs[0].config if runs else TrainingConfig()
    names = [f.name for f in fields(TrainingConfig) if f.name not in ("optimizer", "lr")]
    differ = [name for name in names if any(getattr(run.config, name) != getattr(first, name) for run in runs)]
    fresh = next((run.begun for run in runs if not run.continued), "")
    return [", ".join([_run_name(run.config, differ), *_beginning(run, fresh)]) for run in runs]


def _beginning(run: KeptRun, fresh: str) -> list[str]:
    if run.continued:
        return ["continued" if run.continued == 1 else f"continued {run.continued}×"]
    return [] if run.begun == fresh else ["other start"]


def _run_name(config: TrainingConfig, differ: list[str]) -> str:
    more = (
        f"{_WORDS.get(name, name)} {number_text(value)}" if value or name not in _ZERO else _ZERO[name]
        for name, value in ((name, getattr(config, name)) for name in differ)
    )
    return ", ".join([f"{OPTIMISERS[config.optimizer].title} {number_text(config.lr)}", *more])


def history_csv(trainer: Trainer) -> str:
    """Every look at a training as a line: losses, accuracies, and of each parameter and layer what was seen there."""
    looks, text = trainer.history.evaluations, StringIO()
    columns: dict[str, Callable[[Evaluation], Any]] = {name: _plain(name) for name in _OVERALL}
    for title, name in (("gradient", "gradient_norms"), ("update ratio", "update_ratios")):
        for id in dict.fromkeys(id for look in looks for id in getattr(look, name)):
            columns[f"{title} {id}"] = _of(name, id)
    for id in dict.fromkeys(id for look in looks for id in look.health):
        for part in ("dead", "flat"):
            if any(getattr(look.health[id], part) is not None for look in looks):
                columns[f"{part} {id}"] = _layer(part, id)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([guarded(name) for name in columns])
    for look in looks:
        writer.writerow([_cell(read(look)) for read in columns.values()])
    return text.getvalue()


def runs_csv(runs: Sequence[KeptRun]) -> str:
    """Every look at each of the runs as a line, under the name that tells the run apart."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["number", "run", "epoch", "loss", "held_loss"])
    for number, (run, name) in enumerate(zip(runs, run_names(runs), strict=True), 1):
        held = run.held_losses.tolist()
        for at, (epoch, loss) in enumerate(zip(run.epochs.tolist(), run.losses.tolist(), strict=True)):
            writer.writerow([number, guarded(name), *map(_cell, (epoch, loss, held[at] if at < len(held) else None))])
    return text.getvalue()


def _plain(name: str) -> Callable[[Evaluation], Any]:
    return lambda look: getattr(look, name)


def _of(name: str, id: str) -> Callable[[Evaluation], Any]:
    return lambda look: getattr(look, name).get(id)


def _layer(part: str, id: str) -> Callable[[Evaluation], Any]:
    return lambda look: getattr(look.health[id], part)


def _cell(number: Any) -> str:
    """Numbers read back to the same bits."""
    return "" if number is None else repr(number)
