"""Edits of groups: made of nodes and other groups, taken apart, named, folded and opened, moved.

No number depends on a group. A group that cannot be folded without a circle between cards is refused when it is made.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.edits.checks import called, checked_pos, known_node
from engine.edits.nodes import delete
from engine.errors import EditRefused
from engine.graph.change import NOTHING, Change
from engine.graph.circles import folding_circle
from engine.graph.graph import Graph
from engine.graph.grouping import Group, Grouping
from engine.graph.members import facts_joined, free_record_id, groups_diff, offset_by, without_empty
from engine.graph.records import Node, Pos
from engine.layout.layout import card_place


def known_group(graph: Graph, id: str) -> Group:
    """The group of that id."""
    if id not in graph.groups:
        raise EditRefused(f"There is no group “{id}”.")
    return graph.groups[id]


def make_group(
    graph: Graph, nodes: Iterable[str] = (), groups: Iterable[str] = (), title: str = "", folded: bool = False
) -> Change:
    """Make a group of nodes and other groups, in the group that they are in now; its id is the last of `graph.groups`.

    A group all of whose nodes are chosen comes in whole. Raises EditRefused where the rest is not in one and the same
    group, and where folding the new group would close a circle between cards.
    """
    chosen = {known_node(graph, id).id for id in nodes}.union(*(_within(graph, id) for id in groups))
    if not chosen:
        raise EditRefused("Select the nodes that are to be a group.")
    inner, loose = _things(graph, chosen)
    parent = _common_parent(graph, inner, loose)
    name = " ".join(title.split()) or _free_title(graph)
    id = free_record_id(graph.groups, "g")
    place = card_place(graph.nodes[node].pos for node in chosen)
    made = Group(id, name, tuple(node for node in graph.nodes if node in loose), parent, folded, place)
    kept = (_moved_into(group, loose, inner, id) for group in graph.groups.values())
    after = (*kept, made)
    _refuse_circle(graph, after, id)
    return Change(facts=groups_diff(graph, after), text=f"Group {called(graph, chosen)}")


def ungroup(graph: Graph, ids: Iterable[str]) -> Change:
    """Take groups away and leave what is in them, in the groups that these were in."""
    table, gone = dict(graph.groups), [known_group(graph, id) for id in dict.fromkeys(ids)]
    for was in gone:
        group = table.pop(was.id)
        for other in table.values():
            if other.parent == group.id:
                table[other.id] = replace(other, parent=group.parent)
        if group.parent is not None:
            home = table[group.parent]
            table[home.id] = replace(home, nodes=(*home.nodes, *group.nodes))
    return _told(graph, table, f"Ungroup {_called_groups(gone)}")


def rename_group(graph: Graph, id: str, title: str) -> Change:
    """Give a group another title."""
    group, name = known_group(graph, id), " ".join(title.split())
    if not name:
        raise EditRefused("A group needs a title.")
    return _told(graph, {id: replace(group, title=name)}, f"Rename {group.name} to {name}", keep=True)


def fold_groups(graph: Graph, ids: Iterable[str]) -> Change:
    """Fold groups: each is seen as one card, in the middle of its nodes."""
    chosen = [group for group in (known_group(graph, id) for id in dict.fromkeys(ids)) if not group.folded]
    folded = {group.id: replace(group, folded=True, pos=middle_of(graph, group.id)) for group in chosen}
    for id in folded:
        _refuse_circle(graph, (graph.groups | folded).values(), id)
    return _told(graph, folded, f"Fold {_called_groups(chosen)}", keep=True)


def unfold_groups(graph: Graph, ids: Iterable[str]) -> Change:
    """Open groups: what is in them is seen in its own places."""
    chosen = [group for group in (known_group(graph, id) for id in dict.fromkeys(ids)) if group.folded]
    opened = {group.id: replace(group, folded=False) for group in chosen}
    return _told(graph, opened, f"Unfold {_called_groups(chosen)}", keep=True)


def move_groups(graph: Graph, places: Mapping[str, Pos]) -> Change:
    """Put groups elsewhere: the new `pos` of each. All that is in them moves the same way."""
    chosen = [known_group(graph, id) for id in places]
    table, nodes = dict(graph.groups), dict[str, Node]()
    for group in chosen:
        to, at = checked_pos(places[group.id]), table[group.id].pos
        by = (to[0] - at[0], to[1] - at[1])
        for inner in graph.grouping.subgroups(group.id):
            table[inner] = replace(table[inner], pos=offset_by(table[inner].pos, by))
        for node in (nodes.get(id, graph.nodes[id]) for id in graph.grouping.within(group.id)):
            nodes[node.id] = replace(node, pos=offset_by(node.pos, by))
    moved = {id: (graph.nodes[id], node) for id, node in nodes.items() if graph.nodes[id].pos != node.pos}
    facts = groups_diff(graph, table.values())
    return Change(moved, facts=facts, text=f"Move {_called_groups(chosen)}") if moved or facts else NOTHING


def add_to_group(graph: Graph, id: str, nodes: Iterable[str]) -> Change:
    """Put nodes into a group; each leaves the group that it was in."""
    group, chosen = known_group(graph, id), [known_node(graph, node).id for node in dict.fromkeys(nodes)]
    facts = facts_joined(graph, id, [node for node in chosen if node not in group.nodes])
    if not facts:
        return NOTHING
    _refuse_circle(graph, facts["groups"][1], id)
    return Change(facts=facts, text=f"Add {called(graph, chosen)} to {group.name}")


def bring_into_group(graph: Graph, change: Change, id: str) -> Change:
    """A change whose new nodes and groups come into a group: what is made while one looks into it."""
    group, after = known_group(graph, id), graph.apply(change)
    if id not in after.groups:
        return change
    new = [node for node in after.nodes if node not in graph.nodes and node not in after.grouping.home]
    facts = facts_joined(after, group.id, new) if new else {}
    table = {each.id: each for each in facts.get("groups", (None, after.fact("groups")))[1]}
    come = [each for each in table.values() if each.id not in graph.groups and each.parent is None]
    table |= {each.id: replace(each, parent=id) for each in come}
    return replace(change.then(Change(facts=groups_diff(after, table.values()))), text=change.text)


def take_out_of_group(graph: Graph, nodes: Iterable[str]) -> Change:
    """Let nodes leave the group that they are in, for the one that this is in."""
    chosen = [known_node(graph, node).id for node in dict.fromkeys(nodes)]
    home, table = graph.grouping.home, dict(graph.groups)
    for node in (node for node in chosen if node in home):
        group = table[home[node]]
        table[group.id] = _left(group, {node})
        if group.parent is not None:
            outer = table[group.parent]
            table[outer.id] = replace(outer, nodes=(*outer.nodes, node))
    after = without_empty(table.values())
    _refuse_circle(graph, after)
    facts = groups_diff(graph, after)
    return Change(facts=facts, text=f"Take {called(graph, chosen)} out of the group") if facts else NOTHING


def delete_groups(graph: Graph, ids: Iterable[str]) -> Change:
    """Take groups away with all that is in them."""
    chosen = [known_group(graph, id) for id in dict.fromkeys(ids)]
    gone = set[str]().union(*(graph.grouping.within(group.id) for group in chosen))
    change = delete(graph, [id for id in graph.nodes if id in gone])
    return replace(change, text=f"Delete {_called_groups(chosen)}") if change else NOTHING


# --- what is chosen


def _within(graph: Graph, id: str) -> frozenset[str]:
    known_group(graph, id)
    return graph.grouping.within(id)


def _things(graph: Graph, chosen: set[str]) -> tuple[set[str], set[str]]:
    """The groups that lie whole in what is chosen, the outermost ones; and the nodes beside them."""
    grouping = graph.grouping
    whole = {id for id in graph.groups if grouping.within(id) <= chosen}
    outer = {id for id in whole if graph.groups[id].parent not in whole}
    same = next((id for id in outer if grouping.within(id) == chosen), None)
    if same is not None:
        raise EditRefused(f"These nodes are the group “{graph.groups[same].name}” already.", tuple(chosen))
    return outer, chosen.difference(*(grouping.within(id) for id in outer))


def _common_parent(graph: Graph, inner: set[str], loose: set[str]) -> str | None:
    """The group in which all of this lies directly; None: in none."""
    homes = {graph.grouping.home.get(id) for id in loose} | {graph.groups[id].parent for id in inner}
    if len(homes) == 1:
        return next(iter(homes))
    part = next(id for id in graph.groups if id in homes)
    raise EditRefused(
        f"Only a part of the group “{graph.groups[part].name}” is selected: select all of it, or nothing outside it.",
        tuple(id for id in loose if graph.grouping.home.get(id) == part),
    )


def _free_title(graph: Graph) -> str:
    titles = {group.title for group in graph.groups.values()}
    return next(title for n in range(1, len(titles) + 2) if (title := f"Group {n}") not in titles)


# --- what becomes of the table


def _moved_into(group: Group, nodes: set[str], groups: set[str], into: str) -> Group:
    left = _left(group, nodes)
    return replace(left, parent=into) if group.id in groups else left


def _left(group: Group, nodes: set[str]) -> Group:
    kept = tuple(id for id in group.nodes if id not in nodes)
    return group if kept == group.nodes else replace(group, nodes=kept)


def _told(graph: Graph, groups: Mapping[str, Group], text: str, keep: bool = False) -> Change:
    """The Change to these groups; `keep`: with all others that there are."""
    facts = groups_diff(graph, ({**graph.groups, **groups} if keep else groups).values())
    return Change(facts=facts, text=text) if facts else NOTHING


def _refuse_circle(graph: Graph, groups: Iterable[Group], folded: str | None = None) -> None:
    """Refuse groups whose cards would stand in a circle; `folded`: with that one folded, whether it is or not."""
    table = [replace(group, folded=group.folded or group.id == folded) for group in groups]
    circle = folding_circle(graph, Grouping(table))
    if circle is None:
        return
    between = ", ".join(graph.nodes[id].name for id in circle.nodes[:5])
    advice = f" Take {between} in as well." if circle.nodes and len(circle.nodes) <= 5 else ""
    raise EditRefused(f"Folded, this would close a circle: {circle.text}.{advice}", circle.nodes)


def middle_of(graph: Graph, id: str) -> Pos:
    """Where the card of a group comes to stand when it is folded."""
    return card_place(graph.nodes[node].pos for node in graph.grouping.within(id))


def _called_groups(groups: list[Group]) -> str:
    return groups[0].name if len(groups) == 1 else f"{len(groups)} groups"
