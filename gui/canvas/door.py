"""The door through which the hand edits what is shown: what of the document that stands for is changed."""

from collections.abc import Callable
from typing import Any

from engine.edits.through import through
from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.show.now import Now
from gui.canvas.model.showing import Showing
from gui.document.bridge import Bridge

Make = Callable[[Graph], Change]


class LargeEdits:
    """As the bridge's `steps`: edits that may take a while."""

    def __init__(self, door: "Door") -> None:
        self._door = door

    def edit(self, title: str, make: Make, size: int, *more: Any) -> None:
        self._door.real.steps.edit(title, self._door.meant(make), size, *more)


class Door:
    """As the bridge, for edits of the shown graph; `real` is the bridge itself."""

    def __init__(self, real: Bridge, showing: Showing) -> None:
        self.real, self._showing = real, showing
        self.told, self.refused, self.pending, self.player = real.told, real.refused, real.pending, real.player
        self.steps, self.end_gesture, self.refuse = LargeEdits(self), real.end_gesture, real.refuse

    @property
    def now(self) -> Now:
        """What holds of the whole document."""
        return self.real.now

    def meant(self, make: Make) -> Make:
        """The edit of the document that one of the shown graph stands for."""
        return through(make, self._showing.within)

    def edit(self, make: Make, gesture: str | None = None) -> Change | None:
        """Make an edit of what is shown; a refusal is told to `refused` and gives None."""
        return self.real.edit(self.meant(make), gesture)

    def why_not(self, make: Make) -> EditRefused | None:
        """The reason why an edit would be refused, or None."""
        return self.real.session.why_not(self.meant(make))
