"""The proof of the gradients: finite differences for every element of every leaf, against what both executors say.

Symbols: see `probe`. An element agrees if it is as near to R(h) as the tolerance allows, with a step whose round-off is
less than that. If no step says so, the best of them is judged by its own uncertainty: how far it is from the next
step's, and the noise of the target and of the gradient, measured. Nothing is accused that these could explain.

Where a step crosses a corner (ReLU at 0, a tie of max) there is no derivative to compare with: the verdict is “kink”.
The stepper and the compiled function must say the same everywhere, at corners too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from engine.graph.graph import Graph
from engine.truth.probe import EPSILON, Index, Probe, Prober
from engine.values.values import Value

Verdict = Literal["ok", "kink", "undefined", "mismatch", "skipped"]
VERDICTS: tuple[Verdict, ...] = ("mismatch", "undefined", "kink", "skipped", "ok")  # the worst first

Executor = Literal["", "stepper", "compiled", "both", "one"]  # who is wrong; “one”: where nothing can say which

# What is said of who is wrong: the stepper, which is shown and explained, or the compiled function, which trains.
WHO: dict[Executor, str] = {
    "stepper": "step by step, but not in training", "compiled": "in training, but not step by step",
    "both": "step by step and in training", "one": "with each other: step by step is not what trains", "": "",
}  # fmt: skip

STEP = EPSILON ** (1 / 5)
TOLERANCE = 2e-8
_COARSE = (1.0, 0.1, 0.01, 1e-3, 1e-4)  # steep functions want a smaller step, and so does a corner that is near
_FINE = (1e-5, 1e-6)  # for what is very steep, such as sin(10⁶ x)
_SCALED = (-1.0, -0.5)  # powers of max(1, |θ|) / min(1, |θ|): for 1/x near 0, and sin x far out
_SAME = 1e-9  # the two executors may differ by last digits: plain floats are not NumPy's
_SIGMAS = 20  # of noise, before anybody is accused
_BLURRED = 1e-2  # a slope that is uncertain by more than that was not measured


@dataclass(frozen=True)
class LeafCheck:
    """One leaf, element by element, in its shape: the stepper's gradient, the compiled function's, the measured slope,
    the relative errors (the larger one's), the verdicts, and for each mismatch which executor is wrong."""

    leaf: str
    analytic: Value
    compiled: Value
    numeric: Value
    error: Value
    verdicts: NDArray[np.str_]
    wrong: NDArray[np.str_]

    @property
    def verdict(self) -> Verdict:
        """The worst of its elements."""
        return next(v for v in VERDICTS if (self.verdicts == v).any())

    @property
    def worst(self) -> float:
        """The largest relative error among the elements that could be compared."""
        compared = np.asarray(self.error)[np.isin(self.verdicts, ("ok", "mismatch"))]
        return float(np.max(compared, initial=0.0))

    @property
    def worst_at(self) -> tuple[int, ...]:
        """The element that deserves the first look: of those checked the worst verdict, and there the largest error."""
        worst = next((v for v in VERDICTS if v != "skipped" and self.count(v)), "skipped")
        errors = np.where(self.verdicts == worst, np.nan_to_num(self.error, nan=0.0), -1.0)
        return tuple(int(i) for i in np.unravel_index(int(np.argmax(errors)), self.verdicts.shape))

    @property
    def wrong_one(self) -> Executor:
        """Who is wrong where it disagrees: one of the two, or both of them; empty where nobody is."""
        return _who(str(who) for who in np.ravel(self.wrong))

    def said(self, index: Index) -> float:
        """The gradient that is held against the measured one: the compiled function's where only that is wrong."""
        accused = self.compiled if self.wrong[index] == "compiled" else self.analytic
        return float(np.asarray(accused)[index])

    def count(self, verdict: Verdict) -> int:
        return int((self.verdicts == verdict).sum())


def _who(said: Iterable[str]) -> Executor:
    accused = set(said) - {""}
    if len(accused) > 1:
        return "both"
    return cast(Executor, accused.pop()) if accused else ""


@dataclass(frozen=True)
class Report:
    """The check of a whole graph."""

    target: str
    leaves: tuple[LeafCheck, ...]
    tolerance: float

    @property
    def ok(self) -> bool:
        """Whether nothing that could be compared disagrees."""
        return all(leaf.verdict != "mismatch" for leaf in self.leaves)

    @property
    def worst(self) -> float:
        return max((leaf.worst for leaf in self.leaves), default=0.0)

    @property
    def wrong_one(self) -> Executor:
        """Which executor is wrong, of all that disagrees; empty where nothing does."""
        return _who(leaf.wrong_one for leaf in self.leaves)

    def count(self, verdict: Verdict) -> int:
        return sum(leaf.count(verdict) for leaf in self.leaves)


@dataclass(frozen=True)
class SweepPoint:
    """One step size of a sweep, and how far the numeric gradient is from the analytic one with it."""

    h: float
    numeric: float
    error: float


def gradcheck(
    graph: Graph,
    target: str | None = None,
    values: Mapping[str, Any] | None = None,
    *,
    leaves: Iterable[str] | None = None,
    tolerance: float = TOLERANCE,
    most: int | None = None,
) -> Report:
    """Check the gradient of every leaf (or of `leaves`) that gets one; at most `most` elements of each, at random.

    Raises PlanError without a target, and whatever `run` raises.
    """
    prober = Prober(graph, target, values)
    found = checking(prober, leaves, tolerance, most)
    return Report(prober.target, tuple(check for check in found if check is not None), tolerance)


def checking(
    prober: Prober, leaves: Iterable[str] | None = None, tolerance: float = TOLERANCE, most: int | None = None
) -> Iterator[LeafCheck | None]:
    """The same piece by piece, for callers that cannot wait: None after each element, and each leaf when done."""
    for leaf in prober.leaves if leaves is None else leaves:
        yield from _check_leaf(prober, leaf, tolerance, most)


def h_sweep(
    graph: Graph, leaf: str, index: Sequence[int] = (), steps: Iterable[float] | None = None, target: str | None = None
) -> list[SweepPoint]:
    """The error against the step size, for one element of a leaf: round-off on the left, truncation on the right."""
    return list(sweeping(Prober(graph, target), leaf, index, steps))


def sweeping(
    prober: Prober, leaf: str, index: Sequence[int] = (), steps: Iterable[float] | None = None
) -> Iterator[SweepPoint]:
    """The same sweep point by point: plain central differences, so that both kinds of error are seen."""
    at, analytic = tuple(index), float(prober.analytic(leaf)[tuple(index)])
    for h in np.logspace(-13, 0, 40) if steps is None else steps:
        numeric = prober.probe(leaf, at, float(h)).numeric
        yield SweepPoint(float(h), numeric, relative_error(analytic, numeric))


def relative_error(analytic: float, numeric: float) -> float:
    """|a − n| / max(|a|, |n|); 0 where both are 0."""
    size = max(abs(analytic), abs(numeric))
    return abs(analytic - numeric) / size if size else 0.0


def _check_leaf(prober: Prober, leaf: str, tolerance: float, most: int | None) -> Iterator[LeafCheck | None]:
    analytic, compiled = prober.analytic(leaf), prober.compiled(leaf)
    numeric, error = np.full(analytic.shape, np.nan), np.full(analytic.shape, np.nan)
    verdicts = np.full(analytic.shape, "skipped", dtype="<U9")
    wrong = np.full(analytic.shape, "", dtype="<U8")
    for flat in _chosen(analytic.size, most):
        index = tuple(int(i) for i in np.unravel_index(flat, analytic.shape))
        claims = float(analytic[index]), float(compiled[index])
        numeric[index], verdicts[index], wrong[index] = _compared(prober, leaf, index, claims, tolerance)
        errors = [relative_error(claim, float(numeric[index])) for claim in claims]
        error[index] = max(errors) if np.isfinite(errors).all() else np.nan
        yield None
    yield LeafCheck(leaf, analytic[()], compiled[()], numeric[()], error[()], verdicts, wrong)


def _chosen(size: int, most: int | None) -> Iterable[int]:
    if most is None or size <= most:
        return range(size)
    return (int(i) for i in np.sort(np.random.default_rng(0).choice(size, most, replace=False)))


def _compared(
    prober: Prober, leaf: str, index: Index, claims: tuple[float, float], tol: float
) -> tuple[float, Verdict, Executor]:
    """The measured slope, the verdict on what the two executors say, and which of them is wrong."""
    stepper, compiled = claims
    if _is_same(prober, leaf, index, claims):
        numeric, [verdict] = _judged(prober, leaf, index, [stepper], tol)
        return numeric, verdict, "both" if verdict == "mismatch" else ""
    numeric, verdicts = _judged(prober, leaf, index, [stepper, compiled], tol)
    accused = (who for who, verdict in zip(("stepper", "compiled"), verdicts, strict=True) if verdict == "mismatch")
    return numeric, "mismatch", _who(accused) or "one"


def _is_same(prober: Prober, leaf: str, index: Index, claims: tuple[float, float]) -> bool:
    """Whether two gradients are one, but for last digits and for what cancelling left of them."""
    a, b = claims
    if a == b or (np.isnan(a) and np.isnan(b)):
        return True
    if not np.isfinite(claims).all():
        return False
    apart = abs(a - b)
    if apart <= _SAME * max(abs(a), abs(b)):
        return True
    h = _widest(prober, leaf, index)
    noise = prober.analytic_noise(leaf, index, h)
    return bool(np.isfinite(noise)) and apart <= _SIGMAS * noise and not prober.probe(leaf, index, h).crosses_kink


def _widest(prober: Prober, leaf: str, index: Index) -> float:
    return float(STEP * max(1.0, abs(float(np.asarray(prober.trace.value(leaf))[index]))))


def _steps(size: float) -> Iterator[tuple[float, bool]]:
    """The steps to try beside |θ| = `size`, and whether one is fine: so small that round-off could hide a mismatch."""
    large, small = max(1.0, size), min(1.0, size)
    for factor in _COARSE:
        yield factor * STEP * large, False
    for factor in _FINE:
        yield factor * STEP * large, True
    scaled = (STEP * large * (large / small) ** power for power in _SCALED if size)
    yield from ((h, True) for h in scaled if h > sys.float_info.min)  # half of a smaller one may be 0


def _judged(
    prober: Prober, leaf: str, index: Index, claims: Sequence[float], tol: float
) -> tuple[float, list[Verdict]]:
    """The slope by the first step size with which all claims agree, or else by the best one, and their verdicts."""
    tried: list[Probe] = []
    for h, is_fine in _steps(abs(float(np.asarray(prober.trace.value(leaf))[index]))):
        if is_fine and any(probe.crosses_kink for probe in tried):
            break
        probe = prober.extrapolated(leaf, index, h)
        is_first = not any(_is_usable(before) for before in tried)  # no other has less round-off
        tried.append(probe)
        if _is_usable(probe) and all(_agrees(claim, probe, tol, is_first) for claim in claims):
            return probe.numeric, ["ok"] * len(claims)
    usable = [probe for probe in tried if _is_usable(probe)]
    usable = [probe for probe in usable if probe.numeric] or usable  # a step too small to move the target says nothing
    if not usable:
        verdict: Verdict = "kink" if all(probe.crosses_kink for probe in tried) else "undefined"
        return tried[0].numeric, [verdict] * len(claims)
    best, doubt = _best(usable)
    return best.numeric, [_verdict(prober, leaf, index, claim, best, doubt, tol) for claim in claims]


def _is_usable(probe: Probe) -> bool:
    return not probe.crosses_kink and bool(np.isfinite(probe.numeric) and np.isfinite(probe.noise))


def _agrees(claim: float, probe: Probe, tol: float, in_noise: bool) -> bool:
    """Whether a step settles that a claim is right; `in_noise`: also where round-off is more than the tolerance."""
    near = tol * max(abs(claim), abs(probe.numeric))
    return (in_noise or probe.noise <= near) and abs(probe.numeric - claim) <= near + probe.noise


def _best(usable: Sequence[Probe]) -> tuple[Probe, float]:
    """The probe that is least in doubt, and its doubt: its round-off, and how far it is from the next finer one."""
    gaps = [abs(a.numeric - b.numeric) for a, b in pairwise(usable)] or [abs(usable[0].numeric)]
    doubts = [probe.noise + gap for probe, gap in zip(usable, gaps, strict=False)]
    at = int(np.argmin(doubts))
    return usable[at], doubts[at]


def _verdict(prober: Prober, leaf: str, index: Index, claim: float, best: Probe, doubt: float, tol: float) -> Verdict:
    """What the best step says of a claim, when all that could explain a difference has been looked at."""
    size = max(abs(claim), abs(best.numeric)) if np.isfinite(claim) else abs(best.numeric)
    apart = abs(best.numeric - claim)
    if not apart <= tol * size + doubt:
        doubt += _SIGMAS * prober.noise(leaf, index, best.h) / best.h
        doubt += _SIGMAS * prober.analytic_noise(leaf, index, best.h) if np.isfinite(claim) else 0.0
        if not apart <= tol * size + doubt:
            if np.isnan(claim) and prober.trace.first_non_finite is not None:
                return "undefined"  # 0 / 0 on the way is no number, and neither is its slope
            return "kink" if prober.has_corner(leaf, index, best.h) else "mismatch"
    return "ok" if doubt <= max(_BLURRED * size, 2 * best.noise) else "undefined"
