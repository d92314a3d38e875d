"""The versions of the file format: the way up from older ones, one function a version, from a record to a record.

Version 2: reductions take all elements, `concat` joins along the first axis and `transpose` turns all axes round unless
their settings say otherwise; what version 1 called `dot` is `vecdot`. A file of version 1 left the axis out where it
was the last, which is now said.
Version 3: groups, regions and notes. What older versions called regions was kept and never drawn: a title and the ids
of nodes, of which a box is made round these.
Version 4: exercises. An older Gradloom would let a student edit what is locked.
A graph without any of these means the same in all, and is written as version 1, which an older Gradloom reads too.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Record = dict[str, Any]
Migrations = Mapping[int, Callable[[Record], Record]]

VERSION = 4

# What an op of version 1 meant where its settings said nothing, and what it is called now.
_MEANT: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "sum": ("sum", {"axis": -1}),
    "mean": ("mean", {"axis": -1}),
    "concat": ("concat", {"axis": -1}),
    "transpose": ("transpose", {"axes": "last"}),
    "dot": ("vecdot", {}),
}


def _with_axes_said(record: Record) -> Record:
    """From version 1 to 2."""
    nodes = record.get("nodes")
    return record | {"nodes": [_said(node) for node in nodes]} if isinstance(nodes, list) else record


def _said(node: Any) -> Any:
    op = node.get("op") if isinstance(node, dict) else None
    if not isinstance(op, str) or op not in _MEANT:
        return node
    name, meant = _MEANT[op]
    settings = node.get("settings") or {}
    if not isinstance(settings, dict):
        return node  # refused where settings are read
    said = {"settings": {**meant, **settings}} if meant or settings else {}
    return {**node, "op": name, **said}


_MARGIN, _CARD, _LONE = 40, (140, 84), (320, 200)  # pixels round nodes, of a node's card, of a box round nothing


def _with_boxes(record: Record) -> Record:
    """From version 2 to 3."""
    regions, nodes = record.get("regions"), record.get("nodes")
    if not isinstance(regions, list) or not isinstance(nodes, list):
        return record
    places = {node.get("id"): node.get("pos", [0, 0]) for node in nodes if _has_place(node)}
    return record | {"regions": [_boxed(region, f"r{i + 1}", places) for i, region in enumerate(regions)]}


def _has_place(node: Any) -> bool:
    pos = node.get("pos", [0, 0]) if isinstance(node, dict) and isinstance(node.get("id"), str) else None
    return isinstance(pos, list) and len(pos) == 2 and all(type(number) in (int, float) for number in pos)


def _boxed(region: Any, id: str, places: Mapping[str, Any]) -> Any:
    if not isinstance(region, dict) or "pos" in region:
        return region
    named = region.get("nodes", [])
    found = [places[node] for node in named if isinstance(node, str) and node in places] if type(named) is list else []
    left, top = (min((pos[i] for pos in found), default=0) - _MARGIN * bool(found) for i in (0, 1))
    ends = [max(pos[i] for pos in found) + _CARD[i] + _MARGIN for i in (0, 1)] if found else list(_LONE)
    rest = {key: part for key, part in region.items() if key != "nodes"}
    return {"id": id, **rest, "pos": [left, top], "size": [ends[0] - left, ends[1] - top]}


MIGRATIONS: Migrations = {1: _with_axes_said, 2: _with_boxes, 3: dict}


def version_for(ops: Iterable[str], facts: Iterable[str] = ()) -> int:
    """The oldest version in which a graph of these ops and facts means what it means now."""
    if "exercise" in facts:
        return 4
    if {"groups", "regions", "notes"} & set(facts):
        return 3
    return 1 if _MEANT.keys().isdisjoint(ops) else 2
