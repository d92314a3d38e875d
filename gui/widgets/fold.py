"""A section that is folded away until somebody wants it: what it holds is only made when it is open."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from gui.look.as_is import unmarked
from gui.widgets.boxes import STRETCH, column
from gui.widgets.buttons import PushButton


class Fold(QWidget):
    """A heading to press, and under it `body` while it is open."""

    opened = Signal(bool)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.button = PushButton()
        self.button.setCheckable(True)
        self.button.setProperty("role", "link")
        self.button.setMinimumWidth(1)  # an endless name is cut off at the edge of the panel
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.toggled.connect(self._turn)
        self.body = QWidget()
        self.content = column(None, 8)
        column(self.body, 0, self.content, STRETCH, margins=(0, 4, 0, 4))
        column(self, 0, (self.button, 0, Qt.AlignmentFlag.AlignLeft), self.body)
        self._turn(False)

    @property
    def is_open(self) -> bool:
        return self.button.isChecked()

    def show_title(self, title: str) -> None:
        """Another heading."""
        self._title = title
        self.button.setText(unmarked(f"{'▾' if self.is_open else '▸'} {title}"))
        self.button.setAccessibleName(title)

    def _turn(self, opened: bool) -> None:
        self.body.setVisible(opened)
        self.show_title(self._title)
        self.opened.emit(opened)
