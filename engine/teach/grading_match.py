"""Which node of a submission stands for which node of the reference: found by what they are, not what they are called.

Nodes whose colours occur once in both graphs are paired first; from each pair it goes on along the edges. What is left
is paired by less and less: by its numbers, by what stands near it, by its name, at last by where it stands. In two
graphs that are equal but for names and order every node finds its own.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from engine.graph.records import Edge
from engine.teach.grading_colours import Side, alike, by_key, key_of, near, swept

Table = Mapping[str, Hashable]
_NEAR = (3, 2, 1)  # edges


@dataclass(frozen=True)
class Pairs:
    """Node of the reference → node of the submission. `alike`: their colours cannot be told apart."""

    pairs: Mapping[str, str]
    alike: bool

    @cached_property
    def back(self) -> dict[str, str]:
        return {its: ours for ours, its in self.pairs.items()}


def matched(reference: Side, submission: Side) -> Pairs:
    """Pair the nodes of two graphs as well as can be told."""
    sides = (reference, submission)
    pairing = _Pairing(reference, submission)
    valued = swept(sides, _with_values)
    pairing.pair(valued[0], valued[1])
    if not pairing.done:
        _pair_the_rest(pairing, sides)
    return Pairs(pairing.pairs, alike(valued))


def _pair_the_rest(pairing: "_Pairing", sides: tuple[Side, Side]) -> None:
    """What is not equal in everything, by less and less."""
    same = [{id: (side.kinds[id], _values_of(side, id), id) for id in side.graph.nodes} for side in sides]
    pairing.pair(same[0], same[1], only_single=True)
    plain = swept(sides, _by_kind)
    for more in (_values_of, _names_of, _nothing):
        said = [{id: (table[id], more(side, id)) for id in table} for side, table in zip(sides, plain, strict=True)]
        pairing.pair(said[0], said[1])
    for table in _weaker(sides):
        if pairing.done:
            break
        pairing.pair(table[0], table[1], only_single=True)
    pairing.pair_targets()
    pairing.pair_by_place()


def _by_kind(side: Side, id: str) -> Hashable:
    return side.kinds[id]


def _with_values(side: Side, id: str) -> Hashable:
    values = _values_of(side, id) if side.graph.nodes[id].op.is_leaf else None
    return (side.kinds[id], values, id == side.graph.target)


def _values_of(side: Side, id: str) -> Hashable:
    return tuple(map(key_of, side.numbers(id)))


def _names_of(side: Side, id: str) -> Hashable:
    return side.graph.nodes[id].name


def _nothing(side: Side, id: str) -> Hashable:
    return None


def _weaker(sides: tuple[Side, Side]) -> Iterator[list[Table]]:
    """What else may tell who is who, the surest first."""
    yield [{id: (side.kinds[id], id) for id in side.graph.nodes} for side in sides]
    yield [
        {id: (side.kinds[id], _values_of(side, id), key_of(side.trace.gradient(id))) for id in side.graph.nodes}
        for side in sides
    ]
    for rounds in _NEAR:
        yield list(near(sides, _with_values, rounds))
    for rounds in _NEAR:
        yield list(near(sides, _by_kind, rounds))
    yield [{id: (side.kinds[id], _values_of(side, id)) for id in side.graph.nodes} for side in sides]
    yield [{id: (side.graph.nodes[id].op_name, id) for id in side.graph.nodes} for side in sides]


class _Pairing:
    """The pairs so far, and the ways to more of them."""

    def __init__(self, reference: Side, submission: Side) -> None:
        self._ours, self._its = reference, submission
        self.pairs: dict[str, str] = {}
        self._taken: set[str] = set()

    @property
    def done(self) -> bool:
        """Whether one of the graphs has no node left."""
        return len(self.pairs) in (len(self._ours.graph.nodes), len(self._its.graph.nodes))

    def _left(self) -> tuple[list[str], list[str]]:
        return (
            [id for id in self._ours.graph.order if id not in self.pairs],
            [id for id in self._its.graph.order if id not in self._taken],
        )

    def pair(self, ours: Table, its: Table, only_single: bool = False) -> None:
        """Pair the nodes that look the same in two tables: first those that look like no other."""
        left = self._left()
        if not left[0] or not left[1]:
            return
        one, other = by_key(ours, left[0]), by_key(its, left[1])
        common = [key for key in one if key in other]
        for key in common:
            if len(one[key]) == len(other[key]) == 1:
                self._join(one[key][0], other[key][0], ours, its)
        for key in () if only_single else common:
            waiting = deque(other[key])
            for id in one[key]:
                while waiting and waiting[0] in self._taken:
                    waiting.popleft()
                if waiting and id not in self.pairs:
                    self._join(id, waiting[0], ours, its)

    def _join(self, our: str, its: str, ours: Table, theirs: Table) -> None:
        """Pair two nodes, and go on from them along the edges, as far as nodes look the same."""
        todo = [(our, its)]
        while todo:
            one, other = todo.pop()
            if one in self.pairs or other in self._taken:
                continue
            self.pairs[one] = other
            self._taken.add(other)
            todo += self._beside(one, other, ours, theirs)

    def _beside(self, our: str, its: str, ours: Table, theirs: Table) -> Iterator[tuple[str, str]]:
        into = (self._sources(self._ours, our, ours), self._sources(self._its, its, theirs))
        out = (self._dests(self._ours, our, ours), self._dests(self._its, its, theirs))
        for one, other in (into, out):
            for key, ids in one.items():
                found = other.get(key, [])
                mine = [id for id in ids if id not in self.pairs]
                yours = [id for id in found if id not in self._taken]
                if len(mine) == len(yours):
                    yield from zip(mine, yours, strict=True)

    def _sources(self, side: Side, id: str, table: Table) -> dict[Hashable, list[str]]:
        return _grouped((side, edge, edge.source, table) for edge in side.graph.into(id))

    def _dests(self, side: Side, id: str, table: Table) -> dict[Hashable, list[str]]:
        return _grouped((side, edge, edge.dest, table) for edge in side.graph.out_of(id))

    def pair_targets(self) -> None:
        ours, its = self._ours.graph.target, self._its.graph.target
        if ours is not None and its is not None and ours not in self.pairs and its not in self._taken:
            self.pairs[ours] = its
            self._taken.add(its)

    def pair_by_place(self) -> None:
        """What stands between the same neighbours, of its own op or of another; at last what has the same name."""
        for same_kind in (True, False):
            todo = deque(self.pairs.items())
            while todo:
                for pair in self._between(*todo.popleft(), same_kind):
                    if pair[0] not in self.pairs and pair[1] not in self._taken:
                        self.pairs[pair[0]] = pair[1]
                        self._taken.add(pair[1])
                        todo.append(pair)
        ours, its = self._left()
        for id in set(ours) & set(its):
            if self._ours.graph.nodes[id].op.is_leaf == self._its.graph.nodes[id].op.is_leaf:
                self.pairs[id] = id
                self._taken.add(id)

    def _between(self, our: str, its: str, same_kind: bool) -> Iterator[tuple[str, str]]:
        """The nodes beside two that are paired, where one is left over on either side."""
        places = (
            (self._open(self._ours, our, True), self._open(self._its, its, True)),
            (self._open(self._ours, our, False), self._open(self._its, its, False)),
        )
        for ours, theirs in places:
            for port, ids in ours.items():
                found = theirs.get(port, [])
                if len(ids) == len(found) == 1 and self._may_be(ids[0], found[0], same_kind):
                    yield ids[0], found[0]

    def _open(self, side: Side, id: str, into: bool) -> dict[int, list[str]]:
        taken = self.pairs if side is self._ours else self._taken
        found: dict[int, list[str]] = defaultdict(list)
        for edge in side.graph.into(id) if into else side.graph.out_of(id):
            other = edge.source if into else edge.dest
            if other not in taken and other not in found[side.port(edge)]:
                found[side.port(edge)].append(other)
        return found

    def _may_be(self, our: str, its: str, same_kind: bool) -> bool:
        one, other = self._ours.graph.nodes[our], self._its.graph.nodes[its]
        return one.op_name == other.op_name if same_kind else one.op.is_leaf == other.op.is_leaf


def _grouped(edges: Iterator[tuple[Side, Edge, str, Table]]) -> dict[Hashable, list[str]]:
    found: dict[Hashable, list[str]] = {}
    for side, edge, id, table in edges:
        ids = found.setdefault((side.port(edge), edge.output, table[id]), [])
        if id not in ids:
            ids.append(id)
    return found


def edges_of(side: Side, names: Mapping[str, str] | None = None) -> dict[tuple[str, int, str, int], int]:
    """How often each edge is there: (dest, port as far as it matters, source, output), the nodes under other names."""
    found: dict[tuple[str, int, str, int], int] = defaultdict(int)
    for edge in chain(side.graph.edges.values()):
        dest, source = (names.get(edge.dest), names.get(edge.source)) if names is not None else (edge.dest, edge.source)
        if dest is not None and source is not None:
            found[dest, side.port(edge), source, edge.output] += 1
    return dict(found)
