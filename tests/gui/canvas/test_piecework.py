"""A search for labels that goes on from frame to frame ends as one that is made at once, and shows nothing before."""

from __future__ import annotations

import numpy as np
import pytest

from gui.canvas.model import geometry
from gui.canvas.model.labels import Ground, Labels, Wish
from gui.canvas.model.routes import Routes

KEYS = [(f"n{row}", 0) for row in range(9)]
WISH = Wish(((48.0, 14.0), (60.0, 14.0)))


@pytest.fixture
def ground() -> Ground:
    """Nine edges from one place to nine, one close below the other: labels push each other away."""
    starts = np.zeros((9, 2))
    ends = np.stack([np.full(9, 260.0), np.linspace(-60.0, 60.0, 9)], axis=1)
    cards = np.array([[-160.0, -60.0, 0.0, 60.0]])
    routes = Routes.of([shape[None] for shape in geometry.curves(starts, ends)])
    return Ground({key: row for row, key in enumerate(KEYS)}, routes, cards, 1.0)


def go_on(labels: Labels, ground: Ground) -> list[tuple[str, int]]:
    """As much as one piece of it."""
    missing = [key for key in KEYS if labels.get(key, 0) is None]
    missing.sort(key=lambda key: key != labels.begun(0))
    return labels.place(0, missing[:1], lambda key: WISH, ground, 0.0)[0]


def test_piece_by_piece_labels_come_to_stand_where_they_do_at_once(ground: Ground) -> None:
    at_once, slowly, pieces = Labels(), Labels(), 0
    at_once.place(0, KEYS, lambda key: WISH, ground)
    while any(slowly.get(key, 0) is None for key in KEYS):
        before = slowly.all_of(KEYS, 0)
        done = go_on(slowly, ground)
        pieces += 1
        assert done or slowly.all_of(KEYS, 0) == before, "nothing is seen of a search that is not over"
    assert pieces > 2 * len(KEYS) and slowly.begun(0) is None
    spots = [[each and each.spots for each in labels.all_of(KEYS, 0)] for labels in (slowly, at_once)]
    assert spots[0] == spots[1]


def test_what_was_begun_is_dropped_when_something_moves(ground: Ground) -> None:
    labels = Labels()
    assert not go_on(labels, ground) and labels.begun(0) == KEYS[0] and labels.begun(1) is None
    labels.forget_under(np.array([[500.0, 0.0, 600.0, 50.0]]), np.empty((0, 4)))
    assert labels.begun(0) is None and labels.get(KEYS[0], 0) is None
    go_on(labels, ground)
    labels.forget()
    assert labels.begun(0) is None
