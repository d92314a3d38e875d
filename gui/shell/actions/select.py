"""The actions of Edit ▸ Select: by who feeds whom, by what it computes, and everything else."""

from gui.shell.actions.action import Action, Menu, has_nodes, picked, picked_any, picked_two

MENU = Menu("Select", (
    (
        Action("select_all", "Select all", "Select every node", lambda w: w.editing.select_all(), ("Ctrl+A",),
               "select-all", enabled=has_nodes, beside_typing=True),
        Action("select_others", "Invert", "Select what is not selected, and nothing else",
               lambda w: w.canvas.selecting.invert(), ("Ctrl+I",), enabled=has_nodes),
    ),
    (
        Action("select_upstream", "Upstream", "Add everything that feeds what is selected",
               lambda w: w.canvas.selecting.upstream(), ("Ctrl+U",), enabled=picked_any),
        Action("select_downstream", "Downstream", "Add everything that is fed by what is selected",
               lambda w: w.canvas.selecting.downstream(), ("Ctrl+J",), enabled=picked_any),
        Action("select_path", "Along the path", "Add all that stands on a path between the selected nodes",
               lambda w: w.canvas.selecting.path(), ("Ctrl+P",), enabled=picked_two),
    ),
    (
        Action("select_same", "Same operation", "Select all nodes that compute the same",
               lambda w: w.canvas.selecting.same_op(), ("Ctrl+Shift+A",), enabled=picked),
    ),
))  # fmt: skip
