"""`python -m tests.bench.canvas_frames NAME [SIZE …]`: times frames of the canvas and of its peer in turns, one row of
JSON a line. A frame begins with what happens and ends when everything that had to be painted is."""

from __future__ import annotations

import gc
import json
import math
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

from engine.edits.nodes import set_value
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from gui.canvas.view import CanvasView
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from tests.bench.plain_scene import PlainScene
from tests.bench.timing import Row, seconds_text

SIZES = (100, 300, 1_000, 5_000)
WIDE, HIGH = 1400, 860
PITCH_X, PITCH_Y = 240, 120
FRAMES = 90
LAYERS = ("add", "tanh", "mul", "sigmoid")
TICK = 1 / 60

Frame = Callable[[], object]


def drawn(size: int) -> Graph:
    """Layers on a sheet of the screen's shape, each fed by the one before: 1.5 edges a node, and all reach the sum."""
    rng = random.Random(size)
    rows = round(math.sqrt(size * PITCH_X / PITCH_Y * HIGH / WIDE))
    nodes, edges = [], []
    for i in range(size):
        column, row = divmod(i, rows)
        op = LAYERS[column % len(LAYERS)] if column else "parameter"
        nodes.append(Node(f"n{i}", op, None if column else as_value(rng.uniform(-1, 1)), pos=_place(column, row)))
        if column:
            edges.append(Edge(f"n{i - rows}", f"n{i}", 0))
            if op in ("add", "mul"):
                other = min(max(row + rng.randint(-3, 3), 0), rows - 1)
                edges.append(Edge(f"n{(column - 1) * rows + other}", f"n{i}", 1))
    ends = [f"n{i}" for i in range(size - rows, size)]
    target = Node("target", "add", pos=_place(size // rows + 2, 0))
    return Graph.of([*nodes, target], [*edges, *(Edge(id, "target", i) for i, id in enumerate(ends))], target="target")


def _place(column: int, row: int) -> tuple[float, float]:
    return (float(PITCH_X * column), float(PITCH_Y * row))


class Stand:
    """The canvas and its peer with the same graph, each shown and with a session of its own."""

    def __init__(self, name: str, size: int) -> None:
        self.name, self.graph = f"{size:,} nodes, {name}", drawn(size)
        self.bridge, self.other = Bridge(), Bridge()
        for bridge in (self.bridge, self.other):
            bridge.load(self.graph)
        self.ours = CanvasView(self.bridge, Selection(self.bridge))
        self.peer = PlainScene(self.other)
        for view in (self.ours, self.peer):
            show(view)
        self.ours.camera.fit_all(animated=False)
        self.fit, self.middle = self.ours.camera.zoom, self.ours.camera.centre()
        xs = sorted(self.graph.nodes, key=lambda id: abs(self.graph.nodes[id].pos[0] - self.middle.x()))
        self.held = min(xs[:20], key=lambda id: abs(self.graph.nodes[id].pos[1] - self.middle.y()))

    def look(self, zoom: float) -> None:
        """Both at the same place: at the node that is dragged, or at everything."""
        centre = self.middle if zoom == self.fit else QPointF(*self.graph.nodes[self.held].pos)
        self.ours.camera.look_at(zoom, centre, animated=False)
        self.peer.look_at(zoom, centre)
        settle()

    def row(self, what: str, ours: Frame, peer: Frame, frames: int = FRAMES) -> Row:
        gc.collect()
        times = [(timed(ours), timed(peer)) for _ in range(frames)]
        mine, theirs = ([pair[i] for pair in times] for i in (0, 1))
        ratio = statistics.median(theirs) / statistics.median(mine)
        return Row(self.name, what, spread(mine), spread(theirs), ratio)

    # --- what is timed

    def rows(self) -> Iterator[Row]:
        yield self._build()
        self.look(self.fit)
        yield self.row("paint all at fit", self.ours.viewport().repaint, self.peer.viewport().repaint, 20)
        yield self._zoom()
        yield self._drag("drag a node at fit")
        yield from self._passes("at fit")
        self.look(1.0)
        yield self._pan()
        yield self._drag("drag a node at 100 %")
        yield from self._passes("at 100 %")
        yield self._edit()

    def _build(self) -> Row:
        def ours() -> None:
            delete(CanvasView(self.bridge, Selection(self.bridge)))

        return self.row("build", ours, lambda: delete(PlainScene(self.other)), 3)

    def _zoom(self) -> Row:
        """From far to near by 15 % a frame, and back, from what is seen at fit."""
        zooms = [self.fit * 1.15**n for n in (*range(1, 17), *range(16, 0, -1))]
        mine, theirs = iter(zooms), iter(zooms)
        return self.row(
            "zoom step",
            lambda: self.ours.camera.look_at(next(mine), self.middle, animated=False),
            lambda: self.peer.look_at(next(theirs), self.middle),
            len(zooms),
        )

    def _pan(self) -> Row:
        ways = [(9, 5) if (i // 30) % 2 == 0 else (-9, -5) for i in range(FRAMES)]
        mine, theirs = iter(ways), iter(ways)
        return self.row("pan at 100 %", lambda: self.ours.camera.pan(*next(mine)), lambda: self.peer.pan(*next(theirs)))

    def _drag(self, what: str) -> Row:
        x, y = self.graph.nodes[self.held].pos
        places = [(x + 4.0 * (i % 20), y + 4.0 * (i % 15)) for i in range(1, FRAMES + 1)]
        mine, theirs = iter(places), iter(places)
        row = self.row(
            what,
            lambda: self.ours.scene().preview({self.held: next(mine)}),
            lambda: self.peer.place(self.held, *next(theirs)),
        )
        self.ours.scene().preview({})
        self.peer.place(self.held, x, y)
        settle()
        return row

    def _passes(self, where: str) -> Iterator[Row]:
        """Playing from the node that is in the middle; scrubbing all over, a hundredth of the pass a frame."""
        trace, other = self.bridge.now.trace, self.other.now.trace
        start = float(next(iter(trace.arrivals.get(self.held, [trace.backward_start]))) - 5)
        for bridge in (self.bridge, self.other):
            bridge.player.seek(max(start, 0.0))
            bridge.player.play()
        self.peer.show_numbers()
        settle()

        def play(bridge: Bridge) -> None:
            bridge.player.tick(TICK)

        yield self.row(f"play backward {where}", lambda: play(self.bridge), lambda: self._told(play), 3 * FRAMES)
        places = [abs((i % 200) / 100 - 1) for i in range(FRAMES * 2)]
        mine, theirs = iter(places), iter(places)
        yield self.row(
            f"scrub {where}",
            lambda: self.bridge.player.seek(next(mine) * len(trace)),
            lambda: self._told(lambda bridge: bridge.player.seek(next(theirs) * len(other))),
            2 * FRAMES,
        )
        for bridge in (self.bridge, self.other):
            bridge.player.go_to_end()
        self.peer.show_numbers()
        settle()

    def _told(self, do: Callable[[Bridge], object]) -> None:
        do(self.other)
        self.peer.show_numbers()

    def _edit(self) -> Row:
        values = iter(np.linspace(-1, 1, 1_000))

        def edit(bridge: Bridge) -> None:
            value = next(values)
            bridge.edit(lambda graph: set_value(graph, "n0", value), gesture="slider")

        return self.row("edit to paint", lambda: edit(self.bridge), lambda: self._told(edit), 30)


def show(view: QWidget) -> None:
    view.resize(WIDE, HIGH)
    view.show()
    settle()


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


def timed(frame: Frame) -> float:
    """Seconds from what happens to everything painted."""
    start = time.perf_counter()
    frame()
    QApplication.processEvents()
    return time.perf_counter() - start


def spread(times: list[float]) -> str:
    """The median; the frames at the slow end, of which a person sees the worst."""
    high = sorted(times)[int(len(times) * 0.95)]
    return f"{seconds_text(statistics.median(times))} (p95 {seconds_text(high)}, max {seconds_text(max(times))})"


def main(name: str, sizes: list[str]) -> None:
    app = QApplication([])
    for size in map(int, sizes or SIZES):
        stand = Stand(name, size)
        for row in stand.rows():
            print(json.dumps(asdict(row)), flush=True)
        for view in (stand.ours, stand.peer):
            view.close()
            delete(view)  # now, not later: what is left of a view still listens
        app.processEvents()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
