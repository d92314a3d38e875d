"""The program's own icons: SVG files with `currentColor`, drawn sharp in the colours of the theme."""

from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from typing import ClassVar

from PySide6.QtCore import QByteArray, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from shiboken6 import isValid

from gui.look.theme import Theme, theme, themes

SIZES = (16, 20, 24)
APP_SIZES = (16, 24, 32, 48, 64, 128, 256)
APP_ICON = "gradloom"
USES = {QIcon.Mode.Active: "text", QIcon.Mode.Disabled: "edge"}  # else "soft"


def icon(name: str) -> QIcon:
    """An icon in the theme in force; ask again after `themes.changed`, or let `keep` do it."""
    return _icon(name, theme())


def keep(owner: QObject, set_icon: Callable[[QIcon], object], name: str) -> None:
    """Give an action or button its icon, now and after every change of theme, for as long as `owner` lives."""

    def refresh() -> None:
        set_icon(icon(name))

    refresh()
    themes.changed.connect(refresh)
    owner.destroyed.connect(lambda: isValid(themes) and themes.changed.disconnect(refresh))


@lru_cache(maxsize=1024)
def pixmap(name: str, size: int, color: str, dpr: float = 1.0) -> QPixmap:
    """An icon `size` logical pixels wide in one colour (`#rrggbb`), for a device pixel ratio."""
    image = QPixmap(round(size * dpr), round(size * dpr))
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _renderer(name, color).render(painter, QRectF(0, 0, image.width(), image.height()))
    image.setDevicePixelRatio(dpr)
    return image


def paint(painter: QPainter, name: str, box: QRectF, color: QColor) -> None:
    """Draw an icon into a box."""
    _renderer(name, color.name()).render(painter, box)


@cache
def _icon(name: str, worn: Theme) -> QIcon:
    return QIcon(DrawnIcon(name, worn))


class DrawnIcon(QIconEngine):
    """Draws an icon in the size and state in which it is asked for: most never are in most of them."""

    _copies: ClassVar[list[QIconEngine]] = []  # Qt has only borrowed them

    def __init__(self, name: str, worn: Theme) -> None:
        super().__init__()
        self._name, self._theme = name, worn

    def clone(self) -> QIconEngine:
        self._copies.append(DrawnIcon(self._name, self._theme))
        return self._copies[-1]

    def isNull(self) -> bool:
        return False

    def availableSizes(self, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off) -> list[QSize]:
        return [QSize(size, size) for size in (APP_SIZES if self._name == APP_ICON else SIZES)]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint(painter, self._name, QRectF(rect), self._color(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """`size` in pixels of the window, each of which is `scale` of the screen's."""
        return pixmap(self._name, min(size.width(), size.height()), self._color(mode).name(), scale)

    def _color(self, mode: QIcon.Mode) -> QColor:
        return self._theme.color(USES.get(mode, "soft"))


@lru_cache(maxsize=256)
def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode()))


@cache
def _source(name: str) -> str:
    return (files("assets") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
