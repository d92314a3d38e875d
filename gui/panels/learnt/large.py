"""The map, large: it stands over the canvas, and Esc brings it back to its panel; in a low window over the rest too."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from gui.look import icons
from gui.look.guard import guarded_filter
from gui.look.text_size import scaled
from gui.panels.learnt.scatter import Scatter
from gui.widgets.boxes import STRETCH, column, row
from gui.widgets.buttons import ToolButton
from gui.widgets.labels import label

LOW = 340  # pixels of height, below which there is no large picture over the canvas alone
WIDE = 1.5  # times its height it may be wide: a wider one would draw one feature out
MARGIN, SPACE = 12, 6


class LargeMap(QWidget):
    """Borrows the map and its legend from the column in which they stand, for as long as it is open."""

    turned = Signal(bool)  # it is open, or no longer

    def __init__(self, scatter: Scatter, legend: QLabel) -> None:
        super().__init__()
        self._scatter, self._legend = scatter, legend
        self._home: QBoxLayout | None = None
        self._upper: QWidget | None = None
        self._whole: QWidget | None = None
        self.close_button = ToolButton()
        self.close_button.setToolTip("Back to the canvas (Esc)")
        self.close_button.setAccessibleName("Back to the canvas")
        icons.keep(self.close_button, self.close_button.setIcon, "cross")
        self.close_button.clicked.connect(self.end)
        self.setAutoFillBackground(True)
        self.setAccessibleName("What it has learnt, large")
        head = row(None, 8, label("What it has learnt", "title"), STRETCH, self.close_button)
        self._middle = row(None, 0, STRETCH, STRETCH)
        self._column = column(self, SPACE, head, self._middle, STRETCH, margins=(16, MARGIN, 16, MARGIN))
        self.hide()

    def lend(self, upper: QWidget, whole: QWidget) -> None:
        """Over what it may stand: the part of the window with the canvas, or where that is low, all of it."""
        self._upper, self._whole = upper, whole
        inside = whole.parentWidget() or whole
        self.setParent(inside)
        self.hide()
        for watched in (upper, whole, inside):
            watched.installEventFilter(self)

    @property
    def is_on(self) -> bool:
        """Whether the map is in it now."""
        return self._home is not None

    def begin(self, home: QBoxLayout) -> None:
        """Take the map out of its column."""
        if self.is_on or self._upper is None:
            return
        self._home = home
        self._middle.insertWidget(1, self._scatter)
        self._column.insertWidget(2, self._legend)
        self._take_place()
        self.show()
        self.raise_()
        self._scatter.own_keys = Scatter.own_keys | {Qt.Key.Key_Escape}  # on the stage it would leave that
        self._scatter.setFocus()
        self.turned.emit(True)

    def end(self) -> None:
        """Give it back, below the title of its panel."""
        home, self._home = self._home, None
        if home is None:
            return
        self._scatter.be_wide(0)
        self._scatter.own_keys = Scatter.own_keys
        home.insertWidget(2, self._scatter)
        home.insertWidget(3, self._legend)
        self.hide()
        self.turned.emit(False)

    def _take_place(self) -> None:
        upper, whole, inside = self._upper, self._whole, self.parentWidget()
        if upper is None or whole is None or inside is None:
            return
        over = upper if upper.height() >= scaled(LOW) else whole
        self.setGeometry(QRect(over.mapTo(inside, QPoint(0, 0)), over.size()))
        self._fit()

    def _fit(self) -> None:
        wide = self.width() - 32
        below = self._legend.heightForWidth(wide) if self._legend.text() else 0
        high = self.height() - 2 * MARGIN - 2 * SPACE - self.close_button.sizeHint().height() - below
        self._scatter.be_seen_in(high)
        self._scatter.be_wide(min(wide, round(WIDE * high)))

    # --- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.is_on:
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        else:
            event.ignore()

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """It stays over what it covers; and Esc ends it wherever the keys are, unless somebody there needs it."""
        if not self.is_on:
            return False
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._take_place()
        if watched is not self.parentWidget() or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.end()
            return True
        return False
