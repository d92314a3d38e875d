"""On random graphs every planted mistake is recognised, and nobody is accused who did nothing wrong."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.ops.op import OPS
from engine.passes.run import run
from engine.passes.trace import ContributionStep
from engine.show.readable import readable
from engine.teach.answer import is_near
from engine.teach.asking import MODES
from engine.teach.diagnosis import judge, wrong_answers
from engine.text.read import parse
from engine.values.values import as_value, number_text
from tests.engine.smooth_graphs import random_graph
from tests.engine.teach.planting import FIRST, planted

GRAPHS = 500
EACH = 4  # questions of a graph
GROUPS = ("arithmetic", "activation", "elementary", "tensor", "reduce")
CHOSEN = sorted(op.name for op in OPS.values() if op.group in GROUPS)
OFTEN = ["mul", "relu", "matmul", "matmul", "tanh"]  # there are mistakes that only they know: every fourth graph


@cache
def questions():
    """Some questions about contributions and sums of 500 random graphs, with seeds of 1 and others."""
    found = []
    for number in range(GRAPHS):
        rng = np.random.default_rng(number)
        graph = random_graph(number, 6, CHOSEN if number % 4 else OFTEN)
        seed = float(rng.choice([1.0, 1.0, 2.0, -3.0, 0.5]))
        graph = Graph.of(graph.nodes.values(), graph.edges.values(), target=graph.target, seed=seed)
        trace = readable(run(graph))
        asked = [MODES["each"].ask(graph, trace, at) for at in range(trace.backward_start + 1, len(trace))]
        asked = [question for question in asked if question is not None]
        rng.shuffle(asked)
        found += asked[:EACH]
    return found


def matrices():
    """Products of square matrices, where a transpose fits in every place: 40 of them, the upstream gradient another."""
    for number in range(40):
        rng = np.random.default_rng(number)
        a, b, c = (Node(name, "parameter", as_value(rng.normal(size=(3, 3)))) for name in "abc")
        nodes = [a, b, c, Node("p", "matmul"), Node("q", "mul"), Node("f", "sum")]
        ends = [("a", "p", 0), ("b", "p", 1), ("p", "q", 0), ("c", "q", 1), ("q", "f", 0)]
        graph = Graph.of(nodes, [Edge(*end) for end in ends], target="f")
        trace = run(graph)
        yield from (found for at in range(len(trace)) if (found := MODES["leaves"].ask(graph, trace, at)))


def typed(number: float) -> str:
    return f"{number:.7g}"


def test_every_planted_mistake_is_named():
    """At least 95 % of each kind, where it makes another number than the right one."""
    named, all_of = Counter(), Counter()
    for question in [*questions(), *matrices()]:
        for name, number in planted(question):
            if not np.isfinite(number) or is_near(number, question.right.number):
                continue
            all_of[name] += 1
            verdict = judge(question, typed(number))
            named[name] += name in [each.name for each in verdict.candidates]
    assert set(all_of) == FIRST | {"overwritten", "path"} and min(all_of.values()) > 0, all_of
    assert {name: (named[name], count) for name, count in all_of.items() if named[name] < 0.95 * count} == {}
    assert sum(all_of.values()) > 2000


def test_who_is_right_is_never_called_wrong():
    """With all digits, with those that are on screen, with three; as a number and as a sum."""
    for i, question in enumerate(questions()):
        right = question.right.number
        sums = () if i % 10 else (f"{right!r}/2 + {right / 2!r}",)
        for text in (repr(right), number_text(right), number_text(right, 3), *sums):
            verdict = judge(question, text)
            assert verdict.is_right and not verdict.candidates, (question.text(), text, right)


def test_only_mistakes_that_make_the_answer_are_named():
    """Of a wrong number that nobody planted: each candidate makes it, and by hand too."""
    rng = np.random.default_rng(0)
    alone = {"sign", "own operand", "no seed", "overwritten", "path"}
    for question in questions()[::3]:
        by_hand = planted(question)
        right = question.right.number
        others = [number for _, number in by_hand if np.isfinite(number)]
        for number in (*others[:3], right * rng.uniform(-3, 3) + rng.normal(), right + 1.0, 2 * right):
            verdict = judge(question, typed(number))
            if verdict.closeness != "off":
                continue
            made = {name for name, answer, _ in wrong_answers(question) if is_near(number, answer.number)}
            found = {each.name for each in verdict.candidates}
            assert found <= made
            for name in found & alone - ({"own operand"} if _divides(question) else set()):
                assert any(is_near(float(typed(number)), each) for other, each in by_hand if other == name), name


def _divides(question):
    step = question.told
    return isinstance(step, ContributionStep) and question.graph.nodes[step.edge.dest].op_name == "div"


def test_no_mistake_is_named_that_makes_what_is_right():
    for question in questions()[::3]:
        assert not any(is_near(answer.number, question.right.number) for _, answer, _ in wrong_answers(question))


PROGRAM = "x=4;a=3;b=2;p=a*x;q=x*b;f=p+q"


def asked(text: str, mode: str, last: bool = True):
    graph = parse(text)
    trace = run(graph)
    found = [MODES[mode].ask(graph, trace, at) for at in range(len(trace))]
    return [each for each in found if each is not None][-1 if last else 0]


def test_the_lessons_example_is_told_as_one_says_it():
    question = asked(PROGRAM, "fan-outs")
    assert question.text() == "The last of 2 contributions to x is on its way. What is the whole gradient of x?"
    assert judge(question, "5").is_right and judge(question, "2 + 3").is_right
    verdict = judge(question, "3")
    assert [each.name for each in verdict.candidates] == ["overwritten", "path", "stopped early"]
    assert verdict.candidates[2].sentence.startswith("In the last contribution, from p: it fits what reached p")
    assert verdict.candidates[0].sentence == (
        "3 is what p sends, not all that x gets. It looks as if the new one replaced the old one: = where += belongs."
    )
    assert "The way through q is missing" in verdict.candidates[1].sentence
    assert "whole responsibility of x" in question.text("responsibility")


@pytest.mark.parametrize(
    ("text", "mode", "answer", "name"),
    [
        ("x=-2; f=relu(x)", "each", "1", "gate"),
        ("x=2; y=3; f=x*y", "leaves", "3", "own operand"),
        ("x=0.5; s=sigmoid(x); f=3*s", "leaves", "0.235", "no upstream"),
        ("x=0.5; s=sigmoid(x); f=3*s", "leaves", "3", "stopped early"),
        ("x=0.5; s=sigmoid(x); f=-3*s", "signs", "+", "sign"),
        ("b=1; x=np.array([1,2,3]); s=x*b; f=s.sum()", "leaves", "2", "mean"),
        ("x=-2; y=3; f=relu(x)*y", "silent", "none", "gate"),
        ("x=np.ones((2,3)); w=np.ones((3,4)); f=(x@w).sum()", "shapes", "(4, 3)", "transposed"),
        ("x=2; f=x**2", "slopes", "-4", "sign"),
    ],
)
def test_a_mistake_in_a_small_graph(text, mode, answer, name):
    """One of the questions about it knows the answer as this mistake's."""
    graph = parse(text)
    trace = run(graph)
    found = [MODES[mode].ask(graph, trace, at) for at in range(len(trace))]
    verdicts = [judge(each, answer) for each in found if each is not None]
    assert name in [each.name for verdict in verdicts for each in verdict.candidates], [
        (each.text(), each.right.text) for each in found if each
    ]
