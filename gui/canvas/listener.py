"""What the canvas does when something has happened elsewhere: to the graph, the player, the selection or the theme."""

from PySide6.QtCore import QObject

from engine.show.now import Now
from gui.canvas.description import description
from gui.canvas.desk import Desk
from gui.canvas.follow import Follower
from gui.canvas.hint import Hint
from gui.canvas.model.directions import directions
from gui.canvas.overlay import Overlay
from gui.canvas.paint.asides import rect_of
from gui.canvas.tools import Tools
from gui.document.selection import AsideKey
from gui.look.theme import themes


class Listener(QObject):
    """Tells the scene, the tools and the overlay, in the order in which they need to know."""

    def __init__(self, desk: Desk, tools: Tools, overlay: Overlay, follower: Follower, hint: Hint) -> None:
        super().__init__(desk)
        self._desk, self._tools, self._overlay, self._follower, self._hint = desk, tools, overlay, follower, hint
        desk.scene.dirtied = overlay.backdrop.mark
        desk.scene.edge_layer.late = overlay.backdrop.mark_late
        overlay.backdrop.look_for_labels = desk.scene.edge_layer.look_for_labels
        desk.scene.bettered = overlay.backdrop.soften
        desk.scene.stirred, desk.scene.sight = overlay.backdrop.stir, desk.camera.visible_scene
        desk.scene.edge_layer.is_stirred = lambda: overlay.backdrop.is_stirred
        desk.bridge.told.connect(self._on_told)
        desk.selection.changed.connect(self._on_selection)
        desk.walked.connect(self._on_walk)
        tools.changed.connect(self._on_hand)
        self._choice = ""  # what is said of what is chosen by keys
        desk.selection.reveal_requested.connect(self._on_reveal)
        desk.selection.real.aside_revealed.connect(self._on_aside)
        desk.camera.looked.connect(self._on_look)
        themes.changed.connect(self._on_theme)
        desk.bridge.real.lens.edges_changed.connect(self._on_edges)
        self._show_whole()

    def _on_told(self, now: Now) -> None:
        if now.loaded:
            self._tools.cancel()
            self._desk.selection.select()  # what was dropped has not brought the old selection back
        if now.change or now.loaded:  # the same graph may be opened over itself
            self._show_change(now)
        else:
            self._show_frame(now)
        if now.loaded:
            self._desk.camera.fit_all(animated=False)

    def _show_change(self, now: Now) -> None:
        self._tools.graph_changed()
        self._desk.scene.apply(now.change, now.graph, now.frame)
        if self._desk.scene.stage.wording != now.wording:  # a canvas that is new has heard of no language yet
            self._desk.scene.show_frame(now.frame, now.wording)
        self._tools.mark()
        if now.content_changed:
            self._show_whole()
        self._desk.editor.follow_change()
        self._desk.aside_editor.follow_change()
        self._overlay.leave()
        self._overlay.refresh()

    def _show_frame(self, now: Now) -> None:
        if now.wording_changed:
            self._describe()
        before = self._desk.scene.stage.frame
        self._desk.scene.show_frame(now.frame, now.wording)
        self._overlay.follow(before, now.frame)
        self._follower.follow(now.frame)

    def _on_edges(self) -> None:
        self._desk.scene.show_on_edges(self._desk.bridge.real.lens.on_edges)

    def _on_selection(self) -> None:
        self._desk.bridge.end_gesture()  # nudges of another selection are another step
        self._tools.mark()
        self._describe()

    def _on_walk(self) -> None:
        self._tools.mark()
        self._describe()

    def _on_hand(self) -> None:
        """What is chosen by keys is told as well to those who do not see it."""
        choice = self._tools.state.sentence if self._tools.state.by_keys else ""
        if choice != self._choice:
            self._choice = choice
            self._describe()

    def _on_reveal(self, ids: tuple[str, ...]) -> None:
        """Go to nodes; of one in a folded group, to its card."""
        shown = self._desk.shown
        seen = shown.ids_of(ids)
        self._desk.camera.center_on_nodes(seen)
        self._overlay.flash(tuple(id for id in shown.graph.nodes if id in seen))
        if len(ids) == 1 and (card := shown.where(ids[0])):
            self._desk.tell(f"{self._desk.document.nodes[ids[0]].name} is in “{card}”: F7 opens it where it stands.")

    def _on_aside(self, key: AsideKey) -> None:
        shown = self._desk.scene.asides.shown.get(key)
        if shown is not None:
            self._desk.camera.center_on(rect_of(shown.box))

    def _on_look(self) -> None:
        self._desk.camera.view.viewport().update()
        self._desk.editor.place()
        self._desk.aside_editor.follow_look()
        self._hint.centre()
        self._tools.scroll_along()
        self._overlay.refresh()

    def _on_theme(self) -> None:
        self._overlay.backdrop.drop()
        self._desk.scene.repaint()
        self._desk.camera.view.viewport().update()

    def _show_whole(self) -> None:
        """What is said of the graph as a whole: to a screen reader, and where there is nothing yet."""
        self._describe()
        self._hint.setVisible(not (self._desk.graph.nodes or self._desk.scene.asides.shown))
        self._hint.centre()

    def _describe(self) -> None:
        desk, stop = self._desk, self._desk.stop
        if desk.scene.shown is not desk.shown:
            return  # another document is being opened: the scene follows in a moment, and is described then
        there = directions(desk.scene.stage, stop) if stop is not None else ""
        words = (description(desk.seen, *desk.selection.chosen), self._choice or there)
        desk.camera.view.setAccessibleDescription(" ".join(filter(None, words)))
