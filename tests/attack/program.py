"""Qt's application as the program has it, for attacks that make the window themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def make_program(theme: str | None = None) -> QApplication:
    """Garbage is looked for in this thread alone: one that writes a recovery copy would else delete timers of Qt."""
    from gui.app import make_app
    from gui.document.garbage import Sweeper

    app = make_app(theme)
    Sweeper(app)
    return app
