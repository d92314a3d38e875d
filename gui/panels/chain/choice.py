"""A button that shows a node and opens a list of those that can be chosen in its place."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox

from gui.widgets.fields import NoWheelComboBox

MOST_SEEN = 16  # rows of the list at once
Choices = Callable[[], Sequence[tuple[str, str]]]  # ids and names


class NodeChoice(NoWheelComboBox):
    """The list is made when it opens: of a large graph it is long, and nobody may look at it."""

    chosen = Signal(str)  # by hand

    def __init__(self, name: str, choices: Choices) -> None:
        super().__init__()
        self._choices = choices
        self.setAccessibleName(name)
        self.setMaxVisibleItems(MOST_SEEN)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.activated.connect(lambda row: self.chosen.emit(self.itemData(row)))

    def show_node(self, id: str, name: str) -> None:
        """Show a node as the one that is chosen."""
        if self.itemData(self.currentIndex()) != id or self.currentText() != name:
            self.clear()
            if id:
                self.addItem(name, id)

    def fill(self) -> None:
        """List all that can be chosen."""
        here = self.itemData(self.currentIndex())
        choices = self._choices()
        self.clear()
        for id, name in choices:
            self.addItem(name, id)
        self.setCurrentIndex(next((row for row, (id, _) in enumerate(choices) if id == here), -1))

    def showPopup(self) -> None:
        self.fill()
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel that turns over it scrolls what is about it, and chooses nothing."""
        event.ignore()
