"""What an action and a menu are: a name, keys, an icon, when it can be used, what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from gui.shell.window import Window


@dataclass(frozen=True)
class Action:
    """One thing that a person can do. `label` gives the text where it depends on what there is to do.

    `enabled`: when it can be used; None: always. `lacking`: why it cannot be, unless `LACKING` knows. `checked` makes
    it a switch. `on_canvas`: its keys work only while the canvas has the focus. `button`: its place in the top bar,
    counted from 1. `beside_typing`: what is being typed stays as it is, because the action is about that text or asks
    for it itself; all others take it first.
    """

    id: str
    text: str
    tip: str
    do: Callable[[Window], object]
    keys: tuple[str, ...] = ()
    icon: str = ""
    enabled: Callable[[Window], bool] | None = None
    checked: Callable[[Window], bool] | None = None
    label: Callable[[Window], str] | None = None
    on_canvas: bool = False
    beside_typing: bool = False
    button: int = 0
    lacking: str = ""

    @property
    def why_not(self) -> str:
        """Why it cannot be used where it cannot, without a full stop; empty: nobody says."""
        return self.lacking or (LACKING.get(self.enabled, "") if self.enabled else "")

    @property
    def tooltip(self) -> str:
        """What hovering says: what it does, and the key for it."""
        return f"{self.tip} ({self.keys_text})" if self.keys else self.tip

    @property
    def keys_text(self) -> str:
        """The keys as one reads them on a keyboard."""
        return " or ".join(key_text(key) for key in self.keys)

    @property
    def meaning(self) -> str:
        """What it is called, and what it does unless that is the same."""
        name = self.text.rstrip("…")
        return name if self.tip.startswith(name) else f"{name}: {self.tip[0].lower()}{self.tip[1:]}"


@dataclass(frozen=True)
class Menu:
    """A menu: sections with a line between them; or `fill`, which fills it each time that it opens.

    `one_of`: its entries are a choice, of which one is made.
    """

    title: str
    sections: tuple[tuple[Action | Menu, ...], ...] = ()
    fill: Callable[[Window, QMenu], None] | None = None
    one_of: bool = False


_SIGNS = {"Right": "→", "Left": "←", "Up": "↑", "Down": "↓"}


def key_text(key: str) -> str:
    """A key sequence as it is written on this system, with arrows as arrows."""
    native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    head, plus, last = native.rpartition("+")
    return f"{head}{plus}{_SIGNS.get(last, last)}" if last else native


def rows_of(menus: Iterable[Menu]) -> Iterator[tuple[str, Action]]:
    """Every action of menus and of those in them, each with the title of the innermost that it stands in."""
    for menu in menus:
        for section in menu.sections:
            for entry in section:
                if isinstance(entry, Menu):
                    yield from rows_of([entry])
                else:
                    yield menu.title, entry


# --- when an action can be used


def has_lesson(w: Window) -> bool:
    return w.bridge.lesson.lesson is not None


def draws(w: Window) -> bool:
    """The pen is in the hand of who presents."""
    return w.presenter.hand == "pen"


def has_nodes(w: Window) -> bool:
    return bool(w.bridge.now.graph.nodes)


def has_backward(w: Window) -> bool:
    return w.bridge.now.trace.backward_start < len(w.bridge.now.trace.steps)


def picked(w: Window) -> bool:
    return bool(w.selection.nodes)


def picked_one(w: Window) -> bool:
    return len(w.selection.nodes) == 1


def picked_two(w: Window) -> bool:
    return len(w.selection.nodes) >= 2


def picked_three(w: Window) -> bool:
    return len(w.selection.nodes) >= 3


def picked_any(w: Window) -> bool:
    """Nodes, edges, regions or notes."""
    return any(w.selection.chosen)


def picked_to_copy(w: Window) -> bool:
    """Nodes, regions or notes."""
    return bool(w.selection.nodes or w.selection.asides)


# What a person is to do first, or what there is none of: a key that does nothing now says so.
LACKING: dict[Callable[[Window], bool], str] = {
    has_nodes: "The graph is empty: add a node first",
    has_backward: "There is no backward pass yet",
    picked: "Select a node first",
    picked_one: "Select one node first",
    picked_two: "Select two nodes or more first",
    picked_three: "Select three nodes or more first",
    picked_any: "Nothing is selected on the canvas",
    picked_to_copy: "Select nodes, regions or notes first",
}
