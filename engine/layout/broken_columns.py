"""Columns of a drawing that are as wide as what is in them; high ones of open groups broken into several side by side.

Lengths are pixels. A box is left, top, right, bottom.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import ceil

from engine.graph.records import Pos
from engine.layout.layout import COLUMN_GAP, GRID, ROW_GAP
from engine.layout.sheet import Box


def broken(
    places: Mapping[str, Pos],
    wide: Mapping[str, float],
    high: Mapping[str, float],
    blocks: Collection[str],
    tallest: float,
) -> dict[str, Box]:
    """The boxes of what was arranged in columns. Those of `blocks` are no higher than `tallest`, if they are of
    several; all others close up beside them. What is on the left of something stays so, unless both are in one column.
    """
    columns = [
        sorted((id for id, pos in places.items() if pos[0] == x), key=lambda id: places[id][1])
        for x in sorted({pos[0] for pos in places.values()})
    ]
    parts = [_parts(column, high, tallest) if set(column) <= set(blocks) else [column] for column in columns]
    middle = _middle(places, high)
    share = _share(parts, high) if any(len(each) > 1 for each in parts) else 1.0
    found: dict[str, Box] = {}
    left = 0.0
    for each in parts:
        for part in each:
            if len(each) > 1:
                tops = _stacked(part, high, middle)
            elif share < 1:
                tops = _closed_up(part, places, high, middle, share)
            else:
                tops = {id: places[id][1] for id in part}
            found |= {id: (left, tops[id], left + wide[id], tops[id] + high[id]) for id in part}
            left += _on_grid(max(wide[id] for id in part)) + COLUMN_GAP
    return found


def _parts(column: Sequence[str], high: Mapping[str, float], tallest: float) -> list[list[str]]:
    """A column as one or more, about equally high, in their order."""
    whole = _height(column, high)
    count = min(ceil(whole / tallest), len(column)) if whole > tallest else 1
    most = ceil(len(column) / count)
    return [list(column[at : at + most]) for at in range(0, len(column), most)]


def _height(part: Sequence[str], high: Mapping[str, float]) -> float:
    return sum(high[id] for id in part) + ROW_GAP * (len(part) - 1)


def _middle(places: Mapping[str, Pos], high: Mapping[str, float]) -> float:
    return (min(pos[1] for pos in places.values()) + max(pos[1] + high[id] for id, pos in places.items())) / 2


def _share(parts: Sequence[Sequence[Sequence[str]]], high: Mapping[str, float]) -> float:
    """How high the highest column still is, of what it was."""
    before = max(_height([id for part in each for id in part], high) for each in parts)
    return max(_height(part, high) for each in parts for part in each) / before


def _stacked(part: Sequence[str], high: Mapping[str, float], middle: float) -> dict[str, float]:
    """Below each other, about the middle."""
    top, tops = middle - _height(part, high) / 2, {}
    for id in part:
        tops[id] = _on_grid(top)
        top = tops[id] + high[id] + ROW_GAP
    return tops


def _closed_up(
    part: Sequence[str], places: Mapping[str, Pos], high: Mapping[str, float], middle: float, share: float
) -> dict[str, float]:
    """Each as much nearer to the middle as all has become lower, and none over another."""
    wanted = [middle + (places[id][1] + high[id] / 2 - middle) * share - high[id] / 2 for id in part]
    tops: dict[str, float] = {}
    least = -float("inf")
    for id, top in zip(part, wanted, strict=True):
        tops[id] = _on_grid(max(top, least))
        least = tops[id] + high[id] + ROW_GAP
    off = _on_grid(sum(tops[id] - top for id, top in zip(part, wanted, strict=True)) / len(part))
    return {id: top - off for id, top in tops.items()}


def _on_grid(number: float) -> float:
    return ceil(number / GRID) * GRID + 0.0
