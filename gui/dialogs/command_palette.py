"""The command palette: type a few letters of what you want to do, press Enter."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

WIDTH, HEIGHT = 520, 380
_TO_LIST = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


def match(wanted: str, text: str) -> int | None:
    """How well a text fits what was typed, 0 the best; None: not at all. Letters may be left out between."""
    wanted, text = wanted.lower().replace(" ", ""), text.lower()
    score, at = 0, -1
    for letter in wanted:
        found = text.find(letter, at + 1)
        if found < 0:
            return None
        begins_word = found == 0 or not text[found - 1].isalnum()
        score += 0 if found == at + 1 else 1 if begins_word else 4
        at = found
    return score * 100 + len(text)


class CommandPalette(QDialog):
    """All actions that can be used now; Enter chooses the one that is marked: `chosen`, once it is closed."""

    def __init__(self, actions: Iterable[tuple[str, QAction]], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("command-palette")
        self.setAccessibleName("Find an action")
        self.chosen: QAction | None = None
        self._actions = [(f"{menu}: {_plain(action)}", action) for menu, action in actions]
        self._search = QLineEdit(placeholderText="What do you want to do?")
        self._list = QTreeWidget(columnCount=2)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.header().setStretchLastSection(False)
        self._list.header().setSectionResizeMode(0, self._list.header().ResizeMode.Stretch)
        self._list.header().setSectionResizeMode(1, self._list.header().ResizeMode.ResizeToContents)
        self._nothing = QLabel("No action is called that.")
        column = QVBoxLayout(self)
        for widget in (self._search, self._nothing, self._list):
            column.addWidget(widget)
        self.resize(WIDTH, HEIGHT)
        self.move(parent.mapToGlobal(parent.rect().topLeft()).x() + (parent.width() - WIDTH) // 2, parent.y() + 96)
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _TO_LIST:
            self._list.event(event)
            return True
        return super().eventFilter(watched, event)

    def _show_matches(self, wanted: str) -> None:
        scored = [(match(wanted, text), text, action) for text, action in self._actions]
        found = [entry for entry in scored if entry[0] is not None]
        if wanted:
            found.sort(key=lambda entry: (not entry[2].isEnabled(), entry[0]))
        self._list.clear()
        self._list.addTopLevelItems([_item(text, action) for _, text, action in found])
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


def _item(text: str, action: QAction) -> QTreeWidgetItem:
    item = QTreeWidgetItem([text, ", ".join(key.toString(key.SequenceFormat.NativeText) for key in action.shortcuts())])
    item.setData(0, Qt.ItemDataRole.UserRole, action)
    item.setIcon(0, action.icon())
    item.setToolTip(0, action.toolTip())
    item.setDisabled(not action.isEnabled())
    return item


def _plain(action: QAction) -> str:
    return action.text().replace("&", "")
