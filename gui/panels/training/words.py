"""What the training panel says: how far it is, what stands in the way, and what to do about it."""

from collections.abc import Iterable

import numpy as np

from engine.errors import GradloomError
from engine.graph.graph import Graph
from engine.learn.conclusion import Conclusion
from engine.learn.slow import SlowStep
from engine.learn.trainer import Evaluation, Trainer
from engine.learn.trouble import SeenProblem
from engine.truth.problem import Problem
from engine.values.values import number_text
from gui.panels.training.curves import unit_of
from gui.panels.training.pace import left_text

# The kind of an error → what to do about it.
REMEDIES = {
    "no parameter": "Select a leaf, and make it a parameter in the inspector.",
    "no target": "Select it, and choose Graph ▸ Make target.",
    "not one number": "Add a mean, a sum or a loss after it, and make that the target.",
}

DATA_ALONE = (
    "There is data, but no loss yet. Build a model behind the dataset, and a loss behind that: "
    "the graphs in File ▸ Examples ▸ Training show how."
)


def back(steps: int) -> str:
    """How a training is taken back: a save or a step told slowly on the way makes it several steps."""
    return f"Undo goes back to the beginning{f' in {steps} steps' if steps > 1 else ''}."


def percent(share: float) -> str:
    return f"{number_text(100 * share, 3)} %"


def place(trainer: Trainer, left: float | None = None, moves: bool = False) -> str:
    """How far it is, and the loss: of the last batch, or where a step sees all rows, after it; and the seconds left.

    After which step that is may be one off while it `moves`: all rows are looked at now and then.
    """
    losses, looks = trainer.history.losses, trainer.history.evaluations
    by_epoch = unit_of(trainer) == "epoch"
    looked = not by_epoch and bool(looks) and looks[-1].step == trainer.step
    last = looks[-1].loss if looked else losses[-1] if losses else None
    loss = "" if last is None else f", {'batch loss' if by_epoch else 'loss'} {number_text(last)}"
    before = "" if looked or by_epoch or moves or last is None else " before it"
    return f"Step {trainer.step} of {trainer.total}{loss}{before}{'' if left is None else f', {left_text(left)}'}"


def moment_place(trainer: Trainer, step: int) -> str:
    """How far a moment is to which one went back, and the loss over all rows there."""
    loss = next((look.loss for look in trainer.history.evaluations if look.step == step), None)
    return f"Step {step} of {trainer.total}{'' if loss is None else f', loss {number_text(loss)}'}"


def slow_place(taken: SlowStep) -> str:
    """Which step was made, and the loss that it has brought; how many there will be, nobody has said."""
    return f"Step {taken.number}, loss {number_text(float(np.ravel(taken.drop.after)[0]))}"


def running(trouble: SeenProblem | None, shown: int, is_paused: bool) -> tuple[str, str]:
    """What is said while it runs, and its role: what hinders it, or of which step the numbers are."""
    if trouble is not None:
        return ("Paused. " if is_paused else "") + trouble.sentence, "error"
    return f"{'Paused: the' if is_paused else 'The'} numbers in the graph are those after step {shown}.", "soft"


def again(shown: int, steps: int) -> str:
    """Of a graph that has what was learnt once more, after the edit that ended the training was taken back."""
    return f"The graph has the numbers after step {shown} again. Start goes on from here. {back(steps)}"


def finished(trainer: Trainer, steps: int) -> str:
    """How it went, once it has ended by itself."""
    said = trainer.conclude()
    text = f"{said.text} {_whose_numbers(trainer, said)}".rstrip()
    if said.stops and not trainer.kept:
        return text
    further = back(steps) if said.failed else f"Start goes on from here. {back(steps)}"
    return f"{text} {further}"


def _whose_numbers(trainer: Trainer, said: Conclusion) -> str:
    """Where it had to stop: that one sees the numbers that are kept, and how to see those that it speaks of."""
    if not said.stops or said.kind == "no gradient":
        return ""
    if (later := gone_wrong(trainer)) is None:
        return "The graph shows these." if trainer.step else ""
    see = f"“Show where” shows what became of it by step {later.step}"
    if not said.ids:
        see = f"click a curve at step {later.step} to see what became of it"
    return f"The graph shows these, from before it went wrong: {see}."


def gone_wrong(trainer: Trainer) -> Evaluation | None:
    """The last look at what went wrong, where the numbers that are kept are from before."""
    last = next((look for look in reversed(trainer.history.evaluations) if look.parameters is not None), None)
    said = trainer.conclusion
    if last is None or said is None or not said.stops or said.since is None:
        return None
    return last if trainer.kept < said.since <= last.step else None


def problem_of(error: GradloomError, problems: Iterable[Problem]) -> Problem | None:
    """The problem of the document that an error speaks of."""
    if error.kind != "unfinished":
        return None
    unfinished = (problem for problem in problems if problem.severity == "unfinished")
    return next((problem for problem in unfinished if problem.ids == error.ids), None)


def advice(error: GradloomError, graph: Graph, problems: Iterable[Problem]) -> str:
    """What is missing, and what to do about it."""
    if not graph.nodes:
        return "There is nothing to train yet: build a graph, or open one of File ▸ Examples ▸ Training."
    ops = {node.op_name: node.op.group for node in graph.nodes.values()}
    if error.kind == "no target" and "dataset" in ops and "loss" not in ops.values():
        return DATA_ALONE
    problem = problem_of(error, problems)
    remedy = problem.remedy if problem else REMEDIES.get(error.kind, "")
    return f"{str(error).rstrip('.')}. {remedy}".rstrip()
