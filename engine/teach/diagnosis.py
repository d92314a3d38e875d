"""Judging an answer: right, too few digits, or wrong; and then which mistakes make just that number.

Every mistake is computed again over the numbers of the question. It is a candidate if what it makes is the answer and
is not what is right: nobody is told of a mistake that does no harm here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.passes.trace import ContributionStep, ForwardStep, SeedStep
from engine.show.wording import Wording, worded
from engine.teach.answer import Answer, Closeness, closeness, read_answer
from engine.teach.mistakes import MISTAKES, Arrived, Mistake, Slip
from engine.teach.question import Question
from engine.teach.sent_again import SentAgain
from engine.values.values import MINUS, Value, value_text

IN_LAST = "in the last"  # the detail of a mistake in the contribution that came last to a sum


@dataclass(frozen=True)
class Candidate:
    """A mistake that an answer may come from; `sentence` is what is said to who made it."""

    name: str
    title: str
    sentence: str


@dataclass(frozen=True)
class Judgement:
    """What becomes of an answer."""

    closeness: Closeness
    answer: Answer
    candidates: tuple[Candidate, ...] = ()

    @property
    def is_right(self) -> bool:
        return self.closeness == "right"


def judge(question: Question, typed: str, wording: Wording = "gradient") -> Judgement:
    """Judge what is typed. Raises ValueError with a sentence where it cannot be read."""
    answer = read_answer(typed, question.ask, known_names(question))
    close = closeness(answer, question.right)
    found = () if close == "right" else candidates(question, answer, wording)
    return Judgement("off" if found else close, answer, found)


def known_names(question: Question) -> tuple[str, ...]:
    """The names that may be said in an answer."""
    if question.ask != "silent":
        return ()
    return tuple(dict.fromkeys(question.names.node(step.edge.source) for step in question.sent_by_node))


def candidates(question: Question, answer: Answer, wording: Wording = "gradient") -> tuple[Candidate, ...]:
    """All mistakes that make this answer, each once: first those in a sum, then those in what came last to it."""
    found: dict[str, Candidate] = {}
    for name, made, detail in sorted(wrong_answers(question), key=lambda wrong: wrong[2] == IN_LAST):
        if name not in found and closeness(answer, made) == "right":
            mistake = MISTAKES[name]
            found[name] = Candidate(name, mistake.title, worded(_said(question, mistake, answer, detail), wording))
    return tuple(found.values())


def possible_mistakes(question: Question) -> frozenset[str]:
    """The mistakes that can be told from what is right here."""
    return frozenset(name for name, _, _ in wrong_answers(question))


def wrong_answers(question: Question) -> Iterator[tuple[str, Answer, str]]:
    """What every mistake makes of this question, where that is not right: (its name, the answer, a detail)."""
    with np.errstate(all="ignore"):
        for name, mistake in MISTAKES.items():
            for made, detail in _answers(question, mistake):
                if closeness(made, question.right) != "right":
                    yield name, made, detail


def _answers(question: Question, mistake: Mistake) -> Iterator[tuple[Answer, str]]:
    if question.ask == "silent":
        yield from _silent(question, mistake)
        return
    for quantity, detail in _wrong(question, mistake):
        try:
            made = question.seen(np.asarray(quantity)[()])
        except (IndexError, TypeError, ValueError):
            continue  # it has another shape, and no such cell
        if made.number is None or np.isfinite(made.number):
            yield made, detail


def _silent(question: Question, mistake: Mistake) -> Iterator[tuple[Answer, str]]:
    """Which edges would carry nothing if all that the node sends were sent with this mistake."""
    named = question.names
    quiet = {step.edge.source: True for step in question.sent_by_node}
    for step in question.sent_by_node:
        made = next(iter(_in_contribution(SentAgain(question.trace, step), mistake)), (step.contribution, ""))[0]
        quiet[step.edge.source] &= not np.any(made)
    yield Answer(names=frozenset(named.node(source) for source, is_quiet in quiet.items() if is_quiet)), ""


def _wrong(question: Question, mistake: Mistake) -> Iterator[Slip]:
    step = question.told
    if isinstance(step, ForwardStep):
        if mistake.in_value:
            yield from mistake.in_value(question, step)
        return
    if not isinstance(step, ContributionStep):
        yield from _wrong_seed(question, mistake)
        return
    sending = SentAgain(question.trace, step)
    if question.of == "local":
        yield from mistake.in_local(sending) if mistake.in_local else ()
        return
    sent = _in_contribution(sending, mistake)
    if question.of == "contribution":
        yield from sent
        return
    if step.before is None:
        yield from sent
        return
    yield from ((step.before + made, IN_LAST) for made, _ in sent if np.shape(made) == np.shape(step.before))
    if mistake.in_sum:
        yield from mistake.in_sum(_arrived(question, step))


def _wrong_seed(question: Question, mistake: Mistake) -> Iterator[Slip]:
    """The seed is not computed: it can only be forgotten, or be given the wrong sign."""
    if mistake is MISTAKES["no seed"]:
        yield np.ones_like(question.whole)[()], ""
    if mistake is MISTAKES["sign"]:
        yield -question.whole, ""


def _in_contribution(sending: SentAgain, mistake: Mistake) -> Iterator[Slip]:
    if mistake.in_contribution:
        yield from mistake.in_contribution(sending)
    elif mistake.in_local and mistake is not MISTAKES["too far"] and sending.step.local is not None:
        yield from ((sending.times(local), detail) for local, detail in mistake.in_local(sending))


def _arrived(question: Question, last: ContributionStep) -> Arrived:
    steps = [question.trace.steps[at] for at in question.trace.arrivals[last.edge.source]]
    parts = [(s.contribution, s.edge.dest) if isinstance(s, ContributionStep) else (s.gradient, "") for s in steps
             if isinstance(s, ContributionStep | SeedStep)]  # fmt: skip
    names = [question.names.node(id) if id else "the seed" for _, id in parts]
    return Arrived(tuple(part for part, _ in parts), tuple(names), last.total)


def _said(question: Question, mistake: Mistake, answer: Answer, detail: str) -> str:
    step, names = question.told, question.names
    fill = {"answer": answer.text, "detail": detail, "upstream": "", "seed": f"{names.seed:g}".replace("-", MINUS)}
    if isinstance(step, ContributionStep):
        sending = SentAgain(question.trace, step)
        fill |= {"node": names.node(step.edge.dest), "source": names.node(step.edge.source)}
        fill |= {"upstream": value_text(step.upstream), "own": _shown(sending.x)}
    else:
        inputs: tuple[Value, ...] = step.inputs if isinstance(step, ForwardStep) else ()
        first = next((names.node(edge.source) for edge in question.graph.into(step.node)), names.node(step.node))
        fill |= {"node": names.node(step.node), "source": first, "own": _shown(inputs[0]) if inputs else ""}
    said = mistake.says.format(**fill)
    return f"In the last contribution, from {fill['node']}: {said[0].lower()}{said[1:]}" if detail == IN_LAST else said


def _shown(value: Value) -> str:
    return value_text(value)
