"""What a node may be called, and what a fresh one is called and holds."""

import re
from collections.abc import Iterable

from engine.graph.graph import Graph
from engine.ops.op import Op
from engine.values.plain import LONGEST_ID

ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
NEW_LEAF_VALUE = 1.0
_ROOM = 15  # characters for the number that makes a name another one

# What a fresh node of an op is called: these letters in turn for leaves, the op's name and a number for the others.
_LETTERS = {"input": "xyzuvst", "parameter": "wbkmnpq", "constant": "cdeh"}


def free_id(graph: Graph, wanted: str, taken: Iterable[str] = ()) -> str:
    """`wanted` if no node has it, else `wanted` with the first free number from 2; one that is too long is cut."""
    return _free(wanted, {*graph.nodes, *taken}, {})


def free_ids(graph: Graph, wanted: Iterable[str]) -> dict[str, str]:
    """What each of several new nodes is called: in a time that grows with their number and no faster."""
    used, begun, names = set(graph.nodes), dict[str, int](), {}
    for id in wanted:
        names[id] = _free(id, used, begun)
        used.add(names[id])
    return names


def _free(wanted: str, used: set[str], begun: dict[str, int]) -> str:
    """`begun`: for each stem the number below which all are used."""
    wanted = wanted[: LONGEST_ID - _ROOM]
    if wanted not in used:
        return wanted
    stem = wanted.rstrip("0123456789") or wanted
    number = begun.get(stem, 2)
    while f"{stem}{number}" in used:
        number += 1
    begun[stem] = number
    return f"{stem}{number}"


def suggest_id(graph: Graph, op: Op) -> str:
    """A short free name for a new node: x, y, z for inputs, w, b for parameters, mul, mul2 … for the others."""
    letters = _LETTERS.get(op.name, "")
    return next((c for c in letters if c not in graph.nodes), None) or free_id(graph, letters[:1] or op.name)
