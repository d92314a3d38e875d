"""Edits of training: how a graph is trained, and what its parameters have learnt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.edits.document import set_fact
from engine.edits.nodes import set_value
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph


def set_training(graph: Graph, settings: Mapping[str, Any]) -> Change:
    """Keep in the graph how it is trained: the settings that are not the default."""
    return set_fact(graph, "training", dict(settings) or None, "Change the training settings")


def set_parameters(graph: Graph, values: Mapping[str, Any], text: str = "Train") -> Change:
    """Let parameters hold what they have learnt: one change for all of them."""
    change = NOTHING
    for id, value in values.items():
        change = change.then(set_value(graph, id, value))
    return replace(change, text=text) if change else NOTHING
