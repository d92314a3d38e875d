"""What the Help menu shows: every keyboard shortcut, made from the table of actions, and what this program is."""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QScrollArea, QWidget

from gui.canvas.keyboard import KEYS
from gui.look import icons
from gui.look.as_is import PlainLabel, window_title
from gui.shell.action_row import ActionRow
from gui.shell.room import fit_dialog
from gui.widgets.boxes import STRETCH, column, scrolling
from gui.widgets.labels import label

TYPING = (
    ("Any letter, digit or sign", "Search for what to add: an operation, a number, w = 0.2, sigmoid(w*x + b)"),
    ("Enter in the search", "Add it, connected to what is selected; with Shift without edges"),
)
MOUSE = (
    ("Double click on the canvas", "Search for what to add there"),
    ("Drop an edge on the canvas", "Search for what is to stand at its other end"),
    ("Ctrl+wheel, pinch", "Zoom at the pointer"),
    ("Wheel, two fingers", "Move the view"),
    ("Drag with the middle button", "Move the view"),
    ("Shift and click", "Select more"),
    ("Ctrl and drag over the canvas", "Cut the edges that the line goes across"),
    ("Drag a number in a panel, or its label", "Change it, as on the canvas"),
    ("↑, ↓ or the wheel while typing a number", "Change it by a step; with Shift finely, with Ctrl coarsely"),
    ("Drag the slider of a leaf", "Change its number within a range: the inspector turns the slider on"),
    ("Alt+wheel over a number", "Change it; with Shift finely, with Ctrl coarsely"),
    ("Ctrl+Shift+wheel over a number", "Change it, where the desktop keeps Alt for itself"),
    ("Drag a number sideways", "Change it; with Shift finely, with Ctrl coarsely; Esc puts it back"),
    ("Alt, or Ctrl+Shift, and drag a number", "Look what a push of it would do; nothing is changed"),
    ("Alt while nodes are dragged", "Make copies, fed by the same nodes; with Shift too, fed by nothing else"),
    (
        "Alt pressed after a drag began",
        "The same as Alt held from the start, which many desktops keep for themselves",
    ),
    ("Ctrl while nodes are dragged", "Let no guide draw them into line"),
    ("Alt while an edge is dropped", "Let it change places with the edge that ends there"),
    ("Drag an operation onto a node", "Make the node that operation; its edges stay"),
    ("Double click in the palette", "Put an operation in the middle"),
)


class HelpDialog(QDialog):
    """Something to read, and a button that closes it."""

    def __init__(self, parent: QWidget, title: str, body: QWidget, width: int, height: int) -> None:
        super().__init__(parent)
        self.setWindowTitle(window_title(title))
        buttons = QDialogButtonBox()
        buttons.addButton("Close", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self._leave)
        column(self, -1, body, buttons, margins=(16, 16, 16, 16))
        fit_dialog(self, QSize(width, height))

    def _leave(self) -> None:
        self.reject()


def shortcuts_dialog(parent: QWidget, rows: Sequence[ActionRow]) -> QDialog:
    """Every key, grouped as the menus are."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setColumnStretch(0, 2)  # the longest names of gestures go on in another line, not at the cost of the words
    grid.setColumnStretch(1, 3)
    grid.setHorizontalSpacing(24)
    for menu in dict.fromkeys(row.menu for row in rows if row.keys):
        _add_rows(grid, menu, [(row.keys, row.meaning) for row in rows if row.menu == menu and row.keys])
    _add_rows(grid, "On the canvas", [*((row.title, row.words) for row in KEYS), *TYPING, *MOUSE])
    scroll = QScrollArea(widgetResizable=True)
    scroll.setWidget(table)
    return HelpDialog(parent, "Keyboard shortcuts", scroll, 720, 640)


def _add_rows(grid: QGridLayout, title: str, rows: Sequence[tuple[str, str]]) -> None:
    grid.addWidget(label(title, "title"), grid.rowCount(), 0, 1, 2)
    for keys, text in rows:
        row = grid.rowCount()
        grid.addWidget(label(keys, "number", wraps=True), row, 0)
        grid.addWidget(label(text, "soft", wraps=True), row, 1)


def about_dialog(parent: QWidget) -> QDialog:
    """The program, its version, and what it is for."""
    picture = PlainLabel()
    picture.setPixmap(icons.icon(icons.APP_ICON).pixmap(64, 64))
    heading = label(f"Gradloom {program_version()}", "heading")
    text = label(
        "A microscope for the chain rule: build a computational graph by hand and watch backpropagation flow "
        "through it, one contribution at a time, each with its number and the reason for it.\n\n"
        "Free software under the MIT licence.",
        "soft",
        wraps=True,
    )
    body = scrolling(column(None, -1, picture, heading, text, STRETCH, margins=(9, 9, 9, 9)))
    return HelpDialog(parent, "About Gradloom", body, 420, 280)


def program_version() -> str:
    """The version that is installed."""
    try:
        return version("gradloom")
    except PackageNotFoundError:
        return "(not installed)"
