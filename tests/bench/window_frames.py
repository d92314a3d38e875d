"""`python -m tests.bench.window_frames NAME`: the whole window with all its panels, one row of JSON a line.

Frames, a slider at 10,000 nodes, opening, memory, and how soon it can be used. A pass is played by the window's own
clock: a frame is all that is computed from one tick to the next.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import count
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from tests.bench.frames import LIMIT, at, in_turns, share_held
from tests.bench.sheet import FRAMES, SIZES, sheet
from tests.bench.timing import Row, seconds_text

LARGEST, WEIGHED = 10_000, 5_000
MOST_MEMORY, MOST_START = 250, 0.8  # megabytes with 5,000 nodes; seconds to the first paint
STARTS = 5
IS_ENLARGED = os.environ.get("QT_SCALE_FACTOR", "1") != "1"  # then what knows no pixels is not timed again
PATIENCE_OF_WINDOW = 1.5  # seconds that one row may take


def rows(name: str) -> Iterator[Row]:
    if not IS_ENLARGED:
        yield _start()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRADLOOM_CONFIG_DIR"] = folder
        yield from _frames(name, Path(folder))


def _start() -> Row:
    """From the start of the process to the first paint of the canvas, the files being in the system's memory."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # as for a user
    times, own = [], []
    for _ in range(STARTS + 1):
        begun, command = time.monotonic(), [sys.executable, "-m", "tests.bench.window_start"]
        found = subprocess.run(command, capture_output=True, text=True, check=True, env=kept).stdout.split()
        times.append(float(found[0]) - begun)
        own.append(float(found[1]))
    middle, computed = sorted(times[1:])[STARTS // 2], sorted(own[1:])[STARTS // 2]
    spread = f"{seconds_text(min(times[1:]))} … {seconds_text(max(times[1:]))}"
    ours = f"{seconds_text(middle)} ({spread}), own {seconds_text(computed)}"
    return Row("window", "start to first paint", ours, target=f"own ≤ {MOST_START} s", reached=computed <= MOST_START)


def _frames(name: str, folder: Path) -> Iterator[Row]:
    from engine.files import disk
    from gui.app import make_app, warm_up
    from gui.document.garbage import Sweeper

    app = make_app()
    sweeper = Sweeper(app)
    warm_up()
    sizes = SIZES if IS_ENLARGED else (*SIZES, LARGEST)
    for size in sorted(sizes, key=lambda size: size != WEIGHED):  # before others leave anything behind
        file = folder / f"sheet-{size}.gradloom"
        disk.save(sheet(size), file)
        stage = Stage(name, file, size)
        if size == WEIGHED:
            sweeper.keep()  # as in the program, when its window stands
        yield from stage.rows()
    sweeper.stop()


class Stage:
    """A window on a file; a frame ends when its canvas has been painted."""

    def __init__(self, name: str, file: Path, size: int) -> None:
        from gui.look import style
        from gui.main_window import MainWindow

        self.name, self.size, self.file = f"window, {size:,} nodes, {name}", size, file
        self._told = 0  # how often anything was
        self.window = MainWindow()
        style.dress(self.window)
        self.window.resize(1440, 900)
        self.window.show()
        self.bridge = self.window.bridge
        self.bridge.told.connect(self._count)
        self._settle()

    def rows(self) -> Iterator[Row]:
        yield self._open()
        yield from self._frames("at fit")
        yield self._row("zoom step", self._zoom())
        self.window.canvas.camera.zoom_to_100()
        yield from self._frames("at 100 %")
        if self.size == WEIGHED and (used := memory()):
            yield Row(
                self.name, "memory after all", f"{used} MB", target=f"≤ {MOST_MEMORY} MB", reached=used <= MOST_MEMORY
            )
        self.bridge.mark_saved()
        self.window.close()
        self._settle()

    def _frames(self, where: str) -> Iterator[Row]:
        self._settle(0.5)
        tick = "slider tick" if self.size == LARGEST else "value scrubbing"
        yield self._row(f"{tick} {where}", self._edit)
        if self.size == LARGEST:
            return
        player, length = self.bridge.player, len(self.bridge.now.trace)
        player.seek(self.bridge.now.trace.backward_start + 5.0)
        player.play()
        yield self._row(f"play {where}", self._wait_for_tick)
        places = iter([abs((i % 200) / 100 - 1) * length for i in range(2 * FRAMES)])
        yield self._row(f"scrub {where}", lambda: player.seek(next(places)))
        player.go_to_end()

    def _count(self) -> None:
        self._told += 1

    def _wait_for_tick(self) -> None:
        """Until the window's clock has moved the pass on; what is painted for it follows."""
        before = self._told
        while self._told == before and self.bridge.player.playing:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def _zoom(self) -> Callable[[], object]:
        """From what is seen at fit to near and back, 15 % a frame."""
        camera = self.window.canvas.camera
        fit, middle, steps = camera.zoom, camera.centre(), count()
        return lambda: camera.look_at(fit * 1.15 ** abs(next(steps) % 32 - 16), middle, animated=False)

    def _open(self) -> Row:
        begun = time.perf_counter()
        self.window.files.open(self.file)
        while self.window.files.path != self.file or self.window.jobs.running:
            self._process()
        self._painted(lambda: self.window.canvas.viewport().update())
        return Row(self.name, "open", seconds_text(time.perf_counter() - begun))

    _value = 0.0

    def _edit(self) -> None:
        from engine.edits.nodes import set_value

        self._value += 0.001
        self.bridge.edit(lambda graph: set_value(graph, "n0", self._value), gesture="slider")

    def _row(self, what: str, do: Callable[[], object]) -> Row:
        for _ in range(3):
            self._painted(do)
        (times,) = in_turns([lambda: self._painted(do)], FRAMES, PATIENCE_OF_WINDOW)
        share = share_held()
        limit = f"p{share * 100:.0f} ≤ {LIMIT * 1e3:.3g} ms"
        return Row(self.name, what, times.text(), target=limit, reached=at(times.own, share) <= LIMIT)

    def _painted(self, do: Callable[[], object]) -> None:
        """Do something, and see to it that all that it asks to be painted is."""
        do()
        for _ in range(3):  # the paint of a large graph waits for its turn
            self._process()

    @staticmethod
    def _process() -> None:
        QApplication.processEvents()

    def _settle(self, seconds: float = 0.2) -> None:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            self._process()


def memory() -> int | None:
    """Megabytes of this process in the machine's memory; None where the system does not say."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 10**6 if told.exists() else None


if __name__ == "__main__":
    for row in rows(sys.argv[1]):
        print(json.dumps(asdict(row)), flush=True)
    sys.stdout.flush()
    os._exit(0)
