"""Who watches a training: when it must stop, and what is true of it when it ends.

It has diverged where a number is not finite; where the loss of a step is more than GROWN times the largest of: its
start, a constant output's, 1 (PATIENCE times running where steps are bounded, as Adam's are, for then it may come
back); or where it has grown at RISING evaluations running. It has collapsed where a layer lets no gradient through for
any row of training, and has not for PATIENCE steps: its gates are all closed, or its slopes all 0.

Symbols: j the loss times the sign of the seed: what training makes smaller.
"""

from itertools import pairwise

import numpy as np

from engine.graph.graph import Graph
from engine.learn.causes import (
    GOALS,
    Advice,
    hindrance,
    mistaken,
    remark,
    unreached,
    why_constant,
    why_it_fell_for_ever,
    why_it_grew,
    why_it_stayed,
    with_parameters,
)
from engine.learn.conclusion import Conclusion, course
from engine.learn.config import TrainingConfig
from engine.learn.model import Model
from engine.learn.optimisers import OPTIMISERS, norm
from engine.passes.run import run
from engine.truth.baseline import Comparison, compared
from engine.truth.evidence import Evidence, gather
from engine.truth.gates import layers
from engine.truth.numbers import non_finite, non_finite_gradient
from engine.values.values import counted, number_text

GROWN = 1000.0  # times the start, a constant output's loss, or 1
RISING = 10  # evaluations at which the loss has grown each time, to more than ten times the same
ENDLESS = 1e6  # below the start by as much, and no less steep: there is no lowest value
PATIENCE = 20  # steps for which a layer lets nothing through before that is for good: momentum may carry it on
FEW = 3  # evaluations: after fewer epochs a loss that is somewhat higher means nothing
STILL = 0.01  # of the loss: a smaller change is none
SLIGHT = 0.05  # of a constant's loss: who is better by less has hardly learnt; of the start: a loss is next to none
BOUNCED = 0.3  # of what the loss fell by at best: so much of it was lost again
ALIKE = 0.01  # outputs that differ by less from row to row are the same, against the targets, or 1
NO_SLOPE = 1e-9  # of the steepest
FAINT = 1e-9  # of the longest gradient of a parameter: a shorter one may have been cut off


class Judge:
    """Watches one training of a graph, from its first evaluation on."""

    def __init__(self, graph: Graph, config: TrainingConfig, model: Model) -> None:
        self._graph, self._config, self._model = graph, config, model
        self._sign = -1.0 if graph.seed < 0 else 1.0
        self._start = model.theta.copy()
        self._losses: list[float] = []  # j, over all rows of training
        self._patience = PATIENCE if OPTIMISERS[config.optimizer].stable is None else 0
        self._scale = 1.0
        self._steepness = 0.0
        self._above = 0  # for how many steps running the loss has been out of bounds
        self._silent: tuple[str, int] | None = None  # the layer that lets nothing through, and since which step

    # --- at the start

    def begin(self, loss: float) -> Conclusion | None:
        """The first evaluation: what a training of this graph is measured by, and whether it can begin at all."""
        self._losses.append(self._sign * loss)
        evidence = self._evidence()
        pair = compared(evidence.graph, evidence.trace)
        self._scale = max(1.0, abs(loss), (pair and pair.constant_loss) or 0.0)
        gradient = self._model.pull(None)[1]
        self._steepness = norm(gradient)
        if np.any(gradient) and not self._shut(evidence):
            return None
        problem = hindrance(evidence)
        if problem is None:
            return None
        return Conclusion("no gradient", f"Training cannot begin. {problem.sentence}", problem.remedy, problem.ids)

    def not_finite(self, what: str, number: float, step: int) -> Conclusion:
        """A number is not finite: where it began, or that the steps were too large."""
        if not step:
            evidence = self._evidence()
            found = [*non_finite(evidence.graph, evidence.trace), *non_finite_gradient(evidence.graph, evidence.trace)]
            why, remedy, ids = (found[0].sentence, found[0].remedy, found[0].ids) if found else ("", "", ())
            said = f"The {what} is {number_text(number)} before the first step."
            return Conclusion("not finite", f"{said} {why}".rstrip(), remedy, ids)
        why, remedy, ids = self._why_it_grew()
        sentence = f"Training diverged: the {what} became {number_text(number)} after {counted(step, 'step')}. {why}"
        return Conclusion("not finite", sentence.rstrip(), remedy, ids)

    # --- on the way

    def at_step(self, loss: float, gradient_norm: float, step: int) -> Conclusion | None:
        """In each step: whether the loss, after the steps before, has left all bounds."""
        rise = self._sign * loss - self._losses[0]
        self._above = self._above + 1 if rise > GROWN * self._scale else 0
        if self._above > self._patience:
            return self._diverged(loss, step)
        if rise < -ENDLESS * self._scale and gradient_norm >= self._steepness:
            why, remedy, ids = why_it_fell_for_ever(self._evidence_of(self._graph))
            return Conclusion("diverged", f"Training diverged: {self._course(loss, step)}. {why}", remedy, ids)
        return None

    @property
    def unmoved(self) -> tuple[float, float] | None:
        """Between which losses `at_step` has nothing to say nor to remember; None: it watches each of them."""
        if self._above or not self._losses:
            return None
        ends = [self._losses[0] - ENDLESS * self._scale, self._losses[0] + GROWN * self._scale]
        low, high = sorted(self._sign * end for end in ends)
        return low, high

    def at_evaluation(self, loss: float, norms: dict[str, float], step: int) -> Conclusion | None:
        """Now and then, over all rows: whether it grows without end, or some layer lets nothing through any more."""
        self._losses.append(self._sign * loss)
        last = self._losses[-RISING - 1 :]
        rising = len(last) > RISING and all(a < b for a, b in pairwise(last))
        if rising and self._losses[-1] - self._losses[0] > 10 * self._scale:
            return self._diverged(loss, step)
        longest = max(norms.values(), default=0.0)
        if all(length > FAINT * longest for length in norms.values()):
            self._silent = None
            return None
        return self._collapsed(step)

    def _diverged(self, loss: float, step: int) -> Conclusion:
        why, remedy, ids = self._why_it_grew()
        return Conclusion("diverged", f"Training diverged: {self._course(loss, step)}. {why}", remedy, ids)

    def _course(self, loss: float, step: int) -> str:
        return course(self._sign * self._losses[0], loss, step)

    def _why_it_grew(self) -> Advice:
        return why_it_grew(self._evidence_of(self._graph), self._model, self._start, self._config)

    def _collapsed(self, step: int) -> Conclusion | None:
        evidence = self._evidence()
        shut = self._shut(evidence)
        if not shut:
            self._silent = None
            return None
        if self._silent is None or self._silent[0] != shut[0]:
            self._silent = (shut[0], step)
        if step - self._silent[1] < PATIENCE:
            return None
        return self._said_collapsed(evidence, self._silent)

    def _said_collapsed(self, evidence: Evidence, silent: tuple[str, int]) -> Conclusion:
        id, since = silent
        node = evidence.graph.nodes[id]
        units = int(np.size(evidence.local(id))) // max(1, evidence.rows or _first_length(evidence, id))
        who = f"all {units} units of {node.name} are" if units > 1 else f"{node.name} is"
        state, passes = ("closed", "no") if node.op.gate else ("saturated", "hardly any")
        where = evidence.where(evidence.rows or _first_length(evidence, id))
        sentence = f"Training has collapsed: since step {since}, {who} {state} {where}, so {passes} gradient passes."
        cause = hindrance(evidence)
        if cause is not None and cause.kind in GOALS:
            return Conclusion("collapsed", f"{sentence} {cause.sentence}", cause.remedy, cause.ids, since=since)
        other = "a leaky ReLU, which never closes" if node.op.gate else "smaller weights"
        remedy = f"Start afresh with a learning rate below {number_text(self._config.lr)}, or with {other}."
        return Conclusion("collapsed", sentence, remedy, (id,), since=since)

    def _shut(self, evidence: Evidence) -> list[str]:
        """The layers that let nothing through for any row, though the parameters before them should learn."""
        if (pair := compared(evidence.graph, evidence.trace)) is not None and pair.learnt:
            return []
        shut = [layer.id for layer in layers(evidence) if layer.all_closed]
        for id, node in evidence.graph.nodes.items():
            local = evidence.local(id) if node.op.steepest else None
            if local is not None and local.ndim and np.all(np.abs(local) < NO_SLOPE * node.op.steepest):
                shut.append(id)
        return [id for id in shut if self._cuts_off(evidence, id)]

    def _cuts_off(self, evidence: Evidence, id: str) -> bool:
        """Whether all parameters before a node are without a gradient because of it: there is no other way round."""
        before = evidence.graph.topology.ancestors(id)
        gradients = [evidence.trace.gradient(name) for name in self._model.names if name in before]
        largest = max((float(np.max(np.abs(g), initial=0.0)) for g in gradients if g is not None), default=1.0)
        return bool(gradients) and largest <= FAINT * max(self._steepness, FAINT)

    # --- at the end

    def at_end(self, loss: float, steps: int) -> Conclusion:
        """What is true of a training that has made its steps, or was stopped by hand."""
        first, last = self._losses[0], self._sign * loss
        said = self._course(loss, steps)
        evidence = self._evidence()
        pair = compared(evidence.graph, evidence.trace)
        if self._silent is not None and self._shut(evidence):
            return self._said_collapsed(evidence, self._silent)
        if pair is not None and _is_stuck(pair):
            return self._stuck(evidence, pair, said, steps)
        still = abs(last - first) <= STILL * max(abs(first), 1e-12)
        learnt = pair is not None and pair.learnt
        if last > first and not still and len(self._losses) <= FEW and last - first < abs(first) / 2:
            return Conclusion("stayed", f"Too few steps to tell: {said}.")
        if last > first and not still and not learnt:
            why, remedy, ids = self._why_it_grew()
            return Conclusion("rose", f"Training has made it worse: {said}. {why}", remedy, ids)
        if still or last > first:
            return self._stayed(evidence, said, steps, learnt)
        remarks = [self._endless(evidence, last), self._no_better(evidence, pair), unreached(self._graph)]
        if not learnt:
            remarks.insert(0, mistaken(evidence))
        why, remedy, ids = next((each for each in remarks if each[0]), ("", "", ()))
        words = f"{why} {remedy}".strip() or ("" if learnt else self._higher(last))
        return Conclusion("fell", f"Trained: {said}.", words, ids)

    def _endless(self, evidence: Evidence, last: float) -> Advice:
        """What to remark of a target that has fallen below 0, and is no less steep there."""
        gradient = self._model.pull(None)[1]
        if last >= 0 or norm(gradient) < (1 - STILL) * self._steepness:
            return "", "", ()
        return why_it_fell_for_ever(evidence)

    def _no_better(self, evidence: Evidence, pair: Comparison | None) -> Advice:
        """What to remark where the loss is about a constant's, or there is no constant to compare it with."""
        if pair is None or pair.loss < (1 - SLIGHT) * (pair.constant_loss or 0.0) or pair.loss <= SLIGHT * self._scale:
            return "", "", ()
        return remark(evidence)

    def _higher(self, last: float) -> str:
        """What to remark where the loss was much lower on the way."""
        best = min(self._losses)
        if last - best <= BOUNCED * (self._losses[0] - best):
            return ""
        lowest, now = number_text(self._sign * best, 3), number_text(self._sign * last, 3)
        smaller = f"A learning rate smaller than {number_text(self._config.lr)} may hold it there."
        return f"On the way it was lower than {now}: {lowest}. {smaller}"

    def _stuck(self, evidence: Evidence, pair: Comparison, said: str, steps: int) -> Conclusion:
        why, remedy, ids = why_constant(evidence, self._model, self._start, self._config, steps)
        same = f"the output is the same {evidence.where(len(np.asarray(pair.outputs)))}, no better than a constant"
        sentence = f"Training is stuck: {said}, and {same}. {why}"
        return Conclusion("stuck", sentence.rstrip(), remedy, ids)

    def _stayed(self, evidence: Evidence, said: str, steps: int, learnt: bool) -> Conclusion:
        if learnt:
            return Conclusion("stayed", f"It had learnt before: {said}.")
        why, remedy, ids = why_it_stayed(evidence, self._model, self._start, self._config, steps)
        return Conclusion("stayed", f"Little has changed: {said}. {why}".rstrip(), remedy, ids)

    # --- what it looks at

    def _evidence(self) -> Evidence:
        """The graph with what the model holds now, over all rows of training."""
        return self._evidence_of(with_parameters(self._graph, self._model))

    def _evidence_of(self, graph: Graph) -> Evidence:
        return gather(graph, run(graph))


def _is_stuck(pair: Comparison) -> bool:
    """Whether the outputs are the same for all rows although the targets are not, and the loss is a constant's."""
    if pair.constant_loss is None or pair.loss < (1 - STILL) * pair.constant_loss:
        return False
    outputs, targets = np.asarray(pair.outputs), np.asarray(pair.targets)
    spread = float(np.max(np.std(outputs, axis=0)))
    amounts = pair.node.op_name in ("mse", "squared_error", "mae")
    return spread < ALIKE * (float(np.max(np.std(targets, axis=0))) if amounts else 1.0)


def _first_length(evidence: Evidence, id: str) -> int:
    value = evidence.trace.value(id)
    return value.shape[0] if value is not None and value.ndim > 1 else 1
