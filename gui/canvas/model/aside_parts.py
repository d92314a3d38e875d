"""Where regions, notes and open groups are taken hold of: titles, borders, handles, and what a drag would do."""

from collections.abc import Collection
from typing import Literal, NamedTuple

from gui.canvas.model.aside_boxes import Aside, Box, grown, holds
from gui.canvas.model.asides import Asides
from gui.canvas.model.blocks import NEAR
from gui.document.selection import AsideKey

HANDLE_REACH, RIM_REACH = 8.0, 6.0  # pixels on screen
FARTHEST = 28.0  # in the scene, however far one has zoomed out
LEAST_WIDE, LEAST_HIGH, LEAST_NOTE = 64.0, 48.0, 80.0  # of a region, and how narrow a note may be
Place = tuple[float, float]


class AsidePart(NamedTuple):
    """What is at a place: which part of which aside; `sides`: those that go along when one drags there."""

    part: Literal["title", "fold", "rim", "size", "note"]
    key: AsideKey
    sides: str = ""


def title_at(asides: Asides, at: Place, zoom: float) -> AsidePart | None:
    """The title, or the button on it that folds its group."""
    for aside, title in asides.titles(zoom):
        if aside.kind == "group" and zoom < NEAR:
            continue  # it is on its way to there from the label of a block
        if holds(title.box, at):
            on_button = title.button is not None and holds(title.button, at)
            return AsidePart("fold" if on_button else "title", aside.key)
    return None


def handle_at(asides: Asides, at: Place, zoom: float, selected: Collection[AsideKey]) -> AsidePart | None:
    """A handle of what is selected, or a corner of any region."""
    reach = min(HANDLE_REACH / zoom, FARTHEST)
    for aside in reversed(asides.shown.values()):
        for sides, (x, y) in handles(aside).items():
            if max(abs(at[0] - x), abs(at[1] - y)) <= reach and (aside.key in selected or " " in sides):
                return AsidePart("size", aside.key, sides)
    return None


def note_at(asides: Asides, at: Place) -> AsidePart | None:
    for aside in reversed(asides.shown.values()):
        if aside.kind == "note" and holds(aside.box, at):
            return AsidePart("note", aside.key)
    return None


def rim_at(asides: Asides, at: Place, zoom: float) -> AsidePart | None:
    """The border of a region, or of an open group."""
    reach = min(RIM_REACH / zoom, FARTHEST)
    for aside in reversed(asides.shown.values()):
        if aside.kind != "note" and holds(grown(aside.box, reach), at) and not holds(grown(aside.box, -reach), at):
            return AsidePart("rim", aside.key)
    return None


def handles(aside: Aside) -> dict[str, Place]:
    """Where it is resized: which sides go along with the hand, and the place of the handle."""
    left, top, right, bottom = aside.box
    x, y = (left + right) / 2, (top + bottom) / 2
    if aside.kind == "note":
        return {"right": (right, y)}
    if aside.kind == "group":
        return {}
    return {
        "left top": (left, top), "right top": (right, top), "left bottom": (left, bottom),
        "right bottom": (right, bottom), "left": (left, y), "right": (right, y), "top": (x, top), "bottom": (x, bottom),
    }  # fmt: skip


def resized(aside: Aside, sides: str, to: Place) -> Box:
    """Its box with some sides where the hand is; no smaller than can be taken hold of."""
    left, top, right, bottom = aside.box
    wide = LEAST_NOTE if aside.kind == "note" else LEAST_WIDE
    if "left" in sides:
        left = min(to[0], right - wide)
    if "right" in sides:
        right = max(to[0], left + wide)
    if "top" in sides:
        top = min(to[1], bottom - LEAST_HIGH)
    if "bottom" in sides:
        bottom = max(to[1], top + LEAST_HIGH)
    return left, top, right, bottom
