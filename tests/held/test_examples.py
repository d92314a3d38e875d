"""The shipped examples: each shows the numbers that its source prints, loads, saves to the same bytes, looks tidy."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

import assets
import engine
from engine.files.examples import examples, find_example
from engine.layout.layout import GRID, NODE_WIDTH, node_height
from engine.layout.shown import shown_of
from engine.passes.run import run
from engine.passes.trace import ContributionStep

FOLDER = Path(assets.__file__).parent / "examples"
FILES = sorted(FOLDER.glob("*.gradloom"))

# Example → node → (value, gradient), as printed at the source and to as many digits; None where nothing is printed.
PRINTED: dict[str, dict[str, tuple[str | None, str | None]]] = {
    # The gradient as responsibility, handed back from an upstream of 10.
    "add": {"x": (None, "10"), "y": (None, "10"), "z": (None, "10")},
    "mul": {"x": ("3", "50"), "y": ("5", "30"), "z": ("15", "10")},
    "relu-open": {"x": ("3", "10"), "y": ("3", "10")},
    "relu-closed": {"x": ("-2", "0"), "y": ("0", "10")},
    "neuron": {"input": ("2", "3"), "weight": ("3", "2"), "bias": ("1", "1"), "neuron": ("7", "1")},
    "fan-out": {"x": ("4", "25"), "f": ("20", "5")},
    "x-times-x": {"x": ("3", "6"), "y": ("9", "1")},
    # CS231n, Convolutional Neural Networks for Visual Recognition: the notes on backpropagation.
    "cs231n-product": {"x": ("-2", "-4"), "y": ("5", "-4"), "z": ("-4", "3"), "q": ("3", "-4"), "f": ("-12", "1")},
    "cs231n-sigmoid": {
        "w0": ("2", "-0.20"), "x0": ("-1", "0.39"), "w1": ("-3", "-0.39"), "x1": ("-2", "-0.59"), "w2": ("-3", "0.20"),
        "f": ("0.73", "1"),
    },
    "cs231n-sigmoid-steps": {
        "w0": ("2", "-0.20"), "x0": ("-1", "0.39"), "w1": ("-3", "-0.39"), "x1": ("-2", "-0.59"), "w2": ("-3", "0.20"),
        "z": ("1", "0.20"), "minus_z": ("-1", "-0.20"), "e": ("0.37", "-0.53"), "below": ("1.37", "-0.53"),
        "f": ("0.73", "1"),
    },
    "cs231n-staged": {"x": ("3", "2.0595697956"), "y": ("-4", "1.5922327515"), "f": ("1.5456448841", "1")},
    # The README of micrograd.
    "micrograd": {"a": ("-4", "138.8338"), "b": ("2", "645.5773"), "g": ("24.7041", "1")},
    # Karpathy's lecture on micrograd.
    "tanh-neuron": {
        "x1": ("2", "-1.5"), "w1": ("-3", "1.0"), "x2": ("0", "0.5"), "w2": ("1", "0"),
        "b": ("6.8813735870195432", "0.5"), "n": ("0.8814", "0.5"), "o": ("0.7071", "1"),
    },
}  # fmt: skip

NUMBERS = [
    (name, node, which, text)
    for name, printed in PRINTED.items()
    for node, pair in printed.items()
    for which, text in zip(("value", "gradient"), pair, strict=True)
    if text is not None
]


@pytest.mark.parametrize(("name", "node", "which", "text"), NUMBERS, ids=[" ".join(row) for row in NUMBERS])
def test_a_number_is_as_printed(name, node, which, text):
    trace = run(engine.load(FOLDER / f"{name}.gradloom"))
    number = trace.value(node) if which == "value" else trace.gradient(node)
    digits = len(text.partition(".")[2])
    assert abs(float(number) - float(text)) <= 0.5 * 10**-digits + 1e-15


def test_the_gradient_of_ten_sigmoids_vanishes():
    trace = run(engine.load(FOLDER / "vanishing-sigmoids.gradloom"))
    gradients = [float(trace.gradient(id)) for id in ("s10", *(f"s{i}" for i in range(9, 0, -1)), "x")]
    assert len(gradients) == 11
    assert all(0 < after <= before / 4 for before, after in itertools.pairwise(gradients))
    assert gradients[-1] < 1e-6


def test_where_x_is_used_twice_ten_comes_first_and_fifteen_makes_twenty_five():
    trace = run(engine.load(FOLDER / "fan-out.gradloom"))
    arrived = [s for s in trace.steps if isinstance(s, ContributionStep) and s.edge.source == "x"]
    assert [(float(s.contribution), float(s.total)) for s in arrived] == [(10, 10), (15, 25)]


def test_x_times_x_sends_two_contributions():
    trace = run(engine.load(FOLDER / "x-times-x.gradloom"))
    assert [float(s.contribution) for s in trace.steps if isinstance(s, ContributionStep)] == [3, 3]


def test_the_micrograd_example_computes_what_the_program_does():
    program = """
a = Value(-4.0); b = Value(2.0); c = a + b; d = a * b + b**3
c += c + 1; c += 1 + c + (-a)
d += d * 2 + (b + a).relu(); d += 3 * d + (b - a).relu()
e = c - d; f = e**2; g = f / 2.0; g += 10.0 / f
"""
    example, pasted = run(engine.load(FOLDER / "micrograd.gradloom")), run(engine.parse(program))
    assert example.value("g") == pasted.value("g_2")
    for leaf in ("a", "b"):
        assert example.gradient(leaf) == pytest.approx(pasted.gradient(leaf), rel=1e-14)


# --- what holds for all of them


@pytest.fixture(params=FILES, ids=[path.stem for path in FILES])
def example(request) -> Path:
    return request.param


def test_every_example_says_its_title_its_group_and_what_there_is_to_see(example):
    listed = find_example(example.stem)
    assert listed is not None and listed.path == example
    assert listed.title and listed.group and listed.description
    graph = engine.load(example)
    assert (graph.title, graph.fact("example")["group"]) == (listed.title, listed.group)


def test_the_examples_stand_group_by_group_each_in_a_place_of_its_own():
    orders = [engine.load(path).fact("example")["order"] for path in FILES]
    assert len(orders) == len(set(orders))
    assert {listed.path for listed in examples()} == set(FILES)
    groups = [group for group, _ in itertools.groupby(examples(), key=lambda listed: listed.group)]
    assert len(groups) == len(set(groups))
    assert groups[:4] == ["Responsibility", "CS231n", "micrograd and neurons", "Trouble"]


def test_the_neuron_that_the_editor_opens_first_is_there():
    assert (FOLDER / "neuron.gradloom").exists()


def test_every_example_runs_whole(example):
    graph = engine.load(example)
    trace = run(graph)
    assert graph.target is not None
    assert all(trace.value(id) is not None for id in graph.nodes)
    assert trace.first_non_finite is None
    assert not any(trace.detached(id) for id in graph.nodes)


def test_every_example_saves_to_the_same_bytes(example, tmp_path):
    engine.save(engine.load(example), tmp_path / "again.gradloom")
    assert (tmp_path / "again.gradloom").read_bytes() == example.read_bytes()


def test_no_two_nodes_overlap_and_all_stand_on_the_grid(example):
    graph = engine.load(example)
    for node in graph.nodes.values():
        assert node.pos[0] % GRID == node.pos[1] % GRID == 0
    for one, other in itertools.combinations(graph.nodes.values(), 2):
        if graph.grouping.shown_as(one.id) != graph.grouping.shown_as(other.id):
            continue  # not seen beside each other: what is about an opened group makes room
        upper, lower = sorted((one, other), key=lambda node: node.pos[1])
        apart = abs(one.pos[0] - other.pos[0]) >= NODE_WIDTH + 16
        assert apart or lower.pos[1] - upper.pos[1] >= node_height(graph.port_count(upper.id)) + 12


def test_edges_are_long_enough_for_their_numbers(example):
    graph = shown_of(engine.load(example)).graph
    for edge in graph.edges.values():
        (left, top), (right, bottom) = graph.nodes[edge.source].pos, graph.nodes[edge.dest].pos
        assert right - left - NODE_WIDTH >= 78 or abs(top - bottom) >= 140
