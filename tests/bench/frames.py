"""What a frame took: by the clock, and in computing by the window's own thread, on which a busy machine has no say."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter, thread_time

from PySide6.QtWidgets import QApplication

from tests.bench.timing import seconds_text

Frame = Callable[[], object]
LIMIT = 1 / 60  # seconds: what takes longer is seen as a jerk
PATIENCE, FEWEST = 0.8, 5  # seconds that one row may take of one canvas; frames that it has at least
TURN = 15  # frames of one, before the next has its turn
LONGEST = 4.0  # seconds after which no frame is begun in any case: there are peers that take that long for one


@dataclass
class Times:
    """Frames of one kind, in seconds."""

    wall: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)

    def take(self, frame: Frame) -> None:
        """Time one more."""
        wall, own = perf_counter(), thread_time()
        frame()
        self.own.append(thread_time() - own)
        self.wall.append(perf_counter() - wall)

    def text(self) -> str:
        """The spread by the clock, and what the slowest hundredth computed itself."""
        spread = " / ".join(seconds_text(at(self.wall, share)) for share in (0.5, 0.95, 0.99, 1.0))
        return f"{spread}, own {' / '.join(seconds_text(at(self.own, share)) for share in (0.5, 0.95, 0.99))}"


def share_held() -> float:
    """How many of the frames are held to the limit: 95 of a hundred on a screen of twice the pixels."""
    return 0.95 if QApplication.primaryScreen().devicePixelRatio() > 1 else 0.99


def at(times: list[float], share: float) -> float:
    """What a share of the frames does not exceed: 0.5 is the median, 1 the worst."""
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def in_turns(frames: list[Frame], count: int, patience: float = PATIENCE) -> list[Times]:
    """Time frames of several, `TURN` of one after the other: what disturbs one disturbs all.

    The first after a turn of the others does not count: they have thrown out of the processor's memory what it needs,
    and nobody drags in two programs at once. What comes first of all counts, for it comes first in the program too.
    Of one that has taken more seconds than there is patience, no more than `FEWEST`, and at `LONGEST` no more at all.
    """
    gc.collect()
    found = [Times() for _ in frames]
    for nth in range(0, count, TURN):
        for times, frame in zip(found, frames, strict=True):
            for again in range(nth, min(nth + TURN, count)):
                taken = sum(times.wall)
                if taken >= patience and (len(times.wall) >= FEWEST or taken >= LONGEST):
                    break
                if len(frames) > 1 and again == nth > 0:
                    frame()
                else:
                    times.take(frame)
    return found
