"""An edit that is made again and again while a hand moves a number: all numbers follow, and it is one undo step."""

from collections.abc import Callable
from itertools import count

from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.values.steps import FREE, Bounds, Pace, Stepping
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

    def make(self, edit: Callable[[Graph], Change]) -> str:
        """Make the edit, unless it comes too late. Gives the sentence why it cannot be; empty: it is made."""
        if not self.lasts:
            return ""
        self.going = True
        try:
            why = self._bridge.try_edit(edit, self._gesture)
        finally:
            self.going = False
        self._left = self._bridge.now.graph
        return why

    def finish(self) -> None:
        """The next edit is an undo step of its own."""
        if self.lasts:
            self._bridge.end_gesture()

    def take_back(self) -> None:
        """Everything as it was at first, and nothing in the history."""
        first = self._first
        self.make(lambda graph: graph.change_to(first, ""))
        self.finish()


class LiveTurns:
    """One live edit after the other, at most one at a time."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._live: LiveEdit | None = None

    @property
    def lasts(self) -> bool:
        """Whether one has begun and goes on."""
        return self._live is not None and self._live.lasts

    def begin(self) -> None:
        """What is made from now on is one undo step."""
        self._live = LiveEdit(self._bridge)

    def follow(self, edit: Callable[[Graph], Change]) -> str:
        """Make an edit of the one that has begun; nothing, if it is over. Gives why it cannot be; empty: it is made."""
        return self._live.make(edit) if self._live is not None else ""

    def make(self, edit: Callable[[Graph], Change]) -> str:
        """Make an edit: of the same undo step, where one has begun. Gives why it cannot be; empty: it is made."""
        return self.follow(edit) if self.lasts else self._bridge.try_edit(edit)

    def finish(self) -> None:
        """The next edit is an undo step of its own."""
        if self._live is not None:
            self._live.finish()
        self._live = None

    def take_back(self) -> None:
        """Esc: what was before it began."""
        if self._live is not None:
            self._live.take_back()
        self._live = None


class NumberSteps(LiveTurns):
    """A number that keys and the wheel move while it is in a field: all of them and what is typed then are one step."""

    _hold: Stepping | None = None

    def next(self, number: float, steps: int, pace: Pace, bounds: Bounds = FREE) -> float:
        """The number that follows in so many steps. Raises ValueError of one that has no next."""
        if self._live is None or self._hold is None or self._hold.value != number:
            self._hold = Stepping.of(number, bounds)
        if not self.lasts:
            self.begin()
        self._hold = self._hold.stepped(steps, pace)
        return self._hold.value
