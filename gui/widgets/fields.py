"""Lines to type into: Enter or leaving one commits, Esc takes back, and a refusal appears below it as a sentence."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from gui.widgets.boxes import column
from gui.widgets.labels import label, mark

Commit = Callable[[str], str]  # what was typed → the sentence why not, or ""
_OURS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Left, Qt.Key.Key_Right)


class Line(QLineEdit):
    """A line that remembers the current text: Esc brings it back. `invalid`: what was typed is refused."""

    entered = Signal()  # Enter, or the focus went elsewhere
    taken_back = Signal()

    def __init__(self, name: str, role: str = "") -> None:
        super().__init__()
        self.shown, self.invalid = "", False
        self.setAccessibleName(name)
        if role:
            self.setProperty("role", role)

    def show_text(self, text: str) -> None:
        """Show the current text in place of what was typed."""
        self.shown = text
        if self.text() != text:
            self.setText(text)
            self.setCursorPosition(0)
        self.setModified(False)
        self.mark(False)

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


class Field(QWidget):
    """A line with a sentence under it. `commit` does what was typed, or says why not."""

    def __init__(self, name: str, commit: Commit, role: str = "") -> None:
        super().__init__()
        self.line = Line(name, role)
        self.line.entered.connect(self.commit)
        self.line.taken_back.connect(self.revert)
        self.refusal = label("", "error", wraps=True)
        self.refusal.hide()
        self.setFocusProxy(self.line)
        self._commit, self._of = commit, object()
        column(self, 4, self.line, self.refusal)

    def show_text(self, text: str, of: object = None) -> None:
        """Show the current text. What is being typed for the same thing (`of`) is left alone."""
        typing = self.line.isModified() and of == self._of
        self.line.shown, self._of = text, of
        if not typing:
            self.revert()

    def revert(self) -> None:
        """Forget what was typed."""
        self.line.show_text(self.line.shown)
        self._refuse("")

    def commit(self) -> None:
        """Do what was typed; if it is refused, say why under the field and keep the text."""
        if not self.line.isModified():
            return
        self.line.setModified(False)  # so that the change this makes is shown at once
        typed = self.line.text()
        sentence = self._commit(typed)
        if sentence:
            self.line.setText(typed)
            self.line.setModified(True)
            self._refuse(sentence)
        else:
            self.revert()

    def _refuse(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))
        self.line.mark(bool(sentence))


class NoWheelComboBox(QComboBox):
    """The wheel scrolls the panel that it stands in, and changes nothing on the way."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
