"""A way between any cards enters none of them and ends at its ports; neither their order nor far cards matter to it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.canvas.model.corridors import Aim, Card, corridor
from gui.canvas.model.lanes import Passage
from gui.canvas.model.obstacles import hidden

START, END = (0.0, 0.0), (900.0, 120.0)
AIM = Aim((START[0], END[0]), (START[1], (START[1],) * 2), (END[1], (END[1],) * 2), 1e9)
CARDS = st.lists(
    st.tuples(st.integers(5, 180), st.integers(-100, 100), st.integers(1, 40), st.integers(1, 40)).map(
        lambda card: (card[0] * 4.0, card[1] * 4.0, (card[0] + card[2]) * 4.0, (card[1] + card[3]) * 4.0)
    ),
    max_size=12,
)


def way(cards: list[Card]) -> Passage | None:
    """As the router asks for it where there is least room: 1.5 pixels clear of each card."""
    found = corridor(AIM, [(left - 1.5, top - 1.5, right + 1.5, bottom + 1.5) for left, top, right, bottom in cards], 0)
    return found and Passage(START, END, tuple(found[1]), False, 0.0, (START, END))


@given(CARDS)
@settings(max_examples=150, deadline=None)
def test_a_way_enters_no_card_and_begins_and_ends_at_its_ports(cards: list[Card]) -> None:
    found = way(cards)
    assert found, "above all cards there is always room"
    route = found.route()
    assert tuple(route[0, 0]) == START and tuple(route[-1, 3]) == END
    assert not hidden(route, np.array(cards).reshape(-1, 4))


@given(CARDS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_neither_the_order_of_cards_nor_one_beyond_the_ends_matters(cards: list[Card], dice) -> None:
    others = [*cards, (END[0] + 50, -500.0, END[0] + 200, 500.0)]
    dice.shuffle(others)
    assert way(cards) == way(others)
