"""The entries of context menus that are about regions and open groups."""

from functools import partial

from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QMenu

from engine.graph.grouping import COLOURS
from gui.canvas.gathering import Gathering
from gui.canvas.menu_entries import add
from gui.look.region_colours import region_colour
from gui.look.theme import theme


def add_colours(menu: QMenu, gathering: Gathering) -> None:
    """A colour for the selected regions: each with its name, for not everybody tells colours apart."""
    chosen = {region.colour for region in gathering.regions()}
    submenu = menu.addMenu("Colour")
    for colour in COLOURS:
        entry = add(submenu, colour.capitalize(), partial(gathering.recolour, colour), ticked=chosen == {colour})
        entry.setIcon(_patch(region_colour(colour, theme())))
        entry.setIconVisibleInMenu(chosen != {colour})  # beside an icon Qt shows no tick


def _patch(colour: str) -> QIcon:
    picture = QPixmap(16, 16)
    picture.fill(QColor(colour))
    return QIcon(picture)
