"""The bar above the canvas that shows a Notice: one sentence, its details on request, and a way to copy the report."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QPushButton, QWidget

from gui.document.errors import Notice
from gui.widgets.boxes import column, row


class MessageBar(QFrame):
    """Hidden until there is something to say; stays until it is closed or something else is said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message-bar")
        self.setAccessibleName("Message")
        self._count = 0
        self._notice = Notice("")
        self.sentence = QLabel(wordWrap=True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details = QPlainTextEdit(readOnly=True)
        self.details.setMaximumHeight(160)
        self.show_details = QPushButton("Show details")
        self.show_details.setCheckable(True)
        self.copy_report = QPushButton("Copy report")
        self.close_button = QPushButton("Close")
        self._lay_out()
        self.show_details.toggled.connect(self._show_details)
        self.copy_report.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._notice.details))
        self.close_button.clicked.connect(self.clear)
        self.hide()

    def tell(self, notice: Notice) -> None:
        """Show a notice; the same one again is only counted."""
        self._count = self._count + 1 if notice == self._notice and self.isVisible() else 1
        self._notice = notice
        times = f" ({self._count} times)" if self._count > 1 else ""
        self.sentence.setText(notice.sentence + times)
        if self.details.toPlainText() != notice.details:
            self.details.setPlainText(notice.details)
        for button in (self.show_details, self.copy_report):
            button.setVisible(bool(notice.details))
        self.show()

    def clear(self) -> None:
        self.show_details.setChecked(False)
        self.hide()

    def _show_details(self, shown: bool) -> None:
        self.details.setVisible(shown)
        self.show_details.setText("Hide details" if shown else "Show details")

    def _lay_out(self) -> None:
        buttons = (self.show_details, self.copy_report, self.close_button)
        line = row(None, 8, (self.sentence, 1), *((button, 0, Qt.AlignmentFlag.AlignTop) for button in buttons))
        column(self, -1, line, self.details, margins=(16, 8, 8, 8))
        self.details.hide()
