"""Fills a leaf with an initialiser: zeros, ones, random numbers, and the starts that networks learn well from."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFormLayout, QMenu, QWidget, QWidgetAction

from engine.values.literal import INITIALISERS
from engine.values.values import Value
from gui.look.as_is import as_is, unmarked
from gui.widgets.buttons import PushButton
from gui.widgets.fields import Line, NoWheelSpinBox
from gui.widgets.labels import label


class InitialiserButton(PushButton):
    """Opens a menu with a shape, a seed and the initialisers; `choose` is given one as it would be typed."""

    def __init__(self, choose: Callable[[str], object]) -> None:
        super().__init__("Fill")
        self.setProperty("role", "menu")
        self._give = choose
        self.setToolTip("Fill it with zeros, ones or random numbers")
        self.shape, self.seed = Line("Shape"), NoWheelSpinBox(most=9999)
        self.shape.setPlaceholderText("3, 4")
        self.shape.setToolTip("The length of each axis: 3 for a vector, 3, 4 for 3 rows of 4")
        self.seed.lineEdit().setTextMargins(6, 0, 0, 0)  # the style sheet’s padding does not reach it
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("The same seed gives the same numbers")
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addAction(self._head(menu))
        for name, row in INITIALISERS.items():
            action = menu.addAction(unmarked(f"{row.title}\t{row.purpose}".strip()))
            action.setToolTip(as_is(row.help))
            action.triggered.connect(partial(self._choose, name))
        self.setMenu(menu)

    def show_value(self, value: Value | None) -> None:
        """Suggest the shape that the leaf has now."""
        if not self.menu().isVisible():
            self.shape.show_text(", ".join(map(str, value.shape)) if value is not None and value.ndim else "3")

    def _head(self, menu: QMenu) -> QWidgetAction:
        head, action = QWidget(), QWidgetAction(menu)
        form = QFormLayout(head)
        form.setContentsMargins(12, 8, 12, 8)
        form.addRow(label("Shape", "faint"), self.shape)
        form.addRow(label("Seed", "faint"), self.seed)
        action.setDefaultWidget(head)
        return action

    def _choose(self, name: str, *_: object) -> None:
        shape = ", ".join(self.shape.text().replace("×", " ").replace(",", " ").strip("()[] ").split())
        seed = f", seed={self.seed.value()}" if INITIALISERS[name].random else ""
        self._give(f"{name}({shape}{seed})")
