"""What all states of the hand share: what the mouse does in them, and what they show meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from engine.graph.records import EdgeKey
from gui.canvas.desk import Desk
from gui.canvas.paint.node import Marks
from gui.document.selection import AsideKey
from gui.look.theme import Theme


@dataclass(frozen=True)
class Hand:
    """Where the mouse is, in the scene and in the viewport, and which keys are held down."""

    at: QPointF
    spot: QPoint
    shift: bool = False
    control: bool = False
    alt: bool = False


class State:
    """One thing that the hand can be doing. It shows what it would do, and does nothing before `release`."""

    busy = True  # something has begun, and Esc drops it
    scrolls_along = True  # whether it goes on when the canvas moves under the hand
    pulls = False  # whether the canvas goes on when the hand goes to its rim
    by_keys = False  # whether it is led by keys: the mouse ends it
    refused = False
    hidden_edge: EdgeKey | None = None  # the edge that is in the hand
    lit_aside: AsideKey | None = None  # the group to which something would be done
    lit_edges: frozenset[EdgeKey] = frozenset()  # those to which something would be done

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @property
    def overlay(self) -> bool:
        """Whether it paints over the canvas."""
        return False

    @property
    def outlasts_changes(self) -> bool:
        """Whether it goes on when the graph is changed by something else."""
        return False

    @property
    def cursor(self) -> Qt.CursorShape | None:
        """None: as before."""
        return None

    @property
    def sentence(self) -> str:
        """What is said beside the cursor."""
        return ""

    def press(self, hand: Hand, button: Qt.MouseButton) -> State:
        """A button goes down. Gives the state that follows."""
        return self

    def move(self, hand: Hand) -> State:
        """The mouse is elsewhere. Gives the state that follows."""
        return self

    def release(self, hand: Hand) -> None:
        """The button is let go: make the edit, if there is one. The hand is at rest then."""

    def keeps(self, event: QKeyEvent) -> bool:
        """Whether it needs a key, so that no shortcut may take it."""
        return False

    def key(self, event: QKeyEvent) -> bool:
        """A key goes down. Gives whether it was one of its own."""
        return False

    def cancel(self) -> None:
        """Everything as it was before."""

    def marks(self) -> dict[str, Marks]:
        """What is lit up at nodes while it lasts."""
        return {}

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paint over the canvas, in scene coordinates."""
