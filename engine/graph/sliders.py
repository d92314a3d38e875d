"""The sliders of leaves: which leaf shows one, and its range. They are kept under `view` in the file: what only says
how a graph is looked at, which every reader of the format keeps, and no number depends on."""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from engine.graph.graph import Graph
from engine.values.steps import LARGEST

Range = tuple[float, float]
KEY = "sliders"  # in the view: {"sliders": {"w": [-1, 1]}}
FactDiff = dict[str, tuple[Any, Any]]


def slider_of(graph: Graph, id: str) -> Range | None:
    """The range of a leaf's slider; None where it has none, or holds no single number."""
    written = _written(graph).get(id)
    return _range(written) if written is not None and can_slide(graph, id) else None


def can_slide(graph: Graph, id: str) -> bool:
    """Whether a node is a leaf that holds one finite number."""
    node = graph.nodes.get(id)
    if node is None or not node.op.holds_value or node.value is None or node.value.ndim:
        return False
    return isfinite(float(node.value))


def with_slider(graph: Graph, id: str, ends: Range | None) -> FactDiff:
    """What differs in the facts when a leaf gets this slider; None: when it has none any more."""
    rest = {name: written for name, written in _written(graph).items() if name != id}
    return _diff(graph, rest | ({} if ends is None else {id: list(ends)}))


def without_sliders(graph: Graph, ids: Iterable[str]) -> FactDiff:
    """What differs in the facts when nodes go."""
    gone = set(ids)
    return _diff(graph, {name: written for name, written in _written(graph).items() if name not in gone})


def renamed_sliders(graph: Graph, names: Mapping[str, str]) -> FactDiff:
    """What differs in the facts when nodes are called otherwise."""
    return _diff(graph, {names.get(name, name): written for name, written in _written(graph).items()})


def brought_sliders(graph: Graph, other: Graph, names: Mapping[str, str]) -> FactDiff:
    """What differs in the facts when nodes of another graph come in under these names."""
    come = {names[name]: written for name, written in _written(other).items() if name in names}
    return _diff(graph, {**_written(graph), **come})


def _written(graph: Graph) -> Mapping[str, Any]:
    """What stands in the file, sound or not."""
    view = graph.facts.get("view")
    sliders = view.get(KEY) if view else None
    return sliders if isinstance(sliders, dict) else {}


def _range(written: Any) -> Range | None:
    if not isinstance(written, list) or len(written) != 2 or not all(type(end) in (int, float) for end in written):
        return None
    low, high = written
    return (float(low), float(high)) if -LARGEST <= low < high <= LARGEST else None


def _diff(graph: Graph, sliders: Mapping[str, Any]) -> FactDiff:
    if sliders == _written(graph):
        return {}
    before = graph.facts.get("view")
    view = {key: part for key, part in (before or {}).items() if key != KEY} | ({KEY: dict(sliders)} if sliders else {})
    return {"view": (before, view or None)}
