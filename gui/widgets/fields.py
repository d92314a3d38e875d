"""Lines to type into: Enter or leaving one commits, Esc takes back, Ctrl+Z is theirs while it has typing to undo."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QStyle, QStyleOptionFrame, QWidget

from gui.look.guard import guarded
from gui.widgets.labels import mark

_OURS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Left, Qt.Key.Key_Right)
_OF_EVERY_LINE = (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Y, Qt.Key.Key_Z)


class TextLine(QLineEdit):
    """Takes of the keys what a line of text needs: the shortcuts of the window stay the window's."""

    @property
    def has_caret(self) -> bool:
        """Whether it is typed into, or will be when the window is in front again."""
        return self.window().focusWidget() is self

    def event(self, event: QEvent) -> bool:
        """Qt's line keeps Ctrl+Z even where it has nothing to take back, and Ctrl+E under X11: the window has both."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._leaves(event):
            event.ignore()
            return True
        return super().event(event)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """A text that is wider than the line ends in … while nobody types, not in half a letter."""
        style, option = self.style(), QStyleOptionFrame()
        self.initStyleOption(option)
        inside = style.subElementRect(QStyle.SubElement.SE_LineEditContents, option, self).adjusted(3, 0, -1, 0)
        if self.hasFocus() or self.fontMetrics().horizontalAdvance(self.displayText()) <= inside.width():
            super().paintEvent(event)
            return
        with QPainter(self) as painter:
            style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
            short = self.fontMetrics().elidedText(self.displayText(), Qt.TextElideMode.ElideRight, inside.width())
            painter.setPen(option.palette.text().color())
            painter.drawText(inside, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), short)

    def _leaves(self, event: QKeyEvent) -> bool:
        return _is_command(event) or self._is_done(event)

    def _is_done(self, event: QKeyEvent) -> bool:
        undo, redo = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
        return (event.matches(undo) and not self.isUndoAvailable()) or (
            event.matches(redo) and not self.isRedoAvailable()
        )


def _is_command(event: QKeyEvent) -> bool:
    """Whether it is Ctrl with a letter that only some systems give to a line of text, as X11 does for its end."""
    letter = Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z and event.key() not in _OF_EVERY_LINE
    return letter and event.modifiers() == Qt.KeyboardModifier.ControlModifier


class Line(TextLine):
    """A line that remembers the current text: Esc brings it back. `invalid`: what was typed is refused."""

    entered = Signal()  # Enter, or the focus went elsewhere
    returned = Signal()  # Enter, once `entered` has been heard
    taken_back = Signal()

    def __init__(self, name: str, role: str = "") -> None:
        super().__init__()
        self.shown, self.invalid = "", False
        self.setAccessibleName(name)
        if role:
            self.setProperty("role", role)

    @property
    def is_typed(self) -> bool:
        """Whether a person has typed another text than the current one, and nobody has taken it yet."""
        return self.isModified() and (self.text() != self.shown or self.invalid)

    def show_text(self, text: str) -> None:
        """Show the current text in place of what was typed."""
        self.shown = text
        if self.text() != text or self.isUndoAvailable():
            self.setText(text)
            self.setCursorPosition(0)
        self.setModified(False)
        if self.invalid:
            self.mark(False)

    def type_text(self, text: str) -> None:
        """Type for the user."""
        self.setText(text)
        self.setModified(True)

    def mark(self, invalid: bool) -> None:
        self.invalid = invalid
        mark(self, "invalid", invalid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key that the line uses goes on to what it stands in, such as a menu."""
        key = event.key()
        if key == Qt.Key.Key_Escape and self.isModified():
            self.show_text(self.shown)
            self.taken_back.emit()
            return
        super().keyPressEvent(event)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            self.selectAll()
            self.returned.emit()
        if key in _OURS:
            event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.entered.emit()


class NoWheelComboBox(QComboBox):
    """The wheel scrolls the panel that it stands in; it changes nothing on the way, and brings no keys here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def showPopup(self) -> None:
        """Open the list with all of its rows: Qt forgets its own frame in a dressed one, and cuts the last of them."""
        super().showPopup()
        view, popup, room = self.view(), self.view().window(), self.screen().availableGeometry()
        rows = sum(view.sizeHintForRow(row) for row in range(self.count()))
        layout = popup.layout()
        if popup is self.window() or layout is None or rows <= view.viewport().height() or rows > room.height() / 2:
            return
        place = popup.geometry()
        popup.resize(place.width(), 2 * place.height())  # with so much room its arrows go, and what is left are frames
        layout.activate()
        high = rows + popup.height() - view.viewport().height()
        popup.setGeometry(place.x(), max(min(place.y(), room.bottom() + 1 - high), room.top()), place.width(), high)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class NoWheelSpinBox(QSpinBox):
    """A number with arrows, as quiet under the wheel."""

    def __init__(self, least: int = 0, most: int = 99) -> None:
        super().__init__(minimum=least, maximum=most)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
