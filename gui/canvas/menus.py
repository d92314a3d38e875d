"""The context menus of a node and of an edge."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from engine import edits
from engine.graph.records import EdgeKey, Node
from engine.ops.op import OPS, Setting
from gui.canvas import parts

if TYPE_CHECKING:
    from gui.canvas.commands import Commands


def node_menu(view: Commands, id: str) -> QMenu:
    """What one can do with a node; Duplicate and Delete are for all that are selected."""
    node, menu = view.bridge.graph.nodes[id], QMenu(view)
    if node.op.holds_value:
        _add(menu, "Edit value", lambda: view.edit_value(id), "Enter")
    _add(menu, "Rename", lambda: view.rename(id), "F2")
    if view.bridge.graph.target == id:
        _add(menu, "Clear the target", lambda: view.bridge.edit(lambda g: edits.set_target(g, None)))
    else:
        _add(menu, "Make this the target", lambda: view.bridge.edit(lambda g: edits.set_target(g, id)))
    if node.op.holds_value:
        _add_leaf_kinds(view, menu, node)
    for setting in node.op.settings:
        _add_setting(view, menu, node, setting)
    menu.addSeparator()
    if parts.made_of_others(view):
        _add(menu, "Take apart", lambda: parts.take_apart(view), "Ctrl+T")
    if (match := parts.what_they_spell(view)) is not None:
        _add(menu, f"Put together: {match.op.title}", lambda: parts.put_together(view), "Ctrl+Shift+T")
    _add(menu, "Duplicate", view.duplicate_selected)
    _add(menu, "Delete", view.delete_selected, "Del")
    return menu


def edge_menu(view: Commands, key: EdgeKey) -> QMenu:
    """What one can do with an edge."""
    menu = QMenu(view)
    source = view.bridge.graph.edges[key].source
    _add(menu, "Delete edge", view.delete_selected, "Del")
    _add(menu, f"Go to {view.bridge.graph.nodes[source].name}", lambda: view.selection.reveal([source]))
    _add(menu, f"Go to {view.bridge.graph.nodes[key[0]].name}", lambda: view.selection.reveal([key[0]]))
    return menu


def _add(menu: QMenu, text: str, do: Callable[[], object], key: str = "") -> QAction:
    """An entry; `key` is only shown, the canvas itself listens to it."""
    action = menu.addAction(f"{text}\t{key}" if key else text)
    action.triggered.connect(lambda: do())
    return action


def _add_leaf_kinds(view: Commands, menu: QMenu, node: Node) -> None:
    menu.addSeparator()
    group = QActionGroup(menu)
    for op in (op for op in OPS.values() if op.is_leaf and len(op.outputs) == 1):
        action = menu.addAction(f"Set as {op.title.lower()}")
        action.setCheckable(True)
        action.setChecked(op.name == node.op_name)
        action.triggered.connect(partial(_change_op, view, node.id, op.name))
        group.addAction(action)


def _change_op(view: Commands, id: str, op: str, *_: object) -> None:
    view.bridge.edit(lambda graph: edits.change_op(graph, id, op))


def _add_setting(view: Commands, menu: QMenu, node: Node, setting: Setting) -> None:
    """A tick for yes and no, a submenu for choices; other settings are the inspector's."""
    chosen = node.setting(setting.name)
    if isinstance(setting.default, bool):
        action = menu.addAction(setting.title)
        action.setCheckable(True)
        action.setChecked(bool(chosen))
        action.triggered.connect(partial(_set, view, node.id, setting.name, not chosen))
    elif setting.choices:
        submenu = menu.addMenu(setting.title)
        for choice in setting.choices:
            action = submenu.addAction(str(choice))
            action.setCheckable(True)
            action.setChecked(choice == chosen)
            action.triggered.connect(partial(_set, view, node.id, setting.name, choice))


def _set(view: Commands, id: str, name: str, value: Any, *_: object) -> None:
    view.bridge.edit(lambda graph: edits.set_setting(graph, id, name, value))
