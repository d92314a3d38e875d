"""`python -m tests.bench.window_start [FILE]`: opens the window as the program does, and prints by the system's clock
when its canvas was painted first, and the seconds that the process had computed until then."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from pathlib import Path

NEURON = Path(__file__).parents[2] / "assets" / "examples" / "neuron.gradloom"


def main(file: str = str(NEURON)) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRADLOOM_CONFIG_DIR"] = folder
        gc.disable()  # as the program does before it imports so much
        from gui import app

        run = app.run

        def watched(*given: object) -> int:
            _end_with_first_paint()
            return run(*given)

        app.run = watched
        from gui.__main__ import main as program

        program([file])


def _end_with_first_paint() -> None:
    from gui.canvas.view import CanvasView

    paint = CanvasView.paintEvent

    def first(view: CanvasView, event: object) -> None:
        paint(view, event)
        print(time.monotonic(), time.process_time(), flush=True)
        os._exit(0)

    CanvasView.paintEvent = first


if __name__ == "__main__":
    main(*sys.argv[1:])
