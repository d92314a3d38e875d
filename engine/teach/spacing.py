"""Practice: which mistakes are to be asked for again, and when. The longer one was avoided, the later it comes back.

A mistake waits in a box: in the first after it was made, one further each time that it could have been made and was
not. What is in the last box is learnt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

WAITS = (timedelta(0), timedelta(hours=12), timedelta(days=2), timedelta(days=7))  # by box


@dataclass(frozen=True)
class PastAnswer:
    """An answer: when, which mistakes may have made it, and which ones could have been made."""

    time: datetime
    right: bool
    made: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()


def due(attempts: Iterable[PastAnswer], now: datetime) -> frozenset[str]:
    """The mistakes that are to be asked for now; the attempts stand in their order."""
    boxes: dict[str, tuple[int, datetime]] = {}
    for attempt in attempts:
        for name in attempt.made:
            boxes[name] = (0, attempt.time)
        for name in attempt.possible & boxes.keys() if attempt.right else ():
            box, since = boxes[name]
            if box == len(WAITS) or attempt.time - since >= WAITS[box]:  # asked again before its time, it stays
                boxes[name] = (min(box + 1, len(WAITS)), attempt.time)
    return frozenset(name for name, (box, since) in boxes.items() if box < len(WAITS) and now - since >= WAITS[box])
