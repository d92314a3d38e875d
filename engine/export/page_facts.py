"""What a web page is told of a graph: cards, edges and boxes as they are shown, the steps, and what is said of each.

Places are pixels of the scene. Numbers of slots and steps are those of the plan and of the trace.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.export.page_questions import PageMistakes, question_facts
from engine.export.page_story import story_facts
from engine.graph.graph import Graph
from engine.graph.records import Edge, EdgeKey, Node
from engine.graph.sliders import slider_of
from engine.layout.group_cards import GroupCard
from engine.layout.layout import node_height
from engine.layout.shown import Shown, shown_of
from engine.ops.kernel import bind
from engine.passes.trace import ContributionStep, ForwardStep, SeedStep, Step, Trace, step_node, step_seconds
from engine.show.backward import Backward
from engine.show.equation import rule_text
from engine.show.explain import explain
from engine.show.names import Names
from engine.show.readable import read_step, readable
from engine.show.story import StoryTrace
from engine.show.wording import WORDINGS
from engine.truth.unfinished import find_problems
from engine.values.values import Value

CURVE_REACH, CURVE_DOTS = 4.0, 41  # of the small picture of an activation
LabelPlaces = list[list[float] | None]  # of value and contribution: x, y, and the point that a line leads to
STRAIGHT: Mapping[EdgeKey, str] = MappingProxyType({})
UNPLACED: Mapping[EdgeKey, LabelPlaces] = MappingProxyType({})
MOST_TYPED = 64  # numbers of a leaf that the page lets one change


def page_facts(
    graph: Graph,
    trace: Trace,
    ways: Mapping[EdgeKey, str] = STRAIGHT,
    labels: Mapping[EdgeKey, LabelPlaces] = UNPLACED,
    mistakes: PageMistakes | None = None,
    story: StoryTrace | None = None,
) -> dict[str, Any]:
    """Everything as plain data for JSON; `mistakes`: with the questions of the steps; `story`: a step
    of learning."""
    shown = shown_of(graph)
    names = Names(graph, trace)
    learning = {} if story is None else {"story": story_facts(graph, trace, shown, story)}
    return learning | {
        "title": graph.title,
        "seedCard": "" if graph.target is None else shown.cover.place_of(graph.target),
        "seed": graph.seed,
        "backward": trace.backward_start,
        "pace": trace.pace,
        "cards": [_card(shown, trace, node) for node in shown.graph.nodes.values()],
        "edges": [_edge(shown, trace, edge) | _way(edge, ways, labels) for edge in shown.graph.edges.values()],
        "boxes": [*_regions(shown.graph), *_open_groups(shown.graph)],
        "notes": [{"pos": note.pos, "wide": note.width, "text": note.text} for note in shown.graph.notes.values()],
        "leaves": [_leaf(graph, trace, step) for step in trace.forward_steps if graph.nodes[step.node].op.is_leaf],
        "numbers": [_row(graph, trace, names, step) for step in trace.forward_steps],
        "steps": [_step(graph, trace, shown, at, mistakes) for at in range(len(trace))],
        "problems": [problem.sentence for problem in find_problems(graph, trace)] if not trace.steps else [],
    }


# --- what is drawn


def _card(shown: Shown, trace: Trace, node: Node) -> dict[str, Any]:
    graph, op = shown.graph, node.op
    ports = graph.port_count(node.id)
    outputs = graph.output_count(node.id)
    slots = trace.plan.slots
    if isinstance(node, GroupCard):
        held = [slots.get(tail, -1) for tail in node.facts.tails]
    else:
        held = [slots.get((node.id, output), -1) for output in range(outputs)]
    card = {
        "id": node.id, "name": node.name, "symbol": op.symbol, "kind": op.family if op.known else "faint",
        "leaf": op.is_leaf, "word": _word(node), "x": node.pos[0], "y": node.pos[1],
        "high": node_height(ports), "ports": ports, "outputs": outputs, "slots": held,
        "open": list(graph.open_ports(node.id)), "stacked": isinstance(node, GroupCard), "data": bool(op.supply),
        "outputNames": op.outputs if op.supply else [], "gate": op.gate, "missing": _missing(shown, trace, node),
        "spare": ports - 1 if op.repeats and ports > op.fewest else -1,
    }  # fmt: skip
    if op.group == "activation" and len(op.ports) == 1 and op.local and not op.gate:
        card["curve"] = _curve(node)
    return card


def _word(node: Node) -> str:
    """What a leaf is, in a word; of a group how many nodes are in it."""
    if isinstance(node, GroupCard):
        return node.facts.word
    return node.op.title.lower() if node.op.is_leaf else ""


def _missing(shown: Shown, trace: Trace, node: Node) -> str:
    """Why a node has no value; empty where it has one."""
    failed = [id for id in shown.members(node.id) if trace.value(id) is None]
    if not failed:
        return ""
    return trace.failures.get(failed[0]) or trace.plan.unready.get(failed[0]) or "This is not computed."


def _curve(node: Node) -> list[float]:
    """An activation from −4 to 4."""
    with np.errstate(all="ignore"):
        values = np.asarray(bind(node.op, 1, node.settings).forward(np.linspace(-CURVE_REACH, CURVE_REACH, CURVE_DOTS)))
    return [round(float(y), 4) for y in np.nan_to_num(values)]


def _edge(shown: Shown, trace: Trace, edge: Edge) -> dict[str, Any]:
    return {
        "from": edge.source, "output": edge.output, "to": edge.dest, "port": edge.port,
        "slot": trace.plan.slots.get(shown.cover.tail(edge.source, edge.output), -1),
        "steps": [trace.contribution_at[key] for key in shown.cover.heads(edge.key) if key in trace.contribution_at],
    }  # fmt: skip


def _way(edge: Edge, ways: Mapping[EdgeKey, str], labels: Mapping[EdgeKey, LabelPlaces]) -> dict[str, Any]:
    route = {"route": ways[edge.key]} if edge.key in ways else {}
    return route | ({"labels": labels[edge.key]} if edge.key in labels else {})


def _regions(graph: Graph) -> Iterator[dict[str, Any]]:
    """The larger ones first, so that those in them lie over them."""
    for region in sorted(graph.regions.values(), key=lambda each: -each.size[0] * each.size[1]):
        yield {"kind": "region", "title": region.title, "colour": region.colour, "pos": region.pos, "size": region.size}


def _open_groups(graph: Graph) -> Iterator[dict[str, Any]]:
    """The ids of what is directly in each, nodes and groups, the outer ones first: the page goes round them."""
    grouping = graph.grouping
    for group in sorted(graph.groups.values(), key=lambda each: len(grouping.chain_of(each.id))):
        if not group.folded and grouping.is_seen(group.id):
            seen = [id for id in graph.nodes if _is_in(graph, id, group.id)]
            depth = len(grouping.chain_of(group.id))
            yield {"kind": "group", "title": group.name, "cards": seen, "depth": depth}


def _is_in(graph: Graph, id: str, group: str) -> bool:
    node = graph.nodes[id]
    if not isinstance(node, GroupCard):
        return group in graph.grouping.chain(id)
    return bool(node.facts.group) and group in graph.grouping.chain_of(node.facts.group)


# --- what is computed


def plain_value(value: Value) -> dict[str, Any]:
    """A value as its shape and its numbers in a row."""
    return {"shape": list(np.shape(value)), "data": [_plain(x) for x in np.ravel(value).tolist()]}


def _plain(number: float) -> float | str:
    return number if np.isfinite(number) else repr(number)


def _leaf(graph: Graph, trace: Trace, step: ForwardStep) -> dict[str, Any]:
    node = graph.nodes[step.node]
    slider = slider_of(graph, node.id) if node.op.holds_value else None
    return {
        "id": node.id, "name": Names(graph, trace).value(node.id, step.output), "word": node.op.title.lower(),
        "slot": trace.plan.slots[step.node, step.output],
        "typed": node.op.holds_value and np.size(step.value) <= MOST_TYPED,
        "slider": None if slider is None else list(slider), **plain_value(step.value),
    }  # fmt: skip


def _row(graph: Graph, trace: Trace, names: Names, step: ForwardStep) -> dict[str, Any]:
    """A row of the table of numbers."""
    node = graph.nodes[step.node]
    return {
        "name": names.value(step.node, step.output), "op": node.op.title,
        "slot": trace.plan.slots[step.node, step.output],
        "detached": trace.gradient(step.node) is not None and step.node not in trace.arrivals,
    }  # fmt: skip


# --- what is said


def _step(graph: Graph, trace: Trace, shown: Shown, at: int, mistakes: PageMistakes | None) -> dict[str, Any]:
    """Where a step is seen, how long it lasts, and what is said of it: (sentence, reason) in both wordings."""
    step = trace.steps[at]
    said = [explain(graph, trace, step, wording) for wording in WORDINGS]
    told = [[each.caption, "" if each.why == each.caption else each.why] for each in said]
    facts = {"card": shown.cover.place_of(step_node(step)), "seconds": step_seconds(step), "said": told}
    facts |= {} if mistakes is None else question_facts(graph, trace, at, mistakes)
    return facts | _symbols(graph, trace, step) | (_sent(shown, step) if isinstance(step, ContributionStep) else {})


def _sent(shown: Shown, step: ContributionStep) -> dict[str, Any]:
    key = shown.cover.shown_key(step.edge.key)
    return {"edge": _number_of(shown, key), "into": shown.cover.place_of(step.edge.source)}


def _number_of(shown: Shown, key: EdgeKey | None) -> int:
    """The place of a shown edge in the list of all; −1: it is not seen."""
    places: dict[EdgeKey, int] = shown.cover.kept.setdefault("page", {})
    if not places or len(places) != len(shown.graph.edges):
        places.update({each: i for i, each in enumerate(shown.graph.edges)})
    return -1 if key is None else places.get(key, -1)


def _symbols(graph: Graph, trace: Trace, step: Step) -> dict[str, Any]:
    """What the step's equation says in symbols: the page puts other numbers behind them."""
    trace, step = readable(trace), read_step(trace, step)
    names = Names(graph, trace)
    said = Backward(names)
    if isinstance(step, ForwardStep):
        left = names.value(step.node, step.output)
        is_leaf = graph.nodes[step.node].op.is_leaf
        return {"left": left, "right": "" if is_leaf else said.applied(step.node, step.inputs).piece(names.plain).text}
    if isinstance(step, ContributionStep):
        left = said.gradient(step.edge.source, step.total).piece(names.plain).text
        return {"left": left, "right": rule_text(graph, trace, step), "part": list(said.part(step))}
    assert isinstance(step, SeedStep)
    return {"left": said.gradient(step.node, step.gradient).piece(names.plain).text, "right": ""}
