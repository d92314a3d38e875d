"""How a notebook shows what the engine gives: it asks the thing, and that asks who knows how to draw it.

Who knows stands far above: `engine/__init__.py` says who it is. Without it, a thing shows itself as one line of text.
"""

from collections.abc import Callable
from typing import Any

Drawer = Callable[[Any], str | None]
_drawers: dict[str, Drawer] = {}


class InNotebook:
    """What a notebook asks for: a page that plays, or a picture. None: there is nothing to draw."""

    def _repr_html_(self) -> str | None:
        return _drawn("html", self)

    def _repr_svg_(self) -> str | None:
        return _drawn("svg", self)


def drawn_by(html: Drawer, svg: Drawer) -> None:
    """Say who draws from now on."""
    _drawers.update(html=html, svg=svg)


def _drawn(kind: str, thing: InNotebook) -> str | None:
    drawer = _drawers.get(kind)
    return None if drawer is None else drawer(thing)
