"""What a lock forbids: a locked node may be moved, and nothing else may become of it or of the edges into it."""

from collections.abc import Iterator

from engine.graph.change import Change
from engine.graph.exercise import exercise_of
from engine.graph.graph import Graph


def locked_by(graph: Graph, change: Change) -> list[str]:
    """The locked nodes that a change would alter. What is not done by hand (a reload, a training) may alter them."""
    if not change.by_hand or "exercise" not in graph.facts:
        return []
    locked = set(exercise_of(graph).locked)
    return list(dict.fromkeys(id for id in _altered(change) if id in locked)) if locked else []


def _altered(change: Change) -> Iterator[str]:
    for id, (before, after) in change.nodes.items():
        if before is not None and (after is None or not before.equals_but_for_place(after)):
            yield id
    for dest, _ in change.edges:
        yield dest
