"""A drawn graph learns: what is asked for, one step after another, and the history of how it went.

    trainer = Trainer(graph, TrainingConfig(epochs=200))
    while trainer.run_for(8):          # milliseconds; or trainer.run()
        show(trainer.progress, trainer.history)
    document.apply(trainer.change())

A run depends on its seed alone: stopped and continued, it gives the same bits as in one go.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from engine.edits.nodes import set_parameters
from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.learn.model import Batches, Model
from engine.learn.optimisers import OPTIMISERS, make_update, norm
from engine.values.values import Value, counted, number_text

MOST_EVALUATIONS = 200  # in a run, beside the first and the last
MOST_KEPT = 1000  # numbers: of a larger model, no parameters are kept in the history


# --- what is asked for


@dataclass(frozen=True)
class TrainingConfig:
    """How to train. `batch` 0: all rows at once; `steps` 0: as many as the epochs have; `clip` 0: no limit.

    Raises EditRefused with a sentence where a number makes no sense.
    """

    optimizer: str = "adam"
    lr: float = 0.01
    batch: int = 32
    epochs: int = 100
    steps: int = 0
    seed: int = 0
    weight_decay: float = 0.0
    clip: float = 0.0

    def __post_init__(self) -> None:
        if self.optimizer not in OPTIMISERS:
            raise EditRefused(f"There is no optimiser “{self.optimizer}”; choose one of {', '.join(OPTIMISERS)}.")
        if not (math.isfinite(self.lr) and self.lr > 0):
            raise EditRefused(f"The learning rate must be a number above 0, not {number_text(self.lr)}.")
        for name in ("batch", "epochs", "steps", "seed", "weight_decay", "clip"):
            number = getattr(self, name)
            if not (math.isfinite(number) and number >= 0):
                raise EditRefused(f"“{name}” must be a number, 0 or above, not {number_text(number)}.")

    @classmethod
    def of(cls, graph: Graph) -> TrainingConfig:
        """What the graph's fact “training” says, with defaults for the rest. Raises EditRefused."""
        fact = graph.fact("training") or {}
        known = {f.name: f.default for f in fields(cls)}
        for name, value in fact.items():
            if name not in known:
                raise EditRefused(f"Training has no setting “{name}”; its settings are {', '.join(known)}.")
            if not _is_like(value, known[name]):
                raise EditRefused(f"The training setting “{name}” must be a value like {known[name]!r}, not {value!r}.")
        return cls(**fact)

    @property
    def said(self) -> dict[str, Any]:
        """What differs from the defaults: that is kept in the graph."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) != f.default}


def _is_like(value: Any, default: Any) -> bool:
    if isinstance(default, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is type(default)


# --- how it went


@dataclass(frozen=True)
class Evaluation:
    """The model after `step` steps: over all rows of training, and over those held out, where there are some."""

    step: int
    epoch: float
    loss: float
    held_loss: float | None
    accuracy: float | None
    held_accuracy: float | None
    gradient_norms: dict[str, float]  # by parameter, of the last step; before the first there are none
    parameters: dict[str, Value] | None  # None: too many to keep


@dataclass
class History:
    """One loss and one norm of the gradient a step, and evaluations now and then."""

    losses: list[float] = field(default_factory=list)
    gradient_norms: list[float] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)


# --- the trainer


class Trainer:
    """Trains the parameters of a graph that reach its target. The graph itself stays as it is: see `change`.

    Raises PlanError, RunError or EditRefused if the graph cannot be trained, with a sentence that says why.
    """

    def __init__(self, graph: Graph, config: TrainingConfig | None = None) -> None:
        self.config = config = TrainingConfig.of(graph) if config is None else config
        self.graph = graph
        self.history = History()
        self.step = 0
        self.stopped = ""  # why it had to stop, in a sentence
        self._model = model = Model(graph)
        self._rows = Batches(model.row_count, config.batch, config.seed)
        self.total = config.steps or config.epochs * self._rows.per_epoch
        self._update = make_update(config.optimizer, model.theta.size, config.lr, config.weight_decay, config.clip)
        self._good = model.theta.copy()
        self._seconds = 0.0

    # --- where it stands

    @property
    def done(self) -> bool:
        return self.step >= self.total or bool(self.stopped)

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        return self.step / self.total if self.total else 1.0

    @property
    def epoch(self) -> float:
        """How often it has seen all rows."""
        return self.step / self._rows.per_epoch

    @property
    def steps_per_second(self) -> float:
        return self.step / self._seconds if self._seconds else 0.0

    @property
    def parameters(self) -> dict[str, Value]:
        """What the parameters hold now."""
        return self._model.parameters()

    def change(self, graph: Graph | None = None) -> Change:
        """The edit that puts what was learnt into the graph, or into what has become of it, in one step."""
        return set_parameters(graph or self.graph, self.parameters, f"Train: {counted(self.step, 'step')}")

    # --- commands

    def run(self, steps: int | None = None) -> None:
        """Go on to the end, or for some steps."""
        last = self.total if steps is None else self.step + steps
        if steps != 0:
            self._go_on(lambda: self.step >= last)

    def run_for(self, milliseconds: float) -> bool:
        """Go on for a slice of time, one step at least. Gives back whether there is more to do."""
        end = time.perf_counter() + milliseconds / 1000
        self._go_on(lambda: time.perf_counter() >= end)
        return not self.done

    def extend(self, epochs: int) -> None:
        """Make the run longer; it goes on from where it is."""
        self.total += epochs * self._rows.per_epoch

    def _go_on(self, enough: Callable[[], bool]) -> None:
        started = time.perf_counter()
        with np.errstate(all="ignore"):
            if not self.step and not self.history.evaluations:
                self._evaluate()
            while not self.done:
                self._one_step()
                if enough():
                    break
        self._seconds += time.perf_counter() - started

    def _one_step(self) -> None:
        model = self._model
        loss, gradient = model.pull(self._rows.rows_of(self.step))
        length = norm(gradient)
        if not (math.isfinite(loss) and math.isfinite(length)):
            self._stop("gradient" if math.isfinite(loss) else "loss", length if math.isfinite(loss) else loss)
            return
        self.history.losses.append(loss)
        self.history.gradient_norms.append(length)
        self._good[:] = model.theta
        self._update(model.theta, gradient)
        self.step += 1
        if self.step % self._every == 0 or self.step == self.total:
            self._evaluate()

    @property
    def _every(self) -> int:
        """How many steps lie between two evaluations: whole epochs."""
        per_epoch = self._rows.per_epoch
        return per_epoch * max(1, math.ceil(self.total / per_epoch / MOST_EVALUATIONS))

    def _evaluate(self) -> None:
        model = self._model
        loss, accuracy = model.judge(held_out=False)
        if not math.isfinite(loss):
            self._stop("loss", loss)
            return
        held_loss, held_accuracy = model.judge(held_out=True) if model.has_held_out else (None, None)
        kept = model.parameters() if model.theta.size <= MOST_KEPT else None
        norms = model.gradient_norms() if self.step else {}
        evaluation = Evaluation(self.step, self.epoch, loss, held_loss, accuracy, held_accuracy, norms, kept)
        self.history.evaluations.append(evaluation)

    def _stop(self, what: str, number: float) -> None:
        """A number is not finite: say so, and go back to the parameters that were good."""
        self._model.theta[:] = self._good
        if self.step:
            advice = f"A learning rate smaller than {number_text(self.config.lr)} may help."
            kept = f"the parameters of step {self.step - 1} are kept"
            self.stopped = f"The {what} became {number_text(number)} after step {self.step}; {kept}. {advice}"
        else:
            self.stopped = f"The {what} is {number_text(number)} before the first step: nothing was trained."
