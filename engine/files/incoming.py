"""The edges that came into copied nodes from outside, as they lie on a clipboard beside the copy.

A clipboard may hold anything: what is not understood, or is of another document, holds no edges.
"""

from collections.abc import Iterable

import msgspec

from engine.graph.records import Edge
from engine.graph.sound import MOST_EDGES

LONGEST = 400 * MOST_EDGES  # bytes


class _Incoming(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    source: str
    dest: str
    port: int
    output: int


class _Beside(msgspec.Struct, forbid_unknown_fields=True):
    document: str
    edges: list[_Incoming]


def encode_incoming(document: str, edges: Iterable[Edge]) -> bytes:
    """The edges, of the document that is called so."""
    rows = [_Incoming(edge.source, edge.dest, edge.port, edge.output) for edge in edges]
    return msgspec.json.encode(_Beside(document, rows))


def decode_incoming(document: str, data: bytes) -> list[Edge]:
    """The edges, if they are of this document."""
    if len(data) > LONGEST:
        return []
    try:
        found = msgspec.json.decode(data, type=_Beside)
    except msgspec.DecodeError:
        return []
    if found.document != document or len(found.edges) > MOST_EDGES:
        return []
    return [Edge(row.source, row.dest, row.port, row.output) for row in found.edges]
