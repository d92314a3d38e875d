"""One training in the open document: slices of time on the window's own thread, and what was learnt shown as it comes.

All its edits are one gesture: a single Undo takes the whole training back. Any other edit ends it, but for the choice
of the rows that are shown.
"""

from collections.abc import Callable
from enum import Enum
from time import perf_counter

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from engine import edits
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.learn.conclusion import Conclusion
from engine.learn.config import TrainingConfig
from engine.learn.optimisers import RunningMeans
from engine.learn.slow import SlowStep, holds, slow_step, without_length
from engine.learn.trainer import Trainer
from engine.learn.trouble import SeenProblem, followed
from engine.show.now import Now
from gui.document.bridge import Bridge
from gui.document.clock import Ticker
from gui.panels.training.pace import WATCHED, Pace
from gui.panels.training.words import finished

INTERVAL = 12  # milliseconds between ticks, of which most are left to the window
SLICE = 0.008  # seconds of learning in a tick
MOST_SLICE = 0.04  # where drawing takes long, learning takes as long: the window answers,
MORE = 1.1  # and half of the full rate is kept, though learning is slower at first after something else
SHOWN_EVERY = 1 / 30  # seconds between two looks at the parameters in the graph
LIVE_EVERY = 1 / 30  # seconds between two maps of what has been learnt, where the graph comes more rarely
DRAWN_EVERY = 0.1  # seconds between two drawings of the curves
SHARE = 2  # where it takes long to show and to paint them, it is done this many times more rarely than it takes
MOST_SLOW = 50  # steps told slowly from which the next may go on: so far one can undo and go on as if nothing was
SINGLY = 4.0  # steps a second, up to which each step is shown in the graph


class RunState(Enum):
    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


def is_past(left: Graph, graph: Graph) -> bool:
    """Whether a graph computes other numbers than the one that a training left, were the same rows shown."""
    if left is graph:
        return False
    change = left.change_to(graph)
    return change.moves_numbers and not edits.only_shows_rows(change)


class TrainingRun(QObject):
    """Holds the trainer and the timer that ticks it; the timer lives only while it runs."""

    changed = Signal()  # the state
    moved = Signal()  # more steps were made
    drawn = Signal()  # so many that curves are worth drawing again
    interrupted = Signal(str)  # an edit has ended it: a sentence

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = RunState.IDLE
        self.trainer: Trainer | None = None
        self.said = ""  # how it ended
        self.shown = 0  # the step whose parameters are in the graph
        self.trouble: SeenProblem | None = None  # what hindered it when the graph was last looked at
        self.unhurried = True  # lasts long enough to be watched
        self.is_held = False  # it rests until somebody comes back, and then goes on by itself
        self._pace = Pace()
        self._slow: list[SlowStep] = []  # the steps that were told slowly
        self._before, self._depth = bridge.now.graph, 0  # as it was when it began, and after how many steps
        self.result: Graph | None = None  # as it was when it ended
        self._bridge, self._count, self._own = bridge, 0, False
        self._gone_to: tuple[Graph | None, int] = (None, 0)
        self._learnt: Graph | None = None  # as the training itself left it last, whatever was edited then
        self._clock = self._next = self._live_next = self._drawn_next = 0.0
        self._has_shown = False  # in the last tick
        self._learnt_at = perf_counter()  # when it was done with learning for the last time
        self._ticker = Ticker(INTERVAL, self)
        self._ticker.passed.connect(self.tick)
        bridge.told.connect(self._on_told)

    @property
    def failed(self) -> bool:
        """Whether the training that has ended learnt nothing."""
        trainer = self.trainer
        return trainer is not None and trainer.conclusion is not None and trainer.conclusion.failed

    @property
    def where(self) -> tuple[str, ...]:
        """The nodes that explain why it goes as it does, or went so."""
        if self.state in (RunState.RUNNING, RunState.PAUSED):
            return self.trouble.problem.ids if self.trouble is not None else ()
        conclusion = self._conclusion
        return tuple(id for id in conclusion.ids if id in self._bridge.now.graph.nodes) if conclusion else ()

    @property
    def hindered(self) -> float | None:
        """The epoch from which something hinders it: once it has ended, that of which its conclusion speaks."""
        if (conclusion := self._conclusion) is not None and conclusion.since is not None:
            return self._epoch_of(conclusion.since)
        return self.trouble.epoch if self.trouble is not None else None

    @property
    def _conclusion(self) -> Conclusion | None:
        return self.trainer.conclusion if self.state is RunState.ENDED and self.trainer is not None else None

    def _epoch_of(self, step: int) -> float | None:
        trainer = self.trainer
        return None if trainer is None or not trainer.step else step * trainer.epoch / trainer.step

    @property
    def undone(self) -> bool:
        """Whether the parameters are again what they were when it began."""
        graph = self._bridge.now.graph
        learning = (node for node in self._before.nodes.values() if node.op_name == "parameter")
        return all((now := graph.nodes.get(node.id)) is not None and now.value is node.value for node in learning)

    @property
    def undone_further(self) -> bool:
        """Whether Undo went on to what was done before it."""
        return self.steps_back < 0 and self._bridge.document.redo_text is not None

    @property
    def is_past(self) -> bool:
        """Whether the graph no longer is what the last training left."""
        return self.result is not None and is_past(self.result, self._bridge.now.graph)

    @property
    def is_left_behind(self) -> bool:
        """Whether the graph has nothing of what was learnt: it was taken back, or changed since."""
        further = self.trainer is not None and (taken := self.told_slowly) and taken.number > self.trainer.step
        undone = self.state is RunState.ENDED and self.shown > 0 and self.undone
        return not further and (undone or (self.is_past and self.moment is None and not self.again))

    @property
    def steps_back(self) -> int:
        """How many times Undo is needed to be where it began."""
        return self._bridge.document.depth - self._depth

    @property
    def again(self) -> bool:
        """Whether the edit that ended it was taken back: the graph is as it was when that came."""
        return self._learnt is not None and not is_past(self._learnt, self._bridge.now.graph)

    @property
    def moment(self) -> int | None:
        """The step whose parameters the graph has because somebody went there; None: it has others."""
        graph, step = self._gone_to
        return step if graph is self._bridge.now.graph else None

    @property
    def left(self) -> float | None:
        """About how many seconds are left of what runs; None: nobody knows yet."""
        trainer = self.trainer
        runs = trainer is not None and self.state is RunState.RUNNING
        return self._pace.left(self._clock, trainer.step, trainer.total) if trainer and runs else None

    @property
    def marked(self) -> float | None:
        """The epoch of the numbers that the graph holds, where that is not plainly the last."""
        step = self.shown if self.state in (RunState.RUNNING, RunState.PAUSED) else self.moment
        return None if step is None else self._epoch_of(step)

    # --- what one can ask for

    def go_at(self, rate: float) -> None:
        """So many steps a second from now on; 0: as fast as may be."""
        self._pace.rate = rate
        self._pace.begin(self._clock, self.trainer.step if self.trainer else 0)

    def go_to(self, epoch: float) -> None:
        """Once it has ended: put the parameters of the look that is nearest into the graph, as a step of its own."""
        trainer = self.trainer if self.state is RunState.ENDED else None
        looks = [look for look in trainer.history.evaluations if look.parameters is not None] if trainer else []
        if not looks:
            return
        look = min(looks, key=lambda look: abs(look.epoch - epoch))
        said = f"Go to step {look.step}"
        if self._bridge.edit(lambda graph: edits.set_parameters(graph, look.parameters or {}, said)) is not None:
            self._gone_to = (self._bridge.now.graph, look.step)
            self.moved.emit()

    def start(self, config: TrainingConfig) -> None:
        """Begin to train what is open. Raises GradloomError with a sentence if that cannot be."""
        self._before, self._depth = self._bridge.now.graph, self._bridge.document.depth
        self.trainer = Trainer(self._before, config)
        self.said, self.shown, self.result = "", 0, None
        self._clock, self._next = 0.0, SHOWN_EVERY
        self._live_next = self._drawn_next = 0.0
        self._pace.begin(0.0, 0)
        self._count += 1
        self._edit(lambda graph: edits.set_training(graph, config.said))
        self._learnt = None
        self.trouble = followed(None, self._bridge.now.problems, 0, 0.0)
        self._turn(RunState.RUNNING)

    def step_slowly(self, config: TrainingConfig) -> None:
        """Make one step and tell how it comes about: the next one of a training that was begun, or of the steps
        before. Raises GradloomError with a sentence if none can be made."""
        self.pause()
        trainer, graph = (self.trainer if self.state is RunState.PAUSED else None), self._bridge.document.graph
        if trainer is not None:
            taken = slow_step(graph, trainer.config, trainer.memory, trainer.step)
        else:
            taken = slow_step(graph, config, *self._learnt_by(graph, config))
        self._bridge.end_gesture()
        if trainer is not None and not self._keeps_up(trainer):
            return
        self._slow = [*self._slow, taken][-MOST_SLOW:]  # before the edit, which is told at once
        self._edit_once(taken.change)
        self._learnt = None if trainer is None else self._bridge.document.graph
        self._bridge.session.tell_story(taken)
        self._bridge.player.play()

    def _learnt_by(self, graph: Graph, config: TrainingConfig) -> tuple[RunningMeans | None, int]:
        """What the optimiser keeps from the steps that led here, and how many these were."""
        alike = without_length(config)
        for taken in reversed(self._slow):
            if without_length(taken.config) == alike and taken.leads_to(graph):
                return taken.memory, taken.number
        trainer = self.trainer
        if trainer is None or without_length(trainer.config) != alike or trainer.kept != trainer.step:
            return None, 0
        return (trainer.memory, trainer.step) if holds(graph, trainer.parameters) else (None, 0)

    @property
    def told_slowly(self) -> SlowStep | None:
        """The step that has led to the graph of now, if it was told."""
        last = self._slow[-1] if self._slow else None
        return last if last is not None and last.leads_to(self._bridge.document.graph) else None

    def _keeps_up(self, trainer: Trainer) -> bool:
        """Let a training that pauses make the same step. Gives whether it could."""
        trainer.run(1)
        if trainer.stopped:
            self._show()
            self._end(finished(trainer, self.steps_back))
            return False
        self.shown = trainer.kept
        return True

    def _edit_once(self, make: Callable[[Graph], Change]) -> None:
        """An edit that is an undo step of its own."""
        self._own = True
        try:
            self._bridge.session.edit(make)
        finally:
            self._own = False
        self._bridge.end_gesture()
        if self.state is RunState.PAUSED and self.trainer is not None and self.trainer.done:
            self._end(finished(self.trainer, self.steps_back))
        self.moved.emit()

    def pause(self) -> None:
        """Pause; the graph has what was learnt so far."""
        self.is_held = False
        self._rest()

    def _rest(self) -> None:
        if self.state is RunState.RUNNING:
            self._ticker.stop()
            self._show()
            self._draw()
            self._turn(RunState.PAUSED)

    def go_on(self) -> None:
        self.is_held = False
        if self.state is RunState.PAUSED:
            self._turn(RunState.RUNNING)

    def hold(self, held: bool) -> None:
        """Nobody can see it, or stop it: if it runs, it rests until somebody can again."""
        if held and self.state is RunState.RUNNING:
            self.is_held = True
            self._rest()
        elif not held and self.is_held:
            self.go_on()

    def stop(self) -> None:
        """For good; what was learnt stays."""
        if self.trainer and self.state in (RunState.RUNNING, RunState.PAUSED):
            sentence = self.trainer.left_off()
            self._show()
            self._end(sentence)

    def tick(self, seconds: float) -> None:
        """Learn for a moment. While a question is open, nothing moves behind it."""
        if self.state is not RunState.RUNNING or self.trainer is None or QApplication.activeModalWidget() is not None:
            return
        self._clock += seconds
        begun = perf_counter()
        taken = begun - self._learnt_at
        if self._has_shown:  # and has been painted by now
            self._next = max(self._next, self._clock + (SHARE - 1) * taken)
            self._has_shown = False
        self._learn(self.trainer, max(SLICE, min(MOST_SLICE, MORE * taken)))
        self._learnt_at = perf_counter()
        now, singly = self._clock + self._learnt_at - begun, 0 < self._pace.rate <= SINGLY
        if self.trainer.done:
            self._show()
            self._end(finished(self.trainer, self.steps_back))
        elif now >= self._next or singly:
            self._show()
        elif now >= self._live_next:
            self._move(self.trainer)
        self.moved.emit()
        due = self._drawn_next if self._has_shown else self._drawn_next + DRAWN_EVERY  # best with what is in the graph
        if self._clock >= due or singly:
            self._draw()

    def _move(self, trainer: Trainer) -> None:
        """Tell what has been learnt, more rarely where those who draw it take long."""
        begun = perf_counter()
        self._bridge.live.move(trainer.parameters)
        self._live_next = self._clock + max(LIVE_EVERY, SHARE * (perf_counter() - begun))

    def _draw(self) -> None:
        self._drawn_next = self._clock + DRAWN_EVERY
        self.drawn.emit()

    # --- how it goes

    def _learn(self, trainer: Trainer, seconds: float) -> None:
        if not self._pace.rate and not self.unhurried:
            trainer.run_for(seconds * 1000)
            return
        pace, clock = self._pace, self._clock
        due = pace.due(clock) if pace.rate else pace.watched(clock, trainer.total, WATCHED)
        until = perf_counter() + seconds
        while not trainer.done and trainer.step < due and perf_counter() < until:
            trainer.run(1)

    def _show(self) -> None:
        """Put what was learnt into the graph."""
        trainer = self.trainer
        assert trainer is not None
        if trainer.kept != self.shown:
            self._edit(trainer.change)
            self.shown, self._learnt = trainer.kept, self._bridge.now.graph
            if not trainer.done:  # which may have put back what was learnt before it went wrong
                epoch = self.shown * trainer.epoch / max(trainer.step, 1)
                self.trouble = followed(self.trouble, self._bridge.now.problems, self.shown, epoch)
        self._bridge.live.see(trainer.rows_seen())
        self._live_next, self._next = self._clock + LIVE_EVERY, self._clock + SHOWN_EVERY
        self._has_shown = True

    def _edit(self, make: Callable[[Graph], Change]) -> None:
        self._own, gesture = True, f"train {self._count}"
        try:
            self._bridge.document.resume_gesture(gesture)  # a selection meanwhile ends those of a hand
            self._bridge.edit(make, gesture)
        finally:
            self._own = False

    def _end(self, sentence: str) -> None:
        self.said, self.result = sentence, self._bridge.now.graph
        self._draw()
        self._bridge.end_gesture()
        self._turn(RunState.ENDED)

    def _turn(self, state: RunState) -> None:
        has_begun, self.state = self.state is not RunState.IDLE, state
        self.is_held = self.is_held and state is RunState.PAUSED
        if state is RunState.RUNNING:
            self._learnt_at = perf_counter()
            self._ticker.begin()
        else:
            self._ticker.stop()
        if has_begun and state in (RunState.IDLE, RunState.ENDED):
            self._bridge.live.see({})
        self.changed.emit()

    # --- what happens meanwhile

    def _on_told(self, now: Now) -> None:
        """Another document; or somebody else has edited: what is learnt here would not be about that graph."""
        if now.loaded:
            self.trainer, self.result, self.said, self._slow, self.trouble = None, None, "", [], None
            self._turn(RunState.IDLE)
        elif self.state in (RunState.RUNNING, RunState.PAUSED) and now.change and not self._own:
            self._hear_of(now)

    def _hear_of(self, now: Now) -> None:
        if not edits.only_shows_rows(now.change):
            self._interrupt(now.graph)

    def _interrupt(self, graph: Graph) -> None:
        learning = [node for node in self._before.nodes.values() if node.op_name == "parameter"]
        undone = all(graph.nodes.get(node.id) == node for node in learning)
        held = f"what it had learnt by step {self.shown} {'has been taken back' if undone else 'is kept'}"
        held = held if self.shown else "nothing had been learnt yet"
        if self.trainer is not None:
            self.trainer.forget_after(self.shown)
        self._end(f"Training has stopped because the graph was edited; {held}.")
        self.interrupted.emit(self.said)
