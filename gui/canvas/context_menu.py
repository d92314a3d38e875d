"""The context menus of a node and of an edge."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from engine import edits
from engine.graph.change import Change
from engine.graph.records import EdgeKey, Node
from engine.graph.sliders import can_slide, slider_of
from engine.ops.op import OPS
from engine.ops.setting import Setting
from engine.values.steps import usual_range
from gui.canvas import parts
from gui.canvas.desk import Desk
from gui.canvas.hits import Hit
from gui.canvas.newcomers import Newcomers
from gui.canvas.selected import Selected
from gui.look.as_is import as_is, unmarked


class ContextMenus:
    """What is under the mouse is selected first: Duplicate and Delete are for all that are selected."""

    def __init__(self, desk: Desk, selected: Selected, newcomers: Newcomers) -> None:
        self._desk, self._selected, self._newcomers = desk, selected, newcomers

    def open(self, hit: Hit, place: QPoint) -> None:
        """Show the menu of what was hit at a place of the screen."""
        if hit.id and hit.id not in self._desk.selection.nodes:
            self._desk.selection.select([hit.id])
        if hit.edge is not None and hit.edge not in self._desk.selection.edges:
            self._desk.selection.select(edges=[hit.edge])
        if hit.id or hit.edge is not None:
            menu = self.node_menu(hit.id) if hit.edge is None else self.edge_menu(hit.edge)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(place)

    def node_menu(self, id: str) -> QMenu:
        """What one can do with a node."""
        desk, menu = self._desk, QMenu(self._desk.camera.view)
        node = desk.graph.nodes[id]
        if node.op.holds_value:
            _add(menu, "Edit value", lambda: desk.editor.type_value(id), "Enter")
        _add(menu, "Rename", lambda: desk.editor.type_name(id), "F2")
        if desk.graph.target == id:
            _add(menu, "Clear the target", _edit(desk, edits.set_target, None))
        else:
            _add(menu, "Make this the target", _edit(desk, edits.set_target, id))
        if node.op.holds_value:
            _add_leaf_kinds(desk, menu, node)
        if can_slide(desk.graph, id):
            _add_slider(desk, menu, id)
        for setting in node.op.settings:
            _add_setting(desk, menu, node, setting)
        menu.addSeparator()
        if parts.made_of_others(desk):
            _add(menu, "Take apart", lambda: parts.take_apart(desk), "Ctrl+T")
        if (match := parts.what_they_spell(desk)) is not None:
            _add(menu, f"Put together: {match.op.title}", lambda: parts.put_together(desk), "Ctrl+Shift+T")
        _add(menu, "Duplicate", self._newcomers.duplicate_selected)
        _add(menu, "Delete", self._selected.delete, "Del")
        return menu

    def edge_menu(self, key: EdgeKey) -> QMenu:
        """What one can do with an edge."""
        desk, menu = self._desk, QMenu(self._desk.camera.view)
        source = desk.graph.edges[key].source
        _add(menu, "Delete edge", self._selected.delete, "Del")
        for id in (source, key[0]):
            _add(menu, f"Go to {desk.graph.nodes[id].name}", partial(desk.selection.reveal, [id]))
        return menu


def _add(menu: QMenu, text: str, do: Callable[[], object], key: str = "", ticked: bool | None = None) -> QAction:
    """An entry; `key` is only shown, the canvas itself listens to it. `ticked`: it is a choice, made or not."""
    action = menu.addAction(unmarked(f"{text}\t{key}" if key else text))
    action.setToolTip(as_is(text))  # else Qt makes one of the text, which it may take for HTML
    action.triggered.connect(lambda: do())
    if ticked is not None:
        action.setCheckable(True)
        action.setChecked(ticked)
    return action


def _edit(desk: Desk, make: Callable[..., Change], *args: Any) -> Callable[[], object]:
    """What makes an edit of the graph when it is called."""
    return lambda: desk.bridge.edit(lambda graph: make(graph, *args))


def _add_leaf_kinds(desk: Desk, menu: QMenu, node: Node) -> None:
    menu.addSeparator()
    group = QActionGroup(menu)
    for op in (op for op in OPS.values() if op.is_leaf and len(op.outputs) == 1):
        change = _edit(desk, edits.change_op, node.id, op.name)
        group.addAction(_add(menu, f"Set as {op.title.lower()}", change, ticked=op.name == node.op_name))


def _add_slider(desk: Desk, menu: QMenu, id: str) -> None:
    """A tick: the ends are the inspector's."""
    shown, value = slider_of(desk.graph, id) is not None, desk.graph.nodes[id].value
    ends = usual_range(float(value)) if value is not None else (-1.0, 1.0)
    turn = _edit(desk, edits.remove_slider, id) if shown else _edit(desk, edits.set_slider, id, *ends)
    _add(menu, "Slider", turn, ticked=shown)


def _add_setting(desk: Desk, menu: QMenu, node: Node, setting: Setting) -> None:
    """A tick for yes and no, a submenu for choices; other settings are the inspector's."""
    chosen = node.setting(setting.name)
    if isinstance(setting.default, bool):
        _add(
            menu, setting.title, _edit(desk, edits.set_setting, node.id, setting.name, not chosen), ticked=bool(chosen)
        )
    elif setting.choices:
        submenu = menu.addMenu(unmarked(setting.title))
        for choice in setting.choices:
            choose = _edit(desk, edits.set_setting, node.id, setting.name, choice)
            _add(submenu, str(choice), choose, ticked=choice == chosen)
