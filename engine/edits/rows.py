"""Which rows of a dataset are shown while stepping: the first few, or one alone. Training sees all of them anyway."""

from __future__ import annotations

from dataclasses import replace

from engine.edits.nodes import set_setting
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Node

__all__ = ["only_shows_rows", "show_row"]

SHOWING = frozenset({"row", "batch"})  # the settings of a dataset that decide no more than what is shown


def show_row(graph: Graph, id: str, row: int) -> Change:
    """Let a pass be that of one row alone, counted from 1; 0: that of the first few again."""
    change = set_setting(graph, id, "row", row)
    name = graph.nodes[id].name
    return replace(change, text=f"Show row {row} of {name} alone" if row else f"Show the first rows of {name}")


def only_shows_rows(change: Change) -> bool:
    """Whether a graph learns from the same afterwards: only the rows that are shown while stepping are others."""
    if change.moves_topology or change.facts or not change.nodes:
        return False
    return all(_all_but_rows(before) == _all_but_rows(after) for before, after in change.altered)


def _all_but_rows(node: Node) -> Node:
    """With every setting as it holds, be it written or the default."""
    if node.op_name != "dataset":
        return node
    return replace(node, settings=tuple(pair for pair in sorted(node.chosen.items()) if pair[0] not in SHOWING))
