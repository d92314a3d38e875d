"""A leaf's gradient held against finite differences, and what is differentiated drawn against the leaf.

Symbols: L what is differentiated: the target, or seed · target, of a tensor the sum of its elements; x the leaf.
All three numbers, gradient, finite difference and slope, are of the same L.
"""

from collections.abc import Iterator

from PySide6.QtCore import QSize
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from engine.show.names import Names
from engine.show.now import Now
from engine.show.readable import exact
from engine.show.wording import worded
from engine.truth.along import Along, Knob, curve_of, reach_of
from engine.truth.differences import LeafCheck, Verdict, checking, relative_error
from engine.truth.probe import Prober
from engine.values.values import MINUS, Value, number_text, thousands
from gui.document.bridge import Bridge
from gui.look.as_is import as_is
from gui.panels.inspector.leaf_curve import POINTS, can_check, can_draw, waiting, with_tangent
from gui.widgets.boxes import column
from gui.widgets.labels import Row, label
from gui.widgets.plot import Mark, Plot
from gui.widgets.slices import Slices

SHOWN = 1e-5  # a relative difference that can be seen
MOST_ELEMENTS = 24  # of an array are checked, chosen at random
QUICK = 10_000  # numbers: a check in which more are computed is begun when the hand rests
REST = 120  # milliseconds
WAITS = "…"  # stands where a number will, once the hand rests: the old one is of other values
VERDICTS: tuple[tuple[Verdict, str], ...] = (
    ("ok", "✓"), ("mismatch", "✗"), ("kink", "at a kink"), ("undefined", "not measurable"),
)  # fmt: skip
TIP = "The slope measured by moving the leaf up and down a little: compare it with the gradient."


class ProbeView(QWidget):
    """Works when its leaf or the run is another, not while the player moves; for large graphs not at all.

    A check runs what lies between leaf and target several times an element: of much it waits until the hand rests.
    """

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._of: object = None
        self._checking = Slices(self, REST)
        self._row, self._note = Row("finite difference"), label("", "soft", wraps=True)
        self._plot = Plot("", QSize(240, 176))
        column(self, 12, self._row, self._note, self._plot)

    def show_node(self, id: str) -> None:
        """Probe this node, if it is a leaf that can be."""
        now = self._bridge.now
        names = Names(now.graph, now.trace)
        of = (id, now.trace, names.node(id), now.wording, names.goal, names.goal_words)
        if of == self._of:
            return
        self._of = of
        self._checking.stop()
        possible = can_check(now.graph, now.trace, id)
        self.setVisible(possible)
        if not possible:
            return
        prober = Prober(now.graph, trace=exact(now.trace))
        self._row.setToolTip(as_is(worded(TIP, now.wording)))
        if prober.work(id, MOST_ELEMENTS) <= QUICK:
            for _ in self._probe(now, names, id, prober):
                pass
        else:
            self._wait(now, names, id)
            self._checking.start_late(self._probe(now, names, id, prober))

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is looked for out of sight: what was not done is begun anew when it is asked for again."""
        super().hideEvent(event)
        if self._checking.is_working:
            self._checking.stop()
            self._of = None

    def _wait(self, now: Now, names: Names, id: str) -> None:
        """Nothing stale stays in sight."""
        self._row.show_text(WAITS, "faint")
        self._note.hide()
        drawn = can_draw(now.trace, id)
        self._plot.setVisible(drawn)
        if drawn:
            title = f"{names.goal} against {names.node(id)}"
            self._plot.show_figure(waiting(title, WAITS))
            self._plot.setAccessibleName(title)
            self._plot.setToolTip("")

    def _probe(self, now: Now, names: Names, id: str, prober: Prober) -> Iterator[None]:
        """Check, element by element; and show what was found."""
        for check in checking(prober, [id], most=MOST_ELEMENTS):
            if check is not None:
                self._show(now, names, id, check)
            yield

    def _show(self, now: Now, names: Names, id: str, found: LeafCheck) -> None:
        gradient = now.trace.gradient(id)
        assert gradient is not None
        curve = Along(now.graph, now.trace, [Knob(id)]) if can_draw(now.trace, id) else None
        self._row.show_text(check_text(found, gradient), "error" if found.verdict == "mismatch" else "number")
        about = names.goal_words and worded(f"Gradient and slopes are those of {names.goal_words}.", now.wording)
        corner = kink_text(curve, names.node(id), names.goal, found) if curve else ""
        self._note.setText(" ".join(text for text in (about, corner) if text))
        self._note.setVisible(bool(about or corner))
        self._plot.setVisible(curve is not None)
        if curve:
            self._draw(names.goal, names.node(id), curve, None if found.verdict == "kink" else float(gradient))

    def _draw(self, goal: str, name: str, curve: Along, slope: float | None) -> None:
        (at,) = curve.at
        value = curve(at)
        title = f"{goal} against {name}"
        self._plot.show_figure(
            figure := with_tangent(title, *curve_of(curve, reach_of(at), POINTS), Mark(at, value, slope))
        )
        self._plot.setAccessibleName(f"{title}: {figure.said} at {number_text(at)}")
        place = f"Where {name} is {number_text(at)}, {goal} is {number_text(value)}"
        sloped = f", and its slope is {number_text(slope)}" if slope is not None else ""
        self._plot.setToolTip(as_is(f"{place}{sloped}."))


def kink_text(curve: Along, name: str, goal: str, found: LeafCheck) -> str:
    """The slopes on both sides of a kink; nothing where there is none."""
    if found.verdict != "kink":
        return ""
    left, right = curve.one_sided
    sides = f"to the left of it {goal} has the slope {number_text(left, 3)}, to the right {number_text(right, 3)}"
    return f"There is a kink at or beside {name} = {number_text(curve.at[0])}: {sides}."


def check_text(found: LeafCheck, gradient: Value) -> str:
    """−4.000000 ✓; of an array, how many elements agree. At a kink there is no number that could agree.

    `gradient` is what stands beside it: what differs from it by round-off alone is not told as another number.
    """
    if found.numeric.ndim:
        return _counted_text(found)
    if found.verdict in ("kink", "undefined"):
        return "none: a kink" if found.verdict == "kink" else "cannot be measured"
    number, agrees = float(found.numeric), found.verdict == "ok"
    if agrees and relative_error(float(gradient), number) > SHOWN:
        number = float(gradient)
    plain = f"{number:.6f}".replace("-", MINUS) if 1 <= abs(number) < 1e6 else number_text(number, 7)
    return f"{plain} {'✓' if agrees else '✗'}"


def _counted_text(found: LeafCheck) -> str:
    checked = found.numeric.size - found.count("skipped")
    of = f"{checked} of {thousands(found.numeric.size)}"
    if found.count("ok") == checked:
        return f"{of} ✓"
    counts = [f"{found.count(verdict)} {said}" for verdict, said in VERDICTS if found.count(verdict)]
    return ", ".join(counts)
