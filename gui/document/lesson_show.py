"""A lesson, or a pass, gone through with two keys: on and back. What comes next is known before, and can be told."""

from __future__ import annotations

from typing import Literal, Protocol

from engine.session import Session
from gui.document.asking import Asking
from gui.document.lesson_walk import LessonWalk

Next = Literal["pass", "answer", "page", "end"]
Stand = tuple[int, int, float]
NEAR = 1e-6  # of a step: where it is, it need not go


class Presented(Protocol):
    """What is gone through."""

    session: Session
    lesson: LessonWalk
    asking: Asking


class LessonShow:
    """Goes on by what a remote control can say: a step of the pass, the answer to what is asked, the next page."""

    def __init__(self, of: Presented) -> None:
        self._of = of
        self._way: list[tuple[Next, Stand, Stand]] = []  # what was done, from where, and where that led

    @property
    def next(self) -> Next:
        """What comes next."""
        walk, player = self._of.lesson, self._of.session.player
        if walk.lesson is None and self._of.asking.is_on:
            return "end" if self._of.asking.phase == "done" else "answer" if self._asks else "pass"
        if walk.lesson is None:
            return "pass" if player.settled < len(self._of.session.now.telling.steps) - NEAR else "end"
        if self._of.asking.phase != "asked" and player.settled < min(self._until, player.end) - NEAR:
            return "pass"
        if not walk.is_done:
            return "answer"
        return "page" if walk.at + 1 < len(walk.lesson.steps) else "end"

    def go_on(self) -> None:
        """Do what comes next."""
        walk, kind, before = self._of.lesson, self.next, self._stand
        if walk.lesson is None and self._of.asking.is_on:
            self._answer_or_ask()
            return
        if kind == "pass":
            self._of.session.player.step_forward()
        elif kind == "answer":
            walk.reveal()
        elif kind == "page":
            walk.go(walk.at + 1)
        if kind != "end":
            self._way.append((kind, before, self._stand))

    def _answer_or_ask(self) -> None:
        """Questions that were asked for on the stage: the answer, then the next question."""
        if self._of.asking.phase == "asked":
            self._of.asking.show(counts=False)
        else:
            self._of.asking.go_on()

    def go_back(self) -> None:
        """Take back what was done last. If somebody has gone elsewhere since: back in the pass as far as this page has
        gone on in it, then to the page before."""
        walk, player = self._of.lesson, self._of.session.player
        if self._way and self._way[-1][2] == self._stand:
            kind, before, _ = self._way.pop()
            if kind != "pass" and walk.lesson is not None:
                if kind == "answer":
                    walk.done.discard(walk.at)
                walk.go(before[1])
            if player.settled == before[2] + 1 and not self._asks:
                player.step_back()
            elif player.settled != before[2] and not self._asks:
                player.seek(before[2])
            return
        self._way.clear()
        played = walk.lesson is None or (self._until and player.settled > self._since + NEAR)
        if played and self._of.asking.phase != "asked":
            player.step_back()
        elif walk.lesson is not None and walk.at > 0:
            walk.go(walk.at - 1)

    @property
    def _asks(self) -> bool:
        return self._of.asking.phase == "asked"

    @property
    def _stand(self) -> Stand:
        """Which lesson, which page of it, and where the pass is."""
        walk = self._of.lesson
        return id(walk.lesson), walk.at, self._of.session.player.settled

    @property
    def _until(self) -> float:
        """Where the pass is to come on this page: what it plays, or what its task asks for."""
        walk = self._of.lesson
        step = walk.step
        if step is None:
            return 0.0
        goal = step.task.goal if step.task is not None and step.task.kind == "play" else ""
        return max((walk.place(words) for words in (step.sight.to, goal) if words), default=0.0)

    @property
    def _since(self) -> float:
        """Where the pass is when this page comes."""
        step = self._of.lesson.step
        return self._of.lesson.place(step.sight.at) if step is not None else 0.0
