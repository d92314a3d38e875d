"""What an op's words are filled with: the names and numbers of one contribution, and phrases made of them."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.graph.records import Node
from engine.ops.kernel import bind
from engine.ops.speech import Given, template
from engine.passes.trace import ContributionStep
from engine.show.names import Names
from engine.values.values import MINUS, Value, bracketed, number_text, value_text

DIGITS = (4, 6, 8, 10, 12, 15)  # as few as show how the slope follows from them
_MINUS_ZERO = re.compile(rf"{MINUS}0(?![.\d])")
SMALL = 1e-7  # beside a larger number it may be lost
TRANSCENDENTAL = ("sin", "cos", "tan", "ln", "log", "e^", "σ", "Φ", "√")
TINY, HUGE = 1e-100, 1e100  # beyond these, what is worked out on the way may round to 0 or ∞


def facts_of(names: Names, step: ContributionStep) -> dict[str, Any]:
    """The bare facts of a contribution, for words that depend on them: inputs by port, y, g, local, settings, names."""
    node, trace = names.graph.nodes[step.edge.dest], names.trace
    inputs, port = trace.inputs(node.id), step.edge.port
    facts: dict[str, Any] = {node.op.port_name(i): value for i, value in enumerate(inputs)}
    return facts | {
        "y": trace.value(node.id),
        "g": step.upstream,
        "local": step.local,
        "contribution": step.contribution,
        "node": names.node(node.id),
        "source": names.node(step.edge.source),
        "port": port,
        "settings": node.chosen,
    }


def phrases(names: Names, step: ContributionStep, facts: dict[str, Any]) -> dict[str, Any]:
    """All that a template may name: see `engine.ops.speech`."""
    node, inputs = names.graph.nodes[step.edge.dest], names.trace.inputs(step.edge.dest)
    sources = [names.value(edge.source, edge.output) for edge in names.graph.into(node.id)]
    given = [Given(name, value) for name, value in zip(sources, inputs, strict=True)]
    others = [each for port, each in enumerate(given) if port != step.edge.port]
    averaged = _averaged(node, inputs, facts["y"])
    said: dict[str, Any] = {node.op.port_name(i): each for i, each in enumerate(given)}
    said |= {name: value_text(facts[name]) for name in ("g", "contribution")}
    said |= {name: facts[name] for name in ("node", "source", "port")}
    said |= {
        "y": Given(facts["node"], facts["y"]),
        "element": "element" if inputs[step.edge.port].ndim else "copy",
        "other": others[0] if others else "",
        "local": "" if step.local is None else value_text(step.local),
        "settings": setting_texts(node),
        "averaged": averaged,
        "each": "" if averaged == 1 else f"/{averaged}",
        "moves": _moves(step.local),
    }
    said["slope"] = _slope(node, step, inputs, facts, said)
    through = _through(names, step)
    responsible = _responsible(facts, through, rounded="≈" in said["slope"])
    alone = " along this edge only" if names.feeds_by_more_ways(step.edge) else ""
    increase = f"ncrease {facts['source']} by 1{alone}"
    return said | {
        "through": through,
        "Through": _capital(through),
        "increase": "i" + increase,
        "Increase": "I" + increase,
        "responsible": through + responsible,
        "Responsible": _capital(through) + responsible,
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def setting_texts(node: Node) -> dict[str, str]:
    """The settings of a node as words write them: numbers with a real minus sign."""
    chosen = node.chosen.items()
    return {n: number_text(v) if isinstance(v, float) else str(v).replace("-", MINUS) for n, v in chosen}


def _averaged(node: Node, inputs: tuple[Value, ...], y: Value) -> int:
    """How many numbers went into each number of the output: elements, or samples where the last axis are classes."""
    if node.op.group != "loss":
        return int(inputs[0].size // max(y.size, 1)) if inputs else 1
    if node.op_name == "cross_entropy":
        return int(inputs[0].size // inputs[0].shape[-1]) if inputs[0].ndim else 1
    return int(np.prod(np.broadcast_shapes(*(value.shape for value in inputs))))


# --- how far a source goes along with its node


def _through(names: Names, step: ContributionStep) -> str:
    """Which of several ways to the target is spoken of; nothing where there is one."""
    if len(names.trace.arrivals.get(step.edge.source, ())) < 2:
        return ""
    by_more_ways = names.feeds_by_more_ways(step.edge)  # which all go through that node
    return "along this edge, " if by_more_ways else f"through {names.node(step.edge.dest)}, "


def _moves(local: Value | None) -> str:
    """What a node does when its input grows by 1: of linear ops only."""
    if local is None or local.ndim or not np.isfinite(local):
        return ""
    if local == 0:
        return "does not change"
    return f"{'increases' if local > 0 else 'decreases'} by {number_text(abs(float(local)))}"


def _responsible(facts: Mapping[str, Any], through: str, *, rounded: bool) -> str:
    """`x is 3 times as responsible as y`: of one number, along one edge."""
    local, source, node = facts["local"], facts["source"], facts["node"]
    if local is not None and not np.any(local):
        return f"{source} is not responsible at all"
    if local is None or local.ndim:
        return f"{source} is responsible for {node}"
    size = abs(float(local))
    text = number_text(size)
    much = "exactly as" if _is(size, 1.0) and not rounded else "very nearly as" if text == "1" else f"{text} times as"
    itself = " itself" if through.startswith("through") else ""
    return f"{source} is {much} responsible as {node}{itself}" + (", in the opposite direction" if local < 0 else "")


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
    if "{" not in text or any(value and not TINY < abs(value) < HUGE for value in (*inputs, facts["y"])):
        return text if "{" not in text else str(said["local"])
    for digits in DIGITS:
        texts = [number_text(float(value), digits) for value in (*inputs, facts["y"])]
        if _follows(node, step, [_number(each) for each in texts]):
            worked = _unbracketed(text.format(**said | dict(zip(names, map(bracketed, texts), strict=True))))
            if _MINUS_ZERO.search(worked):
                break
            used = [name for name in names if f"{{{name}}}" in text]
            shown = [(_number(texts[names.index(name)]), facts[name]) for name in used]
            exact = all(_is(*pair) for pair in [*shown, (_number(said["local"]), step.local)])
            exact = exact and not any(_is_rounded(text, value) for _, value in shown)
            return worked if worked == said["local"] else f"{worked} {'=' if exact else '≈'} {said['local']}"
    return str(said["local"])


def _follows(node: Node, step: ContributionStep, rounded: list[np.float64]) -> bool:
    """Whether the slope comes out as it is shown when it is worked out from these rounded inputs and output."""
    call = bind(node.op, len(rounded) - 1, node.settings).vjps[step.edge.port].call
    if call is None or step.local is None:
        return True
    with np.errstate(all="ignore"):
        return number_text(float(call(*rounded))) == number_text(float(step.local))


def _is_rounded(text: str, value: Any) -> bool:
    """Whether what is worked out from a number is a rounded one: of functions but at 0 and 1, and of tiny numbers."""
    return 0 < abs(value) < SMALL or (value not in (0, 1) and any(word in text for word in TRANSCENDENTAL))


def _is(shown: Any, value: Any) -> bool:
    """Whether a number as it is shown is the number, but for rounding in the last bits."""
    return bool(abs(shown - value) <= 1e-12 * abs(value))


def _number(text: str) -> np.float64:
    return np.float64(text.replace(MINUS, "-").replace("∞", "inf"))


def _factor(name: str) -> str:
    return name if all(part.isidentifier() for part in name.split(".")) else f"({name})"


def _unbracketed(text: str) -> str:
    """Without parentheses that are not needed: σ((−3)), (−3) − 1; with those that are: (1e−9)²."""
    text = re.sub(r"(?<=\^)(\d[\d.]*e−?\d+)|(\d[\d.]*e−?\d+)(?=[\^²])", r"(\1\2)", text)
    return re.sub(rf"(^|\()\(({MINUS}[^()]*)\)(?![\^²])", r"\1\2", text)
