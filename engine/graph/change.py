"""A change: a reversible diff of records. For each record that differs: what it was before, what it is after.

Do, undo, redo, load and paste all go through changes, so a listener that can draw a change can draw them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.graph.records import Edge, EdgeKey, Node
from engine.values.exact import same

NodeDiff = Mapping[str, tuple[Node | None, Node | None]]
EdgeDiff = Mapping[EdgeKey, tuple[Edge | None, Edge | None]]


LARGE = 300  # records: what is more takes long enough to be felt


@dataclass(frozen=True)
class Change:
    """Records by key, each (before, after); None is “not there”. `text` is what the Undo menu calls it."""

    nodes: NodeDiff = field(default_factory=dict)
    edges: EdgeDiff = field(default_factory=dict)
    facts: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    text: str = ""
    by_hand: bool = True  # False: what is on disk comes in, or what was learnt; no lock forbids it

    def __bool__(self) -> bool:
        return bool(self.nodes or self.edges or self.facts)

    @property
    def is_large(self) -> bool:
        """Whether it takes long to find what it leads to."""
        return len(self.nodes) + len(self.edges) > LARGE

    @cached_property
    def altered(self) -> list[tuple[Node, Node]]:
        """The nodes that are there both before and after, as they were and as they are."""
        return [(before, after) for before, after in self.nodes.values() if before and after]

    @cached_property
    def moves_topology(self) -> bool:
        """Whether who feeds whom is different afterwards."""
        return bool(self.edges or self.placed) or any(after is None for _, after in self.nodes.values())

    @cached_property
    def placed(self) -> list[Node]:
        """The nodes that take a place in the order of nodes: each is new, or it went and came again."""
        pairs = self.nodes.values()
        return [after for before, after in pairs if after and (before is None or before.rank != after.rank)]

    @property
    def replaces(self) -> bool:
        """Whether a node that is there takes another place in the order of nodes."""
        return any(self.nodes[node.id][0] for node in self.placed)

    @cached_property
    def moves_numbers(self) -> bool:
        """Whether any number may be different afterwards: not so when nodes are only moved or labelled."""
        if self.moves_topology or {"target", "seed"} & set(self.facts):
            return True
        return not all(_computes_alike(before, after) for before, after in self.altered)

    @cached_property
    def only_places(self) -> bool:
        """Whether nodes stand elsewhere afterwards, and all else is as it was."""
        if self.moves_topology or self.facts:
            return False
        return all(before.equals_but_for_place(after) for before, after in self.altered)

    @cached_property
    def only_values(self) -> bool:
        """Whether leaves hold other values afterwards, and all else is as it was."""
        if self.moves_topology or self.facts or not self.nodes:
            return False
        return all(before.value is not None and before.equals_but_for_value(after) for before, after in self.altered)

    @property
    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(_turned(self.nodes), _turned(self.edges), _turned(self.facts), self.text)

    def then(self, later: Change) -> Change:
        """This change and a later one as a single one; what cancels out is dropped."""
        return Change(
            _joined(self.nodes, later.nodes),
            _joined(self.edges, later.edges),
            _joined(self.facts, later.facts),
            later.text or self.text,
        )


NOTHING = Change()
# What leaves read from elsewhere is other than it was: no record of the graph differs, but every number may.
REREAD = Change(facts={"outside data": ("as it was", "as it is")})


def difference(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> dict[Any, tuple[Any, Any]]:
    """What differs between two tables of records: by key, (before, after)."""
    keys = dict.fromkeys((*before, *after))
    pairs = ((key, before.get(key), after.get(key)) for key in keys)
    return {key: (old, new) for key, old, new in pairs if (old is None) is not (new is None) or not same(old, new)}


def _computes_alike(one: Node, other: Node) -> bool:
    alike = one.op_name == other.op_name and one.holds_as(other)
    return alike and same(one.settings, other.settings)


def _turned(diff: Mapping[Any, tuple[Any, Any]]) -> dict[Any, tuple[Any, Any]]:
    return {key: (after, before) for key, (before, after) in diff.items()}


def _joined(first: Mapping[Any, tuple[Any, Any]], later: Mapping[Any, tuple[Any, Any]]) -> dict[Any, tuple[Any, Any]]:
    result = dict(first)
    for key, (before, after) in later.items():
        result[key] = (first[key][0] if key in first else before, after)
    return {key: pair for key, pair in result.items() if not same(*pair) or _rank(pair[0]) != _rank(pair[1])}


def _rank(record: Any) -> int | None:
    """A node that went and came again stands behind the others: undo puts it back into its place."""
    return record.rank if isinstance(record, Node) else None
