"""What is said of a training when it ends: whether the loss fell, stayed or rose, and what went wrong where it did."""

from dataclasses import dataclass, replace
from typing import Literal

from engine.values.values import counted, number_text

Kind = Literal["fell", "stayed", "rose", "stuck", "not finite", "diverged", "collapsed", "no gradient"]
FAILED: frozenset[Kind] = frozenset({"rose", "stuck", "not finite", "diverged", "collapsed", "no gradient"})
STOPPING: frozenset[Kind] = frozenset({"not finite", "diverged", "collapsed", "no gradient"})


@dataclass(frozen=True)
class Conclusion:
    """How a training went, or why it had to stop: what happened, what to do about it, and the nodes to look at."""

    kind: Kind
    sentence: str
    remedy: str = ""
    ids: tuple[str, ...] = ()
    kept: str = ""  # which parameters are left, where it had to stop
    since: int | None = None  # the step from which on it went wrong, where the sentence names one

    @property
    def failed(self) -> bool:
        return self.kind in FAILED

    @property
    def stops(self) -> bool:
        return self.kind in STOPPING

    @property
    def text(self) -> str:
        return " ".join(part for part in (self.sentence, self.remedy, self.kept) if part)

    def keeping(self, step: int, made: int) -> "Conclusion":
        """The same, with what is kept of a training that was stopped after `made` steps."""
        if not made:
            kept = "Nothing was trained."
        elif not step:
            kept = "The parameters from before the first step are kept."
        else:
            kept = f"The parameters of step {step}, the best, are kept."
        return replace(self, kept=kept)


def course(first: float, last: float, steps: int) -> str:
    """`the loss fell from 0.7 to 0.05 in 700 steps`."""
    return f"{movement(first, last)} in {counted(steps, 'step')}"


def movement(first: float, last: float) -> str:
    """`the loss fell from 0.7 to 0.05`: digits enough to tell the two apart."""
    digits = next((d for d in (3, 4, 6, 9) if number_text(first, d) != number_text(last, d)), 0)
    if not digits:
        return f"the loss stayed at {number_text(first, 3)}"
    verb = "fell" if last < first else "rose"
    return f"the loss {verb} from {number_text(first, digits)} to {number_text(last, digits)}"
