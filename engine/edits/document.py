"""Edits of the document: its target, its seed, its other facts, and the whole of it."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.edits.checks import as_float, known_node
from engine.errors import EditRefused
from engine.graph.change import NOTHING, Change
from engine.graph.graph import FACTS, Graph
from engine.values.exact import same
from engine.values.values import exact_text


def set_target(graph: Graph, id: str | None) -> Change:
    """Choose the node whose gradient is seeded, or none (forward only)."""
    if id is not None:
        known_node(graph, id)
    text = f"Make {graph.nodes[id].name} the target" if id else "Clear the target"
    return set_fact(graph, "target", id, text)


def set_seed(graph: Graph, seed: float) -> Change:
    """The gradient that is put into the target: 1 unless a textbook says otherwise."""
    put_in = as_float(seed)
    if not math.isfinite(put_in):
        raise EditRefused(f"The seed must be a finite number, not {exact_text(put_in)}.")
    return set_fact(graph, "seed", put_in, f"Set the seed to {exact_text(put_in)}")


def set_fact(graph: Graph, name: str, fact: Any, text: str = "") -> Change:
    """Set a fact of the document (title, example, target, seed, regions, training, view); its default is not kept."""
    if name not in FACTS:
        raise EditRefused(f"A document has no “{name}”.")
    before, after = graph.facts.get(name), None if fact == FACTS[name] else fact
    return NOTHING if same(before, after) else Change(facts={name: (before, after)}, text=text or f"Set the {name}")


def set_training(graph: Graph, settings: Mapping[str, Any]) -> Change:
    """Keep in the graph how it is trained: the settings that are not the default."""
    return set_fact(graph, "training", dict(settings) or None, "Change the training settings")


def reload(graph: Graph, other: Graph, text: str = "Reload from disk") -> Change:
    """Become another graph, such as the one that is on disk now: what is the same in both stays as it is.

    A node that stands at another place in the order counts as altered, so that the order comes along.
    """
    change = graph.change_to(other, text)
    common = graph.nodes.keys() & other.nodes.keys()
    ranked = {id: (graph.nodes[id], node) for id, node in other.nodes.items() if id in common}
    reranked = {id: pair for id, pair in ranked.items() if pair[0].rank != pair[1].rank}
    return replace(change, nodes={**reranked, **change.nodes}, by_hand=False)
