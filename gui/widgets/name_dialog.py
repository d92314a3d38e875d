"""A dialog that asks for a name."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from gui.look.as_is import window_title
from gui.widgets.boxes import column
from gui.widgets.fields import TextLine
from gui.widgets.labels import label


class NameDialog(QDialog):
    """One line, with what stands there now selected. Enter accepts it, if there is any text."""

    def __init__(self, title: str, caption: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(window_title(title))
        self.line = TextLine(name)
        self.line.setAccessibleName(caption)
        self.line.selectAll()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.line.textChanged.connect(
            lambda text: buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(text.strip()))
        )
        column(self, 12, label(caption), self.line, buttons, margins=(16, 16, 16, 16))
