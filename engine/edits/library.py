"""Edits of blocks: a group as one that can be kept, and a kept one put in, in one step."""

from collections.abc import Sequence
from dataclasses import replace

from engine.edits.checks import checked_pos, known_node
from engine.edits.copies import cut_out, paste
from engine.edits.groups import known_group
from engine.edits.nodes import delete
from engine.edits.quick import Feed
from engine.errors import EditRefused
from engine.files.library import outer_group
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.names import NEW_LEAF_VALUE
from engine.graph.records import Edge, Node, Pos
from engine.values.values import as_value, counted


def block_of(graph: Graph, id: str) -> Graph:
    """A group as a block: all that is in it, and beside it an input for each thing that comes in from outside.

    A leaf outside is an input of the same name and value; anything else one that holds 1.
    """
    group = known_group(graph, id)
    part = cut_out(graph, graph.grouping.within(id), regions=(), notes=())
    grouping = tuple(each for each in part.groups.values() if each.id in graph.grouping.subgroups(id))
    crossing = graph.crossing(id)
    outside = [_as_input(graph.nodes[source], output) for source, output in crossing.inputs]
    names = {feed: node.id for feed, node in zip(crossing.inputs, outside, strict=True)}
    led = [replace(edge, source=names[edge.source, edge.output], output=0) for edge in crossing.into]
    target = graph.target if graph.target in part.nodes else None
    facts = {"title": group.name, "target": target, "groups": grouping}
    return Graph.of([*outside, *part.nodes.values()], [*_inner(graph, id), *led], **facts)


def _inner(graph: Graph, id: str) -> list[Edge]:
    within = graph.grouping.within(id)
    return [edge for edge in graph.ordered_edges() if edge.source in within and edge.dest in within]


def _as_input(node: Node, output: int) -> Node:
    value = node.value if node.op.holds_value and node.value is not None else as_value(NEW_LEAF_VALUE)
    name = f"{node.id}_{output}" if output else node.id
    return Node(name, "input", value, node.label, node.pos)


def insert_block(
    graph: Graph, block: Graph, pos: Pos, feeds: Sequence[Feed] = (), folded: bool | None = None
) -> Change:
    """Put a block in, its top left corner at `pos`, under free names: its outer group is the last but those in it.

    `feeds` take the places of its first inputs; the others come along as leaves. `folded`: as one card, or open; None:
    as it was kept.
    """
    group = outer_group(block)
    if group is None:
        raise EditRefused("A block is one group, and there is none here, or there are several.")
    within = block.grouping.within(group)
    inputs = [id for id in block.nodes if id not in within]
    if len(feeds) > len(inputs):
        takes = counted(len(inputs), "input") if inputs else "no input"
        raise EditRefused(f"{block.groups[group].name} takes {takes}, and {len(feeds)} nodes are selected.")
    kept = {"groups": tuple(each if each.id != group or folded is None else replace(each, folded=folded)
                            for each in block.groups.values())}  # fmt: skip
    kept |= {name: fact for name, fact in block.facts.items() if name in ("view", "regions", "notes", "target")}
    corner = [min(node.pos[i] for node in block.nodes.values()) for i in (0, 1)]
    to = checked_pos(pos)
    pasted = paste(graph, replace(block, facts=kept), (to[0] - corner[0], to[1] - corner[1]))
    names = dict(zip(block.nodes, pasted.nodes, strict=True))
    led = _led(graph, pasted, {names[id]: feed for id, feed in zip(inputs, feeds, strict=False)})
    return replace(pasted.then(led), text=f"Add {block.groups[group].name}")


def _led(graph: Graph, pasted: Change, feeds: dict[str, Feed]) -> Change:
    """What is put in fed by nodes that are there, in the place of inputs of its own."""
    for source, _ in feeds.values():
        known_node(graph, source)
    after = graph.apply(pasted)
    edges = {
        edge.key: (edge, Edge(feeds[id][0], edge.dest, edge.port, feeds[id][1]))
        for id in feeds
        for edge in after.out_of(id)
    }
    led = Change(edges=edges)
    return led.then(delete(after.apply(led), list(feeds)))
