"""Taking operations apart into what they are made of, and putting them together again, where they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from engine.edits.expand import Match, can_expand, expand, find_match, fuse
from engine.graph.change import Change
from engine.graph.graph import Graph

if TYPE_CHECKING:
    from gui.canvas.commands import Commands

MOST_PARTS = 60  # no operation is made of more: larger selections need not be looked at


def made_of_others(view: Commands) -> list[str]:
    """Those of the selected nodes that can be taken apart."""
    nodes = view.bridge.graph.nodes
    return [id for id in view.selection.nodes if id in nodes and can_expand(nodes[id].op)]


def what_they_spell(view: Commands) -> Match | None:
    """The operation that the selected nodes spell out, if there is one."""
    chosen = view.selection.nodes
    return find_match(view.bridge.graph, chosen) if 2 <= len(chosen) <= MOST_PARTS else None


def take_apart(view: Commands) -> None:
    """Put the parts of the selected operations in their places, in one step, and select them."""
    ids = sorted(made_of_others(view), key=list(view.bridge.graph.nodes).index)
    if not ids:
        return

    def edit(graph: Graph) -> Change:
        change = expand(graph, ids[0])
        for id in ids[1:]:
            change = change.then(expand(graph.apply(change), id))
        return change if len(ids) == 1 else replace(change, text=f"Take {len(ids)} operations apart")

    change = view.bridge.edit(edit)
    if change is not None:
        _show(view, [*ids, *(id for id, (before, _) in change.nodes.items() if before is None)])


def put_together(view: Commands) -> None:
    """Make one operation of the selected nodes, and select it."""
    match = what_they_spell(view)
    if match is not None and view.bridge.edit(lambda graph: fuse(graph, sorted(match.nodes))) is not None:
        _show(view, [match.root])


def _show(view: Commands, ids: list[str]) -> None:
    """Select nodes, and go to them if they are not seen whole."""
    view.selection.select(ids)
    cards: QRectF = view.nodes_rect(ids)
    if not view.visible_scene().contains(cards):
        view.center_on_nodes(ids)
