"""Boxes of what stands on the canvas beside nodes and edges: what one is, and how boxes lie to each other.

Boxes are left, top, right, bottom in scene pixels.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from gui.document.selection import AsideKey

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Aside:
    """A region, a note or an open group: where it is, and what it says.

    `depth`: how many groups it stands in, the innermost of them its `parent`. `short`: its title without the words that
    another one begins with as well; `like`: as many letters its title begins with as another one.
    """

    key: AsideKey
    box: Box
    title: str = ""
    colour: str = ""
    lines: tuple[str, ...] = ()
    depth: int = 0
    short: str = ""
    like: int = 0
    parent: str | None = None

    @property
    def kind(self) -> str:
        return self.key[0]


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


def overlaps(one: Box, other: Box) -> bool:
    """Whether two boxes have more than a side in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
