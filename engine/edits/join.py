"""A new expression in an open graph: names that the graph has already mean what is there, the rest is added."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from engine.edits.copies import paste
from engine.edits.document import set_fact
from engine.edits.nodes import set_value
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node, Pos


def known_names(graph: Graph, fragment: Graph) -> dict[str, str]:
    """Which names of an expression are in the graph already: the leaf's id in `fragment` → the node's id in `graph`.

    A name without a value means the node that is called so, whatever it is; a name with a value (`x = 3`) a leaf.
    Constants that an expression holds are its own.
    """
    return {id: there for id, (there, _) in known_feeds(graph, fragment).items()}


def known_feeds(graph: Graph, fragment: Graph) -> dict[str, tuple[str, int]]:
    """The same, each with the output of the node that is meant: one of several is called as in `data.features`."""
    named, several = _by_name(graph), outputs_there(graph)
    found = {}
    for id, node in fragment.nodes.items():
        if not node.op.holds_value or node.op.constant:
            continue
        name, _, output = node.label.rpartition(".")
        if node.value is None and output in several.get(name, ()):
            found[id] = _several(graph)[name], several[name].index(output)
        elif id in named and _means(node, graph.nodes[named[id]]):
            found[id] = named[id], 0
    return found


def outputs_there(graph: Graph) -> dict[str, tuple[str, ...]]:
    """What each node with several outputs may be called in an expression, with their names."""
    return {name: graph.nodes[id].op.outputs for name, id in _several(graph).items()}


def join(graph: Graph, fragment: Graph, offset: Pos, aim: bool = True, text: str = "Add an expression") -> Change:
    """Add an expression, moved by `offset`; a leaf that is there already takes the value that the expression gives it.

    `aim`: the end of the expression becomes the target, with the seed that the expression may say.
    """
    feeds = known_feeds(graph, fragment)
    known = {id: there for id, (there, _) in feeds.items()}
    fresh = replace(fragment, nodes={id: n for id, n in fragment.nodes.items() if id not in known}, edges={})
    facts = {"groups": fragment.facts["groups"]} if fragment.groups and fresh.nodes else {}
    change = paste(graph, replace(fresh, facts=facts), offset) if fresh.nodes else NOTHING
    names = known | dict(zip(fresh.nodes, change.nodes, strict=True))
    edges = [_joined(edge, names, feeds) for edge in fragment.edges.values()]
    change = change.then(Change(edges={edge.key: (None, edge) for edge in edges}))
    change = change.then(_set(graph, {there: fragment.nodes[id] for id, there in known.items()}))
    if aim and fragment.target is not None:
        change = change.then(_aimed(graph.apply(change), names[fragment.target], fragment))
    return replace(change, text=text)


def _joined(edge: Edge, names: Mapping[str, str], feeds: Mapping[str, tuple[str, int]]) -> Edge:
    output = feeds[edge.source][1] if edge.source in feeds else edge.output
    return replace(edge, source=names[edge.source], dest=names[edge.dest], output=output)


def _by_name(graph: Graph) -> dict[str, str]:
    """What a name may stand for: an id, or a label that only one node has. A dataset has no single value."""
    return _called(graph, {id: node for id, node in graph.nodes.items() if len(node.op.outputs) == 1})


def _several(graph: Graph) -> dict[str, str]:
    """The same of nodes with several outputs, or its op if no other node is called so."""
    some = {id: node for id, node in graph.nodes.items() if len(node.op.outputs) > 1}
    ops = Counter(node.op_name for node in some.values())
    alone = {
        node.op_name: id for id, node in some.items() if ops[node.op_name] == 1 and node.op_name not in graph.nodes
    }
    return alone | _called(graph, some)


def _called(graph: Graph, nodes: Mapping[str, Node]) -> dict[str, str]:
    labels = Counter(node.label for node in graph.nodes.values())
    labelled = {node.label: id for id, node in nodes.items() if node.label and labels[node.label] == 1}
    return labelled | {id: id for id in nodes}


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
