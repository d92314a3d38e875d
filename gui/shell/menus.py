"""Qt's side of the table of actions: one QAction for each, the menus made of them, and their state kept current."""

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from gui.look import icons
from gui.look.as_is import as_is, unmarked
from gui.shell.action_row import ActionRow
from gui.shell.actions import ACTIONS, MENUS, TOP_BAR
from gui.shell.actions.action import Action, Menu, rows_of
from gui.shell.window import Window

WAYS_ON = "Answer it, or press Esc on the canvas to end the questions."
FOLDS = ("panel_palette", "panel_timeline", "panel_inspector")


class ActionSet(QObject):
    """Holds the QActions by id; `refresh` asks the table again what can be used, what is on, and what it is called.

    Their keys work in `frame`, or in `canvas` alone.
    """

    def __init__(self, window: Window, frame: QWidget, canvas: QWidget) -> None:
        super().__init__(frame)
        self._window = window
        self.by_id = {action.id: self._make(action) for action in ACTIONS.values()}
        self._questions = {action.enabled for action in ACTIONS.values() if action.enabled}
        self._labels = {id: action.label for id, action in ACTIONS.items() if action.label}
        said = {id: action.why_not for id, action in ACTIONS.items() if action.why_not and action.button}
        self._tips = {id: {True: ACTIONS[id].tooltip, False: why} for id, why in said.items()}
        self._allowed: frozenset[str] | None = None
        self._answers: object = None  # by which each can be used or not, as it is shown
        self.filled: dict[str, list[QMenu]] = {}  # by title, those that are filled when they open
        for id, action in ACTIONS.items():
            (canvas if action.on_canvas else frame).addAction(self.by_id[id])

    def refresh(self) -> None:
        """Everything anew."""
        self.follow_graph()
        for id, action in ACTIONS.items():
            self._show_tick(self.by_id[id], action)

    def allow_only(self, ids: frozenset[str] | None) -> None:
        """Let only these actions be used; None: all that can be."""
        self._allowed = ids
        self.refresh()

    def why_not(self, key: QKeySequence) -> str:
        """Why a key does nothing now though it would else: a sentence; empty: it does something or means nothing, or
        nobody says why."""
        meant = [action for id, action in ACTIONS.items() if key in self.by_id[id].shortcuts()]
        if any(self.by_id[action.id].isEnabled() for action in meant):
            return ""
        for action in meant:
            if not self._may(action.id):
                return f"“{action.text.rstrip('…')}” waits while a question is open. {WAYS_ON}"
            if action.why_not:
                return f"{action.why_not}."
        return ""

    def _may(self, id: str) -> bool:
        return self._allowed is None or id in self._allowed

    def follow_graph(self) -> None:
        """What depends on the graph: no tick does. Each question is asked once, however many actions ask it."""
        usable = {asked: asked(self._window) for asked in self._questions}
        for id, label in self._labels.items():
            if (text := unmarked(label(self._window))) != self.by_id[id].text():
                self.by_id[id].setText(text)
                self.by_id[id].setIconText(ACTIONS[id].text)
        if self._answers == (answers := (usable, self._allowed)):
            return
        self._answers = answers
        for id, action in ACTIONS.items():
            made, is_usable = self.by_id[id], self._may(id) and (action.enabled is None or usable[action.enabled])
            if made.isEnabled() != is_usable:
                made.setEnabled(is_usable)
                if id in self._tips:
                    made.setToolTip(as_is(self._tips[id][is_usable]))

    def _show_tick(self, made: QAction, action: Action) -> None:
        if action.checked:
            made.setChecked(action.checked(self._window))

    def build(self, bar: QMenuBar) -> None:
        """Put all menus into the menu bar."""
        for menu in MENUS:
            self._add_menu(bar.addMenu(f"&{unmarked(menu.title)}"), menu)

    @property
    def buttons(self) -> list[QAction]:
        """Those that stand in the top bar."""
        return [self.by_id[action.id] for action in TOP_BAR]

    @property
    def panel_buttons(self) -> list[QAction]:
        """Those that fold a side of the window away, and bring it back."""
        return [self.by_id[id] for id in FOLDS]

    def rows(self) -> list[ActionRow]:
        """All of them, as lists show them."""
        found = rows_of(MENUS)
        return [ActionRow(title, row.keys_text, row.meaning, self.by_id[row.id], row.why_not) for title, row in found]

    def _make(self, action: Action) -> QAction:
        made = QAction(unmarked(action.text), self)
        made.setObjectName(action.id)
        made.setShortcuts([QKeySequence(key) for key in action.keys])
        made.setToolTip(as_is(action.tooltip))
        made.setStatusTip("")
        made.setIconText(action.text.rstrip("…"))
        made.setCheckable(action.checked is not None)
        if action.on_canvas:
            made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.setIconVisibleInMenu(action.checked is None)  # beside an icon Qt shows no tick
        if action.icon:
            icons.keep(made, made.setIcon, action.icon)
        made.triggered.connect(partial(self._do, action))
        return made

    def _do(self, action: Action) -> None:
        """First what is being typed goes into the document; what cannot be read holds the action back, and that is
        said: what stands beside the field speaks of the text alone, and may be far from where one looks."""
        window = self._window
        if action.beside_typing or window.bridge.pending.commit():
            window.begin_action()
            if action.enabled is None or action.enabled(window):  # it may be that the typing has changed that
                action.do(window)
        else:
            name = action.text.rstrip("…")
            window.status.tell(f"“{name}” waits for what you are typing: correct it, or press Esc.", warning=True)
        self._show_tick(self.by_id[action.id], action)  # Qt has turned its switch already

    def _add_menu(self, menu: QMenu, made_of: Menu) -> None:
        if made_of.fill:
            self.filled.setdefault(made_of.title, []).append(menu)
            menu.aboutToShow.connect(partial(made_of.fill, self._window, menu))
            made_of.fill(self._window, menu)
        for number, section in enumerate(made_of.sections):
            if number:
                menu.addSeparator()
            for entry in section:
                if isinstance(entry, Menu):
                    self._add_menu(menu.addMenu(unmarked(entry.title)), entry)
                else:
                    menu.addAction(self.by_id[entry.id])
        if made_of.one_of:
            choice = QActionGroup(menu)
            for action in menu.actions():
                choice.addAction(action)
