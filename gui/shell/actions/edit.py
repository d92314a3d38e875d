"""The actions of the Edit menu."""

from engine.export import EXPORTS, Export
from gui.canvas import rewiring
from gui.document.clipboard import PARTIAL
from gui.shell.actions.action import Action, Menu, draws, has_nodes, picked, picked_any, picked_to_copy
from gui.shell.actions.select import MENU as SELECT
from gui.shell.window import Window


def _copy_as(target: Export) -> Action:
    part = target.name == PARTIAL
    tip = "the selected nodes, or of the whole graph" if part else "the whole graph"
    return Action(
        f"copy_as_{target.name}", "Graph text" if part else target.title, f"Copy the text of {tip}",
        lambda w: w.clipboard.copy_as(target), enabled=has_nodes,
    )  # fmt: skip


def _can_undo(w: Window) -> bool:
    """With the pen in the hand the key is about its strokes, and never touches the document."""
    return (w.bridge.document.undo_text is not None or w.bridge.steps.busy) and not draws(w)


def _can_redo(w: Window) -> bool:
    return (w.bridge.document.redo_text is not None or w.bridge.steps.busy) and not draws(w)


MENU = Menu("Edit", (
    (
        Action("undo", "Undo", "Take back the last change", lambda w: w.editing.undo(), ("Ctrl+Z",), "undo",
               enabled=_can_undo, lacking="There is nothing to undo",
               label=lambda w: f"Undo {w.bridge.document.undo_text or ''}".strip(), button=1),
        Action("redo", "Redo", "Redo what was undone", lambda w: w.editing.redo(), ("Ctrl+Shift+Z", "Ctrl+Y"),
               "redo", enabled=_can_redo, lacking="There is nothing to redo",
               label=lambda w: f"Redo {w.bridge.document.redo_text or ''}".strip(), button=2),
    ),
    (
        Action("cut", "Cut", "Remove the selected nodes, to paste them elsewhere", lambda w: w.editing.cut(),
               ("Ctrl+X",), "cut", enabled=picked_to_copy, beside_typing=True),
        Action("copy", "Copy", "Copy the selected nodes and the edges between them", lambda w: w.editing.copy(),
               ("Ctrl+C",), "copy", enabled=picked_to_copy, beside_typing=True),
        Menu("Copy as", (tuple(_copy_as(target) for target in EXPORTS.values() if not target.binary),)),
        Action("paste", "Paste", "Paste nodes, an expression such as (x + y) * z, or a program",
               lambda w: w.clipboard.paste(), ("Ctrl+V",), "paste", beside_typing=True),
        Action("paste_alone", "Paste without edges", "The same, but copies are not fed by what fed the originals",
               lambda w: w.clipboard.paste(connected=False), ("Ctrl+Shift+V",), beside_typing=True),
        Action("duplicate", "Duplicate", "Put copies of the selected nodes beside them, fed by the same nodes",
               lambda w: w.canvas.newcomers.duplicate_selected(), ("Ctrl+D",), "duplicate", enabled=picked),
        Action("duplicate_alone", "Duplicate without edges", "Put copies beside them that nothing else feeds",
               lambda w: w.canvas.newcomers.duplicate_selected(connected=False), ("Ctrl+Shift+D",), enabled=picked),
        Action("delete", "Delete", "Delete the selected nodes and edges", lambda w: w.canvas.selected.delete(),
               ("Del", "Backspace"), "delete", enabled=picked_any),
        Action("take_out", "Delete and join", "Delete the selected nodes; what fed them feeds what they fed",
               lambda w: rewiring.take_out(w.canvas.desk), ("Ctrl+Del", "Ctrl+Backspace"), enabled=picked),
    ),
    (
        Action("expression", "New from expression…", "Type an expression or a small program, and get its graph",
               lambda w: w.dialogs.ask_for_expression(), ("Ctrl+E",), "add"),
    ),
    (
        SELECT,
        Action("rename", "Rename", "Give the selected node, group or region a new name, or edit the note",
               lambda w: w.canvas.selected.rename(), ("F2",), "rename",
               enabled=lambda w: w.canvas.gathering.can_rename,
               lacking="Select one node, group, region or note first"),
    ),
    (
        Action("find", "Find a node…", "Search names, operations and values; Enter goes from one to the next",
               lambda w: w.canvas.finder.open(), ("Ctrl+F",), "search", enabled=has_nodes),
        Action("commands", "Find anything…", "Search actions, settings, operations, examples, documents and nodes",
               lambda w: w.dialogs.find_anything(), ("Ctrl+K", "Ctrl+Shift+P"), "search"),
    ),
))  # fmt: skip
