"""Filling a leaf: zeros, ones, random numbers, and the starts that networks learn well from, in a shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QLineEdit, QMenu, QPushButton, QSpinBox, QWidget, QWidgetAction

from engine.values.values import Value
from gui.widgets.labels import label

NO_SEED = ("zeros", "ones")
WORDS = {
    "zeros": ("Zeros", "A good start for biases"),
    "ones": ("Ones", "Every element 1"),
    "normal": ("Normal", "Normally distributed: mean 0, deviation 1"),
    "uniform": ("Uniform", "Evenly distributed between −1 and 1"),
    "xavier": ("Xavier", "Uniform within √(6 / (inputs + outputs)): a good start before tanh and sigmoid"),
    "he": ("He", "Normal with deviation √(2 / inputs): a good start before ReLU"),
}
PURPOSE = {"xavier": "before tanh, sigmoid", "he": "before ReLU"}


class FillButton(QPushButton):
    """Opens a menu with a shape, a seed and the fillings; the one chosen is given to `fill` as it would be typed."""

    def __init__(self, fill: Callable[[str], object]) -> None:
        super().__init__("Fill")
        self.setProperty("role", "menu")
        self._fill = fill
        self.setToolTip("Fill it with zeros, ones or random numbers of a shape")
        self.shape, self.seed = _Line(), QSpinBox(maximum=9999)
        self.shape.setAccessibleName("Shape")
        self.shape.setPlaceholderText("3, 4")
        self.shape.setToolTip("The length of each axis: 3 for a vector, 3, 4 for 3 rows of 4")
        self.seed.lineEdit().setTextMargins(6, 0, 0, 0)  # the style sheet’s padding does not reach it
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("The same seed gives the same numbers")
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addAction(self._head(menu))
        for name, (title, tip) in WORDS.items():
            action = menu.addAction(f"{title}\t{PURPOSE[name]}" if name in PURPOSE else title)
            action.setToolTip(tip)
            action.triggered.connect(partial(self._choose, name))
        self.setMenu(menu)

    def show_value(self, value: Value | None) -> None:
        """Suggest the shape that the leaf has now."""
        if not self.menu().isVisible():
            self.shape.setText(", ".join(map(str, value.shape)) if value is not None and value.ndim else "3")

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
        self._fill(f"{name}({shape})" if name in NO_SEED else f"{name}({shape}, seed={self.seed.value()})")


class _Line(QLineEdit):
    """Enter is the line's: it does not choose an entry of the menu that the line stands in."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.accept()
