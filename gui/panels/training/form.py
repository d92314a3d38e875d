"""How to train, as a form: the optimiser and three numbers, and four more on request."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from engine.errors import EditRefused
from engine.learn.config import TrainingConfig
from engine.learn.optimisers import OPTIMISERS
from engine.values.literal import parse_number
from engine.values.steps import Bounds, Stepping
from engine.values.values import brief_text
from gui.document.pending import Pending, TypedText
from gui.look.as_is import as_is
from gui.look.text_size import keep_scaled, scaled
from gui.widgets.boxes import grid, row
from gui.widgets.buttons import PushButton
from gui.widgets.fields import Line
from gui.widgets.labels import label
from gui.widgets.scrub import Scrub, number_scrub
from gui.widgets.segmented import Segmented

COLUMN, ROW = 92, 32
LARGEST = 1e15  # of what is typed: all whole numbers up to it are exact


@dataclass(frozen=True)
class NumberField:
    """A number of the config: `zero` is the word for 0, where that means something else."""

    name: str
    title: str
    tip: str
    zero: str = ""

    def text(self, config: TrainingConfig) -> str:
        number = getattr(config, self.name)
        return self.zero if self.zero and not number else brief_text(number)

    def read(self, config: TrainingConfig, text: str) -> TrainingConfig:
        """The config with what was typed. Raises EditRefused with a sentence."""
        number = 0.0 if self.zero and text.strip().lower() in ("", self.zero) else self._number(text)
        whole = isinstance(getattr(config, self.name), int)
        if whole and number != int(number):
            raise EditRefused(f"{self.title}: type a whole number.")
        if number < 0:
            raise EditRefused(f"{self.title}: type a number that is not below 0.")
        typed: Any = int(number) if whole else number
        return replace(config, **{self.name: typed})

    def _number(self, text: str) -> float:
        try:
            number = parse_number(text)
        except ValueError as error:
            raise EditRefused(f"{self.title}: {error}") from None
        if not abs(number) < LARGEST:
            raise EditRefused(f"{self.title}: type a number below {LARGEST:g}.")
        return number


FIRST = (
    NumberField("lr", "Learning rate", "How far one step goes downhill"),
    NumberField(
        "batch", "Rows per step", "The batch: how many rows a step looks at. “all”: every row in every step", "all"
    ),
    NumberField("epochs", "Epochs", "How often to go through all rows"),
)
MORE = (
    NumberField(
        "steps", "Steps", "How many steps to take, whatever the epochs; “epochs”: as many as the epochs need", "epochs"
    ),
    NumberField(
        "seed", "Shuffle seed", "The same seed gives the same order of rows, and the same result to the last bit"
    ),
    NumberField("weight_decay", "Weight decay", "How much the parameters shrink by themselves", "none"),
    NumberField(
        "clip",
        "Clipping",
        "The greatest length that the slope over all parameters may have; longer ones are shortened",
        "none",
    ),
)


class ConfigLine(Line):
    """The line of one number; `take` reads it into the config, or says why not."""

    typed = Signal()

    def __init__(self, entry: NumberField, take: Callable[[NumberField], bool]) -> None:
        super().__init__(entry.title, "number")
        self._entry, self._take = entry, take
        self.setToolTip(as_is(entry.tip))
        keep_scaled(self, lambda: self.setFixedWidth(scaled(COLUMN)))
        self._scrub: Scrub | None = None
        self.textEdited.connect(self.typed)
        self.entered.connect(lambda: take(entry))

    def let_scrub(self, caption: QLabel, whole: Callable[[], bool]) -> None:
        """Let the number be dragged, on the line and on its caption, stepped and wheeled; it is taken at the end."""
        self._scrub = number_scrub(self, lambda: self._held(whole()), caption)
        self._scrub.drag.moved.connect(lambda number: self.type_text(brief_text(number)))
        self._scrub.drag.ended.connect(lambda: self._take(self._entry))
        self._scrub.drag.taken_back.connect(lambda: self.show_text(self.shown))

    def _held(self, whole: bool) -> Stepping | None:
        """The number that stands there: 0 where the word for it does."""
        zero = self._entry.zero and self.text() == self._entry.zero
        try:
            return Stepping.of(0.0 if zero else parse_number(self.text()), Bounds(0.0, LARGEST - 1, whole))
        except ValueError:
            return None

    @property
    def pending_text(self) -> TypedText | None:
        """A text that was refused and left is not pending any more: Start asks for it again."""
        is_open = self.is_typed and (not self.invalid or self.has_caret)
        return TypedText(self._entry.title, self.text()) if is_open else None

    def commit(self) -> bool:
        return self.pending_text is None or self._take(self._entry)

    def drop(self) -> None:
        if self.isModified():
            self.show_text(self.shown)


class TrainingForm(QWidget):
    """Holds the last config that made sense."""

    refused = Signal(str)  # what was typed cannot be: a sentence
    accepted = Signal()  # what was typed is understood

    def __init__(self, pending: Pending) -> None:
        super().__init__()
        self.config = TrainingConfig()
        self._optimiser = Segmented("Optimiser", [(name, each.title) for name, each in OPTIMISERS.items()])
        self._optimiser.setToolTip(as_is("\n".join(f"{each.title}: {each.help}" for each in OPTIMISERS.values())))
        self._optimiser.chosen.connect(self._choose_optimiser)
        self._lines = {entry: ConfigLine(entry, self._commit) for entry in (*FIRST, *MORE)}
        for line in self._lines.values():
            line.taken_back.connect(self.accepted)
            pending.watch(line)
        self._more = QWidget()
        self._more_button = PushButton("More")
        self._more_button.setCheckable(True)
        self._more_button.setToolTip("Steps, shuffle seed, weight decay and clipping")
        self._more_button.toggled.connect(self._show_more)
        self.watch = QCheckBox("Slow enough to watch")
        self.watch.setToolTip("With the slider all the way to the right: take three seconds or more")
        self._may_edit = self._may_watch = True
        self._lay_out()
        self.setFocusProxy(self._lines[FIRST[0]])
        self.show_config(self.config)

    def show_config(self, config: TrainingConfig) -> None:
        """Another config."""
        self.config = config
        self._optimiser.show_choice(config.optimizer)
        for entry, line in self._lines.items():
            line.show_text(entry.text(config))
        self._lines[FIRST[2]].setEnabled(not config.steps)

    def read(self) -> bool:
        """Take what is being typed; False if some of it cannot be understood, which `refused` has said."""
        return all(self._commit(entry) for entry in self._lines)

    def let_edit(self, may: bool) -> None:
        """Whether anything can be changed: not while it is training."""
        self._may_edit = may
        for part in (self._optimiser, self._more, *self._lines.values()):
            part.setEnabled(may)
        self.let_watch(self._may_watch)
        self._lines[FIRST[2]].setEnabled(may and not self.config.steps)

    def let_watch(self, may: bool) -> None:
        """Whether it makes a difference that it is to be watched: not at a pace that is set."""
        self._may_watch = may
        self.watch.setEnabled(may and self._may_edit)

    # --- parts

    def _lay_out(self) -> None:
        first, more = _grid(self), _grid(self._more)
        first.addWidget(label("Optimiser", "caption"), 0, 0, 1, 3)
        first.addWidget(self._optimiser, 1, 0, 1, 3)
        for column, entry in enumerate(FIRST):
            self._place(first, entry, 2, column)
        first.addLayout(row(None, -1, (self.watch, 1), self._more_button), 4, 0, 1, 3)
        first.setRowStretch(5, 1)
        for number, entry in enumerate(MORE):
            self._place(more, entry, 2 * (number // 2), number % 2)
        more.setRowStretch(4, 1)
        first.addWidget(self._more, 0, 3, 6, 1)
        self._more.hide()

    def _place(self, grid: QGridLayout, entry: NumberField, down: int, across: int) -> None:
        caption = label(entry.title, "caption")
        self._lines[entry].let_scrub(caption, lambda: isinstance(getattr(self.config, entry.name), int))
        grid.addWidget(caption, down, across)
        grid.addWidget(self._lines[entry], down + 1, across)

    def _show_more(self, shown: bool) -> None:
        self._more.setVisible(shown)
        self._more_button.setText("Less" if shown else "More")

    # --- what is typed

    def _choose_optimiser(self, name: object) -> None:
        self.config = replace(self.config, optimizer=str(name))
        self.accepted.emit()

    def _commit(self, entry: NumberField) -> bool:
        line = self._lines[entry]
        if not line.isModified():
            return not line.invalid
        try:
            self.config = entry.read(self.config, line.text())
        except EditRefused as refused:
            line.mark(True)
            self.refused.emit(refused.sentence)
            return False
        line.show_text(entry.text(self.config))
        self._lines[FIRST[2]].setEnabled(not self.config.steps)
        self.accepted.emit()
        return True


def _grid(of: QWidget) -> QGridLayout:
    layout = grid(of, 8, 3)
    for line in (1, 3):
        layout.setRowMinimumHeight(line, scaled(ROW))
    return layout
