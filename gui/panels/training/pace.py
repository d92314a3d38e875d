"""How fast a training goes: from one step a second to as fast as this computer can; and how long it still takes."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSlider, QWidget

from engine.values.values import counted
from gui.look.text_size import keep_scaled, scaled
from gui.widgets.boxes import row
from gui.widgets.labels import label

FULL = 0.0
PACES = (1.0, 2.0, 5.0, 10.0, 30.0, 100.0, 300.0, 1000.0, FULL)  # steps a second
SLIDER, WORDS = 84, 86
WATCHED = 3.0  # seconds that a run lasts at least when it is to be watched
LEAST = 0.5  # seconds of a training before it is guessed how long it takes
MINUTE, HOUR = 60, 3600


class Pace:
    """When which step is due. A clock of its training counts the seconds."""

    def __init__(self) -> None:
        self.rate = FULL
        self._clock, self._step = 0.0, 0  # since when it goes at this rate

    def begin(self, clock: float, step: int) -> None:
        """From here on: another training, or another rate."""
        self._clock, self._step = clock, step

    def due(self, clock: float) -> int:
        """How many steps are to have been made by now, the first at once."""
        return self._step + math.ceil((clock - self._clock) * self.rate)

    def watched(self, clock: float, total: int, seconds: float) -> int:
        """How many are to have been made by now if the rest is to take so many seconds."""
        share = min(1.0, (clock - self._clock) / seconds)
        return self._step + math.ceil((total - self._step) * share)

    def left(self, clock: float, step: int, total: int) -> float | None:
        """About how many seconds are left; None: it is too early to tell."""
        seconds, made = clock - self._clock, step - self._step
        return (total - step) * seconds / made if seconds >= LEAST and made > 0 else None


def pace_text(rate: float, watched: bool = False) -> str:
    """`5 steps/s`; where none is set, how long it takes at the least if it is to be watched."""
    if rate:
        return f"{counted(round(rate), 'step')}/s"
    return f"{WATCHED:g} s or more" if watched else "full speed"


def left_text(seconds: float) -> str:
    """`8 s left`, `3 min left`: about."""
    if seconds < MINUTE:
        return f"{max(1, math.ceil(seconds))} s left"
    return f"{round(seconds / MINUTE)} min left" if seconds < HOUR else f"{round(seconds / HOUR)} h left"


class PaceSlider(QWidget):
    """Chooses one of the paces, also while a training runs."""

    chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(PACES) - 1)
        self.slider.setPageStep(1)
        self.slider.setValue(PACES.index(FULL))
        self.slider.setAccessibleName("Speed of the training")
        self.slider.setToolTip(
            "How many steps a second; all the way to the right: as fast as this computer can, or slow enough to watch"
        )
        self.words, self._watched = label(pace_text(FULL), "soft"), False
        keep_scaled(self, self._fit)
        row(self, 6, self.slider, self.words)
        self.slider.valueChanged.connect(self._tell)

    @property
    def rate(self) -> float:
        return PACES[self.slider.value()]

    def _fit(self) -> None:
        self.slider.setFixedWidth(scaled(SLIDER))
        self.words.setFixedWidth(scaled(WORDS))

    def show_watched(self, watched: bool) -> None:
        """Whether it is slow enough to watch where no pace is set."""
        self._watched = watched
        self.words.setText(pace_text(self.rate, watched))

    def _tell(self) -> None:
        self.words.setText(pace_text(self.rate, self._watched))
        self.chosen.emit(self.rate)
