"""How a list whose rows are painted by hand is set up."""

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QListView, QStyledItemDelegate

from gui.look.theme import themes


def set_up_painted(view: QListView, name: str, rows: QAbstractItemModel, delegate: QStyledItemDelegate) -> None:
    """It scrolls smoothly and downwards only, shows what is under the mouse, and is painted anew with the theme."""
    view.setModel(rows)
    view.setItemDelegate(delegate)
    view.setMouseTracking(True)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setAccessibleName(name)
    themes.changed.connect(view.viewport().update)
