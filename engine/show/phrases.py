"""What an op's words are filled with: the names and numbers of one contribution, and phrases made of them."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.ops.kernel import bind
from engine.ops.speech import Given, template
from engine.passes.trace import ContributionStep, Trace
from engine.values.values import MINUS, Value, bracketed, number_text, value_text

DIGITS = (4, 6, 8, 10, 12, 15)  # as few as show how the slope follows from them
_MINUS_ZERO = re.compile(rf"{MINUS}0(?![.\d])")
CLOSE = 0.002  # so near must the slope come out that is worked out from the rounded numbers


def facts_of(graph: Graph, trace: Trace, step: ContributionStep) -> dict[str, Any]:
    """The bare facts of a contribution, for words that depend on them: inputs by port, y, g, local, settings, names."""
    node = graph.nodes[step.edge.dest]
    inputs, port = trace.inputs(node.id), step.edge.port
    facts: dict[str, Any] = {node.op.port_name(i): value for i, value in enumerate(inputs)}
    return facts | {
        "y": trace.value(node.id),
        "g": step.upstream,
        "local": step.local,
        "contribution": step.contribution,
        "node": node.name,
        "source": graph.nodes[step.edge.source].name,
        "port": port,
        "settings": node.chosen,
    }


def phrases(graph: Graph, trace: Trace, step: ContributionStep, facts: dict[str, Any]) -> dict[str, Any]:
    """All that a template may name: see `engine.ops.speech`."""
    node, inputs = graph.nodes[step.edge.dest], trace.inputs(step.edge.dest)
    given = [
        Given(graph.nodes[edge.source].name, value) for edge, value in zip(graph.into(node.id), inputs, strict=True)
    ]
    others = [each for port, each in enumerate(given) if port != step.edge.port]
    averaged = _averaged(node, inputs, facts["y"])
    said: dict[str, Any] = {node.op.port_name(i): each for i, each in enumerate(given)}
    said |= {name: value_text(facts[name]) for name in ("g", "contribution")}
    said |= {name: facts[name] for name in ("node", "source", "port")}
    said |= {
        "y": Given(node.name, facts["y"]),
        "element": "element" if inputs[step.edge.port].ndim else "copy",
        "other": others[0] if others else "",
        "local": "" if step.local is None else value_text(step.local),
        "settings": {name: _setting(value) for name, value in node.chosen.items()},
        "averaged": averaged,
        "each": "" if averaged == 1 else f"/{averaged}",
        "moves": _moves(step.local),
    }
    said["slope"] = _slope(node, step, inputs, facts, said)
    spoken = {
        "through": _through(graph, trace, step),
        "increase": f"increase {facts['source']} by 1" + _alone(graph, step),
    }
    spoken["responsible"] = spoken["through"] + _responsible(facts)
    begun = {"Through": _capital(spoken["through"]), "Increase": "I" + spoken["increase"][1:]}
    begun["Responsible"] = begun["Through"] + _responsible(facts)
    return said | spoken | begun


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _setting(value: object) -> str:
    return number_text(value) if isinstance(value, float) else str(value).replace("-", MINUS)


def _averaged(node: Node, inputs: tuple[Value, ...], y: Value) -> int:
    """How many numbers went into each number of the output: elements, or samples where the last axis are classes."""
    if node.op.group != "loss":
        return int(inputs[0].size // max(y.size, 1)) if inputs else 1
    if node.op_name == "cross_entropy":
        return int(inputs[0].size // inputs[0].shape[-1]) if inputs[0].ndim else 1
    return int(np.prod(np.broadcast_shapes(*(value.shape for value in inputs))))


# --- how far a source goes along with its node


def _alone(graph: Graph, step: ContributionStep) -> str:
    """`along this edge only` where the source feeds the node by other ways too, which would move as well."""
    source, others = step.edge.source, [edge for edge in graph.into(step.edge.dest) if edge.key != step.edge.key]
    beside = any(edge.source == source or graph.topology.reaches(source, edge.source) for edge in others)
    return " along this edge only" if beside else ""


def _through(graph: Graph, trace: Trace, step: ContributionStep) -> str:
    """Which of several ways to the target is spoken of; nothing where there is one."""
    if len(trace.arrivals.get(step.edge.source, ())) < 2:
        return ""
    ports = [edge for edge in graph.into(step.edge.dest) if edge.source == step.edge.source]
    return "along this edge, " if len(ports) > 1 else f"through {graph.nodes[step.edge.dest].name}, "


def _moves(local: Value | None) -> str:
    """What a node does when its input grows by 1: of linear ops only."""
    if local is None or local.ndim or not np.isfinite(local):
        return ""
    if local == 0:
        return "does not change"
    return f"{'increases' if local > 0 else 'decreases'} by {number_text(abs(float(local)))}"


def _responsible(facts: Mapping[str, Any]) -> str:
    """`x is 3 times as responsible as y`: of one number, along one edge."""
    local, source, node = facts["local"], facts["source"], facts["node"]
    if local is None or local.ndim:
        return f"{source} is responsible for {node}"
    if local == 0:
        return f"{source} is not responsible at all"
    size = abs(float(local))
    text = number_text(size)
    much = "exactly as" if size == 1 else "very nearly as" if text == "1" else f"{text} times as"
    return f"{source} is {much} responsible as {node}" + (", in the opposite direction" if local < 0 else "")


# --- the local derivative, worked out


def _slope(
    node: Node, step: ContributionStep, inputs: tuple[Value, ...], facts: dict[str, Any], said: dict[str, Any]
) -> str:
    """The op's `slope` over the numbers, `2·3 = 6`, with as many digits as it takes; over the names for tensors."""
    if not node.op.slope or step.local is None:
        return said["local"] or ""
    text = template(node.op.slope, step.edge.port, facts)
    names = [*(node.op.port_name(i) for i in range(len(inputs))), "y"]
    if any(value.ndim for value in (*inputs, facts["y"], step.local, step.contribution)):
        return _unbracketed(text.format(**said | {name: _factor(said[name].name) for name in names}))
    if "{" not in text:
        return text
    for digits in DIGITS:
        texts = [number_text(float(value), digits) for value in (*inputs, facts["y"])]
        if _follows(node, step, [_number(each) for each in texts]):
            worked = _unbracketed(text.format(**said | dict(zip(names, map(bracketed, texts), strict=True))))
            if _MINUS_ZERO.search(worked):
                break
            exact = all(_number(t) == v for t, v in zip(texts, (*inputs, facts["y"]), strict=True))
            sign = "=" if exact and _number(said["local"]) == step.local else "≈"
            return worked if worked == said["local"] else f"{worked} {sign} {said['local']}"
    return str(said["local"])


def _follows(node: Node, step: ContributionStep, rounded: list[np.float64]) -> bool:
    """Whether the slope comes out right when it is worked out from these rounded inputs and output."""
    call = bind(node.op, len(rounded) - 1, node.settings).vjps[step.edge.port].call
    if call is None or step.local is None:
        return True
    with np.errstate(all="ignore"):
        worked, local = float(call(*rounded)), float(step.local)
    return abs(worked - local) <= CLOSE * abs(local)


def _number(text: str) -> np.float64:
    return np.float64(text.replace(MINUS, "-").replace("∞", "inf"))


def _factor(name: str) -> str:
    return name if name.isidentifier() else f"({name})"


def _unbracketed(text: str) -> str:
    """Without parentheses that are not needed: σ((−3)), (−3) − 1."""
    return re.sub(rf"(^|\()\(({MINUS}[^()]*)\)(?![\^²])", r"\1\2", text)
