"""Taking operations apart into what they are made of, and putting them together again, where they stand."""

from engine.edits.expand import Match, can_expand, expand_all, find_match, fuse
from gui.canvas.desk import Desk

MOST_PARTS = 60  # no operation is made of more: larger selections need not be looked at


def made_of_others(desk: Desk) -> list[str]:
    """Those of the selected nodes that can be taken apart."""
    nodes = desk.graph.nodes
    return [id for id in desk.selection.nodes if id in nodes and can_expand(nodes[id].op)]


def what_they_spell(desk: Desk) -> Match | None:
    """The operation that the selected nodes spell out, if there is one."""
    chosen = desk.selection.nodes
    return find_match(desk.graph, chosen) if 2 <= len(chosen) <= MOST_PARTS else None


def take_apart(desk: Desk) -> None:
    """Put the parts of the selected operations in their places, in one step, and select them."""
    ids = sorted(made_of_others(desk), key=list(desk.graph.nodes).index)
    if not ids:
        return
    change = desk.bridge.edit(lambda graph: expand_all(graph, ids))
    if change is not None:
        _show(desk, [*ids, *(id for id, (before, _) in change.nodes.items() if before is None)])


def put_together(desk: Desk) -> None:
    """Make one operation of the selected nodes, and select it."""
    match = what_they_spell(desk)
    if match is not None and desk.bridge.edit(lambda graph: fuse(graph, sorted(match.nodes))) is not None:
        _show(desk, [match.root])


def _show(desk: Desk, ids: list[str]) -> None:
    """Select nodes, and go to them if they are not seen whole."""
    desk.selection.select(ids)
    desk.camera.show_nodes(ids)
