"""Where things are: places of ports, the route of an edge and the points along it. Pure NumPy, no Qt.

Symbols: P0 … P3 the control points of a cubic; t its parameter, from 0 at its start to 1 at its end. A curve is an
array (4, 2), several are (n, 4, 2), all in scene pixels. B(t) = Σ C(3,i) (1−t)³⁻ⁱ tⁱ Pᵢ (Bernstein's form).
A route is a chain of m curves, (m, 4, 2), each beginning where and in the direction in which the last one ends; u is
its parameter, from 0 to m: piece ⌊u⌋ at t = u − ⌊u⌋. A share, from 0 to 1, is measured along its length.
"""

from collections.abc import Iterable
from functools import lru_cache
from math import ceil
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.layout.layout import GRID

Array = NDArray[np.float64]
Number = TypeVar("Number", float, Array)

RADIUS, STRIPE, PORT = 10.0, 5.0, 6.0
_DOTS = 16  # pieces of a curve that are taken as straight when its length is measured
LEAST_REACH, REACH = 48.0, 0.45  # how far a curve runs horizontally before it bends: in pixels, and as a share of Δx


def port_offset(port: Number, ports: Number, height: Number) -> Number:
    """How far below the top of its node a port is: all are spread evenly."""
    return height * (port + 1) / (ports + 1)


def snapped(x: float, y: float) -> tuple[float, float]:
    """The nearest point of the grid."""
    return (float(round(x / GRID) * GRID), float(round(y / GRID) * GRID))


def curves(starts: Array, ends: Array) -> Array:
    """The cubics from `starts` to `ends`, both (n, 2): they leave and arrive horizontally. Gives (n, 4, 2)."""
    reach = np.maximum(LEAST_REACH, np.abs(ends[:, 0] - starts[:, 0]) * REACH)
    result = np.stack([starts, starts, ends, ends], axis=1)
    result[:, 1, 0] += reach
    result[:, 2, 0] -= reach
    return result


def curve(start: tuple[float, float], end: tuple[float, float]) -> Array:
    """One cubic from an output port to an input port: (4, 2)."""
    result: Array = curves(np.array([start], dtype=float), np.array([end], dtype=float))[0]
    return result


def points(shape: Array, t: Array | float) -> Array:
    """The points at t of a curve (4, 2) or of curves (n, 4, 2): (…, len(t), 2)."""
    result: Array = _shares(np.atleast_1d(np.asarray(t, dtype=float))) @ shape
    return result


def _shares(t: Array) -> Array:
    """How much each of P0 … P3 counts at t: (…, 4)."""
    s = 1 - t
    return np.stack([s**3, 3 * s * s * t, 3 * s * t * t, t**3], axis=-1)


def tangents(shape: Array, t: Array | float) -> Array:
    """The unit directions of travel at t: B′(t) / |B′(t)|."""
    t = np.atleast_1d(np.asarray(t, dtype=float))
    s = 1 - t
    weights = np.stack([s * s, 2 * s * t, t * t], axis=-1)
    way = weights @ np.diff(shape, axis=-2)
    length = np.hypot(way[..., 0], way[..., 1])[..., None]
    result: Array = way / np.where(length == 0, 1, length)
    return result


def parameters(route: Array, shares: Array | float) -> Array:
    """The u at which these shares of the length of a route (m, 4, 2) have been gone: (len(shares),)."""
    u, gone = _measured(route)
    return np.asarray(np.interp(np.atleast_1d(np.asarray(shares, dtype=float)) * gone[-1], gone, u))


def share(route: Array, u: float) -> float:
    """Which share of the length of a route (m, 4, 2) has been gone at u."""
    all_u, gone = _measured(route)
    return float(np.interp(u, all_u, gone) / (gone[-1] or 1.0))


def _measured(route: Array) -> tuple[Array, Array]:
    """Some u of a route, and how far it is to each of them: not to be written to, for they are kept.

    A frame asks for them several times for each edge on which something travels, and so does the next frame.
    """
    return _measured_once(np.asarray(route, dtype=float).tobytes())


@lru_cache(maxsize=2048)
def _measured_once(numbers: bytes) -> tuple[Array, Array]:
    """The same, of the numbers of a route."""
    route = np.frombuffer(numbers).reshape(-1, 4, 2)
    u = np.linspace(0, len(route), _DOTS * len(route) + 1)
    way = np.diff(places(route, u), axis=0)
    return u, np.concatenate([[0.0], np.cumsum(np.hypot(way[:, 0], way[:, 1]))])


def places(route: Array, u: Array) -> Array:
    """The points of a route (m, 4, 2) at u: (len(u), 2)."""
    piece = np.minimum(u.astype(int), len(route) - 1)
    return np.asarray((_shares(u - piece)[:, None] @ route[piece])[:, 0])


def directions(route: Array, u: Array) -> Array:
    """The unit directions of travel of a route (m, 4, 2) at u: (len(u), 2)."""
    piece = np.minimum(u.astype(int), len(route) - 1)
    return tangents(route[piece], (u - piece)[:, None])[:, 0]


def along(route: Array, shares: Array | float) -> Array:
    """The points at these shares of the length of a route (m, 4, 2): (len(shares), 2)."""
    return places(route, parameters(route, shares))


def lines(routes: Iterable[Array]) -> Array:
    """The straight pieces that stand for routes (m, 4, 2), sixteen of each: from x, y, to x, y (n, 4)."""
    dots = np.array([along(route, np.linspace(0, 1, 17)) for route in routes]).reshape(-1, 17, 2)
    return np.concatenate([dots[:, :-1], dots[:, 1:]], axis=-1).reshape(-1, 4)


def part(route: Array, first: float, last: float) -> Array:
    """What of a route (m, 4, 2) lies between two shares of its length, as a route of its own."""
    start, end = parameters(route, np.array([first, last])).tolist()
    low = min(int(start), len(route) - 1)
    high = max(low, ceil(end) - 1)
    pieces = route[low : high + 1].copy()
    pieces[-1] = cut(pieces[-1], start - low if low == high else 0.0, end - high)
    if low < high:
        pieces[0] = cut(pieces[0], start - low, 1.0)
    return pieces


def cut(shape: Array, first: float, last: float) -> Array:
    """The piece of a curve (4, 2) between two parameters, as a cubic of its own (de Casteljau's construction)."""
    right = _split(shape, first)[1]
    rest = 1.0 if first >= 1 else (last - first) / (1 - first)
    return _split(right, rest)[0]


def cuts(shapes: Array, first: Array, last: Array) -> Array:
    """Of curves (n, 4, 2) the pieces between two parameters (n,) each: by the blossom of the cubics."""
    ends = [first[:, None, None], last[:, None, None]]

    def at(*places: Array) -> Array:
        found = shapes
        for t in places:
            found = found[:, :-1] * (1 - t) + found[:, 1:] * t
        return found[:, 0]

    (a, b) = ends
    return np.stack([at(a, a, a), at(a, a, b), at(a, b, b), at(b, b, b)], axis=1)


def _split(shape: Array, t: float) -> tuple[Array, Array]:
    one = shape[:-1] * (1 - t) + shape[1:] * t
    two = one[:-1] * (1 - t) + one[1:] * t
    mid = two[0] * (1 - t) + two[1] * t
    return np.stack([shape[0], one[0], two[0], mid]), np.stack([mid, two[1], one[2], shape[3]])


def bounds(shapes: Array) -> Array:
    """The boxes that hold curves (n, 4, 2): rows of left, top, right, bottom, to a pixel.

    The hull of the control points would hold them too, but where an edge runs back to the left it is twice as wide.
    """
    dots = np.tensordot(_shares(np.linspace(0, 1, 33)), shapes, axes=(1, 1))  # dot by dot: to find the least is quick
    slack = 1 + np.abs(shapes[:, 3] - shapes[:, 0]) / 500  # what may lie between two of the dots
    return np.concatenate([dots.min(axis=0) - slack, dots.max(axis=0) + slack], axis=1)


def chains(shapes: Array) -> Array:
    """Points along curves (n, 4, 2), so close that straight lines between them stand for the curves: (n, 17, 2)."""
    return points(shapes, np.linspace(0, 1, 17))


def passing(chain: Array, left: float, top: float, right: float, bottom: float) -> NDArray[np.bool_]:
    """Which chains (n, k, 2) have a piece whose box touches a rectangle."""
    one, other = chain[:, :-1], chain[:, 1:]
    pieces = np.concatenate([np.minimum(one, other), np.maximum(one, other)], axis=-1)
    return np.asarray(inside(pieces, left, top, right, bottom).any(axis=1))


def crossed(chain: Array, start: tuple[float, float], end: tuple[float, float]) -> NDArray[np.bool_]:
    """Which chains (n, k, 2) a straight line goes across: a piece has its ends on both sides of the line, and the line
    has its own on both sides of the piece."""
    (x, y), (way_x, way_y) = start, (end[0] - start[0], end[1] - start[1])
    side = np.sign((chain[..., 0] - x) * way_y - (chain[..., 1] - y) * way_x)  # of the line, where each point lies
    one, way = chain[:, :-1], np.diff(chain, axis=1)
    first = (x - one[..., 0]) * way[..., 1] - (y - one[..., 1]) * way[..., 0]
    last = (end[0] - one[..., 0]) * way[..., 1] - (end[1] - one[..., 1]) * way[..., 0]
    apart = (side[:, :-1] * side[:, 1:] <= 0) & (np.sign(first) * np.sign(last) <= 0)
    lies_along = (side[:, :-1] == 0) & (side[:, 1:] == 0)
    return np.asarray((apart & ~lies_along).any(axis=1))


def nearest(shapes: Array, x: float, y: float) -> tuple[int, float, float]:
    """Which of the curves (n, 4, 2), n > 0, comes nearest to a point: its row, the distance, and the t of the place.

    Of a route it is the piece, and t + that piece is u.
    """
    t = np.linspace(0, 1, 32)
    chain = points(shapes, t)
    start, way = chain[:, :-1], np.diff(chain, axis=1)
    length = np.maximum((way**2).sum(axis=-1), 1e-12)
    along = np.clip((((x, y) - start) * way).sum(axis=-1) / length, 0, 1)
    gap = start + along[..., None] * way - (x, y)
    distance = np.hypot(gap[..., 0], gap[..., 1])
    row, piece = np.unravel_index(int(distance.argmin()), distance.shape)
    return int(row), float(distance[row, piece]), float((piece + along[row, piece]) / (len(t) - 1))


def around(boxes: Array) -> tuple[float, float, float, float]:
    """The box round boxes (n, 4), n > 0."""
    (left, top), (right, bottom) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def inside(
    boxes: Array, left: float | Array, top: float | Array, right: float | Array, bottom: float | Array
) -> NDArray[np.bool_]:
    """Which boxes (…, 4) of left, top, right, bottom touch a rectangle, or several, (…) each."""
    from_left, from_top, to_right, to_bottom = np.moveaxis(boxes, -1, 0)
    return np.asarray((from_left <= right) & (to_right >= left) & (from_top <= bottom) & (to_bottom >= top))


def shared_areas(boxes: Array, others: Array) -> Array:
    """How much area each of some boxes (n, 4) has in common with each of others (m, 4): (n, m)."""
    corner, opposite = np.maximum(boxes[:, None, :2], others[:, :2]), np.minimum(boxes[:, None, 2:], others[:, 2:])
    return np.asarray(np.maximum(opposite - corner, 0.0).prod(axis=2))
