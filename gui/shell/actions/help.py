"""The actions of the Help menu."""

from gui.shell.actions.action import Action, Menu
from gui.shell.actions.file import EXAMPLES

MENU = Menu("Help", (
    (
        Action("shortcuts", "Keyboard shortcuts", "All the keys in one table", lambda w: w.dialogs.show_shortcuts(),
               ("F1",), "help"),
        EXAMPLES,
    ),
    (
        Action("about", "About Gradloom", "What Gradloom is, and its version", lambda w: w.dialogs.show_about(),
               icon="info"),
    ),
))  # fmt: skip
