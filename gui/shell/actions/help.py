"""The actions of the Help menu."""

from gui.shell.actions.action import Action, Menu
from gui.shell.actions.file import EXAMPLES

MENU = Menu("Help", (
    (
        Action("shortcuts", "Keyboard shortcuts", "All the keys in one table", lambda w: w.dialogs.show_shortcuts(),
               ("F1",), "help"),
        Action("tour", "Take the tour", "Five steps on the canvas: drag, connect, change, play, save",
               lambda w: w.doors.show_tour()),
        EXAMPLES,
    ),
    (
        Action("about", "About Gradloom", "What Gradloom is, and its version", lambda w: w.dialogs.show_about(),
               icon="info"),
    ),
))  # fmt: skip
