"""The actions of Graph ▸ Align: the selected nodes in a line, or at equal distances. The keys are those of Figma."""

from engine.edits.align import Line, Way
from gui.shell.actions.action import Action, Menu, picked_three, picked_two


def _align(line: Line, text: str, tip: str, key: str) -> Action:
    return Action(f"align_{line}", text, tip, lambda w: w.canvas.selected.align(line), (key,), enabled=picked_two)


def _distribute(way: Way, tip: str, key: str) -> Action:
    return Action(
        f"distribute_{way}", f"Distribute {way}", tip, lambda w: w.canvas.selected.distribute(way), (key,),
        enabled=picked_three,
    )  # fmt: skip


MENU = Menu("Align", (
    (
        _align("left", "Align left", "Put the selected nodes on one left side", "Alt+A"),
        _align("centres", "Align centres", "Put the selected nodes one above the other", "Alt+C"),
        _align("right", "Align right", "Put the selected nodes on one right side", "Alt+D"),
    ),
    (
        _align("top", "Align top", "Put the selected nodes on one upper side", "Alt+W"),
        _align("middles", "Align middles", "Put the selected nodes side by side", "Alt+M"),
        _align("bottom", "Align bottom", "Put the selected nodes on one lower side", "Alt+S"),
    ),
    (
        _distribute("horizontally", "Leave the same gap between columns", "Alt+Shift+H"),
        _distribute("vertically", "Leave the same gap between rows", "Alt+Shift+V"),
    ),
))  # fmt: skip
