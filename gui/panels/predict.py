"""Predict: what is asked about the pass, what is said to the answer, hints, the score; typed it is on the canvas."""

from math import ceil

from PySide6.QtCore import QElapsedTimer, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from engine.show.now import Now
from engine.show.wording import worded
from engine.teach.asking import MODES
from engine.teach.hints import LEVELS
from gui.document import scores
from gui.document.asking import LIMIT
from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.look.as_is import as_is, unmarked
from gui.panels import Panel
from gui.widgets.accessible import announce
from gui.widgets.boxes import STRETCH, column, row, scrolling
from gui.widgets.buttons import PushButton
from gui.widgets.fields import NoWheelComboBox
from gui.widgets.labels import label, main_button, mark, rule, set_role

WIDTH, MOST_KINDS, LATELY = 320, 5, 7
TICK, HURRY = 250, 5  # milliseconds; seconds that are left when one has to hurry
INTRO = (
    "Watching teaches little, answering does. Gradloom hides the next number of the pass, and all that would give it "
    "away, and you type it at the edge or node: a number, a fraction, or a sum such as 2*3 + 1."
)
HIDDEN = "What follows is hidden until you have answered. Type on the canvas, Enter checks, Esc leaves."
GO_ON = "Enter goes on."


class PredictPanel(QWidget):
    """Stands where the palette is while questions are asked."""

    sheet_wanted = Signal()  # the score sheet is to be saved

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge, self._asking = bridge, bridge.asking
        self._said = ""
        self.practice = QCheckBox("Practise what went wrong")
        self.practice.setToolTip("Only questions in which a mistake that you made can be made again; spaced over days")
        self.clock = QCheckBox("Against the clock")
        said = f"{LIMIT:.0f} seconds for each question; then the answer is shown, and counts as too late"
        self.clock.setToolTip(as_is(said))
        self.left = label("", "title")
        self._ticks, self._since = QTimer(self, interval=TICK), QElapsedTimer()
        self.modes, self.tally = NoWheelComboBox(), label("", "faint")
        self.question, self.state = label("", "heading", wraps=True), label("", "soft", wraps=True)
        self.given = label("", "number", wraps=True)
        self.verdict = label("", "title", wraps=True)
        self.reply, self.hints = label("", "why", wraps=True), label("", "why", wraps=True)
        self._rule = rule()
        self.sheet = label("", "soft", wraps=True)
        self.begin, self.next = main_button("Ask me"), main_button("Next")
        self.hint, self.show_it = PushButton(), PushButton("Show me")
        self.others = PushButton("New numbers")
        self.others.setToolTip("The same graph with numbers that come out well; the document keeps its own")
        self.leave, self.save = PushButton("Stop asking"), PushButton("Save the score sheet…")
        self.setAccessibleName("Questions")
        self.modes.setAccessibleName("What is asked")
        for name, mode in MODES.items():
            self.modes.addItem(unmarked(mode.title), name)
        for button in (self.hint, self.show_it, self.clock):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the caret in the answer
        self._lay_out()
        self._connect()
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._asking.is_on:
            self._asking.leave()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        parts = (
            row(None, 8, label("Questions", "title"), STRETCH, self.tally),
            self.modes, self.practice, row(None, 8, self.clock, STRETCH, self.left),
            self.question, self.given, self.state, self.verdict, self.reply, self.hints,
            row(None, 8, self.begin, self.next, self.hint, self.show_it, STRETCH),
            row(None, 8, self.others, self.leave, STRETCH),
            self._rule, self.sheet, row(None, 8, self.save, STRETCH), STRETCH,
        )  # fmt: skip
        inside = column(None, 12, *parts, margins=(16, 12, 16, 12))
        column(self, 0, scrolling(inside))

    def _connect(self) -> None:
        asking = self._asking
        self.begin.clicked.connect(self._begin)
        self.next.clicked.connect(asking.go_on)
        self.hint.clicked.connect(asking.give_hint)
        self.show_it.clicked.connect(asking.show)
        self.others.clicked.connect(asking.other_numbers)
        self.leave.clicked.connect(asking.leave)
        self.save.clicked.connect(self.sheet_wanted)
        self.modes.activated.connect(lambda: asking.choose_mode(str(self.modes.currentData())))
        self.practice.clicked.connect(asking.practise)
        self.clock.clicked.connect(asking.time_it)
        self._ticks.timeout.connect(self._tick)
        asking.ticked.connect(self._show_time)
        asking.changed.connect(self._refresh)
        self._bridge.told.connect(self._on_told)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 400)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _tick(self) -> None:
        """Time goes by only while the question is seen."""
        gone = self._since.restart() / 1000
        if self.isVisible() and self.window().isActiveWindow():
            self._asking.tick(gone)

    def _show_time(self) -> None:
        asking = self._asking
        runs = asking.timed and asking.phase == "asked"
        self.left.setText(f"{ceil(asking.left)} s" if runs else "")
        set_role(self.left, "error" if runs and asking.left <= HURRY else "title")
        if runs and not self._ticks.isActive():
            self._since.restart()
            self._ticks.start()
        elif not runs:
            self._ticks.stop()

    def _begin(self) -> None:
        if self._bridge.pending.commit():
            self._asking.begin()

    def _on_told(self, now: Now) -> None:
        if now.wording_changed:
            self._refresh()

    def _word_modes(self) -> None:
        for at, mode in enumerate(MODES.values()):
            said = worded(mode.help, self._bridge.now.wording)
            self.modes.setItemData(at, as_is(said), Qt.ItemDataRole.ToolTipRole)

    def _refresh(self) -> None:
        asking = self._asking
        asked, told = asking.phase == "asked", asking.phase == "told"
        self._word_modes()
        self.modes.setCurrentIndex(self.modes.findData(asking.mode))
        self.practice.setChecked(asking.practises)
        self.clock.setChecked(asking.timed)
        self._show_time()
        self.tally.setText(asking.tally if asking.is_on else "")
        self.question.setText(asking.text if asking.is_on else "")
        self.state.setText(HIDDEN if asked else GO_ON if told else "" if asking.is_on else INTRO)
        _show(self.given, "\n".join(asking.given))
        verdict, *reasons = asking.reply or [""]
        _show(self.verdict, verdict)
        _show(self.reply, "\n\n".join(reasons))
        mark(self.reply, "wrong", asked)
        _show(self.hints, "\n\n".join(asking.hint_texts))
        left = LEVELS - asking.hints
        self.hint.setText(f"Hint ({left} left)")
        self.hint.setEnabled(left > 0)
        for button, shown in (
            (self.begin, not asking.is_on or asking.phase == "done"), (self.next, told), (self.hint, asked),
            (self.show_it, asked), (self.leave, asking.is_on), (self.others, asking.is_on),
        ):  # fmt: skip
            button.setVisible(shown)
        self.question.setVisible(asking.is_on)
        self._show_sheet()
        self._tell_aloud()

    def _show_sheet(self) -> None:
        """What went wrong so far, the most frequent first; not while one thinks."""
        rows = [] if self._asking.phase in ("asked", "told") or not self.isVisible() else scores.all_kept()
        kinds = scores.counts(rows)[:MOST_KINDS]
        lines = [f"{title}: {count}" for title, count in kinds]
        lately = scores.of_the_last(LATELY, rows)
        asked = f"{_share(rows)} answers were right" if rows else ""
        asked += (
            f", {_share(lately)} in the last {LATELY} days." if rows and len(lately) < len(rows) else "." * bool(rows)
        )
        self.sheet.setText("\n".join(filter(None, [asked, "Mistakes that fit:" if kinds else "", *lines])))
        for part in (self._rule, self.sheet, self.save):
            part.setVisible(bool(rows))

    def _tell_aloud(self) -> None:
        """To those who do not see it: the question, and what is said to the answer."""
        said = " ".join(self._asking.reply or [self._asking.text]) if self._asking.is_on else ""
        if said and said != self._said:
            announce(self, said)
        self._said = said


def _share(rows: list[scores.Answered]) -> str:
    """How many of these answers were right: `3 of 5`."""
    return f"{sum(each['outcome'].startswith('right') for each in rows)} of {len(rows)}"


def _show(what: QLabel, text: str) -> None:
    what.setText(text)
    what.setVisible(bool(text))


@Panel("predict", "Questions", side="left", key="Shift+F4", order=15, icon="ask", size=WIDTH, closed=True)
def make_predict(bridge: Bridge, selection: Selection, preferences: Preferences) -> PredictPanel:
    return PredictPanel(bridge)
