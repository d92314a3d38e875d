"""The actions of the View menu."""

from engine.show.beside import EdgesShown, OnEdges
from engine.show.wording import WORDINGS, Wording
from gui.look.text_size import SIZES, text_size
from gui.panels import Panel, all_panels
from gui.shell.actions.action import Action, Menu, has_nodes, picked_any
from gui.shell.actions.present import MENU as PRESENTATION


def _panel(panel: Panel) -> Action:
    return Action(
        f"panel_{panel.name}", panel.title, f"Show or hide the {panel.title.lower()}",
        lambda w: w.panels.toggle(panel.name), (panel.key,), panel.icon, checked=lambda w: w.panels.is_open(panel.name),
    )  # fmt: skip


def _theme(name: str, text: str, tip: str, icon: str) -> Action:
    return Action(
        f"theme_{name}", text, tip, lambda w: w.preferences.choose_theme(name), icon=icon,
        checked=lambda w: w.preferences.theme == name,
    )  # fmt: skip


def _text_size(percent: int) -> Action:
    return Action(
        f"text_{percent}", f"{percent} %", f"All text beside the canvas at {percent} % of its usual size",
        lambda w: w.preferences.choose_text_size(percent), checked=lambda w: text_size.chosen == percent,
    )  # fmt: skip


def _wording(name: Wording) -> Action:
    return Action(
        f"wording_{name}", name.capitalize(), f"Explain in terms of {name}",
        lambda w: w.preferences.choose_wording(name), checked=lambda w: w.bridge.now.wording == name,
    )  # fmt: skip


def _on_edges(shown: EdgesShown, key: str, text: str, tip: str) -> Action:
    return Action(
        f"edges_{shown}", text, tip, lambda w: w.bridge.lens.put_on_edges(OnEdges(shown)), (key,),
        checked=lambda w: w.bridge.lens.on_edges.shown == shown,
    )  # fmt: skip


MENU = Menu("View", (
    (
        Action("fit", "Show all", "Zoom to see the whole graph", lambda w: w.canvas.camera.fit_all(), ("Ctrl+9",),
               "fit", enabled=has_nodes, button=7, lacking="There is nothing to show: the graph is empty"),
        Action("zoom_selected", "Show what is selected", "Zoom to the selected nodes and edges",
               lambda w: w.canvas.selected.show(), ("Ctrl+8",), enabled=picked_any),
        Action("zoom_100", "Actual size", "Zoom to 100 %", lambda w: w.canvas.camera.zoom_to_100(), ("Ctrl+0",),
               "zoom-100"),
        Action("zoom_in", "Zoom in", "Zoom in", lambda w: w.canvas.camera.zoom_in(), ("Ctrl++", "Ctrl+="), "zoom-in"),
        Action("zoom_out", "Zoom out", "Zoom out", lambda w: w.canvas.camera.zoom_out(), ("Ctrl+-",), "zoom-out"),
    ),
    (
        Menu("Panels", (
            tuple(map(_panel, all_panels())),
            (
                Action("palette_names", "Palette as a list", "Show each operation in a row, or all in a narrow rail",
                       lambda w: w.toggle_rail(), checked=lambda w: not w.ops.is_rail),
            ),
        )),
        Menu("Theme", ((
            _theme("system", "Same as the system", "Light or dark, like the desktop", "system"),
            _theme("light", "Light", "The light theme", "sun"),
            _theme("dark", "Dark", "The dark theme", "moon"),
        ),), one_of=True),
        Menu("Text size", (
            tuple(map(_text_size, SIZES)),
            (
                Action("text_larger", "Larger text", "Enlarge all text beside the canvas",
                       lambda w: w.preferences.change_text_size(1), ("Ctrl+Alt++", "Ctrl+Alt+=")),
                Action("text_smaller", "Smaller text", "Make all text beside the canvas smaller",
                       lambda w: w.preferences.change_text_size(-1), ("Ctrl+Alt+-",)),
            ),
        )),
        Menu("On the edges", ((
            _on_edges("both", "Alt+1", "Values and gradients", "Write values and contributions beside the edges"),
            _on_edges("local", "Alt+2", "Local derivatives",
                      "Write ∂output/∂input beside each edge: multiply along a path, add over paths"),
            _on_edges("values", "Alt+3", "Values only", "Write only values beside the edges"),
            _on_edges("gradients", "Alt+4", "Gradients only", "Write only contributions beside the edges"),
            Action("edges_tangents", "Tangents: forward mode", "See how fast each node follows the selected leaf",
                   lambda w: w.canvas.edge_words.show_tangents(), ("Alt+5",),
                   checked=lambda w: w.bridge.lens.on_edges.shown == "tangents"),
        ),), one_of=True),
        Menu("Wording", (tuple(map(_wording, WORDINGS)),), one_of=True),
        Action("reduced_motion", "Reduced motion", "Jump from step to step, without gliding",
               lambda w: w.preferences.toggle_reduced_motion(), icon="motion",
               checked=lambda w: w.bridge.player.reduced_motion),
        Action("follow_pass", "Follow the pass", "While playing, scroll to keep the current edge in view",
               lambda w: w.canvas.follower.toggle(), checked=lambda w: w.canvas.follower.on),
    ),
    (
        Action("next_document", "Next document", "Bring the document of the next tab to the front",
               lambda w: w.doors.go(1), ("Ctrl+Tab",)),
        Action("previous_document", "Previous document", "Bring the document of the tab before to the front",
               lambda w: w.doors.go(-1), ("Ctrl+Shift+Tab",)),
    ),
    (
        Action("next_pane", "Next pane", "Take the keys out of the canvas to the next panel or bar, and round to it",
               lambda w: w.focus.go(1), ("F6",), beside_typing=True),
        Action("previous_pane", "Previous pane", "Take the keys to the panel or bar before",
               lambda w: w.focus.go(-1), ("Shift+F6",), beside_typing=True),
    ),
    (PRESENTATION,),
))  # fmt: skip
