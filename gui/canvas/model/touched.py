"""What may look different at another frame, or after a change: nodes and edges by what a step tells of them."""

from collections.abc import Iterable, Set
from math import ceil, floor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.passes.trace import ContributionStep, ForwardStep, Step, Trace
from engine.show.frame import Frame
from engine.show.shown_run import ShownFrame
from engine.values.values import Value
from gui.canvas.model.pictures import Pictures
from gui.canvas.model.texts import EdgeLine, EdgePicture, NodeLook, NodePicture, line_widths

MOST_STEPS, MOST_SHARE = 200, 0.2  # a jump over more steps, or a larger share of all, looks at everything again
SILENT = {"title", "seed"}  # facts of which nothing is seen but what the numbers say

MOST_RENEWED = 300  # nodes or edges: of more, most are not seen, so that it is quicker to look at those again that are


class Touched(NamedTuple):
    """Nodes and edges that may look different. Where `most_do` these are those whose colours do, and of all others the
    numbers do."""

    ids: dict[str, None]
    keys: dict[EdgeKey, None]
    most_do: bool = False


Different = tuple[list[str], list[EdgeKey]] | None  # the nodes and edges of which something else is seen; None: all may


def between(graph: Graph, before: Frame, after: Frame) -> Touched | None:
    """Whatever the steps between two frames of the same run are about. None: that may be everything."""
    if _far_apart(before, after):
        return None
    low, high = sorted((before.position, after.position))
    ids, keys, _ = _told_of(graph, after.trace.steps[floor(low) : ceil(high)])
    if before.passes_done != after.passes_done:  # what gets no gradient says so at the end
        ids |= dict.fromkeys(graph.nodes.keys() - after.trace.arrivals.keys())
    return Touched(ids, keys)


def after_change(
    graph: Graph, change: Change, before: Frame, after: Frame, only_colours: bool = False
) -> Touched | None:
    """What a change has touched that leaves all edges as they are: `graph` is the one after it. None: that may be
    everything. `only_colours` of edges are seen, and no widths."""
    if change.facts.keys() - SILENT or before.position != after.position or isinstance(after, ShownFrame):
        return None  # of a graph with cards not much is seen
    different = _different(before.trace, after.trace)
    if different is None:
        return None
    if len(different) > max(MOST_STEPS, MOST_SHARE * len(after.trace)):
        return _most(change, before.trace, after.trace, only_colours)
    ids, keys, _ = _told_of(graph, (after.trace.steps[at] for at in different))
    ids |= dict.fromkeys(dest for dest, _ in keys)  # what an op does with it may be seen: a gate shuts
    ids |= dict.fromkeys(change.nodes)
    if "seed" in change.facts and graph.target in graph.nodes:
        ids[graph.target] = None
    for was, now in change.altered:
        if was.name != now.name:
            ids |= dict.fromkeys(edge.dest for edge in graph.out_of(now.id))  # they may say that they wait for it
    return Touched(ids, keys)


def _most(change: Change, before: Trace, after: Trace, only_colours: bool) -> Touched | None:
    """Where numbers move almost everywhere: what is drawn otherwise now. None where that takes too long to find."""
    was, now = before.figures, after.figures
    if was is None or now is None or not change.only_values:
        return None
    steps = after.contributions
    sent = _tones(was.contributions) != _tones(now.contributions)
    if not only_colours:
        sent |= line_widths(was.contributions) != line_widths(now.contributions)
    arrived = np.flatnonzero(_tones(was.totals) != _tones(now.totals))
    ids = dict.fromkeys(change.nodes) | {steps[at].edge.source: None for at in arrived.tolist()}
    return Touched(ids, {steps[at].edge.key: None for at in np.flatnonzero(sent).tolist()}, most_do=True)


def _tones(numbers: NDArray[np.float64]) -> NDArray[np.int_]:
    """Below, at or above 0, or not a number: what decides in which colour each is shown."""
    return np.where(np.isnan(numbers), 2, np.sign(numbers)).astype(int)


NodePictures = tuple[Pictures[str, NodePicture], Pictures[str, NodeLook]]
EdgePictures = tuple[Pictures[EdgeKey, EdgePicture], Pictures[EdgeKey, EdgeLine]]


def look_again(touched: Touched | None, nodes: NodePictures, edges: EdgePictures) -> Different:
    """Take the pictures again that have been taken of some nodes and edges, or forget all: those with texts come
    first, those of what is seen from afar second."""
    if touched is None:
        for pictures in (*nodes, *edges):
            pictures.forget()
        return None
    ids, keys, _ = touched
    told = nodes[0].renew(ids) if len(ids) <= MOST_RENEWED else nodes[0].drop(ids)
    said = edges[0].renew(keys) if len(keys) <= MOST_RENEWED else edges[0].drop(keys)
    return list({*nodes[1].renew(ids), *told}), list({*edges[1].renew(keys), *said})


def look_at_all(touched: Touched, nodes: NodePictures, edges: EdgePictures, silent: Set[str]) -> Different:
    """The same where numbers move almost everywhere: on `silent` nodes none is seen."""
    nodes[0].drop(silent)
    told, said = nodes[0].renew(nodes[0].seen()), edges[0].renew(edges[0].seen())
    return list({*nodes[1].renew(touched.ids), *told}), list({*edges[1].renew(touched.keys), *said})


def is_same(before: Frame, after: Frame) -> bool:
    """Whether two frames are of the same run, at the same position: those of a file that is opened again are not."""
    return before.trace is after.trace and before.position == after.position


def _far_apart(before: Frame, after: Frame) -> bool:
    most = MOST_SHARE * len(after.trace)
    if not isinstance(after, ShownFrame):  # with cards a step over a whole group is about that one
        most = min(MOST_STEPS, most)
    return before.trace is not after.trace or abs(before.position - after.position) > most


def _told_of(graph: Graph, steps: Iterable[Step]) -> Touched:
    ids: dict[str, None] = {}
    keys: dict[EdgeKey, None] = {}
    told: set[str] = set()  # with all that goes out of them: hundreds of steps may be within one card
    for step in steps:
        if isinstance(step, ContributionStep):
            ids[step.edge.source] = None
            keys[step.edge.key] = None
        elif step.node not in told and step.node in graph.nodes:
            told.add(step.node)
            ids[step.node] = None
            keys |= dict.fromkeys(edge.key for edge in graph.out_of(step.node))
    return Touched(ids, keys)


def _different(before: Trace, after: Trace) -> list[int] | None:
    """Which steps of a run tell of other numbers than those of the run before; None: it took other steps."""
    if before is after:
        return []
    is_whole = not (before.failures or after.failures or before.too_large or after.too_large)
    if before.plan is not after.plan or not is_whole or len(before) != len(after):
        return None
    anew = after.anew_since(before)
    if anew is None and (found := _different_figures(before, after)) is not None:
        return found
    rows = range(len(after)) if anew is None else anew
    return [at for at in rows if not _says_the_same(before.steps[at], after.steps[at])]


def _different_figures(before: Trace, after: Trace) -> list[int] | None:
    """The same of two runs of single numbers, all at once; None: they are not such."""
    was, now = before.figures, after.figures
    if was is None or now is None:
        return None
    values, sent, totals = (one.view(np.int64) != other.view(np.int64) for one, other in zip(was, now, strict=True))
    seed = after.backward_start
    rows = np.concatenate([np.flatnonzero(values), [seed], np.flatnonzero(sent | totals) + seed + 1])
    found: list[int] = rows[rows < len(after)].tolist()
    return found


def _says_the_same(was: Step, now: Step) -> bool:
    if isinstance(now, ContributionStep) and isinstance(was, ContributionStep):
        return _same(was.contribution, now.contribution) and _same(was.total, now.total)
    if isinstance(now, ForwardStep) and isinstance(was, ForwardStep):
        return _same(was.value, now.value)
    return False


def _same(one: Value, other: Value) -> bool:
    """Whether two numbers are the same to the last bit; of tensors, whether it is known that they are."""
    return one is other or (one.ndim == other.ndim == 0 and one.tobytes() == other.tobytes())
