"""What stands on the canvas beside nodes and edges, and where: regions, notes, and the rims of open groups.

Boxes are left, top, right, bottom in scene pixels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from engine.graph.graph import Graph
from engine.layout.group_cards import card_id
from gui.canvas.model.aside_boxes import Aside, Box, area, around_all, box_of, encloses, meets
from gui.canvas.model.fences import Fences
from gui.canvas.model.geometry import Array
from gui.canvas.model.levels import SMALLEST, least_zoom, level_of
from gui.canvas.model.stage import Stage
from gui.canvas.model.titles import TITLE_HIGH, Title, TitleLevel, reach_of, title_extent, told_apart
from gui.document.selection import AsideKey
from gui.look import measure
from gui.look.theme import BODY

PAD = 18.0  # round the members of a group
NOTE_PAD, NOTE_LINE = 8.0, 18.0  # round the text of a note, and from one of its lines to the next
READABLE = 8.0  # pixels on screen: where letters would be smaller, fewer words are written, and larger
SMALL_PAD, SMALL_LINE, LEAST_WIDE = 5.0, 13.0, 80.0  # pixels on screen of what is written then


class Asides:
    """All of them on a stage, in the order in which they are painted. `moved` are shown elsewhere for a while."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._levels: dict[int, TitleLevel] = {}
        self._names: dict[str, str] = {}
        self._short: dict[str, tuple[str, int]] = {}
        self._fences = Fences(self._titles_of_level, stage.box)
        stage.beside, stage.borders, stage.fenced = self.covering, self.borders, self._fences.room
        self.moved: Mapping[AsideKey, Box] = {}
        self.left_out: frozenset[str] = frozenset()  # nodes that are about to leave their groups
        self.shown: dict[AsideKey, Aside] = {}
        self.refresh()

    def refresh(self) -> list[Aside]:
        """Find again what is where. Gives all that look different: as they were, and as they are."""
        before, self.shown = self.shown, {aside.key: aside for aside in self._all()}
        self._levels.clear()
        if not self._stage.previewed:  # as long as the hand holds something plates keep their sizes
            self._set_fences()
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
            name, parent = graph.groups[id].name, graph.groups[id].parent
            short, like = self._told_apart(graph)[id]
            yield Aside(("group", id), rims[id], name, depth=depths[id], short=short, like=like, parent=parent)

    def _told_apart(self, graph: Graph) -> Mapping[str, tuple[str, int]]:
        """What is left of the name of each group, as in `told_apart`: found once, for as long as all are called so."""
        names = {id: group.name for id, group in graph.groups.items()}
        if names != self._names:
            self._names, every = names, set(names.values())
            self._short = {id: told_apart(name, every) for id, name in names.items()}
        return self._short

    def _is_hidden(self, graph: Graph, id: str) -> bool:
        return graph.groups[id].folded or not graph.grouping.is_seen(id)

    def seen_in(self, group: str) -> list[str]:
        """The nodes directly in an open group, as they are seen."""
        graph = self._stage.graph
        cards = (card_id(child) for child in graph.grouping.children.get(group, ()) if graph.groups[child].folded)
        return [*graph.groups[group].nodes, *cards]

    # --- titles, and what they and the frames of groups leave to plates

    def titles(self, zoom: float) -> list[tuple[Aside, Title]]:
        """The titles that are seen at a zoom, the outer ones first: none lies on a card or on another."""
        return self._level(level_of(zoom)).at(zoom) if self.shown else []

    def _level(self, level: int) -> TitleLevel:
        if level not in self._levels:
            self._levels[level] = TitleLevel(self.shown.values(), self._stage.node_boxes, least_zoom(level))
        return self._levels[level]

    def _titles_of_level(self, level: int) -> Array:
        """What the titles may cover from the least to the largest zoom of a level."""
        chosen = self._level(level)
        return reach_of(chosen, (chosen.least, least_zoom(level + 1)))

    def _set_fences(self) -> None:
        rims = {key[1]: aside.box for key, aside in self.shown.items() if key[0] == "group"}
        homes = {id: group for group in rims for id in self.seen_in(group)}
        self._fences.stand(rims, homes, self._stage.graph.grouping)

    # --- questions

    def covering(self, zoom: float) -> Array:
        """The boxes that hide what lies under them: notes, and titles as large as they are at a zoom."""
        found = [aside.box for aside in self.shown.values() if aside.kind == "note"]
        found += [title.box for _, title in self.titles(zoom)]
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
        return np.array([title_extent(aside, zoom) for aside in self.shown.values()]).reshape(-1, 4)

    def extent(self, zoom: float = 1.0) -> Box | None:
        """The box round all of them; None if there are none."""
        titles = [title.box for _, title in self.titles(zoom)]
        return around_all([*(aside.box for aside in self.shown.values()), *titles])

    def touched(self, box: Box) -> list[AsideKey]:
        """What a rectangle selects: the notes that it touches, and the regions that lie wholly in it."""
        return [
            key for key, aside in self.shown.items()
            if (aside.kind == "note" and meets(box, aside.box)) or (aside.kind == "region" and encloses(box, aside.box))
        ]  # fmt: skip


def rim_round(box: Box) -> Box:
    """The rim of a group whose nodes are in a box: with room for its title."""
    return (box[0] - PAD, box[1] - PAD - TITLE_HIGH, box[2] + PAD, box[3] + PAD)


# --- notes


def note_lines(text: str, wide: float) -> tuple[str, ...]:
    """The text of a note in lines: where it was broken by hand, and where it is too wide."""
    room = max(wide - 2 * NOTE_PAD, 1.0)
    return tuple(line for part in text.split("\n") for line in (measure.lines(part, BODY, room) or ("",)))


def note_height(lines: Collection[str]) -> float:
    return 2 * NOTE_PAD + NOTE_LINE * max(len(lines), 1)


class NoteLines(NamedTuple):
    """What is written on a slip at a zoom, enlarged by `scale`, from one baseline to the next: scene pixels."""

    lines: tuple[str, ...]
    size: int
    scale: float
    pad: float
    pitch: float


def written(aside: Aside, zoom: float) -> NoteLines:
    """What is written on a note: all of it, or from afar as much as its slip has room for in letters one can read."""
    small = NoteLines(aside.lines, BODY, 1.0, NOTE_PAD, NOTE_LINE)
    left, top, right, bottom = aside.box
    wide, high = (right - left) * zoom - 2 * SMALL_PAD, (bottom - top) * zoom
    count = int(high // SMALL_LINE)
    if BODY * zoom >= READABLE or not count or wide < LEAST_WIDE:
        return small
    lines = [line for part in aside.title.split("\n") for line in measure.lines(part, SMALLEST, wide)]
    if len(lines) > count:
        rest = " ".join(lines[count - 1 :])
        lines = [*lines[: count - 1], measure.elided(rest, SMALLEST, False, wide)]
    return NoteLines(tuple(lines), SMALLEST, 1 / zoom, SMALL_PAD / zoom, SMALL_LINE / zoom)
