"""Rows of a file go into a dataset: into one that is there, or into a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.edits.nodes import add_node, set_setting
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Pos

__all__ = ["take_rows"]


def take_rows(graph: Graph, id: str | None, settings: Mapping[str, Any], pos: Pos = (0.0, 0.0)) -> Change:
    """Let a dataset read what its settings say, from the first row on; without an id it is a new one at `pos`."""
    chosen = dict(settings) | {"row": 0}
    if id is None:
        return add_node(graph, "dataset", pos, settings=chosen)
    taken = Change()
    for name, choice in chosen.items():
        taken = taken.then(set_setting(graph.apply(taken), id, name, choice))
    return replace(taken, text=f"Take other rows into {graph.nodes[id].name}")
