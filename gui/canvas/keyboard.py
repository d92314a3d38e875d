"""Which keys the canvas uses, and what they do; what it says of itself to a screen reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from engine.layout.layout import GRID
from engine.values.values import value_text
from gui.document.bridge import Bridge
from gui.document.selection import Selection

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

Key = Qt.Key
ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
NUDGE, FAR_NUDGE = GRID, 24.0
_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


@dataclass
class SpaceKey:
    """Space alone plays; held while dragging it pans. So it is known only at the release which one was meant."""

    down: bool = False
    used: bool = False

    def press(self) -> None:
        self.down, self.used = True, False

    def take(self) -> bool:
        """A drag begins: gives whether Space is held, which is then used up."""
        self.used = self.used or self.down
        return self.down

    def release(self) -> bool:
        """Gives whether it was pressed alone."""
        alone = self.down and not self.used
        self.forget()
        return alone

    def forget(self) -> None:
        self.down = self.used = False


def keeps(view: CanvasView, event: QEvent) -> bool:
    """Whether the canvas needs a key, so that no shortcut may take it."""
    assert isinstance(event, QKeyEvent)
    key, command = Key(event.key()), bool(event.modifiers() & _COMMAND)
    if key == Key.Key_Escape:
        return view.gesture is not None
    if key in ARROWS:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        return bool(control) or (not command and _nudges(view))
    return key == Key.Key_Space and not event.modifiers()


def _nudges(view: CanvasView) -> bool:
    """At rest the arrows move what is selected; during a pass they step."""
    player = view.bridge.player
    return bool(view.selection.nodes) and player.position >= player.end


def press(view: CanvasView, event: QKeyEvent) -> bool:
    """Do what a key says. Gives whether it was one of the canvas's."""
    key, control = Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if key in ARROWS:
        return _arrow(view, event, control)
    if key == Key.Key_Space:
        if not event.isAutoRepeat():
            view.space.press()
            view.show_space(True)
        return True
    if control and key == Key.Key_A:
        view.select_all()
        return True
    does = {
        Key.Key_Escape: lambda: _escape(view),
        Key.Key_Delete: view.delete_selected,
        Key.Key_Backspace: view.delete_selected,
        Key.Key_F2: view.rename_selected,
        Key.Key_Return: lambda: _edit_selected(view),
        Key.Key_Enter: lambda: _edit_selected(view),
    }.get(key)
    if does is None or control:
        return False
    does()
    return True


def release(view: CanvasView, event: QKeyEvent) -> bool:
    """Space that was not used for a drag plays or pauses."""
    if event.key() != Key.Key_Space:
        return False
    if not event.isAutoRepeat():
        if view.space.release():
            view.bridge.player.toggle()
        view.show_space(False)
    return True


def _arrow(view: CanvasView, event: QKeyEvent, control: bool) -> bool:
    dx, dy = ARROWS[Key(event.key())]
    if control:
        walk(view, dx, dy)
        return True
    if not _nudges(view):
        return False
    step = FAR_NUDGE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else NUDGE
    view.nudge(dx * step, dy * step)
    return True


def _escape(view: CanvasView) -> None:
    """First what the hand is doing, then the selection."""
    if not view.cancel_gesture():
        view.selection.select()


def _edit_selected(view: CanvasView) -> None:
    """Enter on one leaf edits its value."""
    if len(view.selection.nodes) == 1:
        view.edit_value(next(iter(view.selection.nodes)))


def walk(view: CanvasView, dx: int, dy: int) -> None:
    """Select the neighbour along the graph: right to what it feeds, left to its first input, else the next above or
    below."""
    graph, stage = view.bridge.graph, view.scene().stage
    if not graph.nodes:
        return
    here = next((id for id in graph.nodes if id in view.selection.nodes), None)
    if here is None:
        goal = min(graph.nodes, key=lambda id: stage.pos(id))
    elif dx:
        edges = graph.out_of(here) if dx > 0 else graph.into(here)
        goal = next((edge.dest if dx > 0 else edge.source for edge in edges), here)
    else:
        x, y = stage.pos(here)
        beyond = [id for id in graph.nodes if (stage.pos(id)[1] - y) * dy > 0]
        goal = min(beyond, key=lambda id: 2 * abs(stage.pos(id)[0] - x) + abs(stage.pos(id)[1] - y), default=here)
    view.selection.select([goal])
    if not view.visible_scene().contains(view.scene().node_items[goal].card()):
        view.center_on_nodes([goal])


def description(bridge: Bridge, selection: Selection) -> str:
    """What a screen reader says of the canvas."""
    graph = bridge.graph
    count = len(graph.nodes)
    whole = "An empty graph." if not count else f"{count} node{'s' if count > 1 else ''}, {len(graph.edges)} edges."
    chosen = [id for id in graph.nodes if id in selection.nodes]
    if len(chosen) > 1:
        return f"{whole} {len(chosen)} nodes are selected."
    if chosen:
        return f"{whole} Selected: {_node_words(bridge, chosen[0])}."
    return whole


def _node_words(bridge: Bridge, id: str) -> str:
    node = bridge.graph.nodes[id]
    value, gradient = bridge.trace.value(id), bridge.trace.gradient(id)
    words = [node.name, node.op.title]
    words.append("no value yet" if value is None else f"value {value_text(value)}")
    if gradient is not None:
        words.append(f"{bridge.wording} {value_text(gradient)}")
    return ", ".join(words)
