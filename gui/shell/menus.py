"""Qt's side of the table of actions: one QAction for each, the menus made of them, and their state kept current."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget, QWidgetAction

from gui.look import icons
from gui.shell.actions import ACTIONS, MENUS, Action, Menu
from gui.widgets.labels import label

if TYPE_CHECKING:
    from gui.main_window import MainWindow

Fill = Callable[[QMenu], None]


def _with_menus(menus: Iterable[Menu]) -> Iterator[tuple[str, Action]]:
    """Every action, each with the title of the innermost menu that it stands in."""
    for menu in menus:
        for section in menu.sections:
            for entry in section:
                if isinstance(entry, Menu):
                    yield from _with_menus([entry])
                else:
                    yield menu.title, entry


class Commands(QObject):
    """Holds the QActions by id; `refresh` asks the table again what can be used, what is on, and what it is called."""

    def __init__(self, window: MainWindow, canvas: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.by_id = {action.id: self._make(action) for action in ACTIONS.values()}
        self.menus: dict[str, list[QMenu]] = {}  # those that are filled when they open
        for id, action in ACTIONS.items():
            holder = canvas if action.on_canvas else window
            holder.addAction(self.by_id[id])

    def refresh(self) -> None:
        for id, action in ACTIONS.items():
            made = self.by_id[id]
            made.setEnabled(action.enabled(self._window))
            if action.checked:
                made.setChecked(action.checked(self._window))
            if action.label:
                made.setText(action.label(self._window))
                made.setIconText(action.text)

    def build(self, bar: QMenuBar, fills: Mapping[str, Fill]) -> None:
        """Put all menus into the menu bar; `fills` fill those whose contents come from elsewhere."""
        for menu in MENUS:
            self._add_menu(bar.addMenu(f"&{menu.title}"), menu, fills)

    def by_menu(self) -> list[tuple[str, str, QAction]]:
        """For the command palette: of every action the menu, the keys, and itself."""
        return [(title, action.keys_text, self.by_id[action.id]) for title, action in _with_menus(MENUS)]

    def _make(self, action: Action) -> QAction:
        made = QAction(action.text, self._window)
        made.setObjectName(action.id)
        made.setShortcuts([QKeySequence(key) for key in action.keys])
        made.setToolTip(action.tooltip)
        made.setStatusTip("")
        made.setIconText(action.text.rstrip("…"))
        made.setCheckable(action.checked is not None)
        if action.on_canvas:
            made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if action.icon:
            icons.keep(made, made.setIcon, action.icon)
        made.triggered.connect(partial(self._do, action))
        return made

    def _do(self, action: Action) -> None:
        self._window.begin_action()
        action.do(self._window)
        self.refresh()

    def _add_menu(self, menu: QMenu, made_of: Menu, fills: Mapping[str, Fill]) -> None:
        if made_of.fill:
            self.menus.setdefault(made_of.fill, []).append(menu)
            menu.aboutToShow.connect(partial(fills[made_of.fill], menu))
            fills[made_of.fill](menu)
        for number, section in enumerate(made_of.sections):
            if number:
                menu.addSeparator()
            for entry in section:
                if isinstance(entry, Menu):
                    self._add_menu(menu.addMenu(entry.title), entry, fills)
                else:
                    menu.addAction(self.by_id[entry.id])


def menu_caption(text: str, menu: QMenu) -> QWidgetAction:
    """A heading between the entries of a menu."""
    caption = QWidgetAction(menu)
    heading = label(text, "caption")
    heading.setContentsMargins(12, 10, 12, 2)
    caption.setDefaultWidget(heading)
    caption.setEnabled(False)
    return caption
