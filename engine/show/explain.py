"""A step in one sentence, in symbols and in numbers, in either wording: gradient or responsibility."""

from dataclasses import dataclass

import numpy as np

from engine.graph.graph import Graph
from engine.passes.trace import ContributionStep, ForwardStep, SeedStep, Step, Trace
from engine.show.formula import forward_tex, tex_name, tex_number
from engine.show.reasons import why
from engine.show.wording import Wording
from engine.values.values import Value, bracketed, value_text


@dataclass(frozen=True)
class Explanation:
    """What is said about a step.

    `heading`: what happens, in a few words. `caption`: one whole sentence with the numbers. `formula`: LaTeX.
    `numbers`: the same formula in numbers, one line of plain text. `why`: the reason, in words. `parts`: the chips to
    draw, (caption, text, signed number or None): upstream, local derivative, contribution.
    """

    heading: str
    caption: str
    formula: str
    numbers: str
    why: str
    parts: tuple[tuple[str, str, float | None], ...] = ()


def explain(graph: Graph, trace: Trace, step: Step, wording: Wording = "gradient") -> Explanation:
    """Explain one step of a trace of `graph`."""
    if isinstance(step, ForwardStep):
        return _explain_forward(graph, step)
    if isinstance(step, SeedStep):
        return _explain_seed(graph, step, wording)
    return _explain_contribution(graph, trace, step, wording)


def _explain_forward(graph: Graph, step: ForwardStep) -> Explanation:
    node = graph.nodes[step.node]
    value = value_text(step.value)
    name = node.name
    if node.op.is_leaf:
        said, formula = f"{name} holds {value}.", f"{tex_name(name)} = {tex_number(value)}"
        return Explanation(f"{name} is {value}", said, formula, f"{name} = {value}", said)
    sources = [graph.nodes[edge.source].name for edge in graph.into(step.node)]
    scalar = not any(x.ndim for x in step.inputs)
    symbols = forward_tex(node.op, tuple(map(tex_name, sources)), node.chosen, scalar)
    numbers = forward_plain(graph, step.node, [value_text(v) for v in step.inputs])
    caption = f"{name} = {forward_plain(graph, step.node, sources)} = {numbers} = {value}."
    why, formula = f"{node.op.title}: {node.op.tooltip}", f"{tex_name(name)} = {symbols}"
    return Explanation(f"{name} is computed", caption, formula, f"{name} = {numbers} = {value}", why)


def _explain_seed(graph: Graph, step: SeedStep, wording: Wording) -> Explanation:
    name, seed = graph.nodes[step.node].name, value_text(step.gradient)
    one = bool(np.all(step.gradient == 1))
    because = (
        f"{name} changes exactly as much as itself: that is where the first 1 comes from."
        if one
        else f"The seed is set to {seed}: every gradient is that many times what it would be with a seed of 1."
    )
    if wording == "responsibility":
        because = f"{name} is what we ask about: a responsibility of {seed} goes in here and is handed back."
    caption = f"The backward pass begins at {name}: its {wording} is {seed}."
    formula = rf"\frac{{\partial {tex_name(name)}}}{{\partial {tex_name(name)}}} = {tex_number(seed)}"
    parts = (("seed", seed, _scalar(step.gradient)),)
    return Explanation(f"The seed goes into {name}", caption, formula, f"∂{name}/∂{name} = {seed}", because, parts)


def _explain_contribution(graph: Graph, trace: Trace, step: ContributionStep, wording: Wording) -> Explanation:
    node, source = graph.nodes[step.edge.dest].name, graph.nodes[step.edge.source].name
    goal = graph.nodes.get(trace.plan.target or "")
    target = goal.name if goal else "L"
    upstream, contribution = value_text(step.upstream), value_text(step.contribution)
    product = _product(graph, step, upstream, contribution)
    numbers = f"∂{target}/∂{source} = {product}{_running_sum(step)}"
    caption = f"{node} sends {contribution} back to {source}: {product}{_sum_words(source, step)}."
    parts = (
        ("upstream", upstream, _scalar(step.upstream)),
        ("local", "rule", None) if step.local is None else ("local", value_text(step.local), _scalar(step.local)),
        ("contribution", contribution, _scalar(step.contribution)),
    )
    heading, formula = f"{node} sends its {wording} to {source}", _chain_rule(target, node, source)
    return Explanation(heading, caption, formula, numbers, why(graph, trace, step, wording), parts)


def _product(graph: Graph, step: ContributionStep, upstream: str, contribution: str) -> str:
    """`upstream 10 × local 5 = 50`; an op without a local derivative is named as the rule that was applied."""
    if step.local is None:
        return f"upstream {upstream} through the rule of {graph.nodes[step.edge.dest].op.title} = {contribution}"
    return f"upstream {upstream} × local {value_text(step.local)} = {contribution}"


def _running_sum(step: ContributionStep) -> str:
    if step.before is None:
        return ""
    before, total = value_text(step.before), value_text(step.total)
    if step.total.ndim and before == total:
        return ";  added to what was already there"
    return f";  {before} + {bracketed(value_text(step.contribution))} = {total}"


def _sum_words(source: str, step: ContributionStep) -> str:
    if step.before is None:
        return ""
    return f", added to the {value_text(step.before)} already there: {source} now has {value_text(step.total)}"


def _chain_rule(target: str, node: str, source: str) -> str:
    def d(above: str, below: str) -> str:
        return rf"\frac{{\partial {tex_name(above)}}}{{\partial {tex_name(below)}}}"

    return rf"{d(target, source)} = {d(target, node)} \cdot {d(node, source)}"


def _scalar(value: Value) -> float | None:
    return float(value) if value.ndim == 0 else None


def forward_plain(graph: Graph, id: str, inputs: list[str]) -> str:
    """A node's forward formula as one line of plain text: `−2 + 5`, `sigmoid(0.3)`."""
    op = graph.nodes[id].op
    if op.infix:
        return f" {op.symbol} ".join(bracketed(text) if i else text for i, text in enumerate(inputs))
    return f"{op.name}({', '.join(inputs)})"
