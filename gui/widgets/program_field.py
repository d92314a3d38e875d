"""A field for small programs: fixed width, marks the place of a mistake, and is never flooded by a paste."""

import re

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFontDatabase, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from engine.errors import TextError
from engine.files.open import LONGEST_PROGRAM
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import BODY, theme

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_PLACE = re.compile(r"line (\d+)(?:, column (\d+))?")


class ProgramField(QPlainTextEdit):
    """Tab leaves it, Shift+Enter begins a line, Enter is for the dialog that it stands in."""

    submitted = Signal()
    flooded = Signal(object)  # a TextError: what was to be pasted is too long for it

    def __init__(self, placeholder: str = "") -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        keep_scaled(self, self._scale)

    def _scale(self) -> None:
        """Letters of equal width, as large as all text."""
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPixelSize(scaled(BODY))
        self.setFont(fixed)

    def replace_text(self, text: str) -> None:
        """Replace the text by another; Ctrl+Z brings it back."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def mark(self, where: str) -> None:
        """Underline the place `line 2, column 7` to the end of its word; an empty place takes the mark away."""
        found = _PLACE.match(where)
        block = self.document().findBlockByNumber(int(found[1]) - 1) if found else None
        if found is None or block is None or not block.isValid():
            self.setExtraSelections([])
            return
        length = max(block.length() - 1, 0)
        start = min(int(found[2] or 1) - 1, max(length - 1, 0))
        word = re.compile(r"\w+|.").match(block.text(), start)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + start)
        cursor.setPosition(block.position() + (word.end() if word else length), QTextCursor.MoveMode.KeepAnchor)
        self.setExtraSelections([_wave(cursor)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.modifiers() & _SHIFT:
            self.insertPlainText("\n")  # Qt would put a sign there that begins no line of a program
            self.ensureCursorVisible()
        else:
            self.submitted.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if len(source.text()) > LONGEST_PROGRAM:
            self.flooded.emit(TextError(f"the text is too long: at most {LONGEST_PROGRAM:,} characters are allowed"))
            return
        super().insertFromMimeData(source)


def _wave(cursor: QTextCursor) -> QTextEdit.ExtraSelection:
    form = QTextCharFormat()
    form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    form.setUnderlineColor(theme().color("warn"))
    form.setBackground(theme().color("chip"))
    selection = QTextEdit.ExtraSelection()
    selection.cursor, selection.format = cursor, form
    return selection
