"""The panels, each alone: none imports another, or the canvas. Each says its name, title, side and key itself."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal, TypeVar

from PySide6.QtWidgets import QWidget

from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection

Side = Literal["far left", "left", "right", "bottom"]  # far: beside what is below the canvas, too
Maker = Callable[[Bridge, Selection, Preferences], QWidget]
Make = TypeVar("Make", bound=Maker)


@dataclass(frozen=True)
class Panel:
    """A panel as the window and the View menu know it. `order` counts from the edge of the window on its side.

    Written above what makes the panel, a widget's class or a function, it declares it.
    """

    name: str
    title: str
    _: KW_ONLY
    side: Side
    key: str
    order: int
    icon: str = ""
    size: int = 200  # pixels, at first: its height, on the left its width
    closed: bool = False  # until it is asked for

    def __call__(self, make: Make) -> Make:
        _declared[self] = make
        return make


_declared: dict[Panel, Maker] = {}


def all_panels() -> dict[Panel, Maker]:
    """Every panel of this folder, by its order, and what makes it."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(_declared.items(), key=lambda declared: declared[0].order))
