"""The panels, each alone: none imports another, or the canvas. Each says its name, title, side and key itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal, TypeVar

from PySide6.QtWidgets import QWidget

from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection

Side = Literal["left", "right", "bottom"]
Make = TypeVar("Make", bound=Callable[[Bridge, Selection, Preferences], QWidget])


@dataclass(frozen=True)
class Panel:
    """A panel as the window and the View menu know it. `order` counts from the edge of the window on its side."""

    name: str
    title: str
    side: Side
    key: str
    order: int
    icon: str
    size: int  # pixels, at first: its height, on the left its width
    closed: bool  # until it is asked for
    make: Callable[[Bridge, Selection, Preferences], QWidget]


_declared: dict[str, Panel] = {}


def panel(
    name: str, title: str, *, side: Side, key: str, order: int, icon: str = "", size: int = 200, closed: bool = False
) -> Callable[[Make], Make]:
    """Declare what makes a panel, a widget's class or a function; the window and the View menu find it."""

    def declare(make: Make) -> Make:
        _declared[name] = Panel(name, title, side, key, order, icon, size, closed, make)
        return make

    return declare


def all_panels() -> list[Panel]:
    """Every panel of this folder, by its order."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return sorted(_declared.values(), key=lambda panel: panel.order)
