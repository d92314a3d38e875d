"""Everything that is found in a graph, from the outside in, in the order in which it computes."""

from __future__ import annotations

from engine.graph.finding.found import Finding, scene_of
from engine.graph.finding.joined import find_residual_steps, find_softmax
from engine.graph.finding.losses import find_losses
from engine.graph.finding.neurons import find_layers
from engine.graph.graph import Graph


def find_parts(graph: Graph, within: str | None = None) -> list[Finding]:
    """Neurons, layers, losses, softmax classifiers and residual steps among the nodes directly in a group, or in none.

    In a time that grows with the number of nodes and edges. Nothing is found twice, and none through the target.
    """
    scene = scene_of(graph, within)
    layers = find_layers(scene)
    losses = find_losses(scene)
    softmax = find_softmax(scene, layers)
    steps = find_residual_steps(scene, layers)
    found = [*layers, *losses, *softmax, *steps]
    return sorted(found, key=lambda each: scene.order[each.end])
