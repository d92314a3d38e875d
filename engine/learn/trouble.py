"""What goes wrong while it trains: the problem that hinders learning, and after which step it was first seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.learn.causes import GOALS
from engine.truth.problem import Problem
from engine.values.values import thousands


@dataclass(frozen=True)
class SeenProblem:
    """A problem of the graph with the parameters after `step`, in epochs `epoch`, where it was first seen."""

    problem: Problem
    step: int
    epoch: float

    @property
    def sentence(self) -> str:
        """What, and since when."""
        since = f"since step {thousands(self.step)}" if self.step else "from the start"
        return f"{self.problem.sentence} Seen {since}."


def followed(known: SeenProblem | None, problems: Iterable[Problem], step: int, epoch: float) -> SeenProblem | None:
    """The trouble that is known, in the words of now, as long as it lasts; else the first of those seen now."""
    warnings = {problem.kind: problem for problem in problems if problem.severity == "warning"}
    if known is not None and (still := warnings.get(known.problem.kind)) is not None:
        return replace(known, problem=still)
    first = min(warnings.values(), key=lambda problem: problem.kind not in GOALS, default=None)
    return None if first is None else SeenProblem(first, step, epoch)
