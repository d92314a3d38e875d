"""The terms that a trace is told in: values, whole gradients, local derivatives and contributions, with their names."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from math import prod

import numpy as np

from engine.graph.records import Edge, EdgeKey
from engine.ops.substitute import chosen_product, names_in
from engine.passes.trace import ContributionStep, Trace
from engine.show.names import Names
from engine.show.rules import local_source, rule_source, times_nothing
from engine.show.terms import Applied, Expression, Pulled, Quantity, Repeated, SummedBack, Term
from engine.show.writing import is_readable
from engine.values.values import Value


class Backward:
    """Makes the terms of one trace."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.graph = names.graph
        self.trace: Trace = names.trace
        self._locals: dict[EdgeKey, Quantity | None] = {}

    def value(self, id: str, number: Value, output: int = 0) -> Quantity:
        """x, the value of a node."""
        return Quantity("value", id, number, (self.names.value(id, output),), output=output)

    def applied(self, id: str, inputs: tuple[Value, ...]) -> Applied:
        """A node's op over what goes into it."""
        node = self.graph.nodes[id]
        terms = tuple(self._input(edge, value) for edge, value in zip(self.graph.into(id), inputs, strict=True))
        return Applied(node.op, node.settings, terms)

    def _input(self, edge: Edge, number: Value) -> Quantity:
        return self.value(edge.source, number, edge.output)

    def gradient(self, id: str, number: Value) -> Quantity:
        """∂L/∂x, the whole gradient of a node."""
        return Quantity("gradient", id, number, (self.names.goal, self.names.node(id)))

    def _upstream(self, step: ContributionStep) -> Quantity:
        """∂L/∂p; at a target that is differentiated itself, the seed."""
        id = step.edge.dest
        if self._at_goal(step):
            return Quantity("seed", id, step.upstream, (self.names.seed_word,))
        return self.gradient(id, step.upstream)

    def local(self, step: ContributionStep) -> Quantity | None:
        """∂p/∂x, computed by its formula; None where the op has a rule and no local derivative."""
        key = step.edge.key
        if key not in self._locals:
            self._locals[key] = self._local(step)
        return self._locals[key]

    def _local(self, step: ContributionStep) -> Quantity | None:
        edge, op = step.edge, self.graph.nodes[step.edge.dest].op
        inputs = self.trace.inputs(edge.dest)
        source = local_source(op, edge.port, self.graph.nodes[edge.dest].settings, tuple(x.shape for x in inputs))
        if source is None or step.local is None:
            return None
        meaning = Expression(source, self._parts(step, source)).settled()
        said = (self.names.node(edge.dest), self.names.node(edge.source))
        used = np.broadcast_shapes(step.local.shape, step.upstream.shape, inputs[edge.port].shape)
        alone = self.names.alone(edge, is_copied=bool(step.axes) and prod(used) > inputs[edge.port].size)
        return Quantity("local", edge.source, step.local, said, edge.dest, edge.port, edge.output, alone, meaning)

    def _parts(self, step: ContributionStep, source: str) -> dict[str, Term]:
        """What a rule speaks of: the inputs, the output and the upstream gradient, as far as it names them."""
        edge, inputs = step.edge, self.trace.inputs(step.edge.dest)
        said, parts = names_in(source), {}
        for i, edge_in in enumerate(self.graph.into(edge.dest) if said - {"y", "g"} else ()):
            if f"in{i}" in said:
                parts[f"in{i}"] = self._input(edge_in, inputs[i])
        y = self.trace.value(edge.dest)
        if "y" in said and y is not None:
            parts["y"] = self.value(edge.dest, y)
        if "g" in said:
            parts["g"] = self._upstream(step)
        return {**parts}

    def contribution(self, step: ContributionStep) -> Term:
        """∂L/∂p · ∂p/∂x of single numbers; of arrays the rule itself, summed over what broadcasting repeated."""
        local = self.local(step)
        if local is None:
            return self._in_shape(step, self._rule(step))
        gated = self._gated(step, local)
        if gated is not None:
            return self._in_shape(step, gated)
        are_numbers = not (step.upstream.ndim or any(x.ndim for x in self.trace.inputs(step.edge.dest)))
        if not are_numbers:
            return self._in_shape(step, self._by_element(step, replace(local, is_spelled=True)))
        own = self._at_goal(step) and not local.alone  # ∂f/∂w = seed · ∂f/∂w would say nothing
        return Expression("g * d", {"g": self._upstream(step), "d": replace(local, is_spelled=own)})

    def _gated(self, step: ContributionStep, local: Quantity) -> Term | None:
        """What a gate lets through of a gradient that is not finite: closed, it sends 0, where ∞ × 0 is nan."""
        if not isinstance(local.meaning, Expression) or np.isfinite(step.upstream).all():
            return None
        source = chosen_product("g", local.meaning.source)
        return Expression(source, {**local.meaning.parts, "g": self._upstream(step)}) if source else None

    def _by_element(self, step: ContributionStep, local: Quantity) -> Term:
        """∂L/∂p ⊙ the formula of the local derivative; a factor of 1 or −1 is not said."""
        constant = local.meaning.source if isinstance(local.meaning, Expression) else ""
        if self._at_goal(step):
            return local
        if constant in ("1", "-1"):
            return Expression(constant.replace("1", "g"), {"g": self._upstream(step)})
        return Expression("g * d", {"g": self._upstream(step), "d": local})

    def _at_goal(self, step: ContributionStep) -> bool:
        return self.names.target_is_goal and step.edge.dest == self.trace.plan.target

    def _rule(self, step: ContributionStep) -> Term:
        """The op's rule with this graph's names; one that is not to be read, as the Jacobian that it stands for."""
        edge, node = step.edge, self.graph.nodes[step.edge.dest]
        shapes = tuple(x.shape for x in self.trace.inputs(edge.dest))
        source = rule_source(node.op, edge.port, node.settings, shapes, step.upstream.shape)
        if source == "g" and not any(shapes):
            source = "g * 1"
        elif self._at_goal(step):
            source = times_nothing(source)
        rule = Expression(source, self._parts(step, source)).settled()
        if is_readable(source):
            return rule
        above = (
            self.applied(edge.dest, self.trace.inputs(edge.dest)) if self._at_goal(step) else self.names.node(edge.dest)
        )
        return Pulled(rule, above, self.names.node(edge.source), self._upstream(step), self.names.alone(edge))

    def _in_shape(self, step: ContributionStep, rule: Term) -> Term:
        """A rule repeated to, or summed back to, the shape of what it belongs to."""
        shape = self.trace.inputs(step.edge.dest)[step.edge.port].shape
        if step.local is not None:
            sent = np.broadcast_shapes(step.upstream.shape, step.local.shape)
            widest = np.broadcast_shapes(sent, shape)
            rule = rule if sent == widest else Repeated(rule, widest)
        if not step.axes:
            return rule
        return SummedBack(rule, shape, _over(self.graph.nodes[step.edge.dest].op.group, step.axes))

    def part(self, step: ContributionStep) -> tuple[int, int]:
        """Which of how many contributions to its source a step is."""
        at = self.trace.arrivals[step.edge.source]
        return bisect_left(at, self.trace.contribution_at[step.edge.key]) + 1, len(at)

    def contributions(self, id: str) -> Iterator[Term]:
        """All contributions to a node, in the order in which they arrive."""
        for at in self.trace.arrivals[id]:
            step = self.trace.steps[at]
            if isinstance(step, ContributionStep):
                yield self.contribution(step)


def _over(group: str, axes: tuple[int, ...]) -> str:
    """What a sum goes over: of a layer the batch; else the axes that broadcasting had repeated."""
    if group == "tensor" and axes == tuple(range(len(axes))):
        return "the batch"
    if len(axes) == 1:
        return f"axis {axes[0]}"
    return "axes " + ", ".join(map(str, axes[:-1])) + f" and {axes[-1]}"
