"""The sums of lessons in JavaScript: they are what the program computes, at first and of other numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from engine.errors import TextError
from engine.export.page_facts import plain_value
from engine.export.web_page import as_data, asset, program_source
from engine.graph.graph import Graph
from engine.passes.run import holding
from engine.teach.lessons.lesson import LessonPassage, LessonStep
from engine.teach.lessons.live import goal_source, sum_source
from engine.teach.lessons.reading import load_lesson
from engine.teach.lessons.reckoning import Reckoning, digits_of
from engine.teach.lessons.said import sums_in
from engine.teach.lessons.shelf import shelved
from engine.text.read import parse
from tests.engine.javascript import in_node, needs_node

SCRIPT = """
const at = (program, leaves, seed) => {
  const run = new Passes(leaves.map(untold), seed);
  program(run);
  return new Numbers({ program }, run);
};
"""
ARRAYS = "x = np.array([1, 2]); W = np.array([[1, -2], [0.5, 3]]); y = W @ x; L = (y * y).sum()"
GOALS = ("y > 20", "abs(grad(x)) < 0.051", "y > 8 and y < 10", "y - 2*x >= 3 or -x > 0", "y == 3*x", "y(x=2) < 5")
SUMS = (
    "W[0, 1] * x[1]",
    "grad(W)[1]",
    "max(abs(grad(W))) + min(x)",
    "sum(W) / size(W)",
    "-sqrt(L) + exp(0)",
    "x[-1]**2",
)


def told(cases: list[tuple[Graph, list[str]]]) -> list[list[object]]:
    """What JavaScript makes of sources over graphs: texts of numbers to 12 digits, or whether it is so."""
    lines = []
    for graph, sources in cases:
        trace = Reckoning(graph).trace
        held = [plain_value(step.value) for step in trace.forward_steps if graph.nodes[step.node].op.is_leaf]
        program = program_source(graph, trace, "").replace("function (run)", "(run) =>", 1)
        said = ", ".join(
            f"((x) => x === true || x === false ? x : valueText(as(x), 9, 12))({each})" for each in sources
        )
        lines.append(f"((n) => [{said}])(at({program.strip()}, {as_data(held)}, {graph.seed!r}))")
    script = "\n".join([asset("live.js"), SCRIPT, f"answer([{', '.join(lines)}]);"])
    found: list[list[object]] = in_node(script)
    return found


def passages(step: LessonStep) -> Iterator[LessonPassage]:
    yield from step.body
    task = step.task
    if task is not None:
        yield from (each for each in (task.words, task.right, task.hint, *(words for _, words in task.when)) if each)


def sums_of(step: LessonStep) -> list[str]:
    own = [digits_of(text)[0] for passage in passages(step) for text in sums_in(passage)]
    return own + ([step.task.goal] if step.task is not None and step.task.kind in ("answer", "predict") else [])


def moved(graph: Graph) -> Graph:
    """The same with other numbers in its leaves."""
    values = {id: node.value for id, node in graph.nodes.items() if node.op.holds_value and node.value is not None}
    return holding(graph, {id: np.asarray(value) * 0.75 + 0.25 for id, value in values.items()})


@needs_node
def test_the_sums_of_every_lesson_are_the_same_in_javascript_whatever_the_numbers() -> None:
    steps = [step for each in shelved() for step in load_lesson(each.path).lesson.steps]
    cases: list[tuple[Graph, list[str]]] = []
    wanted: list[tuple[str, list[str]]] = []
    known = live = 0
    for step in steps:
        texts = sums_of(step)
        sources = {text: sum_source(text, Reckoning(step.graph)) for text in texts}
        known, live = known + len(texts), live + sum(map(bool, map(sources.__getitem__, texts)))
        for graph in (step.graph, moved(step.graph)):
            said = {text: Reckoning(graph).said(f"{text};9") for text in sources if sources[text]}
            cases.append((graph, [sources[text] for text in said]))
            wanted.append((step.title, list(said.values())))
    assert live > 200 and live / known > 0.9
    for (title, values), found in zip(wanted, told(cases), strict=True):
        assert found == values, title


@needs_node
def test_goals_and_sums_over_arrays_and_pushes() -> None:
    square, arrays = parse("x = 3\ny = x * x"), parse(ARRAYS)
    goals = [goal_source(goal, Reckoning(square)) for goal in GOALS]
    sums = [sum_source(text, Reckoning(arrays)) for text in SUMS]
    assert all(goals) and all(sums)
    found = told([(square, goals), (arrays, sums)])
    assert found[0] == [Reckoning(square).holds(goal) for goal in GOALS]
    assert found[1] == [Reckoning(arrays).said(f"{text};9") for text in SUMS]


@pytest.mark.parametrize(
    "text", ["q", "grad(q)", "shape(x)", "f(3)", "sent(x)", "x @ y", "__import__", "x.real", "1 +"]
)
def test_what_the_page_cannot_tell_is_left_as_it_is(text: str) -> None:
    reckoning = Reckoning(parse("x = 3; y = x * 2"))
    assert sum_source(text, reckoning) == goal_source(text, reckoning) == ""


def test_what_is_unknown_is_said_by_the_program_too() -> None:
    with pytest.raises(TextError):
        Reckoning(parse("x = 3")).number("q")
