"""What differs between the document in the window and its file on disk, in words, and what is to become of it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QWidget

from engine.errors import one_line
from engine.values.values import counted
from gui.document.questions import Changed
from gui.look.text_size import scaled
from gui.widgets.boxes import STRETCH, column, row
from gui.widgets.buttons import PushButton
from gui.widgets.labels import label, main_button
from gui.widgets.read_text import ReadText

MOST = 500  # sentences that are shown
WIDTH, BUTTON_WIDTH = 560, 128  # pixels: the button that Enter presses has bold letters
LEAST_HEIGHT, MOST_HEIGHT = 72, 320  # of the list


class ComparisonDialog(QDialog):
    """`theirs`: what is another on disk; `mine`: what is another here. `saving`: the file is about to be replaced."""

    def __init__(
        self, parent: QWidget, name: str, theirs: Sequence[str], mine: Sequence[str], saving: bool = False
    ) -> None:
        super().__init__(parent)
        self.answer: Changed = "later"
        self.setWindowTitle("Save over the newer version?" if saving else "What has changed")
        title = f"{one_line(name)} was changed on disk since you opened it"
        then = "Saving replaces that version by yours." if saving else "Reloading can be undone."
        self.list = ReadText(report(theirs, mine))
        self.list.setAccessibleName("Differences")
        lines = self.list.document().lineCount() + 1
        height = min(max(lines * self.list.fontMetrics().lineSpacing() + 16, LEAST_HEIGHT), MOST_HEIGHT)
        self.list.setMinimumHeight(height)
        self.keep_button = PushButton("Save over it" if saving else "Keep mine")
        self.reload_button = PushButton("Reload")
        self.later_button = main_button("Cancel" if saving else "Decide later")
        self.later_button.setMinimumWidth(scaled(BUTTON_WIDTH))
        foot = row(None, 12, STRETCH, self.later_button, self.keep_button, self.reload_button)
        parts = (label(title, "heading", wraps=True), label(then, "soft", wraps=True), (self.list, 1), foot)
        column(self, 12, *parts, margins=(20, 18, 20, 16))
        self.resize(QSize(scaled(WIDTH), self.minimumSizeHint().height()))
        self._connect()

    def _connect(self) -> None:
        self.keep_button.clicked.connect(lambda: self._choose("keep"))
        self.reload_button.clicked.connect(lambda: self._choose("reload"))
        self.later_button.clicked.connect(lambda: self.reject())
        self.later_button.setFocus()

    def _choose(self, answer: Changed) -> None:
        self.answer = answer
        self.accept()


def report(theirs: Sequence[str], mine: Sequence[str]) -> str:
    """Both lists, one below the other, each under its heading."""
    heading = "On disk:" if mine else "On disk, compared with what is here:"
    parts = [heading, *(_lines(theirs) or ["Nothing that you would see."])]
    if mine:
        parts += ["", "Here, not saved yet:", *_lines(mine)]
    return "\n".join(parts)


def _lines(sentences: Sequence[str]) -> list[str]:
    shown = [f"•  {sentence}" for sentence in sentences[:MOST]]
    more = len(sentences) - MOST
    return [*shown, f"•  … and {counted(more, 'more difference')}"] if more > 0 else shown
