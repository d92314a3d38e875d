"""The training panel: how to train, a button to begin, a bar for how far it is, and curves of how it goes."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QProgressBar, QWidget

from engine import edits
from engine.errors import EditRefused, GradloomError
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer
from engine.show.names import Names
from engine.show.now import Now
from engine.show.turning import drop_sentence
from engine.show.wording import worded
from gui.document import settings
from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.look import icons
from gui.look.as_is import as_is
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import themes
from gui.panels import Panel
from gui.panels.training.arrangement import Arrangement, Progress, scrolled
from gui.panels.training.curves import accuracy_curves, figure, loss_curves
from gui.panels.training.form import TrainingForm
from gui.panels.training.inside import CLICK, InsightView
from gui.panels.training.pace import PaceSlider
from gui.panels.training.training_run import RunState, TrainingRun
from gui.panels.training.words import (
    advice,
    again,
    gone_wrong,
    moment_place,
    percent,
    place,
    problem_of,
    running,
    slow_place,
)
from gui.widgets.boxes import column, row, scrolling
from gui.widgets.buttons import PushButton, ToolButton
from gui.widgets.flow import Flow
from gui.widgets.labels import ElidedLabel, label, set_role
from gui.widgets.plot import Plot

HEIGHT = 248
ROOMY, LEAST_SIZE = 760, QSize(320, 118)  # a narrower panel has no heading: its buttons say what it is
PLOT = QSize(420, 150)
LINE = 20
PAUSE = 200  # milliseconds after an edit before it is asked again whether the graph can be trained
NOT_SET = (
    "Press Start: the numbers in the graph follow what is learnt, and Undo goes back to these. "
    "View ▸ Panels ▸ Decision map shows what it has learnt."
)

CHANGED = "The graph has changed since it was trained: what you see here is from before."
EARLIER = " (earlier)"  # curves of a training of which the graph has nothing
UNDONE_FURTHER = "Undone, with what was done before it; the curves are those of the training. Redo brings it all back."
UNDONE = "Undone: the numbers are those from before the training, whose curves you see. Redo brings it back."


class TrainingPanel(QWidget):
    """Shows a TrainingRun, and says in one sentence why the graph cannot be trained."""

    closed = Signal()  # its cross was pressed
    told = Signal(str)  # an edit has ended the training

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._bridge, self._view = bridge, selection
        self.run = TrainingRun(bridge, self)
        self.form = TrainingForm(bridge.pending)
        self._obstacle: GradloomError | None = None
        self._later = QTimer(self, singleShot=True, interval=PAUSE)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._take_config()
        self.inside.speak(bridge.now.wording)
        self._show_state()

    # --- parts

    def _make_parts(self) -> None:
        self.start, self.stop, self.slowly = PushButton("Start"), PushButton("Stop"), PushButton("One step, slowly")
        self.slowly.setToolTip("Make one step, and watch how each parameter turns (F5)")
        keep_scaled(self.start, lambda: self.start.setMinimumWidth(self._widest("Start", "Pause", "Continue")))
        self.pace = PaceSlider()
        self.bar = QProgressBar(maximum=1000, textVisible=False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName("Training progress")
        self.place = ElidedLabel("soft")
        self.place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.sentence = label("", "soft", wraps=True)
        keep_scaled(self.sentence, lambda: self.sentence.setMinimumHeight(scaled(LINE)))
        self.show_place = PushButton("Show where")
        self.show_place.setProperty("role", "link")
        self.log = QCheckBox("Log axis")
        self.log.setToolTip("Draw the loss on a logarithmic axis")
        self.close_button = ToolButton()
        self.close_button.setToolTip("Close; a training pauses, and goes on when the panel is opened again")
        self.close_button.setAccessibleName("Close the training panel")
        icons.keep(self.close_button, self.close_button.setIcon, "cross")
        self.loss, self.accuracy = Plot("Loss", PLOT, grows=True), Plot("Accuracy", PLOT, grows=True)
        self.inside = InsightView(lambda: (self._bridge.now.graph, self.form.config), self._bridge.live)

    def _widest(self, *words: str) -> int:
        """How wide the button must be, so that it stays where it is whatever it says."""
        return max(self.fontMetrics().horizontalAdvance(word) for word in words) + 36

    def _lay_out(self) -> None:
        self.setAccessibleName("Training")
        self.setObjectName("training")
        self.title = label("Training", "title")
        buttons = (self.title, self.start, self.stop, self.slowly, self.pace, self.log)
        flow = Flow(8, 4, *buttons, Progress(self.bar, self.place))
        head = row(None, 8, (flow, 1), (self.close_button, 0, Qt.AlignmentFlag.AlignTop))
        line = row(None, 12, (self.sentence, 1), self.show_place)
        body = scrolled(Arrangement(self.form, {self.loss: 3, self.accuracy: 2, self.inside: 3}))
        column(self, 0, scrolling(column(None, 8, head, line, (body, 1), margins=(16, 8, 12, 12))))

    def _connect(self) -> None:
        self.start.clicked.connect(self._press_start)
        self.stop.clicked.connect(self.run.stop)
        self.slowly.clicked.connect(self.take_one_step)
        self.pace.chosen.connect(self.run.go_at)
        self.pace.chosen.connect(lambda rate: self.form.let_watch(not rate))
        self.close_button.clicked.connect(self.closed)
        self.show_place.clicked.connect(self._show_where)
        self.form.refused.connect(lambda sentence: self._say(sentence, "error"))
        self.form.accepted.connect(self._look)
        for plot in (self.loss, self.accuracy, self.inside.plot):
            plot.picked.connect(self._pick)
        for plot in (self.loss, self.accuracy):  # what the third shows has not always moments
            plot.setToolTip(as_is(CLICK))
        self.inside.refused.connect(lambda sentence: self._say(sentence, "error"))
        self.inside.row_chosen.connect(self._show_row)
        self.log.toggled.connect(self._choose_log)
        self.form.watch.toggled.connect(self._choose_pace)
        self.log.setChecked(settings.get("training_log"))
        self.form.watch.setChecked(settings.get("training_watched"))
        self._choose_pace(self.form.watch.isChecked())
        self.run.changed.connect(self._show_state)
        self.run.moved.connect(self._show_place)
        self.run.drawn.connect(lambda: self._show_curves(self.run.trainer))
        self.run.interrupted.connect(self.told)
        self._bridge.told.connect(self._on_told)
        self._later.timeout.connect(self._look)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(900, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return LEAST_SIZE

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.title.setVisible(self.width() >= ROOMY)

    def take_focus(self) -> None:
        """Where one begins: at Start, or where it cannot be pressed at the first number."""
        (self.start if self.start.isEnabled() else self.form).setFocus()

    # --- what is chosen

    def _press_start(self) -> None:
        """Start, pause or continue: whichever the button says."""
        if self.run.state is RunState.RUNNING:
            self.run.pause()
        elif self.run.state is RunState.PAUSED:
            self.run.go_on()
        elif self.form.read():
            try:
                self.run.start(self.form.config)
            except GradloomError as error:
                self._obstacle = error
                self._show_state()

    def take_one_step(self) -> None:
        """Make one step of learning, and tell how it comes about; or say why there is none."""
        if not self.form.read():
            return
        try:
            self.run.step_slowly(self.form.config)
        except GradloomError as error:
            self._bridge.refuse(
                EditRefused(advice(error, self._bridge.now.graph, self._bridge.now.problems), error.ids)
            )

    def _pick(self, epoch: float) -> None:
        """To a moment of the training, where the axis counts its epochs."""
        if self.sender() is not self.inside.plot or self.inside.is_of_this_training:
            self.run.go_to(epoch)

    def _show_where(self) -> None:
        """Of what went wrong, with the numbers with which it is wrong: those that are kept may be from before."""
        where, trainer = self._where, self.run.trainer
        later = gone_wrong(trainer) if self._obstacle is None and trainer is not None else None
        if later is not None:
            self.run.go_to(later.epoch)
        self._view.reveal(where)

    def _show_row(self, dataset: str, row: int) -> None:
        """One row's own pass plays."""
        if self._bridge.edit(lambda graph: edits.show_row(graph, dataset, row + 1)) is not None:
            self._bridge.player.go_to_start()
            self._bridge.player.play()

    def _choose_log(self, log: bool) -> None:
        settings.put("training_log", log)
        self._show_curves(self.run.trainer)

    def _choose_pace(self, watched: bool) -> None:
        self.run.unhurried = watched
        self.pace.show_watched(watched)
        settings.put("training_watched", watched)

    # --- what the document says

    def _on_told(self, now: Now) -> None:
        self.inside.speak(now.wording)
        if now.loaded:
            self.inside.forget()
            self._take_config()
            self._look()
        elif now.wording_changed:
            self._say(*self._told())
        elif now.content_changed and self.run.state is not RunState.RUNNING and self.isVisible():
            self._later.start()

    def _take_config(self) -> None:
        """What the graph says about its training; what makes no sense there is said, and the defaults hold."""
        try:
            self.form.show_config(TrainingConfig.of(self._bridge.now.graph))
        except EditRefused as refused:
            self.form.show_config(TrainingConfig())
            self._say(refused.sentence, "error")

    def _look(self) -> None:
        """Whether the graph can be trained as it is."""
        if self.run.state in (RunState.RUNNING, RunState.PAUSED) or not self.isVisible():
            return
        self._obstacle = None
        try:
            Trainer(self._bridge.now.graph, self.form.config)
        except GradloomError as error:
            self._obstacle = error
        self._show_state()

    # --- what is shown

    def _show_state(self) -> None:
        state = self.run.state
        busy = state in (RunState.RUNNING, RunState.PAUSED)
        words = {RunState.RUNNING: "Pause", RunState.PAUSED: "Continue"}
        self.start.setText(words.get(state, "Start"))
        set_role(self.start, "" if state is RunState.RUNNING or self._obstacle else "primary")
        self.start.setEnabled(busy or self._obstacle is None)
        if self.stop.hasFocus() and not busy and self.start.isEnabled():
            self.start.setFocus()  # Qt would give the keys to whatever stands next
        self.stop.setEnabled(busy)
        self.form.let_edit(not busy)
        if state is RunState.ENDED:
            self.inside.keep(self.run.trainer)
        self._show_progress()

    def _show_progress(self) -> None:
        self._show_place()
        self._show_curves(self.run.trainer)

    def _show_place(self) -> None:
        self._say(*self._told())
        self.show_place.setVisible(bool(self._where))
        share, words = self._placed()
        self.bar.setValue(round(1000 * share))
        self.place.show_text(words)

    def _placed(self) -> tuple[float, str]:
        """How far the numbers of the graph are, as a share and in words: of those that it no longer has, nothing."""
        run, trainer = self.run, self.run.trainer
        if run.state in (RunState.RUNNING, RunState.PAUSED) and trainer is not None:
            return trainer.progress, place(trainer, run.left, run.state is RunState.RUNNING)
        if (slow := run.told_slowly) is not None:
            return 0.0, slow_place(slow)
        if trainer is None or run.is_left_behind:
            return 0.0, ""
        if run.moment is not None:
            return run.moment / max(trainer.total, 1), moment_place(trainer, run.moment)
        return trainer.progress, place(trainer)

    def _show_curves(self, trainer: Trainer | None) -> None:
        losses, accuracies = (loss_curves(trainer), accuracy_curves(trainer)) if trainer else ([], [])
        at = self.run.marked if trainer else None
        since, when = self.run.hindered, EARLIER if self.run.is_left_behind else ""
        self.loss.show_figure(figure(f"Loss{when}", trainer, losses, log=self.log.isChecked(), at=at, since=since))
        self.accuracy.setVisible(bool(accuracies))
        self.accuracy.show_figure(
            figure(f"Accuracy{when}", trainer, accuracies, text=percent, most=1.0, at=at, since=since)
        )
        self.inside.show_training(trainer)

    def _told(self) -> tuple[str, str]:
        """The sentence of the moment, and its role."""
        run = self.run
        if run.state in (RunState.RUNNING, RunState.PAUSED):
            return running(run.trouble, run.shown, run.state is RunState.PAUSED)
        if (slow := run.told_slowly) is not None:
            names = Names(self._bridge.now.graph, self._bridge.now.trace)
            said = drop_sentence(names, slow.drop, "gradient")  # it is worded where it is shown
            return f"Step {slow.number} was made: {said} Undo takes it back.", "soft"
        if self._obstacle is not None:
            return advice(self._obstacle, self._bridge.now.graph, self._bridge.now.problems), "error"
        if run.trainer is None or run.result is None:
            return NOT_SET, "soft"
        if run.moment is not None:
            return (
                f"The graph has the numbers after step {run.moment}, to which you went. Undo takes that back.",
                "soft",
            )
        if run.is_past:
            past = again(run.shown, run.steps_back) if run.again else UNDONE if run.undone else CHANGED
            return UNDONE_FURTHER if run.undone_further else past, "soft"
        return run.said, "error" if run.failed else "soft"

    @property
    def _where(self) -> tuple[str, ...]:
        """The nodes that stand in the way, or that explain why it went wrong."""
        if self._obstacle is None:
            return () if self.run.is_past else self.run.where
        problem = problem_of(self._obstacle, self._bridge.now.problems)
        return problem.ids if problem else self._obstacle.ids

    def _say(self, sentence: str, role: str) -> None:
        if (said := worded(sentence, self._bridge.now.wording)) != self.sentence.text():
            self.sentence.setText(said)
        set_role(self.sentence, role)

    # --- Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody reads whether the graph can be trained. Whether a training goes on is not for the panel to say."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._later.stop()


@Panel("training", "Training", side="bottom", key="Ctrl+5", order=50, icon="train", size=HEIGHT, closed=True)
def make_panel(bridge: Bridge, selection: Selection, preferences: Preferences) -> TrainingPanel:
    return TrainingPanel(bridge, selection)
