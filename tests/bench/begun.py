"""The program as a benchmark needs it: begun as for a user, without a screen, with settings of its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.document.garbage import Sweeper
    from gui.main_window import MainWindow


@contextmanager
def begun() -> Iterator[tuple[Path, Sweeper]]:
    """An empty folder, which is that of the settings too, and who sweeps up."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRADLOOM_CONFIG_DIR"] = folder
        from gui.app import make_app, warm_up
        from gui.document.garbage import Sweeper

        app = make_app()
        sweeper = Sweeper(app)
        warm_up()
        yield Path(folder), sweeper
        sweeper.stop()
        app.processEvents()


def shown_window() -> MainWindow:
    """A window as a user has it; what is not saved goes when it is closed."""
    from gui.look import style
    from gui.main_window import MainWindow
    from tests.gui.document.answers import Answers

    window = MainWindow()
    style.dress(window)
    window.files.ask = Answers()
    window.files.ask.unsaved = "discard"
    window.resize(1440, 900)
    window.show()
    return window
