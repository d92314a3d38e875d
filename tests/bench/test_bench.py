"""What the benchmarks run is what they say they run. How fast it is, no test asks; calls are counted, and stay few."""

from __future__ import annotations

import numpy as np
import pytest

from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from tests.bench import bench_calls, frames
from tests.bench.drawn import Network, chain_recipe, network_recipe, random_recipe
from tests.bench.frames import Times, at
from tests.bench.sheet import held, sheet
from tests.bench.timing import Row, in_turns, ratio, seconds_text, table


@pytest.mark.parametrize("reach", [None, 8])
def test_a_random_graph_has_its_size_and_no_idle_node(reach: int | None) -> None:
    recipe = random_recipe(500, reach)
    graph = recipe.graph()
    assert abs(recipe.size - 500) <= 1
    assert graph.target is not None
    assert graph.topology.ancestors(graph.target) | {graph.target} == set(graph.nodes)
    value = trace_of(make_plan(graph), leaf_values(graph)).value(graph.target)
    assert value is not None and np.isfinite(value)


def test_the_drawn_network_is_the_network_of_matrices() -> None:
    recipe, inputs = network_recipe([2, 3, 1])
    x = np.array([[0.5, -1.0], [2.0, 0.25]])
    graph = recipe.graph({at: x[:, i] for i, at in enumerate(inputs)})
    weights, at, rows = recipe.leaves[2:-1], 0, x
    for width, last in ((3, False), (1, True)):
        units = []
        for _ in range(width):
            bias, *own = weights[at : at + 1 + rows.shape[1]]
            at += 1 + rows.shape[1]
            units.append(rows @ np.array(own) + bias)
        rows = np.stack(units, axis=1)
        rows = rows if last else np.maximum(rows, 0)
    value = trace_of(make_plan(graph), leaf_values(graph)).value(str(graph.target))
    np.testing.assert_allclose(value, (rows[:, 0] - 1) ** 2)


def test_chain_and_network_can_be_run() -> None:
    for graph in (chain_recipe(50).graph(), Network.random([4, 5, 3], 6).graph()):
        trace = trace_of(make_plan(graph), leaf_values(graph))
        assert not trace.failures
        assert trace.value(str(graph.target)) is not None


def test_a_target_is_reached_or_missed() -> None:
    assert Row("w", "m", "1 s", "2 s", 20.0, "≥ 15").verdict == "reached"
    assert Row("w", "m", "1 s", "2 s", 0.7, "≤ 0.6").verdict == "MISSED"
    assert Row("w", "m", "1 s").verdict == ""
    assert [Row("w", "m", "1 s", reached=is_so).verdict for is_so in (True, False)] == ["reached", "MISSED"]
    assert "MISSED" in table([Row("w", "m", "1 s", "2 s", 0.7, "≤ 0.6")])


def test_works_take_turns() -> None:
    calls: list[str] = []
    times = in_turns([lambda: calls.append("a"), lambda: calls.append("b")], rounds=3, seconds=0)
    assert calls == ["a", "b"] * 4
    assert [len(t) for t in times] == [3, 3]
    assert ratio([2.0, 8.0, 9.0], [1.0, 2.0, 3.0]) == 3.0
    assert [seconds_text(s) for s in (1.5, 2e-3, 3e-6, 4e-9)] == ["1.5 s", "2 ms", "3 µs", "4 ns"]


def test_a_file_opened_and_a_node_let_go_make_few_calls_between_files() -> None:
    assert [row.verdict for row in bench_calls.rows()] == ["reached", "reached"]


def test_the_sheet_of_a_canvas_has_about_two_edges_a_node_and_all_of_it_counts() -> None:
    graph = sheet(300)
    assert graph.target is not None
    assert 1.6 <= len(graph.edges) / len(graph.nodes) <= 2.1
    assert len(graph.topology.ancestors(graph.target)) >= 280
    assert held(graph) in graph.nodes
    assert not trace_of(make_plan(graph), leaf_values(graph)).failures


def test_frames_are_timed_as_often_as_asked_and_no_longer_than_there_is_patience(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert [at([float(x) for x in range(100)], share) for share in (0.5, 0.99, 1.0)] == [50.0, 99.0, 99.0]
    assert [len(times.wall) for times in frames.in_turns([lambda: None, lambda: None], 7, 60.0)] == [7, 7]
    (brief,) = frames.in_turns([lambda: None], 99, 0.0)
    assert len(brief.own) == frames.FEWEST
    said: list[str] = []
    both = frames.in_turns([lambda: said.append("a"), lambda: said.append("b")], 2 * frames.TURN, 60.0)
    assert "".join(said) == ("a" * frames.TURN + "b" * frames.TURN) * 2
    assert [len(times.own) for times in both] == [2 * frames.TURN - 1] * 2, "the first of a later turn is not counted"
    monkeypatch.setattr(frames, "LONGEST", -1.0)
    assert not frames.in_turns([lambda: None], 99, -1.0)[0].wall, "who takes that long has no more turns"
    assert Times([0.001], [0.002]).text() == "1 ms / 1 ms / 1 ms / 1 ms, own 2 ms / 2 ms / 2 ms"
