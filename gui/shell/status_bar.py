"""The line at the bottom: the last hint or refusal, and at its right problems, nodes and zoom."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStatusBar

from engine.values.values import counted
from gui.look import icons
from gui.look.as_is import PlainLabel
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import theme, themes
from gui.widgets.accessible import announce
from gui.widgets.buttons import ToolButton
from gui.widgets.labels import ElidedLabel

HEIGHT = 26
EDGE = 16  # pixels to the left of the sentence, as of the title above it
ZOOM_LEFT, ZOOM_RIGHT = 8, 12  # beside the zoom
BETWEEN = 6  # what Qt leaves between two of its parts
MANY = 8888  # nodes, whose count has room from the beginning


class StatusBar(QStatusBar):
    """A sentence stays until the next action clears it."""

    problems_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        keep_scaled(self, lambda: self.setFixedHeight(scaled(HEIGHT)))
        self._warning = False
        self.sentence = ElidedLabel()
        self.sentence.setContentsMargins(EDGE, 0, 0, 0)
        self.nodes = PlainLabel()
        self.zoom = PlainLabel()
        self.problems = ToolButton()
        self.problems.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.problems.clicked.connect(self.problems_asked)
        self.addWidget(self.sentence, 1)
        for widget in (self.problems, self.nodes, self.zoom):
            self.addPermanentWidget(widget)
        for counter in (self.nodes, self.zoom):
            counter.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.show_problems(0)
        themes.changed.connect(self._dress)
        self._dress()
        keep_scaled(self, self._keep_room)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.problems.minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the zoom goes first, and then the number of nodes."""
        super().resizeEvent(event)
        room = self.width() - self.problems.sizeHint().width() - 2 * EDGE
        for counter in (self.nodes, self.zoom):
            room -= counter.minimumWidth() + BETWEEN
            counter.setVisible(room >= 0)
        self.nodes.setContentsMargins(0, 0, ZOOM_RIGHT if self.zoom.isHidden() else 0, 0)

    def tell(self, sentence: str, warning: bool = False) -> None:
        """Show a sentence; a warning is what was refused, and why."""
        self._warning = warning
        self.sentence.show_text(sentence)
        announce(self, sentence)
        self._dress()

    def hint(self, sentence: str) -> None:
        """What the hand on the canvas is doing; when it is done, a refusal stays to be read."""
        if sentence or not self._warning:
            self.tell(sentence)

    def clear(self) -> None:
        if self.sentence.text():
            self.tell("")

    def show_problems(self, count: int | None) -> None:
        """None: they are not told now."""
        words = counted(count, "problem") if count else "No problems" if count == 0 else "Problems hidden"
        self._count = count
        self.problems.setText(words)
        self.problems.setAccessibleName(words)
        self.problems.setToolTip("Show what is unfinished or suspicious")
        self._dress()

    def show_nodes(self, count: int) -> None:
        self.nodes.setText(counted(count, "node"))

    def show_zoom(self, zoom: float) -> None:
        share = zoom * 100
        self.zoom.setText(f"{round(share) if share >= 1 else f'{share:.1g}'} %")  # a graph is never shown at 0 %

    def _keep_room(self) -> None:
        """From 9 nodes to 10, and from 99 % to 100, nothing moves."""
        for counter, widest in ((self.nodes, counted(MANY, "node")), (self.zoom, "8888 %")):
            shown = counter.text()
            counter.setText(widest)
            counter.setMinimumWidth(0)  # a label's hint is no less
            counter.setMinimumWidth(counter.sizeHint().width())
            counter.setText(shown)

    def _dress(self) -> None:
        colours = theme()
        self.sentence.setStyleSheet(f"color: {colours.warn if self._warning else colours.soft};")
        self.zoom.setStyleSheet(f"padding-right: {ZOOM_RIGHT}px; padding-left: {ZOOM_LEFT}px;")
        tone = colours.warn if self._count else colours.faint
        self.problems.setStyleSheet(f"QToolButton {{ background: transparent; color: {tone}; padding: 0 8px; }}")
        self.problems.setIcon(icons.icon("ask" if self._count is None else "warning" if self._count else "check"))
