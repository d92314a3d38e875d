"""The track of the timeline: what is told one after the other, a tick a step, and a handle to drag through it."""

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from engine.show.player import Player
from gui.look.as_is import as_is
from gui.look.guard import guarded
from gui.look.measure import width
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import CAPTION, font, mixed, theme
from gui.widgets.things import FOCUS, PRESS, Amount, Deed, Thing

MARGIN, GAP = 10, 6  # at both ends; between the passes
HEIGHT = 44
NAME_LINE, LANE_TOP, LANE_HEIGHT, TICK_TOP = 11, 16, 12, 31  # the handle hangs below: it covers no word
KNOB = 37.5
CLOSEST = 4.0  # pixels between two ticks
SHORT = {
    "forward; no backward pass yet": ("forward",),
    "backward": ("back",),
    "forward again": ("again",),
}  # where there is less room
LANES = {"backward": "focus", "update": "leaf"}  # the colours of the phases; of a forward pass that of edges
SLIM, CUT_OFF = 30, 14  # its height in a presentation, and what of its top is left out there: names and ticks
TIP_ABOVE = 58  # Qt shows a tip some 20 pixels below the place it is given: it shall not hide the handle


class Track(QWidget):
    """Press or drag anywhere to go there; the wheel and the arrow keys go step by step."""

    def __init__(self, player: Player, heading: Callable[[int], str]) -> None:
        super().__init__()
        self._player, self._heading = player, heading
        self._hover: float | None = None
        self._wheel = 0
        self._is_slim = False
        self._ticked: tuple[int, tuple[int, ...], int] = (0, (), 0)
        self._ticks = list[QLineF]()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(120)
        keep_scaled(self, self._grow)
        self.setAccessibleName("Timeline")

    def told_as(self) -> "TrackThing":
        """A slider over the steps."""
        return TrackThing(self, self._player)

    def make_slim(self, slim: bool) -> None:
        """Without names and ticks, in a presentation: what is told above has the room. Or as ever."""
        self._is_slim = slim
        self._grow()
        self.update()

    def _grow(self) -> None:
        self.setFixedHeight(SLIM if self._is_slim else HEIGHT + self._more)

    # --- where a position is

    @property
    def _more(self) -> int:
        """How much lower all stands below a larger name of the pass."""
        return max(scaled(NAME_LINE) - NAME_LINE, 0)

    @property
    def _steps(self) -> int:
        return len(self._player.trace.steps)

    @property
    def _turns(self) -> tuple[int, ...]:
        """Where one phase goes over into the next: the backward pass begins."""
        return tuple(start for _, start in self._player.trace.phases if 0 < start < self._steps)

    def x_of(self, position: float) -> float:
        """Where a position is drawn."""
        turns = self._turns
        room = self.width() - 2 * MARGIN - GAP * len(turns)
        gaps = GAP * sum(position > turn for turn in turns)
        return MARGIN + gaps + room * position / max(self._steps, 1)

    def position_at(self, x: float) -> float:
        """The position that is drawn at x; a gap belongs to the turn from one phase to the next."""
        turns = self._turns
        along = x - MARGIN - sum(min(max(x - self.x_of(turn), 0.0), GAP) for turn in turns)
        room = max(self.width() - 2 * MARGIN - GAP * len(turns), 1)
        return min(max(along / room, 0.0), 1.0) * self._steps

    # --- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._steps:
            self._player.seek(self.position_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._steps:
            return
        at = self.position_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._hover = None
            self._player.seek(at)
        else:
            self._hover = at
            self._tell_step(max(ceil(at), 1), event.position().x())
            self.update()

    def _tell_step(self, step: int, x: float) -> None:
        """Which step a press would go to."""
        place = self.mapToGlobal(QPoint(round(x), -TIP_ABOVE))
        text = f"Step {step} of {self._steps}: {self._heading(step - 1)}"
        QToolTip.showText(place, as_is(text), self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def leaveEvent(self, event: object) -> None:
        self._hover = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y() or event.angleDelta().x()
        clicks, self._wheel = int(self._wheel / 120), self._wheel - 120 * int(self._wheel / 120)
        for _ in range(abs(clicks)):
            self._player.step_back() if clicks > 0 else self._player.step_forward()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        player = self._player
        by_node = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        actions: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Left: lambda: player.step_back(by_node),
            Qt.Key.Key_Right: lambda: player.step_forward(by_node),
            Qt.Key.Key_PageUp: lambda: player.step_back(True),
            Qt.Key.Key_PageDown: lambda: player.step_forward(True),
            Qt.Key.Key_Home: player.go_to_start,
            Qt.Key.Key_End: player.go_to_end,
            Qt.Key.Key_Space: player.toggle,
        }
        act = actions.get(event.key())
        if act is None or not self._steps:
            super().keyPressEvent(event)
        else:
            act()

    # --- the picture

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            look = theme()
            if self.hasFocus():
                painter.setPen(QPen(look.color("focus"), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
            painter.translate(0, -CUT_OFF if self._is_slim else self._more)
            trace = self._player.trace
            none_yet = trace.backward_start == len(trace.steps) and not trace.is_part
            phases = (("forward; no backward pass yet", 0),) if none_yet else trace.phases
            ends = (*(start for _, start in phases[1:]), self._steps)
            for (name, start), end in zip(phases, ends, strict=True):
                self._paint_lane(painter, name, start, end, look.color(LANES.get(name, "edge")))
            if self._steps:
                if not self._is_slim:
                    self._paint_ticks(painter)
                self._paint_handle(painter)

    def _paint_lane(self, painter: QPainter, name: str, start: int, end: int, colour: QColor) -> None:
        if start == end and (self._steps or name == "backward"):
            return
        left = self.x_of(start) + (GAP if start in self._turns else 0)
        lane = QRectF(left, LANE_TOP, self.x_of(end) - left, LANE_HEIGHT)
        if not self._steps:
            lane.setWidth(self.width() - 2 * MARGIN)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(theme().color("panel"), colour, 0.28))
        painter.drawRoundedRect(lane, 3, 3)
        done = QRectF(lane)
        done.setRight(min(max(self.x_of(self._player.position), lane.left()), lane.right()))
        painter.setBrush(colour)
        if done.width() > 0.5:
            painter.drawRoundedRect(done, 3, 3)
        self._paint_name(painter, name, lane)

    def _paint_name(self, painter: QPainter, name: str, lane: QRectF) -> None:
        painter.setFont(font(scaled(CAPTION), bold=True))
        said = next(
            (text for text in (name, *SHORT.get(name, ())) if width(text, scaled(CAPTION), True) <= lane.width()), ""
        )
        if self._steps and not self._is_slim:
            painter.setPen(theme().color("soft"))
            painter.drawText(QPointF(lane.left(), NAME_LINE), said)

    def _paint_ticks(self, painter: QPainter) -> None:
        """They stand where they stood, until there are others: this is painted at every frame of a pass."""
        places = (self._steps, self._turns, self.width())
        if places != self._ticked:
            stride = max(1, ceil(CLOSEST * self._steps / max(self.width() - 2 * MARGIN, 1)))
            xs = [round(self.x_of(i)) + 0.5 for i in range(0, self._steps + 1, stride)]
            self._ticked, self._ticks = places, [QLineF(x, TICK_TOP, x, TICK_TOP + 5) for x in xs]
        painter.setPen(QPen(theme().color("edge"), 1))
        painter.drawLines(self._ticks)

    def _paint_handle(self, painter: QPainter) -> None:
        look, x = theme(), self.x_of(self._player.position)
        if self._hover is not None:
            ghost = self.x_of(self._hover)
            painter.setPen(QPen(look.color("soft"), 1.5))
            painter.drawLine(QLineF(ghost, LANE_TOP - 2, ghost, TICK_TOP))
        painter.setPen(QPen(look.color("panel"), 5))
        painter.drawLine(QLineF(x, LANE_TOP - 1, x, TICK_TOP + 3))
        painter.setPen(QPen(look.color("text"), 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QLineF(x, LANE_TOP - 2, x, TICK_TOP + 3))
        painter.setPen(QPen(look.color("panel"), 1.5))
        painter.setBrush(look.color("text"))
        painter.drawEllipse(QPointF(x, KNOB), 5.5, 5.5)


class TrackThing(Thing):
    """What the track is to those who do not see it."""

    role = QAccessible.Role.Slider

    def __init__(self, track: Track, player: Player) -> None:
        self._track, self._player = track, player

    def value(self) -> str:
        return f"{self._player.position:g} / {len(self._player.trace.steps)}"

    def amount(self) -> Amount:
        return Amount(self._player.position, self._player.seek, 0.0, float(len(self._player.trace.steps)), 1.0)

    def deeds(self) -> tuple[Deed, ...]:
        return (
            Deed(PRESS, "Play or pause both passes", self._player.toggle, "Space"),
            Deed(FOCUS, "Take the keys here", self._track.setFocus),
        )
