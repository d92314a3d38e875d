"""Edits of an exercise: what is asked, which numbers are hidden, which nodes are locked, and what is answered."""

from collections.abc import Iterable
from typing import Any

from engine.edits.checks import called, checked_value, known_node
from engine.errors import EditRefused
from engine.graph.change import NOTHING, Change
from engine.graph.exercise import KINDS, LONGEST_QUESTION, exercise_of, with_exercise
from engine.graph.graph import Graph
from engine.values.json_text import json_ready


def lock_nodes(graph: Graph, ids: Iterable[str], locked: bool = True) -> Change:
    """Lock nodes, so that they can only be moved; or unlock them."""
    return _listed(graph, "locked", ids, locked, "Lock" if locked else "Unlock")


def hide_values(graph: Graph, ids: Iterable[str], hidden: bool = True) -> Change:
    """Ask for the numbers of nodes; or ask no more."""
    return _listed(graph, "hidden", ids, hidden, "Ask for the numbers of" if hidden else "Give the numbers of")


def _listed(graph: Graph, name: str, ids: Iterable[str], there: bool, verb: str) -> Change:
    chosen = [known_node(graph, id).id for id in dict.fromkeys(ids)]
    before = list(getattr(exercise_of(graph), name))
    after = [*before, *(id for id in chosen if id not in before)] if there else [i for i in before if i not in chosen]
    facts = with_exercise(graph, **{name: after})
    return Change(facts=facts, text=f"{verb} {called(graph, chosen)}") if facts else NOTHING


def set_question(graph: Graph, text: str) -> Change:
    """Say in words what is asked; without any text nothing is."""
    said = "\n".join(line.rstrip() for line in text.replace("\t", " ").splitlines()).strip("\n")
    if len(said) > LONGEST_QUESTION:
        raise EditRefused(f"A question can have at most {LONGEST_QUESTION:,} characters, not {len(said):,}.")
    facts = with_exercise(graph, question=said)
    return Change(facts=facts, text="Set the question") if facts else NOTHING


def set_answer(graph: Graph, id: str, kind: str, value: Any) -> Change:
    """Answer what the value or the gradient of a hidden node is; None takes the answer back."""
    said = exercise_of(graph)
    node = known_node(graph, id)
    if id not in said.hidden:
        raise EditRefused(f"The numbers of {node.name} are not asked for.", (id,))
    if kind not in KINDS:
        raise EditRefused(f"An answer is a {' or a '.join(KINDS)}, not “{kind}”.", (id,))
    given = {name: each for name, each in said.answers.get(id, {}).items() if name != kind}
    if value is not None:
        given[kind] = json_ready(checked_value(value))
    answers = {name: each for name, each in {**said.answers, id: given}.items() if each}
    facts = with_exercise(graph, answers=answers)
    return Change(facts=facts, text=f"Answer the {kind} of {node.name}") if facts else NOTHING
