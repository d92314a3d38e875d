"""A way from left to right between cards: which gaps it goes through, column by column. Pure arithmetic, no Qt.

The plane between the two ends is cut into slabs at the left and right sides of all cards. In each slab what is free of
cards is a few gaps; the way goes from gap to gap where they overlap, as near to the straight curve as it can.
A card is left, top, right, bottom; a gap is its low and high y; a gate is x, low, high: between these the way passes x.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Card = tuple[float, float, float, float]
Gap = tuple[float, float]
Gate = tuple[float, float, float]
State = tuple[float, float, float, int]  # what the best way into a gap costs in all and so far, its y, whence it comes
INFINITE = float("inf")
EVERYWHERE: Gap = (-INFINITE, INFINITE)
NOWHERE: State = (INFINITE, INFINITE, 0.0, 0)


@dataclass(frozen=True)
class Aim:
    """Where a way would best go: as a straight curve from start to end does. It keeps within `reach` of it."""

    x: Gap
    start: tuple[float, Gap]  # the y that is wished for, and between which it may be
    end: tuple[float, Gap]
    reach: float

    def at(self, x: float) -> float:
        """The y of the straight curve."""
        t = min(max((x - self.x[0]) / (self.x[1] - self.x[0]), 0.0), 1.0)
        return self.start[0] + (self.end[0] - self.start[0]) * t * t * (3 - 2 * t)

    def band(self, x: float) -> Gap:
        """Between which y the way is looked for in a slab with its middle at x."""
        return self.at(x) - self.reach, self.at(x) + self.reach


def corridor(aim: Aim, cards: Iterable[Card], least: float) -> tuple[float, list[Gate], float] | None:
    """The gates on the way, and the y at which it begins and ends; None if there is no way.

    Slabs thinner than `least` are one with the next.
    """
    slabs = list(_slabs(aim, cards, least))
    columns: list[list[State]] = [[_first(gap, aim) for gap in slabs[0][2]]]
    for (_, _, before), (begin, stop, after) in pairwise(slabs):
        columns.append(_step(before, columns[-1], after, aim.at((begin + stop) / 2), aim.end[0]))
    last = [_last(gap, aim, state) for gap, state in zip(slabs[-1][2], columns[-1], strict=True)]
    best = min(range(len(last)), key=lambda i: last[i][0], default=-1)
    if best < 0 or last[best][0] == INFINITE:
        return None
    picked = [best]
    for column in reversed(columns[1:]):
        picked.append(column[picked[-1]][3])
    gaps = [gaps[i] for (_, _, gaps), i in zip(slabs, reversed(picked), strict=True)]
    gates = [
        (here, max(one[0], two[0]), min(one[1], two[1]))
        for (here, _, _), (one, two) in zip(slabs[1:], pairwise(gaps), strict=True)
    ]
    return columns[0][picked[-1]][2], gates, last[best][1]


def _first(gap: Gap, aim: Aim) -> State:
    there = _within(gap, aim.start)
    if there is None:
        return NOWHERE
    cost = abs(there - aim.start[0])
    return cost + abs(there - aim.end[0]), cost, there, 0


def _last(gap: Gap, aim: Aim, state: State) -> tuple[float, float]:
    """What the whole way costs, and the y at which it ends."""
    there = _within(gap, aim.end)
    return (INFINITE, 0.0) if there is None else (state[1] + abs(there - state[2]) + abs(there - aim.end[0]), there)


def _within(gap: Gap, wished: tuple[float, Gap]) -> float | None:
    """The y nearest to what is wished for that is in a gap; None where that may not be."""
    wish, (low, high) = wished
    low, high = max(low, gap[0]), min(high, gap[1])
    return min(max(wish, low), high) if low <= high else None


def _step(
    before: Sequence[Gap], states: Sequence[State], after: Sequence[Gap], wish: float, goal: float
) -> list[State]:
    """The best way into each gap of the next slab: by its ups and downs, those to come, and how far it is off."""
    result = []
    ways = [(gap, state, i) for i, (gap, state) in enumerate(zip(before, states, strict=True)) if state[0] < INFINITE]
    for low, high in after:
        best = NOWHERE
        for (above, below), (_, cost, y, _), i in ways:
            if above <= high and below >= low:
                there = min(max(wish if len(after) > 1 else y, low, above), high, below)
                so_far = cost + abs(there - y) + (abs(there - wish) / 2 if len(after) > 1 else 0.0)
                total = so_far + abs(there - goal)
                if total < best[0]:
                    best = (total, so_far, there, i)
        result.append(best)
    return result


def _slabs(aim: Aim, cards: Iterable[Card], least: float) -> Iterator[tuple[float, float, list[Gap]]]:
    """From left to right: where each slab begins and ends, and its gaps."""
    start, stop = aim.x
    todo = sorted(card for card in cards if card[0] < stop and card[2] > start)
    starts = [start]
    for here in sorted({side for card in todo for side in (card[0], card[2]) if start < side < stop}):
        if here - starts[-1] >= least:
            starts.append(here)
    standing: list[Card] = []
    place = 0
    for begin, end in pairwise([*starts, stop]):
        standing = [card for card in standing if card[2] > begin]
        while place < len(todo) and todo[place][0] < end:
            if todo[place][2] > begin:
                standing.append(todo[place])
            place += 1
        yield begin, end, gaps_between(standing, aim.band((begin + end) / 2)) if standing else [EVERYWHERE]


def gaps_between(cards: Iterable[Card], band: Gap) -> list[Gap]:
    """What of a band is free of cards."""
    gaps, (y, end) = [], band
    for top, bottom in sorted((card[1], card[3]) for card in cards if card[3] > y and card[1] < end):
        if top >= y:
            gaps.append((y, min(top, end)))
        y = max(y, bottom)
    if y <= end:
        gaps.append((y, end))
    return gaps
