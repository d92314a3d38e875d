"""A line to type into: Enter or leaving it commits, Esc takes back, a refusal stands under it as a sentence."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gui.widgets.labels import label

Commit = Callable[[str], str]  # what was typed → the sentence why not, or ""


class Field(QWidget):
    """A QLineEdit with a sentence under it. `commit` does what was typed, or says why not."""

    def __init__(self, name: str, commit: Commit, role: str = "") -> None:
        super().__init__()
        self.line = _Line(self)
        self.line.setAccessibleName(name)
        if role:
            self.line.setProperty("role", role)
        self.refusal = label("", "error", wraps=True)
        self.refusal.hide()
        self.setFocusProxy(self.line)
        self._commit, self._shown, self._of = commit, "", object()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.line)
        layout.addWidget(self.refusal)

    def show_text(self, text: str, of: object = None) -> None:
        """What holds now. What is just being typed for the same thing (`of`) is left alone."""
        typing = self.line.isModified() and of == self._of
        self._shown, self._of = text, of
        if not typing:
            self.revert()

    def revert(self) -> None:
        """Forget what was typed."""
        if self.line.text() != self._shown:
            self.line.setText(self._shown)
            self.line.setCursorPosition(0)
        self.line.setModified(False)
        self._refuse("")

    def commit(self) -> None:
        """Do what was typed; if that cannot be, say why under the field and keep the text."""
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
        if self.line.property("invalid") != bool(sentence):
            self.line.setProperty("invalid", bool(sentence))
            self.line.style().unpolish(self.line)
            self.line.style().polish(self.line)


class _Line(QLineEdit):
    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._field = field

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self._field.revert()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._field.commit()
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._field.commit()
