"""`python -m tests.bench.window_start`: opens the window as the program does, and prints when its canvas was painted
first, by the system's clock."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRADLOOM_CONFIG_DIR"] = folder
        from gui.shell.signals import Signals

        signals = Signals()
        from gui import app

        application = app.make_app()
        from gui.canvas.view import CanvasView

        paint = CanvasView.paintEvent

        def first(view: CanvasView, event: object) -> None:
            paint(view, event)  # type: ignore[arg-type]
            print(time.monotonic(), flush=True)
            os._exit(0)

        CanvasView.paintEvent = first  # type: ignore[assignment]
        app.run(application, Path(__file__).parents[2] / "assets" / "examples" / "neuron.gradloom", signals)


if __name__ == "__main__":
    main()
