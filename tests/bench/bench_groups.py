"""Frames of nets drawn number by number whose groups were found: zoomed and played folded, a layer open, all open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.files import disk
from tests.bench.begun import begun
from tests.bench.timing import Row
from tests.bench.window_frames import Stage
from tests.networks import scalar_network

NETS = ((2, 8, 8, 1), (16, 32, 32, 16, 1))
Held = Qt.KeyboardModifier
CTRL, ALT, SHIFT = Held.ControlModifier, Held.AltModifier, Held.ShiftModifier
DEPTHS = ("folded", "layers open", "neurons open")


def rows() -> Iterator[Row]:
    """The whole table."""
    with begun() as (folder, _):
        for widths in NETS:
            file = folder / "net.gradloom"
            disk.save(scalar_network(widths), file)
            yield from Depths("-".join(map(str, widths)), file).rows()


class Depths(Stage):
    """A window on such a net, at three depths of its groups."""

    def __init__(self, name: str, file: Path) -> None:
        super().__init__(name, file, 0)
        self.name = f"groups, {name} as scalars"

    def rows(self) -> Iterator[Row]:
        yield self._open()
        self._press(Qt.Key.Key_G, CTRL | ALT, lambda: bool(self.bridge.now.graph.groups))
        for depth in DEPTHS:
            if depth != DEPTHS[0]:
                self._press(Qt.Key.Key_F7, CTRL | SHIFT)
            yield from self._looked_at(depth)
        self.bridge.mark_saved()
        self.window.close()
        self._settle()

    def _looked_at(self, depth: str) -> Iterator[Row]:
        self.window.canvas.camera.fit_all(animated=False)
        self._settle(1.0)
        yield self._row(f"zoom, {depth}", self._steps())
        self.window.canvas.camera.fit_all(animated=False)
        self._settle(1.0)
        player = self.bridge.player
        player.seek(self.bridge.now.trace.backward_start + 5.0)
        player.play()
        yield self._row(f"play at fit, {depth}", self._wait_for_tick)
        player.go_to_end()

    def _steps(self) -> Callable[[], object]:
        """From fit to 100 % and back, 6 % a frame: each level that is drawn otherwise is passed."""
        camera, turn = self.window.canvas.camera, count()
        fit, middle = camera.zoom, camera.centre()
        most = 1
        while fit * 1.06**most < 1.0:
            most += 1
        return lambda: camera.look_at(fit * 1.06 ** abs(next(turn) % (2 * most) - most), middle, animated=False)

    def _press(self, key: Qt.Key, held: Qt.KeyboardModifier, until: Callable[[], bool] = lambda: True) -> None:
        self.window.canvas.setFocus()
        QTest.keyClick(self.window, key, held)
        self._settle(1.0)
        while not until() or self.window.jobs.running:
            QApplication.processEvents()
        self._settle(1.0)
