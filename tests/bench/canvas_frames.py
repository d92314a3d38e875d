"""`python -m tests.bench.canvas_frames NAME [SIZE …]`: times frames of the canvas and of its peer in turns, one row of
JSON a line. A frame begins with what happens and ends when everything that had to be painted is."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

from engine.edits.nodes import set_value
from gui.canvas.view import CanvasView
from gui.document.bridge import Bridge
from gui.document.garbage import Sweeper
from gui.document.selection import Selection
from tests.bench.frames import LIMIT, Frame, at, in_turns, share_held
from tests.bench.plain_scene import PlainScene
from tests.bench.sheet import FRAMES, SIZES, WINDOW, held, sheet
from tests.bench.timing import Row, seconds_text

TICK = 1 / 60
EDIT_LIMIT = {100: 0.008, 1_000: 0.016, 5_000: 0.033}  # seconds from an edit to the paint, in the median


class Stand:
    """The canvas and its peer with the same graph, each shown and with a session of its own."""

    def __init__(self, name: str, size: int) -> None:
        self.name, self.size, self.graph = f"{size:,} nodes, {name}", size, sheet(size)
        self.share = share_held()
        self.bridge, self.other = Bridge(), Bridge()
        for bridge in (self.bridge, self.other):
            bridge.load(self.graph)
        self.ours = CanvasView(self.bridge, Selection(self.bridge))
        self.peer = PlainScene(self.other)
        for view in (self.ours, self.peer):
            show(view)
        self.ours.camera.fit_all(animated=False)
        self.fit, self.middle = self.ours.camera.zoom, self.ours.camera.centre()
        self.held = held(self.graph)

    def look(self, zoom: float) -> None:
        """Both at the same place: at the node that is dragged, or at everything."""
        centre = self.middle if zoom == self.fit else QPointF(*self.graph.nodes[self.held].pos)
        self.ours.camera.look_at(zoom, centre, animated=False)
        self.peer.look_at(zoom, centre)
        settle()

    def row(self, what: str, ours: Frame, peer: Frame, frames: int = FRAMES, limit: float | None = LIMIT) -> Row:
        """`limit`: what no frame may exceed in computing, but the slowest hundredth, or twentieth at scale 2."""
        mine, theirs = in_turns([painted(ours), painted(peer)], frames)
        middle = at(mine.wall, 0.5)
        row = Row(self.name, what, mine.text(), plain(theirs.wall), at(theirs.wall, 0.5) / middle, middle=middle)
        if limit is None:
            return row
        share = self.share if limit == LIMIT else 0.5
        target, reached = f"p{share * 100:.0f} ≤ {limit * 1e3:.3g} ms", at(mine.own, share) <= limit
        return replace(row, target=target, reached=reached)

    # --- what is timed

    def rows(self) -> Iterator[Row]:
        yield self._build()
        self.look(self.fit)
        yield self.row("paint all at fit", self.ours.scene().repaint, self.peer.viewport().repaint, FRAMES, None)
        yield self._zoom()
        yield self._drag("drag a node at fit")
        yield from self._passes("at fit")
        yield from self._edits("at fit")
        self.look(1.0)
        yield self._pan()
        yield self._drag("drag a node at 100 %")
        yield from self._passes("at 100 %")
        yield from self._edits("at 100 %")

    def _build(self) -> Row:
        def ours() -> None:
            delete(CanvasView(self.bridge, Selection(self.bridge)))

        return self.row("build", ours, lambda: delete(PlainScene(self.other)), 3, None)

    def _zoom(self) -> Row:
        """From far to near by 15 % a frame, and back, from what is seen at fit."""
        zooms = [self.fit * 1.15**n for n in (*range(1, 17), *range(16, 0, -1))] * 2
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
        self._end_passes()  # where the scrubbing begins: the way there is none of its frames
        places = [abs((i % 200) / 100 - 1) for i in range(FRAMES * 2)]
        mine, theirs = iter(places), iter(places)
        yield self.row(
            f"scrub {where}",
            lambda: self.bridge.player.seek(next(mine) * len(trace)),
            lambda: self._told(lambda bridge: bridge.player.seek(next(theirs) * len(other))),
            2 * FRAMES,
        )
        self._end_passes()

    def _end_passes(self) -> None:
        for bridge in (self.bridge, self.other):
            bridge.player.go_to_end()
        self.peer.show_numbers()
        settle()

    def _told(self, do: Callable[[Bridge], object]) -> None:
        do(self.other)
        self.peer.show_numbers()

    def _edits(self, where: str) -> Iterator[Row]:
        """A value is scrubbed: an edit a frame, each a step of one gesture."""
        values = iter(np.linspace(-1, 1, 1_000))

        def edit(bridge: Bridge) -> None:
            value = next(values)
            bridge.edit(lambda graph: set_value(graph, "n0", value), gesture="slider")

        do = (lambda: edit(self.bridge), lambda: self._told(edit))
        yield self.row(f"value scrubbing {where}", *do)
        yield self.row(f"edit to paint {where}", *do, 60, EDIT_LIMIT.get(self.size))


def show(view: QWidget) -> None:
    view.resize(*WINDOW)
    view.show()
    settle()


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


def painted(frame: Frame) -> Frame:
    """What happens, and everything that is painted for it."""

    def whole() -> None:
        frame()
        QApplication.processEvents()

    return whole


def plain(times: list[float]) -> str:
    """The plain scene's median, and its frames at the slow end."""
    return f"plain scene {seconds_text(at(times, 0.5))} (p95 {seconds_text(at(times, 0.95))})"


def main(name: str, sizes: list[str]) -> None:
    app = QApplication([])
    sweeper = Sweeper(app)  # as in the program, where Python does not look for garbage in the middle of a frame
    for size in map(int, sizes or SIZES):
        stand = Stand(name, size)
        for row in stand.rows():
            print(json.dumps(asdict(row)), flush=True)
        for view in (stand.ours, stand.peer):
            view.close()
            delete(view)  # now, not later: what is left of a view still listens
        app.processEvents()
    sweeper.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
