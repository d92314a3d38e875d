"""Every action of the program, in one table: its name, its keys, its icon, when it can be used, what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from engine.export import EXPORTS, Export
from engine.show.explain import WORDINGS, Wording
from gui.canvas import parts
from gui.document.clipboard import PARTIAL

if TYPE_CHECKING:
    from gui.main_window import MainWindow as Window


def _always(_: Window) -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """One thing that a person can do. `label` says it anew where the text depends on what is there to be done.

    `checked` makes it a switch. `on_canvas`: its keys work only while the canvas has the focus.
    """

    id: str
    text: str
    tip: str
    do: Callable[[Window], object]
    keys: tuple[str, ...] = ()
    icon: str = ""
    enabled: Callable[[Window], bool] = _always
    checked: Callable[[Window], bool] | None = None
    label: Callable[[Window], str] | None = None
    on_canvas: bool = False

    @property
    def tooltip(self) -> str:
        """What hovering says: what it does, and the key for it."""
        return f"{self.tip} ({self.keys_text})" if self.keys else self.tip

    @property
    def keys_text(self) -> str:
        """The keys as one reads them on a keyboard."""
        return " or ".join(key_text(key) for key in self.keys)


@dataclass(frozen=True)
class Menu:
    """A menu: sections with a line between them. `fill` names what fills it when it opens."""

    title: str
    sections: tuple[tuple[Action | Menu, ...], ...] = ()
    fill: str = ""


_SIGNS = {"Right": "→", "Left": "←", "Up": "↑", "Down": "↓"}


def key_text(key: str) -> str:
    """A key sequence as it is written on this system, with arrows as arrows."""
    native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    head, plus, last = native.rpartition("+")
    return f"{head}{plus}{_SIGNS.get(last, last)}" if last else native


# --- when an action can be used


def _picked(w: Window) -> bool:
    return bool(w.selection.nodes)


def _picked_any(w: Window) -> bool:
    return bool(w.selection.nodes or w.selection.edges)


def _picked_one(w: Window) -> bool:
    return len(w.selection.nodes) == 1


def _has_nodes(w: Window) -> bool:
    return bool(w.bridge.graph.nodes)


def _has_steps(w: Window) -> bool:
    return len(w.bridge.trace) > 0


def _before_end(w: Window) -> bool:
    return w.bridge.player.position < w.bridge.player.end


def _after_start(w: Window) -> bool:
    return w.bridge.player.position > 0


def _has_backward(w: Window) -> bool:
    return w.bridge.trace.backward_start < len(w.bridge.trace)


# --- File

NEW = Action("new", "New", "Begin with an empty canvas", lambda w: w.files.new(), ("Ctrl+N",), "new")
OPEN = Action("open", "Open…", "Open a graph, a program, an ONNX model", lambda w: w.files.open(), ("Ctrl+O",), "open")
SAVE = Action("save", "Save", "Save to the document’s file", lambda w: w.files.save(), ("Ctrl+S",), "save")
SAVE_AS = Action("save_as", "Save as…", "Save to another file", lambda w: w.files.save_as(), ("Ctrl+Shift+S",))
REVERT = Action(
    "revert", "Revert to saved…", "Go back to what is on disk", lambda w: w.files.revert(),
    enabled=lambda w: w.files.can_revert,
)  # fmt: skip
EXPORT_PICTURE = Action(
    "export_picture", "Picture or film…", "Export a picture of the graph, or its passes as a film",
    lambda w: w.export_picture(), icon="export", enabled=_has_nodes,
)  # fmt: skip


def _export(target: Export) -> Action:
    return Action(
        f"export_{target.name}", f"{target.title}…", f"Write the graph to a {target.ending} file",
        lambda w: w.exchange.export(target), enabled=_has_nodes,
    )  # fmt: skip


EXPORT_TEXTS = tuple(map(_export, EXPORTS.values()))
QUIT = Action("quit", "Quit", "Close Gradloom", lambda w: w.close(), ("Ctrl+Q",))

# --- Edit

UNDO = Action(
    "undo", "Undo", "Take the last step back", lambda w: w.editing.undo(), ("Ctrl+Z",), "undo",
    enabled=lambda w: w.bridge.undo_text is not None, label=lambda w: f"Undo {w.bridge.undo_text or ''}".strip(),
)  # fmt: skip
REDO = Action(
    "redo", "Redo", "Do again what was undone", lambda w: w.editing.redo(), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo",
    enabled=lambda w: w.bridge.redo_text is not None, label=lambda w: f"Redo {w.bridge.redo_text or ''}".strip(),
)  # fmt: skip
CUT = Action(
    "cut", "Cut", "Take the selected nodes away, to paste them elsewhere", lambda w: w.editing.cut(),
    ("Ctrl+X",), "cut", enabled=_picked,
)  # fmt: skip
COPY = Action(
    "copy", "Copy", "Copy the selected nodes and the edges between them", lambda w: w.editing.copy(),
    ("Ctrl+C",), "copy", enabled=_picked,
)  # fmt: skip


def _copy_as(target: Export) -> Action:
    part = target.name == PARTIAL
    tip = "the selected nodes, or of the whole graph" if part else "the whole graph"
    return Action(
        f"copy_as_{target.name}", "Graph text" if part else target.title, f"Copy the text of {tip}",
        lambda w: w.exchange.copy_as(target), enabled=_has_nodes,
    )  # fmt: skip


COPY_AS = tuple(_copy_as(target) for target in EXPORTS.values() if not target.binary)
PASTE = Action(
    "paste", "Paste", "Paste nodes, an expression such as (x + y) * z, or a program", lambda w: w.exchange.paste(),
    ("Ctrl+V",), "paste",
)  # fmt: skip
DUPLICATE = Action(
    "duplicate", "Duplicate", "Copy the selected nodes beside themselves", lambda w: w.canvas.duplicate_selected(),
    ("Ctrl+D",), "duplicate", enabled=_picked,
)  # fmt: skip
DELETE = Action(
    "delete", "Delete", "Delete the selected nodes and edges", lambda w: w.canvas.delete_selected(),
    ("Del", "Backspace"), "delete", enabled=_picked_any,
)  # fmt: skip
SELECT_ALL = Action(
    "select_all", "Select all", "Select every node", lambda w: w.editing.select_all(), ("Ctrl+A",), "select-all",
    enabled=_has_nodes,
)  # fmt: skip
RENAME = Action(
    "rename", "Rename", "Give the selected node another name", lambda w: w.canvas.rename_selected(), ("F2",), "rename",
    enabled=_picked_one,
)  # fmt: skip
EXPRESSION = Action(
    "expression", "New from expression…", "Type an expression or a small program, and get its graph",
    lambda w: w.ask_for_expression(), ("Ctrl+E",), "add",
)  # fmt: skip
COMMANDS = Action(
    "commands", "Find an action…", "Search everything that Gradloom can do", lambda w: w.show_commands(),
    ("Ctrl+K", "Ctrl+Shift+P"), "search",
)  # fmt: skip

# --- Graph

TARGET = Action(
    "target", "Make target", "Start the backward pass at the selected node", lambda w: w.editing.make_target(), ("T",),
    "target", enabled=_picked_one,
)  # fmt: skip
ARRANGE = Action(
    "arrange", "Arrange", "Lay the graph out from left to right", lambda w: w.editing.arrange(), ("Ctrl+L",), "arrange",
    enabled=_has_nodes,
)  # fmt: skip
CHECK = Action(
    "check", "Check gradients", "Hold every gradient against central differences", lambda w: w.check_gradients(),
    ("Ctrl+G",), "check", enabled=_has_backward,
)  # fmt: skip
TRAIN = Action(
    "train", "Train…", "Let the parameters learn, and watch the loss fall", lambda w: w.show_training(),
    ("Ctrl+R",), "train",
)  # fmt: skip
EXPAND = Action(
    "expand", "Take apart", "Put what the selected operations are made of in their place",
    lambda w: parts.take_apart(w.canvas), ("Ctrl+T",), "expand", enabled=lambda w: bool(parts.made_of_others(w.canvas)),
)  # fmt: skip
FUSE = Action(
    "fuse", "Put together", "Make the one operation of the selected nodes that they spell out",
    lambda w: parts.put_together(w.canvas), ("Ctrl+Shift+T",), "fuse",
    enabled=lambda w: parts.what_they_spell(w.canvas) is not None,
)  # fmt: skip
SEARCH_OPS = Action(
    "search_ops", "Add an operation…", "Search the palette; Enter puts the operation on the canvas",
    lambda w: w.search_ops(), ("Tab",), "add", on_canvas=True,
)  # fmt: skip

# --- View

FIT = Action("fit", "Show all", "Zoom so that the whole graph is seen", lambda w: w.canvas.fit_all(), ("F",), "fit")
ZOOM_100 = Action("zoom_100", "Actual size", "Zoom to 100 %", lambda w: w.canvas.zoom_to_100(), ("Ctrl+0",), "zoom-100")
ZOOM_IN = Action("zoom_in", "Zoom in", "Zoom in", lambda w: w.canvas.zoom_in(), ("Ctrl++", "Ctrl+="), "zoom-in")
ZOOM_OUT = Action("zoom_out", "Zoom out", "Zoom out", lambda w: w.canvas.zoom_out(), ("Ctrl+-",), "zoom-out")


def _panel(name: str, text: str, key: str, icon: str) -> Action:
    return Action(
        f"panel_{name}", text, f"Show or hide the {text.lower()}", lambda w: w.panels.toggle(name), (key,), icon,
        checked=lambda w: w.panels.is_open(name),
    )  # fmt: skip


PANELS = (
    _panel("palette", "Palette", "Ctrl+1", "panel-left"),
    _panel("inspector", "Inspector", "Ctrl+2", "panel-right"),
    _panel("timeline", "Timeline", "Ctrl+3", "panel-bottom"),
    _panel("problems", "Problems", "Ctrl+4", "warning"),
    _panel("training", "Training", "Ctrl+5", "train"),
)


def _theme(name: str, text: str, tip: str, icon: str) -> Action:
    return Action(
        f"theme_{name}", text, tip, lambda w: w.preferences.choose_theme(name), icon=icon,
        checked=lambda w: w.preferences.theme == name,
    )  # fmt: skip


THEMES = (
    _theme("system", "As the system", "Light or dark, as the desktop is", "system"),
    _theme("light", "Light", "The light theme", "sun"),
    _theme("dark", "Dark", "The dark theme", "moon"),
)


def _wording(name: Wording) -> Action:
    return Action(
        f"wording_{name}", name.capitalize(), f"Explanations speak of {name}",
        lambda w: w.preferences.choose_wording(name), checked=lambda w: w.bridge.wording == name,
    )  # fmt: skip


WORDINGS_MENU = tuple(_wording(name) for name in WORDINGS)
REDUCED_MOTION = Action(
    "reduced_motion", "Reduced motion", "Jump from step to step; nothing glides",
    lambda w: w.preferences.toggle_reduced_motion(), icon="motion",
    checked=lambda w: w.bridge.player.reduced_motion,
)  # fmt: skip
FOLLOW = Action(
    "follow_pass", "Follow the pass", "While playing, scroll to the edge whose turn it is",
    lambda w: w.canvas.follower.toggle(), checked=lambda w: w.canvas.follower.on,
)  # fmt: skip
PRESENT = Action(
    "present", "Presentation mode", "Canvas and timeline only, on the whole screen", lambda w: w.toggle_presentation(),
    ("F11",), checked=lambda w: w.presenting,
)  # fmt: skip

LEAVE = Action(
    "leave_presentation", "Leave the presentation", "Back to the whole window", lambda w: w.toggle_presentation(),
    ("Esc",), enabled=lambda w: w.presenting,
)  # fmt: skip

# --- Pass

PLAY = Action(
    "play", "Play", "Play or pause both passes", lambda w: w.bridge.player.toggle(), ("Space",), "play",
    enabled=_has_steps, label=lambda w: "Pause" if w.bridge.player.playing else "Play",
)  # fmt: skip
STEP_FORWARD = Action(
    "step_forward", "Step forward", "The next contribution", lambda w: w.bridge.player.step_forward(),
    (".", "Right"), "step-forward", enabled=_before_end,
)  # fmt: skip
STEP_BACK = Action(
    "step_back", "Step back", "The contribution before", lambda w: w.bridge.player.step_back(), (",", "Left"),
    "step-back", enabled=_after_start,
)  # fmt: skip
NODE_FORWARD = Action(
    "node_forward", "To the next node", "All contributions of this node",
    lambda w: w.bridge.player.step_forward(whole_node=True), ("Shift+Right",), enabled=_before_end,
)  # fmt: skip
NODE_BACK = Action(
    "node_back", "To the node before", "Back to the beginning of this node’s turn",
    lambda w: w.bridge.player.step_back(whole_node=True), ("Shift+Left",), enabled=_after_start,
)  # fmt: skip
TO_START = Action(
    "to_start", "To the start", "Before the first value", lambda w: w.bridge.player.go_to_start(), ("Home",),
    "to-start", enabled=_after_start,
)  # fmt: skip
TO_BACKWARD = Action(
    "to_backward", "To the backward pass", "All values are there, and the seed is about to be put in",
    lambda w: w.bridge.player.go_to_backward(), ("B",), "to-backward", enabled=_has_backward,
)  # fmt: skip
TO_END = Action(
    "to_end", "To the end", "Every gradient is there", lambda w: w.bridge.player.go_to_end(), ("End",), "to-end",
    enabled=_before_end,
)  # fmt: skip
LOOP = Action(
    "loop", "Loop", "Begin again at the end", lambda w: w.preferences.toggle_loop(), ("L",), "loop",
    checked=lambda w: w.bridge.player.loop,
)  # fmt: skip
FASTER = Action("faster", "Faster", "Play at the next higher speed", lambda w: w.preferences.change_speed(1), ("]",))
SLOWER = Action("slower", "Slower", "Play at the next lower speed", lambda w: w.preferences.change_speed(-1), ("[",))

# --- Help

SHORTCUTS = Action(
    "shortcuts", "Keyboard shortcuts", "Every key, in one table", lambda w: w.show_shortcuts(), ("F1",), "help"
)
ABOUT = Action("about", "About Gradloom", "What this is, and its version", lambda w: w.show_about(), icon="info")

EXAMPLES = Menu("Examples", fill="examples")
MENUS = (
    Menu("File", (
        (NEW, OPEN, Menu("Open recent", fill="recent"), EXAMPLES),
        (SAVE, SAVE_AS, REVERT),
        (Menu("Export", ((EXPORT_PICTURE,), EXPORT_TEXTS)),),
        (QUIT,),
    )),
    Menu("Edit", (
        (UNDO, REDO),
        (CUT, COPY, Menu("Copy as", (COPY_AS,)), PASTE, DUPLICATE, DELETE),
        (EXPRESSION,),
        (SELECT_ALL, RENAME),
        (COMMANDS,),
    )),
    Menu("View", (
        (FIT, ZOOM_100, ZOOM_IN, ZOOM_OUT),
        PANELS,
        (Menu("Theme", (THEMES,)), Menu("Wording", (WORDINGS_MENU,)), REDUCED_MOTION, FOLLOW),
        (PRESENT, LEAVE),
    )),
    Menu("Graph", (
        (SEARCH_OPS,),
        (TARGET, ARRANGE),
        (EXPAND, FUSE),
        (CHECK, TRAIN),
    )),
    Menu("Pass", (
        (PLAY, LOOP),
        (STEP_FORWARD, STEP_BACK, NODE_FORWARD, NODE_BACK),
        (TO_START, TO_BACKWARD, TO_END),
        (FASTER, SLOWER),
    )),
    Menu("Help", ((SHORTCUTS, EXAMPLES), (ABOUT,))),
)  # fmt: skip

TOOL_BAR = (UNDO, REDO, ARRANGE, TARGET, CHECK, TRAIN, FIT)


def actions_of(menu: Menu) -> Iterator[Action]:
    """All actions of a menu and of those in it."""
    for section in menu.sections:
        for entry in section:
            if isinstance(entry, Menu):
                yield from actions_of(entry)
            else:
                yield entry


ACTIONS = {action.id: action for menu in MENUS for action in actions_of(menu)}
