"""The command palette: type a few letters of what you want to do, to see or to add, press Enter."""

from collections.abc import Callable, Iterable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from gui.look import icons
from gui.look.as_is import PlainLabel, as_is
from gui.look.guard import guarded_filter
from gui.look.theme import CAPTION, font, theme
from gui.shell.room import brought_inside, fit_dialog, room_on
from gui.widgets.boxes import column

WIDTH, HEIGHT = 560, 440
MOST = 12  # of a group, once something is typed
# Where groups fit equally well, what one does comes before what one goes to.
ORDER = (
    "Actions",
    "Settings",
    "Open documents",
    "Nodes",
    "Groups",
    "Regions",
    "Notes",
    "Operations",
    "Blocks",
    "Examples",
    "Lessons",
    "Recent files",
)
_TO_LIST = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
_ROW = Qt.ItemDataRole.UserRole
Score = tuple[bool, int]


class Findable(Protocol):
    """What can be found: a line of the list. `score`: the least first; None: it does not fit."""

    @property
    def group(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def menu(self) -> str: ...
    @property
    def keys(self) -> str: ...
    @property
    def tooltip(self) -> str: ...
    @property
    def icon(self) -> QIcon | str: ...
    @property
    def usable(self) -> bool: ...
    @property
    def do(self) -> Callable[[], object]: ...
    def score(self, wanted: str) -> Score | None: ...


def found(rows: Iterable[Findable], wanted: str) -> list[tuple[str, list[Findable]]]:
    """What fits, by its group: the group with the best first, and in each the best first."""
    groups: dict[str, list[tuple[Score, Findable]]] = {}
    for row in rows:
        if (score := row.score(wanted)) is not None:
            groups.setdefault(row.group, []).append((score, row))
    ranked = [(sorted(group, key=lambda pair: pair[0]), name) for name, group in groups.items()]
    ranked.sort(key=lambda pair: (pair[0][0][0], ORDER.index(pair[1])) if wanted.strip() else (ORDER.index(pair[1]),))
    most = MOST if wanted.strip() else None
    return [(name, [row for _, row in group[:most]]) for group, name in ranked]


class CommandPalette(QDialog):
    """All that can be done or gone to; Enter chooses what is marked: `chosen`, once it is closed."""

    def __init__(self, rows: Iterable[Findable], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("command-palette")
        self.setAccessibleName("Find anything")
        self.chosen: Findable | None = None
        self._rows = list(rows)
        self._search = QLineEdit(placeholderText="An action, a setting, an operation, an example, a node, a document")
        self._list = QTreeWidget(columnCount=3)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setIndentation(0)
        header = self._list.header()
        header.setStretchLastSection(False)
        for section, mode in enumerate(("Stretch", "ResizeToContents", "ResizeToContents")):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode[mode])
        self._nothing = PlainLabel("Nothing matches.")
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
        groups = found(self._rows, wanted)
        self._list.clear()
        for name, rows in groups:
            caption = _caption(name)
            self._list.addTopLevelItems([caption, *map(_item, rows)])
            caption.setFirstColumnSpanned(True)
        if (first := self._list.topLevelItem(1)) is not None:
            self._list.setCurrentItem(first)
            self._list.scrollToTop()
        self._list.setVisible(bool(groups))
        self._nothing.setVisible(not groups)

    def _choose(self) -> None:
        item = self._list.currentItem()
        row = item.data(0, _ROW) if item else None
        if row is not None and row.usable:
            self.chosen = row
            self.accept()


def _caption(name: str) -> QTreeWidgetItem:
    """The name of a group: the keys pass by it."""
    caption = QTreeWidgetItem([name])
    caption.setFlags(Qt.ItemFlag.NoItemFlags)
    caption.setForeground(0, theme().color("faint"))
    caption.setFont(0, font(CAPTION, bold=True))
    return caption


def _item(row: Findable) -> QTreeWidgetItem:
    item = QTreeWidgetItem([row.text, row.menu, row.keys])
    item.setData(0, _ROW, row)
    picture = icons.icon(row.icon) if isinstance(row.icon, str) and row.icon else row.icon
    item.setIcon(0, picture if isinstance(picture, QIcon) and not picture.isNull() else _no_icon())
    item.setToolTip(0, as_is(row.tooltip))
    colours, usable = theme(), row.usable
    for place, use in enumerate(("text" if usable else "edge", "faint" if usable else "edge", "soft")):
        item.setForeground(place, colours.color(use))
    return item


def _no_icon() -> QIcon:
    """Room where an icon would be, so that all texts begin in one line."""
    empty = QPixmap(16, 16)
    empty.fill(Qt.GlobalColor.transparent)
    return QIcon(empty)
