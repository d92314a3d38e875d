"""Edges that go round the same corner run in lanes: apart, clear of every card, and whoever came first or has gone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import edits
from engine.errors import EditRefused
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.layout.shown import shown_of
from engine.session import Session
from engine.show.shown_run import shown_frame
from gui.canvas.model.corridors import Aim, Card, corridor
from gui.canvas.model.lanes import LANE, Lanes, Passage
from gui.canvas.model.obstacles import hidden
from gui.canvas.model.stage import Stage
from tests.networks import shipped

RIGHT = 900.0
CARDS = st.lists(
    st.tuples(st.integers(5, 180), st.integers(-60, 60), st.integers(1, 40), st.integers(1, 40)).map(
        lambda card: (card[0] * 4.0, card[1] * 4.0, (card[0] + card[2]) * 4.0, (card[1] + card[3]) * 4.0)
    ),
    min_size=1,
    max_size=6,
)
ENDS = st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40)), min_size=2, max_size=6, unique=True)


def way(cards: list[Card], low: float, high: float) -> Passage:
    start, end = (0.0, low), (RIGHT, high)
    aim = Aim((0.0, RIGHT), (low, (low, low)), (high, (high, high)), 1e9)
    found = corridor(aim, [(left - 1.5, top - 1.5, right + 1.5, bottom + 1.5) for left, top, right, bottom in cards], 0)
    assert found
    return Passage(start, end, tuple(found[1]), False, 0.0, (start, end))


def ways(cards: list[Card], ends: list[tuple[int, int]]) -> dict[int, Passage]:
    return {row: way(cards, 5.0 * low, 5.0 * high) for row, (low, high) in enumerate(ends)}


def routes(lanes: Lanes) -> dict[int, bytes]:
    return {row: (lanes.in_lane(row) or way).route().tobytes() for row, way in lanes.ways.items()}


@given(CARDS, ENDS)
@settings(max_examples=80, deadline=None)
def test_in_its_lane_an_edge_enters_no_card(cards: list[Card], ends: list[tuple[int, int]]) -> None:
    lanes = Lanes()
    lanes.put(ways(cards, ends))
    for row, passage in lanes.ways.items():
        route = (lanes.in_lane(row) or passage).route()
        assert (tuple(route[0, 0]), tuple(route[-1, 3])) == passage.ends
        assert not hidden(route, np.array(cards))


@given(CARDS, ENDS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_who_came_first_and_who_has_gone_does_not_matter(cards: list[Card], ends: list[tuple[int, int]], dice) -> None:
    found = ways(cards, ends)
    at_once = Lanes()
    at_once.put(found)
    one_by_one, rows = Lanes(), [*found, 98, 99]
    dice.shuffle(rows)
    for row in rows:
        one_by_one.put({row: found.get(row) or way(cards, 3.0 * (row - 90), -40.0)})
    one_by_one.put({98: None, 99: None})
    assert routes(one_by_one) == routes(at_once)


@given(CARDS, ENDS)
@settings(max_examples=60, deadline=None)
def test_whose_route_is_another_is_told(cards: list[Card], ends: list[tuple[int, int]]) -> None:
    found = ways(cards, ends)
    lanes = Lanes()
    lanes.put({row: passage for row, passage in found.items() if row})
    before = routes(lanes)
    told = lanes.put({0: found[0]})
    after = routes(lanes)
    assert {row for row in after if before.get(row) != after[row]} <= told


@given(st.integers(2, 5), st.integers(20, 60))
@settings(max_examples=30, deadline=None)
def test_at_a_corner_with_room_they_are_a_lane_apart(count: int, depth: int) -> None:
    """All go under one card that hangs down from far above, from the left to the right."""
    card = (400.0, -2000.0, 500.0, 4.0 * depth)
    lanes = Lanes()
    lanes.put({row: way([card], -10.0 * row, -10.0 * row) for row in range(count)})
    depths = sorted(float((lanes.in_lane(row) or lanes.ways[row]).route()[..., 1].max()) for row in lanes.ways)
    assert min(np.diff(depths)) >= LANE - 1.0


# --- on the canvas


def shared_stretch(stage: Stage, one: EdgeKey, other: EdgeKey) -> float:
    """For how many pixels one edge runs on top of another, closer than the width of a line."""
    dots = []
    for key in (one, other):
        rough = stage.along(key, np.linspace(0, 1, 200))
        length = np.linalg.norm(np.diff(rough, axis=0), axis=1).sum()
        dots.append(stage.along(key, np.linspace(0, 1, max(int(length / 3), 8))))
    a, b = dots
    if (a.max(axis=0) + 2 < b.min(axis=0)).any() or (b.max(axis=0) + 2 < a.min(axis=0)).any():
        return 0.0
    on_top = np.linalg.norm(a[:, None] - b[None], axis=2).min(axis=1) < 2
    best = run = 0
    for each in on_top:
        run = run + 1 if each else 0
        best = max(best, run)
    return 3.0 * best


def opened(graph: Graph) -> Iterator[Graph]:
    """The graph, and with each of its folded groups open beside the others."""
    yield graph
    for id in [id for id, group in graph.groups.items() if group.folded]:
        yield graph.apply(edits.open_in_place(graph, [id]))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", ["dying-relus", "exploding-recurrence", "residual-spirals", "saturated-sigmoids"])
def test_no_edge_runs_on_top_of_one_with_another_source(name: str) -> None:
    """Both ways through one thin gap, or turning back at one place: they would be read as one edge."""
    graph = shipped(name)
    with contextlib.suppress(EditRefused):
        graph = graph.apply(edits.find_groups(graph))
    for each in (shipped(name), *opened(graph)):
        shown = shown_of(each)
        stage = Stage(shown.graph, shown_frame(Session(each).now.frame, shown))
        for one, other in combinations(stage.keys, 2):
            ends = [(stage.graph.edges[key].source, stage.graph.edges[key].output) for key in (one, other)]
            assert ends[0] == ends[1] or shared_stretch(stage, one, other) < 46, (name, one, other)
