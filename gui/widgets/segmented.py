"""A row of choices of which exactly one is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.guard import guarded
from gui.look.text_size import scaled
from gui.look.theme import font, theme
from gui.widgets.things import FOCUS, PRESS, Deed, Thing


class Segmented(QWidget):
    """Choices (value, text) side by side; a click or ↑ and ↓ choose, and `chosen` says which value."""

    chosen = Signal(object)
    own_keys = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down})  # no shortcut may take these: see gui.keys

    def __init__(self, name: str, choices: Sequence[tuple[object, str]]) -> None:
        super().__init__()
        self.choices = tuple(choices)
        self.current: object = None
        self._hovered = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(name)

    def told_as(self) -> "SegmentedThing":
        """A group of choices."""
        return SegmentedThing(self)

    def show_choices(self, choices: Sequence[tuple[object, str]]) -> None:
        """Other choices."""
        if tuple(choices) != self.choices:
            self.choices = tuple(choices)
            self.current = None
            self.updateGeometry()
            self.update()

    def show_choice(self, value: object) -> None:
        """Mark the choice that is chosen."""
        if value == self.current and self.accessibleDescription():
            return
        self.current = value
        self.setAccessibleDescription(dict(self.choices).get(value, ""))
        self.update()

    def segment(self, index: int) -> QRectF:
        """Where a choice stands."""
        width = (self.width() - 4) / len(self.choices)
        return QRectF(2 + index * width, 2, width, self.height() - 4)

    def _font(self) -> QFont:
        return font(scaled(12), bold=True)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font())
        widest = max(metrics.horizontalAdvance(text) for _, text in self.choices)
        return QSize((widest + 16) * len(self.choices) + 4, scaled(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() - 8 * len(self.choices), scaled(32))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and (index := self._index_at(event.position())) >= 0:
            self.choose(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._index_at(event.position())
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        values = [value for value, _ in self.choices]
        at = values.index(self.current) if self.current in values else 0
        self.choose(min(max(at + step, 0), len(values) - 1))

    def _index_at(self, point: QPointF) -> int:
        return next((i for i in range(len(self.choices)) if self.segment(i).contains(point)), -1)

    def choose(self, index: int) -> None:
        """As a click on it does."""
        value = self.choices[index][0]
        if value != self.current:
            self.show_choice(value)
            self.chosen.emit(value)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self._font())
            painter.setPen(QPen(look.color("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(look.color("chip"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)
            for i, (value, text) in enumerate(self.choices):
                on = value == self.current
                if on:
                    painter.setPen(QPen(look.color("edge"), 1))
                    painter.setBrush(look.color("panel"))
                    painter.drawRoundedRect(self.segment(i).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)
                painter.setPen(look.color("text" if on or i == self._hovered else "soft"))
                painter.drawText(self.segment(i), Qt.AlignmentFlag.AlignCenter, text)


class SegmentedThing(Thing):
    """What the row of choices is to those who do not see it."""

    role = QAccessible.Role.Grouping

    def __init__(self, row: Segmented) -> None:
        self._row = row

    def value(self) -> str:
        return dict(self._row.choices).get(self._row.current, "")

    def keys(self) -> range:
        return range(len(self._row.choices))

    def part(self, key: object) -> Thing:
        assert isinstance(key, int)
        return SegmentThing(self._row, key)

    def deeds(self) -> tuple[Deed, ...]:
        return (Deed(FOCUS, "Take the keys here", self._row.setFocus),)


class SegmentThing(Thing):
    """One of the choices."""

    role = QAccessible.Role.RadioButton

    def __init__(self, row: Segmented, index: int) -> None:
        self._row, self.key, self._index = row, index, index

    @property
    def is_there(self) -> bool:
        return self._index < len(self._row.choices)

    def name(self) -> str:
        return self._row.choices[self._index][1]

    def box(self) -> QRect:
        box = self._row.segment(self._index).toRect()
        return QRect(self._row.mapToGlobal(box.topLeft()), box.size())

    def mark(self, state: QAccessible.State) -> None:
        state.checkable = 1
        state.checked = self._row.choices[self._index][0] == self._row.current
        state.disabled = not self._row.isEnabled()

    def deeds(self) -> tuple[Deed, ...]:
        return (Deed(PRESS, "Choose this", lambda: self._row.choose(self._index)),) if self._row.isEnabled() else ()
