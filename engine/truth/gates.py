"""Gates that let nothing through: dead for every row of training, or closed for what the canvas shows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.truth.evidence import Evidence
from engine.truth.magnitudes import feeds, series
from engine.truth.problem import Problem, Severity
from engine.values.values import number_text, thousands

MOST_SINGLY = 3  # single closed gates are named one by one up to so many
_REMEDY = "Start the biases above 0, lower the learning rate, or use a leaky ReLU."
MANY = 0.75  # of a layer: with a good part of its units dead it may still learn well
TELLING = 16  # a gate that is closed for fewer rows may well open for the next


@dataclass(frozen=True)
class Layer:
    """The gates of one node: which of its units are closed for all the rows looked at; 1 row where there are none."""

    id: str
    closed: NDArray[np.bool_]
    rows: int

    @property
    def all_closed(self) -> bool:
        return bool(self.closed.all())


def layers(evidence: Evidence) -> Iterator[Layer]:
    """The gates of each node whose value has axes: unit by unit over the rows, or all elements as one."""
    for id, node in evidence.graph.nodes.items():
        if not node.op.gate or (local := evidence.local(id)) is None or not local.ndim:
            continue
        axis = evidence.batch_axis(id)
        if axis is None:
            yield Layer(id, np.atleast_1d(np.all(local == 0)), 1)
        elif local.shape[axis] > 1:
            yield Layer(id, np.atleast_1d(np.all(local == 0, axis=axis)), local.shape[axis])


def closed_gates(evidence: Evidence) -> Iterator[Problem]:
    """ReLUs that let nothing through: over all rows they are dead, a single closed gate is only noted."""
    dead = [layer for layer in layers(evidence) if layer.closed.any()]
    told = [layer for layer in dead if _is_grave(evidence, layer) or layer.all_closed]
    yield from (_dead(evidence, layer) for layer in told)
    partly = [layer for layer in dead if all(layer is not other for other in told)]
    if len(partly) > MOST_SINGLY:
        yield _partly_dead(evidence, partly)
    else:
        yield from (_dead(evidence, layer) for layer in partly)
    if evidence.trace is not evidence.shown:
        yield from _closed_here(evidence)
    yield from _single(evidence)


def _is_grave(evidence: Evidence, layer: Layer) -> bool:
    """Whether so much of a layer is dead that little can be learnt through it; without a loss, any of it."""
    samples = int(np.size(evidence.local(layer.id))) if layer.rows == 1 else layer.rows
    much = int(layer.closed.sum()) >= MANY * layer.closed.size
    return samples >= TELLING and (much or not _has_loss(evidence))


def _has_loss(evidence: Evidence) -> bool:
    return any(node.op.group == "loss" for node in evidence.graph.nodes.values())


def _dead(evidence: Evidence, layer: Layer) -> Problem:
    why, remedy, cause = _why_closed(evidence, layer.id)
    severity: Severity = "warning" if _is_grave(evidence, layer) else "note"
    sentence = f"{evidence.graph.nodes[layer.id].name}{_how_dead(evidence, layer)}{why}{_so(layer)}"
    return Problem("dead", severity, sentence, (layer.id, *cause), remedy)


def _partly_dead(evidence: Evidence, partly: list[Layer]) -> Problem:
    """One note for some dead units in many layers."""
    ids = [layer.id for layer in partly]
    count, size = sum(int(layer.closed.sum()) for layer in partly), sum(layer.closed.size for layer in partly)
    word = "closed" if evidence.total and not evidence.on_set else "dead"
    where = evidence.where(partly[0].rows)
    sentence = f"{series(evidence.graph, ids)}: {count} of {size} units are {word} {where}, so they learn nothing."
    return Problem("dead", "note", sentence, tuple(ids), _REMEDY)


def _how_dead(evidence: Evidence, layer: Layer) -> str:
    """` is dead on all 200 training rows`, `: 3 of 16 units are closed on these 8 rows` …"""
    size, count, where = layer.closed.size, int(layer.closed.sum()), evidence.where(layer.rows)
    word = "closed" if evidence.total and not evidence.on_set else "dead"
    if layer.rows == 1:
        return f" is dead: its gate is closed in all {np.size(evidence.local(layer.id))} elements"
    if size == 1:
        return f" is {word} {where}"
    if count == size:
        return f": all {size} units are {word} {where}"
    return f": {count} of {size} units {'is' if count == 1 else 'are'} {word} {where}"


def _so(layer: Layer) -> str:
    if layer.all_closed:
        return ", so no gradient passes."
    return ", so it learns nothing." if int(layer.closed.sum()) == 1 else ", so they learn nothing."


def _why_closed(evidence: Evidence, id: str) -> tuple[str, str, tuple[str, ...]]:
    """What keeps the gates closed: a bias far below 0, or else weights that have only inputs on the wrong side."""
    remedy = _REMEDY
    fed = feeds(evidence.graph, evidence.trace, id)
    weights = [feed for feed in fed if feed.role != "data"]
    if weights and not any(feed.largest for feed in weights):
        names = series(evidence.graph, [feed.id for feed in weights])
        hold = "holds" if len(weights) == 1 else "hold"
        why = f" because {names} {hold} only zeros, and at exactly 0 a ReLU counts as closed"
        start = next((feed for feed in weights if feed.role == "weights"), weights[0])
        name = evidence.graph.nodes[start.id].name
        return (
            why,
            f"Start {name} with small random numbers; biases may begin at 0.",
            tuple(feed.id for feed in weights),
        )
    bias = next((feed for feed in fed if feed.role == "bias"), None)
    if bias is None:
        return "", remedy, ()
    value = np.asarray(evidence.trace.value(bias.id))
    others = [feed.largest for feed in fed if feed is not bias]
    lowest = float(np.min(value, initial=0.0))
    if lowest >= 0 or abs(lowest) < max(others, default=0.0):
        return "", remedy, ()
    name = evidence.graph.nodes[bias.id].name
    because = f" because the bias {name} is as low as {number_text(lowest, 3)}"
    return because, f"Bring the bias {name} back to 0 or a little above, or use a leaky ReLU.", (bias.id,)


def _closed_here(evidence: Evidence) -> Iterator[Problem]:
    """A layer that is closed for all the rows that the canvas shows, though not for the others."""
    shown = Evidence(evidence.graph, evidence.shown, evidence.shown, _shown_rows(evidence), evidence.total)
    dead = {layer.id for layer in layers(evidence) if layer.all_closed}
    for layer in layers(shown):
        if layer.all_closed and layer.id not in dead:
            name, size = evidence.graph.nodes[layer.id].name, layer.closed.size
            who, opens = (f"{name} is", "it opens") if size == 1 else (f"{name}: all {size} units are", "they open")
            others = f"on others of the {thousands(evidence.total)} training rows {opens}"
            sentence = f"{who} closed on these {layer.rows} rows, so no gradient passes here; {others}."
            remedy = "Show more rows while stepping, or another seed for the split: nothing is wrong with the layer."
            yield Problem("closed gate", "note", sentence, (layer.id,), remedy)


def _shown_rows(evidence: Evidence) -> int:
    sets = (node.id for node in evidence.graph.nodes.values() if node.op_name == "dataset")
    return max((np.shape(value)[0] for id in sets if (value := evidence.shown.value(id)) is not None), default=0)


def _single(evidence: Evidence) -> Iterator[Problem]:
    """Gates of single numbers."""
    graph = evidence.graph
    gates = (id for id, node in graph.nodes.items() if node.op.gate)
    single = [id for id in gates if (local := evidence.local(id)) is not None and not local.ndim and local == 0]
    remedy = "That is what a gate is for; with another input it may open."
    if len(single) > MOST_SINGLY:
        sentence = f"{len(single)} ReLU gates are closed: no gradient passes through them."
        yield Problem("closed gate", "note", sentence, tuple(single), remedy)
        return
    for id in single:
        sentence = f"{graph.nodes[id].name} is closed: its input is not above 0, so no gradient passes."
        yield Problem("closed gate", "note", sentence, (id,), remedy)
