"""While a training runs: it goes on where it is seen, on the stage too, and rests where nobody could stop it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gui.panels.training import TrainingPanel
from gui.shell.page import DocumentPage

ASKED = "Training is paused while a question is open; it goes on afterwards."
CLOSED = "Training is paused while its panel is closed; it goes on when the panel is opened again."
BEHIND = "The training of “{}” is paused; it goes on when you come back to it."


class TrainingTime(QObject):
    """Holds the training of a page, and lets it go on by itself. Why it rests is told in one sentence."""

    def __init__(self, page: DocumentPage, training: TrainingPanel) -> None:
        super().__init__(page)
        self._page, self._run = page, training.run
        self._is_in_front, self._is_on_stage = True, False
        self._told = ""  # why it rests
        page.fronted.connect(self._on_fronted)
        page.presented.connect(self._on_presented)
        page.panels.changed.connect(self._follow)
        page.bridge.asking.beginning.connect(lambda: self._run.hold(True))
        page.bridge.asking.changed.connect(self._follow)
        page.closing.leaving.connect(lambda: self._run.hold(True))
        page.closing.stayed.connect(self._follow)

    def _on_fronted(self, is_in_front: bool) -> None:
        self._is_in_front = is_in_front
        self._follow()

    def _on_presented(self, presented: bool) -> None:
        """By now the panels stand as they do on the stage, or as they did before."""
        self._is_on_stage = presented
        self._follow()

    def _follow(self) -> None:
        why, page = self._why, self._page
        self._run.hold(bool(why))
        before, self._told = self._told, why if self._run.is_held else ""
        page.at_rest = BEHIND.format(page.files.name) if self._told == BEHIND else ""
        if self._told not in ("", BEHIND, before):
            page.status.tell(why)

    @property
    def _why(self) -> str:
        """Why it must rest; empty: it can go on."""
        page = self._page
        if not self._is_in_front:
            return BEHIND
        if page.bridge.asking.is_on:
            return ASKED
        goes_on = page.presenting or self._is_on_stage or page.panels.is_open("training")
        return "" if goes_on else CLOSED
