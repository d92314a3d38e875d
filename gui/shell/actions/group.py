"""The actions of the Graph menu that are about groups, regions and notes."""

from gui.shell.actions.action import Action, has_nodes, picked
from gui.shell.window import Window


def _groups(w: Window, folded: bool) -> list[str]:
    """The groups that are seen open, or as cards; the outer ones first."""
    graph = w.bridge.now.graph
    seen = [id for id, group in graph.groups.items() if group.folded == folded and graph.grouping.is_seen(id)]
    return sorted(seen, key=lambda id: len(graph.grouping.chain_of(id)))


def _outermost_open(w: Window) -> list[str]:
    """The open groups that lie in none but what is looked into."""
    open_ones, parents = _groups(w, False), w.bridge.now.graph.groups
    return [id for id in open_ones if parents[id].parent in (None, w.canvas.desk.showing.within)]


def _innermost_open(w: Window) -> list[str]:
    """The open groups that are seen and lie deepest: pressed again, those round them."""
    open_ones, chain = _groups(w, False), w.bridge.now.graph.grouping.chain_of
    open_ones = [id for id in open_ones if id != w.canvas.desk.showing.within]
    return [id for id in open_ones if len(chain(id)) == len(chain(open_ones[-1]))]


def _whole_groups(w: Window) -> list[str]:
    return w.canvas.gathering.whole_groups() if w.selection.nodes else []


def _can_turn(w: Window) -> bool:
    return bool(w.canvas.folds.cards() or w.canvas.folds.open_ones())


def _turn_text(w: Window) -> str:
    return "Open" if w.canvas.folds.cards() else "Fold"


GROUPS = (
    Action("group", "Group", "Make a group of the selected nodes, and name it", lambda w: w.canvas.gathering.group(),
           ("Ctrl+G",), enabled=picked),
    Action("ungroup", "Ungroup", "Take the selected groups apart; what is in them stays",
           lambda w: w.canvas.gathering.ungroup(), ("Ctrl+Shift+G",),
           enabled=lambda w: bool(_whole_groups(w)), lacking="Select a whole group first"),
    Action("keep_block", "Keep as a block", "Keep the selected group in the palette, for every document",
           lambda w: w.ops.keep_block(_whole_groups(w)[0]),
           enabled=lambda w: len(_whole_groups(w)) == 1),
    Action("find_groups", "Find groups", "Make groups of the neurons, layers and losses that are found, and fold them",
           lambda w: w.editing.find_groups(), ("Ctrl+Alt+G",), enabled=has_nodes),
    Action("fold", "Fold or open", "Show a group as one card, or open its card where it stands",
           lambda w: w.canvas.folds.toggle(), ("F7",), enabled=_can_turn, label=_turn_text),
    Action("look_into", "Look into", "Show what is in a group alone; Esc leads back",
           lambda w: w.canvas.folds.look_into_chosen(), ("F8",), enabled=_can_turn),
    Action("fold_all", "Fold all", "Show every group as one card",
           lambda w: w.canvas.folds.fold_all(_outermost_open(w)), ("Ctrl+F7",),
           enabled=lambda w: bool(_outermost_open(w)), lacking="No group is open"),
    Action("fold_innermost", "Fold the innermost", "Show the innermost open groups as cards; again: those round them",
           lambda w: w.canvas.folds.fold_all(_innermost_open(w)), ("Shift+F7",),
           enabled=lambda w: bool(_innermost_open(w)), lacking="No group is open"),
    Action("open_all", "Open all", "Open every card that is seen; where all would be very small so, it is arranged",
           lambda w: w.canvas.folds.open_all(_groups(w, True)), ("Ctrl+Shift+F7",),
           enabled=lambda w: bool(_groups(w, True)), lacking="No group is folded"),
)  # fmt: skip
REGIONS = (
    Action("region", "Region", "Put a box round the selected nodes, or draw one: it carries what is in it along",
           lambda w: w.canvas.gathering.make_region(), ("Ctrl+Shift+R",)),
    Action("note", "Note", "Write a note on the canvas", lambda w: w.canvas.gathering.make_note(), ("Ctrl+Shift+N",)),
    Action("next_aside", "Go to the next region or note", "Select the next region, note or open group",
           lambda w: w.canvas.gathering.go_on(1), ("Ctrl+PgDown",)),
    Action("previous_aside", "Go to the region or note before", "Select the region, note or open group before",
           lambda w: w.canvas.gathering.go_on(-1), ("Ctrl+PgUp",)),
)  # fmt: skip
