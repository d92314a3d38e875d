"""Which edges cannot be followed with the eye: they pass behind a card that is not one of their own two."""

from __future__ import annotations

import numpy as np

from engine.graph.records import EdgeKey
from gui.canvas.model.geometry import points
from gui.canvas.model.stage import Stage

_T = np.linspace(0, 1, 201)
SEEN = 2.0  # pixels from what is in front


def hidden_edges(stage: Stage) -> list[tuple[EdgeKey, str]]:
    """Each edge whose route runs under a node that is neither its source nor its end, with that node."""
    found = []
    boxes, ids = stage.node_boxes, np.array(stage.ids)
    for key, edge in stage.graph.edges.items():
        pieces = points(stage.route(key), _T)
        low, high, dots = pieces.min(axis=1)[:, None], pieces.max(axis=1)[:, None], pieces.reshape(-1, 2)
        near = np.flatnonzero(((boxes[:, :2] < high) & (boxes[:, 2:] > low)).all(axis=2).any(axis=0))
        under = ((dots[:, None] > boxes[near, :2]) & (dots[:, None] < boxes[near, 2:])).all(axis=2)
        foreign = np.array([id not in (edge.source, edge.dest) for id in ids[near]], bool)
        lost = under[:, foreign].any(axis=1)
        if lost.any() and len(front := stage.front(key)):  # what lies in front of a card is seen
            seen = points(front, _T).reshape(-1, 2)
            under[lost] &= np.array([np.hypot(*(seen - dot).T).min() > SEEN for dot in dots[lost]])[:, None]
        under = under.any(axis=0)
        found += [(key, str(id)) for id in ids[near[under]] if id not in (edge.source, edge.dest)]
    return found
