"""What differs between two graphs, in words: one sentence a line, the most telling first."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from engine.graph.box_comparison import box_differences
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.quoting import cut, listed, quoted
from engine.graph.records import Edge, Node
from engine.values.json_text import dump, json_ready
from engine.values.values import Value, counted, exact_text, shape_text, told_apart

MOST_ELEMENTS = 3  # of an array, that are shown one by one
_FACTS = {"title": "title", "seed": "seed", "training": "training settings", "view": "view", "exercise": "exercise",
          "example": "place among the examples"}  # fmt: skip


def differences(before: Graph, after: Graph) -> list[str]:
    """What is another in `after` than it was in `before`: nodes, values, settings, edges, the target, places.

    Empty where the two say the same: one nan is like another, and the order of the nodes is not looked at.
    """
    change = before.change_to(after)
    altered = [pair for pair in change.altered if not _alike(*pair)]
    return [
        *_come_and_gone(change),
        *(line for pair in altered for line in _altered(*pair)),
        *_edges(change, before, after),
        *_facts(before, after),
        *box_differences(before, after),
        *_moved(altered),
    ]


def _alike(node: Node, other: Node) -> bool:
    """Equal but for the bits of a nan."""
    return next(_altered(node, other), None) is None and node.pos == other.pos


# --- nodes


def _come_and_gone(change: Change) -> Iterator[str]:
    for before, after in change.nodes.values():
        if before is None and after is not None:
            yield f"{_called(after)} ({after.op.title}) was added{_held(after)}."
        elif after is None and before is not None:
            yield f"{_called(before)} ({before.op.title}) was removed."


def _held(node: Node) -> str:
    return "" if node.value is None else f" with the value {_value_text(node.value)}"


def _altered(before: Node, after: Node) -> Iterator[str]:
    """A sentence for each thing about one node that is another."""
    name = _called(before)
    if before.op_name != after.op_name:
        yield f"{name} is now {after.op.title}, and was {before.op.title}."
    if before.label != after.label:
        yield f"{name} is now called {quoted(after.label) or after.id}."
    if before.value_key != after.value_key:
        yield from _values(name, before.value, after.value)
    if before.op_name == after.op_name:
        yield from _settings(name, before, after)
    if dump(json_ready(_rest(before))) != dump(json_ready(_rest(after))):
        yield f"{name} has other contents, of a kind that this version does not know."


def _rest(node: Node) -> Mapping[str, Any]:
    """What the record of an unknown op has beside what every node has."""
    return {key: item for key, item in (node.raw or {}).items() if key not in ("id", "op", "label", "pos")}


def _values(name: str, before: Value | None, after: Value | None) -> Iterator[str]:
    if before is None or after is None:
        now = "has no value now" if after is None else f"has the value {_value_text(after)} now"
        was = "had none" if before is None else f"had {_value_text(before)}"
        yield f"{name} {now}, and {was}."
    elif before.shape != after.shape:
        yield f"{name}: value {_value_text(before)} → {_value_text(after)}."
    elif before.ndim == 0:
        if not _same_number(float(before), float(after)):
            yield f"{name}: value {' → '.join(_two(float(before), float(after)))}."
    else:
        yield from _elements(name, np.asarray(before), np.asarray(after))


def _elements(name: str, before: np.ndarray, after: np.ndarray) -> Iterator[str]:
    same = ((before == after) & (np.signbit(before) == np.signbit(after))) | (np.isnan(before) & np.isnan(after))
    places = np.argwhere(~same)
    if not len(places):
        return
    shown = []
    for place in places[:MOST_ELEMENTS]:
        at = tuple(int(i) for i in place)
        numbers = " → ".join(_two(float(before[at]), float(after[at])))
        shown.append(f"[{', '.join(map(str, at))}] {numbers}")
    more = len(places) - len(shown)
    rest = f"; and at {counted(more, 'more place')}" if more else ""
    yield f"{name}: value at {'; '.join(shown)}{rest}."


def _settings(name: str, before: Node, after: Node) -> Iterator[str]:
    was, now = dict(before.settings), dict(after.settings)
    titles = {setting.name: setting.title.split(" (")[0] for setting in before.op.settings}
    for key in dict.fromkeys((*was, *now)):
        old, new = was.get(key, before.op.defaults.get(key)), now.get(key, before.op.defaults.get(key))
        if dump(json_ready(old)) != dump(json_ready(new)):
            yield f"{name}: {titles.get(key) or key} {_shown(old)} → {_shown(new)}."


def _moved(altered: list[tuple[Node, Node]]) -> Iterator[str]:
    names = [_called(before) for before, after in altered if before.pos != after.pos]
    if names:
        stands = "stands" if len(names) == 1 else "stand"
        yield f"{listed(names, 'node')} {stands} elsewhere."


# --- edges


def _edges(change: Change, before: Graph, after: Graph) -> Iterator[str]:
    """An edge that goes with its node is not spoken of."""
    for old, new in change.edges.values():
        if old and new:
            yield f"{_port(after, new)} comes from {_source(after, new)} now, and came from {_source(before, old)}."
        elif new:
            yield f"An edge was added: {_source(after, new)} → {_port(after, new)}."
        elif old and old.source in after.nodes and old.dest in after.nodes:
            yield f"An edge was removed: {_source(before, old)} → {_port(before, old)}."


def _source(graph: Graph, edge: Edge) -> str:
    node = graph.nodes[edge.source]
    outputs = node.op.outputs
    several = len(outputs) > 1 and edge.output < len(outputs)
    return f"{_called(node)} ({outputs[edge.output]})" if several else _called(node)


def _port(graph: Graph, edge: Edge) -> str:
    node = graph.nodes[edge.dest]
    single = len(node.op.ports) == 1 and not node.op.repeats
    return _called(node) if single else f"{_called(node)}, port {node.op.port_name(edge.port)}"


# --- facts


def _facts(before: Graph, after: Graph) -> Iterator[str]:
    if before.target != after.target:
        yield f"The target is {_target(after)} now, and was {_target(before)}."
    for name in _FACTS:
        was, now = before.fact(name), after.fact(name)
        if dump(json_ready(was)) == dump(json_ready(now)):
            continue
        if name == "training":
            yield from _training(was or {}, now or {})
        elif name in ("title", "seed"):
            yield f"The {name} is {_shown(now)} now, and was {_shown(was)}."
        else:
            yield f"The {_FACTS[name]} differs."


def _target(graph: Graph) -> str:
    return _called(graph.nodes[graph.target]) if graph.target in graph.nodes else "none"


def _training(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys((*was, *now)):
        if dump(json_ready(was.get(key))) != dump(json_ready(now.get(key))):
            yield f"Training: {cut(key)} {_shown(was.get(key))} → {_shown(now.get(key))}."


# --- words


def _called(node: Node) -> str:
    """By its label, and by its id where they differ: a label may stand on several."""
    return f"{quoted(node.label)} ({node.id})" if node.label and node.label != node.id else node.id


def _shown(data: Any) -> str:
    """A setting or a fact: nothing is “the usual”."""
    if data is None:
        return "the usual"
    if isinstance(data, str):
        return quoted(data) or "empty"
    return exact_text(data) if isinstance(data, float) else cut(dump(json_ready(data)))


def _value_text(value: Value) -> str:
    if value.ndim == 0:
        return exact_text(float(value))
    return f"of shape {shape_text(value.shape)}"


def _two(before: float, after: float) -> tuple[str, str]:
    """Two numbers that differ, with as many digits as it takes to see it."""
    told = told_apart(before, after)
    return told if told[0] != told[1] else (exact_text(before), exact_text(after))  # of −0 and 0


def _same_number(before: float, after: float) -> bool:
    return (before == after and str(before) == str(after)) or (before != before and after != after)
