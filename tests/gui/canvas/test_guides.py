"""Where a dragged card is drawn to: into line with others, and between them where the gaps are equal."""

from __future__ import annotations

import time

import numpy as np
import pytest

from gui.canvas.model.guides import pulled

VIEW = np.array([-1000.0, -1000.0, 1000.0, 1000.0])


def card(x: float, y: float, high: float = 84) -> list[float]:
    return [x, y, x + 140, y + high]


def pull(box: list[float], *others: list[float], levels: tuple[float, ...] = ()) -> tuple[float, float, int]:
    across, down = pulled(np.array(box), np.array(others).reshape(-1, 4), VIEW, 6.0, levels)
    return across.by, down.by, len(across.guides) + len(down.guides)


@pytest.mark.parametrize(
    ("box", "other", "way"),
    [
        (card(5, 300), card(0, 0), (-5, 0)),  # left edges, and so middles and right edges
        (card(400, 4), card(0, 0), (0, -4)),  # tops
        (card(400, 12), card(0, 0, 104), (0, -2)),  # middles: 54 and 52
        (card(400, 18), card(0, 0, 104), (0, 2)),  # bottoms
        (card(400, 30), card(0, 0, 104), (0, 0)),  # too far
    ],
)
def test_edges_and_middles_come_into_line(box: list[float], other: list[float], way: tuple[float, float]) -> None:
    dx, dy, guides = pull(box, other)
    assert (dx, dy) == way and guides == (1 if any(way) else 0)


def test_the_guide_runs_along_all_that_stand_on_it() -> None:
    across, _ = pulled(np.array(card(5, 300)), np.array([card(0, 0), card(0, -200), card(500, 50)]), VIEW, 6.0)
    ((x0, y0, x1, y1, gap),) = across.guides
    assert (x0, x1) in ((0, 0), (70, 70), (140, 140)) and (y0, y1) == (-200, 384) and not gap


def test_between_two_others_the_gaps_become_equal() -> None:
    dx, dy, guides = pull(card(243, 20), card(0, 0), card(480, 0))
    assert (dx, dy, guides) == (-3, 0, 2)


def test_behind_two_others_the_gap_is_theirs_again() -> None:
    dx, _, guides = pull(card(484, 20), card(0, 0), card(240, 0))
    assert (dx, guides) == (-4, 2)
    dx, _, guides = pull(card(-243, 20), card(0, 0), card(240, 0))
    assert (dx, guides) == (3, 2)


def test_an_edge_that_would_run_straight_comes_before_all_else() -> None:
    assert pull(card(400, 4), card(0, 0), levels=(3.0, -40.0)) == (0, 3, 0)


def test_alone_nothing_draws_it_and_what_is_out_of_view_does_not() -> None:
    assert pull(card(3, 3)) == (0, 0, 0)
    assert pull(card(3, 3000), card(0, 5000)) == (0, 0, 0)


def test_a_move_among_a_thousand_takes_less_than_a_millisecond() -> None:
    others = np.array([card(200 * (i % 40), 120 * (i // 40)) for i in range(1000)])
    view, box = np.array([-1e5, -1e5, 1e5, 1e5]), np.array(card(1003, 1003))
    best = np.inf
    for _ in range(20):
        began = time.perf_counter()
        pulled(box, others, view, 6.0, ())
        best = min(best, time.perf_counter() - began)
    assert best < 0.001
