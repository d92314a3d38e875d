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
    used = {*graph.nodes, *taken}
    wanted = wanted[: LONGEST_ID - _ROOM]
    if wanted not in used:
        return wanted
    stem = wanted.rstrip("0123456789") or wanted
    return next(name for i in range(2, len(used) + 3) if (name := f"{stem}{i}") not in used)


def suggest_id(graph: Graph, op: Op) -> str:
    """A short free name for a new node: x, y, z for inputs, w, b for parameters, mul, mul2 … for the others."""
    letters = _LETTERS.get(op.name, "")
    return next((c for c in letters if c not in graph.nodes), None) or free_id(graph, letters[:1] or op.name)
