"""What stands on the canvas beside nodes and edges, and where: regions, notes, and the rims of open groups.

Boxes are left, top, right, bottom in scene pixels. A title stands in the upper left corner of its box; from far away,
where it must be larger to be read, it grows upwards out of it, and so hides nothing of what is in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf

import numpy as np

from engine.graph.graph import Graph
from engine.layout.group_cards import card_id
from gui.canvas.model.geometry import Array
from gui.canvas.model.stage import Stage
from gui.document.selection import AsideKey
from gui.look import measure
from gui.look.theme import BODY, CAPTION

Box = tuple[float, float, float, float]
PAD, TITLE_HIGH, TITLE_PAD = 18.0, 24.0, 8.0  # round the members of a group; of a title, and beside its text
INSET = 4.0  # of a title from the border
BUTTON = 20.0  # of the button that folds a group, at the left of its title
NOTE_PAD, NOTE_LINE = 8.0, 18.0  # round the text of a note, and from one of its lines to the next
NEAR_ENOUGH = 0.1  # the zoom below which open groups are seen as blocks
LEAST_TITLE = 40.0  # pixels on screen: on a narrower box no title is read
SHORTEST = 12.0  # of what is left of a title
LOWER = PAD - INSET - 2.0  # so far down a title may stand in its rim, where another would lie on it


@dataclass(frozen=True)
class Aside:
    """A region, a note or an open group: where it is, and what it says. `depth`: how many groups it stands in."""

    key: AsideKey
    box: Box
    title: str = ""
    colour: str = ""
    lines: tuple[str, ...] = ()
    depth: int = 0

    @property
    def kind(self) -> str:
        return self.key[0]


@dataclass(frozen=True)
class Title:
    """A title as it is seen at a zoom: its box, how much it is enlarged, and as much of its text as there is room for.

    `button`: where the button that folds a group is; None: there is none.
    """

    box: Box
    scale: float
    text: str
    button: Box | None


class Asides:
    """All of them on a stage, in the order in which they are painted. `moved` are shown elsewhere for a while."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        stage.beside, stage.borders = self.covering, self.borders
        self.moved: Mapping[AsideKey, Box] = {}
        self.left_out: frozenset[str] = frozenset()  # nodes that are about to leave their groups
        self.shown: dict[AsideKey, Aside] = {}
        self.refresh()

    def refresh(self) -> list[Aside]:
        """Find again what is where. Gives all that look different: as they were, and as they are."""
        before, self.shown = self.shown, {aside.key: aside for aside in self._all()}
        keys = before.keys() | self.shown.keys()
        pairs = [(before.get(key), self.shown.get(key)) for key in keys]
        return [aside for pair in pairs if pair[0] != pair[1] for aside in pair if aside is not None]

    def _all(self) -> Iterator[Aside]:
        graph = self._stage.graph
        yield from self._regions(graph)
        yield from self._groups(graph)
        yield from self._notes(graph)

    def _regions(self, graph: Graph) -> Iterator[Aside]:
        """The larger ones first, so that those in them lie over them."""
        found = [
            Aside(("region", id), self.moved.get(("region", id)) or box_of(region.pos, region.size), region.title,
                  region.colour)
            for id, region in graph.regions.items()
        ]  # fmt: skip
        yield from sorted(found, key=lambda aside: -area(aside.box))

    def _notes(self, graph: Graph) -> Iterator[Aside]:
        for id, note in graph.notes.items():
            left, top, right, _ = self.moved.get(("note", id)) or (*note.pos, note.pos[0] + note.width, 0.0)
            lines = note_lines(note.text, right - left)
            yield Aside(("note", id), (left, top, right, top + note_height(lines)), note.text, "", lines)

    def _groups(self, graph: Graph) -> Iterator[Aside]:
        """The open ones, the outer ones first: each goes round its nodes and round the groups in it."""
        grouping, rims = graph.grouping, dict[str, Box]()
        depths = {id: len(grouping.chain_of(id)) for id in graph.groups if not self._is_hidden(graph, id)}
        for id in sorted(depths, key=lambda id: -depths[id]):
            nodes = [node for node in self.seen_in(id) if node not in self.left_out]
            inner = [rims[child] for child in grouping.children.get(id, ()) if child in rims]
            found = around_all([*map(tuple, self._stage.boxes_of(nodes).tolist()), *inner])
            if found is not None:
                rims[id] = rim_round(found)
        for id in sorted(rims, key=lambda id: depths[id]):
            yield Aside(("group", id), rims[id], graph.groups[id].name, depth=depths[id])

    def _is_hidden(self, graph: Graph, id: str) -> bool:
        return graph.groups[id].folded or not graph.grouping.is_seen(id)

    def seen_in(self, group: str) -> list[str]:
        """The nodes directly in an open group, as they are seen."""
        graph = self._stage.graph
        cards = (card_id(child) for child in graph.grouping.children.get(group, ()) if graph.groups[child].folded)
        return [*graph.groups[group].nodes, *cards]

    # --- questions

    def covering(self, zoom: float) -> Array:
        """The boxes that hide what lies under them: notes, and titles as large as they are at a zoom."""
        found = [aside.box for aside in self.shown.values() if aside.kind == "note"]
        found += [title.box for _, title in titles_of(self.shown.values(), zoom)] if self.shown else []
        return np.array(found, dtype=float).reshape(-1, 4)

    def borders(self) -> Array:
        """The sides of regions and groups, as straight pieces from x, y to x, y: (n, 4)."""
        found = [aside.box for aside in self.shown.values() if aside.kind != "note"]
        left, top, right, bottom = np.array(found, dtype=float).reshape(-1, 4).T
        across = (left, top, right, top), (left, bottom, right, bottom)
        down = (left, top, left, bottom), (right, top, right, bottom)
        return np.concatenate([np.stack(side, axis=1) for side in (*across, *down)])

    def boxes(self, zoom: float) -> Array:
        """All boxes, with the titles as large as they are at a zoom: (n, 4)."""
        return np.array([extent(aside, zoom) for aside in self.shown.values()]).reshape(-1, 4)

    def extent(self, zoom: float = 1.0) -> Box | None:
        """The box round all of them; None if there are none."""
        return around_all(extent(aside, zoom) for aside in self.shown.values())

    def touched(self, box: Box) -> list[AsideKey]:
        """What a rectangle selects: the notes that it touches, and the regions that lie wholly in it."""
        return [
            key for key, aside in self.shown.items()
            if (aside.kind == "note" and meets(box, aside.box)) or (aside.kind == "region" and encloses(box, aside.box))
        ]  # fmt: skip


def rim_round(box: Box) -> Box:
    """The rim of a group whose nodes are in a box: with room for its title."""
    return (box[0] - PAD, box[1] - PAD - TITLE_HIGH, box[2] + PAD, box[3] + PAD)


def box_of(pos: tuple[float, float], size: tuple[float, float]) -> Box:
    return (pos[0], pos[1], pos[0] + size[0], pos[1] + size[1])


def area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def holds(box: Box, place: tuple[float, float]) -> bool:
    return box[0] <= place[0] <= box[2] and box[1] <= place[1] <= box[3]


def meets(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def encloses(outer: Box, inner: Box) -> bool:
    return holds(outer, inner[:2]) and holds(outer, inner[2:])


def grown(box: Box, by: float) -> Box:
    return (box[0] - by, box[1] - by, box[2] + by, box[3] + by)


def around_all(boxes: Iterable[Box]) -> Box | None:
    """The box round boxes; None if there are none."""
    sides = list(zip(*boxes, strict=True))
    return (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])) if sides else None


# --- titles


def title_scale(zoom: float) -> float:
    """How much a title is enlarged, to have 11 pixels on the screen at any zoom."""
    return max(1.0, CAPTION / BODY / zoom)


def title_of(aside: Aside, zoom: float, beyond: float = -inf, lower: float = 0.0) -> Title | None:
    """The title of a region or group as it is seen at a zoom; None where there is none, or it could not be read.

    `beyond`: it begins no farther left; `lower`: so much it stands below its place.
    """
    left, top, right, _ = aside.box
    if aside.kind == "note" or (right - left) * zoom < LEAST_TITLE or not aside.title:
        return None
    if aside.kind == "group" and zoom < NEAR_ENOUGH:
        return None  # blocks say what it is
    scale = title_scale(zoom)
    left, bottom = max(left + INSET, beyond), top + INSET + TITLE_HIGH + lower
    start = BUTTON * scale if aside.kind == "group" else 0.0
    room = (right - INSET - left - start) / scale - 2 * TITLE_PAD
    text = measure.elided(aside.title, BODY, True, room) if room >= SHORTEST else ""
    wide = start + (measure.width(text, BODY, True) + 2 * TITLE_PAD) * scale if text else start
    upper = bottom - TITLE_HIGH * scale
    button = (left, upper, left + start, bottom) if start else None
    return Title((left, upper, left + max(wide, SHORTEST * scale), bottom), scale, text, button)


def titles_of(asides: Iterable[Aside], zoom: float) -> Iterator[tuple[Aside, Title]]:
    """The titles that are seen at a zoom, the outer ones first: where one would lie on another, it stands lower,
    or behind that; where there is no room for it there, it is left out."""
    placed: list[Box] = []
    for aside in sorted(asides, key=lambda aside: (aside.kind != "region", aside.depth, -area(aside.box))):
        title = _free_title(aside, zoom, placed)
        if title is not None:
            placed.append(title.box)
            yield aside, title


def _free_title(aside: Aside, zoom: float, placed: Collection[Box]) -> Title | None:
    """The title where it lies on no other one, if it can."""
    in_the_way: list[Box] = []
    for lower in (0.0, LOWER):
        title = title_of(aside, zoom, lower=lower)
        if title is None:
            return None
        in_the_way = [other for other in placed if overlaps(title.box, other)]
        if not in_the_way:
            return title
    behind = max(box[2] for box in in_the_way) + TITLE_PAD
    title = title_of(aside, zoom, behind, LOWER)
    clear = title is not None and title.text and not any(overlaps(title.box, other) for other in placed)
    return title if clear else None


def overlaps(one: Box, other: Box) -> bool:
    """Whether two boxes have more than a side in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def extent(aside: Aside, zoom: float) -> Box:
    """All that is painted of one at a zoom, but for rings."""
    title = title_of(aside, zoom)
    if title is None:
        return aside.box
    left, top, right, bottom = aside.box
    return (left, min(top, title.box[1]), max(right, title.box[2]), bottom)


# --- notes


def note_lines(text: str, wide: float) -> tuple[str, ...]:
    """The text of a note in lines: where it was broken by hand, and where it is too wide."""
    room = max(wide - 2 * NOTE_PAD, 1.0)
    return tuple(line for part in text.split("\n") for line in (measure.lines(part, BODY, room) or ("",)))


def note_height(lines: Collection[str]) -> float:
    return 2 * NOTE_PAD + NOTE_LINE * max(len(lines), 1)
