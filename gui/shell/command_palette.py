"""The command palette: type a few letters of what you want to do, press Enter."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from gui.look.as_is import PlainLabel
from gui.look.theme import theme
from gui.shell.action_row import ActionRow
from gui.shell.room import brought_inside, fit_dialog, room_on
from gui.widgets.boxes import column
from gui.widgets.guard import guarded_filter

WIDTH, HEIGHT = 520, 380
_TO_LIST = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class CommandPalette(QDialog):
    """All actions that can be used now; Enter chooses the one that is marked: `chosen`, once it is closed."""

    def __init__(self, rows: Iterable[ActionRow], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("command-palette")
        self.setAccessibleName("Find an action")
        self.chosen: QAction | None = None
        self._rows = list(rows)
        self._search = QLineEdit(placeholderText="What do you want to do?")
        self._list = QTreeWidget(columnCount=3)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setIndentation(0)
        header = self._list.header()
        header.setStretchLastSection(False)
        for section, mode in enumerate(("Stretch", "ResizeToContents", "ResizeToContents")):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode[mode])
        self._nothing = PlainLabel("No action matches.")
        column(self, -1, self._search, self._nothing, self._list, margins=(11, 11, 11, 11))
        fit_dialog(self, QSize(WIDTH, HEIGHT))
        place = parent.mapToGlobal(parent.rect().topLeft()) + QPoint((parent.width() - self.width()) // 2, 96)
        self.setGeometry(brought_inside(QRect(place, self.size()), room_on(parent.screen())))
        self._search.textChanged.connect(self._show_matches)
        self._search.installEventFilter(self)
        self._search.returnPressed.connect(self._choose)
        self._list.itemClicked.connect(self._choose)
        self._show_matches("")
        self._search.setFocus()

    def event(self, event: QEvent) -> bool:
        """A click elsewhere closes it."""
        if event.type() == QEvent.Type.WindowDeactivate and self.isVisible():
            self.reject()
        return super().event(event)

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _TO_LIST:
            self._list.event(event)
            return True
        return super().eventFilter(watched, event)

    def _show_matches(self, wanted: str) -> None:
        scored = [(row.score(wanted), row) for row in self._rows]
        found = sorted(((score, row) for score, row in scored if score is not None), key=lambda pair: pair[0])
        self._list.clear()
        self._list.addTopLevelItems([_item(row) for _, row in found])
        if first := self._list.topLevelItem(0):
            self._list.setCurrentItem(first)
        self._list.setVisible(bool(found))
        self._nothing.setVisible(not found)

    def _choose(self) -> None:
        item = self._list.currentItem()
        action = item.data(0, Qt.ItemDataRole.UserRole) if item else None
        if isinstance(action, QAction) and action.isEnabled():
            self.chosen = action
            self.accept()


def _item(row: ActionRow) -> QTreeWidgetItem:
    item = QTreeWidgetItem([row.text, row.menu, row.keys])
    item.setData(0, Qt.ItemDataRole.UserRole, row.action)
    item.setIcon(0, row.action.icon() if not row.action.icon().isNull() else _no_icon())
    item.setToolTip(0, row.action.toolTip())
    colours, usable = theme(), row.action.isEnabled()
    for place, use in enumerate(("text" if usable else "edge", "faint" if usable else "edge", "soft")):
        item.setForeground(place, colours.color(use))
    return item


def _no_icon() -> QIcon:
    """Room where an icon would be, so that all texts begin in one line."""
    empty = QPixmap(16, 16)
    empty.fill(Qt.GlobalColor.transparent)
    return QIcon(empty)
