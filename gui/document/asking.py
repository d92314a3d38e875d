"""The pass as questions: which one is open, what was answered, and what comes next. The document is never changed."""

from __future__ import annotations

from collections.abc import Callable
from math import floor
from random import randrange
from typing import Literal, Protocol

from PySide6.QtCore import QObject, Signal

from engine.passes.trace import Trace
from engine.session import Session
from engine.show.now import Now
from engine.teach.asking import MODES, next_question
from engine.teach.diagnosis import Judgement, judge
from engine.teach.given import given
from engine.teach.hints import LEVELS, hint
from engine.teach.numbers import other_numbers
from engine.teach.question import Question
from gui.document import scores, settings

LIMIT = 30.0  # seconds for an answer against the clock
Phase = Literal["off", "asked", "told", "done"]
NONE_DUE = "Nothing that went wrong before can be asked here and is due. Take the tick away, or another graph."
NONE_LEFT = "There is nothing to ask of this kind here: choose another kind, or another graph."


class Pass(Protocol):
    """What is asked about."""

    session: Session


class Asking(QObject):
    """Holds the open question; whoever shows the pass, or takes an answer, listens.

    `asked`: the number is hidden, with all that follows. `told`: it is there, with its reason. `done`: none is left.
    """

    beginning = Signal()  # the numbers must rest from now on
    changed = Signal()
    passed = Signal()  # the one question that was asked from elsewhere is answered, and its answer was read
    ticked = Signal()  # there is less time left

    def __init__(self, of: Pass, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._of = of
        self.phase: Phase = "off"
        self.question: Question | None = None
        self.judgement: Judgement | None = None
        self.unread = ""  # why what was typed cannot be read
        self.hints = 0
        self.right = self.wrong = self.shown = 0  # of this round: right at once or later, wrong answers, given up
        self._missed = False  # the open question was answered wrongly
        self._seed = randrange(10_000)  # of the numbers that come next
        self.practises = False  # only what went wrong before is asked, when it is due
        self._is_ours = False  # what is told is of our own making
        self.alone = False  # one question was asked from elsewhere: no other follows
        self.left = LIMIT  # seconds for the open question, where it is asked against the clock
        self.late = 0  # of this round: the time was up
        self._took = 0.0  # seconds that the right answers of this round took

    @property
    def is_on(self) -> bool:
        return self.phase != "off"

    @property
    def mode(self) -> str:
        kept = settings.get("question_mode")
        return kept if kept in MODES else next(iter(MODES))

    def choose_mode(self, mode: str) -> None:
        """Ask in another way from now on; an open question gives way to one of that kind."""
        settings.put("question_mode", mode)
        if self.is_on:
            self._ask_from(floor(self._now.frame.position) if self.phase != "done" else 0)

    @property
    def timed(self) -> bool:
        """Whether each question has to be answered in time; one that a lesson asks has not."""
        return bool(settings.get("question_clock")) and not self.alone

    def time_it(self, timed: bool) -> None:
        """Ask against the clock from now on, or no more."""
        settings.put("question_clock", timed)
        self.left = LIMIT
        self.changed.emit()

    def tick(self, seconds: float) -> None:
        """So much time has gone by; when it is up the answer is told."""
        if self.phase != "asked" or not self.timed or self.question is None:
            return
        self.left = max(self.left - seconds, 0.0)
        if self.left:
            self.ticked.emit()
            return
        self.late += 1
        self.judgement, self.unread = None, ""
        scores.keep(self.question, None, self.hints, late=True)
        self._reveal()

    def practise(self, practises: bool) -> None:
        """Ask only about what went wrong before; or about everything."""
        self.practises = practises
        if self.is_on:
            self._ask_from(floor(self._now.frame.position) if self.phase != "done" else 0)
        else:
            self.changed.emit()

    @property
    def _now(self) -> Now:
        return self._of.session.now

    @property
    def _whole(self) -> Trace:
        return self._of.session.whole

    # --- a round

    def toggle(self) -> None:
        """Begin from here; or stop asking."""
        self.leave() if self.is_on else self.begin()

    def begin(self) -> None:
        """Ask about what comes next; at the end of the pass, from its beginning."""
        self.beginning.emit()
        self.right = self.wrong = self.shown = self.late = 0
        self._took = 0.0
        self.alone = False
        self._of.session.end_story()
        frame = self._now.frame
        self._ask_from(0 if frame.at_end else floor(frame.position))

    def ask_alone(self, question: Question) -> None:
        """Ask this, and nothing after it: it is about the graph and the run of now."""
        self.right = self.wrong = self.shown = self.late = 0
        self.alone = True
        self._ask(question)

    def _ask_from(self, start: int) -> None:
        about = scores.due_now() if self.practises else None
        self._ask(next_question(self._now.graph, self._whole, self.mode, start, about))

    def _ask(self, found: Question | None) -> None:
        self.judgement, self.hints, self.unread, self._missed, self.left = None, 0, "", False, LIMIT
        self.question = found
        if found is None:
            self.phase = "done"
            self._tell(lambda: self._of.session.hold_back(len(self._whole)))
        else:
            self.phase = "asked"
            self._tell(lambda: self._of.session.hold_back(found.step))

    def other_numbers(self) -> None:
        """Ask about the same graph with other numbers, from the beginning; the document keeps its own."""
        self._tell(self._of.session.tell_all)
        self._seed += 1
        change = other_numbers(self._now.graph, self._seed)
        if change is None:
            self.unread = "There are no inputs or parameters here that could hold other numbers."
            self.changed.emit()
            return
        self._tell(lambda: self._of.session.lend(change))
        self._ask_from(0)

    def leave(self) -> None:
        """Everything is shown again, as it was."""
        if self.is_on:
            self.phase, self.question, self.judgement = "off", None, None
            self._tell(self._of.session.tell_all)

    def hear(self, now: Now) -> None:
        """Something has happened: where the graph or its numbers are others, the question is over."""
        if self.is_on and not self._is_ours and (now.loaded or now.change or now.numbers_changed):
            self.phase, self.question, self.judgement = "off", None, None
            self.changed.emit()

    # --- an answer

    def answer(self, typed: str) -> None:
        """Judge what was typed; what is right is told, with its reason."""
        if self.question is None or self.phase != "asked":
            return
        try:
            self.judgement, self.unread = judge(self.question, typed, self._now.wording), ""
        except ValueError as error:
            self.judgement, self.unread = None, str(error)
            self.changed.emit()
            return
        scores.keep(self.question, self.judgement, self.hints, again=self._missed)
        if self.judgement.is_right:
            self.right += 1
            self._took += LIMIT - self.left
            self._reveal()
            return
        is_wrong = self.judgement.closeness == "off"
        self.wrong += is_wrong
        self._missed = self._missed or is_wrong
        self.changed.emit()

    def give_hint(self) -> None:
        if self.phase == "asked":
            self.hints = min(self.hints + 1, LEVELS)
            self.changed.emit()

    def show(self, counts: bool = True) -> None:
        """Give up: tell it, with its reason. `counts`: it goes on the score sheet."""
        if self.phase == "asked" and self.question is not None:
            self.shown += 1
            self.judgement, self.unread = None, ""
            if counts:
                scores.keep(self.question, None, self.hints)
            self._reveal()

    def _reveal(self) -> None:
        question = self.question
        assert question is not None
        self.phase = "told"
        last = question.step + (len(question.sent_by_node) if question.ask == "silent" else 1)
        self._tell(lambda: self._of.session.hold_back(last, at=question.step))
        self._of.session.player.step_forward(whole_node=question.ask == "silent")

    def go_on(self) -> None:
        """The next question."""
        if self.alone and self.phase == "told":
            self.leave()
            self.passed.emit()
        elif self.phase == "told" and self.question is not None:
            self._ask_from(self.question.step + 1)

    def _tell(self, do: Callable[[], None]) -> None:
        self._is_ours = True
        try:
            do()
        finally:
            self._is_ours = False
        self.changed.emit()

    # --- what is said

    @property
    def text(self) -> str:
        """The question, or what there is in its place."""
        if self.question is not None:
            return self.question.text(self._now.wording)
        if self.right + self.shown + self.late:
            return f"That was the last one. {self.tally}"
        return NONE_DUE if self.practises else NONE_LEFT

    @property
    def tally(self) -> str:
        """`3 right, 1 wrong answer, 1 shown`."""
        said = [f"{self.right} right"]
        said += [f"{self.wrong} wrong answer{'s' * (self.wrong > 1)}"] if self.wrong else []
        said += [f"{self.shown} shown"] if self.shown else []
        said += [f"{self.late} too late"] if self.late else []
        mean = f"; {self._took / self.right:.0f} s for a right answer" if self.timed and self.right else ""
        return ", ".join(said) + mean

    @property
    def given(self) -> list[str]:
        """The arrays that it is worked out from."""
        return given(self.question) if self.question is not None else []

    @property
    def hint_texts(self) -> list[str]:
        """Those that were asked for."""
        if self.question is None:
            return []
        return [hint(self.question, level, self._now.wording) for level in range(1, self.hints + 1)]

    @property
    def reply(self) -> list[str]:
        """What is said to the answer: of what is right the reason, of what is wrong each mistake that makes it."""
        question, judgement, wording = self.question, self.judgement, self._now.wording
        if self.unread or question is None:
            return [self.unread] if self.unread else []
        if self.phase == "told":
            is_late = self.timed and not self.left
            shown = f"Time is up. It is {question.right.text}." if is_late else f"It is {question.right.text}."
            begin = "Right." if judgement is not None else shown
            return [begin, *filter(None, question.worked(wording))]
        if judgement is None:
            return []
        answer = judgement.answer.text
        if judgement.closeness == "short":
            return [f"{answer} is close. Type at least three significant digits, or a fraction or sum."]
        if not judgement.candidates:
            known = " No classic mistake makes this number: look" if question.ask == "number" else " Look"
            return [f"{answer} is not right.{known} again{', or take a hint' if self.hints < LEVELS else ''}."]
        heading = f"{answer} is not right." if len(judgement.candidates) == 1 else f"{answer} is not right. It fits:"
        return [heading, *(f"{each.title}. {each.sentence}" for each in judgement.candidates)]
