"""The field that opens over a cell of a grid: what cannot be read keeps it open."""

import shiboken6
from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.values.literal import parse_number
from gui.look.guard import guarded_filter
from gui.widgets.fields import TextLine

Index = QModelIndex | QPersistentModelIndex
_TAKES = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab}


class CellEditor(QStyledItemDelegate):
    """Opens a line over the cell that is typed into; there is one at most."""

    typed = Signal()
    refused = Signal(str)  # why what was typed cannot be

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._line: TextLine | None = None
        self.row, self.column = 0, 0  # of the cell that is typed into

    @property
    def line(self) -> TextLine | None:
        """The line, while it is open."""
        line = self._line
        return line if line is not None and shiboken6.isValid(line) and line.isVisible() else None

    @property
    def text(self) -> str | None:
        """What is typed and not taken yet."""
        line = self.line
        return line.text() if line is not None and line.isModified() else None

    @property
    def is_readable(self) -> bool:
        """Whether what is typed is a number; if not, `refused` has said so."""
        try:
            parse_number(self.text or "0")
        except ValueError as error:
            self.refused.emit(str(error))
            return False
        return True

    def close_line(self, taking: bool) -> None:
        """Close the line, and take what is typed or forget it."""
        line = self.line
        if line is not None:
            if taking and line.isModified():
                self.commitData.emit(line)
            self.closeEditor.emit(line)

    # --- Qt

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        self._line = TextLine(parent)
        self._line.setFrame(False)
        self._line.textEdited.connect(self.typed)
        self.row, self.column = index.row(), index.column()
        return self._line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """What is being typed stays, whatever happens to the grid."""
        if isinstance(editor, TextLine) and not editor.isModified():
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """What cannot be read is not taken: a line that is put away with its panel is asked for what it holds."""
        if not isinstance(editor, TextLine):
            return
        try:
            parse_number(editor.text())
        except ValueError as error:
            self.refused.emit(str(error))
            return
        model.setData(index, editor.text())

    @guarded_filter
    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _TAKES
        leaves = pressed or event.type() == QEvent.Type.FocusOut
        if leaves and self.text is not None and not self.is_readable:
            return pressed
        return super().eventFilter(editor, event)
