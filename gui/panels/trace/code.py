"""The program beside the trace: the line of the current step is lit, and a click on a line goes to its step."""

from bisect import bisect_right

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QFontDatabase, QKeyEvent, QMouseEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from engine.export.numpy import Listing
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import BODY, mixed, theme, themes
from gui.widgets.read_text import ReadText

EMPTY = Listing("", ())


class CodeView(ReadText):
    """Read only; what is selected in it can be copied."""

    chosen = Signal(int)  # a step, by hand

    def __init__(self) -> None:
        super().__init__()
        self._listing = EMPTY
        self._lines: dict[int, list[int]] = {}
        self._step: int | None = None
        self._pressed = QPoint()
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        keep_scaled(self, self._scale)
        self.setAccessibleName("The same as a NumPy program")
        themes.changed.connect(self._light)

    def _scale(self) -> None:
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPixelSize(scaled(BODY))
        self.setFont(fixed)

    def show_listing(self, listing: Listing) -> None:
        """Show a program; the place stays where it has as many lines."""
        bar = self.verticalScrollBar()
        place, same = bar.value(), len(listing.steps) == len(self._listing.steps)
        self._listing = listing
        self._lines = {}
        for line, step in enumerate(listing.steps):
            if step is not None:
                self._lines.setdefault(step, []).append(line)
        self.setPlainText(listing.text)
        if same:
            bar.setValue(place)
        self._light()

    def lines_of(self, step: int) -> list[int]:
        """The lines that compute a step, counted from 0; of what no line computes the last that was before it."""
        if step in self._lines:
            return self._lines[step]
        steps = sorted(self._lines)
        at = bisect_right(steps, step)
        return self._lines[steps[at - 1]] if at else []

    def show_step(self, step: int | None) -> None:
        """Light the lines of a step, and bring them into view."""
        if step != self._step:
            self._step = step
            self._light()

    def _light(self) -> None:
        lines = self.lines_of(self._step) if self._step is not None else []
        look, found = theme(), []
        for line in lines:
            lit = QTextEdit.ExtraSelection()
            lit.cursor = QTextCursor(self.document().findBlockByNumber(line))
            lit.format.setBackground(QColor(mixed(look.color("panel"), look.color("focus"), 0.18)))
            lit.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            found.append(lit)
        self.setExtraSelections(found)
        said = (self.document().findBlockByNumber(line).text() for line in lines[-1:])
        self.setAccessibleDescription("".join(said))
        if lines and not self.textCursor().hasSelection():
            self._bring(lines[0])

    def _bring(self, line: int) -> None:
        """Scroll as little as is needed."""
        bar = self.verticalScrollBar()
        seen = max(self.viewport().height() // max(self.fontMetrics().lineSpacing(), 1) - 1, 1)
        if line < bar.value():
            bar.setValue(line)
        elif line >= bar.value() + seen:
            bar.setValue(line - seen + 1)

    def _go(self, line: int) -> None:
        step = self._listing.steps[line] if line < len(self._listing.steps) else None
        if step is not None:
            self.chosen.emit(step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self._go(self.cursorForPosition(self._pressed).blockNumber())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(self.textCursor().blockNumber())
        else:
            super().keyPressEvent(event)
