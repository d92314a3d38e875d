"""How things are timed and told: in turns, so that a busy machine disturbs all alike; ratios, for it is their median
that holds on any machine."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio` is read against `target`: "≥ 15" or "≤ 0.6"; None: nothing was asked for.

    `reached`: whether the target is, where it is no matter of ratios.
    """

    workload: str
    what: str
    ours: str
    peer: str = ""
    ratio: float | None = None
    target: str = ""
    reached: bool | None = None
    middle: float = 0.0  # seconds: our median, for whoever compares

    @property
    def verdict(self) -> str:
        if self.reached is not None:
            return "reached" if self.reached else "MISSED"
        if self.ratio is None or not self.target:
            return ""
        sign, bound = self.target.split()
        reached = self.ratio >= float(bound) if sign == "≥" else self.ratio <= float(bound)
        return "reached" if reached else "MISSED"


def in_turns(works: Sequence[Work], rounds: int = 7, seconds: float = 0.05) -> list[list[float]]:
    """Seconds a call: for each work one number a round. A round runs each for about `seconds`, one after the other."""
    repeats = [max(1, int(seconds / max(_timed(work, 1), 1e-9))) for work in works]
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for found, work, repeat in zip(times, works, repeats, strict=True):
            gc.collect()
            found.append(_timed(work, repeat))
    return times


def _timed(work: Work, repeat: int) -> float:
    start = time.perf_counter()
    for _ in range(repeat):
        work()
    return (time.perf_counter() - start) / repeat


def ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """The median of the ratios of what was measured in the same round."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def middle(times: Sequence[float], per: float = 1.0) -> str:
    """The median as text with its unit, per node where `per` is their number."""
    return seconds_text(statistics.median(times) / per)


def seconds_text(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def table(rows: Sequence[Row]) -> str:
    """All rows under their heads."""
    heads = ("workload", "measured", "ours", "peer", "ratio", "target", "")
    lines = [heads, *(_cells(row) for row in rows)]
    wide = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    return "\n".join("  ".join(text.ljust(w) for text, w in zip(line, wide, strict=True)).rstrip() for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    number = "" if row.ratio is None else f"{row.ratio:.3g}"
    return (row.workload, row.what, row.ours, row.peer, number, row.target, row.verdict)
