"""Colours, fonts and sizes: the two themes, and which one is in force. Every picture on screen is drawn from here."""

from dataclasses import dataclass, fields
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication

CAPTION, BODY, NAME, HEADING, CHIP = 11, 13, 15, 16, 18  # font sizes in pixels
LEFT_WIDTH, RAIL_WIDTH, RIGHT_WIDTH, BOTTOM_HEIGHT = 208, 84, 284, 90  # the canvas has at least 60 % of 1440 × 900


@dataclass(frozen=True)
class Theme:
    """Every colour of the program by its use. Text on its background is at least 4.5:1, graphics 3:1."""

    name: str
    window: str  # behind the panels, and in fields
    panel: str
    canvas: str
    dot: str  # the grid
    line: str  # thin separators
    text: str
    soft: str  # secondary text
    faint: str  # captions
    node: str
    edge: str
    value: str  # a value on the canvas
    pos: str  # a positive gradient
    neg: str  # a negative gradient
    zero: str  # a gradient of zero
    focus: str
    chip: str  # buttons and chips
    on_color: str  # text on pos, neg, focus
    leaf: str
    arithmetic: str
    activation: str
    tensor: str
    loss: str
    warn: str
    shadow: float  # opacity of a node's shadow

    def color(self, use: str) -> QColor:
        """The colour for a use, by field name; `group` names of ops are fields too."""
        return QColor(getattr(self, use))


LIGHT = Theme(
    "light", window="#F4F5F7", panel="#FFFFFF", canvas="#FAFBFC", dot="#DFE3E9", line="#DDE1E7", text="#1B2330",
    soft="#4F5A69", faint="#616C7B", node="#FFFFFF", edge="#7C8797", value="#1B2330", pos="#C03F0A", neg="#0B62A8",
    zero="#616C7B", focus="#3565D8", chip="#EEF0F4", on_color="#FFFFFF", leaf="#0A7678", arithmetic="#5B6676",
    activation="#7446B8", tensor="#8A5A00", loss="#B4235A", warn="#9A5B00", shadow=0.07,
)  # fmt: skip
DARK = Theme(
    "dark", window="#14171C", panel="#1B1F26", canvas="#171A20", dot="#272C35", line="#2C323C", text="#E8ECF2",
    soft="#A9B4C2", faint="#929DAC", node="#222730", edge="#6E7989", value="#E8ECF2", pos="#FF9A57", neg="#6CB8FF",
    zero="#929DAC", focus="#7AA2FF", chip="#2A303A", on_color="#14171C", leaf="#3FC1C0", arithmetic="#A3AEBD",
    activation="#B794F6", tensor="#E0B050", loss="#F472A6", warn="#F0B34A", shadow=0.35,
)  # fmt: skip


def mixed(one: QColor, other: QColor, part: float) -> QColor:
    """A colour between two: `part` 0 is the first, 1 the second."""
    keep = 1 - part
    return QColor.fromRgbF(
        one.redF() * keep + other.redF() * part,
        one.greenF() * keep + other.greenF() * part,
        one.blueF() * keep + other.blueF() * part,
    )


class Themes(QObject):
    """Which theme is in force. `changed` is emitted after a switch: whoever paints asks `theme()` again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode = "light"  # what was asked for: light, dark or system
        self.current = LIGHT

    def choose(self, name: str) -> None:
        """`light`, `dark`, or `system` for what the desktop says."""
        named = {"light": LIGHT, "dark": DARK}.get(name)
        self.mode = name if named else "system"
        wanted = named or (DARK if _system_is_dark() else LIGHT)
        if wanted is not self.current:
            self.current = wanted
            self.changed.emit()

    def follow_system(self) -> None:
        """The desktop has turned light or dark: go with it where that was asked for."""
        if self.mode == "system":
            self.choose("system")


def _system_is_dark() -> bool:
    app = QGuiApplication.instance()
    return isinstance(app, QGuiApplication) and app.styleHints().colorScheme() == Qt.ColorScheme.Dark


themes = Themes()


def theme() -> Theme:
    """The theme in force."""
    return themes.current


def font(size: int = BODY, bold: bool = False) -> QFont:
    """The program's font at a pixel size, with tabular figures. The caller may change it: it is a copy."""
    return QFont(_font(size, bold))


@cache
def _font(size: int, bold: bool) -> QFont:
    result = QFont(family())
    result.setPixelSize(size)
    result.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


@cache
def family() -> str:
    """The family that everything is set in: the first of these that the system has."""
    known = set(QFontDatabase.families())
    return next((f for f in ("Inter", "Noto Sans", "Segoe UI", "DejaVu Sans") if f in known), QFont().family())


COLOUR_FIELDS = tuple(f.name for f in fields(Theme) if f.type is str and f.name != "name")
