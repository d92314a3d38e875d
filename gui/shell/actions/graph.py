"""The actions of the Graph menu."""

from engine.edits.exercise import lock_nodes
from engine.graph.exercise import exercise_of
from gui.canvas import parts, rewiring
from gui.canvas.pushed import push_by_keys
from gui.shell.actions.action import Action, Menu, has_backward, has_nodes, picked, picked_any, picked_one
from gui.shell.actions.align import MENU as ALIGN
from gui.shell.actions.group import GROUPS, REGIONS
from gui.shell.scalars import write_out
from gui.shell.window import Window


def _locked(w: Window) -> set[str]:
    return set(exercise_of(w.bridge.now.graph).locked)


def _toggle_lock(w: Window) -> None:
    """Lock the selected nodes; unlock them where all are locked."""
    chosen, locked = w.selection.nodes, _locked(w)
    w.bridge.edit(lambda graph: lock_nodes(graph, sorted(chosen), not chosen <= locked))


MENU = Menu("Graph", (
    (
        Action("search_ops", "Add…", "Search for an operation, a number or an expression, and put it on the canvas",
               lambda w: w.canvas.desk.quick_add(), ("Tab",), "add", on_canvas=True),
    ),
    (
        Action("target", "Make target", "Start the backward pass at the selected node",
               lambda w: w.editing.make_target(), ("Ctrl+M",), "target", enabled=picked_one, button=4),
        Action("seed", "Seed…", "Choose the gradient that is put into the target", lambda w: w.show_seed(),
               enabled=lambda w: w.bridge.now.graph.target is not None),
        Action("arrange", "Arrange", "Lay the graph out from left to right", lambda w: w.editing.arrange(),
               ("Ctrl+L",), "arrange", enabled=has_nodes, button=3),
        ALIGN,
    ),
    (
        Action("swap", "Swap the inputs", "Let the two inputs of the node, or two selected edges, change places",
               lambda w: rewiring.swap(w.canvas.desk), ("Alt+X",), enabled=picked_any),
        Action("lock", "Lock", "Let the selected nodes only be moved, as in an exercise for students",
               lambda w: _toggle_lock(w), enabled=picked,
               checked=lambda w: bool(w.selection.nodes) and w.selection.nodes <= _locked(w)),
        Action("expand", "Take apart", "Replace the selected operations by what they are made of",
               lambda w: parts.take_apart(w.canvas.desk), ("Ctrl+T",), "expand",
               enabled=lambda w: bool(parts.made_of_others(w.canvas.desk)),
               lacking="Select an operation that is made of others first, such as a sigmoid"),
        Action("fuse", "Put together", "Replace the selected nodes by the one operation they spell out",
               lambda w: parts.put_together(w.canvas.desk), ("Ctrl+Shift+T",), "fuse",
               enabled=lambda w: parts.what_they_spell(w.canvas.desk) is not None,
               lacking="Select the nodes of one operation first, such as those that a sigmoid is made of"),
        Action("scalars", "As scalars", "Write every tensor out as scalars, in a document of its own",
               write_out, enabled=has_nodes),
    ),
    (Menu("Groups", (GROUPS,)), *REGIONS),
    (
        Action("check", "Check gradients", "Compare every gradient with central differences",
               lambda w: w.dialogs.check_gradients(), ("F9",), "check", enabled=has_backward, button=5),
        Action("push", "Push it", "Look what a push of the selected leaf would do at every node, by keys",
               lambda w: push_by_keys(w.canvas.desk, w.canvas.tools), ("Alt+N",), enabled=picked_one),
        Action("train", "Train…", "Let the parameters learn, and watch the loss fall", lambda w: w.show_training(),
               ("Ctrl+R",), "train", button=6),
    ),
))  # fmt: skip
