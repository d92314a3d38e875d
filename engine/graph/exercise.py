"""What a document asks of a student, and what the answers are worth: kept under `exercise` in the file.

question   what is asked, in words
hidden     the nodes whose numbers are asked for
locked     the nodes that an edit may only move
student    the number from which the values of the leaves were drawn
rubric     points for structure, values, gradients and answers, and the tolerance of numbers
answers    by node, what the student says: {"q": {"value": 3, "gradient": -4}}
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from types import MappingProxyType
from typing import Any

from engine.graph.graph import Graph
from engine.values.plain import carried_flaw, shortened, text_flaw

KEY = "exercise"
ASPECTS = ("structure", "values", "gradients", "answers")  # what points are given for
KINDS = ("value", "gradient")  # what is asked of a hidden node
USUAL: Mapping[str, float] = MappingProxyType(
    {"structure": 4.0, "values": 3.0, "gradients": 3.0, "answers": 5.0, "tolerance": 1e-6}
)
MOST_POINTS, LONGEST_QUESTION = 1e6, 5000
FactDiff = dict[str, tuple[Any, Any]]
_Place = tuple[str, str]  # half a sentence, and where


@dataclass(frozen=True)
class Exercise:
    """What stands in a document, with what counts where nothing is said."""

    question: str = ""
    hidden: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    student: int | None = None
    rubric: Mapping[str, float] = field(default_factory=lambda: USUAL)
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def exercise_of(graph: Graph) -> Exercise:
    """The exercise of a document that is sound."""
    said = graph.fact(KEY) or {}
    hidden, locked = (tuple(said.get(name, ())) for name in ("hidden", "locked"))
    rubric = {**USUAL, **said.get("rubric", {})}
    return Exercise(said.get("question", ""), hidden, locked, said.get("student"), rubric, said.get("answers", {}))


def with_exercise(graph: Graph, **parts: Any) -> FactDiff:
    """What differs in the facts when the exercise says this; what is None or empty is said no more."""
    before = graph.facts.get(KEY)
    after = {**(before or {}), **parts}
    kept = {name: after[name] for name in _PARTS if name in after and after[name] not in (None, "", [], {})}
    return {} if kept == (before or {}) else {KEY: (before, kept or None)}


def exercise_without(graph: Graph, ids: Iterable[str]) -> FactDiff:
    """What differs in the facts when nodes go."""
    gone = set(ids)
    return _named(graph, lambda id: None if id in gone else id)


def exercise_renamed(graph: Graph, names: Mapping[str, str]) -> FactDiff:
    """What differs in the facts when nodes are called otherwise."""
    return _named(graph, lambda id: names.get(id, id))


def _named(graph: Graph, called: Any) -> FactDiff:
    said = graph.facts.get(KEY)
    if not said:
        return {}
    lists = {name: [called(id) for id in said[name] if called(id)] for name in ("hidden", "locked") if name in said}
    answers = {called(id): each for id, each in said.get("answers", {}).items() if called(id)}
    return with_exercise(graph, **lists, answers=answers)


# --- what it may be


def exercise_flaw(graph: Graph, fact: Any) -> _Place | None:
    """Why an exercise cannot be, and the place in it."""
    if fact is None:
        return None
    if not isinstance(fact, dict):
        return "there must be an object here", ""
    found = carried_flaw(fact)
    if found[0]:
        return found
    for name, part in fact.items():
        if name not in _PARTS:
            return f"an exercise has no “{shortened(name)}”", f".{shortened(name)}"
        if flaw := next(_PARTS[name](graph, part), None):
            return flaw[0], f".{name}{flaw[1]}"
    return None


def _question_flaws(graph: Graph, said: Any) -> Iterator[_Place]:
    text = said.replace("\n", " ") if isinstance(said, str) else said
    if why := text_flaw(text, LONGEST_QUESTION):
        yield f"the question {why}", ""


def _list_flaws(graph: Graph, ids: Any) -> Iterator[_Place]:
    if not isinstance(ids, list):
        yield "there must be a list of nodes here", ""
        return
    seen: set[str] = set()
    for i, id in enumerate(ids):
        if not isinstance(id, str) or id not in graph.nodes:
            yield f"there is no node “{shortened(str(id))}”", f"[{i}]"
            return
        if id in seen:
            yield f"“{shortened(id)}” stands here twice", f"[{i}]"
            return
        seen.add(id)


def _student_flaws(graph: Graph, number: Any) -> Iterator[_Place]:
    if type(number) is not int or number < 0:
        yield "there must be a whole number here, 0 or above", ""


def _rubric_flaws(graph: Graph, rubric: Any) -> Iterator[_Place]:
    if not isinstance(rubric, dict):
        yield "there must be an object here", ""
        return
    for name, points in rubric.items():
        if name not in USUAL:
            yield f"a rubric has no “{shortened(name)}”: it has {', '.join(USUAL)}", f".{shortened(name)}"
        elif type(points) not in (int, float) or not isfinite(points) or not 0 <= points <= MOST_POINTS:
            yield f"there must be a number from 0 to {MOST_POINTS:,.0f} here", f".{name}"
        elif name == "tolerance" and not points < 1:
            yield "a tolerance must be below 1", f".{name}"


def _answers_flaws(graph: Graph, answers: Any) -> Iterator[_Place]:
    if not isinstance(answers, dict):
        yield "there must be an object here", ""
        return
    for id, said in answers.items():
        place = f".{shortened(id)}"
        if id not in graph.nodes:
            yield f"there is no node “{shortened(id)}”", place
        elif not isinstance(said, dict) or not said.keys() <= set(KINDS):
            yield f"an answer has a {' and a '.join(KINDS)}", place
        else:
            yield from (("there must be a number here, or lists of numbers", f"{place}.{kind}")
                        for kind, value in said.items() if not _is_number(value))  # fmt: skip


def _is_number(value: Any) -> bool:
    """Whether this is a number, or lists of them; one that is not finite is text, as in values."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, list) and item:
            todo += item
        elif type(item) not in (int, float) and item not in ("nan", "inf", "-inf"):
            return False
    return True


_PARTS: Mapping[str, Any] = {
    "question": _question_flaws, "hidden": _list_flaws, "locked": _list_flaws, "student": _student_flaws,
    "rubric": _rubric_flaws, "answers": _answers_flaws,
}  # fmt: skip
