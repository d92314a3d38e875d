"""The titles of regions and open groups as they are seen at a zoom: where each stands, and how much of it is written.

A title stands in the upper left corner of its box. From far away, where it must be larger to be read, it grows down to
the cards in its box and then upwards; it gives way to cards, and the titles of what a box holds to each other: an outer
one stands over an inner one. What is written and which gives way to which is chosen once a zoom level, where there is
least room. Boxes are left, top, right, bottom in scene pixels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from gui.canvas.model.aside_boxes import Aside, Box, area, overlaps
from gui.canvas.model.geometry import Array, inside
from gui.canvas.model.levels import least_zoom, level_of
from gui.document.selection import AsideKey
from gui.look import measure
from gui.look.theme import BODY, CAPTION

TITLE_HIGH, TITLE_PAD = 24.0, 8.0  # of a title, and beside its text
LEAST_HIGH = 15.0  # pixels on screen that a title is high
INSET = 4.0  # of a title from the border
BUTTON = 20.0  # of the button that folds a group, at the left of its title
NEAR_ENOUGH = 0.088  # the zoom below which open groups are seen as blocks
MOST_OF_THEM = 0.75  # of the groups in a group: where fewer have a place for their titles, none of them has one
LEAST_TITLE, LEAST_OUTERMOST = 40.0, 16.0  # pixels on screen: on a narrower box no title is read
BARE_PAD = 2.0  # beside a text that stands over a narrow frame, without a button
SHORTEST = 12.0  # of what is left of a title
LOWER = 12.0  # so far down a title may stand: to where the cards of a group begin
HIGHEST = 8.0  # pixels on screen between a box and a title that stands over it


@dataclass(frozen=True)
class Title:
    """A title as it is seen at a zoom: its box, how much it is enlarged, and as much of its text as there is room for.

    `button`: where the button that folds a group is; None: there is none.
    """

    box: Box
    scale: float
    text: str
    button: Box | None


@dataclass(frozen=True)
class TitlePlace:
    """Where a title is put on a zoom level, and what is written: `beyond` another one, or over some others, `lower`."""

    text: str
    beyond: float = -inf
    over: tuple[AsideKey, ...] = ()
    lower: float = 0.0
    bare: bool = False  # in the middle of a frame that is narrower, without a button


Placed = Mapping[AsideKey, Title]


def title_scale(zoom: float) -> float:
    """How much a title is enlarged, to have 11 pixels on the screen at any zoom."""
    return max(1.0, CAPTION / BODY / zoom)


def has_title(aside: Aside, zoom: float) -> bool:
    """Whether its title could be read at a zoom, if it has one. From far away blocks say what a group is."""
    wide = (aside.box[2] - aside.box[0]) * zoom
    least = LEAST_OUTERMOST if is_outermost(aside) else LEAST_TITLE
    return bool(aside.title) and aside.kind != "note" and wide >= least and not _is_block(aside, zoom)


def is_outermost(aside: Aside) -> bool:
    """Whether it is a group that is in no other: its title may reach out of a narrow frame."""
    return aside.kind == "group" and aside.parent is None


def _is_block(aside: Aside, zoom: float) -> bool:
    return aside.kind == "group" and zoom < NEAR_ENOUGH


def title_of(aside: Aside, zoom: float) -> Title | None:
    """The title of a region or group where nothing is in its way; None where there is none, or it could not be read."""
    if not has_title(aside, zoom):
        return None
    return _title_at(aside, zoom, TitlePlace(_text(aside, least_zoom(level_of(zoom)))), {})


def _title_at(aside: Aside, zoom: float, place: TitlePlace, placed: Placed) -> Title:
    """A title at its place on a level, as it is at a zoom on that."""
    left, top, _, _ = aside.box
    scale, high = title_scale(zoom), max(TITLE_HIGH, LEAST_HIGH / zoom)
    left, down = max(left + INSET, place.beyond), min(high - TITLE_HIGH + place.lower, LOWER)
    bottom = top + INSET + TITLE_HIGH + down
    bottom = min([bottom, *(placed[key].box[1] for key in place.over if key in placed)])
    if place.bare:
        middle, half = (aside.box[0] + aside.box[2]) / 2, (measure.width(place.text, BODY, True) / 2 + BARE_PAD) * scale
        return Title((middle - half, bottom - high, middle + half, bottom), scale, place.text, None)
    start = _start(aside, scale)
    wide = start + (measure.width(place.text, BODY, True) + 2 * TITLE_PAD) * scale if place.text else start
    button = (left, bottom - high, left + start, bottom) if start else None
    return Title((left, bottom - high, left + max(wide, SHORTEST * scale), bottom), scale, place.text, button)


def _start(aside: Aside, scale: float) -> float:
    """Where its text begins: behind the button of a group."""
    return BUTTON * scale if aside.kind == "group" else 0.0


def _text(aside: Aside, zoom: float, beyond: float = -inf) -> str:
    """As much of a title as there is room for in its box. None reads like that of another one beside it."""
    left, _, right, _ = aside.box
    scale = title_scale(zoom)
    room = (right - INSET - max(left + INSET, beyond) - _start(aside, scale)) / scale - 2 * TITLE_PAD
    if room < SHORTEST:
        return ""
    for text in (aside.title, aside.short):
        if text and measure.width(text, BODY, True) <= room:
            return text
    text = aside.short or aside.title
    begun = measure.elided(text, BODY, True, room)
    is_like = not aside.short and len(begun) - 1 <= aside.like
    return measure.middle_elided(text, BODY, True, room) if aside.short or is_like else begun


def _cut_to_frame(aside: Aside, zoom: float) -> str:
    """A title without its middle, no wider than the frame; its number is whole."""
    room, title = (aside.box[2] - aside.box[0]) / title_scale(zoom) - 2 * BARE_PAD, aside.title
    number = title[len(title.rstrip("0123456789")) :] or title[-1]
    cut = measure.middle_elided(title, BODY, True, room)
    ways = (cut if cut.strip("…") and cut.endswith(number) else "", f"{title[0]}·{number}", f"·{number}")
    return next((way for way in ways if way and measure.width(way, BODY, True) <= room), "")


# --- all of them at once


class TitleLevel:
    """The places of all titles on a zoom level, those of what is in a box before that of the box. `cards`: (n, 4)."""

    def __init__(self, asides: Iterable[Aside], cards: Array, zoom: float) -> None:
        self.least = least_zoom(level_of(zoom))
        self._cards = cards
        some = sorted((each for each in asides if has_title(each, zoom)), key=_order)
        self._asides = {aside.key: aside for aside in some}
        self._places: dict[AsideKey, TitlePlace] = {}
        self._placed: dict[AsideKey, Title] = {}  # at the least zoom
        self._unseen: set[AsideKey] = set()  # those of them for which there is room nearer by: what is over them stays
        for aside in some:
            self._put(aside)
        self._leave_out_some()
        self._leave_out_alike()

    def at(self, zoom: float) -> list[tuple[Aside, Title]]:
        """The titles at a zoom on this level, the outer ones first."""
        placed: dict[AsideKey, Title] = {}
        for key, place in self._places.items():
            placed[key] = _title_at(self._asides[key], zoom, place, placed)
        seen = (key for key in reversed(placed) if key not in self._unseen)
        return [(self._asides[key], placed[key]) for key in seen]

    def _put(self, aside: Aside) -> None:
        """Find it the first place where it hides no card and lies on no other title; else it is left out."""
        home = TitlePlace(_text(aside, self.least))
        for place in self._ways(aside, home):
            title = _title_at(aside, self.least, place, self._placed)
            if not self._met(title, aside) and (not self._hides(title) or self._must_be(aside)):
                self._keep(aside, place, title)
                return
        title = _title_at(aside, self.least, home, self._placed)
        self._keep(aside, home, title)
        if self._must_be(aside) or not self._hides(title):
            self._unseen.update(self._met(title, aside))
        else:
            self._unseen.add(aside.key)

    def _ways(self, aside: Aside, home: TitlePlace) -> Iterable[TitlePlace]:
        """Where it might stand, the best place first: at home, over others, lower down, behind others."""
        if is_outermost(aside) and home.text != aside.title:  # it may reach out of its frame
            is_narrow = (aside.box[2] - aside.box[0]) * self.least < LEAST_TITLE
            yield from self._ways(aside, TitlePlace(aside.title, bare=is_narrow))
            if is_narrow and (cut := _cut_to_frame(aside, self.least)):
                yield TitlePlace(cut, bare=True)
        yield home
        title = _title_at(aside, self.least, home, self._placed)
        first = self._met(title, aside)
        over = home
        while more := [key for key in self._met(title, aside) if key not in over.over]:
            over = replace(home, over=(*over.over, *more))
            title = _title_at(aside, self.least, over, self._placed)
        if first and (aside.box[1] - title.box[3]) * self.least <= HIGHEST:
            yield over
        if first:
            yield replace(home, lower=LOWER)
            behind = max(self._placed[key].box[2] for key in first) + TITLE_PAD
            if not home.bare and (text := _text(aside, self.least, behind)):
                yield TitlePlace(text, behind, lower=LOWER)

    def _must_be(self, aside: Aside) -> bool:
        """Whether it is shown over cards too: as large as near by it is what one takes hold of."""
        return aside.kind == "region" or title_scale(self.least) == 1

    def _keep(self, aside: Aside, place: TitlePlace, title: Title) -> None:
        self._places[aside.key], self._placed[aside.key] = place, title

    def _met(self, title: Title, aside: Aside) -> list[AsideKey]:
        """The titles that one would lie on, and those that are not seen yet but would be in its own frame."""
        met = (key for key, other in self._placed.items() if key != aside.key and overlaps(title.box, other.box))
        return [key for key in met if key not in self._unseen or self._asides[key].parent == aside.key[1]]

    def _hides(self, title: Title) -> bool:
        return bool(inside(self._cards, *title.box).any())

    def _leave_out_some(self) -> None:
        """Where most of the groups beside each other have no title none of them has: one would look like their name."""
        beside: dict[str | None, list[AsideKey]] = {}
        for key, aside in self._asides.items():
            if aside.parent is not None:
                beside.setdefault(aside.parent, []).append(key)
        for keys in beside.values():
            if sum(key not in self._unseen for key in keys) < MOST_OF_THEM * len(keys):
                self._unseen.update(keys)

    def _leave_out_alike(self) -> None:
        """Of titles that are cut until they read the same nothing is written but the buttons."""
        names: dict[str, set[str]] = {}
        for key, place in self._places.items():
            if key not in self._unseen:
                names.setdefault(place.text, set()).add(self._asides[key].title)
        for key, place in self._places.items():
            if len(names.get(place.text, ())) > 1:
                self._places[key] = TitlePlace("", place.beyond, place.over, place.lower)


def _order(aside: Aside) -> tuple[bool, int, float, Box]:
    """What is in others before these, regions last and the largest of them at the end."""
    return aside.kind == "region", -aside.depth, area(aside.box) if aside.kind == "region" else 0.0, aside.box


def reach_of(level: TitleLevel, zooms: Iterable[float]) -> Array:
    """What the titles of a level cover at some zooms: (n, 4)."""
    found = [title.box for zoom in zooms for _, title in level.at(zoom)]
    return np.array(found, dtype=float).reshape(-1, 4)


def title_extent(aside: Aside, zoom: float) -> Box:
    """All that may be painted of one at a zoom wherever its title stands, but for rings."""
    title = title_of(aside, zoom)
    if title is None:
        return aside.box
    left, top, right, bottom = aside.box
    highest = top - (title.box[3] - title.box[1]) - HIGHEST / zoom
    return (left, min(top, title.box[1], highest), max(right, title.box[2]), bottom)


# --- names that differ read differently


def told_apart(title: str, others: Collection[str]) -> tuple[str, int]:
    """A title without the words that another one beside it begins with too, if a name is left; and with how many
    letters others begin as it does."""
    words = title.split()
    shared = max((_shared(words, other.split()) for other in others if other != title), default=0)
    short = " ".join(words[shared:]) if shared < len(words) else ""
    like = max((_shared(title, other) for other in others if other != title), default=0)
    return short if shared and any(letter.isalpha() for letter in short) else "", like


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many of their first items are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
