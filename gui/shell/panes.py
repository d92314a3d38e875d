"""How the window is divided: the canvas, and the panels on its sides. Each can be resized and put away."""

import json
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from gui.look.theme import RIGHT_WIDTH
from gui.panels import Panel

WIDEST = 100_000  # pixels: what is more was never kept by us
CROWDED = 900  # in a narrower window a canvas between two panels would be too small to read


class Panels(QSplitter):
    """Holds the panels; remembers their sizes, which of them are open, and which one was closed by the user."""

    changed = Signal()  # a panel was opened or closed

    def __init__(self, canvas: QWidget, panels: Mapping[Panel, QWidget]) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._canvas = canvas
        self._panels = {panel.name: widget for panel, widget in panels.items()}
        self._on_the_right = [panel.name for panel in panels if panel.side == "right"]
        self._closed_at_first = [panel.name for panel in panels if panel.closed]
        self._presenting: dict[str, bool] | None = None
        self._crowded = False
        self._gave_way = False  # the inspector was put away for want of room, not by the user
        self._middle = QSplitter(Qt.Orientation.Horizontal)
        self._right = QSplitter(Qt.Orientation.Vertical)
        left, right, bottom = (
            [(widget, panel.size) for panel, widget in panels.items() if panel.side == side]
            for side in ("left", "right", "bottom")
        )
        self._fill(self._right, right, 0)
        self._fill(self._middle, [*left, (canvas, 900), (self._right, RIGHT_WIDTH)], len(left))
        self._fill(self, [(self._middle, 560), *reversed(bottom)], 0)
        for name in self._closed_at_first:
            self.toggle(name)

    @staticmethod
    def _fill(splitter: QSplitter, widgets: list[tuple[QWidget, int]], stretching: int) -> None:
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        for index, (widget, _) in enumerate(widgets):
            splitter.addWidget(widget)
            splitter.setStretchFactor(index, int(index == stretching))
        splitter.setSizes([size for _, size in widgets])

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
            focus = QApplication.focusWidget()
            if focus and self._panels[name].isAncestorOf(focus):
                self._canvas.setFocus()  # or else the next Space would press whatever stands beside the panel
            self._panels[name].setVisible(shown)
            self._right.setVisible(any(self.is_open(name) for name in self._on_the_right))
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
        """Restore what was kept; what cannot be read is ignored."""
        try:
            kept = json.loads(text)
            wanted = {name: bool(shown) for name, shown in kept["open"].items() if name in self._panels}
            sizes = [[min(max(int(size), 0), WIDEST) for size in sizes] for sizes in kept["sizes"]]
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            return
        for name, shown in wanted.items():
            self.show_panel(name, shown and name not in self._closed_at_first)
        for splitter, kept_sizes in zip(self._splitters, sizes, strict=False):
            if len(kept_sizes) == splitter.count():
                splitter.setSizes(kept_sizes)

    @property
    def _splitters(self) -> tuple[QSplitter, ...]:
        return (self, self._middle, self._right)
