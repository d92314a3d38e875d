"""The bar above everything: menus, title, the most used actions, the panels, the wording and the theme."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenuBar, QSizePolicy, QWidget

from engine.show.wording import WORDINGS, Wording
from gui.look import icons
from gui.look.as_is import PlainLabel, as_is
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import theme, themes
from gui.widgets.boxes import STRETCH, holder, row
from gui.widgets.buttons import PushButton, ToolButton
from gui.widgets.labels import ElidedLabel
from gui.widgets.segmented import Segmented

HEIGHT = 40
EDGE, SPACE = 8, 12  # at both ends; between the groups
LEAST_NAME, USUAL_NAME, MOST_NAME = 90, 140, 420  # for the name; beside a usual one buttons have words
LEAST_TITLE, BESIDE_TITLE = 40, 8
EDITED, DOT = "edited", "●"  # the latter where there is no room for the word
# Which buttons have words, by how much room there is: those whose icon says little keep theirs longest.
WORDY: tuple[Callable[[str], bool], ...] = (
    lambda id: True,
    lambda id: id in ("arrange", "check", "train"),
    lambda id: False,
)


class TopBar(QWidget):
    """Shows what it is told; a click asks for something. What there is no room for is in the menus too."""

    wording_chosen = Signal(object)
    theme_switched = Signal()

    def __init__(self, actions: Iterable[QAction], panels: Iterable[QAction]) -> None:
        super().__init__()
        self.setObjectName("top-bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        keep_scaled(self, lambda: self.setFixedHeight(scaled(HEIGHT)))
        self._shown: tuple[str, bool] | None = None
        self.menus = QMenuBar()
        self._title = ElidedLabel("title")
        self._edited = PlainLabel(EDITED)
        self._edited.setToolTip(as_is(EDITED))
        self._edited.setAccessibleName(EDITED)
        self._edited.setProperty("role", "faint")
        self._name = holder(row(None, BESIDE_TITLE, self._title, self._edited, STRETCH))
        self._wording = Segmented("Wording", [(name, name) for name in WORDINGS])
        self._wording.setToolTip("Explain the numbers in terms of the gradient, or of responsibility")
        self._wording.chosen.connect(self.wording_chosen)
        self._theme = ToolButton()
        self._theme.clicked.connect(self.theme_switched)
        self._buttons = [ActionButton(action) for action in actions]
        self._folds = holder(row(None, 2, *(ActionButton(action, words=False) for action in panels)))
        self._middle = holder(row(None, 4, *self._buttons))
        self._lay_out()
        themes.changed.connect(self._dress)
        self._dress()

    def show_title(self, title: str, edited: bool) -> None:
        """Name the document. Every tick of a slider asks for it again, and to share the room anew takes a while."""
        if (title, edited) == self._shown:
            return
        self._shown = (title, edited)
        self._title.show_text(title)
        self._fill_name()

    def show_wording(self, wording: Wording) -> None:
        self._wording.show_choice(wording)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _lay_out(self) -> None:
        keep_scaled(self._wording, lambda: self._wording.setFixedWidth(self._wording.sizeHint().width()))
        self.menus.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        parts = (self.menus, self._name, STRETCH, self._middle, STRETCH, self._folds, self._wording, self._theme)
        row(self, SPACE, *parts, margins=(EDGE, 0, EDGE, 0))

    def _share_room(self) -> None:
        """What is wanted least goes first: words, then the panels' buttons, the wording, the name, all buttons.

        The name has a room that only the window's width tells: whatever it is, and edited or not, no button moves.
        """
        free = self.width() - 2 * EDGE - self.menus.sizeHint().width() - self._theme.sizeHint().width() - 4 * SPACE
        usual = scaled(USUAL_NAME)
        words = next((words for words in WORDY if self._wide(words) + self._beside + usual <= free), WORDY[-1])
        for button in self._buttons:
            button.show_words(words(button.action_id))
        free -= self._show_if_room(self._middle, self._wide(words), free)
        free -= self._show_if_room(self._name, LEAST_NAME, free)
        for part in (self._wording, self._folds):
            free -= self._show_if_room(part, part.sizeHint().width() + SPACE, free)
        self._name.setFixedWidth(min(max(LEAST_NAME, LEAST_NAME + free), scaled(MOST_NAME)))
        self._fill_name()

    def _fill_name(self) -> None:
        """The title, and behind it whether it is edited, in the room that there is for both."""
        room, edited = self._name.maximumWidth(), self._shown is not None and self._shown[1]
        self._title.setMinimumWidth(0)  # a label's hint is no less
        whole, wide = self._title.sizeHint().width(), self._edited.fontMetrics().horizontalAdvance
        self._edited.setText(EDITED if whole + wide(EDITED) + BESIDE_TITLE <= room else DOT)
        beside = self._edited.sizeHint().width() + BESIDE_TITLE
        shown = edited and room - beside >= LEAST_TITLE
        self._edited.setVisible(shown)
        self._title.setFixedWidth(min(whole, room - beside * shown))

    @property
    def _beside(self) -> int:
        return self._wording.sizeHint().width() + self._folds.sizeHint().width() + 2 * SPACE

    def _wide(self, words: Callable[[str], bool]) -> int:
        """How wide the buttons are if these have words."""
        return sum(button.width_with(words(button.action_id)) + 4 for button in self._buttons)

    def _show_if_room(self, part: QWidget, width: int, free: int) -> int:
        """Show a part if it fits. Gives what it takes."""
        part.setVisible(width <= free)
        return width if width <= free else 0

    def _dress(self) -> None:
        other = "light" if theme().name == "dark" else "dark"
        self._theme.setIcon(icons.icon("sun" if other == "light" else "moon"))
        name = f"Switch to the {other} theme"
        self._theme.setToolTip(as_is(name))
        self._theme.setAccessibleName(name)


class ActionButton(PushButton):
    """A button that is an action's: its icon, its short name, its tooltip, whether it can be used, and is on."""

    def __init__(self, action: QAction, words: bool = True) -> None:
        super().__init__()
        self._action = action
        self._words = words
        self.action_id = action.objectName()
        self.setObjectName(f"button-{self.action_id}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCheckable(action.isCheckable())
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def show_words(self, words: bool) -> None:
        if words != self._words:
            self._words = words
            self._follow()

    def width_with(self, words: bool) -> int:
        """How wide it is with its name, or without."""
        wide = self.fontMetrics().horizontalAdvance
        return self.sizeHint().width() - wide(self.text()) + (wide(self._action.iconText()) if words else 0)

    def _follow(self) -> None:
        self.setText(self._action.iconText() if self._words else "")
        self.setAccessibleName(self._action.iconText())
        if self.icon().cacheKey() != self._action.icon().cacheKey():  # Qt would lay out the whole bar for the same one
            self.setIcon(self._action.icon())
        self.setToolTip(self._action.toolTip())
        if self.hasFocus() and not self._action.isEnabled():
            QTimer.singleShot(0, self, self._give_keys_away)  # its neighbours may be switched on in this moment
        self.setEnabled(self._action.isEnabled())
        self.setChecked(self._action.isChecked())

    def _give_keys_away(self) -> None:
        """To the nearest button that can be pressed: Qt would take the next in the order of Tab, whatever it is."""
        bar = self.parentWidget()
        others = [] if bar is None else [each for each in bar.findChildren(ActionButton) if each.isEnabled()]
        near = sorted((each for each in others if each is not self), key=lambda each: abs(each.x() - self.x()))
        if near:
            near[0].setFocus(Qt.FocusReason.TabFocusReason)
