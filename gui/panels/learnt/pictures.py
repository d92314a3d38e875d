"""From what was learnt to what is drawn: the plane of two features, the curve over one, or targets against answers."""

from __future__ import annotations

import numpy as np

from engine.graph.graph import Graph
from engine.learn.decisions import Numbers, probabilities
from engine.learn.learnt import Learnt, plane_of
from gui.look.theme import theme
from gui.panels.learnt.colours import answer_picture, spread
from gui.panels.learnt.scatter import Points, PointScene

PLACES, FINE, ALONG = 48, 112, 161  # in each direction of a plane, and where it is large; along a line
ROOM = 0.08  # of the height, above and below what is drawn


def has_picture(learnt: Learnt) -> bool:
    """Whether there is one: of many features only numbers have, against their targets."""
    features = learnt.data.features.shape[1]
    return features == 2 or (features == 1 and learnt.kind != "classes") or learnt.kind == "numbers"


def picture_of(learnt: Learnt, graph: Graph, places: int = PLACES) -> PointScene:
    """Where all points are, and what the model says everywhere: in so many `places` along each side of a plane."""
    features = learnt.data.features.shape[1]
    if features == 2:
        return _plane(learnt, graph, places)
    return _line(learnt, graph) if features == 1 else _against_targets(learnt, graph)


def _plane(learnt: Learnt, graph: Graph, places: int) -> PointScene:
    plane, truth = plane_of(learnt.data.features, places), learnt.truth()
    outputs = learnt.answer(graph, plane.rows).outputs
    ground = answer_picture(theme(), learnt, outputs, plane.shape)
    numbers = learnt.kind == "numbers"
    classes = np.zeros(len(truth), np.intp) if numbers else truth.astype(np.intp)
    x, y = learnt.data.features.T
    points = Points(x, y, classes, learnt.data.held_out, spread(learnt, truth) if numbers else None)
    ends = (float(plane.across[0]), float(plane.across[-1]), float(plane.up[0]), float(plane.up[-1]))
    return PointScene(ends, _names(learnt), points, ground)


def _names(learnt: Learnt) -> tuple[str, str]:
    first, second = (*learnt.columns, "")[:2]
    return first, second


def _line(learnt: Learnt, graph: Graph) -> PointScene:
    line, truth = plane_of(learnt.data.features, ALONG), learnt.truth()
    outputs = learnt.answer(graph, line.rows).outputs
    p = probabilities(learnt.loss, outputs) if learnt.classes else None
    ys = outputs[:, 0] if p is None else p[:, 1]
    up = f"p of {learnt.classes[1]}" if p is not None else learnt.data.table.label
    classes = truth.astype(np.intp) if learnt.classes else np.zeros(len(truth), np.intp)
    points = Points(learnt.data.features[:, 0], truth, classes, learnt.data.held_out)
    ends = (float(line.across[0]), float(line.across[-1]), *_height(truth, ys))
    return PointScene(ends, (learnt.columns[0], up), points, curve=(line.across, ys))


def _against_targets(learnt: Learnt, graph: Graph) -> PointScene:
    truth = learnt.truth()
    outputs = learnt.answer(graph, learnt.data.features).outputs[:, 0]
    low, high = _height(truth, truth)
    points = Points(truth, outputs, np.zeros(len(truth), np.intp), learnt.data.held_out)
    diagonal = np.array([low, high])
    return PointScene((low, high, *_height(truth, outputs)), ("target", "answer"), points, curve=(diagonal, diagonal))


def _height(truth: Numbers, ys: Numbers) -> tuple[float, float]:
    """The room for all points; and for the curve, as far as it stays within three times as much."""
    low, high = float(truth.min()), float(truth.max())
    wide = high - low or 1.0
    with np.errstate(all="ignore"):
        seen = ys[np.isfinite(ys) & (np.abs(ys - (low + high) / 2) <= 1.5 * wide)]
    low, high = min(low, *seen.tolist(), low), max(high, *seen.tolist(), high)
    slack = ROOM * (high - low) or 1.0
    return low - slack, high + slack
