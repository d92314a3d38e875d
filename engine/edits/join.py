"""A new expression in an open graph: names that the graph has already mean what is there, the rest is added."""

from collections import Counter
from dataclasses import replace

from engine.edits.copies import paste
from engine.edits.document import set_fact
from engine.edits.nodes import set_value
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.records import Node, Pos


def known_names(graph: Graph, fragment: Graph) -> dict[str, str]:
    """Which names of an expression are in the graph already: the leaf's id in `fragment` → the node's id in `graph`.

    A name without a value means the node that is called so, whatever it is; a name with a value (`x = 3`) a leaf.
    Constants that an expression holds are its own.
    """
    named = _by_name(graph)
    return {
        id: named[id]
        for id, node in fragment.nodes.items()
        if node.op.holds_value and not node.op.constant and id in named and _means(node, graph.nodes[named[id]])
    }


def join(graph: Graph, fragment: Graph, offset: Pos, aim: bool = True, text: str = "Add an expression") -> Change:
    """Add an expression, moved by `offset`; a leaf that is there already takes the value that the expression gives it.

    `aim`: the end of the expression becomes the target, with the seed that the expression may say.
    """
    known = known_names(graph, fragment)
    fresh = replace(fragment, nodes={id: n for id, n in fragment.nodes.items() if id not in known}, edges={})
    facts = {"groups": fragment.facts["groups"]} if fragment.groups and fresh.nodes else {}
    change = paste(graph, replace(fresh, facts=facts), offset) if fresh.nodes else NOTHING
    names = known | dict(zip(fresh.nodes, change.nodes, strict=True))
    edges = [replace(e, source=names[e.source], dest=names[e.dest]) for e in fragment.edges.values()]
    change = change.then(Change(edges={edge.key: (None, edge) for edge in edges}))
    change = change.then(_set(graph, {there: fragment.nodes[id] for id, there in known.items()}))
    if aim and fragment.target is not None:
        change = change.then(_aimed(graph.apply(change), names[fragment.target], fragment))
    return replace(change, text=text)


def _by_name(graph: Graph) -> dict[str, str]:
    """What a name may stand for: an id, or a label that only one node has. A dataset has no single value."""
    single = {id: node for id, node in graph.nodes.items() if len(node.op.outputs) == 1}
    labels = Counter(node.label for node in graph.nodes.values())
    labelled = {node.label: id for id, node in single.items() if node.label and labels[node.label] == 1}
    return labelled | {id: id for id in single}


def _means(name: Node, there: Node) -> bool:
    return name.value is None or there.op.holds_value


def _set(graph: Graph, given: dict[str, Node]) -> Change:
    """The values that an expression gives to leaves that are there."""
    values = {there: node.value for there, node in given.items() if node.value is not None}
    changes = [set_value(graph, there, value).nodes for there, value in values.items()]
    return Change({id: records for nodes in changes for id, records in nodes.items()})


def _aimed(graph: Graph, target: str, fragment: Graph) -> Change:
    change = set_fact(graph, "target", target)
    return change if fragment.seed == 1 else change.then(set_fact(graph, "seed", fragment.seed))
