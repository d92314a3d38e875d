"""Why a contribution is what it is: the op's own words over the names and numbers of this step, in either wording."""

from typing import Any, cast

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.ops.kernel import bind_text
from engine.ops.speech import template
from engine.passes.trace import ContributionStep, ForwardStep, Trace
from engine.show.names import Names
from engine.show.phrases import facts_of, phrases, setting_texts
from engine.show.wording import Wording, worded
from engine.values.values import Value, counted, is_finite, value_text


def why(graph: Graph, trace: Trace, step: ContributionStep, wording: Wording) -> str:
    """The reason for a contribution: what its op says, what broadcasting adds to that."""
    names = Names(graph, trace)
    facts = facts_of(names, step)
    inputs = trace.inputs(step.edge.dest)
    sources = [names.value(edge.source, edge.output) for edge in graph.into(step.edge.dest)]
    with np.errstate(all="ignore"):
        said = _nowhere(facts, dict(zip(sources, inputs, strict=True))) or _reason(names, step, facts, wording)
    copies = worded(_repeated(graph, trace, step), wording).format(source=facts["source"])
    return f"{said} {copies}" if copies else said


def why_computed(graph: Graph, trace: Trace, step: ForwardStep) -> str:
    """What the op of a node does, over the names of this graph."""
    node = graph.nodes[step.node]
    called = Names(graph, trace)
    op, sources = node.op, [called.value(edge.source, edge.output) for edge in graph.into(step.node)]
    facts: dict[str, Any] = {op.port_name(i): value for i, value in enumerate(step.inputs)}
    facts |= {"y": step.value, "settings": node.chosen}
    if not op.does:
        return f"{op.title}: {op.tooltip}"
    names = {op.port_name(i): name for i, name in enumerate(sources)}
    said = template(op.does, 0, facts).format(**names, inputs=_listed(sources), settings=setting_texts(node))
    return f"{called.node(node.id)} {said}."


def what_it_does(graph: Graph, trace: Trace, id: str, wording: Wording) -> str:
    """The same of a node by its id; of a leaf, or of what is not computed, what its op says of itself."""
    at = trace.value_at.get((id, 0))
    if at is None or graph.nodes[id].op.is_leaf:
        return worded(graph.nodes[id].op.tooltip, wording)
    return why_computed(graph, trace, cast(ForwardStep, trace.steps[at]))


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _reason(names: Names, step: ContributionStep, facts: dict[str, Any], wording: Wording) -> str:
    """The op's own words; the convention where an input is at a kink; and where numbers are not finite, that."""
    node, inputs = names.graph.nodes[step.edge.dest], names.trace.inputs(step.edge.dest)
    fill = phrases(names, step, facts)
    text = template(getattr(node.op, wording), step.edge.port, facts).format(**fill)
    if node.op.convention and (corners := at_kink(node, inputs)):
        said = worded(template(node.op.convention, step.edge.port, facts), wording).format(**fill)
        text += f" {said}" if said else ""
        text += f" This happens in {corners}." if said and any(value.ndim for value in inputs) else ""
    return " ".join(part for part in (text, _some_nowhere(facts)) if part)


def at_kink(node: Node, inputs: tuple[Value, ...]) -> str:
    """In how many places the inputs are exactly at the op's corner: `2 of 6 places`; empty if nowhere."""
    if not node.op.kink:
        return ""
    with np.errstate(all="ignore"):
        corner = np.asarray(bind_text(node.op, node.op.kink, len(inputs), node.settings)(*inputs)) == 0
    count = int(corner.sum())
    return f"{count} of {counted(corner.size, 'place')}" if count else ""


def _nowhere(facts: dict[str, Any], inputs: dict[str, Value]) -> str:
    """What is said of single numbers instead, where one is nan or ∞: there is no slope there; empty elsewhere."""
    y, g, local, sent = (facts[name] for name in ("y", "g", "local", "contribution"))
    if any(value.ndim for value in (*inputs.values(), y, g, sent)):
        return ""
    node, source, back = facts["node"], facts["source"], value_text(sent)
    fine = is_finite(y) and (local is None or is_finite(local))
    wrong = next((name for name, value in inputs.items() if np.isnan(value) or not (fine or is_finite(value))), "")
    if wrong:
        said = f"{wrong} is {value_text(inputs[wrong])}, so {node} has no slope here"
    elif not is_finite(y):
        said = f"{node} is {value_text(y)} here, so it has no slope"
    elif local is not None and not is_finite(local):
        infinite = "its slope along this edge is infinite" if np.isinf(local) else "along this edge it has no slope"
        said = f"{node} is finite here, but {infinite}"
    elif not is_finite(g) and not is_finite(sent):
        return f"What reached {node} is {value_text(g)}, so {back} goes back to {source}."
    elif not is_finite(sent):
        return f"What goes back to {source} is too large for a 64-bit float, so it is {back}."
    else:
        return ""
    if is_finite(sent):
        return f"{said}: the {back} that goes back is only what the rule gives."
    return f"{said}, and {back} goes back."


def _some_nowhere(facts: dict[str, Any]) -> str:
    """What is added of tensors some of whose numbers are nan or ∞."""
    sent, y = np.asarray(facts["contribution"]), np.asarray(facts["y"])
    bad, missing = int((~np.isfinite(sent)).sum()), int((~np.isfinite(y)).sum())
    if bad:
        are = "is" if bad == 1 else "are"
        if sent.size == 1:
            return "What goes back is not finite."
        some = "None" if bad == sent.size else str(bad)
        end = f"back {are} not finite" if some != "None" else "back is finite"
        return f"{some} of the {counted(sent.size, 'number')} that go {end}."
    if missing and y.size == 1:
        return f"{facts['node']} has no slope here, and what goes back is only what the rule gives."
    if missing:
        part = f"all {y.size}" if missing == y.size else f"{missing} of {y.size}"
        said = f"{facts['node']} has no slope where it is not finite, which is in {part} elements"
        return f"{said}: what goes back there is only what the rule gives."
    return ""


def _repeated(graph: Graph, trace: Trace, step: ContributionStep) -> str:
    """What broadcasting does to a contribution: the copies of an element collect."""
    inputs, y = trace.inputs(step.edge.dest), trace.value(step.edge.dest)
    assert y is not None
    if not step.axes or (step.local is not None and not np.any(step.local)):  # of nothing there is no sum
        return ""
    shape = y.shape
    if graph.nodes[step.edge.dest].op.elementwise or graph.nodes[step.edge.dest].op.group == "loss":
        shape = np.broadcast_shapes(*(value.shape for value in inputs))
    axes = [axis for axis in step.axes if axis >= len(shape) or shape[axis] != 1]
    if not axes:
        return ""
    along = f"axis {axes[0]}" if len(axes) == 1 else "axes " + _listed([str(axis) for axis in axes])
    return f"By broadcasting, {{source}} was repeated along {along}: the gradients of its copies add up."
