"""Labels by their role: captions, numbers with their sign's colour, elided sentences, section rules."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from engine.errors import one_line
from engine.values.values import Value
from gui.look.as_is import PlainLabel, as_is, unmarked
from gui.look.guard import guarded
from gui.look.measure import whole_ends
from gui.look.text_size import keep_scaled, scaled
from gui.widgets.boxes import STRETCH, row
from gui.widgets.buttons import PushButton

LONGEST = 10_000  # characters of what may end in …


def mark(widget: QWidget, name: str, value: object) -> None:
    """Give a widget a property that the style sheet looks at, and let it look again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def set_role(widget: QWidget, role: str) -> None:
    """Say what a widget is for: the style sheet gives each role its colour and weight."""
    mark(widget, "role", role)


class _SelectableText(PlainLabel):
    """Has the focus after a click, so that what is selected can be copied; where it vanishes, nobody gets it."""

    def hideEvent(self, event: QHideEvent) -> None:
        self.clearFocus()  # Qt would put the caret into the next field, and the next key would write there
        super().hideEvent(event)


class _WholeEnds(_SelectableText):
    """One line of which the middle gives way where there is no room: without its end a number would be another one."""

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        box, metrics = self.contentsRect(), self.fontMetrics()
        is_whole = "\n" in self.text() or metrics.horizontalAdvance(self.text()) <= box.width()
        self.setToolTip("" if is_whole else as_is(self.text()))
        if is_whole or self.hasSelectedText():
            super().paintEvent(event)
            return
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            vector = whole_ends(self.text(), metrics.horizontalAdvance, box.width())
            text = vector or metrics.elidedText(self.text(), Qt.TextElideMode.ElideMiddle, box.width())
            painter.drawText(box, int(self.alignment()), text)


def label(text: str = "", role: str = "", wraps: bool = False) -> QLabel:
    """A plain-text label that can be selected and copied."""
    return _dressed(_SelectableText(text), role, wraps)


def _dressed(result: QLabel, role: str, wraps: bool = False) -> QLabel:
    result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    result.setWordWrap(wraps)
    if wraps:
        result.setMinimumWidth(1)  # one endless word must not widen all that stands around it
    if role:
        result.setProperty("role", role)
    return result


def sign_role(value: Value | float | None) -> str:
    """The role of a gradient: pos, neg or zero; plain for a tensor, faint for nothing."""
    if value is None:
        return "faint"
    if getattr(value, "ndim", 0):
        return "number"
    number = float(value)
    return "zero" if number == 0 or number != number else "pos" if number > 0 else "neg"


def rule() -> QFrame:
    """A thin line between two sections."""
    result = QFrame()
    result.setProperty("role", "rule")
    return result


def swap(old: QWidget, new: QWidget) -> QWidget:
    """Put a widget in another's place at once; the old one goes when nobody is inside it any more."""
    parent = old.parentWidget()
    if parent and (layout := parent.layout()):
        layout.replaceWidget(old, new)
    old.hide()
    old.deleteLater()
    new.show()
    return new


def main_button(text: str) -> PushButton:
    """The button that Enter presses."""
    result = PushButton(unmarked(text), default=True)
    result.setMinimumWidth(scaled(96))  # its letters are bold: Qt does not reckon with that
    return result


class Row(QWidget):
    """A caption on the left and what it is about on the right, on one line.

    Where there is no room for both the content gives way; with `wraps` the caption does, and goes on in another line.
    """

    def __init__(self, caption: str, content: QWidget | None = None, wraps: bool = False) -> None:
        super().__init__()
        self.caption = label(caption, "faint", wraps)
        self.content = content if content is not None else _dressed(_WholeEnds(), "number")
        top = Qt.AlignmentFlag.AlignTop
        if wraps:
            row(self, 6, (self.caption, 1), (self.content, 0, top))
        else:
            if content is None:
                self.content.setMinimumWidth(1)
            row(self, 6, (self.caption, 0, top), STRETCH, (self.content, 0, top))
        keep_scaled(self, self._level)
        self._name(caption)

    def show_text(self, text: str, role: str = "number", caption: str | None = None) -> None:
        """What stands on the right, and perhaps another caption."""
        assert isinstance(self.content, QLabel)
        self.content.setText(text)
        set_role(self.content, role)
        if caption is not None:
            self.caption.setText(caption)
        self._name(self.caption.text())
        layout = self.layout()
        if layout is not None and self.isVisible():
            layout.activate()  # a longer number would be painted once in the room of the one before

    def _level(self) -> None:
        """The caption stands beside the first line of a taller content."""
        self.caption.setMinimumHeight(self.content.sizeHint().height())

    def _name(self, caption: str) -> None:
        """What a screen reader says of the content. A label that had the caption alone would not tell its text."""
        text = self.content.text() if isinstance(self.content, QLabel) else ""
        self.content.setAccessibleName(f"{caption}: {text}" if text else caption)


class Link(PushButton):
    """A name to press, which shows what it names; it ends in … where there is no room."""

    def __init__(self, text: str, show: Callable[[], object]) -> None:
        super().__init__()
        self._whole = text
        self.setText(unmarked(text))
        self.clicked.connect(lambda: show())
        self.setProperty("role", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        self.setToolTip(as_is(f"{text}: show it"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, super().minimumSizeHint().height())

    def needed(self) -> int:
        """How wide it is where all of it is seen."""
        self.ensurePolished()  # before that its letters are not known to be bold
        return self.fontMetrics().horizontalAdvance(self._whole)

    def _show(self) -> None:
        self.setText(unmarked(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._show()
        super().resizeEvent(event)


class ElidedLabel(PlainLabel):
    """One line that ends in … where there is no room; the whole text is in its tool tip."""

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setProperty("role", role)

    def show_text(self, text: str) -> None:
        """Show another text, which may quote the name of a file."""
        text = one_line(text, LONGEST)
        if text != self.text():
            self.setText(text)
            self._tell_all()

    def _tell_all(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()
        self.setToolTip("" if fits else as_is(self.text()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._tell_all()
        super().resizeEvent(event)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        box = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, box.width())
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(box, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), text)
