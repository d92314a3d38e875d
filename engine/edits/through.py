"""Edits of a graph made on what is shown of it: an edit of cards and their edges becomes one of what these stand for.

    shown graph ─ edit ─▶ Change of it ─ pulled back ─▶ Change of the graph

So no edit needs to know of folded groups. What is done to a card is done to all that is in it; an edge that is led to a
port of a card ends at every port of the graph that this one stands for.
"""

from collections.abc import Callable
from dataclasses import replace

from engine.edits.groups import add_to_group, move_groups
from engine.edits.nodes import delete
from engine.errors import EditRefused
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.names import suggest_id
from engine.graph.records import Edge, EdgeKey, Node, Pos
from engine.layout.group_cards import GroupCard
from engine.layout.shown import Shown, shown_of

Make = Callable[[Graph], Change]


def through(make: Make, within: str | None = None) -> Make:
    """The edit of a graph for which another is made of what is shown of it, `within` a group that is looked into."""

    def made(graph: Graph) -> Change:
        shown = shown_of(graph, within)
        as_it_is = shown.cover.is_plain and shown.cover.within is None  # in a group of all nodes new ones join it
        return make(graph) if as_it_is else pulled_back(shown, make(shown.graph))

    return made


def pulled_back(shown: Shown, change: Change) -> Change:
    """The change of a graph for which one of its shown graph stands."""
    if not change:
        return NOTHING
    names = _new_names(shown, change)
    edges, cut = _edges(shown, change, names)
    facts = {name: pair for name, pair in change.facts.items() if name != "target"}
    if "target" in change.facts:
        target = change.facts["target"][1]
        facts["target"] = (shown.real.fact("target"), None if target is None else _target(shown, target, names))
    done = Change(_nodes(shown, change, names), edges, facts, change.text)
    done = delete(shown.real, (), cut).then(done) if cut else done  # no edge stays behind the node that it comes from
    done = _then(shown.real, done, lambda graph: move_groups(graph, _moved_cards(shown, change)))
    gone = [node for id in _gone_cards(change) for node in shown.members(id)]
    if gone:
        done = _then(shown.real, done, lambda graph: delete(graph, [id for id in graph.nodes if id in gone]))
    new = [names[id] for id, (before, _) in change.nodes.items() if before is None and id in names]
    if shown.cover.within is not None and new and not _renames(change):
        within = shown.cover.within
        done = _then(shown.real, done, lambda graph: add_to_group(graph, within, new))
    return replace(done, text=change.text)


def _then(graph: Graph, change: Change, make: Make) -> Change:
    """A change and what is done after it."""
    return change.then(make(graph.apply(change)))


# --- nodes


def _new_names(shown: Shown, change: Change) -> dict[str, str]:
    """What new nodes are called: what is not shown has names too."""
    names: dict[str, str] = {}
    taken = shown.real
    for id, (before, after) in change.nodes.items():
        if before is not None or after is None:
            continue
        if isinstance(after, GroupCard):
            raise EditRefused("A folded group is copied with Copy and Paste, or opened first.")
        if id in shown.real.nodes and _renames(change):
            place = shown.where(id)
            raise EditRefused(f"There is already a node “{id}”" + (f" in {place}." if place else "."), (id,))
        names[id] = suggest_id(taken, after.op) if id in taken.nodes else id
        taken = Graph({**taken.nodes, names[id]: after})
    return names


def _renames(change: Change) -> bool:
    """Whether it gives a node another id."""
    gone = [before for before, after in change.nodes.values() if before is not None and after is None]
    came = [after for before, after in change.nodes.values() if before is None and after is not None]
    return len(gone) == len(came) == 1 and gone[0].rank == came[0].rank


def _nodes(shown: Shown, change: Change, names: dict[str, str]) -> dict[str, tuple[Node | None, Node | None]]:
    """The nodes that are shown as themselves."""
    found: dict[str, tuple[Node | None, Node | None]] = {}
    rank, renames = shown.real.next_rank, _renames(change)
    for id, (before, after) in change.nodes.items():
        if isinstance(before, GroupCard) or isinstance(after, GroupCard):
            continue
        if before is None and after is not None:
            placed = after if renames else replace(after, id=names[id], rank=rank)
            found[names[id]] = (None, placed)
            rank += 1
        else:
            found[id] = (before, after)
    return found


def _moved_cards(shown: Shown, change: Change) -> dict[str, Pos]:
    """Where groups go whose cards are moved. Stubs stay where they are."""
    pairs = ((before, after) for before, after in change.nodes.values() if isinstance(after, GroupCard))
    return {
        after.facts.group: after.pos
        for before, after in pairs
        if isinstance(before, GroupCard) and after.facts.group and before.pos != after.pos
    }


def _gone_cards(change: Change) -> list[str]:
    return [id for id, (before, after) in change.nodes.items() if isinstance(before, GroupCard) and after is None]


def _target(shown: Shown, id: str, names: dict[str, str]) -> str:
    """The node that is meant by a shown one: of a card the one that comes out of it."""
    if id not in shown.cover.cards:
        return names.get(id, id)
    tails = shown.cover.cards[id].tails
    if len(tails) != 1:
        raise EditRefused(f"{shown.graph.nodes[id].name} has several outputs: open it to choose one of them.", (id,))
    return tails[0][0]


# --- edges


def _edges(
    shown: Shown, change: Change, names: dict[str, str]
) -> tuple[dict[EdgeKey, tuple[Edge | None, Edge | None]], list[EdgeKey]]:
    """The edges that are other than they were, and those that end within a card and are cut."""
    found: dict[EdgeKey, tuple[Edge | None, Edge | None]] = {}
    cut: list[EdgeKey] = []
    edges, gone = shown.real.edges, set(_gone_cards(change))
    for key, (_, after) in change.edges.items():
        if key[0] in gone:
            found |= {head: (edges[head], None) for head in shown.cover.heads(key) if head in edges}
            continue
        heads = shown.cover.heads(key) if key[0] in shown.cover.cards else ((names.get(key[0], key[0]), key[1]),)
        for head in heads:
            if after is None and key[0] in shown.cover.cards:
                cut += [head] if head in edges else []
                continue
            led = None if after is None else _led(shown, after, head, names)
            if edges.get(head) != led:
                found[head] = (edges.get(head), led)
    return found, cut


def _led(shown: Shown, edge: Edge, head: EdgeKey, names: dict[str, str]) -> Edge:
    """An edge of the graph to a port, from what a shown one comes from."""
    card = shown.cover.cards.get(edge.source)
    if card is not None and not 0 <= edge.output < len(card.tails):
        name = shown.graph.nodes[edge.source].name
        raise EditRefused(
            f"{name} has no output {edge.output}: its outputs are those of the nodes in it.", (edge.source,)
        )
    source, output = shown.cover.tail(edge.source, edge.output)
    return Edge(names.get(source, source), *head, output)


def shown_change(change: Change, before: Shown, after: Shown) -> Change:
    """What a change of the document does to what is shown of it."""
    if before.cover.is_plain and after.cover.is_plain:
        return change
    if before.cover is after.cover and not change.facts and not change.moves_topology:
        nodes = {id: pair for id, pair in change.nodes.items() if id in after.graph.nodes}
        return Change(nodes, {}, {}, change.text)
    found = before.graph.change_to(after.graph, change.text)
    return Change(
        found.nodes, found.edges, {name: pair for name, pair in found.facts.items() if name != "groups"}, found.text
    )
