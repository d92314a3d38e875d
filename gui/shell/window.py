"""The window as its actions see it: the parts that they reach, and what they ask of the whole."""

from typing import Protocol

from gui.canvas.view import CanvasView
from gui.document.bridge import Bridge
from gui.document.clipboard import Clipboard
from gui.document.files import Files
from gui.document.preferences import Preferences
from gui.document.rescue import Rescue
from gui.document.selection import Selection
from gui.panels.palette import Palette
from gui.shell.data_door import DataDoor
from gui.shell.dialogs.opener import Dialogs
from gui.shell.doors import Doors
from gui.shell.edit_actions import EditActions
from gui.shell.focus import PaneFocus
from gui.shell.panes import Panels
from gui.shell.presenting.presenter import Presenter
from gui.shell.status_bar import StatusBar


class Window(Protocol):
    """What the main window has for its actions."""

    bridge: Bridge
    selection: Selection
    preferences: Preferences
    files: Files
    rescue: Rescue
    clipboard: Clipboard
    canvas: CanvasView
    panels: Panels
    ops: Palette
    editing: EditActions
    dialogs: Dialogs
    doors: Doors
    data_door: DataDoor
    status: StatusBar
    focus: PaneFocus
    presenting: bool
    presenter: Presenter

    def begin_action(self) -> None:
        """An action begins: what was said about the previous one is cleared."""

    def toggle_rail(self) -> None: ...
    def show_seed(self) -> None: ...
    def show_training(self) -> None: ...
    def learn_slowly(self) -> None: ...
    def toggle_presentation(self) -> None: ...
    def close(self) -> bool: ...
