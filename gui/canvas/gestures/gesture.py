"""What all gestures share: one object from the press to the release. Esc drops it; the release makes one edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter

from engine.graph.records import EdgeKey
from gui.canvas.paint.node import Marks
from gui.look.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.commands import Commands

THRESHOLD = 4  # pixels: less is a click


@dataclass(frozen=True)
class Hand:
    """Where the mouse is, in the scene and in the viewport, and whether Shift is down."""

    at: QPointF
    spot: QPoint
    shift: bool = False


class Gesture:
    """Something the user is doing. It shows what it would do, and does nothing before `release`."""

    cursor: Qt.CursorShape | None = None
    overlay = False  # whether it paints over the canvas
    sentence = ""  # what is said beside the cursor
    refused = False

    def __init__(self, view: Commands, hand: Hand) -> None:
        self.view = view
        self.first = hand
        self.hand = hand
        self.dragging = False

    def move(self, hand: Hand) -> None:
        """The mouse is elsewhere. A drag begins only after a few pixels."""
        self.hand = hand
        way = hand.spot - self.first.spot
        if not self.dragging and way.manhattanLength() >= THRESHOLD:
            self.dragging = True
        if self.dragging:
            self.drag(hand)

    def drag(self, hand: Hand) -> None:
        """Show what a release here would do."""

    def release(self, hand: Hand) -> None:
        """The button is let go: make the edit, or treat it as a click."""

    def cancel(self) -> None:
        """Everything as it was before."""

    def marks(self) -> dict[str, Marks]:
        """What is lit up at nodes while it lasts."""
        return {}

    @property
    def hidden_edge(self) -> EdgeKey | None:
        """An edge that is in the user's hand."""
        return None

    @property
    def lit_edge(self) -> EdgeKey | None:
        """An edge into which something would be put."""
        return None

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paint over the canvas, in scene coordinates."""
