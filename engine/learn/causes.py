"""Why a training went wrong, by the numbers of its start: learning rate against curvature, data, loss, decay.

Symbols: θ the parameters; η the learning rate; λ the largest curvature of the loss, the first eigenvalue of its
Hessian; w the weight decay. Gradient descent on a parabola overshoots more with each step where η > 2/λ; with momentum
μ where η > 2(1 + μ)/λ (Goh 2017, “Why momentum really works”).
"""

import math

import numpy as np

from engine.edits.nodes import set_parameters
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.model import Model
from engine.learn.optimisers import OPTIMISERS, Vector, norm
from engine.truth.diagnosis import findings
from engine.truth.evidence import Evidence
from engine.truth.flow import Regrowth, repeated
from engine.truth.magnitudes import rough
from engine.truth.pairs import enlarged_losses, wrong_pairs
from engine.truth.problem import Problem
from engine.values.values import number_text

Advice = tuple[str, str, tuple[str, ...]]  # why, what to do, where

ROUNDS = 12  # of the power iteration: two digits are enough for advice
NUDGE = 1e-4  # of the size of θ, by which its gradient is probed
SLOW = 0.01  # of the best step: a learning rate below it is too small
# What a finding is to be about to explain that the loss grew.
ENLARGING = ("unlike features", "large features", "exploding", "targets of another loss")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# What is wrong with the targets themselves: outputs that strive for them end where their activation is flat.
GOALS: tuple[str, ...] = ("targets out of range", "targets of another loss")


def steepest_curvature(model: Model, theta: Vector) -> float:
    """λ at θ over all rows of training, by power iteration on differences of gradients; nan where it has none."""
    now = model.theta.copy()
    direction = np.random.default_rng(0).normal(size=theta.size)
    curvature = math.nan
    with np.errstate(all="ignore"):
        nudge = NUDGE * max(1.0, norm(theta) / math.sqrt(theta.size))
        for _ in range(ROUNDS):
            direction /= norm(direction) or 1.0
            model.theta[:] = theta + nudge * direction
            ahead = model.pull(None)[1].copy()
            model.theta[:] = theta - nudge * direction
            bent = (ahead - model.pull(None)[1]) / (2 * nudge)
            curvature = float(np.dot(direction, bent))
            direction = bent
    model.theta[:] = now
    return curvature


def why_it_grew(evidence: Evidence, model: Model, start: Vector, config: TrainingConfig) -> Advice:
    """Why the loss grew although each step should have made it smaller."""
    graph = evidence.graph
    target = graph.nodes[graph.target or ""]
    if config.lr * config.weight_decay > 1:
        times = number_text(config.lr * config.weight_decay, 3)
        why = f"Weight decay × learning rate is {times}: each step takes more from a parameter than it holds."
        return why, f"Choose a weight decay far below {number_text(1 / config.lr, 2)}.", ()
    if graph.seed < 0 and target.op.group == "loss":
        return _climbing(evidence)
    limit = _largest_rate(model, start, config)
    below = f"a learning rate below {number_text(limit, 2)}" if math.isfinite(limit) else "a smaller learning rate"
    found = [problem for problem in findings(evidence) if problem.kind in ENLARGING]
    if found:
        return found[0].sentence, f"{found[0].remedy.rstrip('.')}, or choose {below}.", found[0].ids
    if (summed := _summed(evidence)) > 1:
        why = f"{target.name} is a sum over {rough(summed)} numbers, not their mean: its gradient is that much larger."
        return why, f"Use a mean, or choose {below}.", (target.id,)
    if (again := repeated(evidence)) is not None:
        return _grows_again_and_again(graph, again, config, limit)
    return _rate_too_large(config, limit)


def _grows_again_and_again(graph: Graph, again: Regrowth, config: TrainingConfig, limit: float) -> Advice:
    """What explodes is the factor of a recurrence: its power, and with it what one step does."""
    name, times = graph.nodes[again.by].name, str(again.times).translate(RAISED)
    each, in_all = number_text(again.growth, 3), number_text(again.growth**again.times, 2)
    grows = f"The gradient comes back through {name} {again.times} times and grows each time, about {each}-fold"
    why, remedy, _ = _rate_too_large(config, limit)
    said = f"{grows}: {each}{times} ≈ {in_all}-fold in all. So {why[0].lower()}{why[1:]}"
    rate = f"or c{remedy[1:]}" if math.isfinite(limit) else "or choose a smaller learning rate."
    cures = f"start with smaller weights in {name}, {rate}"
    return said, f"S{cures[1:]}" if config.clip else f"Clip the gradient to 1 (under More), {cures}", (again.by,)


def why_it_fell_for_ever(evidence: Evidence) -> Advice:
    """Why there is no lowest value."""
    graph = evidence.graph
    target = graph.nodes[graph.target or ""]
    if target.op.group == "loss":
        found = [problem for problem in findings(evidence) if problem.kind in ENLARGING]
        return (found[0].sentence, found[0].remedy, found[0].ids) if found else _climbing(evidence)
    why = f"{target.name} has no lowest value: it is no less steep than at the start."
    return why, "Make a loss the target, which cannot fall below 0.", (target.id,)


def _climbing(evidence: Evidence) -> Advice:
    graph = evidence.graph
    target = graph.nodes[graph.target or ""]
    why = f"The seed is {number_text(graph.seed)}, so each step makes {target.name} larger."
    return why, "Choose the seed 1: then training makes the loss smaller.", (target.id,)


def _rate_too_large(config: TrainingConfig, limit: float) -> Advice:
    rate = number_text(config.lr)
    if limit < config.lr:
        why = f"The learning rate {rate} is too large: above {number_text(limit, 2)}, each step overshoots"
        return f"{why} further than the one before.", f"Choose a learning rate below {number_text(limit / 2, 2)}.", ()
    remedy = f"Choose a learning rate of {number_text(config.lr / 10)}, or clip the gradient."
    return f"The learning rate {rate} is too large.", remedy, ()


def _largest_rate(model: Model, start: Vector, config: TrainingConfig) -> float:
    """The η from which on steps overshoot more and more; nan where the optimiser has no such limit."""
    stable = OPTIMISERS[config.optimizer].stable
    if stable is None:
        return math.nan
    curvature = steepest_curvature(model, start)
    return stable / curvature if curvature > 0 else math.nan


def _summed(evidence: Evidence) -> int:
    """How many numbers a target that is a sum adds up; 1 for any other."""
    graph = evidence.graph
    target = graph.nodes[graph.target or ""]
    if target.op_name != "sum":
        return 1
    value = evidence.trace.value(graph.into(target.id)[0].source)
    return 1 if value is None else value.size


# --- where nothing much happened


def why_it_stayed(evidence: Evidence, model: Model, start: Vector, config: TrainingConfig, steps: int) -> Advice:
    """Why the loss hardly moved; three empty parts where it may be as low as it can be."""
    found = hindrance(evidence)
    if found is not None:
        return found.sentence, found.remedy, found.ids
    length = norm(model.pull(None)[1])
    if config.clip and length > 10 * config.clip:
        shortened = f"from {number_text(length, 3)} to {number_text(config.clip)}"
        why = f"The gradient is clipped {shortened}, so each step is that much shorter."
        return why, "Clip less, or not at all.", ()
    return _rate_too_small(model, start, config, steps) if length else ("", "", ())


def _rate_too_small(model: Model, start: Vector, config: TrainingConfig, steps: int) -> Advice:
    """Whether the steps were too short to get anywhere: against the size of the parameters, or against 1/λ."""
    rate = number_text(config.lr)
    if OPTIMISERS[config.optimizer].stable is None:  # each step moves a parameter by the learning rate at most, nearly
        if config.lr * steps >= SLOW * max(0.1, norm(start) / math.sqrt(start.size)):
            return "", "", ()
        furthest = number_text(config.lr * steps, 2)
        why = f"The learning rate {rate} is too small: in all, no parameter moves by more than about {furthest}."
        return why, "Choose a larger one, 0.01 to begin with, or more steps.", ()
    curvature = steepest_curvature(model, start)
    if not curvature > 0 or config.lr >= SLOW / curvature or config.lr * steps >= 1 / curvature:
        return "", "", ()
    best = number_text(1 / curvature, 2)
    why = f"The learning rate {rate} is too small: the loss curves so gently that {best} would be safe."
    return why, f"Choose one of about {best}.", ()


def remark(evidence: Evidence) -> Advice:
    """What to say of a training whose loss fell, though to no less than a constant's: the first thing in its way."""
    found = hindrance(evidence)
    return (found.sentence, found.remedy, found.ids) if found else ("", "", ())


def mistaken(evidence: Evidence) -> Advice:
    """Two sides of a loss that broadcast, or two softmaxes: what keeps a loss high however long it is trained."""
    graph, trace = evidence.graph, evidence.trace
    problems = [*enlarged_losses(graph, trace), *wrong_pairs(graph, trace)]
    found = next((problem for problem in problems if problem.severity == "warning"), None)
    return (found.sentence, found.remedy, found.ids) if found else ("", "", ())


def unreached(graph: Graph) -> Advice:
    """Parameters that did not learn because the target does not depend on them."""
    target = graph.target or ""
    before = graph.topology.ancestors(target)
    ids = [id for id, node in graph.nodes.items() if node.op_name == "parameter" and id not in before]
    if not ids:
        return "", "", ()
    names = [graph.nodes[id].name for id in ids]
    said = f"{names[0]} does not" if len(ids) == 1 else f"{', '.join(names[:-1])} and {names[-1]} do not"
    return f"{said} reach {graph.nodes[target].name}, and learnt nothing.", "", tuple(ids)


def hindrance(evidence: Evidence) -> Problem | None:
    """What hinders a graph from learning; first a wrong goal: what is saturated or closed then is so because of it."""
    found = [problem for problem in findings(evidence) if problem.severity == "warning"]
    return min(found, key=lambda problem: problem.kind not in GOALS, default=None)


def why_constant(evidence: Evidence, model: Model, start: Vector, config: TrainingConfig, steps: int) -> Advice:
    """Why a model gives the same output for every row."""
    now = model.theta
    if config.weight_decay and norm(now) < 0.1 * norm(start):
        shrunk = f"from {number_text(norm(start), 3)} to {number_text(norm(now), 3)}"
        why = f"The weight decay {number_text(config.weight_decay)} has shrunk the parameters {shrunk}."
        return why, "Choose a smaller weight decay.", ()
    found = hindrance(evidence)
    if found is not None:
        return found.sentence, found.remedy, found.ids
    slow = _rate_too_small(model, start, config, steps) if norm(model.pull(None)[1]) else ("", "", ())
    if slow[0]:
        return slow
    remedy = "Give it more or wider layers, or check whether the features say anything about the targets."
    return "", remedy, ()


def with_parameters(graph: Graph, model: Model) -> Graph:
    """The graph with what the model holds now."""
    return graph.apply(set_parameters(graph, model.parameters(), "Train"))
