"""What a push really does, in numbers; and where steps downhill lead, a line for each optimiser."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSlider, QWidget

from engine.learn.descent import Descent, largest_rate
from engine.learn.optimisers import OPTIMISERS
from engine.show.push import is_noise, nearer_by
from engine.truth.along import Nudge
from engine.values.values import counted, number_text, told_apart
from gui.look.guard import guarded
from gui.look.theme import theme
from gui.panels.slopes.paths import STROKES, Stroke, Trail, paint_sample
from gui.widgets.boxes import STRETCH, column, row
from gui.widgets.labels import Row, label

LEAST_RATE, MOST_RATE, TICKS = 1e-4, 10.0, 500  # the slider's ends, and how many places it has between
STEPS = 30
SAID = {
    "falls": "{goal} {first} → {last}",
    "rests": "{goal} stays at {last}",
    "oscillates": "swings from side to side: {goal} {first} → {last}",
    "diverges": "runs away: {goal} {first} → {last}",
    "climbs": "ends higher: {goal} {first} → {last}",
}


class NudgeView(QWidget):
    """One number pushed by h: what came of it, beside what the gradient promised."""

    def __init__(self) -> None:
        super().__init__()
        said = ("really", "promised", "apart", "slope of the secant")  # names may be long: the numbers stay whole
        self._really, self._promised, self._apart, self._secant = (Row(each, wraps=True) for each in said)
        self._note = label("", "soft", wraps=True)
        self.title = label("", "caption")
        self.on_canvas = QCheckBox("Show on the canvas")
        self.on_canvas.setToolTip("Write beside each node on the way what it holds, and what it would hold")
        column(self, 4, self.title, self.on_canvas, self._really, self._promised, self._apart, self._secant, self._note)

    def show_nudge(self, goal: str, name: str, nudge: Nudge, smaller: Nudge) -> None:
        """A nudge, and one half as large: by how much less that one misses."""
        self.title.setText(f"Push {name} by h = {number_text(nudge.h, 3)}")
        for line, number, said in (
            (self._really, nudge.really, f"{goal} really changes by"),
            (self._promised, nudge.promised, f"∂{goal}/∂{name} · h promises"),
            (self._apart, 0.0 if is_noise(nudge) else nudge.apart, "they are apart by"),
        ):
            line.show_text(number_text(number, 4), caption=said)
        self._secant.show_text(number_text(nudge.really / nudge.h, 4) if nudge.h else "none")
        self._note.setText(_shrinking(nudge, smaller))


def _shrinking(nudge: Nudge, smaller: Nudge) -> str:
    if not math.isfinite(nudge.apart):
        return _endless(nudge)
    if not math.isfinite(smaller.apart):
        return "Half way there is no finite value."
    times = nearer_by(nudge, smaller)
    if times is None:
        return "The line and the curve are one here: the promise is kept."
    if is_noise(smaller):
        return "With half the push they are not apart: the curve leaves its line only farther out, as at a kink."
    return f"With half the push they are {times}."


def _endless(nudge: Nudge) -> str:
    """Which of the numbers is not finite."""
    if not math.isfinite(nudge.before):
        return "There is no finite value here."
    if not math.isfinite(nudge.after):
        return "There is no finite value at the other end."
    if not math.isfinite(nudge.promised):
        return "The slope here is not finite: there is no promise to compare with."
    return "What it changes by is too large for a 64-bit float."


class Sample(QWidget):
    """A piece of a path, for the eye to find it in the picture."""

    def __init__(self, stroke: Stroke) -> None:
        super().__init__()
        self._stroke = stroke
        self.setFixedSize(QSize(30, 14))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_sample(painter, theme(), self._stroke, QRectF(self.rect()))


class DescentView(QWidget):
    """The learning rate on a slider, and what becomes of each optimiser in so many steps."""

    rate_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, TICKS)
        self.slider.setAccessibleName("Learning rate")
        self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider.setToolTip("How far one step goes downhill")
        self._rate, self._limit = label("", "number"), label("", "soft", wraps=True)
        self._lines = {name: label("", "soft", wraps=True) for name in OPTIMISERS}
        lines = [row(None, 8, Sample(stroke_of(name)), (line, 1)) for name, line in self._lines.items()]
        head = row(None, 8, label(f"{STEPS} steps, learning rate", "caption"), STRETCH, self._rate)
        column(self, 4, head, self.slider, *lines, self._limit)
        self.slider.setValue(round(TICKS * 0.6))  # 0.1
        self.slider.valueChanged.connect(self._on_slider)
        self._on_slider()

    @property
    def rate(self) -> float:
        """η, so many of them to each power of ten; two digits of it."""
        share = self.slider.value() / TICKS
        return float(f"{LEAST_RATE * (MOST_RATE / LEAST_RATE) ** share:.2g}")

    def _on_slider(self) -> None:
        self._rate.setText(number_text(self.rate))
        self.rate_chosen.emit()

    def wait(self) -> None:
        """The paths are not known yet: what stands here is of another place."""
        for name, line in self._lines.items():
            line.setText(f"{OPTIMISERS[name].title}: …")
        self._limit.setText("")

    def show_descents(self, goal: str, descents: Sequence[Descent], curvature: float) -> None:
        """Where each optimiser comes to; and from which rate on steps grow where the numbers stand."""
        for found in descents:
            first, last = told_apart(float(found.heights[0]), float(found.heights[-1]), 3)
            said = SAID[found.course].format(goal=goal, first=first, last=last)
            if found.steps < STEPS:  # it was lost before
                said += f" in {counted(found.steps, 'step')}"
            title = OPTIMISERS[found.optimiser].title
            self._lines[found.optimiser].setText(f"{title}: {said}")
        self._limit.setText(limit_text(curvature))


def limit_text(curvature: float) -> str:
    """From which rates on plain steps swing, and run away, on a parabola as curved as the ground is here."""
    if math.isnan(curvature):
        return "How the ground is curved cannot be measured here: it is not finite all round."
    if math.isinf(curvature):
        return "The ground has a kink or a jump here, so there is no curvature that says how large a rate may be."
    limit = largest_rate("sgd", curvature)
    if limit is None:
        return "The ground is not curved upwards here: no rate is too large for a first step."
    half, whole = number_text(limit / 2, 2), number_text(limit, 2)
    ground = f"On ground as curved as here (λ = {number_text(curvature, 3)})"
    return f"{ground} SGD swings from 1/λ = {half} on, and runs away from 2/λ = {whole} on."


def stroke_of(optimiser: str) -> Stroke:
    return STROKES[list(OPTIMISERS).index(optimiser) % len(STROKES)]


def path_of(descent: Descent) -> Trail:
    return Trail(descent, stroke_of(descent.optimiser))
