"""What the web page of a graph asks of each step, and what it says to the classic mistakes, worked out beforehand."""

from __future__ import annotations

import math
from typing import Any

from engine.graph.graph import Graph
from engine.passes.trace import SeedStep, Trace
from engine.show.wording import WORDINGS
from engine.teach.answer import Answer
from engine.teach.asking import MODES
from engine.teach.diagnosis import candidates, wrong_answers
from engine.teach.question import Question
from engine.values.values import number_text

MOST_STEPS = 120  # of a pass whose wrong answers are worked out: the page stays small
ASKED = {"value": "value", "gradient": "total", "contribution": "contribution"}  # what a step of the page calls it


def question_facts(graph: Graph, trace: Trace, at: int) -> dict[str, Any]:
    """The question of a step in both wordings, which of its numbers is asked, and [number, what is said] of each
    mistake; nothing where the page asks nothing."""
    question = MODES["each"].ask(graph, trace, at)
    if question is None or question.cell is not None or isinstance(question.told, SeedStep):
        return {}
    facts: dict[str, Any] = {"asks": ASKED[question.of], "question": [question.text(each) for each in WORDINGS]}
    return facts | ({"wrong": _wrong(question)} if len(trace) <= MOST_STEPS else {})


def _wrong(question: Question) -> list[list[Any]]:
    """Each number that a classic mistake makes, with the mistakes that make it, in both wordings."""
    found: dict[str, list[Any]] = {}
    for _, made, _ in wrong_answers(question):
        if made.number is None or not math.isfinite(made.number):
            continue
        key = number_text(made.number, 6)
        if key not in found:
            said = [_said(question, Answer(number=made.number), wording) for wording in (0, 1)]
            found[key] = [made.number, said[0], *([said[1]] if said[1] != said[0] else [])]
    return list(found.values())


def _said(question: Question, answer: Answer, wording: int) -> str:
    told = candidates(question, answer, WORDINGS[wording])
    return " ".join(f"{each.title}. {each.sentence}" for each in told)
