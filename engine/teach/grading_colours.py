"""Colours of nodes: two nodes get the same one where their places in two graphs look alike, whatever they are called.

A sweep goes down the graph and back: a node's colour says what feeds it, all the way to the leaves, and then what it
feeds. Each sweep is linear in the size of the graph, so nothing here can hang. What an op makes of its inputs in any
order alike (+, ×) is found by trying it: such ports look alike too.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Edge
from engine.ops.kernel import bind
from engine.ops.op import Settings, get_op
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.passes.trace import Trace
from engine.values.json_text import dump, json_ready
from engine.values.values import Value

MOST_SWEEPS = 6
_PROBES = (0.31, 0.83, 0.57, 0.13)
Colours = Mapping[str, int]


class Side:
    """One of the two graphs, with its run and what is asked of it again and again."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.trace: Trace = trace_of(make_plan(graph), leaf_values(graph), graph.seed)
        self.any_order = {id: _any_order(graph, id) for id in graph.nodes}

    @cached_property
    def kinds(self) -> dict[str, Hashable]:
        """By node: its op and settings."""
        return {id: (node.op_name, dump(json_ready(node.chosen))) for id, node in self.graph.nodes.items()}

    def port(self, edge: Edge) -> int:
        """Where an edge ends, as far as it matters: −1 where any port will do."""
        return -1 if self.any_order[edge.dest] else edge.port

    def numbers(self, id: str) -> tuple[Value, ...]:
        """The values at its outputs, as far as they could be computed."""
        outputs = range(len(self.graph.nodes[id].op.outputs))
        values = (self.trace.value(id, output) for output in outputs)
        return tuple(value for value in values if value is not None)


def _any_order(graph: Graph, id: str) -> bool:
    node = graph.nodes[id]
    return commutes(node.op_name, len(graph.into(id)), node.settings)


@lru_cache(maxsize=4096)
def commutes(name: str, count: int, settings: Settings) -> bool:
    """Whether an op makes the same of its inputs in any order: tried on numbers."""
    op = get_op(name)
    if not op.known or not op.elementwise or count < max(2, op.fewest):
        return False
    low, high = op.domain
    probes = [np.float64(low + (high - low) * _PROBES[i % len(_PROBES)] + i // len(_PROBES)) for i in range(count)]
    forward = bind(op, count, settings).forward
    with np.errstate(all="ignore"):
        said = float(forward(*probes))
        turned = (probes[::-1], [*probes[1:], probes[0]])
        return all(abs(float(forward(*order)) - said) <= 1e-9 * abs(said) for order in turned)


def key_of(value: Value | None) -> Hashable:
    """A value as it is told from others: the rounding of a last digit does not count."""
    if value is None:
        return None
    array = np.asarray(value, dtype=np.float64)
    with np.errstate(all="ignore"):
        size = np.where(np.isfinite(array) & (array != 0), np.floor(np.log10(np.abs(array))), 0.0)
        rounded = np.where(np.isfinite(array), np.round(array / 10.0**size, 7) + 0.0, array)
    return (array.shape, rounded.tobytes(), size.tobytes())


class ColourBook:
    """Hands out colours: one number for each thing that looks otherwise."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def colour(self, looks: Hashable) -> int:
        return self._numbers.setdefault(looks, len(self._numbers))


def swept(sides: Sequence[Side], base: Callable[[Side, str], Hashable]) -> list[Colours]:
    """The colours of the nodes of each graph, swept until they tell no more apart."""
    palette = ColourBook()
    tables = [{id: palette.colour(base(side, id)) for id in side.graph.nodes} for side in sides]
    count = 0
    for _ in range(MOST_SWEEPS):
        tables = [_down_and_back(side, table, palette) for side, table in zip(sides, tables, strict=True)]
        found = len({colour for table in tables for colour in table.values()})
        if found == count:
            break
        count = found
    return list(tables)


def near(sides: Sequence[Side], base: Callable[[Side, str], Hashable], rounds: int) -> list[Colours]:
    """The colours that say what stands at most so many edges away."""
    palette = ColourBook()
    tables = [{id: palette.colour(base(side, id)) for id in side.graph.nodes} for side in sides]
    for _ in range(rounds):
        tables = [
            {id: palette.colour((table[id], _fed(side, id, table), _feeds(side, id, table))) for id in side.graph.nodes}
            for side, table in zip(sides, tables, strict=True)
        ]
    return list(tables)


def _down_and_back(side: Side, table: Colours, palette: ColourBook) -> dict[str, int]:
    down: dict[str, int] = {}
    for id in side.graph.order:
        down[id] = palette.colour(("down", table[id], _fed(side, id, down)))
    back: dict[str, int] = {}
    for id in reversed(side.graph.order):
        back[id] = palette.colour(("back", down[id], _feeds(side, id, back)))
    return back


def _fed(side: Side, id: str, table: Colours) -> Hashable:
    return tuple(sorted((side.port(edge), edge.output, table[edge.source]) for edge in side.graph.into(id)))


def _feeds(side: Side, id: str, table: Colours) -> Hashable:
    return tuple(sorted((side.port(edge), edge.output, table[edge.dest]) for edge in side.graph.out_of(id)))


def alike(tables: Sequence[Colours]) -> bool:
    """Whether two graphs have as many nodes of each colour."""
    one, other = (Counter(table.values()) for table in tables)
    return one == other


def by_key(table: Mapping[str, Any], ids: Sequence[str]) -> dict[Any, list[str]]:
    """The nodes of each colour."""
    found: dict[Any, list[str]] = defaultdict(list)
    for id in ids:
        found[table[id]].append(id)
    return found
