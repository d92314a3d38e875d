"""How the window is divided: palette, canvas, inspector over problems; below them training and timeline. Each can be
resized and put away."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from gui.look.theme import BOTTOM_HEIGHT, LEFT_WIDTH, RIGHT_WIDTH

PROBLEMS_HEIGHT, TRAINING_HEIGHT = 200, 248
CROWDED = 900  # in a narrower window a canvas between two panels would be too small to read


class Panels(QSplitter):
    """Holds the panels; remembers their sizes, which of them are open, and which one was closed by the user."""

    changed = Signal()  # a panel was opened or closed

    def __init__(self, canvas: QWidget, panels: Mapping[str, QWidget]) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._panels = dict(panels)
        self._presenting: dict[str, bool] | None = None
        self._crowded = False
        self._gave_way = False  # the inspector was put away for want of room, not by the user
        self._middle = QSplitter(Qt.Orientation.Horizontal)
        self._right = QSplitter(Qt.Orientation.Vertical)
        self._fill(self._right, [panels["inspector"], panels["problems"]], 0, [600, PROBLEMS_HEIGHT])
        middle = [panels["palette"], canvas, self._right]
        self._fill(self._middle, middle, 1, [LEFT_WIDTH, 900, RIGHT_WIDTH])
        rows = [self._middle, panels["training"], panels["timeline"]]
        self._fill(self, rows, 0, [560, TRAINING_HEIGHT, BOTTOM_HEIGHT])
        self.toggle("problems")
        self.toggle("training")

    @staticmethod
    def _fill(splitter: QSplitter, widgets: list[QWidget], stretching: int, sizes: list[int]) -> None:
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        for index, widget in enumerate(widgets):
            splitter.addWidget(widget)
            splitter.setStretchFactor(index, int(index == stretching))
        splitter.setSizes(sizes)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The inspector gives way to the canvas in a narrow window, and comes back in a wide one."""
        super().resizeEvent(event)
        crowded = self.width() < CROWDED
        if crowded == self._crowded:
            return
        self._crowded = crowded
        if crowded and self.is_open("inspector") and self._presenting is None:
            self.show_panel("inspector", False)
            self._gave_way = True
        elif not crowded and self._gave_way:
            self.show_panel("inspector")

    def is_open(self, name: str) -> bool:
        return not self._panels[name].isHidden()

    def toggle(self, name: str) -> None:
        self.show_panel(name, not self.is_open(name))

    def show_panel(self, name: str, shown: bool = True) -> None:
        if name == "inspector":
            self._gave_way = False
        if shown != self.is_open(name):
            self._panels[name].setVisible(shown)
            self._right.setVisible(self.is_open("inspector") or self.is_open("problems"))
            self.changed.emit()

    def present(self, presenting: bool) -> None:
        """Only the canvas, the timeline and an open training; and then everything as it was."""
        if presenting and self._presenting is None:
            self._presenting = {name: self.is_open(name) for name in self._panels}
            wanted = dict.fromkeys(self._panels, False) | {"timeline": True, "training": self.is_open("training")}
        elif not presenting and self._presenting is not None:
            wanted, self._presenting = self._presenting, None
        else:
            return
        for name, shown in wanted.items():
            self.show_panel(name, shown)

    # --- what is remembered

    def layout_text(self) -> str:
        """The sizes and what is open, to be kept."""
        self.present(False)
        sizes = [splitter.sizes() for splitter in self._splitters]
        opened = {name: self.is_open(name) for name in self._panels}
        return json.dumps({"sizes": sizes, "open": opened | {"inspector": opened["inspector"] or self._gave_way}})

    def restore_layout(self, text: str) -> None:
        """Take up what was kept; what cannot be read is let be."""
        try:
            kept = json.loads(text)
            wanted = {name: bool(shown) for name, shown in kept["open"].items() if name in self._panels}
            sizes = [[int(size) for size in sizes] for sizes in kept["sizes"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            return
        for name, shown in wanted.items():
            self.show_panel(name, shown and name not in ("problems", "training"))
        for splitter, kept_sizes in zip(self._splitters, sizes, strict=False):
            if len(kept_sizes) == splitter.count():
                splitter.setSizes(kept_sizes)

    @property
    def _splitters(self) -> tuple[QSplitter, ...]:
        return (self, self._middle, self._right)
