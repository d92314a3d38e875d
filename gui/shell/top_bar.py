"""The bar above everything: the document's title, the most used actions, the wording and the theme."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.show.wording import WORDINGS, Wording
from gui.look import icons
from gui.look.as_is import PlainLabel, as_is
from gui.look.theme import theme, themes
from gui.widgets.boxes import STRETCH, Part, holder, row
from gui.widgets.buttons import PushButton, ToolButton
from gui.widgets.labels import ElidedLabel
from gui.widgets.segmented import Segmented

HEIGHT = 44
WORDY = 1180  # from this width on, the buttons have words
NAMED = 560  # from this width on, there is room for the title
ROOMY = 840  # from this width on, the wording can be chosen here and not in the menu alone


class TopBar(QWidget):
    """Shows what it is told; a click asks for something."""

    wording_chosen = Signal(object)
    theme_switched = Signal()

    def __init__(self, actions: Iterable[QAction]) -> None:
        super().__init__()
        self.setObjectName("top-bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._title = ElidedLabel("title")
        self._edited = PlainLabel("edited")
        self._edited.setProperty("role", "faint")
        self._wording = Segmented("Wording", [(name, name) for name in WORDINGS])
        self._wording.setToolTip("Explain the numbers in terms of the gradient, or of responsibility")
        self._wording.chosen.connect(self.wording_chosen)
        self._theme = ToolButton()
        self._theme.clicked.connect(self.theme_switched)
        self._buttons = [ActionButton(action) for action in actions]
        self._lay_out()
        themes.changed.connect(self._dress)
        self._dress()

    def show_title(self, title: str, edited: bool) -> None:
        self._title.show_text(title)
        self._title.setMaximumWidth(self._title.sizeHint().width())
        self._edited.setVisible(edited)

    def show_wording(self, wording: Wording) -> None:
        self._wording.show_choice(wording)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the buttons show their icons alone, in a very narrow one the title takes the room."""
        super().resizeEvent(event)
        self._title.setVisible(self.width() >= NAMED)
        self._wording.setVisible(self.width() >= ROOMY)
        self._right.setMinimumWidth(self._right.sizeHint().width())  # what is chosen here is never covered
        for button in self._buttons:
            button.show_words(self.width() >= WORDY)

    def _lay_out(self) -> None:
        self._wording.setMinimumWidth(self._wording.sizeHint().width())
        left = _side((self._title, 100), self._edited, STRETCH)
        self._right = _side(STRETCH, self._wording, self._theme)
        row(self, -1, (left, 1), holder(row(None, 6, *self._buttons)), (self._right, 1), margins=(16, 0, 8, 0))

    def _dress(self) -> None:
        other = "light" if theme().name == "dark" else "dark"
        self._theme.setIcon(icons.icon("sun" if other == "light" else "moon"))
        name = f"Switch to the {other} theme"
        self._theme.setToolTip(as_is(name))
        self._theme.setAccessibleName(name)


class ActionButton(PushButton):
    """A button that is an action's: its icon, its short name, its tooltip, and whether it can be used."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._action = action
        self._words = True
        self.setObjectName(f"button-{action.objectName()}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def show_words(self, words: bool) -> None:
        if words != self._words:
            self._words = words
            self._follow()

    def _follow(self) -> None:
        self.setText(self._action.iconText() if self._words else "")
        self.setAccessibleName(self._action.iconText())
        self.setIcon(self._action.icon())
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())


def _side(*parts: Part) -> QWidget:
    """A side of the bar; both take the same width, so that the middle stays in the middle."""
    side = holder(row(None, 8, *parts))
    side.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return side
