"""Where in a pass a step of a lesson is, what of the graph lights up, and which question it asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import numpy as np

from engine.errors import TextError
from engine.graph.records import EdgeKey
from engine.passes.trace import Trace
from engine.teach.answer import Ask
from engine.teach.lessons.lesson import LessonTask, Sight
from engine.teach.lessons.reckoning import Reckoning, asked_of
from engine.teach.question import Of, Question

_WORDS: dict[str, Callable[[Trace], int]] = {
    "start": lambda trace: 0,
    "backward": lambda trace: trace.backward_start,
    "seed": lambda trace: min(trace.backward_start + 1, len(trace)),
    "end": len,
}
ASKS: tuple[Ask, ...] = get_args(Ask)
_OF: dict[str, Of] = {"value": "value", "grad": "gradient", "sent": "contribution", "local": "local"}


def place_of(reckoning: Reckoning, words: str) -> int:
    """The position behind what is named: `start`, `backward`, `seed`, `end`, `p`, `grad(x)`, `sent(x, p)`."""
    if words in _WORDS:
        return _WORDS[words](reckoning.trace)
    if words.startswith("before "):
        return _step_of(reckoning, words.removeprefix("before "))[0]
    return _step_of(reckoning, words)[0] + 1


def _step_of(reckoning: Reckoning, words: str) -> tuple[int, Of, tuple[int, ...] | None]:
    """The step that tells of a number. Raises TextError."""
    kind, names, cell = asked_of(words)
    trace = reckoning.trace
    if kind in ("value", "grad"):
        if names[0] not in reckoning.graph.nodes:
            reckoning.number(names[0])  # which says so
        arrived = trace.arrivals.get(names[0])
        found = trace.value_at.get((names[0], 0)) if kind == "value" else (arrived[-1] if arrived else None)
    else:
        edge = reckoning.edge(names[0], names[1], *names[2:])
        found = trace.contribution_at.get(edge.key)
    if found is None:
        raise TextError(f"no step of the pass tells of {words}")
    return found, _OF[kind], cell


def question_of(reckoning: Reckoning, task: LessonTask, trace: Trace | None = None) -> Question:
    """The question of a task that predicts. Raises TextError."""
    at, of, cell = _step_of(reckoning, task.goal)
    trace = trace or reckoning.trace
    ask = next((ask for ask in ASKS if ask == task.ask), None)
    if ask is None:
        raise TextError(f"ask takes one of {', '.join(ASKS)}")
    question = Question(reckoning.graph, trace, at, of, ask, cell)
    whole = question.whole
    if task.ask in ("number", "sign"):
        if np.ndim(whole) and cell is None:
            raise TextError(f"{task.goal} is an array: ask for one cell of it, as in {task.goal}[0, 1]")
        try:
            question.right  # noqa: B018 - whether there is such a cell
        except (IndexError, TypeError, ValueError):
            raise TextError(f"{task.goal} has no such cell") from None
    return question


def lit(reckoning: Reckoning, sight: Sight) -> tuple[frozenset[str], frozenset[EdgeKey]]:
    """The nodes and edges that light up. Raises TextError."""
    nodes, edges = set(), set()
    for each in sight.look:
        source, arrow, dest = each.partition(" -> ")
        if arrow:
            known = dest in reckoning.graph.nodes
            found = [edge.key for edge in reckoning.graph.into(dest) if edge.source == source] if known else []
            if not found:
                raise TextError(f"no edge goes from {source} to {dest}")
            edges.update(found)
        elif each in reckoning.graph.nodes:
            nodes.add(each)
        else:
            raise TextError(f"there is no node “{each}” in this graph")
    return frozenset(nodes), frozenset(edges)
