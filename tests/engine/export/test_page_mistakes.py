"""The classic mistakes on a web page: of a wrong answer it names what the program names, whatever the numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from engine.export.page_facts import plain_value
from engine.export.page_questions import PageMistakes
from engine.export.web_page import as_data, asset, page_text, program_source
from engine.graph.graph import Graph
from engine.ops.op import OPS
from engine.passes.run import holding, run
from engine.passes.trace import SeedStep
from engine.show.wording import WORDINGS
from engine.teach.answer import closeness, read_answer
from engine.teach.asking import MODES
from engine.teach.diagnosis import candidates, wrong_answers
from engine.teach.lessons.places import question_of
from engine.teach.lessons.reading import load_lesson
from engine.teach.lessons.reckoning import Reckoning
from engine.teach.lessons.shelf import shelved
from engine.teach.mistakes import MISTAKES
from engine.teach.question import Question
from engine.text.read import parse
from tests.engine.export.test_web_page import facts_of
from tests.engine.javascript import in_node, needs_node
from tests.engine.smooth_graphs import random_graph

GROUPS = ("arithmetic", "activation", "elementary", "reduce", "tensor")
CHOSEN = sorted(op.name for op in OPS.values() if op.group in GROUPS)
SCALARS = sorted(op.name for op in OPS.values() if op.group in GROUPS[:3])
AT = """
const at = (program, leaves, seed) => { const run = new Passes(leaves.map(untold), seed); program(run); return run; };
const named = (run, told, typed) => [isRight(typed, askedAt(run, told.step, told)), [0, 1].map((wording) =>
  mistakesText(candidatesAt(run, told.step, told, typed, wording)))];
"""


def moved(graph: Graph, rng: np.random.Generator) -> Graph:
    """The same with other numbers in its leaves, of both signs."""
    values = {id: node.value for id, node in graph.nodes.items() if node.op.holds_value and node.value is not None}
    return holding(graph, {id: np.asarray(value) + rng.normal(0, 1.5, np.shape(value)) for id, value in values.items()})


def questions(graph: Graph) -> Iterator[Question]:
    """What is asked of numbers, step by step, and in which the program knows the numbers of this graph."""
    with np.errstate(all="ignore"):
        trace = run(graph)
    for mode in ("each", "slopes"):
        for at in range(len(trace)):
            found = MODES[mode].ask(graph, trace, at)
            if found is not None and not isinstance(found.told, SeedStep):
                yield found


def typed_for(question: Question, rng: np.random.Generator) -> list[float]:
    """Right, every mistake, almost right, and what nobody's mistake makes."""
    right = question.right.number
    assert right is not None
    wrong = [made.number for _, made, _ in wrong_answers(question) if made.number is not None]
    return [right, *wrong, *(number * 1.003 for number in wrong[:2]), 2 * right + 1, float(rng.normal()), 0.0]


def said(question: Question, number: float) -> list[object]:
    answer = read_answer(repr(number))
    is_right = closeness(answer, question.right) == "right"
    told = [" ".join(f"{each.title}. {each.sentence}" for each in candidates(question, answer, w)) for w in WORDINGS]
    return [is_right, told]


def check(cases: list[tuple[Graph, Graph]], rng: np.random.Generator) -> set[str]:
    """(as exported, as changed): the page, exported of the one, says of the other what the program says. Gives the
    mistakes that were named."""
    mistakes, lines, wanted, named = PageMistakes(), list[str](), list[tuple[str, list[object]]](), set[str]()
    for first, now in cases:
        trace = run(first)
        held = [plain_value(step.value) for step in run(now).forward_steps if now.nodes[step.node].op.is_leaf]
        told = []
        for question, other in zip(questions(first), questions(now), strict=True):
            assert (question.step, question.of) == (other.step, other.of)
            facts = as_data({"step": question.step, **mistakes.facts(question)} | _cell(other))
            for number in typed_for(other, rng):
                told.append(f"named(run, {facts}, {number!r})")
                wanted.append((f"{other.text()} {number!r} {other.right.number!r}", said(other, number)))
                named |= {each.name for each in candidates(other, read_answer(repr(number)))}
        program = program_source(first, trace, "").replace("function (run)", "(run) =>", 1).strip()
        lines.append(f"((run) => [{', '.join(told)}])(at({program}, {as_data(held)}, {first.seed!r}))")
    script = "\n".join([asset("mistakes.js"), mistakes.script, AT, f"answer([{', '.join(lines)}].flat());"])
    for (about, right), found in zip(wanted, in_node(script), strict=True):
        assert found == right, about
    return named


def _cell(question: Question) -> dict[str, object]:
    return {} if question.cell is None else {"cell": question.cell}


def smooth(graph: Graph) -> bool:
    """Whether each question of a graph can be asked: its number is finite."""
    with np.errstate(all="ignore"):
        trace = run(graph)
        return all(np.isfinite(step.value).all() for step in trace.forward_steps) and all(
            np.isfinite(value).all() for id in graph.nodes if (value := trace.gradient(id)) is not None
        )


@needs_node
@pytest.mark.parametrize(("ops", "count"), [(SCALARS, 30), (["mul", "relu", "add", "tanh", "div"], 30), (CHOSEN, 20)])
def test_of_other_numbers_the_page_names_what_the_program_names(ops, count):
    rng, cases = np.random.default_rng(1), []
    for number in range(count):
        graph = random_graph(number, 5, ops)
        seed = float(rng.choice([1.0, 1.0, 2.0, -3.0]))
        graph = Graph.of(graph.nodes.values(), graph.edges.values(), target=graph.target, seed=seed)
        with np.errstate(all="ignore"):
            now = moved(graph, rng)
        cases += [(graph, now)] if smooth(graph) and smooth(now) and _same_questions(graph, now) else []
    assert len(cases) > count / 2
    named = check(cases, rng)
    assert {"sign", "no upstream", "stopped early", "no seed", "overwritten", "path", "mean", "wrong place"} <= named
    assert "relu" not in ops or len(ops) > 9 or {"own operand", "gate"} <= named


def _same_questions(graph: Graph, now: Graph) -> bool:
    return [(each.step, each.of) for each in questions(graph)] == [(each.step, each.of) for each in questions(now)]


@needs_node
def test_arrays_too_and_every_mistake_there_is():
    texts = [
        "a=np.array([[1,2],[3,4]]); b=np.array([[0.5,-1],[2,3]]); c=np.array([[2,1],[1,3]]); f=((a@b)*c).sum()",
        "x=np.array([1,2,3]); b=0.5; s=x*b; m=s.mean(); f=m*s.sum()",
        "x=-2; y=3; p=relu(x)*y; f=p*p+tanh(x)*y",
    ]
    rng = np.random.default_rng(2)
    graphs = [parse(text) for text in texts]
    graphs.append(Graph.of(graphs[2].nodes.values(), graphs[2].edges.values(), target="f", seed=2.0))
    cases = [(graph, now) for graph in graphs for now in (graph, moved(graph, rng))]
    assert check(cases, rng) == set(MISTAKES)


@needs_node
def test_the_predictions_of_every_lesson_of_other_numbers():
    rng, mistakes, lines, wanted = np.random.default_rng(3), PageMistakes(), [], []
    steps = [step for each in shelved() if each.name != "iris" for step in load_lesson(each.path).lesson.steps]
    for step in steps:
        if step.task is None or step.task.kind != "predict" or step.task.ask != "number":
            continue
        first, now = (question_of(Reckoning(each), step.task) for each in (step.graph, moved(step.graph, rng)))
        facts = as_data({"step": first.step, **mistakes.facts(first)})
        held = [plain_value(s.value) for s in now.trace.forward_steps if now.graph.nodes[s.node].op.is_leaf]
        program = program_source(step.graph, first.trace, "").replace("function (run)", "(run) =>", 1).strip()
        numbers = typed_for(now, rng)
        told = ", ".join(f"named(run, {facts}, {number!r})" for number in numbers)
        lines.append(f"((run) => [{told}])(at({program}, {as_data(held)}, {step.graph.seed!r}))")
        wanted += [(f"{step.title} {number!r}", said(now, number)) for number in numbers]
    script = "\n".join([asset("mistakes.js"), mistakes.script, AT, f"answer([{', '.join(lines)}].flat());"])
    assert len(lines) > 10
    for (about, right), found in zip(wanted, in_node(script), strict=True):
        assert found == right, about


@needs_node
def test_an_answer_is_right_or_short_of_digits_as_in_the_program():
    rng = np.random.default_rng(4)
    wide = 10.0 ** rng.integers(-6, 6, 30) * rng.normal(size=30)
    rights = [*rng.normal(size=60).tolist(), *wide.tolist(), 0.0, 1.0, 1000.0, 0.001]
    texts = [
        (f"{right * (1 + rng.choice([0, 0.001, 0.01])):.{digits}g}", right)
        for right in rights
        for digits in (1, 2, 3, 4)
    ]
    wanted = [closeness(read_answer(text), read_answer(repr(right))) for text, right in texts]
    cases = ", ".join(f'["{text}", {right!r}]' for text, right in texts)
    close = 'isRight(Number(text), right) ? "right" : isShort(text, Number(text), right) ? "short" : "off"'
    found = in_node(f"{asset('mistakes.js')}\nanswer([{cases}].map(([text, right]) => {close}));")
    assert found == wanted and set(wanted) == {"right", "short", "off"}


def test_a_long_pass_knows_its_mistakes_too_and_says_nothing_of_its_own_names():
    graph = parse("; ".join(["x = 0.5", *(f"x = sin(x) * {1 + i / 100}" for i in range(60))]))
    text = page_text(graph, run(graph))
    steps = facts_of(text)["steps"]
    assert len(steps) > 200 and all(step["slips"] for step in steps if "asks" in step)
    assert len(text) < 400_000
