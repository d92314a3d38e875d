"""On their way to another arrangement edges keep their routes: each from the old one to the new one, at its ports."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from engine.edits.arrange import arrange_nodes
from engine.graph.graph import Graph
from engine.layout.layout import laid_out
from engine.passes.run import run
from engine.show.frame import frame_at
from gui.canvas.model.drift import Drift
from gui.canvas.model.geometry import cuts, points, tangents
from gui.canvas.model.stage import Stage
from tests.bench.drawn import random_recipe
from tests.gui.hidden import hidden_edges

SHARES = np.linspace(0, 1, 40)


def scattered(count: int, seed: int) -> Graph:
    """Nodes anywhere: many edges run back, and round others."""
    graph, dice = laid_out(random_recipe(count, None, seed).graph()), Random(seed)
    places = {id: (dice.randint(0, 240 * count // 4), dice.randint(0, 900)) for id in graph.nodes}
    return replace(graph, nodes={id: replace(node, pos=places[id]) for id, node in graph.nodes.items()})


def drifting(graph: Graph) -> tuple[Stage, Stage, Drift]:
    """A stage on which the graph has been arranged and is about to go there, and one that shows it as it was."""
    stage, before = Stage(graph, frame_at(run(graph), 0)), Stage(graph, frame_at(run(graph), 0))
    left, change = stage.shape(), arrange_nodes(graph, aspect=1.6)
    stage.take(graph.apply(change), stage.frame, change)
    return stage, before, Drift(stage, left)


def off(one: np.ndarray, other: np.ndarray) -> float:
    """How far from a route another one goes, in pixels."""
    dots, others = (points(route, np.linspace(0, 1, 200)).reshape(-1, 2) for route in (one, other))
    return float(np.hypot(*(dots[:, None] - others).transpose(2, 0, 1)).min(axis=1).max())


@pytest.mark.parametrize("seed", range(4))
def test_edges_go_from_their_old_routes_to_their_new_ones_and_stay_at_their_ports(seed: int) -> None:
    stage, before, drift = drifting(scattered(20, seed))
    after = Stage(stage.graph, stage.frame)
    for share in (0.0, 0.3, 0.8, 1.0):
        drift.show(share)
        for key, edge in stage.graph.edges.items():
            route = stage.route(key)
            assert route[0, 0] == pytest.approx(stage.start(edge)) and route[-1, 3] == pytest.approx(stage.end(edge))
            assert np.allclose(route[1:, 0], route[:-1, 3])  # in one piece
            ways = tangents(route, np.array([0.0, 1.0]))
            assert ways[0, 0] == pytest.approx((1, 0)) and ways[-1, 1] == pytest.approx((1, 0))
            ends = {0.0: before, 1.0: after}.get(share)
            assert ends is None or off(route, ends.route(key)) < 8
            box = stage.routes.boxes[stage.rows[key]]
            dots = points(route, SHARES).reshape(-1, 2)
            assert (dots >= box[:2]).all() and (dots <= box[2:]).all()
    drift.end()
    assert not hidden_edges(stage)
    assert all(np.array_equal(stage.route(key), after.route(key)) for key in stage.keys)


def test_a_graph_of_five_hundred_nodes_moves_on_within_a_frame() -> None:
    *_, drift = drifting(scattered(500, 1))
    spent = []
    for share in np.linspace(0, 1, 9):
        start = time.thread_time()
        drift.show(float(share))
        spent.append(time.thread_time() - start)
    assert sorted(spent)[4] < 0.016  # 1 ms on a machine that has nothing else to do


def test_pieces_of_curves_lie_on_them() -> None:
    shapes = np.random.default_rng(1).uniform(-100, 100, (5, 4, 2))
    first, last = np.array([0.0, 0.2, 0.5, 0.0, 0.7]), np.array([1.0, 0.4, 0.6, 0.5, 1.0])
    t = np.linspace(0, 1, 9)
    for shape, piece, a, b in zip(shapes, cuts(shapes, first, last), first, last, strict=True):
        assert np.allclose(points(piece, t), points(shape, a + (b - a) * t))
