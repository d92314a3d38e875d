"""The bars above the canvas that show Notices: a sentence, what one may do about it, its details, a report to copy."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget

from engine.errors import one_line
from gui.document.errors import Choice, Notice
from gui.look.as_is import unmarked
from gui.widgets.boxes import column, row
from gui.widgets.buttons import PushButton
from gui.widgets.labels import label
from gui.widgets.read_text import ReadText

LONGEST = 10_000  # characters of a sentence
TOP = Qt.AlignmentFlag.AlignTop


class MessageBar(QFrame):
    """Hidden until there is something to say; stays until it is closed or something else is said."""

    covered = Signal(int)  # so many pixels of what it lies over

    def __init__(self, back_to: QWidget | None = None) -> None:
        """`back_to` gets the keys when the bar goes that has them: Qt would give them to whatever stands next."""
        super().__init__()
        self._back_to = back_to
        self.setObjectName("message-bar")
        self.setAccessibleName("Message")
        self._count = 0
        self._notice = Notice("")
        self.sentence = label("", wraps=True)
        self.choices = row(None, 8)
        self.details = ReadText()
        self.details.setMaximumHeight(160)
        self.show_details = PushButton("Show details")
        self.show_details.setCheckable(True)
        self.copy_report = PushButton("Copy report")
        self.close_button = PushButton("Close")
        self._lay_out()
        self.show_details.toggled.connect(self._show_details)
        self.copy_report.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._notice.details))
        self.close_button.clicked.connect(self.clear)
        for button in (self.show_details, self.copy_report, self.close_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click the keys are the canvas' as before
        self.hide()

    def tell(self, notice: Notice) -> None:
        """Show a notice; the same one again is only counted."""
        self._count = self._count + 1 if notice == self._notice and self.isVisible() else 1
        self._notice = notice
        times = f" ({self._count} times)" if self._count > 1 else ""
        self.sentence.setText(one_line(notice.sentence, LONGEST) + times)
        if self.details.toPlainText() != notice.details:
            self.details.setPlainText(notice.details)
        for button in (self.show_details, self.copy_report):
            button.setVisible(bool(notice.details))
        self._offer(notice.choices)
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.covered.emit(self.height())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.covered.emit(0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.covered.emit(self.height())

    def clear(self) -> None:
        has_keys = self.isAncestorOf(self.window().focusWidget() or self.window())
        self.show_details.setChecked(False)
        self.hide()
        if has_keys and self._back_to is not None:
            self._back_to.setFocus()

    def _offer(self, choices: tuple[Choice, ...]) -> None:
        while item := self.choices.takeAt(0):
            if button := item.widget():
                button.deleteLater()
        for choice in choices:
            made = PushButton(unmarked(choice.words))
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.clicked.connect(partial(self._take, choice))
            self.choices.addWidget(made, 0, TOP)

    def _take(self, choice: Choice) -> None:
        """What was asked is answered: the bar goes first, for the answer may have more to say."""
        self.clear()
        choice.do()

    def _show_details(self, shown: bool) -> None:
        self.details.setVisible(shown)
        self.show_details.setText("Hide details" if shown else "Show details")

    def _lay_out(self) -> None:
        buttons = (self.show_details, self.copy_report, self.close_button)
        line = row(None, 8, (self.sentence, 1), self.choices, *((button, 0, TOP) for button in buttons))
        column(self, -1, line, self.details, margins=(16, 8, 8, 8))
        self.details.hide()


class StandingMessages(QWidget):
    """The bars that stay, one for each topic, below each other."""

    def __init__(self, back_to: QWidget | None = None) -> None:
        super().__init__()
        self._back_to = back_to
        self.by_topic: dict[str, MessageBar] = {}
        self._column = column(self, 0)

    def tell(self, notice: Notice) -> None:
        """Show a notice, in place of what was said about its topic."""
        if notice.topic not in self.by_topic:
            self.by_topic[notice.topic] = MessageBar(self._back_to)
            self._column.addWidget(self.by_topic[notice.topic])
        self.by_topic[notice.topic].tell(notice)

    def clear(self, topic: str) -> None:
        """What was said about it is no longer so."""
        if bar := self.by_topic.get(topic):
            bar.clear()
