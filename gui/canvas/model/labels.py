"""Where the numbers beside the edges stand: beside their curve, never on it, never under a node, clear of each other.

Each label tries places along its curve on both sides; the cheapest is taken. Room is kept for a number from the
beginning, so that nothing jumps when it appears. Boxes are rows of left, top, right, bottom.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from engine.graph.records import EdgeKey
from gui.canvas.model.geometry import Array, directions, inside, parameters, places, points
from gui.canvas.model.routes import Routes

GAP = 7.0  # between a label and its curve
CLEAR = 8.0  # between a label and a node: its ports reach out
_TS = np.array([0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82])
_COARSE = np.linspace(0.05, 0.95, 14)
_SIDES = np.array([1.0, -1.0])
NODE_COST, LABEL_COST, CURVE_COST, OWN_COST, SIDE_COST, FAR_COST = 1000.0, 400.0, 30.0, 500.0, 12.0, 20.0
LIFTS = np.array([1.15, 2.3])  # heights of a label, away from its curve, where there is no room beside it
LIFT_COST = 25.0

Size = tuple[float, float]
Place = tuple[float, float]  # a centre


class Labels:
    """The places of all labels, found when first asked for and kept until something near them moves."""

    def __init__(self) -> None:
        self._placed: dict[EdgeKey, tuple[list[Place], Array]] = {}  # centres and boxes of value and contribution

    def forget(self, keys: Iterable[EdgeKey] | None = None) -> None:
        """The edges have moved; None: all of them."""
        for key in list(self._placed) if keys is None else keys:
            self._placed.pop(key, None)

    def get(self, key: EdgeKey) -> list[Place] | None:
        """The centres of an edge's value and contribution, if they have been placed."""
        return self._placed[key][0] if key in self._placed else None

    def place(
        self, wanted: Mapping[EdgeKey, tuple[Size, Size]], rows: Mapping[EdgeKey, int], routes: Routes, nodes: Array
    ) -> None:
        """Place the labels of edges, by their sizes. `routes` are those of all edges, `rows` say which is whose;
        `nodes` are boxes (m, 4)."""
        areas = {key: _area(routes[rows[key]], sizes) for key, sizes in wanted.items()}
        about = _about(routes.pieces, np.array(list(areas.values())))
        dots = np.tile(points(routes.pieces[about], _COARSE).reshape(-1, 2), 2)
        owners = np.repeat(routes.owners[about], len(_COARSE))
        taken = [boxes for _, boxes in self._placed.values()]
        labels = np.full((len(taken) + len(wanted), 2, 4), np.inf)  # those still to come are infinitely far
        labels[: len(taken)] = np.reshape(taken, (-1, 2, 4))
        for place, (key, sizes) in enumerate(wanted.items(), len(taken)):
            area, route = areas[key], routes[rows[key]]
            near = nodes[inside(nodes, *area)]
            others = dots[inside(dots, *area) & (owners != rows[key])]
            boxes = _boxes(route, sizes, near, labels[inside(labels, *area)], others)
            self._placed[key] = (((boxes[:, :2] + boxes[:, 2:]) / 2).tolist(), boxes)
            labels[place] = boxes


def _boxes(route: Array, sizes: tuple[Size, Size], nodes: Array, labels: Array, dots: Array) -> Array:
    """The best boxes for an edge's value and contribution; an empty one is infinitely far."""
    own, boxes = _dots(route), np.full((2, 4), np.inf)
    for i, (size, side) in enumerate(zip(sizes, (-1.0, 1.0), strict=True)):
        if size[0]:
            boxes[i] = _best(route, own, size, side, nodes, np.concatenate([labels, boxes[:i]]), dots)
    return boxes


def _area(route: Array, sizes: tuple[Size, Size]) -> tuple[float, float, float, float]:
    """Where an edge's labels may come to stand."""
    reach = max(*sizes[0], *sizes[1]) + LIFTS[-1] * max(sizes[0][1], sizes[1][1]) + 24
    return (*(route.min(axis=(0, 1)) - reach), *(route.max(axis=(0, 1)) + reach))


def _about(shapes: Array, areas: Array) -> NDArray[np.intp]:
    """Which of the curves (n, 4, 2) may come into any of some areas."""
    hulls = np.concatenate([shapes.min(axis=1), shapes.max(axis=1)], axis=1)
    return np.flatnonzero(inside(hulls, *areas[:, :2].min(axis=0), *areas[:, 2:].max(axis=0)))


def _best(route: Array, own: Array, size: Size, side: float, nodes: Array, labels: Array, dots: Array) -> Array:
    """The cheapest box for a label, above (side −1) or below (+1) the curve if it can be.

    Where every place beside the curve would cover something, places farther off are tried as well.
    """
    t = np.repeat(_TS, 2)
    sides = np.tile(_SIDES, len(_TS)) * side
    u = parameters(route, t)
    way = directions(route, u)
    normal = np.stack([-way[:, 1], way[:, 0]], axis=1)  # points down where the curve runs to the right
    normal *= np.where(normal[:, 1] < 0, -1.0, 1.0)[:, None] * sides[:, None]
    half = np.array(size) / 2
    away = (np.abs(normal) * half).sum(axis=1) + GAP  # the box just clears the tangent
    centre = places(route, u) + normal * away[:, None]
    cost = np.abs(t - 0.5) * FAR_COST + (sides != side) * SIDE_COST
    found = _cheapest(centre, half, cost, own, nodes, labels, dots)
    if found[0] >= LABEL_COST:
        up = np.stack([np.zeros_like(t), np.where(normal[:, 1] < 0, -size[1], size[1])], axis=1)
        lifted = np.concatenate([centre + lift * up for lift in LIFTS])
        dearer = np.concatenate([cost + lift * LIFT_COST for lift in LIFTS])
        found = min(found, _cheapest(lifted, half, dearer, own, nodes, labels, dots), key=lambda place: place[0])
    return np.concatenate([found[1] - half, found[1] + half])


def _cheapest(
    centre: Array, half: Array, cost: Array, own: Array, nodes: Array, labels: Array, dots: Array
) -> tuple[float, Array]:
    """What the best of some centres costs, with what its box would cover, and that centre."""
    boxes = np.concatenate([centre - half, centre + half], axis=1)
    cost = cost + OWN_COST * _touches(boxes, own).clip(max=1)
    cost += CURVE_COST * _touches(boxes, dots).clip(max=3)
    cost += NODE_COST * _touches(boxes, nodes, CLEAR) + LABEL_COST * _touches(boxes, labels, 2.0)
    best = int(cost.argmin())
    return float(cost[best]), centre[best]


def _dots(route: Array) -> Array:
    """Points along a route, as boxes of no size."""
    return np.tile(places(route, parameters(route, np.linspace(0, 1, 40 * len(route) + 1))), 2)


def _touches(boxes: Array, others: Array, clear: float = 0.0) -> Array:
    """How many of the others each box overlaps, with `clear` pixels between them."""
    a, b = boxes[:, None], others[None]
    hit = (
        (a[..., 0] < b[..., 2] + clear)
        & (a[..., 2] > b[..., 0] - clear)
        & (a[..., 1] < b[..., 3] + clear)
        & (a[..., 3] > b[..., 1] - clear)
    )
    return hit.sum(axis=1).astype(float)
