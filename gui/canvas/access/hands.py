"""What things on the canvas share: where they are on screen, and the hand that does what is asked of them."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible

from engine import edits
from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.graph import Graph
from gui.canvas.context_menu import ContextMenus
from gui.canvas.desk import Desk
from gui.canvas.folds import Folds
from gui.canvas.gestures.choosing import ChoosingPort
from gui.canvas.model.aside_boxes import Aside
from gui.canvas.model.stage import Stage
from gui.canvas.model.walk import Stop
from gui.canvas.selected import Selected
from gui.canvas.tools import Tools
from gui.canvas.walker import Walker
from gui.document.selection import AsideKey
from gui.widgets.things import FOCUS, MENU, PRESS, Deed


class Hands:
    """Does what keys would do: so an edge that is being drawn is seen, and what cannot be is refused in words."""

    def __init__(
        self, desk: Desk, tools: Tools, walker: Walker, selected: Selected, menus: ContextMenus, folds: Folds
    ) -> None:
        self.desk, self._tools, self._walker = desk, tools, walker
        self._selected, self._menus, self._folds = selected, menus, folds

    @property
    def graph(self) -> Graph:
        return self.desk.scene.stage.graph

    @property
    def stage(self) -> Stage:
        return self.desk.scene.stage

    @property
    def asides(self) -> Mapping[AsideKey, Aside]:
        """Regions, notes and open groups."""
        return self.desk.scene.asides.shown

    # --- where things are

    def box(self, left: float, top: float, right: float, bottom: float) -> QRect:
        """A rectangle of the scene, on the whole screen."""
        view = self.desk.camera.view
        seen = view.mapFromScene(QRectF(QPointF(left, top), QPointF(right, bottom))).boundingRect()
        return QRect(view.viewport().mapToGlobal(seen.topLeft()), seen.size())

    def mark(self, state: QAccessible.State, stop: Stop, box: QRect) -> None:
        """What is true of anything that one can stand at."""
        view, here = self.desk.camera.view, self.desk.stop == stop
        state.focusable = state.selectable = 1
        state.selected = here
        state.focused = here and view.hasFocus()
        whole = QRect(view.viewport().mapToGlobal(view.viewport().rect().topLeft()), view.viewport().size())
        state.offscreen = not whole.intersects(box)

    # --- what is done

    def standing(self, stop: Stop, words: str) -> tuple[Deed, ...]:
        """What can be done with anything that one can stand at."""
        return (
            Deed(PRESS, words, lambda: self.go(stop)),
            Deed(FOCUS, "Take the keys here", lambda: self.go(stop)),
            Deed(MENU, "Open its menu", lambda: self._open_menu(stop), "Shift+F10"),
        )

    def go(self, stop: Stop) -> bool:
        """Stand there. What is being typed is taken first; False: it cannot be."""
        if not self.desk.bridge.pending.commit():
            return False
        self._tools.cancel()
        self.desk.camera.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._walker.go(stop)
        return True

    def edit(self, make: Callable[..., Change], *args: Any) -> None:
        """Make an edit, once what is being typed has been taken."""
        if self.desk.bridge.pending.commit():
            self.desk.bridge.edit(lambda graph: make(graph, *args))

    def at(self, stop: Stop, do: Callable[[], object]) -> None:
        """Stand there, and do something with what is selected there."""
        if self.go(stop):
            do()

    def delete(self, stop: Stop) -> None:
        self.at(stop, self._selected.delete)

    def rename(self, stop: Stop) -> None:
        self.at(stop, self._selected.rename)

    # --- regions, notes and groups

    def pick(self, key: AsideKey) -> bool:
        """Select a region, a note or an open group. What is being typed is taken first; False: it cannot be."""
        if not self.desk.bridge.pending.commit():
            return False
        self._tools.cancel()
        self.desk.camera.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if key[0] == "group":
            self.desk.pick(self.desk.document.grouping.within(key[1]))
        else:
            self.desk.pick(asides=[key])
        return True

    def rename_aside(self, key: AsideKey) -> None:
        if self.pick(key):
            self._selected.rename()

    def delete_aside(self, key: AsideKey) -> None:
        if self.pick(key):
            self._selected.delete()

    def fold(self, group: str) -> None:
        self._folds.fold([group])

    def unfold(self, group: str) -> None:
        self._folds.unfold([group])

    def look_into(self, group: str) -> None:
        self._folds.look_into(group)

    @property
    def is_within(self) -> bool:
        """Whether a group is looked into."""
        return bool(self._folds.path)

    def go_back(self) -> None:
        self._folds.go_back()

    # --- edges

    def press_port(self, stop: Stop) -> None:
        """Begin an edge at a port; or end there the one that has begun, or drop it where it began."""
        state = self._tools.state
        if not isinstance(state, ChoosingPort):
            self.at(stop, self._walker.begin)
        elif state.choose(stop):
            self._walker.enter()
        elif state.began_at(stop):
            self._walker.escape()
        else:
            self._refuse(state, stop)

    def stop_edge(self) -> None:
        """Drop the edge that is being drawn."""
        self._walker.escape()

    @property
    def draws_edge(self) -> bool:
        return isinstance(self._tools.state, ChoosingPort)

    def _refuse(self, state: ChoosingPort, stop: Stop) -> None:
        edge = state.edge_to(stop)
        verdict = edits.judge(self.desk.graph, edge.source, edge.dest, edge.port, edge.output) if edge else None
        sentence = verdict.sentence if verdict and verdict.sentence else "An edge goes from an output to an input port."
        self.desk.bridge.refuse(EditRefused(sentence, verdict.ids if verdict else ()))

    def open_menu(self) -> None:
        """Of what is selected."""
        self._menus.open_by_key()

    def _open_menu(self, stop: Stop) -> None:
        self.at(stop, self.open_menu)
