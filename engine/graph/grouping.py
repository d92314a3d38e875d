"""Groups, regions and notes: what they are, and which node is in which group. The graph stays flat.

group     a named set of nodes, in others or beside them; folded, it is seen as one card at its `pos`
home      the group that a node is in directly
chain     the groups that a node or group is in, from the outermost to the innermost
within    all nodes of a group, those of the groups in it too
shown     what a node is seen as: the outermost folded group that it is in
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from engine.graph.records import Edge, Pos

COLOURS = ("grey", "blue", "green", "yellow", "orange", "red", "purple")  # of regions; the theme says how each looks
NOTE_WIDTH = 240.0  # pixels
Feed = tuple[str, int]  # a node, and which of its outputs


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of nodes. `nodes` are those directly in it; `parent` is the group that it is in.

    `pos` is the top left corner of its card, which is seen while it is `folded`.
    """

    id: str
    title: str
    nodes: tuple[str, ...] = ()
    parent: str | None = None
    folded: bool = False
    pos: Pos = (0.0, 0.0)

    @property
    def name(self) -> str:
        """What the eye reads: the title if there is one, else the id."""
        return self.title or self.id


@dataclass(frozen=True, slots=True)
class Region:
    """A titled, coloured box that carries the nodes and notes in it along. `colour` is one of COLOURS."""

    id: str
    title: str = ""
    colour: str = COLOURS[0]
    pos: Pos = (0.0, 0.0)
    size: Pos = (320.0, 200.0)  # width and height

    def holds(self, pos: Pos, size: Pos = (0.0, 0.0)) -> bool:
        """Whether the middle of a thing at `pos` lies in it."""
        x, y = pos[0] + size[0] / 2 - self.pos[0], pos[1] + size[1] / 2 - self.pos[1]
        return 0 <= x <= self.size[0] and 0 <= y <= self.size[1]


@dataclass(frozen=True, slots=True)
class Note:
    """Plain text on the canvas, of several lines if need be."""

    id: str
    text: str
    pos: Pos = (0.0, 0.0)
    width: float = NOTE_WIDTH


class Crossing(NamedTuple):
    """The edges that lead into a group and out of it, and what they carry, each once: the ports of its folded card.

    By the age of the nodes within, and of edges into one node by port.
    """

    into: tuple[Edge, ...]
    out_of: tuple[Edge, ...]

    @property
    def inputs(self) -> tuple[Feed, ...]:
        """What comes in from outside: (node outside, its output)."""
        return tuple(dict.fromkeys((edge.source, edge.output) for edge in self.into))

    @property
    def outputs(self) -> tuple[Feed, ...]:
        """What goes out: (node within, its output)."""
        return tuple(dict.fromkeys((edge.source, edge.output) for edge in self.out_of))


class Grouping:
    """Which node is in which group, of one table of groups; it asks no node."""

    def __init__(self, groups: Iterable[Group] = ()) -> None:
        self.groups = {group.id: group for group in groups}
        self._within: dict[str, frozenset[str]] = {}
        self._chains: dict[str | None, tuple[str, ...]] = {None: ()}

    @cached_property
    def home(self) -> dict[str, str]:
        """The group that each node is in directly; a node in none is not there."""
        return {node: group.id for group in self.groups.values() for node in group.nodes}

    @cached_property
    def children(self) -> dict[str | None, tuple[str, ...]]:
        """The groups directly in each group; under None those in no other."""
        found: dict[str | None, list[str]] = {}
        for group in self.groups.values():
            found.setdefault(group.parent, []).append(group.id)
        return {parent: tuple(ids) for parent, ids in found.items()}

    def chain(self, node: str) -> tuple[str, ...]:
        """The groups that a node is in, the outermost first."""
        return self.chain_of(self.home.get(node))

    def chain_of(self, group: str | None) -> tuple[str, ...]:
        """A group with those that it is in before it: what a breadcrumb shows."""
        if group is not None and group not in self._chains:
            steps, at = [group], self.groups[group].parent
            while at not in self._chains and at is not None and at not in steps:  # never round, whatever a file says
                steps.append(at)
                at = self.groups[at].parent
            for step in reversed(steps):
                self._chains[step] = (*self._chains.get(self.groups[step].parent, ()), step)
        return self._chains[group]

    def within(self, group: str) -> frozenset[str]:
        """All nodes of a group, those of the groups in it too."""
        if group not in self._within:
            nodes = [node for each in self.subgroups(group) for node in self.groups[each].nodes]
            self._within[group] = frozenset(nodes)
        return self._within[group]

    def subgroups(self, group: str) -> tuple[str, ...]:
        """A group, and all groups in it, each after the one that it is in."""
        found, at = [group], 0
        while at < len(found):
            found += self.children.get(found[at], ())
            at += 1
        return tuple(found)

    def folded_chain(self, node: str) -> tuple[str, ...]:
        """The folded ones among the groups that a node is in, the outermost first."""
        return tuple(group for group in self.chain(node) if self.groups[group].folded)

    def shown_as(self, node: str) -> str | None:
        """The card that a node is seen as: the outermost folded group that it is in; None: it is seen itself."""
        return next((group for group in self.chain(node) if self.groups[group].folded), None)

    def is_seen(self, group: str) -> bool:
        """Whether a group is seen, as a card or open: it is in no folded one."""
        return not any(self.groups[other].folded for other in self.chain_of(group)[:-1])
