"""How wide a text is, and how much of it fits: what must be known before anything is painted."""

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

from engine.values.values import MINUS, number_text
from gui.look.theme import font

JOINER = "\u2060"  # where no line may be broken


@lru_cache(maxsize=64)
def metrics(size: int, bold: bool = False) -> QFontMetricsF:
    return QFontMetricsF(font(size, bold))


@lru_cache(maxsize=8192)
def width(text: str, size: int, bold: bool = False) -> float:
    """How wide a text is, in pixels."""
    return metrics(size, bold).horizontalAdvance(text)


@lru_cache(maxsize=4096)
def elided(text: str, size: int, bold: bool, room: float) -> str:
    """The text, shortened with … where it is wider than `room`."""
    if width(text, size, bold) <= room:
        return text
    return metrics(size, bold).elidedText(text, Qt.TextElideMode.ElideRight, room)


@lru_cache(maxsize=4096)
def middle_elided(text: str, size: int, bold: bool, room: float) -> str:
    """The text, with … in place of its middle where it is wider than `room`: names differ at their ends."""
    if width(text, size, bold) <= room:
        return text
    return metrics(size, bold).elidedText(text, Qt.TextElideMode.ElideMiddle, room)


@lru_cache(maxsize=4096)
def clipped(text: str, size: int, bold: bool, room: float) -> str:
    """The same of a number or a vector: of a vector as many whole elements as there is room for, [1, −2, …], of a
    number, or of the first element, as many digits, −1.2e−100: without its end it would be another one."""
    short = beginning(text, size, bold, room)
    if width(short, size, bold) <= room:
        return short
    rounded = (form for form in _rounded(text) if width(form, size, bold) <= room)
    return next(rounded, "") or elided(text, size, bold, room)


def _rounded(text: str) -> tuple[str, ...]:
    """A number, or the first of a vector, with fewer and fewer digits, 1e−3 at last; nothing for any other text."""
    before, bracket, inside = text.partition("[")
    if bracket:
        first, *others = inside.rstrip("]").split(", ")
        frames = ("[{}, …]", "[{},…]", "[{},…", "{},…") if others else ("[{}]", "{}")  # no part of a number goes
        return tuple(before + frame.format(form) for frame in frames for form in _rounded(first))
    try:
        number = float(text.replace(MINUS, "-"))
    except ValueError:
        return ()
    mantissa, _, power = f"{number:.0e}".partition("e")
    brief = f"{mantissa}e{int(power)}".replace("-", MINUS) if power else text
    return (*(number_text(number, digits) for digits in (4, 3, 2, 1)), brief)


@lru_cache(maxsize=4096)
def beginning(text: str, size: int, bold: bool, room: float) -> str:
    """Of a vector as many whole elements as there is room for, [1, −2, …], but at least one; other texts whole."""
    before, bracket, inside = text.partition("[")
    elements, short = inside.rstrip("]").split(", "), text
    for kept in range(len(elements), 0, -1) if bracket else ():
        short = f"{before}[{', '.join(elements[:kept])}{', …' if kept < len(elements) else ''}]"
        if width(short, size, bold) <= room:
            break
    return short


def whole_ends(text: str, wide: Callable[[str], float], room: float) -> str | None:
    """A vector with … in place of elements in its middle, [−2, …, 0.5]; None: there is no room for the ends, or it is
    no vector. No element is cut: without its beginning a number would be another one."""
    parts, closed = text.split(", "), "]" * (len(text) - len(text.lstrip("[")))
    for kept in range(len(parts) - 1, 0, -1):
        last = kept // 2
        short = ", ".join([*parts[: kept - last], "…", *parts[len(parts) - last :]]) + ("" if last else closed)
        if len(parts) > 1 and wide(short) <= room:
            return short
    return None


@lru_cache(maxsize=1024)
def lines(text: str, size: int, room: float) -> tuple[str, ...]:
    """The text in lines no wider than `room`: broken between words, never within ∂f/∂x; a longer word anywhere."""
    layout = QTextLayout(text.replace("/", f"/{JOINER}"), font(size))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    broken: list[str] = []
    units = layout.text().encode("utf-16-le")  # Qt counts an emoji as two
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(room, 1.0))
        start, end = line.textStart(), line.textStart() + line.textLength()
        broken.append(units[2 * start : 2 * end].decode("utf-16-le", "replace").replace(JOINER, "").strip())
    layout.endLayout()
    return tuple(broken)


def fitting(text: str, room: float, *sizes: int) -> QFont:
    """The first of these sizes, in bold, in which a text is no wider than `room`; else the last."""
    return font(next((size for size in sizes if width(text, size, True) <= room), sizes[-1]), bold=True)
