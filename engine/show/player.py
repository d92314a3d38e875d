"""Play, pause, step, seek: where in the trace we are. The player has no clock: somebody calls `tick(seconds)`."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import groupby
from math import ceil, floor

from engine.passes.trace import Step, Trace, step_node, step_seconds
from engine.show.frame import Frame, frame_at

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
GLIDE_BACK = 3.0  # stepping back is quicker than stepping forward: it is a look over the shoulder


class Player:
    """A position in a trace, and how it moves. Every move calls the listeners; another trace does not."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.position = float(len(trace))
        self.speed = 1.0
        self.loop = False
        self.reduced_motion = False
        self.playing = False
        self.listeners: list[Callable[[], None]] = []
        self.quiet: Sequence[bool] = ()  # which steps of the trace are not seen: a row of them counts as one
        self._rows: tuple[Sequence[bool], list[int]] | None = None  # and how long the row is that each is in
        self._goal: float | None = None  # where a single step glides to
        self._waited = 0.0  # with reduced motion: how long the current step has been shown

    @property
    def frame(self) -> Frame:
        return frame_at(self.trace, self.position)

    @property
    def end(self) -> float:
        return float(len(self.trace))

    @property
    def moving(self) -> bool:
        """Whether ticks are wanted."""
        return self.playing or self._goal is not None

    @property
    def step_lasts(self) -> float:
        """How many seconds the step here takes at the speed of now."""
        return self._seconds_at(self.position) / (self.speed * self.trace.pace)

    # --- commands

    def play(self) -> None:
        """Play from here; from the beginning if this is the end."""
        if not self.trace.steps:
            return
        self._goal = None
        if self.position >= self.end:
            self.position = 0.0
        self.playing = True
        self._waited = 0.0
        self._tell()

    def pause(self) -> None:
        self.playing = False
        self._goal = None
        self._tell()

    def toggle(self) -> None:
        """What Space does."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def seek(self, position: float) -> None:
        """Go to a position at once (scrubbing)."""
        self.playing = False
        self._goal = None
        self.position = min(max(position, 0.0), self.end)
        self._tell()

    def go_to_start(self) -> None:
        self.seek(0.0)

    def go_to_end(self) -> None:
        self.seek(self.end)

    def go_to_backward(self) -> None:
        """Where the values are all there and the seed is about to be put in."""
        self.seek(float(self.trace.backward_start))

    def step_forward(self, whole_node: bool = False) -> None:
        """Move on by one step, or to the end of the current node's turn. A second press finishes the first at once."""
        here = self.settled
        self._glide(self._stop_after(here) if whole_node else self._seen_after(min(floor(here) + 1.0, self.end)))

    def step_back(self, whole_node: bool = False) -> None:
        """Move back by one step, or to the beginning of the node's turn."""
        here = self.settled
        self._glide(self._stop_before(here) if whole_node else self._seen_before(max(ceil(here) - 1.0, 0.0)))

    def _seen_after(self, position: float) -> float:
        """On to the end of a row of steps that are not seen."""
        at = int(position)
        while 0 < at < len(self.quiet) and self.quiet[at - 1] and self.quiet[at]:
            at += 1
        return float(at)

    def _seen_before(self, position: float) -> float:
        """Back to the beginning of such a row."""
        at = int(position)
        while 0 < at < len(self.quiet) and self.quiet[at - 1] and self.quiet[at]:
            at -= 1
        return float(at)

    @property
    def settled(self) -> float:
        """Where it is; while it glides, where it will be."""
        return self.position if self._goal is None else self._goal

    def _stop_after(self, here: float) -> float:
        starts = self.trace.node_starts
        return float(starts[min(bisect_right(starts, here), len(starts) - 1)])

    def _stop_before(self, here: float) -> float:
        starts = self.trace.node_starts
        return float(starts[max(bisect_left(starts, here) - 1, 0)])

    def _glide(self, goal: float) -> None:
        if self._goal is not None:
            self.position = self._goal
        self.playing = False
        if self.reduced_motion or goal == self.position:
            self.position, self._goal = goal, None
        else:
            self._goal = goal
        self._tell()

    # --- time

    def tick(self, seconds: float) -> None:
        """Let `seconds` pass."""
        if self.playing and self.reduced_motion:
            self._tick_in_jumps(seconds)
        elif self.playing:
            self._play_on(self._advanced(self.position, seconds, self.end))
        elif self._goal is not None:
            self._glide_on(seconds)
        else:
            return
        self._tell()

    def _tick_in_jumps(self, seconds: float) -> None:
        """Reduced motion: each step is shown whole, for as long as it would have taken."""
        self._waited += seconds * self.speed * self.trace.pace
        while self.playing and self._waited >= self._seconds_at(self.position):
            self._waited -= self._seconds_at(self.position)
            self._play_on(floor(self.position) + 1.0)

    def _play_on(self, position: float) -> None:
        self.position = min(position, self.end)
        if self.position >= self.end:
            if self.loop:
                self.position = 0.0
            else:
                self.playing = False

    def _glide_on(self, seconds: float) -> None:
        goal = self._goal
        assert goal is not None
        if goal > self.position:
            self.position = self._advanced(self.position, seconds, goal)
        else:
            whole = max(1.0, self.position - goal)
            back = seconds * GLIDE_BACK * self.speed * whole / self._seconds_at(max(self.position - 1e-9, 0.0))
            self.position = max(goal, self.position - back)
        if self.position == goal:
            self._goal = None

    def _advanced(self, position: float, seconds: float, limit: float) -> float:
        """`position` moved on by `seconds`, step by step, each at its own pace."""
        left = seconds * self.speed * self.trace.pace
        while left > 0 and position < limit:
            takes = self._seconds_at(position)
            room = floor(position) + 1 - position
            if left < room * takes:
                return min(position + left / takes, limit)
            left -= room * takes
            position = floor(position) + 1.0
        return min(position, limit)

    def _seconds_at(self, position: float) -> float:
        if not self.trace.steps:
            return 1.0
        at = min(int(position), len(self.trace) - 1)
        return step_seconds(self.trace.steps[at]) / self._in_row(at)

    def _in_row(self, at: int) -> int:
        """How many steps that are not seen follow each other here: together they take as long as one."""
        if not (at < len(self.quiet) and self.quiet[at]):
            return 1
        if self._rows is None or self._rows[0] is not self.quiet:
            rows = (len(list(row)) for _, row in groupby(map(bool, self.quiet)))
            self._rows = self.quiet, [count for count in rows for _ in range(count)]
        return self._rows[1][at]

    # --- another trace

    def replace_trace(self, trace: Trace, at_end: bool = False) -> None:
        """Take over a new run: playing stops, and the place is kept where the same step is still there.

        `at_end`: go to its end instead. Who replaces it tells what follows from it: nobody is called here.
        """
        was_at_end = at_end or self.position >= self.end
        step = self.trace.steps[ceil(self.position) - 1] if self.position > 0 else None
        if len(trace) != len(self.trace):
            self.quiet = ()
        self.trace, self.playing, self._goal = trace, False, None
        self.position = self.end if was_at_end else self._place_of(step)

    def _place_of(self, step: Step | None) -> float:
        """Just behind the step that has the same meaning; the end of the forward pass if there is none."""
        if step is None:
            return 0.0
        wanted = _meaning(step)
        same = (i + 1.0 for i, s in enumerate(self.trace.steps) if _meaning(s) == wanted)
        return next(same, float(self.trace.backward_start))

    def _tell(self) -> None:
        for listener in tuple(self.listeners):
            listener()


def _meaning(step: Step) -> tuple[object, ...]:
    return (type(step), step_node(step), getattr(step, "edge", None), getattr(step, "output", 0))
