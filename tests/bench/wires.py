"""What a wire costs in a graph of 5,000 nodes: judged in the hand, in force when it is let go, taken back.

Time of the processor: what its neighbours on a busy machine take does not count.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator

from engine.edits.edges import connect, judge
from engine.graph.change import Change
from engine.graph.graph import Graph
from tests.bench.drawn import random_recipe
from tests.bench.timing import Row, seconds_text

SIZE, WIRES = 5_000, 200
FRAME = 16  # milliseconds


def rows() -> Iterator[Row]:
    """Each wire goes from any node to a port of any other, in the place of the edge that ended there."""
    graph = random_recipe(SIZE, None).graph()
    wires = list(_wires(graph))
    changes = [connect(graph, *wire) for wire in wires if judge(graph, *wire).allowed]
    yield _row("a wire judged", [_timed(lambda wire=wire: judge(graph, *wire)) for wire in wires], 1)
    times = [_there_and_back(graph, change) for change in changes]
    yield _row("a wire in force, order included", [there for there, _ in times], FRAME)
    yield _row("a wire taken back, order included", [back for _, back in times], FRAME)
    anew = [_timed(lambda: Graph(graph.nodes, graph.edges).order) for _ in range(7)]
    yield _row("topology and order made anew", anew)


def _wires(graph: Graph) -> Iterator[tuple[str, str, int]]:
    dice, ids = random.Random(0), list(graph.nodes)
    for _ in range(WIRES):
        source, dest = dice.sample(ids, 2)
        if graph.nodes[dest].op.ports:
            yield source, dest, 0


def _there_and_back(graph: Graph, change: Change) -> tuple[float, float]:
    graph.order  # noqa: B018 - what the window has asked before
    made: list[Graph] = []
    there = _timed(lambda: made.append(graph.apply(change)) or made[0].order)
    return there, _timed(lambda: made[0].apply(change.inverse).order)


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _row(what: str, times: list[float], most: float | None = None) -> Row:
    """Beside the median what nineteen of twenty stay under: it is that which is held against the target, in ms."""
    middle, high = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
    if most is None:
        return Row(f"W4 {SIZE:,} nodes", what, seconds_text(middle))
    return Row(f"W4 {SIZE:,} nodes", f"{what} (95 %, in ms)", seconds_text(middle), "", high * 1e3, f"≤ {most}")
