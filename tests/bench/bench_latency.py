"""How long the window does not answer while it works on a graph of 5,000 nodes, a large table, a film, a Jacobian."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from engine import edits
from engine.files import disk
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from gui.document.garbage import Sweeper
from tests.bench.begun import begun, shown_window
from tests.bench.timing import Row, seconds_text
from tests.building import graph_of

COUNT = 5_000
ROWS = 8_000_000  # of a table of 100 MB
SIDE = 440  # a larger one is not made: it says that it is too large


def wide_graph(count: int) -> Graph:
    """A layered graph of scalars with a tenth of leaves; each node is fed by near ones."""
    rng, tenth = random.Random(1), count // 10
    nodes = [Node(f"x{i}", "parameter", np.array(rng.uniform(-1, 1)), pos=(0, i * 120)) for i in range(tenth)]
    edges: list[Edge] = []
    for i in range(tenth, count):
        op = rng.choice(("add", "mul", "tanh", "sigmoid"))
        nodes.append(Node(f"n{i}", op, pos=(i // tenth * 220, i % tenth * 120)))
        for port in range(2 if op in ("add", "mul") else 1):
            edges.append(Edge(nodes[rng.randrange(max(0, i - 3 * tenth), i)].id, nodes[i].id, port))
    return Graph.of(nodes, edges, target=nodes[-1].id)


def rows() -> Iterator[Row]:
    """A row for each thing that takes long."""
    with begun() as (folder, sweeper):
        yield from _measured(folder, sweeper)


def _measured(folder: Path, sweeper: Sweeper) -> Iterator[Row]:
    from tests.bench.latency import gap, settle

    window = shown_window()
    sweeper.keep()
    settle(1.0)
    for workload, what, begin, is_over in _works(window, folder):
        found = gap(begin, lambda over=is_over: not window.jobs.running and over())
        ours = f"{seconds_text(found.wall)}, own {seconds_text(found.own)}, whole {seconds_text(found.whole)}"
        yield Row(workload, what, ours)
    window.bridge.mark_saved()
    window.close()


def _works(window, folder: Path) -> Iterator[tuple[str, str, Callable[[], object], Callable[[], bool]]]:
    def at_once() -> bool:
        return True

    size = f"{COUNT:,} nodes"
    large = folder / "large.gradloom"
    disk.save(wide_graph(COUNT), large)
    yield size, "open", lambda: window.files.open(large), lambda: window.files.path == large
    yield size, "edit a value", lambda: window.bridge.edit(lambda g: edits.set_value(g, "x0", np.array(0.5))), at_once
    yield size, "select all", window.editing.select_all, at_once
    yield size, "arrange", window.editing.arrange, at_once
    yield size, "delete all", window.canvas.selected.delete, at_once
    yield size, "undo that", window.editing.undo, at_once
    yield size, "save", window.files.save, at_once
    text = large.read_text("utf-8")
    window.bridge.mark_saved()
    window.files.new()
    yield size, "paste", lambda: window.clipboard.paste_text(text), lambda: len(window.bridge.now.graph.nodes) == COUNT
    yield from _other_works(window, folder)


def _other_works(window, folder: Path) -> Iterator[tuple[str, str, Callable[[], object], Callable[[], bool]]]:
    table, reader = folder / "rows.csv", folder / "reader.gradloom"
    table.write_text("a,b,y\n" + "1.5,2.5,0.5\n" * ROWS)
    disk.save(graph_of(("d", "dataset", None), settings={"d": {"name": "csv", "path": str(table)}}), reader)
    window.bridge.mark_saved()
    window.files.open(reader)

    def is_there() -> bool:
        return window.bridge.now.trace.value("d") is not None

    size = f"{table.stat().st_size // 10**6} MB of CSV"
    yield size, "read", lambda: window.data_files.allow(str(table)), is_there
    matrix = graph_of(("x", "parameter", np.ones(SIDE)), ("y", "softmax", ["x"]), ("l", "sum", ["y"]), target="l")
    window.bridge.load(matrix)
    window.selection.select(["y"])
    fold = next(widget for widget in window.findChildren(object) if type(widget).__name__ == "JacobianView")
    yield f"{SIDE} × {SIDE}", "Jacobian", fold.button.click, lambda: True
