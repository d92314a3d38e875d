"""The versions of the file format: the way up from older ones, one function a version, from a record to a record.

Version 2: reductions take all elements, `concat` joins along the first axis and `transpose` turns all axes round unless
their settings say otherwise; what version 1 called `dot` is `vecdot`. A file of version 1 left the axis out where it
was the last, which is now said. A graph without any of these means the same in both, and is written as version 1, which
an older Gradloom reads too.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Record = dict[str, Any]
Migrations = Mapping[int, Callable[[Record], Record]]

VERSION = 2

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


MIGRATIONS: Migrations = {1: _with_axes_said}


def version_for(ops: Iterable[str]) -> int:
    """The oldest version in which a graph of these ops means what it means now."""
    return 1 if _MEANT.keys().isdisjoint(ops) else VERSION
