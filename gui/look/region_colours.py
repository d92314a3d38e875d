"""The colours that a region may have, by the names that files keep: one set for each theme."""

from collections.abc import Mapping
from types import MappingProxyType

from gui.look.theme import Theme

_LIGHT = {
    "grey": "#5B6676", "blue": "#2F62B5", "green": "#2F7133", "yellow": "#7D6200", "orange": "#A34A00",
    "red": "#B4232F", "purple": "#7446B8",
}  # fmt: skip
_DARK = {
    "grey": "#A3AEBD", "blue": "#86AFF5", "green": "#7BC47F", "yellow": "#DEC04E", "orange": "#F2A05C",
    "red": "#F58A8F", "purple": "#B794F6",
}  # fmt: skip
BY_THEME: Mapping[str, Mapping[str, str]] = MappingProxyType({"light": _LIGHT, "dark": _DARK})


def region_colour(name: str, theme: Theme) -> str:
    """What a region of that colour is drawn in; one that is unknown here is grey."""
    return BY_THEME[theme.name].get(name) or BY_THEME[theme.name]["grey"]
