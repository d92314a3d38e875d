"""What a submission is worth: values, gradients, structure and answers, weighed by the rubric of the reference.

Equal graphs get full marks, whatever their nodes are called and wherever they stand; what is not equal never does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import floor
from typing import Any

from engine.graph.exercise import ASPECTS, exercise_of
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.teach.exercises import drawn
from engine.teach.grading_colours import Side
from engine.teach.grading_match import matched
from engine.teach.grading_numbers import judged_answers, judged_gradients, judged_values
from engine.teach.grading_structure import Tally, judged_structure

MOST_SENTENCES = 12  # of one aspect


@dataclass(frozen=True)
class AspectMarks:
    """One line of a rubric: what it is worth, what was earned, and what there is to say."""

    points: float
    of: float
    right: int
    things: int
    feedback: tuple[str, ...]


@dataclass(frozen=True)
class Grade:
    """What a submission is worth, aspect by aspect; `student` is the number that its own numbers were drawn from."""

    aspects: Mapping[str, AspectMarks]
    student: int | None = None

    @property
    def points(self) -> float:
        return round(sum(each.points for each in self.aspects.values()), 2)

    @property
    def of(self) -> float:
        return round(sum(each.of for each in self.aspects.values()), 2)

    @property
    def full(self) -> bool:
        return all(each.right == each.things for each in self.aspects.values() if each.of)

    @property
    def feedback(self) -> list[str]:
        return [sentence for each in self.aspects.values() for sentence in each.feedback]

    def record(self) -> dict[str, Any]:
        """What --json prints."""
        aspects = {
            name: {"points": each.points, "of": each.of, "right": each.right, "things": each.things,
                   "feedback": list(each.feedback)}
            for name, each in self.aspects.items()
        }  # fmt: skip
        return {"points": self.points, "of": self.of, "full": self.full, "student": self.student, "aspects": aspects}


def grade(reference: Graph, submission: Graph) -> Grade:
    """Compare a submission with the reference. Raises GradloomError if the reference itself cannot be run."""
    run(reference)
    asked, said = exercise_of(reference), exercise_of(submission)
    reference = reference if said.student is None else drawn(reference, said.student)
    ours, its = Side(reference), Side(submission)
    match = matched(ours, its)
    tolerance = asked.rubric["tolerance"]
    judges: Mapping[str, Callable[[], Tally]] = {
        "structure": lambda: judged_structure(ours, its, match),
        "values": lambda: judged_values(ours, its, match, tolerance),
        "gradients": lambda: judged_gradients(ours, its, match, tolerance),
        "answers": lambda: judged_answers(ours, its, match, asked, said),
    }
    found = {name: judges[name]() for name in ASPECTS if name != "answers" or asked.hidden}
    weighed = {name: _weighed(marks, asked.rubric[name]) for name, marks in found.items()}
    return Grade(weighed, said.student)


def _weighed(marks: Tally, points: float) -> AspectMarks:
    """Points in hundredths; rounded down, so that only what is right in everything gets them all."""
    share = 1.0 if marks.whole else marks.right / marks.of
    earned = points if marks.whole else floor(points * share * 100) / 100
    sentences = list(dict.fromkeys(marks.sentences))
    if len(sentences) > MOST_SENTENCES:
        sentences = [
            *sentences[:MOST_SENTENCES],
            f"There are {len(sentences) - MOST_SENTENCES} more things like these.",
        ]
    return AspectMarks(earned, points, marks.right, marks.of, tuple(sentences))
