"""`python -m tests.bench.rival_frames NAME [SIZE …]`: the same frames of NodeGraphQt's canvas, in its own environment.

It draws nodes and edges and computes nothing: it has no row for a pass, a number or a time line. One row of JSON a
line: workload, what, the median and the 95th part in seconds.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from functools import reduce
from time import perf_counter

os.environ.setdefault("QT_PREFERRED_BINDING", "PySide6")

from NodeGraphQt import BaseNode, NodeGraph
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from tests.bench.frames import Frame, at, in_turns
from tests.bench.sheet import FRAMES, SIZES, WINDOW, held, sheet


class Peer(BaseNode):
    """A node as theirs are: a card with two ports on the left and one on the right."""

    __identifier__, NODE_NAME = "bench", "node"

    def __init__(self) -> None:
        super().__init__()
        self.add_input("a")
        self.add_input("b")
        self.add_output("y")


class Rival:
    def __init__(self, name: str, size: int) -> None:
        self.name, self.model, self.graph = name, sheet(size), NodeGraph()
        self.held = held(self.model)
        self.graph.register_node(Peer)
        self.graph.set_acyclic(False)  # its search for cycles takes exponential time in layers
        self.nodes = {
            node.id: self.graph.create_node("bench.Peer", name=node.id, pos=node.pos, selected=False, push_undo=False)
            for node in self.model.nodes.values()
        }
        for edge in self.model.edges.values():
            if edge.port < 2:  # only the sum has more
                ports = self.nodes[edge.source].output(0), self.nodes[edge.dest].input(edge.port)
                ports[0].connect_to(ports[1], push_undo=False)
        self.graph.widget.resize(*WINDOW)
        self.graph.widget.show()
        self.view = self.graph.viewer()
        self._fit()
        settle()

    def _fit(self) -> None:
        """Let all nodes be seen: its own way groups them first, which at 5,000 takes a quarter of an hour."""
        places = (node.view.sceneBoundingRect() for node in self.nodes.values())
        whole = reduce(QRectF.united, places)
        self.view.set_scene_rect(list(whole.getRect()))

    def rows(self, built: float) -> Iterator[dict[str, object]]:
        """As long as they were when this process was given them."""
        yield {"workload": self.name, "what": "build", "middle": built, "high": built}
        yield self._row("paint all at fit", self.view.viewport().repaint)
        ways = iter([1.15] * 16 + [1 / 1.15] * 16 + [1.15] * 16 + [1 / 1.15] * 16 + [1.0] * FRAMES)
        yield self._row("zoom step", lambda: self.view.scale(*[next(ways)] * 2), 64)
        yield self._row("drag a node at fit", self._drag())
        self.view.reset_zoom(self.nodes[self.held].view.sceneBoundingRect().center())
        settle()
        turns = iter(range(10 * FRAMES))

        def pan() -> None:
            self.view._set_viewer_pan(*((9, 5) if next(turns) // 30 % 2 else (-9, -5)))

        yield self._row("pan at 100 %", pan)
        yield self._row("drag a node at 100 %", self._drag())

    def _drag(self) -> Frame:
        node, turns = self.nodes[self.held].view, iter(range(10 * FRAMES))
        x, y = self.model.nodes[self.held].pos

        def drag() -> None:
            i = next(turns)
            node.xy_pos = [x + 4.0 * (i % 20), y + 4.0 * (i % 15)]

        return drag

    def _row(self, what: str, do: Frame, count: int = FRAMES) -> dict[str, object]:
        def frame() -> None:
            do()
            QApplication.processEvents()

        (times,) = in_turns([frame], count)
        return {"workload": self.name, "what": what, "middle": at(times.wall, 0.5), "high": at(times.wall, 0.95)}


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


def main(name: str, sizes: list[str]) -> None:
    app = QApplication([])
    for size in map(int, sizes or SIZES):
        begun = perf_counter()
        rival = Rival(f"{size:,} nodes, {name}", size)
        for row in rival.rows(perf_counter() - begun):
            print(json.dumps(row), flush=True)
        rival.graph.widget.close()
    app.processEvents()
    sys.stdout.flush()
    os._exit(0)  # its thousands of items would take minutes to take down


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
