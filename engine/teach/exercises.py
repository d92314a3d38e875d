"""What a student gets of a teacher's graph: numbers of their own, hidden and locked nodes, or only the leaves of it.

The numbers are drawn from the student's number alone, and so are the same on every machine and for every grading. Of
many draws the one is taken whose values and gradients come out shortest: small decimals, finite, and no gradient 0 that
was none before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import isfinite
from random import Random

import numpy as np

from engine import edits
from engine.errors import GradloomError
from engine.graph.change import Change
from engine.graph.exercise import exercise_of
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import run, trace_of
from engine.passes.trace import Trace
from engine.text.write import unparse
from engine.values.values import Value, as_value

_SIZES = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 0.2, 0.4)
_DRAWS, _WORK = 80, 20_000  # draws at most; nodes computed in all of them at most
_MOST_DRAWN = 64  # elements of a leaf that gets other numbers: more is data
_DIGITS = 8
_LARGE = 100.0
_NOTE = (40.0, 480.0)  # how far above the graph the question stands, and how wide


def drawn(graph: Graph, student: int) -> Graph:
    """The graph with the numbers of one student. Raises GradloomError where no draw can be computed."""
    trace = run(graph)
    leaves = [node for node in graph.nodes.values() if _may_vary(node)]
    if not leaves:
        return graph
    random = Random(f"gradloom {student}")  # of a text: the same on every version of Python
    plan, held = make_plan(graph), leaf_values(graph)
    best: tuple[float, dict[str, Value]] | None = None
    for _ in range(max(4, min(_DRAWS, _WORK // max(len(graph.nodes), 1)))):
        values = {node.id: _value(node, random) for node in leaves}
        cost = _cost(trace, trace_of(plan, {**held, **values}, graph.seed), values)
        if isfinite(cost) and (best is None or cost < best[0]):
            best = (cost, values)
    if best is None:
        raise GradloomError(f"no numbers were found for student {student} with which every node has a finite value")
    nodes = {id: replace(graph.nodes[id], value=value) for id, value in best[1].items()}
    return replace(graph, nodes={**graph.nodes, **nodes})


def _may_vary(node: Node) -> bool:
    """Whether a leaf gets numbers of the student's own: not a constant, nor data, nor a choice among classes."""
    if node.value is None or node.op.constant or node.value.size > _MOST_DRAWN:
        return False
    array = np.asarray(node.value)
    return array.ndim == 0 or not np.isin(array, (0.0, 1.0)).all()


def _value(node: Node, random: Random) -> Value:
    shape = np.asarray(node.value).shape
    numbers = [random.choice(_SIZES) * random.choice((1, -1)) for _ in range(int(np.prod(shape)))]
    return as_value(np.reshape(numbers, shape))


def _cost(before: Trace, trace: Trace, values: dict[str, Value]) -> float:
    """How badly numbers come out: digits behind the point, size, equal leaves, gradients that vanish."""
    if trace.failures or trace.first_non_finite is not None:
        return float("inf")
    cost = 0.0
    for step in trace.forward_steps:
        cost += _untidy(step.value)
    for id in trace.arrivals:
        gradient, was = trace.gradient(id), before.gradient(id)
        if gradient is None or was is None or not np.isfinite(gradient).all():
            return float("inf")
        cost += _untidy(gradient)
        cost += 30.0 if np.any(was) and not np.any(gradient) else 0.0
    numbers = [float(value) for value in values.values() if value.ndim == 0]
    return cost + 3.0 * (len(numbers) - len(set(numbers)))


def _untidy(value: Value) -> float:
    digits = 0.0
    for number in np.ravel(value)[:_MOST_DRAWN].tolist():
        _, _, behind = f"{abs(number):.{_DIGITS}f}".rstrip("0").partition(".")
        digits += len(behind) + (4.0 if abs(number) > _LARGE else 0.0)
    return digits / max(1, min(np.size(value), _MOST_DRAWN))


# --- what is handed out


@dataclass(frozen=True)
class Handed:
    """What a student's file is made of: `build` leaves the student only the leaves, and the formula in words."""

    student: int | None = None
    hidden: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    question: str = ""
    build: bool = False


def handed_out(graph: Graph, how: Handed) -> Graph:
    """A student's own graph: without the rubric, with the question as a note above it. Raises GradloomError.

    What `how` leaves open is as the teacher's graph says.
    """
    said = exercise_of(graph)
    how = replace(how, hidden=how.hidden or said.hidden, locked=how.locked or said.locked)
    for missing in (id for id in (*how.hidden, *how.locked) if id not in graph.nodes):
        raise GradloomError(f"there is no node “{missing}”")
    graph = graph if how.student is None else drawn(graph, how.student)
    question = how.question or said.question or " ".join(_questions(graph, how))
    facts = {name: fact for name, fact in graph.facts.items() if name not in ("exercise", "example")}
    given = replace(graph, facts=facts)
    if how.build:
        given = given.apply(edits.delete(given, [id for id, node in given.nodes.items() if not node.op.is_leaf]))
    asked = {
        "question": question,
        "hidden": [id for id in how.hidden if id in given.nodes],
        "locked": [id for id in how.locked if id in given.nodes],
        "student": how.student,
    }
    kept = {name: part for name, part in asked.items() if part not in (None, "", [])}
    given = given.apply(edits.set_fact(given, "exercise", kept or None))
    return given.apply(_note(given, question)) if question else given


def _note(graph: Graph, question: str) -> Change:
    left, top = (min((node.pos[i] for node in graph.nodes.values()), default=0.0) for i in (0, 1))
    lines = 2 + len(question) // 50
    return edits.make_note(graph, question, (left, top - _NOTE[0] - 24.0 * lines), _NOTE[1])


def _questions(graph: Graph, how: Handed) -> Iterator[str]:
    if how.build:
        yield f"Build this graph: {formula_of(graph)}."
        if graph.target is not None:
            yield f"Make {graph.target} the target."
    if how.hidden:
        names = _and([graph.nodes[id].name for id in how.hidden])
        yield f"What {'are the values and the gradients' if len(how.hidden) > 1 else 'are the value and the gradient'}"\
              f" of {names}?"  # fmt: skip


def formula_of(graph: Graph) -> str:
    """What a graph computes, as assignments in a row: `q = x + y; f = q * z`."""
    leaves = {id for id, node in graph.nodes.items() if node.op.is_leaf}
    lines = [line for line in unparse(graph).splitlines() if " = " in line and not line.startswith("#")]
    return "; ".join(line for line in lines if line.split(" = ")[0].rstrip("_") not in leaves)


def _and(names: Iterable[str]) -> str:
    said = list(names)
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
