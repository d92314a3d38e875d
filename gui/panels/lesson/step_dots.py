"""The steps of a lesson as a row of dots: where one is, and what is done; a click goes to one."""

from collections.abc import Callable, Set

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.look.guard import guarded
from gui.look.theme import theme, themes

APART, SMALL, LARGE, HEIGHT = 20, 4.0, 6.0, 18


class StepDots(QWidget):
    """Blue: done, or gone past; the large one is where one is. The buttons beside do the same with the keys."""

    def __init__(self, go: Callable[[int], object]) -> None:
        super().__init__()
        self._go, self._at, self._count = go, 0, 0
        self._done: frozenset[int] = frozenset()
        self.setAccessibleName("Steps")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        themes.changed.connect(self.update)

    def show_place(self, at: int, count: int, done: Set[int]) -> None:
        self._at, self._count, self._done = at, count, frozenset(done)
        self.setToolTip("Click a dot to go to its step")
        self.setAccessibleName(f"Step {at + 1} of {count}, {len(done)} done")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(APART * max(self._count, 1), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, HEIGHT)

    def spot(self, number: int) -> QPointF:
        """The middle of a dot."""
        apart = min(APART, self.width() / max(self._count, 1))
        return QPointF(LARGE + 2 + number * apart, self.height() / 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._count:
            near = min(range(self._count), key=lambda each: abs(self.spot(each).x() - event.position().x()))
            if abs(self.spot(near).x() - event.position().x()) <= APART / 2:
                self._go(near)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for number in range(self._count):
                is_lit = number <= self._at or number in self._done
                painter.setBrush(theme().color("focus" if is_lit else "line"))
                size = LARGE if number == self._at else SMALL
                painter.drawEllipse(self.spot(number), size, size)
