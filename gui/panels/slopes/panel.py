"""The slopes panel: the target over one number and over two, a push, and steps downhill; all of it can be touched.

Symbols: L the target, or seed · target; x, a, b numbers in leaves, the knobs; h a push.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from engine.learn.descent import Slope, descending, pull_of
from engine.learn.optimisers import OPTIMISERS
from engine.passes.compile import Compiled
from engine.passes.plan import Plan
from engine.show.names import Names
from engine.show.now import Now
from engine.show.push import knob_name, push_of
from engine.truth.along import Along, Knob, Numbers, can_turn, curve_of, reach_of
from engine.values.values import number_text
from gui.document.bridge import Bridge
from gui.document.live import LiveTurns
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import themes
from gui.panels import Panel
from gui.panels.slopes.figures import slope_figure
from gui.panels.slopes.grid import Ends, landscapes
from gui.panels.slopes.knobs import KnobChoice, first_knob, leaves_of, next_knob
from gui.panels.slopes.landscape_plot import LandscapePlot
from gui.panels.slopes.readings import STEPS, DescentView, NudgeView, path_of
from gui.panels.slopes.slope_plot import SlopePlot
from gui.panels.slopes.touching import rest_of, rounded, with_numbers
from gui.widgets.boxes import STRETCH, column, row, scrolling
from gui.widgets.labels import label
from gui.widgets.slices import Slices

HEIGHT = 300
POINTS = 161
READINGS = 250  # pixels
ROOMY = 860  # in a narrower panel one of the two pictures is left out
NOTHING = "Choose a target, and a leaf that it depends on."
ONE = "Choose a second number: the ground over both is drawn here."
REST = 60  # milliseconds without a move of the hand, after which long paths are walked
H = 0.5  # of the reach, at first


class SlopesPanel(QWidget):
    """Follows the selection: the leaf that is selected is the first number, the one selected before it the second."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._bridge, self._selection = bridge, selection
        self._knobs: list[Knob | None] = [None, None]
        self._along: list[Along | None] = [None, None]  # over the first, and over both
        self._ends: tuple[float, float] | None = None
        self._h = 1.0
        self._live = LiveTurns(bridge)
        self._ground_of: object = None
        self._drawn: tuple[object, tuple[Numbers, Numbers]] | None = None  # a curve, and what it is of
        self._growing, self._walking = Slices(self), Slices(self, REST)
        self._pull: tuple[Plan, object, Compiled] | None = None
        self._make_parts()
        self._connect()

    def sizeHint(self) -> QSize:
        return QSize(900, HEIGHT)

    # --- parts

    def _make_parts(self) -> None:
        self.setAccessibleName("Slopes")
        self.first, self.second = KnobChoice("First number"), KnobChoice("Second number", "none")
        self.slope, self.ground = SlopePlot(), LandscapePlot()
        self.nudge, self.descent = NudgeView(), DescentView()
        self._sentence = label("", "error")
        readings = scrolling(column(None, 12, self.descent, self.nudge, STRETCH))
        keep_scaled(readings, lambda: readings.setFixedWidth(scaled(READINGS)))
        head = row(
            None, 8, label("Slopes", "title"), 8, self.first, label("and", "faint"), self.second, 8, (self._sentence, 1)
        )
        body = row(None, 12, (self.slope, 1), (self.ground, 1), readings)
        column(self, 8, head, (body, 1), margins=(16, 8, 12, 12))

    def _connect(self) -> None:
        for at, choice in enumerate((self.first, self.second)):
            choice.chosen.connect(partial(self._choose, at))
            choice.refused.connect(self._sentence.setText)
        for plot in (self.slope, self.ground):
            plot.grasped.connect(self._live.begin)
            plot.let_go.connect(self._finish)
            plot.taken_back.connect(self._live.take_back)
        self.slope.moved.connect(self._move_one)
        self.ground.moved.connect(self._move_both)
        self.slope.reached.connect(self._reach)
        self.slope.zoomed.connect(self._zoom_curve)
        self.ground.zoomed.connect(self._zoom_ground)
        self.nudge.on_canvas.toggled.connect(self._look_through)
        self.descent.rate_chosen.connect(self._show_place)
        self._bridge.told.connect(self._on_told)
        self._selection.changed.connect(self._follow_selection)
        themes.changed.connect(self.update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Where there is no room for two pictures it is the ground that is seen, once there are two numbers."""
        is_roomy, has_two = self.width() >= scaled(ROOMY), all(self._knobs)
        self.ground.setVisible(is_roomy or has_two)
        self.slope.setVisible(is_roomy or not has_two)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow_selection()
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._bridge.lens.show(self, None)
        self._stop()

    def _stop(self) -> None:
        """What is half computed is begun anew when it is asked for again."""
        if self._growing.is_working:
            self._ground_of = None
        self._growing.stop()
        self._walking.stop()

    # --- which numbers

    def _on_told(self, now: Now) -> None:
        if now.loaded:
            self._knobs, self._ends, self._ground_of = [None, None], None, None
        if self.isVisible() and (now.content_changed or now.numbers_changed):
            self._refresh()

    def _follow_selection(self) -> None:
        """A leaf that is selected is the first number; the one before it stays as the second."""
        if not self.isVisible() or len(self._selection.nodes) != 1:
            return
        (id,) = self._selection.nodes
        now = self._bridge.now
        first = self._knobs[0]
        if id in leaves_of(now.graph, now.trace) and (first is None or first.leaf != id):
            self._knobs = [first_knob(now.trace, id), first if first is not None else self._knobs[1]]
            self._begin_anew()

    def _choose(self, at: int, knob: Knob | None) -> None:
        self._sentence.setText("")
        if at == 0 and knob is not None:
            self._knobs = [knob, None if knob == self._knobs[1] else self._knobs[1]]
        elif at == 1:
            trace = self._bridge.now.trace  # of a tensor there is another number beside the first
            self._knobs[1] = next_knob(trace, knob) if knob is not None and knob == self._knobs[0] else knob
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._ends = self._ground_of = None
        self._refresh()

    def _valid(self, leaves: list[str]) -> None:
        """Numbers that are no more are forgotten; where none is held, the first leaves are."""
        trace = self._bridge.now.trace
        held = [knob if knob and knob.leaf in leaves and can_turn(trace, knob) else None for knob in self._knobs]
        if held[0] is None:
            others = (id for id in leaves if held[1] is None or id != held[1].leaf)
            found = [knob for id in others if (knob := first_knob(trace, id)) is not None]
            held = [*found[:1], *(found[1:2] if held[1] is None else held[1:])]
            self._ends = self._ground_of = None
        self._knobs = [*held, None, None][:2]

    # --- what is shown

    def _refresh(self) -> None:
        """The graph, its numbers or the choice are other than before."""
        now = self._bridge.now
        graph, trace, names = now.graph, now.trace, Names(now.graph, now.trace)
        leaves = leaves_of(graph, trace)
        self._valid(leaves)
        first, second = self._knobs
        self._share_width()
        self.first.show_knob(names, trace, leaves, first)
        others = [id for id in leaves if first is None or id != first.leaf or next_knob(trace, first)]
        self.second.show_knob(names, trace, others, second)
        self._along = [Along(graph, trace, [first]) if first else None, None]
        if first and second:
            self._along[1] = Along(graph, trace, [first, second])
        self._show_curve(names)
        self._show_ground(names)

    def _show_curve(self, names: Names) -> None:
        along, first = self._along[0], self._knobs[0]
        self.nudge.setVisible(along is not None)
        if along is None or first is None:
            self._bridge.lens.show(self, None)
            self.slope.other = None
            self.slope.show_figure(slope_figure("", None, NOTHING))
            return
        name, at = knob_name(names, first), along.at[0]
        half = 0.0 if self._ends is None else (self._ends[1] - self._ends[0]) / 2
        if self._ends is None or not at - half < at < at + half:  # a number so large that nothing is beside it
            self._ends = reach_of(at)
            self._h = H * (self._ends[1] - at)
        elif not self._ends[0] <= at <= self._ends[1]:
            self._ends = (at - half, at + half)
        curve = self._curve(along, first, self._ends)
        nudge, smaller = along.nudges(self._h, self._h / 2)
        self.slope.other = (at + self._h, nudge.after)
        self.slope.show_figure(slope_figure(f"{names.goal} over {name}", (curve, at, nudge.before, along), ""))
        self.nudge.show_nudge(names.goal, name, nudge, smaller)
        self._look_through()

    def _curve(self, along: Along, knob: Knob, ends: tuple[float, float]) -> tuple[Numbers, Numbers]:
        """The curve, which stays as it is while the point goes along it."""
        of = (rest_of(self._bridge.now.graph, [knob]), knob, ends)
        if self._drawn is None or self._drawn[0] != of:
            self._drawn = of, curve_of(along, ends, POINTS)
        return self._drawn[1]

    def _look_through(self) -> None:
        """The push on the canvas, where that is wanted."""
        along, now = self._along[0], self._bridge.now
        wanted = along is not None and self.nudge.on_canvas.isChecked()
        self._bridge.lens.show(self, push_of(along, self._h, Names(now.graph, now.trace)) if along and wanted else None)

    def _show_ground(self, names: Names) -> None:
        along = self._along[1]
        self.descent.setVisible(along is not None)
        self.ground.hint = "" if along is not None else ONE if self._knobs[0] else NOTHING
        self.ground.title = (names.goal, "")
        if along is None:
            self._stop()
            self.ground.show_ground(None)
            return
        a, b = (knob_name(names, knob) for knob in along.knobs)
        self.ground.names, self.ground.title = (a, b), (names.goal, f"{names.goal} over {a} and {b}")
        self._lay_ground(along)
        self._show_place()

    def _lay_ground(self, along: Along) -> None:
        """The ground is computed again where anything but these two numbers is other than it was."""
        graph, ends = self._bridge.now.graph, self.ground.ends
        if self._ground_of is None:
            ends = Ends(*reach_of(along.at[0]), *reach_of(along.at[1]))
        elif not ends.holds(*along.at):
            wide, high = (ends.right - ends.left) / 2, (ends.high - ends.low) / 2
            (a, b) = along.at
            ends = Ends(a - wide, a + wide, b - high, b + high)
        of = (rest_of(graph, along.knobs), along.knobs, ends)
        if of != self._ground_of:
            self._ground_of, self.ground.ends = of, ends
            self._growing.start(self._grown(along, ends))

    def _grown(self, along: Along, ends: Ends) -> Iterator[None]:
        """The ground, coarse at first."""
        for ground in landscapes(along, ends):
            if ground is not None:
                self.ground.show_ground(ground)
            yield

    def _show_place(self) -> None:
        """Where both numbers are; and, when they are known, where steps downhill lead from there."""
        along = self._along[1]
        if along is None:
            return
        names = Names(self._bridge.now.graph, self._bridge.now.trace)
        self.ground.show_place((along.at[0], along.at[1]), (along.slopes[0], along.slopes[1]))
        said = ", ".join(f"{knob_name(names, k)} {number_text(x)}" for k, x in zip(along.knobs, along.at, strict=True))
        self.ground.setAccessibleDescription(f"{said}: {names.goal} {number_text(along(*along.at))}")
        self.descent.wait()
        self._walking.start(self._walked(along, names))

    def _walked(self, along: Along, names: Names) -> Iterator[None]:
        """The paths of all optimisers."""
        slope, found = Slope(names.graph, along, self._pull_of(along)), []
        for name in OPTIMISERS:
            for path in descending(slope, name, self.descent.rate, STEPS):
                found += [path] if path is not None else []
                yield
        self.ground.show_paths([path_of(each) for each in found])
        self.descent.show_descents(names.goal, found, along.curvature)

    def _pull_of(self, along: Along) -> Compiled:
        """The gradient's program, written once for a plan."""
        plan, seed = self._bridge.now.trace.plan, self._bridge.now.graph.seed
        of = (seed, along.knobs)
        if self._pull is None or self._pull[0] is not plan or self._pull[1] != of:
            self._pull = (plan, of, pull_of(plan, seed, along.knobs))
        return self._pull[2]

    # --- what the hand does

    def _move_one(self, x: float) -> None:
        knob, along = self._knobs[0], self._along[0]
        if knob and along and self._ends:
            self._put({knob: rounded(x, *self._ends)})

    def _move_both(self, a: float, b: float) -> None:
        along, ends = self._along[1], self.ground.ends
        if along:
            places = (rounded(a, ends.left, ends.right), rounded(b, ends.low, ends.high))
            self._put(dict(zip(along.knobs, places, strict=True)))

    def _put(self, numbers: Mapping[Knob, float]) -> None:
        why = self._live.follow(partial(with_numbers, numbers=numbers))
        self._sentence.setText(why)

    def _finish(self) -> None:
        self._live.finish()
        self._sentence.setText("")

    def _reach(self, h: float) -> None:
        if self._ends is not None and h:
            least = (self._ends[1] - self._ends[0]) * 1e-6
            self._h = h if abs(h) >= least else least * (1 if h > 0 else -1)
            now = self._bridge.now
            self._show_curve(Names(now.graph, now.trace))

    def _zoom_curve(self, factor: float) -> None:
        """Nearer to the point, h with it: seen from near enough, every smooth curve is a line."""
        along = self._along[0]
        if along is None or self._ends is None:
            return
        at = along.at[0]
        low, high = (at + (end - at) * factor for end in self._ends)
        if high - low > 1e-9 * max(abs(at), 1e-3) and max(abs(low), abs(high)) < 1e150:
            self._ends, self._h = (low, high), self._h * factor
            now = self._bridge.now
            self._show_curve(Names(now.graph, now.trace))

    def _zoom_ground(self, factor: float) -> None:
        along = self._along[1]
        if along is None or self._ground_of is None:
            return
        ends = self.ground.ends.zoomed(along.at[0], along.at[1], factor)
        widths = (ends.right - ends.left, ends.high - ends.low)
        if min(widths) > 1e-6 * max(1e-3, *map(abs, along.at)) and max(widths) < 1e100:
            self.ground.ends = ends
            self._lay_ground(along)
            self.ground.update()


@Panel("slopes", "Slopes", side="bottom", key="Ctrl+H", order=55, icon="slope", size=HEIGHT, closed=True)
def make_slopes(bridge: Bridge, selection: Selection, preferences: Preferences) -> SlopesPanel:
    return SlopesPanel(bridge, selection)
