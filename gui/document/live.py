"""An edit that is made again and again while a hand moves a number: all numbers follow, and it is one undo step."""

from collections.abc import Callable
from itertools import count

from engine.graph.change import Change
from engine.graph.graph import Graph
from gui.document.bridge import Bridge

_numbers = count()


class LiveEdit:
    """Begins with the first `make`; what is made until `finish` is one step, and `take_back` leaves none."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._gesture = f"live {next(_numbers)}"
        self._first = self._left = bridge.now.graph
        self.going = False  # an edit of its own is being told
        bridge.end_gesture()

    @property
    def lasts(self) -> bool:
        """Whether nothing else has changed the graph meanwhile: if so, this is over."""
        return self._bridge.now.graph is self._left

    def make(self, edit: Callable[[Graph], Change]) -> bool:
        """Make the edit. False: it is refused, which is told, or it comes too late."""
        if not self.lasts:
            return False
        self.going = True
        try:
            made = self._bridge.edit(edit, self._gesture)
        finally:
            self.going = False
        self._left = self._bridge.now.graph
        return made is not None

    def finish(self) -> None:
        """The next edit is an undo step of its own."""
        if self.lasts:
            self._bridge.end_gesture()

    def take_back(self) -> None:
        """Everything as it was at first, and nothing in the history."""
        first = self._first
        self.make(lambda graph: graph.change_to(first, ""))
        self.finish()
