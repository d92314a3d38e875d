"""Places, curves and labels: pure geometry."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.layout.layout import node_height
from gui.canvas.model import geometry
from gui.canvas.model.free_space import clear_shift
from gui.canvas.model.labels import Ground, Labels, Placed, Wish
from gui.canvas.model.routes import Routes

place = st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000))
share = st.floats(0, 1)


def test_a_node_grows_with_its_ports_and_never_below_its_height() -> None:
    assert [node_height(n) for n in (0, 2, 3, 4, 10)] == [84, 84, 84, 104, 224]


def test_ports_are_spread_evenly() -> None:
    assert [geometry.port_offset(i, 2, 84) for i in range(2)] == [28, 56]


@given(place, place)
def test_a_curve_runs_from_port_to_port_horizontally(start: tuple[float, float], end: tuple[float, float]) -> None:
    shape = geometry.curve(start, end)
    first, last = geometry.points(shape, [0, 1])
    assert first == pytest.approx(start) and last == pytest.approx(end)
    ways = geometry.tangents(shape, [0, 1])
    assert ways[:, 0] == pytest.approx([1, 1]) and ways[:, 1] == pytest.approx([0, 0])


def test_points_of_many_curves_are_those_of_each() -> None:
    starts, ends = np.array([[0, 0], [10, 5]], float), np.array([[100, 50], [-40, 80]], float)
    shapes = geometry.curves(starts, ends)
    t = np.linspace(0, 1, 7)
    assert np.allclose(geometry.points(shapes, t), [geometry.points(shape, t) for shape in shapes])


@given(place, place, share, share, share)
def test_a_part_of_a_curve_is_on_the_curve(
    start: tuple[float, float], end: tuple[float, float], a: float, b: float, t: float
) -> None:
    shape, (first, last) = geometry.curve(start, end), sorted((a, b))
    on_part = geometry.points(geometry.cut(shape, first, last), t)
    assert on_part == pytest.approx(geometry.points(shape, first + (last - first) * t), abs=1e-6)


@given(st.lists(place, min_size=2, max_size=5, unique=True), share, share, share)
def test_a_stretch_of_a_route_is_on_the_route(through: list[tuple[float, float]], a: float, b: float, t: float) -> None:
    route, (first, last) = geometry.curves(np.array(through[:-1]), np.array(through[1:])), sorted((a, b))
    x, y = geometry.along(geometry.part(route, first, last), t)[0]
    shapes = np.concatenate([route, geometry.curve((9000, 9000), (9500, 9500))[None]])
    assert geometry.nearest(shapes, x, y)[1] < 12
    for share, end in ((first, 0), (last, 1)):
        assert geometry.along(geometry.part(route, first, last), end)[0] == pytest.approx(
            geometry.along(route, share)[0], abs=1e-3
        )


@given(st.lists(place, min_size=2, max_size=5, unique=True), share)
def test_a_share_of_a_route_is_measured_along_it(through: list[tuple[float, float]], at: float) -> None:
    route = geometry.curves(np.array(through[:-1]), np.array(through[1:]))
    assert geometry.share(route, geometry.parameters(route, at)[0]) == pytest.approx(at, abs=1e-9)
    dots = geometry.along(route, np.linspace(0, 1, 30))
    steps = np.hypot(*np.diff(dots, axis=0).T)
    length = np.hypot(*np.diff(geometry.along(route, np.linspace(0, 1, 2000)), axis=0).T).sum()
    assert steps.max() <= length / 29 * 1.1 + 2  # none is longer than its share: nothing jumps where pieces meet


def test_routes_that_change_their_pieces_leave_all_others_alone() -> None:
    one, two = geometry.curve((0, 0), (100, 50))[None], geometry.curve((0, 300), (100, 350))[None]
    routes = Routes.of([one, two, one + 1000])
    routes.put({0: np.concatenate([one, one + np.array([100, 50])]), 1: two + 5})
    assert len(routes[0]) == 2 and np.array_equal(routes[1], two + 5) and np.array_equal(routes[2], one + 1000)
    assert routes.near(150, 50, 210, 110).tolist() == [0] and routes.near(-5, -5, 5, 310).tolist() == [0, 1]
    routes.put({0: one})
    assert np.array_equal(routes[0], one) and not len(routes.near(150, 50, 210, 110))
    fresh = Routes.of([one, two + 5, one + 1000])
    assert np.array_equal(fresh.boxes, routes.boxes) and np.array_equal(fresh.pieces, routes.pieces)


@given(place, place, share)
def test_the_nearest_curve_to_its_own_point_is_itself(
    start: tuple[float, float], end: tuple[float, float], t: float
) -> None:
    shapes = np.stack([geometry.curve((5000, 5000), (6000, 6000)), geometry.curve(start, end)])
    x, y = geometry.points(shapes[1], t)[0]
    row, distance, _ = geometry.nearest(shapes, x, y)
    assert row == 1 and distance < 12  # a chain of 31 pieces is that near to the curve


def test_nearest_gives_the_place_along_the_curve() -> None:
    shape = geometry.curve((0, 0), (300, 0))
    x, y = geometry.points(shape, 0.8)[0]
    assert geometry.nearest(shape[None], x, y + 3)[1:] == pytest.approx((3, 0.8), abs=0.01)


@given(place, place)
def test_a_curve_lies_in_its_bounds(start: tuple[float, float], end: tuple[float, float]) -> None:
    shape = geometry.curve(start, end)
    left, top, right, bottom = geometry.bounds(shape[None])[0]
    dots = geometry.points(shape, np.linspace(0, 1, 20))
    assert (dots >= [left - 1e-6, top - 1e-6]).all() and (dots <= [right + 1e-6, bottom + 1e-6]).all()


def test_snapping_is_to_the_grid() -> None:
    assert geometry.snapped(5.9, -6.1) == (4, -8)


# --- labels


def boxes_of(labels: Labels, keys: list[tuple[str, int]], size: tuple[float, float]) -> np.ndarray:
    centres = [spot.centre for key in keys for spot in placed(labels, key).spots if spot is not None]
    return np.array([(x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2) for x, y in centres])


def placed(labels: Labels, key: tuple[str, int]) -> Placed:
    found = labels.get(key, 0)
    assert found is not None
    return found


def overlap(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1])


SIZE = (34.0, 16.0)


def fan(count: int) -> tuple[dict[tuple[str, int], np.ndarray], np.ndarray]:
    """Edges from nodes one below another into one node."""
    starts = np.array([(140.0, 42.0 + 120 * i) for i in range(count)])
    ends = np.array([(420.0, 150.0 + 20 * i) for i in range(count)])
    nodes = np.array([(0, 120 * i, 140, 120 * i + 84) for i in range(count)] + [(420, 120, 560, 260)], float)
    return {("f", i): shape for i, shape in enumerate(geometry.curves(starts, ends))}, nodes


def place_all(labels: Labels, shapes: dict[tuple[str, int], np.ndarray], nodes: np.ndarray) -> Labels:
    rows = {key: row for row, key in enumerate(shapes)}
    wanted = [key for key in shapes if labels.get(key, 0) is None]
    labels.place(
        0,
        wanted,
        lambda key: Wish((SIZE, SIZE)),
        Ground(rows, Routes.of([shape[None] for shape in shapes.values()]), nodes, 1.0),
    )
    return labels


def test_labels_are_clear_of_nodes_curves_and_each_other() -> None:
    shapes, nodes = fan(4)
    labels = place_all(Labels(), shapes, nodes)
    boxes = boxes_of(labels, list(shapes), SIZE)
    assert len(boxes) == 8
    assert not any(overlap(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
    assert not any(overlap(box, node) for box in boxes for node in nodes)
    for i, shape in enumerate(shapes.values()):
        dots = geometry.points(shape, np.linspace(0, 1, 200))
        for box in boxes[2 * i : 2 * i + 2]:
            inside = (dots > box[:2]).all(axis=1) & (dots < box[2:]).all(axis=1)
            assert not inside.any()


def test_a_value_is_above_its_curve_and_a_contribution_below() -> None:
    labels = place_all(Labels(), {("f", 0): geometry.curve((0, 0), (300, 0))}, np.empty((0, 4)))
    value, contribution = placed(labels, ("f", 0)).spots
    assert value is not None and contribution is not None and value.centre[1] < 0 < contribution.centre[1]


def test_labels_are_placed_anew_where_they_were_forgotten_only() -> None:
    shapes, nodes = fan(2)
    labels = place_all(Labels(), shapes, nodes)
    first, second = placed(labels, ("f", 0)).spots, placed(labels, ("f", 1)).spots
    labels.forget([("f", 0)])
    place_all(labels, {key: shape + 50 for key, shape in shapes.items()}, nodes)
    assert placed(labels, ("f", 0)).spots != first and placed(labels, ("f", 1)).spots == second


def test_labels_in_a_gap_that_is_too_narrow_stand_one_above_the_other() -> None:
    nodes = np.array([(0, 0, 140, 84), (210, 60, 350, 144)], float)
    shapes = {("f", 0): geometry.curve((140, 42), (210, 82))}
    size, labels = (60.0, 16.0), Labels()
    routes = Routes.of([shape[None] for shape in shapes.values()])
    labels.place(0, [("f", 0)], lambda key: Wish((size, size)), Ground({("f", 0): 0}, routes, nodes, 1.0))
    value, contribution = boxes_of(labels, [("f", 0)], size)
    assert not overlap(value, contribution)
    assert not any(overlap(box, node) for box in (value, contribution) for node in nodes)


@pytest.mark.parametrize(
    ("standing", "shift"),
    [
        ([], 0),
        ([(0, 200, 100, 300)], 0),
        ([(300, 0, 400, 100)], 0),  # beside it
        ([(0, 60, 100, 160)], -64),  # up is nearer
        ([(0, -60, 100, 40)], 64),
        ([(0, -60, 100, 40), (0, 100, 100, 200)], -184),  # the gap between them is too small
        ([(0, 0, 100, 1000), (0, -300, 100, -200)], -124),  # into the gap
    ],
)
def test_the_least_way_to_a_free_place(standing, shift):
    assert clear_shift((0, 0, 100, 100), standing, 24) == shift
    top, bottom = shift, 100 + shift
    assert all(box[1] >= bottom + 24 or box[3] <= top - 24 or box[0] > 100 for box in standing)
