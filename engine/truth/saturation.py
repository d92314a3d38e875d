"""Activations so far out that hardly any gradient passes: which, why, and what brings them back."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.truth.evidence import Evidence
from engine.truth.magnitudes import Feed, advice_on, feeds, series
from engine.truth.problem import Problem, Severity
from engine.values.values import number_text, thousands

SATURATED = 0.01  # a slope below this part of the steepest one
_CANCELS = frozenset({"bce"})  # a loss that is the steeper, the flatter the activation before it: nothing is lost


@dataclass(frozen=True)
class Flat:
    """A saturated node: in how many of its elements, the largest of their slopes, and what drives it so far out."""

    id: str
    count: int
    size: int
    slope: float
    cause: Feed | None


def saturated(evidence: Evidence) -> Iterator[Problem]:
    """Sigmoids and tanhs that hardly pass any gradient, told together where it is weights, or data, in all of them."""
    together: dict[str, list[Flat]] = {}
    for id, node in evidence.graph.nodes.items():
        if node.op.steepest and (found := _flat(evidence, id)) is not None:
            cause = found.cause
            key = id if cause is None else cause.role if cause.role != "data" else cause.id
            together.setdefault(key, []).append(found)
    for flats in together.values():
        yield _problem(evidence, flats)


def _flat(evidence: Evidence, id: str) -> Flat | None:
    graph, local = evidence.graph, evidence.local(id)
    if local is None:
        return None
    flat = np.asarray((slopes := np.abs(local)) < SATURATED * graph.nodes[id].op.steepest)
    count = int(np.count_nonzero(flat))
    if not count or 2 * count < flat.size:
        return None
    after = [graph.nodes[edge.dest].op_name for edge in graph.out_of(id)]
    if after and _CANCELS.issuperset(after):
        return None
    fed = feeds(graph, evidence.trace, id)
    return Flat(id, count, flat.size, float(np.max(slopes[flat])), fed[0] if fed else None)


def _problem(evidence: Evidence, flats: list[Flat]) -> Problem:
    ids, causes = [flat.id for flat in flats], [flat.cause for flat in flats if flat.cause is not None]
    why, remedy = advice_on(evidence.graph, causes) if causes else ("", "Bring its input closer to 0.")
    slope = max(flat.slope for flat in flats)
    least = "0" if slope == 0 else f"{number_text(slope, 3)} or less"
    whose = "its slope is" if len(flats) == 1 else "their slopes are"
    verb = "is" if len(flats) == 1 else "are"
    because = f", because {why}" if why else ""
    who = f"{series(evidence.graph, ids)} {verb} saturated{_where(evidence, flats)}{because}"
    sentence = f"{who}: {whose} {least}, so hardly any gradient passes."
    severity: Severity = "note" if sum(flat.size for flat in flats) == len(flats) else "warning"
    lit = dict.fromkeys([*ids, *(cause.id for cause in causes)])
    return Problem("saturated", severity, sentence, tuple(lit), remedy)


def _where(evidence: Evidence, flats: list[Flat]) -> str:
    """How much of them, and over which rows."""
    count, size = sum(flat.count for flat in flats), sum(flat.size for flat in flats)
    if size == len(flats):
        return ""
    has_rows = evidence.total and evidence.batch_axis(flats[0].id) is not None
    over = f" {evidence.where(evidence.rows)}" if has_rows else ""
    if count == size:
        return over or f" in all {thousands(size)} elements"
    return f" in {thousands(count)} of {thousands(size)} elements{over.replace(' on ', ' over ', 1)}"
