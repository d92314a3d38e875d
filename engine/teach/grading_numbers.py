"""The numbers of a submission against those of the reference: values, gradients and answers, each by its node.

What is wrong only because something before it is wrong is counted, and named in one sentence with the others: the
sentences of their own are for where it begins. A gradient that lacks a path, or has one too many, is told by the path.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from engine.errors import FileError
from engine.files.codec import read_value
from engine.graph.exercise import KINDS, Exercise
from engine.graph.quoting import listed
from engine.passes.trace import ContributionStep
from engine.teach.grading_colours import Side
from engine.teach.grading_match import Pairs
from engine.teach.grading_structure import Tally, called, described
from engine.values.values import Value, exact_text, number_text, shape_text

_FEWEST_DIGITS = 3  # an answer that is rounded to fewer must be exact


def near_enough(one: Value | None, other: Value | None, tolerance: float) -> bool:
    """Whether two values are the same within a relative tolerance; nan is like nan, and shapes count."""
    if one is None or other is None:
        return one is other
    a, b = np.asarray(one), np.asarray(other)
    if a.shape != b.shape:
        return False
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(a), np.abs(b))
        scale = float(np.max(size[np.isfinite(size)], initial=0.0))
        close = np.abs(a - b) <= np.maximum(tolerance * size, tolerance * 1e-6 * scale)
    return bool(np.all(close | (a == b) | (np.isnan(a) & np.isnan(b))))


def judged_values(reference: Side, submission: Side, match: Pairs, tolerance: float) -> Tally:
    """The value of every node, at all its outputs."""
    wrong = {id for id in reference.graph.nodes if not _value_fits(reference, submission, match, id, tolerance)}
    marks = Tally(len(reference.graph.nodes) - len(wrong), len(reference.graph.nodes))
    there = [id for id in reference.graph.order if id in wrong and id in match.pairs]
    follow: list[str] = []
    for id in there:
        its = match.pairs[id]
        if any(edge.source in wrong for edge in reference.graph.into(id)):
            follow.append(its)
            continue
        found, right = submission.trace.value(its), reference.trace.value(id)
        marks.sentences.append(_told_value(reference, submission, id, its, found, right))
    marks.sentences += _followers(submission, follow, "value")
    return marks


def _value_fits(reference: Side, submission: Side, match: Pairs, id: str, tolerance: float) -> bool:
    if id not in match.pairs:
        return False
    wanted, found = reference.numbers(id), submission.numbers(match.pairs[id])
    return len(wanted) == len(found) and all(map(lambda a, b: near_enough(a, b, tolerance), wanted, found))


def _told_value(reference: Side, submission: Side, id: str, its: str, found: Value | None, right: Value | None) -> str:
    name = called(submission, its)
    if found is None:
        return f"{name} has no value yet; it should be {_shown(right)}."
    does = "holds" if submission.graph.nodes[its].op.is_leaf else "is"
    should = "should hold" if does == "holds" else "should be"
    return "{} {} {}; it {} {}.".format(name, does, *_two(found, right, should))


def _followers(submission: Side, ids: Sequence[str], what: str) -> Iterator[str]:
    if ids:
        names = listed([called(submission, id) for id in ids[:4]], "node")
        more = f" and {len(ids) - 4} more" if len(ids) > 4 else ""
        other = f"The {what} of" if len(ids) == 1 else f"The {what}s of"
        yield f"{other} {names}{more} {'is' if len(ids) == 1 else 'are'} wrong for that reason."


# --- gradients


def judged_gradients(reference: Side, submission: Side, match: Pairs, tolerance: float) -> Tally:
    """The gradient of every node that gets one."""
    asked = [id for id in reference.graph.nodes if reference.trace.gradient(id) is not None]
    fits = {id: _gradient_fits(reference, submission, match, id, tolerance) for id in asked}
    marks = Tally(sum(fits.values()), len(asked))
    if not marks.whole and (sentence := _another_target(reference, submission, match)):
        marks.sentences.append(sentence)
        return marks
    follow: list[str] = []
    for id in reversed(reference.graph.order):
        if fits.get(id, True) or id not in match.pairs:
            continue
        told = list(_told_gradient(reference, submission, match, id, tolerance))
        marks.sentences += told
        if not told:
            follow.append(match.pairs[id])
    marks.sentences += _followers(submission, follow, "gradient")
    return marks


def _another_target(reference: Side, submission: Side, match: Pairs) -> str:
    """What is said of all gradients at once, where they are of something else."""
    target = submission.graph.target
    if target is None:
        return "Without a target there are no gradients."
    if match.back.get(target) != reference.graph.target:
        return f"The gradients are those of {called(submission, target)}, which should not be the target."
    if submission.graph.seed != reference.graph.seed:
        return f"The gradients follow from what is put into the target, {called(submission, target)}."
    return ""


def _gradient_fits(reference: Side, submission: Side, match: Pairs, id: str, tolerance: float) -> bool:
    if id not in match.pairs:
        return False
    found = submission.trace.gradient(match.pairs[id])
    return near_enough(reference.trace.gradient(id), found, tolerance)


def _told_gradient(reference: Side, submission: Side, match: Pairs, id: str, tolerance: float) -> Iterator[str]:
    """Why a gradient is wrong, if it begins here: a path that is not there, one too many, or none at all."""
    its = match.pairs[id]
    name, found = called(submission, its), submission.trace.gradient(its)
    wanted, sent = _ways(reference, id), _ways(submission, its)
    there = {match.back.get(dest) for dest in sent}
    lost = [dest for dest in wanted if dest not in there]
    unasked = [dest for dest in sent if match.back.get(dest) not in wanted]
    is_now = "" if found is None else f": it is {', and should be '.join(_pair(found, reference.trace.gradient(id)))}"
    if lost and sent:
        paths = listed([described(reference, submission, match, dest) for dest in lost], "node")
        yield f"The gradient of {name} is missing the path through {paths}{is_now}."
    elif lost and id != reference.graph.target:
        yield f"No gradient arrives at {name}; it should be {_shown(reference.trace.gradient(id))}."
    if unasked:
        paths = listed([called(submission, dest) for dest in unasked], "node")
        told = "" if lost else is_now
        yield f"The gradient of {name} counts a path through {paths} that does not belong there{told}."
    if not lost and not unasked and _begins_here(reference, submission, match, wanted, tolerance):
        yield f"The gradient of {name} is wrong{is_now}."


def _ways(side: Side, id: str) -> dict[str, list[ContributionStep]]:
    """By the node that sends it: what arrives at a node."""
    found: dict[str, list[ContributionStep]] = {}
    for at in side.trace.arrivals.get(id, ()):
        step = side.trace.steps[at]
        if isinstance(step, ContributionStep):
            found.setdefault(step.edge.dest, []).append(step)
    return found


def _begins_here(reference: Side, submission: Side, match: Pairs, wanted: Mapping[str, Any], tolerance: float) -> bool:
    """Whether what is sent to a node is right before the last step to it."""
    for dest in wanted:
        if not _gradient_fits(reference, submission, match, dest, tolerance):
            return False
        if not _value_fits(reference, submission, match, dest, tolerance):
            return False
        for edge in reference.graph.into(dest):
            if not _value_fits(reference, submission, match, edge.source, tolerance):
                return False
    return True


# --- answers


def judged_answers(reference: Side, submission: Side, match: Pairs, asked: Exercise, said: Exercise) -> Tally:
    """What the student says of the nodes whose numbers were hidden."""
    marks = Tally()
    for id in asked.hidden:
        its = match.pairs.get(id)
        answers = said.answers.get(its, {}) if its is not None else {}
        for kind in KINDS:
            right = reference.trace.value(id) if kind == "value" else reference.trace.gradient(id)
            if right is None:
                continue
            marks.of += 1
            name = described(reference, submission, match, id)
            if kind not in answers:
                marks.sentences.append(f"The {kind} of {name} is not answered.")
            elif _is_right(answers[kind], right, asked.rubric["tolerance"]):
                marks.right += 1
            else:
                marks.sentences.append(f"The {kind} of {name} is not {_answer_text(answers[kind])}.")
    return marks


def _is_right(answer: Any, right: Value, tolerance: float) -> bool:
    try:
        value = read_value(answer)
    except FileError:
        return False
    if near_enough(value, right, tolerance):
        return True
    shaped = value.shape == right.shape
    return shaped and all(map(_rounds_to, np.ravel(value).tolist(), np.ravel(right).tolist()))


def _rounds_to(answer: float, right: float) -> bool:
    """Whether an answer is the right number, rounded to as many digits as were given."""
    if not np.isfinite(answer) or not np.isfinite(right):
        return False
    mantissa = repr(answer).split("e")[0].replace("-", "").replace(".", "").lstrip("0").rstrip("0")
    return float(f"{right:.{max(len(mantissa), _FEWEST_DIGITS)}g}") == answer


def _answer_text(answer: Any) -> str:
    return exact_text(answer) if isinstance(answer, int | float) else "what was answered"


# --- words


def _shown(value: Value | None) -> str:
    if value is None:
        return "none"
    return number_text(float(value)) if value.ndim == 0 else f"an array of shape {shape_text(value.shape)}"


def _pair(found: Value | None, right: Value | None) -> tuple[str, str]:
    """Two values that differ, with as many digits as it takes to see it."""
    if found is not None and right is not None and found.ndim == right.ndim == 0:
        one, other = number_text(float(found)), number_text(float(right))
        return (one, other) if one != other else (exact_text(float(found)), exact_text(float(right)))
    if found is None or right is None or found.shape != right.shape:
        return _shown(found), _shown(right)
    at = _first_other(np.asarray(found), np.asarray(right))
    place = f" at [{', '.join(map(str, at))}]"
    one, other = _pair(np.float64(np.asarray(found)[at]), np.float64(np.asarray(right)[at]))
    return one + place, other


def _two(found: Value, right: Value | None, should: str) -> tuple[str, str, str]:
    one, other = _pair(found, right)
    return one, should, other


def _first_other(found: np.ndarray, right: np.ndarray) -> tuple[int, ...]:
    with np.errstate(all="ignore"):
        gap = np.where(np.isnan(found) != np.isnan(right), np.inf, np.abs(found - right))
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(np.nan_to_num(gap, nan=0.0, posinf=1e308))), gap.shape))
