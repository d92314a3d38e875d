"""The timeline: what the current step says, the buttons that move through the passes, and the track to scrub them."""

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from engine.show.absent import no_step_sentence
from engine.show.explain import Explanation, explain
from engine.show.now import Now
from engine.show.player import SPEEDS
from engine.show.wording import worded
from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.look.as_is import unmarked
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import BOTTOM_HEIGHT, NAME
from gui.panels import Panel
from gui.widgets.accessible import announce, tell_number
from gui.widgets.boxes import column, row
from gui.widgets.buttons import ToolButton
from gui.widgets.labels import label
from gui.widgets.round_button import RoundButton
from gui.widgets.telling import Telling
from gui.widgets.track import Track

# What is shown only if there is as much room: in a smaller timeline the track and its main buttons come first.
ROOMY, WIDE, NARROW = 620, 440, 300  # pixels of width: for all; for all but the place, the loop and the ends; for less
MARGINS, TIGHT, LEAST = (16, 4, 12, 4), (16, 2, 12, 2), (4, 0, 4, 0)
LOW = 86  # of height: in less the sentence is left out
LOW_WINDOW = 360  # of its height: in a lower one the canvas has the room of the reasons
PRESENTED_SHARE, PRESENTED_TYPE = 0.247, 0.04  # of the window's height: this panel, and its type
SHARED = 0.175  # of it where another panel stands beside it, which has the room
BUTTON, PLAY, SLIM_BUTTON = 32, 36, 22  # pixels: of a button, of the one that plays, of both in a presentation
QWIDGETSIZE_MAX = 16_777_215  # what Qt calls no limit
STORY = (
    "One step of learning: forward, backward, then each parameter turns against its gradient, and forward again. "
    "The step is made; Undo takes it back."
)
FRACTIONS = {0.25: "¼", 0.5: "½"}


def speed_text(speed: float) -> str:
    """A speed as it stands on the button: ¼×, 2×."""
    return f"{FRACTIONS.get(speed, f'{speed:g}')}×"


class Timeline(QWidget):
    """Shows where the player is, and tells it where to go."""

    def __init__(self, bridge: Bridge, preferences: Preferences) -> None:
        super().__init__()
        self._bridge, self._preferences = bridge, preferences
        self._telling = Telling()
        self._presented = self._wants_reasons = self._reasons = self._shares = False
        self._place, self._last = label("", "faint"), ""
        keep_scaled(self._place, self._keep_room)
        self._place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._track = Track(bridge.player, self._heading)
        self._build_buttons()
        self._build_choices()
        self._lay_out()
        self.setAccessibleName("Timeline")
        self._show_choices()
        preferences.changed.connect(self._show_choices)
        bridge.told.connect(self._on_told)
        bridge.asking.changed.connect(self._speak)
        self._show_playing()
        self._speak()

    @property
    def _usual(self) -> int:
        """How high it is as a rule."""
        return max(scaled(BOTTOM_HEIGHT), BOTTOM_HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(800, self._usual)

    def minimumSizeHint(self) -> QSize:
        more = self._telling.more if self.height() >= LOW else 0
        return QSize(160, self._usual + more if more else self._track.height() + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What there is no room for is left out; all of it can be done by keys and menus too."""
        super().resizeEvent(event)
        start, back, _, forward, end, backward = self._buttons
        roomy, wide, narrow = self.width() >= ROOMY, self.width() >= WIDE, self.width() < NARROW
        parts = ((self._place, roomy), (self._loop, roomy), (start, roomy), (end, roomy), (backward, wide))
        for part, shown in (*parts, (self._speed, wide), (back, not narrow), (forward, not narrow)):
            part.setVisible(shown)
        tall = self.height() >= LOW
        self._telling.setVisible(tall)
        roomy = tall and not self._presented
        self._box.setContentsMargins(*(MARGINS if roomy else LEAST if narrow and not tall else TIGHT))

    @property
    def play_button(self) -> RoundButton:
        """The one that plays and pauses."""
        return self._play

    def present(self, presented: bool) -> None:
        """In large type for a lecture hall, always equally high: nothing jumps from step to step; or as ever."""
        self._presented = presented
        self._track.make_slim(presented)
        for button in self._buttons:
            button.set_diameter(SLIM_BUTTON if presented else PLAY if button is self._play else BUTTON)
        if not presented:
            self.setMinimumHeight(0)
            self.setMaximumHeight(QWIDGETSIZE_MAX)
            self._telling.enlarge(0, 0)
        self.fit_window()
        self._speak()

    def fit_window(self) -> None:
        """The window has another size."""
        self._weigh_reasons()
        self._telling.limit(not self._presented and self.window().height() < LOW_WINDOW)
        self.fit_presentation()

    def fit_presentation(self) -> None:
        """The window that is presented has another size."""
        if self._presented:
            high = self.window().height()
            self.setFixedHeight(round((SHARED if self._shares else PRESENTED_SHARE) * high))
            below = max(self._track.height(), self._speed.sizeHint().height())
            room = self.maximumHeight() - below - sum(TIGHT[1::2])
            self._telling.enlarge(max(round(PRESENTED_TYPE * high), NAME), room)

    def share_room(self, shares: bool) -> None:
        """In a presentation: with another panel below the canvas, which has something to show itself."""
        self._shares = shares
        self.fit_presentation()

    def tell_reasons(self, told: bool) -> None:
        """Whether the sentence goes on with its reason: where the inspector, which tells it, is folded away."""
        self._wants_reasons = told
        self._weigh_reasons()

    def _weigh_reasons(self) -> None:
        """In a low window the canvas comes first."""
        told = self._wants_reasons and self.window().height() >= LOW_WINDOW
        if told != self._reasons:
            self._reasons = told
            self._telling.make_longer(told)
            self._speak()

    # --- parts

    def _build_buttons(self) -> None:
        player, after = self._bridge.player, self._bridge.pending.after
        self._play = RoundButton("play", "Play", after(player.toggle), PLAY, strong=True)
        self._buttons = (
            RoundButton("to-start", "To the beginning", after(player.go_to_start)),
            RoundButton("step-back", "One step back", after(player.step_back)),
            self._play,
            RoundButton("step-forward", "One step forward", after(player.step_forward)),
            RoundButton("to-end", "To the end", after(player.go_to_end)),
            RoundButton("to-backward", "To the beginning of the backward pass", after(player.go_to_backward)),
        )
        self._leave = RoundButton("cross", "Leave the story of this step", after(self._bridge.session.end_story), 28)
        self._leave.hide()

    def _build_choices(self) -> None:
        self._speed = ToolButton()
        self._speed.setAccessibleName("Speed")
        self._speed.setToolTip("Speed")
        self._speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        keep_scaled(self._speed, lambda: self._speed.setFixedWidth(scaled(48)))
        menu, self._speeds = QMenu(self._speed), QActionGroup(self)
        for speed in SPEEDS:
            action = QAction(unmarked(speed_text(speed)), self._speeds, checkable=True)
            action.triggered.connect(partial(self._preferences.choose_speed, speed))
            menu.addAction(action)
        self._speed.setMenu(menu)
        self._loop = RoundButton("loop", "Play in a loop", self._preferences.toggle_loop, 28)
        self._loop.setCheckable(True)

    def _lay_out(self) -> None:
        choices = (self._place, 6, self._leave, 6, self._speed, 6, self._loop, 6)
        controls = row(None, 2, *self._buttons, 14, (self._track, 1), 8, *choices)
        self._box = column(self, 0, (self._telling, 1), controls, margins=MARGINS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    # --- what is shown

    def _show_choices(self) -> None:
        player = self._bridge.player
        self._speed.setText(speed_text(player.speed))
        for action, speed in zip(self._speeds.actions(), SPEEDS, strict=True):
            action.setChecked(speed == player.speed)
        self._loop.setChecked(player.loop)

    def _heading(self, index: int) -> str:
        now = self._bridge.now
        return explain(now.graph, now.telling.part_at(index + 1), now.telling.steps[index], now.wording).heading

    def _on_told(self, now: Now) -> None:
        """The handle goes with the player; words only change with the step."""
        self._show_playing()
        self._leave.setVisible(self._bridge.session.story is not None)
        if now.position_changed:
            self._track.update()
        if now.step_changed or now.content_changed or now.wording_changed:
            self._speak()
        if now.step_changed and not (now.change or now.loaded):
            self._announce(now)

    def _announce(self, now: Now) -> None:
        """To those who do not see the step; not those that fly by."""
        tell_number(self._track)
        if now.explanation is not None and not now.hurried:
            announce(self, self._track.accessibleDescription())

    def _show_playing(self) -> None:
        self._play.show_icon(*(("pause", "Pause") if self._bridge.now.playing else ("play", "Play")))

    def _speak(self) -> None:
        now = self._bridge.now
        steps, said = len(now.telling.steps), now.explanation
        for button in self._buttons:
            button.setEnabled(steps > 0)
        if self._asks:
            self._say(None, self._bridge.asking.text, f"{(now.told.index or 0) + 1} / {steps}")
        elif said is not None:
            reason = f" {said.why}" if self._reasons and said.why != said.caption else ""
            self._say(said, f"{said.caption}{reason}", f"{(now.told.index or 0) + 1} / {steps}")
        elif now.telling is not now.trace:
            self._say(None, worded(STORY, now.wording), f"0 / {steps}")
        else:
            sentence = worded(no_step_sentence(now.graph, now.trace, now.problems), now.wording)
            self._say(None, sentence, f"0 / {steps}" if steps else "")

    @property
    def _asks(self) -> bool:
        """Whether a question is told here: on the stage, where no panel and no lesson does."""
        of = self._bridge
        return self._presented and of.lesson.lesson is None and of.asking.phase in ("asked", "done")

    def _say(self, said: Explanation | None, caption: str, place: str) -> None:
        now = self._bridge.now
        self._telling.tell(said, caption, of=now.telling, hurried=now.hurried)
        steps = len(now.telling.steps)
        self._last = place and f"{steps} / {steps}"
        self._keep_room()
        self._place.setText(place)
        self._track.setAccessibleDescription(f"{place} {caption}")

    def _keep_room(self) -> None:
        """For the place at the last step: from step to step the track must not shake."""
        self._place.setMinimumWidth(self._place.fontMetrics().horizontalAdvance(self._last) + 4)


@Panel("timeline", "Timeline", side="bottom", key="Ctrl+3", order=30, icon="panel-bottom", size=BOTTOM_HEIGHT)
def make_panel(bridge: Bridge, selection: Selection, preferences: Preferences) -> Timeline:
    return Timeline(bridge, preferences)
