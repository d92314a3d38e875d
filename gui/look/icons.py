"""The program's own icons: SVG files with `currentColor`, drawn sharp in the colours of the theme."""

from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from shiboken6 import isValid

from gui.look.theme import theme, themes

SIZES = (16, 20, 24)
APP_SIZES = (16, 24, 32, 48, 64, 128, 256)
APP_ICON = "gradloom"


def icon(name: str) -> QIcon:
    """An icon in the theme in force; ask again after `themes.changed`, or let `keep` do it."""
    return _icon(name, theme().name)


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
def _icon(name: str, _theme: str) -> QIcon:
    result = QIcon()
    modes = ((QIcon.Mode.Normal, "soft"), (QIcon.Mode.Active, "text"), (QIcon.Mode.Disabled, "edge"))
    for size in APP_SIZES if name == APP_ICON else SIZES:
        for dpr in _dprs():
            for mode, use in modes:
                result.addPixmap(pixmap(name, size, theme().color(use).name(), dpr), mode)
    return result


def _dprs() -> list[float]:
    """The pixel ratios of the screens there are, and the usual two for one that is plugged in later."""
    return sorted({1.0, 2.0, *(screen.devicePixelRatio() for screen in QGuiApplication.screens())})


@lru_cache(maxsize=256)
def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode()))


@cache
def _source(name: str) -> str:
    return (files("assets") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
