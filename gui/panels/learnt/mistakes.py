"""Where the model is wrong: the confusion matrix, and the worst mistakes, of which each can be played."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QWidget

from engine.learn.decisions import Numbers
from engine.learn.learnt import Learnt, Marked
from gui.look.as_is import as_is, unmarked
from gui.look.text_size import scaled
from gui.look.theme import theme
from gui.panels.learnt.colours import number_picture
from gui.panels.learnt.confusion import Confusion
from gui.panels.learnt.words import mistake
from gui.widgets.boxes import STRETCH, column, row
from gui.widgets.buttons import PushButton
from gui.widgets.labels import label
from gui.widgets.segmented import Segmented

MOST = 6  # mistakes that are listed
MOST_CLASSES = 12  # of more the matrix is not drawn
LEAST_SIDE, MOST_SIDE = 4, 64  # pixels of a picture that a row of features may be
ICON = 28
NONE_WRONG = "None is wrong."


class MistakesView(QWidget):
    """Follows what it is shown; tells which row is to be played, counted from 0."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Learnt, Marked, Marked | None] | None = None
        self._of = Segmented("Rows that are judged", [("training", "Training"), ("held", "Held out")])
        self._of.show_choice("training")
        self._of.chosen.connect(self._choose)
        self.confusion = Confusion()
        self.confusion.chosen.connect(self._choose_cell)
        self._caption, self._none = label("", "caption", wraps=True), label(NONE_WRONG, "soft", wraps=True)
        self.buttons = [PushButton("") for _ in range(MOST)]
        self._rows = [-1] * MOST
        for at, button in enumerate(self.buttons):
            button.setProperty("role", "link")
            button.setMinimumWidth(1)  # the longest names make the panel no wider than it is
            button.setIconSize(QSize(scaled(ICON), scaled(ICON)))
            button.clicked.connect(lambda _=False, at=at: self.chosen.emit(self._rows[at]))
        rows = (row(None, 0, button, STRETCH) for button in self.buttons)
        column(self, 4, self._of, self.confusion, self._caption, self._none, *rows)

    def show_marks(self, learnt: Learnt, training: Marked, held: Marked | None) -> None:
        """How the model does now."""
        self._shown = (learnt, training, held)
        self._of.setVisible(held is not None)
        self._refresh()

    def _choose(self, which: object) -> None:
        self._of.show_choice(which)
        self._refresh()

    @property
    def _marked(self) -> Marked:
        assert self._shown is not None
        _, training, held = self._shown
        return held if held is not None and self._of.current == "held" else training

    def _refresh(self) -> None:
        if self._shown is None:
            return
        learnt, marked = self._shown[0], self._marked
        count = len(learnt.classes)
        self.confusion.setVisible(1 < count <= MOST_CLASSES)
        if 1 < count <= MOST_CLASSES:
            self.confusion.show_table(marked.confusion(count), learnt.classes)
        worst = marked.worst(MOST)
        self._caption.setText("The worst mistakes, each to be played" if worst else "Mistakes")
        self._none.setVisible(not worst)
        for at, button in enumerate(self.buttons):
            button.setVisible(at < len(worst))
            if at < len(worst):
                self._show_mistake(button, at, worst[at])

    def _show_mistake(self, button: PushButton, at: int, which: int) -> None:
        assert self._shown is not None
        learnt, marked = self._shown[0], self._marked
        self._rows[at] = row = int(marked.rows[which])
        said = mistake(learnt, marked, which)
        button.setText(unmarked(said.replace(", ", ",\n", 1)))  # in two lines: the panel is narrow
        button.setAccessibleName(as_is(said))
        button.setToolTip(as_is(f"{said}: play its own pass"))
        button.setIcon(_icon(learnt.data.table.features[row]))

    def _choose_cell(self, right: int, chosen: int) -> None:
        """The worst of those that were taken so."""
        marked = self._marked
        those = np.flatnonzero((marked.right == right) & (marked.chosen == chosen))
        if those.size:
            self.chosen.emit(int(marked.rows[those[int(np.argmax(marked.surprise[those]))]]))


def _icon(features: Numbers) -> QIcon:
    """A row that is a square of pixels, as a picture; any other has none."""
    side = round(len(features) ** 0.5)
    if side * side != len(features) or not LEAST_SIDE <= side <= MOST_SIDE or not np.all(np.isfinite(features)):
        return QIcon()
    size = float(np.max(np.abs(features))) or 1.0
    picture = number_picture(theme(), (features / size).reshape(side, side)[::-1])
    return QIcon(QPixmap.fromImage(picture.scaled(scaled(ICON), scaled(ICON))))
