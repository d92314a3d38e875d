"""Every equation of every graph is evaluated, and what is printed of it is worked out from its own digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import latex2mathml.converter
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import edits
from engine.errors import GradloomError
from engine.graph.graph import Graph
from engine.ops.op import OPS
from engine.passes.run import run
from engine.passes.trace import ContributionStep, Trace
from engine.show.equation import Equation, equations_of, running_sum
from engine.show.explain import explain
from engine.show.names import Names
from engine.show.story import story_of
from tests.building import graph_of
from tests.engine import export_cases as cases
from tests.engine import random_graphs
from tests.engine.show.printed import NotRead, sides, worked_out
from tests.engine.smooth_graphs import random_graph

EXAMPLES = dict(cases.example_graphs())
OF_OPS = dict(cases.op_graphs())
ODD = {
    **{name: graph for name, graph in cases.odd_graphs() if len(graph.nodes) < 100},
    **dict(cases.non_finite_graphs()),
    "sum of 12": graph_of(
        *[(f"x{i}", "input", i / 7) for i in range(12)], ("s", "add", [f"x{i}" for i in range(12)]), target="s"
    ),
    "used 12 times": graph_of(("x", "input", 0.7), ("s", "add", ["x"] * 12), ("y", "square", ["s"]), target="y"),
}
COMPUTED = [op.name for op in OPS.values() if not op.is_leaf and op.known]


def equations(graph: Graph, trace: Trace) -> Iterator[Equation]:
    """All that is ever printed of a trace."""
    for step in trace.steps:
        yield from equations_of(graph, trace, step)
        so_far = running_sum(graph, trace, step) if isinstance(step, ContributionStep) else None
        if so_far is not None:
            yield so_far


def hold(graph: Graph) -> None:
    """Hold everything that must be true of a graph's equations."""
    trace = run(graph)
    numbers: dict[str, np.ndarray] = {}
    names = Names(graph, trace)
    whole = {f"∂{names.goal}/∂{names.node(id)}": trace.gradient(id) for id in trace.arrivals}
    for equation in equations(graph, trace):
        both_sides_are_equal(equation)
        the_digits_agree(equation)
        left = sides(equation.text)[0]
        if left in whole and equation.kind not in ("contribution", "local"):
            assert np.array_equal(equation.number, whole[left], equal_nan=True), equation.text
        if equation.kind != "contribution":
            assert close(numbers.setdefault(left, equation.number), equation.number), (left, equation.number)
        assert not re.search(r"pull|matching|_left|_right|\bspread\b|None", equation.text)
        assert r"\operatorname{pull" not in equation.latex + equation.latex_numbers


def both_sides_are_equal(equation: Equation) -> None:
    left, right = equation.sides()
    assert close(left, right) and close(left, equation.number), (equation.text, left, right, equation.number)
    if equation.kind != "local":
        assert np.shape(left) == np.shape(right) == np.shape(equation.number), equation.text


def close(a: object, b: object) -> bool:
    """Equal to 1e-9; what cancels, to 1e-9 of the largest there is."""
    finite = [x[np.isfinite(x)] for x in (np.asarray(a, float), np.asarray(b, float))]
    largest = max(np.max(np.abs(x), initial=0.0) for x in finite)
    return bool(np.allclose(a, b, rtol=1e-9, atol=1e-9 * max(largest, 1e-3), equal_nan=True))


def the_digits_agree(equation: Equation) -> None:
    """Each side that is written in numbers gives, from the digits that are printed, the result that is printed."""
    if np.ndim(equation.number) or not np.isfinite(equation.number):
        return
    *told, result = sides(equation.text)
    for side in told:
        try:
            number = worked_out(side)
        except NotRead:
            continue
        largest = max(abs(float(x.replace("−", "-"))) for x in re.findall(r"\d[\d.]*(?:e−?\d+)?", side))
        noise = 1e-3 * largest if result == "0" else 0.0
        assert number == pytest.approx(worked_out(result), rel=2.6e-3, abs=noise), equation.text


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_equation_of_an_example_is_true(name):
    hold(EXAMPLES[name])


@pytest.mark.parametrize("seed", [-3.0, 0.5, 10.0])
@pytest.mark.parametrize("name", [name for name in EXAMPLES if len(EXAMPLES[name].nodes) < 20])
def test_and_with_another_seed(name, seed):
    hold(replace(EXAMPLES[name], facts=EXAMPLES[name].facts | {"seed": seed}))


@pytest.mark.parametrize("name", OF_OPS)
def test_every_equation_of_an_op_is_true(name):
    graph = OF_OPS[name]
    hold(graph)
    hold(replace(graph, facts=graph.facts | {"target": "y", "seed": 2.0}))
    if run(graph).value("y").ndim == 0:
        hold(replace(graph, facts=graph.facts | {"target": "y"}))


@pytest.mark.parametrize("name", ODD)
def test_every_equation_of_an_odd_graph_is_true(name):
    hold(ODD[name])


@given(st.integers(0, 10**6), st.integers(2, 9), st.sampled_from([1.0, 1.0, -3.0, 0.5, 10.0]))
@settings(max_examples=60, deadline=None)
def test_every_equation_of_a_random_graph_is_true(number, size, seed):
    graph = random_graph(number, size, COMPUTED)
    hold(replace(graph, facts=graph.facts | {"seed": seed}))


@given(random_graphs.graphs())
@settings(max_examples=60, deadline=None)
def test_whatever_is_there_can_be_said(graph):
    """Half-wired graphs, any label, any value: nothing raises, and what can be evaluated is equal."""
    try:
        trace = run(graph)
    except GradloomError:
        return
    for equation in equations(graph, trace):
        left, right = equation.sides()
        assert np.shape(left) == np.shape(right) or equation.kind == "local"
        latex2mathml.converter.convert(equation.latex)
        assert equation.text and equation.latex_numbers


def test_a_small_turn_is_seen_in_its_equation_in_its_parts_and_in_what_is_said_of_the_drop():
    graph = graph_of(("w", "parameter", 0.2963), ("f", "square", ["w"]), target="f")
    graph = graph.apply(edits.set_training(graph, {"optimizer": "sgd", "lr": 1e-7}))
    _, story = story_of(graph)
    turned, drop = (explain(graph, story, step) for step in (story.steps[story.backward_end], story.steps[-1]))
    assert turned.equations[-1].text.endswith(" = 0.2963 − 1e−7 × 0.5926 = 0.2962999")
    assert [text for caption, text, _ in turned.parts if caption != "gradient"] == ["0.2963", "0.2962999"]
    assert drop.tell().startswith("f fell from 0.08779369 to 0.08779365, by 3.512e−8")
