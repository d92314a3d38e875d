"""The context menus: of a node, of several, of an edge, of a port, and of the empty canvas."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from engine import edits
from engine.edits.quick import Around
from engine.graph.records import EdgeKey
from gui.canvas import parts, rewiring
from gui.canvas.aside_entries import add_colours
from gui.canvas.desk import Desk
from gui.canvas.gathering import Gathering
from gui.canvas.hits import Hit
from gui.canvas.menu_entries import add, add_goals, add_node_kinds, add_sources, add_swaps, edit
from gui.canvas.newcomers import Newcomers
from gui.canvas.selected import Selected
from gui.document.selection import AsideKey

LINE_UP = ("align_", "distribute_")  # how the ids of what puts nodes in line begin
SELECT = ("select_upstream", "select_downstream", "select_same", "select_others")


class ContextMenus(QObject):
    """What is under the mouse is selected first: Duplicate and Delete are for all that are selected."""

    paste_asked = Signal(QPointF)  # at a place of the scene

    def __init__(self, desk: Desk, selected: Selected, newcomers: Newcomers, gathering: Gathering) -> None:
        super().__init__(desk)
        self._desk, self._selected, self._newcomers, self._gathering = desk, selected, newcomers, gathering
        self._lent: Mapping[str, QAction] = {}

    def lend(self, actions: Mapping[str, QAction]) -> None:
        """Actions of the window, by id: those that belong to what is under the mouse stand in its menu too."""
        self._lent = actions

    # --- where they open

    def open_at(self, spot: QPoint) -> None:
        """Show the menu of what is at a spot of the viewport."""
        hit = self._desk.hit(self._desk.camera.view.mapToScene(spot))
        if hit.id and hit.id not in self._desk.selection.nodes:
            self._desk.selection.select([hit.id])
        if hit.edge is not None and hit.edge not in self._desk.selection.edges:
            self._desk.selection.select(edges=[hit.edge])
        if hit.aside is not None:
            self._select_aside(hit.aside)
        self._open(hit, spot)

    def _select_aside(self, key: AsideKey) -> None:
        if key[0] == "group":
            self._desk.pick(self._desk.document.grouping.within(key[1]))
        elif key not in self._desk.selection.asides:
            self._desk.selection.select(asides=[key])

    def open_by_key(self) -> None:
        """Show the menu of where the keys are, or of all that is selected, beside it."""
        stop, nodes = self._desk.stop, self._desk.selection.nodes
        if stop is not None:
            hit = Hit(stop.place, stop.id if stop.place != "edge" else "", stop.port, stop.edge)
        elif (group := self._gathering.whole_group()) is not None and ("group", group) in self._desk.scene.asides.shown:
            hit = Hit("title", aside=("group", group))
        elif not nodes and self._desk.selection.asides:
            hit = Hit("title", aside=min(self._desk.selection.asides))
        else:
            hit = Hit("node", next(iter(nodes))) if nodes else Hit()
        self._open(hit, self._spot_of(hit))

    def _spot_of(self, hit: Hit) -> QPoint:
        """Where in the viewport something is: the middle of it, as far as it is seen."""
        stage, view = self._desk.scene.stage, self._desk.camera.view
        seen = view.viewport().rect()
        if hit.kind == "canvas":
            return seen.center()
        if hit.aside is not None:
            x, y = self._desk.scene.asides.shown[hit.aside].box[:2]
        elif hit.edge is not None:
            x, y = stage.at(hit.edge, 0.5)
        elif hit.kind in ("input", "output"):
            x, y = (stage.input_place if hit.kind == "input" else stage.output_place)(hit.id, hit.port)
        else:
            left, top, right, bottom = stage.box(hit.id)
            x, y = (left + right) / 2, (top + bottom) / 2
        spot = view.mapFromScene(QPointF(x, y))
        return QPoint(min(max(spot.x(), 0), seen.right()), min(max(spot.y(), 0), seen.bottom()))

    def _open(self, hit: Hit, spot: QPoint) -> None:
        menu = self._menu(hit, spot)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._desk.camera.view.viewport().mapToGlobal(spot))

    def _menu(self, hit: Hit, spot: QPoint) -> QMenu:
        if hit.aside is not None:
            return self.aside_menu(hit.aside)
        if hit.edge is not None:
            return self.edge_menu(hit.edge, spot)
        if hit.kind in ("input", "output"):
            return self.port_menu(hit, spot)
        if hit.id in self._desk.shown.cover.cards and len(self._desk.selection.nodes) < 2:
            return self.group_menu()
        if hit.id:
            return self.node_menu(hit.id) if len(self._desk.selection.nodes) < 2 else self.nodes_menu()
        return self.canvas_menu(spot)

    # --- what they offer

    def node_menu(self, id: str) -> QMenu:
        """What one can do with a node."""
        desk, menu = self._desk, self._new()
        if desk.graph.nodes[id].op.holds_value:
            add(menu, "Edit value", lambda: desk.editor.type_value(id), "Enter")
        add(menu, "Rename", lambda: desk.editor.type_name(id), "F2")
        if desk.graph.target == id:
            add(menu, "Clear the target", edit(desk, edits.set_target, None))
        else:
            add(menu, "Make this the target", edit(desk, edits.set_target, id))
        add_node_kinds(desk, menu, id)
        add(menu, f"About {desk.graph.nodes[id].op.title}…", desk.look_up, "F1")
        self._add_edits(menu)
        return menu

    def nodes_menu(self) -> QMenu:
        """What one can do with several nodes."""
        menu = self._new()
        lines = [id for id in self._lent if id.startswith(LINE_UP) and self._lent[id].isEnabled()]
        if lines:
            submenu = menu.addMenu("Align")
            self._add_lent(submenu, *lines)
        self._add_edits(menu)
        return menu

    def _add_edits(self, menu: QMenu) -> None:
        """What is done with all that are selected."""
        desk = self._desk
        menu.addSeparator()
        if rewiring.can_swap(desk):
            add(menu, "Swap the inputs", lambda: rewiring.swap(desk), "Alt+X")
        if parts.made_of_others(desk):
            add(menu, "Take apart", lambda: parts.take_apart(desk), "Ctrl+T")
        if (match := parts.what_they_spell(desk)) is not None:
            add(menu, f"Put together: {match.op.title}", lambda: parts.put_together(desk), "Ctrl+Shift+T")
        menu.addSeparator()
        self._add_lent(menu, "group", "ungroup", "region")
        menu.addSeparator()
        self._add_lent(menu, "cut", "copy")
        add(menu, "Duplicate", self._newcomers.duplicate_selected, "Ctrl+D")
        if any(desk.graph.into(id) for id in desk.selection.nodes):
            add(menu, "Duplicate without edges", partial(self._newcomers.duplicate_selected, False), "Ctrl+Shift+D")
        add(menu, "Delete", self._selected.delete, "Del")
        add(menu, "Delete and join", lambda: rewiring.take_out(desk), "Ctrl+Del")
        if any(self._can_lend(id) for id in SELECT):
            self._add_lent(menu.addMenu("Select"), *SELECT)

    def aside_menu(self, key: AsideKey) -> QMenu:
        """What one can do with a region, a note or an open group."""
        menu, gathering = self._new(), self._gathering
        if key[0] == "group":
            return self.group_menu()
        add(menu, "Edit the text" if key[0] == "note" else "Rename", gathering.rename, "F2")
        if gathering.regions():
            add_colours(menu, gathering)
        menu.addSeparator()
        if key[0] == "note":
            self._add_lent(menu, "cut", "copy")
        add(menu, "Delete the note" if key[0] == "note" else "Delete the box alone", self._selected.delete, "Del")
        return menu

    def group_menu(self) -> QMenu:
        """What one can do with the group that is selected, be it a card or open."""
        menu = self._new()
        add(menu, "Rename", self._gathering.rename, "F2")
        self._add_lent(menu, "fold", "look_into", "ungroup", "keep_block")
        self._add_edits(menu)
        return menu

    def edge_menu(self, key: EdgeKey, spot: QPoint | None = None) -> QMenu:
        """What one can do with an edge. Its label is a part of it."""
        desk, menu = self._desk, self._new()
        source = desk.graph.edges[key].source
        add(menu, "Delete edge" if len(desk.selection.edges) < 2 else "Delete edges", self._selected.delete, "Del")
        add(menu, "Put something into it…", lambda: desk.quick_add(spot, Around(edge=key)))
        if rewiring.can_swap(desk):
            add(menu, "Let the two edges change places", lambda: rewiring.swap(desk), "Alt+X")
        else:
            add_swaps(desk, menu, *key)
        menu.addSeparator()
        for id in (source, key[0]):
            add(menu, f"Go to {desk.graph.nodes[id].name}", partial(desk.selection.reveal, [id]))
        return menu

    def port_menu(self, hit: Hit, spot: QPoint | None = None) -> QMenu:
        """What one can do with a port."""
        desk, menu, id, port = self._desk, self._new(), hit.id, hit.port
        if hit.kind == "input":
            add_sources(desk, menu, id, port)
            add(menu, "Add what feeds it…", lambda: desk.quick_add(spot, Around(port=(id, port))))
            add_swaps(desk, menu, id, port)
            if (id, port) in desk.graph.edges:
                add(menu, "Disconnect", edit(desk, edits.disconnect, (id, port)))
            return menu
        add_goals(desk, menu, id, port)
        add(menu, "Add what it feeds…", lambda: desk.quick_add(spot, Around(source=(id, port))))
        leaving = [edge.key for edge in desk.graph.out_of(id) if edge.output == port]
        if leaving:
            add(menu, "Disconnect" if len(leaving) == 1 else "Disconnect all", edit(desk, edits.delete, (), leaving))
        return menu

    def canvas_menu(self, spot: QPoint) -> QMenu:
        """What one can do at a place where there is nothing."""
        desk, menu = self._desk, self._new()
        at = desk.camera.view.mapToScene(spot)
        add(menu, "Add here…", lambda: desk.quick_add(spot))
        add(menu, "Note here", lambda: self._gathering.make_note(at))
        self._add_lent(menu, "region")
        if QGuiApplication.clipboard().text().strip():
            add(menu, "Paste here", lambda: self.paste_asked.emit(at))
        menu.addSeparator()
        self._add_lent(menu, "select_all", "fit", "zoom_selected", "arrange")
        menu.addSeparator()
        self._add_lent(menu, "undo", "redo")
        return menu

    def _new(self) -> QMenu:
        return QMenu(self._desk.camera.view)

    def _can_lend(self, id: str) -> bool:
        return id in self._lent and self._lent[id].isEnabled()

    def _add_lent(self, menu: QMenu, *ids: str) -> None:
        for id in filter(self._can_lend, ids):
            menu.addAction(self._lent[id])
