"""What equations call the things they speak of: nodes, the derived quantity L, and local derivatives."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Edge
from engine.passes.trace import SeedStep, Trace
from engine.show.notation import PLAIN, PLAIN_BESIDE_E, TEX, TEX_BESIDE_E, Notation, ordinal
from engine.text.write import printable
from engine.values.values import number_text

LETTERS = ("L", "J", "E", "C", "ℒ")  # for what is differentiated: the first that no node is called


@dataclass(frozen=True, eq=False)
class Names:
    """The names in one trace of a graph."""

    graph: Graph
    trace: Trace

    def node(self, id: str) -> str:
        """A node's label, or its id where it has none or where another node is called the same."""
        label = self.graph.nodes[id].label
        if not label:
            return id
        said = printable(label)
        is_own = said and self.graph.name_counts[label] == 1 and label not in self.graph.nodes
        return said if is_own or label == id else id

    def value(self, id: str, output: int = 0) -> str:
        """The value of a node; of one with several outputs, with the output's name."""
        outputs = self.graph.nodes[id].op.outputs
        return self.node(id) if len(outputs) == 1 else f"{self.node(id)}.{outputs[output]}"

    @cached_property
    def seed(self) -> float:
        """The gradient that is put into each element of the target."""
        start = self.trace.backward_start
        step = self.trace.steps[start] if start < len(self.trace) else None
        return float(np.ravel(step.gradient)[0]) if isinstance(step, SeedStep) and np.size(step.gradient) else 1.0

    @cached_property
    def target_is_goal(self) -> bool:
        """Whether the target itself is what is differentiated: a single number, and a seed of 1."""
        value = self.trace.value(self.trace.plan.target or "")
        return self.seed == 1 and value is not None and value.ndim == 0

    @cached_property
    def goal(self) -> str:
        """What is differentiated: the target's own name, or a letter for seed · target."""
        target = self.trace.plan.target
        if target is not None and self.target_is_goal:
            return self.node(target)
        return next((letter for letter in LETTERS if not self._is_taken(letter)), "total")

    @cached_property
    def goal_words(self) -> str:
        """What the letter stands for: `L = 5 · f`; empty where the target itself is differentiated."""
        value = self.trace.value(self.trace.plan.target or "")
        if self.trace.plan.target is None or value is None or self.target_is_goal:
            return ""
        target = self.node(self.trace.plan.target)
        total, seed = target if value.ndim == 0 else f"Σ {target}", number_text(self.seed)
        return f"{self.goal} = {total}" if seed == "1" else f"{self.goal} = {seed} · {total}"

    @cached_property
    def seed_word(self) -> str:
        return "the seed" if self._is_taken("seed") else "seed"

    @property
    def plain(self) -> Notation:
        return PLAIN_BESIDE_E if self.has_e else PLAIN

    @property
    def tex(self) -> Notation:
        return TEX_BESIDE_E if self.has_e else TEX

    @cached_property
    def has_e(self) -> bool:
        """Whether a node is called e, so that e^x would be its power."""
        return self._is_taken("e")

    def _is_taken(self, name: str) -> bool:
        return name in self.graph.nodes or self.graph.name_counts[name] > 0

    def alone(self, edge: Edge, is_copied: bool = False) -> str:
        """What a local derivative goes by, where ∂p/∂x could be mistaken; else empty.

        Of x·x it is `1st x` and `2nd x`; of a tensor that broadcasting repeats, a `copy of b`; and where x feeds p
        directly and through others too, only the first: `x directly`.
        """
        name = self.value(edge.source, edge.output)
        ports = [
            each.port for each in self.graph.into(edge.dest) if (each.source, each.output) == (edge.source, edge.output)
        ]
        if len(ports) > 1:
            return f"{ordinal(ports.index(edge.port) + 1)} {name}"
        if is_copied:
            return f"copy of {name}"
        return f"{name} directly" if self.feeds_by_more_ways(edge) else ""

    def feeds_by_more_ways(self, edge: Edge) -> bool:
        """Whether an edge is not the only way from its source to its end: x·x, or directly and through others."""
        if len(self.graph.out_of(edge.source)) == 1:
            return False
        return _reached_backwards(self.graph, edge)


def _reached_backwards(graph: Graph, edge: Edge) -> bool:
    """Whether the end of `edge` depends on its source by another port, looking no further back than the source."""
    generation = graph.topology.generation
    least, seen = generation[edge.source], {edge.dest}
    front = [other.source for other in graph.into(edge.dest) if other.port != edge.port]
    while front:
        id = front.pop()
        if id == edge.source:
            return True
        if id not in seen and generation[id] > least:
            seen.add(id)
            front += [before.source for before in graph.into(id)]
    return False
