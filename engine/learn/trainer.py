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
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.data.tables import Dataset
from engine.edits.nodes import set_parameters
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.learn.conclusion import Conclusion, movement
from engine.learn.config import TrainingConfig
from engine.learn.health import Health
from engine.learn.judge import Judge
from engine.learn.loop import Loop, make_loop
from engine.learn.model import Batches, Model
from engine.learn.optimisers import RunningMeans, make_update, norm
from engine.values.values import Value, counted

MOST_EVALUATIONS = 200  # in a run, beside the first and the last
SINGLY = 64  # steps before a loop is written: a short training ends before that is worth its time
AT_ONCE = 50  # steps between two looks at the clock, where they are made in a loop,
LOOK = 0.002  # or as many as take about so many seconds
MOST_KEPT = 1000  # numbers: of a larger model, no parameters are kept in the history


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
    update_ratios: dict[str, float] = field(default_factory=dict)  # by parameter, ‖Δθ‖ / ‖θ‖ of the last step
    health: dict[str, Health] = field(default_factory=dict)  # by layer, over all rows of training


@dataclass
class History:
    """One loss and one norm of the gradient a step, and evaluations now and then.

    A run has millions of steps: their numbers lie side by side, which takes a quarter of what a list of them does.
    """

    losses: array[float] = field(default_factory=lambda: array("d"))
    gradient_norms: array[float] = field(default_factory=lambda: array("d"))
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
        self.conclusion: Conclusion | None = None  # how it ended, or why it had to stop
        self.kept = 0  # the step whose parameters it holds
        self._model = model = Model(graph)
        self._judge = Judge(graph, config, model)
        self._rows = Batches(model.row_count, config.batch, config.seed)
        self.total = config.steps or config.epochs * self._rows.per_epoch
        self._look_anew()
        self.memory = RunningMeans(of=tuple(model.names))  # what the optimiser keeps from step to step
        self._update = make_update(
            config.optimizer, model.theta.size, config.lr, config.weight_decay, config.clip, self.memory
        )
        self._best, self._best_loss, self._best_step = model.theta.copy(), math.inf, 0
        self._ratios: dict[str, float] = {}
        self._loop: Loop | None = None
        self._has_loop = False  # whether it was asked for
        self._seconds = 0.0

    # --- where it stands

    @property
    def stopped(self) -> str:
        """Why it had to stop, in sentences; empty if it did not."""
        return self.conclusion.text if self.conclusion is not None and self.conclusion.stops else ""

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

    def rows_seen(self) -> dict[str, NDArray[np.intp]]:
        """By dataset, the numbers of the rows that the last step saw, counted from 0; none before the first step."""
        if not self.step:
            return {}
        rows = self._rows.rows_of(self.step - 1)
        datasets = self._model.datasets.items()
        return {id: data.training if rows is None else data.training[rows] for id, data in datasets}

    @property
    def datasets(self) -> dict[str, Dataset]:
        """What it learns from, by node."""
        return self._model.datasets

    @property
    def parameters(self) -> dict[str, Value]:
        """What the parameters hold now."""
        return self._model.parameters()

    def change(self, graph: Graph | None = None) -> Change:
        """The edit that puts what was learnt into the graph, or into what has become of it, in one step."""
        return set_parameters(graph or self.graph, self.parameters, f"Train: {counted(self.kept, 'step')}")

    # --- commands

    def run(self, steps: int | None = None) -> None:
        """Go on to the end, or for some steps."""
        last = self.total if steps is None else self.step + steps
        if steps != 0:
            self._go_on(lambda: self.step >= last, lambda: last - self.step)

    def run_for(self, milliseconds: float) -> bool:
        """Go on for a slice of time, one step at least. Gives back whether there is more to do."""
        end = time.perf_counter() + milliseconds / 1000
        self._go_on(lambda: time.perf_counter() >= end, lambda: max(AT_ONCE, int(LOOK * self.steps_per_second)))
        return not self.done

    def extend(self, epochs: int) -> None:
        """Make the run longer; it goes on from where it is."""
        self.total += epochs * self._rows.per_epoch
        self._look_anew()
        if not self.stopped:
            self.conclusion = None

    def forget_after(self, step: int) -> None:
        """No more was learnt than by this step: what was computed beyond it has been given up."""
        if step < self.step:
            history = self.history
            del history.losses[step:], history.gradient_norms[step:]
            history.evaluations[:] = [look for look in history.evaluations if look.step <= step]
            self.step = self.kept = step

    def conclude(self) -> Conclusion:
        """Say how it went, at the end or where it was left off. Ending so, it can still go on."""
        if self.conclusion is None:
            with np.errstate(all="ignore"):
                if not self.history.evaluations or self.history.evaluations[-1].step != self.step:
                    self._evaluate()
                self.conclusion = self.conclusion or self._judge.at_end(self.history.evaluations[-1].loss, self.step)
        return self.conclusion

    def left_off(self) -> str:
        """What is true of it where somebody stops it."""
        if not self.step:
            return "Stopped before the first step: nothing was trained."
        said, far = self.conclude(), f"Stopped after {self.step} of {counted(self.total, 'step')}"
        if said.failed:
            return f"{far}. {said.text}"
        first, last = self.history.evaluations[0].loss, self.history.evaluations[-1].loss
        return f"{far}: {movement(first, last)}; what was learnt is kept."

    def _go_on(self, enough: Callable[[], bool], at_most: Callable[[], int]) -> None:
        started = time.perf_counter()
        if not self.done:
            self.conclusion = None  # what was said when it was left off
        with np.errstate(all="ignore"):
            if not self.step and not self.history.evaluations:
                self._evaluate()
            while not self.done:
                if not self._many_steps(at_most()):
                    self._one_step()
                if enough():
                    break
        self._seconds += time.perf_counter() - started
        if self.done:
            self.conclude()

    def _many_steps(self, most: int) -> int:
        """Steps of which nothing is to be said, in one loop over plain floats; how many, 0 where that cannot be.

        The first steps and those that are looked at are NumPy's, whoever asks for how many at a time: the last bit of a
        tanh is not the same there.
        """
        if self._has_loop and self._loop is None:
            return 0
        here = self.step
        before_look = min(self._every - 1 - here % self._every, self.total - 1 - here)
        if here < SINGLY or min(most, before_look) < 1 or (bounds := self._judge.unmoved) is None:
            return 0
        if not self._has_loop:
            self._has_loop = True
            self._loop = make_loop(self.graph, self.config, self._model) if self._rows.per_epoch == 1 else None
            if self._loop is None:
                return 0
        assert self._loop is not None
        history, config = self.history, self.config
        into = (history.losses, history.gradient_norms)
        done = self._loop.run(self._model.theta, self.memory, min(most, before_look), bounds, into)
        if self.memory.numbers:  # an update that keeps numbers goes on from those that it was made with
            self._update = make_update(config.optimizer, self._model.theta.size, config.lr, means=self.memory)
        self.step += done
        self.kept = self.step
        return done

    def _one_step(self) -> None:
        model = self._model
        loss, gradient = model.pull(self._rows.rows_of(self.step))
        length = norm(gradient)
        if not (math.isfinite(loss) and math.isfinite(length)):
            what, number = ("gradient", length) if math.isfinite(loss) else ("loss", loss)
            self._stop(self._judge.not_finite(what, number, self.step))
            return
        if (conclusion := self._judge.at_step(loss, length, self.step)) is not None:
            self._stop(conclusion)
            return
        self.history.losses.append(loss)
        self.history.gradient_norms.append(length)
        looks = (self.step + 1) % self._every == 0 or self.step + 1 == self.total
        before = model.theta.copy() if looks else None
        self._update(model.theta, gradient)
        self.step += 1
        self.kept = self.step
        if before is not None:
            self._ratios = model.update_ratios(before)
            self._evaluate()

    def _look_anew(self) -> None:
        """So many steps lie between two evaluations: whole epochs."""
        per_epoch = self._rows.per_epoch
        self._every = per_epoch * max(1, math.ceil(self.total / per_epoch / MOST_EVALUATIONS))

    def _evaluate(self) -> None:
        model = self._model
        loss, accuracy = model.judge(held_out=False)
        if not math.isfinite(loss):
            self._stop(self._judge.not_finite("loss", loss, self.step))
            return
        held_loss, held_accuracy = model.judge(held_out=True) if model.has_held_out else (None, None)
        kept = model.parameters() if model.theta.size <= MOST_KEPT else None
        norms = model.gradient_norms() if self.step else {}
        judged = (self.step, self.epoch, loss, held_loss, accuracy, held_accuracy, norms, kept)
        evaluation = Evaluation(*judged, self._ratios, model.health)
        self.history.evaluations.append(evaluation)
        self._remember(loss)
        conclusion = self._judge.at_evaluation(loss, norms, self.step) if self.step else self._judge.begin(loss)
        if conclusion is not None:
            self._stop(conclusion)

    def _remember(self, loss: float) -> None:
        """Keep the parameters if none were better so far: they are what is left if it must stop."""
        loss = -loss if self.graph.seed < 0 else loss
        if loss < self._best_loss:
            self._best[:], self._best_loss, self._best_step = self._model.theta, loss, self.step

    def _stop(self, conclusion: Conclusion) -> None:
        """Say why, and go back to the best parameters."""
        self._model.theta[:] = self._best
        self.kept = self._best_step
        self.conclusion = conclusion.keeping(self.kept, self.step)
