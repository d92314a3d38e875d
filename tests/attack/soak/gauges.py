"""What is measured of a process that goes on for hours, and whether it grows: a slope that noise cannot make."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

PAGE = os.sysconf("SC_PAGE_SIZE")
CACHED = type(lru_cache(lambda: None))
CERTAINTY = 1.96  # standard deviations: one in forty by chance
SOME = {"blocks": 0.02}  # the share of what is counted that is no leak: of all that Python has made, caches have some
GROWN = 2  # of a thing that is counted: fewer are no leak
MOST_MEMORY, LEAST_MEMORY = 16.0, 4.0  # MB an hour that are a leak; MB in all that are worth a word


@dataclass(frozen=True)
class Sample:
    """One look at the process, when nothing is open and nothing moves. Memory in MB, time in seconds.

    `memory` is what the system has given; `held` what the C library has lent of it: between two loans there are holes.
    """

    seconds: float
    round: int
    memory: float
    held: float
    counts: dict[str, int]
    kinds: str = field(repr=False)  # how many of each type, as JSON: a Counter would itself be a thousand blocks

    @property
    def types(self) -> Counter[str]:
        return Counter(json.loads(self.kinds))


def look(seconds: float, number: int) -> Sample:
    """Measure, once all that can be deleted is."""
    _empty_caches()
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
        gc.collect()
    _give_back()
    alive = [thing for thing in gc.get_objects() if not isinstance(thing, Sample)]  # those are ours
    qobjects = [thing for thing in alive if issubclass(type(thing), QObject) and isValid(thing)]
    timers = [thing for thing in qobjects if isinstance(thing, QTimer)]
    counts = {
        "timers": sum(timer.isActive() for timer in timers),
        "all timers": len(timers),
        "widgets": sum(isinstance(thing, QWidget) for thing in qobjects),
        "QObjects": len(qobjects),
        "objects": len(alive),
        "blocks": sys.getallocatedblocks(),
        "handles": len(os.listdir("/proc/self/fd")),
        "threads": len(os.listdir("/proc/self/task")),
    }
    types = Counter(f"{type(thing).__module__}.{type(thing).__qualname__}" for thing in alive)
    return Sample(seconds, number, _memory(), _held(), counts, json.dumps(types))


def _empty_caches() -> None:
    """Those that have an end: how full they are by chance says nothing. One without an end is a leak, and stays."""
    QPixmapCache.clear()
    re.purge()
    for cached in [thing for thing in gc.get_objects() if isinstance(thing, CACHED)]:
        if cached.cache_parameters()["maxsize"] is not None:
            cached.cache_clear()


def _memory() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


class _Malloc(ctypes.Structure):
    """What `mallinfo2` of the GNU C library says of the heaps of all threads, in bytes."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        )
    ]


def _held() -> float:
    try:
        ask = ctypes.CDLL(None).mallinfo2
    except (OSError, AttributeError):  # another C library
        return _memory()
    ask.restype = _Malloc
    found = ask()
    return float(found.uordblks + found.hblkhd) / 1e6


def _give_back() -> None:
    """What has been freed goes back to the system: what is measured then is what is held."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError):  # another C library
        return


# --- growth


def slope(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float]:
    """How steeply y goes with x: the median over all pairs (Theil–Sen), and what it is at least, with CERTAINTY."""
    slopes = sorted(
        (ys[j] - ys[i]) / (xs[j] - xs[i]) for i in range(len(xs)) for j in range(i + 1, len(xs)) if xs[j] != xs[i]
    )
    if not slopes:
        return 0.0, 0.0
    n = len(xs)
    spread = CERTAINTY * (n * (n - 1) * (2 * n + 5) / 18) ** 0.5
    least = max(int((len(slopes) - spread) / 2), 0)
    return slopes[len(slopes) // 2], slopes[least]


def growth(samples: Sequence[Sample]) -> list[str]:
    """What has grown, a sentence each: memory, and everything that is counted. Nothing, if the process is sound."""
    found = []
    if rise := memory_growth(samples):
        found.append(rise)
    hours = [sample.seconds / 3600 for sample in samples]
    for name in samples[0].counts:
        values = [float(sample.counts[name]) for sample in samples]
        grown = values[-1] - values[0]
        _, least = slope(hours, values)
        few = max(GROWN, SOME.get(name, 0.002) * values[0])  # of a hundred thousand objects some come and go
        if least > 0 and grown > few:
            found.append(f"{name} grow: {values[0]:,.0f} to {values[-1]:,.0f}")
    return found


def memory_growth(samples: Sequence[Sample]) -> str:
    hours = [sample.seconds / 3600 for sample in samples]
    held = [sample.held for sample in samples]
    _, least = slope(hours, held)
    if least > MOST_MEMORY and held[-1] - held[0] > LEAST_MEMORY:
        return f"memory grows: {held[0]:.0f} to {held[-1]:.0f} MB are held"
    return ""


def most_grown(samples: Sequence[Sample], count: int = 12) -> list[str]:
    """The types of which there are more at the end than at the beginning, with how many."""
    more = samples[-1].types - samples[0].types
    return [f"{name} +{number}" for name, number in more.most_common(count)]
