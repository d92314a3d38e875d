"""Where the numbers beside the edges stand, level by level: kept until something near them moves.

Each label stands clear of every card, every other label and every curve (`label_search`). Where there is no place for
it, it is not shown at this zoom. Room is kept for a number from the beginning, so that nothing jumps when it appears.
Boxes are rows of left, top, right, bottom, leaders rows of from x, y, to x, y; lengths are pixels of the scene, those
on screen are multiplied by `pixel`.
"""

from collections.abc import Callable, Iterable, Mapping
from math import inf
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.graph.records import EdgeKey
from gui.canvas.model.geometry import Array, inside
from gui.canvas.model.label_search import (
    EVERYWHERE,
    FAR_OFF,
    FARTHEST,
    GAP,
    LABEL_CLEAR,
    About,
    Found,
    LabelSearch,
    LabelSpot,
    Size,
    Whole,
    crossed_boxes,
    crossing,
    crossing_boxes,
    reached,
    spans,
    touching,
    within,
)
from gui.canvas.model.piecework import Pieces, Piecework
from gui.canvas.model.routes import Routes

MOST_LEVELS = 8  # are kept
MOST_PUSHED = 3  # edges whose labels make room for those of another


class Placed(NamedTuple):
    """The labels of an edge at a level: value and contribution, None where there is no room; infinitely far then."""

    spots: tuple[LabelSpot | None, LabelSpot | None]
    boxes: Array  # (2, 4)
    leaders: Array  # (2, 4); infinitely far where there is none


_NONE = np.empty((0, 4))
NOWHERE = Placed((None, None), np.full((2, 4), np.inf), np.full((2, 4), np.inf))


class Wish(NamedTuple):
    """What an edge wants to show: the sizes of value and contribution; on which side of it."""

    sizes: tuple[Size, Size]
    sides: tuple[float, float] = (-1.0, 1.0)  # −1 above, 1 below


class Labels:
    """The places of all labels, found when first asked for and kept until something near them moves.

    A search that is not over in time goes on when it is asked for again, unless other labels have got or lost places.
    """

    def __init__(self) -> None:
        self._levels: dict[int, dict[EdgeKey, Placed]] = {}
        self._begun: _Begun | None = None
        self._sheet: tuple[int, Whole] | None = None

    def keep_on(self, sheet: Whole | None, level: int = 0) -> list[EdgeKey]:
        """The whole graph is seen at a level, and this much round it: a label that would be cut off at the rim looks
        for another place, and is not shown where there is none. None: one looks elsewhere.

        Gives the edges whose labels are to be placed anew.
        """
        before, after = self._sheet, None if sheet is None else (level, sheet)
        if after == before:
            return []
        self._sheet, self._begun, gone = after, None, list[EdgeKey]()
        for at in {each[0] for each in (before, after) if each is not None} & self._levels.keys():
            old, new = (each[1] if each and each[0] == at else EVERYWHERE for each in (before, after))
            gone += self._forget_beyond(self._levels[at], old, new)
        return gone

    @staticmethod
    def _forget_beyond(placed: dict[EdgeKey, Placed], old: Whole, new: Whole) -> list[EdgeKey]:
        """Labels beyond a sheet, and those that found no place on the one before where this one shows more."""
        shows_more = not within(np.array([new]), np.array(old)).all()
        gone = []
        for key, each in placed.items():
            stands = np.isfinite(each.boxes).all(axis=1)
            if not within(each.boxes[stands], np.array(new)).all() or (shows_more and not stands.all()):
                gone.append(key)
        for key in gone:
            del placed[key]
        return gone

    def _on_sheet(self, level: int, ground: "Ground") -> "Ground":
        return ground._replace(sheet=self._sheet[1]) if self._sheet and self._sheet[0] == level else ground

    def forget(self, keys: Iterable[EdgeKey] | None = None) -> None:
        """The edges have moved; None: all of them."""
        if keys is None:
            self._levels.clear()
            self._begun = None
            return
        keys = list(keys)
        for placed in self._levels.values():
            for key in keys:
                if placed.pop(key, None) is not None:
                    self._begun = None

    def forget_under(self, cards: Array, lines: Array) -> None:
        """Something has come to stand elsewhere: cards (n, 4), and straight pieces of curves (m, 4)."""
        self._begun = None
        for placed in self._levels.values():
            keys = list(placed)
            if keys:
                boxes = np.array([placed[key].boxes for key in keys]).reshape(-1, 4)
                leaders = np.array([placed[key].leaders for key in keys]).reshape(-1, 4)
                hit = reached(boxes, leaders, cards, lines)
                for row in np.flatnonzero(hit.reshape(-1, 2).any(axis=1)):
                    del placed[keys[row]]

    def touching(self, level: int, boxes: Array) -> list[EdgeKey]:
        """The edges of whose labels at a level any comes into some boxes (n, 4)."""
        placed = self._levels.get(level)
        if not placed:
            return []
        every = np.array([each.boxes for each in placed.values()]).reshape(-1, 4)
        hit = touching(every, boxes, 0.0).reshape(-1, 2).any(axis=1)
        keys = list(placed)
        return [keys[row] for row in np.flatnonzero(hit)]

    def get(self, key: EdgeKey, level: int) -> Placed | None:
        """An edge's labels at a level, if they have been placed."""
        return self._levels.get(level, {}).get(key)

    def begun(self, level: int) -> EdgeKey | None:
        """The edge for whose labels a search at a level is not over yet."""
        return self._begun.key if self._begun and self._begun.level == level else None

    def all_of(self, keys: Iterable[EdgeKey], level: int) -> list[Placed | None]:
        """The labels of each of some edges at a level, as far as they have been placed."""
        placed = self._levels.get(level, {})
        return [placed.get(key) for key in keys]

    def place(
        self,
        level: int,
        keys: Iterable[EdgeKey],
        wish: Callable[[EdgeKey], Wish],
        ground: "Ground",
        seconds: float = inf,
    ) -> tuple[list[EdgeKey], dict[EdgeKey, Placed]]:
        """Place the labels of edges at a level, of as many as there is time for.

        Gives the edges that are done, and where those labels stood that have made room for others.
        """
        until, keys = perf_counter() + seconds, list(keys)
        placed = self._levels.pop(level, {})
        self._levels[level] = placed  # the last that was asked for
        for old in list(self._levels)[:-MOST_LEVELS]:
            del self._levels[old]
        done, left = self._go_on(level, keys, until)
        if self._begun:
            return done, left
        keys = [key for key in keys if key not in done]
        table = _LabelTable(placed, keys, self._on_sheet(level, ground), wish)
        for key in keys:
            if done and perf_counter() >= until:
                break
            work = Piecework(table.placing(key))
            if not work.go_on(until):
                self._begun = _Begun(level, key, table, work)
                break
            done.append(key)
        return done, table.left | left

    def _go_on(self, level: int, keys: list[EdgeKey], until: float) -> tuple[list[EdgeKey], dict[EdgeKey, Placed]]:
        """Go on with the search that has begun, if its edge is still wanted at its level; else drop it."""
        begun, self._begun = self._begun, None
        if begun is None or begun.level != level or begun.key not in keys:
            return [], {}
        if not begun.work.go_on(until):
            self._begun = begun
            return [], {}
        return [begun.key], begun.table.left

    def widen(
        self, level: int, keys: Iterable[EdgeKey], wish: Callable[[EdgeKey], Wish], ground: "Ground", seconds: float
    ) -> list[EdgeKey]:
        """Let labels of a level take more room where they stand, as many as there is time for.

        Gives the edges of those for which there is room; on other levels they have no places any more.
        """
        placed, begun = self._levels.get(level, {}), perf_counter()
        table, wider = _LabelTable(placed, [], self._on_sheet(level, ground), wish), list[EdgeKey]()
        for key in (key for key in keys if key in placed):
            if perf_counter() - begun > seconds:
                break
            if table.widen(key):
                wider.append(key)
                self._begun = None
        for other in self._levels.values():
            for key in wider if other is not placed else ():
                other.pop(key, None)
        return wider


class Ground(NamedTuple):
    """What labels are placed on: whose route is whose, cards (m, 4), how large a pixel is on screen, and the borders
    of regions and groups, as straight pieces (k, 4): no label lies on them, but a leader may cross them.

    `whole`: the box round all of it. Who looks at the whole sees little beyond that: a `sheet`.
    """

    rows: Mapping[EdgeKey, int]
    routes: Routes
    cards: Array
    pixel: float
    borders: Array = _NONE
    whole: Whole = EVERYWHERE
    sheet: Whole | None = None  # what is seen by who looks at the whole, where that is known


class _LabelTable:
    """All labels of a level while more are placed. One that finds no room may push others elsewhere.

    What a search has found is entered when it is over: until then all stand where they stood.
    """

    def __init__(
        self, placed: dict[EdgeKey, Placed], more: list[EdgeKey], ground: Ground, wish: Callable[[EdgeKey], Wish]
    ) -> None:
        self._placed, self._ground, self._wish = placed, ground, wish
        self._new: dict[EdgeKey, Placed] = {}  # what has been found and is not entered yet
        self.left: dict[EdgeKey, Placed] = {}  # where labels stood that have been pushed elsewhere
        self._keys = [*placed, *more]
        self._rows = {key: row for row, key in enumerate(self._keys)}
        self._boxes = _room([each.boxes for each in placed.values()], len(more))  # those to come are infinitely far
        self._leaders = _room([each.leaders for each in placed.values()], len(more))

    def placing(self, key: EdgeKey) -> Pieces[None]:
        """Find places for an edge's labels, if need be where others stand that find another one."""
        wish = self._wish(key)
        found = yield from self._search(key, wish, alone=False)
        self._put(key, found)
        missing = _missing(found, wish)
        if missing:
            yield from self._push(key, wish, missing)
        self._enter()

    def widen(self, key: EdgeKey) -> bool:
        """Let an edge's labels take more room where they stand. Gives whether there is."""
        before, wish = self._placed[key], self._wish(key)
        self._put(key, NOWHERE)
        found = self._about(key, wish, alone=False).widened(before.spots, before.boxes, wish.sizes)
        self._put(key, before if found is None else _as_placed(*found))
        self._enter()
        return found is not None

    def _push(self, key: EdgeKey, wish: Wish, missing: int) -> Pieces[None]:
        """Stand where it would be best if there were no other labels, if then fewer are without a place."""
        best = yield from self._search(key, wish, alone=True)
        if _missing(best, wish) >= missing:
            return
        own = self._of(key)
        self._put(key, NOWHERE)
        others = self._in_the_way(best)
        if not 0 < len(others) <= MOST_PUSHED:
            self._put(key, own)
            return
        before = {key: own} | {other: self._of(other) for other in others}
        wishes = {other: self._wish(other) for other in others}
        was_missing = missing + sum(_missing(before[other], wishes[other]) for other in others)
        for other in others:
            self._put(other, NOWHERE)
        self._put(key, best)
        now = _missing(best, wish)
        for other in others:
            self._put(other, (yield from self._search(other, wishes[other], alone=False)))
            now += _missing(self._of(other), wishes[other])
        if now < was_missing:
            self.left = {other: before[other] for other in others} | self.left
            return
        for other, placed in before.items():
            self._put(other, placed)

    def _in_the_way(self, best: Placed) -> list[EdgeKey]:
        """The edges whose labels or leaders some places for labels come upon."""
        lies = self._boxes.reshape(-1, 4), self._leaders.reshape(-1, 4)
        clear = best.boxes + LABEL_CLEAR * self._ground.pixel * np.array([-1.0, -1.0, 1.0, 1.0])
        hit = touching(lies[0], clear, 0.0) | crossing_boxes(lies[1], clear)
        hit |= crossed_boxes(lies[0], best.leaders) | crossing(lies[1], best.leaders).any(axis=1)
        return [self._keys[row] for row in np.flatnonzero(hit.reshape(-1, 2).any(axis=1))]

    def _put(self, key: EdgeKey, placed: Placed) -> None:
        row = self._rows[key]
        self._boxes[row], self._leaders[row] = placed.boxes, placed.leaders
        if placed is not NOWHERE:
            self._new[key] = placed

    def _of(self, key: EdgeKey) -> Placed:
        return self._new[key] if key in self._new else self._placed[key]

    def _enter(self) -> None:
        self._placed.update(self._new)
        self._new.clear()

    def _search(self, key: EdgeKey, wish: Wish, alone: bool) -> Pieces[Placed]:
        """The best places for an edge's labels among all others, or as if it were the only one that has any."""
        return _as_placed(*(yield from self._about(key, wish, alone).both(wish.sizes, wish.sides)))

    def _about(self, key: EdgeKey, wish: Wish, alone: bool) -> LabelSearch:
        """A search among what is about an edge."""
        ground = self._ground
        route = ground.routes[ground.rows[key]]
        area = _area(route, wish, ground.pixel)
        about = About(
            ground.cards[inside(ground.cards, *area)],
            _NONE if alone else self._boxes[inside(self._boxes, *area)],
            np.concatenate(
                [_lines(*ground.routes.about(*area), ground.rows[key], area), _within(ground.borders, area)]
            ),
            _NONE if alone else self._leaders[inside(spans(self._leaders), *area)],
        )
        return LabelSearch(route, about, ground.pixel, ground.whole, ground.sheet)


class _Begun(NamedTuple):
    """A search that is not over yet: for whom, and the table in which it is made."""

    level: int
    key: EdgeKey
    table: _LabelTable
    work: Piecework


def _missing(placed: Placed, wish: Wish) -> int:
    """How many labels of an edge have no place."""
    return sum(size[0] > 0 and spot is None for size, spot in zip(wish.sizes, placed.spots, strict=True))


def _room(taken: list[Array], more: int) -> Array:
    """What has been placed, two of each edge, with room for more: (n, 2, 4)."""
    result = np.full((len(taken) + more, 2, 4), np.inf)
    result[: len(taken)] = np.reshape(taken, (-1, 2, 4))
    return result


def _as_placed(value: Found | None, contribution: Found | None) -> Placed:
    both = (value, contribution)
    return Placed(
        (value and value.spot, contribution and contribution.spot),
        np.array([FAR_OFF if each is None else each.box for each in both]),
        np.array([FAR_OFF if each is None else each.leader for each in both]),
    )


def _area(route: Array, wish: Wish, pixel: float) -> tuple[float, float, float, float]:
    """Where an edge's labels may come to stand."""
    value, contribution = wish.sizes
    reach = max(*value, *contribution) + (FARTHEST + 2 * GAP) * pixel
    return (*(route.min(axis=(0, 1)) - reach), *(route.max(axis=(0, 1)) + reach))


def _lines(chains: Array, owners: NDArray[np.intp], own: int, area: tuple[float, float, float, float]) -> Array:
    """The foreign pieces of curves that come into an area: (n, 4)."""
    chains = chains[owners != own]
    return _within(np.concatenate([chains[:, :-1], chains[:, 1:]], axis=-1).reshape(-1, 4), area)


def _within(pieces: Array, area: tuple[float, float, float, float]) -> Array:
    return pieces[inside(spans(pieces), *area)]


def outgrows(sizes: tuple[Size, Size], places: tuple[Size, Size]) -> bool:
    """Whether a label is wider than it was when it was given its place; one that is narrower stays where it is."""
    return any(size[0] > place[0] for size, place in zip(sizes, places, strict=True))
