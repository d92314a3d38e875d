"""Every action of the program: one row in the file of its menu; menus, buttons, the command palette and F1 find it."""

from gui.shell.actions import edit, file, graph, help, play, view
from gui.shell.actions.action import rows_of

MENUS = (file.MENU, edit.MENU, view.MENU, graph.MENU, play.MENU, help.MENU)
ACTIONS = {action.id: action for _, action in rows_of(MENUS)}
TOP_BAR = sorted((action for action in ACTIONS.values() if action.button), key=lambda action: action.button)
