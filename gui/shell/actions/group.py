"""The actions of the Graph menu that are about groups, regions and notes."""

from gui.shell.actions.action import Action, picked

GROUPS = (
    Action("group", "Group", "Make a group of the selected nodes, and name it", lambda w: w.canvas.gathering.group(),
           ("Ctrl+G",), enabled=picked),
    Action("ungroup", "Ungroup", "Take the selected groups apart; what is in them stays",
           lambda w: w.canvas.gathering.ungroup(), ("Ctrl+Shift+G",),
           enabled=lambda w: bool(w.canvas.gathering.whole_groups())),
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
