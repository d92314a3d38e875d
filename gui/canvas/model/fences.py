"""What keeps the plate of a node that is seen from afar in its place, where groups are open: its own group's frame, the
frames beside that, and titles.

    home    the open group that is nearest round what is seen
    fence   the frame of that, and the boxes that a plate may not reach into
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from engine.graph.grouping import Grouping
from gui.canvas.model.aside_boxes import Box
from gui.canvas.model.geometry import Array
from gui.canvas.model.levels import least_zoom
from gui.canvas.model.room import Room

BORDER = 0.5  # pixels on screen that a frame takes


class Fences:
    """The fences of all that is seen. They stay as they are until somebody says that they stand elsewhere."""

    def __init__(self, titles: Callable[[int], Array], card_of: Callable[[str], Box]) -> None:
        self._titles, self._card_of = titles, card_of  # what the titles of a level may cover, (n, 4); where a card is
        self._rims: Mapping[str, Box] = {}
        self._homes: Mapping[str, str] = {}
        self._grouping = Grouping({})
        self._known: dict[int, Array] = {}  # of those titles, by level
        self._beside: dict[str | None, Array] = {}  # the frames that one sees at one's side, by home
        self._rooms: dict[tuple[str, int], tuple[Room, Room]] = {}  # as it is, and within the fence

    def stand(self, rims: Mapping[str, Box], homes: Mapping[str, str], grouping: Grouping) -> None:
        """From now on groups have these frames, and this is where what is seen is at home."""
        is_same = (self._rims, self._homes) == (rims, homes)
        if is_same and all(np.array_equal(known, self._titles(level)) for level, known in self._known.items()):
            return
        self._rims, self._homes, self._grouping = rims, homes, grouping
        self._known, self._beside, self._rooms = {}, {}, {}

    def room(self, id: str, level: int, bare: Room) -> Room:
        """So much of the room about a card as there is within its fence on a level."""
        if not self._rims:
            return bare
        kept = self._rooms.get((id, level))
        if kept is None or kept[0] is not bare:
            kept = self._rooms[id, level] = bare, self._fenced(id, level, bare)
        return kept[1]

    def _fenced(self, id: str, level: int, bare: Room) -> Room:
        home = self._homes.get(id)
        if level not in self._known:
            self._known[level] = self._titles(level)
        if home not in self._beside:
            self._beside[home] = self._frames_beside(home)
        border = BORDER / least_zoom(level)
        frame = None if home is None else np.array(self._rims[home]) + np.array([border, border, -border, -border])
        return bare.fenced(np.array(self._card_of(id)), frame, np.concatenate([self._known[level], self._beside[home]]))

    def _frames_beside(self, home: str | None) -> Array:
        """The outermost frames of those that one is not in."""
        own = {*self._grouping.chain_of(home)}
        found = [
            rim for id, rim in self._rims.items()
            if id not in own and (self._grouping.groups[id].parent or None) in (None, *own)
        ]  # fmt: skip
        return np.array(found, dtype=float).reshape(-1, 4)
