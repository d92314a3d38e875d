"""Judging an answer: right, too few digits, or wrong; and then which mistakes make just that number.

Every mistake is computed again over the numbers of the question. It is a candidate if what it makes is the answer and
is not what is right: nobody is told of a mistake that does no harm here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.ops.kernel import placeholders, reckoned
from engine.passes.trace import ContributionStep, ForwardStep
from engine.show.wording import Wording, worded
from engine.teach.answer import Answer, Closeness, closeness, read_answer
from engine.teach.mistakes import MISTAKES, Arrived, Mistake, Slip
from engine.teach.question import Question
from engine.teach.sent_again import SentAgain
from engine.values.values import number_text, value_text

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
        found = _silent(question) if question.ask == "silent" else _seen(question)
        yield from (wrong for wrong in found if closeness(wrong[1], question.right) != "right")


def _seen(question: Question) -> Iterator[tuple[str, Answer, str]]:
    step, numbers = question.told, numbers_of(question)
    is_sum = question.of == "gradient" and isinstance(step, ContributionStep) and step.before is not None
    for name, text, detail in wrong_texts(question):
        try:
            quantity = np.asarray(reckoned(text, numbers))
            if is_sum and quantity.shape != question.whole.shape:
                continue
            made = question.seen(quantity[()])
        except (IndexError, TypeError, ValueError):
            continue  # it has another shape, and no such cell
        if made.number is None or np.isfinite(made.number):
            yield name, made, detail


def numbers_of(question: Question) -> Mapping[str, Any]:
    """What the texts of its mistakes may name."""
    step = question.told
    if isinstance(step, ContributionStep):
        return SentAgain(question.trace, step).numbers
    inputs = step.inputs if isinstance(step, ForwardStep) else ()
    return dict(zip(placeholders(len(inputs)), inputs, strict=True)) | {"y": question.whole}


def wrong_texts(question: Question) -> Iterator[tuple[str, str, str]]:
    """How every mistake computes what is asked: (its name, a text over `numbers_of` the question, a detail)."""
    step = question.told
    sending = SentAgain(question.trace, step) if isinstance(step, ContributionStep) else None
    for name, mistake in MISTAKES.items():
        if sending is not None:
            slips = _in_sent(question, mistake, sending)
        elif isinstance(step, ForwardStep):
            slips = mistake.in_value(question, step) if mistake.in_value else iter(())
        else:
            slips = iter([(_WRONG_SEED[name], "")] if name in _WRONG_SEED else [])
        yield from ((name, text, detail) for text, detail in slips)


# The seed is not computed: it can only be forgotten, or be given the wrong sign.
_WRONG_SEED = {"no seed": "y ** 0", "sign": "-y"}


def _silent(question: Question) -> Iterator[tuple[str, Answer, str]]:
    """Which edges would carry nothing if all that the node sends were sent with a mistake."""
    named, every = question.names, [SentAgain(question.trace, step) for step in question.sent_by_node]
    for name, mistake in MISTAKES.items():
        quiet = {sending.step.edge.source: True for sending in every}
        for sending in every:
            made = next((text for text, _ in _in_contribution(sending, mistake)), "sent")
            quiet[sending.step.edge.source] &= not np.any(reckoned(made, sending.numbers))
        names = frozenset(named.node(source) for source, is_quiet in quiet.items() if is_quiet)
        yield name, Answer(names=names), ""


def _in_sent(question: Question, mistake: Mistake, sending: SentAgain) -> Iterator[Slip]:
    if question.of == "local":
        yield from mistake.in_local(sending) if mistake.in_local else ()
        return
    sent = _in_contribution(sending, mistake)
    if question.of == "contribution" or sending.step.before is None:
        yield from sent
        return
    yield from ((f"before + ({made})", IN_LAST) for made, _ in sent)
    if mistake.in_sum:
        yield from mistake.in_sum(_arrived(question, sending))


def _in_contribution(sending: SentAgain, mistake: Mistake) -> Iterator[Slip]:
    if mistake.in_contribution:
        yield from mistake.in_contribution(sending)
    elif mistake.in_local and mistake is not MISTAKES["too far"] and sending.step.local is not None:
        yield from ((f"back(g * ({local}))", detail) for local, detail in mistake.in_local(sending))


def _arrived(question: Question, sending: SentAgain) -> Arrived:
    steps = [question.trace.steps[at] for at in sending.arrived]
    ids = [step.edge.dest if isinstance(step, ContributionStep) else "" for step in steps]
    return Arrived(tuple(question.names.node(id) if id else "the seed" for id in ids))


def _said(question: Question, mistake: Mistake, answer: Answer, detail: str) -> str:
    step, (node, source) = question.told, told_names(question)
    fill = {"answer": answer.text, "detail": detail, "upstream": "", "own": "", "node": node, "source": source}
    fill["seed"] = number_text(question.names.seed, 6)
    if isinstance(step, ContributionStep):
        fill |= {"upstream": value_text(step.upstream), "own": value_text(SentAgain(question.trace, step).x)}
    elif isinstance(step, ForwardStep) and step.inputs:
        fill["own"] = value_text(step.inputs[0])
    return says(mistake, detail == IN_LAST).format(**fill)


def says(mistake: Mistake, in_last: bool) -> str:
    """What is said of a mistake, with names in braces where names and numbers go."""
    said = mistake.says
    begin = said[0] if said[0] == "{" else said[0].lower()
    return f"In the last contribution, from {{node}}: {begin}{said[1:]}" if in_last else said


def told_names(question: Question) -> tuple[str, str]:
    """What the sentences call {node} and {source}."""
    step, names = question.told, question.names
    if isinstance(step, ContributionStep):
        return names.node(step.edge.dest), names.node(step.edge.source)
    first = next((edge.source for edge in question.graph.into(step.node)), step.node)
    return names.node(step.node), names.node(first)
