"""How drawings fit a window: long ones go on in another line, gaps widen where there is room, parts stand in shelves.

A drawing is the box of each of its nodes: left, top, right, bottom in pixels, with all boxes on a grid.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate
from math import ceil, sqrt

Box = tuple[float, float, float, float]
Drawing = Mapping[str, Box]

_LONG = 2.5  # times as long as the window, and a drawing goes on in another line
_SHORTEST = 5  # columns of a line
_MOST_CUT = 2  # nodes whose values may be carried over to the next line
_WIDEST, _HIGHEST = 1.5, 1.4  # how much wider gaps may be, across and down
_GRID = 4
_MOST_TRIED = 40  # widths of a shelf


def wrapped(drawing: Drawing, edges: Collection[tuple[str, str]], aspect: float, gap: float) -> dict[str, Box]:
    """A drawing much longer than the window, as lines one below another; cut only where few edges go across."""
    wide, high = _size(drawing)
    columns = len({box[0] for box in drawing.values()})
    lines = min(round(sqrt(wide / (aspect * (high + gap)))), columns // _SHORTEST)
    if wide < _LONG * aspect * high or lines < 2:
        return dict(drawing)
    lefts = _lefts(drawing, edges)
    cuts = _cuts(lefts, edges, lines)
    result: dict[str, Box] = {}
    top = 0.0
    for first, last in zip([-1.0, *cuts], [*cuts, float("inf")], strict=True):
        line = _moved_to({id: box for id, box in drawing.items() if first <= lefts[id] < last}, 0.0, top)
        result |= line
        top += _size(line)[1] + gap
    return result


def _lefts(drawing: Drawing, edges: Collection[tuple[str, str]]) -> dict[str, float]:
    """The column with which each node goes: its own, but a leaf goes with the first of the nodes that it feeds."""
    lefts = {id: box[0] for id, box in drawing.items()}
    computed = {dest for _, dest in edges}
    fed: dict[str, float] = {}
    for source, dest in edges:
        if source not in computed:
            fed[source] = min(fed.get(source, lefts[dest]), lefts[dest])
    return lefts | fed


def _cuts(lefts: Mapping[str, float], edges: Collection[tuple[str, str]], lines: int) -> list[float]:
    """The lefts of the columns with which lines begin: near to equal parts, where fewest nodes are used further on."""
    columns = sorted(set(lefts.values()))
    place = {left: i for i, left in enumerate(columns)}
    across: list[set[str]] = [set() for _ in columns]
    for source, dest in edges:
        for i in range(place[lefts[source]] + 1, place[lefts[dest]] + 1):
            across[i].add(source)
    wish = len(columns) / lines
    cuts = []
    for line in range(1, lines):
        near = range(max(1, round((line - 0.25) * wish)), min(len(columns) - 1, round((line + 0.25) * wish)) + 1)
        best = min(near, key=lambda i: (len(across[i]), abs(i - line * wish)), default=0)
        if best and len(across[best]) <= _MOST_CUT:
            cuts.append(columns[best])
    return sorted(set(cuts))


def stretched(drawing: Drawing, aspect: float, column: float, gap: float) -> dict[str, Box]:
    """The same with wider gaps between columns where the window is wider, or between rows where it is higher.

    Columns begin `column` pixels after each other, with gaps of `gap`.
    """
    wide, high = _size(drawing)
    share = aspect / (wide / high)
    across = 1 + (min(max(share, 1.0), _WIDEST) - 1) * gap / column
    down = min(max(1 / share, 1.0), _HIGHEST)
    result = {}
    for id, (left, top, right, bottom) in drawing.items():
        x, y = _snapped(left * across), _snapped((top + bottom) / 2 * down - (bottom - top) / 2)
        result[id] = (x, y, x + right - left, y + bottom - top)
    return result


def shelved(drawings: Sequence[Drawing], aspect: float | None, gap: float) -> dict[str, Box]:
    """All drawings, in their order, from left to right and from top to bottom; without an aspect one a shelf.

    Of all widths that a shelf could have, that with which everything is seen largest.
    """
    if aspect is None:
        return _on_shelves(drawings, 0.0, gap)
    reaches = accumulate(_up(_size(drawing)[0] + gap) for drawing in drawings[:_MOST_TRIED])
    tries = (_on_shelves(drawings, reach, gap) for reach in reaches)
    return max(tries, key=lambda shelves: _zoom(shelves, aspect))


def _zoom(drawing: Drawing, aspect: float) -> float:
    """How large a drawing is seen in a window that is 1 high."""
    wide, high = _size(drawing)
    return min(aspect / wide, 1 / high)


def _on_shelves(drawings: Sequence[Drawing], width: float, gap: float) -> dict[str, Box]:
    result: dict[str, Box] = {}
    left = top = below = 0.0
    for drawing in drawings:
        wide, high = _size(drawing)
        if left and left + wide > width:
            left, top = 0.0, below
        result |= _moved_to(drawing, left, top)
        left, below = _up(left + wide + gap), max(below, _up(top + high + gap))
    return result


def _size(drawing: Drawing) -> tuple[float, float]:
    lefts, tops, rights, bottoms = zip(*drawing.values(), strict=True)
    return max(rights) - min(lefts), max(bottoms) - min(tops)


def _moved_to(drawing: Drawing, left: float, top: float) -> dict[str, Box]:
    """With its corner somewhere else."""
    dx = left - min(box[0] for box in drawing.values())
    dy = top - min(box[1] for box in drawing.values())
    return {id: (box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy) for id, box in drawing.items()}


def _snapped(length: float) -> float:
    return float((length + _GRID / 2) // _GRID * _GRID)


def _up(length: float) -> float:
    return float(ceil(length / _GRID) * _GRID)
