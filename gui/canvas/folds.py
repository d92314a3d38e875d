"""Folding groups and opening them where they stand; looking into one, and back to where one was."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QPointF, Signal

from engine import edits
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.show.now import Now
from engine.show.shown_run import quiet_steps
from gui.canvas.desk import Desk
from gui.canvas.hits import Hit
from gui.document import settings


@dataclass(frozen=True)
class View:
    """Where somebody looked before they looked into a group."""

    within: str | None
    zoom: float
    centre: QPointF
    all: bool


class Folds(QObject):
    """What keys, menus and the mouse ask for is done here, to the groups that are selected."""

    looked = Signal()  # into another group, or out of it

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._views: list[View] = []  # from the whole document to where one looks now
        self.steps_into: bool = settings.get("step_into_groups")
        desk.bridge.told.connect(self._on_told)
        desk.selection.reveal_requested.connect(self._on_reveal)
        self._hush()

    # --- how the pass goes

    def toggle_stepping(self) -> None:
        """Let the pass step into folded groups, or over them; the choice is kept."""
        self.steps_into = not self.steps_into
        settings.put("step_into_groups", self.steps_into)
        self._hush()

    def _hush(self) -> None:
        """What is not seen is one step, unless the pass steps into groups."""
        desk = self._desk
        desk.bridge.player.quiet = () if self.steps_into else quiet_steps(desk.shown, desk.now.telling)

    def _on_told(self, now: Now) -> None:
        if now.change or now.loaded or now.numbers_changed:
            self._hush()
        if self._desk.showing.within is None and self._views:  # the group that was looked into is gone
            self._views.clear()
            self.looked.emit()

    def _on_reveal(self, ids: tuple[str, ...]) -> None:
        """What is to be shown and is not in the group that is looked into is shown in the whole document."""
        shown = self._desk.shown
        if shown.cover.within is not None and not shown.real.grouping.within(shown.cover.within).intersection(ids):
            self._leave()
            self._desk.selection.real.select(ids)

    # --- which groups are meant

    def cards(self) -> list[str]:
        """The folded groups whose cards are selected."""
        cards = self._desk.shown.cover.cards
        chosen = self._desk.selection.nodes
        return [facts.group for id, facts in cards.items() if facts.group and id in chosen]

    def open_ones(self) -> list[str]:
        """The open groups that the selected nodes are in: of each node the innermost."""
        grouping, within = self._desk.graph.grouping, self._desk.showing.within
        if not grouping.groups:
            return []
        shown = (id for id in self._desk.selection.nodes if id in self._desk.now.graph.nodes)
        homes = dict.fromkeys(grouping.home[id] for id in shown if id in grouping.home)
        parents = dict.fromkeys(parent for id in self.cards() if (parent := grouping.groups[id].parent) is not None)
        return [id for id in homes | parents if id != within and not grouping.groups[id].folded]

    # --- folding

    def fold(self, ids: Iterable[str]) -> None:
        """Show groups as cards."""
        self._change(list(ids), edits.fold_in_place, "Folding the groups")

    def fold_all(self, ids: Iterable[str]) -> None:
        """The same of all there are, or of all of a kind: nobody has chosen them, and so nothing is selected."""
        self._change(list(ids), edits.fold_in_place, "Folding the groups", are_chosen=False)

    def unfold(self, ids: Iterable[str]) -> None:
        """Show what is in groups, where they stand."""
        self._change(list(ids), edits.open_in_place, "Opening the groups")

    def open_all(self, ids: Iterable[str]) -> None:
        """Show what is in many groups: where they stand, or else so that all of it is seen as large as can be."""
        aspect, within = self._desk.camera.aspect(), self._desk.showing.within
        make = partial(edits.open_all, aspect=aspect, within=within)
        self._change(list(ids), make, "Opening the groups", are_chosen=False)

    def toggle(self) -> None:
        """Open the cards that are selected; else fold the groups of the nodes that are; else say what is needed."""
        if cards := self.cards():
            self.unfold(cards)
        elif groups := self.open_ones():
            self.fold(groups)
        else:
            self._desk.tell("Select the card of a group to open it, or a node of an open group to fold that.")

    def _change(
        self, ids: list[str], make: Callable[[Graph, list[str]], Change], title: str, are_chosen: bool = True
    ) -> None:
        size = sum(len(self._desk.graph.grouping.within(id)) for id in ids)
        if ids:
            self._desk.bridge.real.steps.edit(
                title, lambda graph: make(graph, ids), size, lambda change: self._show(ids, are_chosen)
            )

    def _show(self, ids: list[str], are_chosen: bool) -> None:
        """Select what was folded or opened, if somebody had chosen it, and go there if it is not seen whole."""
        shown = self._desk.shown
        nodes = {node for id in ids if id in shown.real.groups for node in shown.real.grouping.within(id)}
        seen = shown.ids_of(nodes)
        self._desk.selection.select(seen if are_chosen else ())
        if self._desk.camera.shows_all:
            self._desk.camera.fit_all()
        else:
            self._desk.camera.show_nodes(seen)

    # --- looking into one

    @property
    def path(self) -> tuple[str, ...]:
        """The groups from the outermost to the one that is looked into; none where the whole document is shown."""
        within = self._desk.shown.cover.within
        return () if within is None else self._desk.now.graph.grouping.chain_of(within)

    def look_into_chosen(self) -> None:
        """Look into the card that is selected, or into the group of the selected nodes."""
        groups = self.cards() or self.open_ones()
        if len(groups) == 1:
            self.look_into(groups[0])
        else:
            self._desk.tell("Select the card of one group to look into it.")

    def look_into(self, group: str) -> None:
        """Show only what is in a group, and what it hangs on."""
        if group not in self._desk.now.graph.groups or group == self._desk.showing.within:
            return
        camera = self._desk.camera
        self._views.append(View(self._desk.showing.within, camera.zoom, camera.centre(), camera.shows_all))
        self._go(group)
        camera.fit_all(animated=False)

    def go_back(self) -> bool:
        """Go back to where one looked from. Gives whether one has looked into a group."""
        if self._desk.showing.within is None:
            return False
        self._go_back_to(self._views.pop() if self._views else None)
        return True

    def go_to(self, group: str | None) -> None:
        """Go to a group of the path, or to the whole document: None."""
        at = next((row for row, view in enumerate(self._views) if view.within == group), None)
        if at is None:
            self._leave(group)
            return
        view = self._views[at]
        del self._views[at:]
        self._go_back_to(view)

    def _leave(self, group: str | None = None) -> None:
        """Go where one has not come from: the whole document, or a group."""
        if group is None:
            self._views.clear()
        self._go(group)
        self._desk.camera.fit_all(animated=False)

    def _go_back_to(self, view: View | None) -> None:
        left = self._desk.showing.within
        self._go(None if view is None else view.within)
        if view is None or view.all:
            self._desk.camera.fit_all(animated=False)
        else:
            self._desk.camera.look_at(view.zoom, view.centre, animated=False)
        if left in self._desk.now.graph.groups and left is not None:
            self._desk.selection.select(self._desk.shown.ids_of(self._desk.now.graph.grouping.within(left)))

    def _go(self, group: str | None) -> None:
        self._desk.selection.select()
        self._desk.hover = Hit()
        self._desk.scene.look_into(group, self._desk.now.frame)
        self._hush()
        self.looked.emit()
