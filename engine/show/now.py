"""What holds at one moment: graph, numbers, place in the passes, wording; and how it differs from the moment before."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.show.explain import Explanation, explain
from engine.show.frame import Frame
from engine.show.player import Player
from engine.show.wording import Wording
from engine.truth.problem import Problem
from engine.truth.unfinished import find_problems

READABLE = 0.2  # seconds: words that are replaced sooner only flicker
FORMULA_READ = 0.4  # seconds: nobody reads a formula faster


@dataclass(frozen=True, eq=False)
class Now:
    """All that a view shows, every part of it current. The flags say which part is different from the Now before.

    `change` is what has just been done to the graph: empty where the graph is the same. `content_changed`: more than
    where its nodes stand. `step_changed`: another step is to be spoken of, or the same one has come to its end. Of
    steps that fly by in a pass no more are spoken of than can be told apart: until the next one is, all words are of
    the frame `told`. `hurried`: the pass goes on before a formula could be read.
    """

    graph: Graph
    trace: Trace  # of the graph
    frame: Frame
    told: Frame  # the frame that is put into words
    wording: Wording = "gradient"
    playing: bool = False
    change: Change = field(default_factory=Change)
    loaded: bool = False  # another document is open
    content_changed: bool = False
    numbers_changed: bool = False
    position_changed: bool = False
    step_changed: bool = False
    wording_changed: bool = False
    hurried: bool = False
    found: list[Problem] | None = None  # the problems, if they were looked for already

    @cached_property
    def problems(self) -> list[Problem]:
        """What is unfinished or suspicious; nothing while steps are held back, for it would tell of them."""
        if self.trace.is_part:
            return []
        return find_problems(self.graph, self.trace) if self.found is None else self.found

    def _found_for(self, graph: Graph, trace: Trace) -> list[Problem] | None:
        """The problems of this moment, if they were looked for and are those of another moment: no tick changes any."""
        is_same = graph is self.graph and trace is self.trace
        return self.__dict__.get("problems", self.found) if is_same else None

    @cached_property
    def explanation(self) -> Explanation | None:
        """What happens in the step that is spoken of; None at the start."""
        step = self.told.step
        return None if step is None else explain(self.graph, self.told.trace, step, self.wording)

    @property
    def telling(self) -> Trace:
        """The run that is told: that of the graph, or one of how the graph came to be as it is."""
        return self.frame.trace

    def then(self, graph: Graph, player: Player, wording: Wording, change: Change, loaded: bool) -> Now:
        """The moment after this one."""
        was, frame = self.frame, player.frame
        another_run = frame.trace is not was.trace
        trace = frame.trace.of_now or frame.trace
        hurried = player.playing and player.step_lasts < FORMULA_READ
        speaks = another_run or hurried != self.hurried or self._speaks_of(frame, player)
        return Now(
            graph,
            trace,
            frame,
            frame if speaks or _place(frame) == _place(self.told) else self.told,
            wording,
            player.playing,
            change,
            loaded,
            content_changed=loaded or (bool(change) and not change.only_places),
            numbers_changed=another_run,
            position_changed=another_run or frame.position != was.position,
            step_changed=speaks,
            wording_changed=wording != self.wording,
            hurried=hurried,
            found=self._found_for(graph, trace),
        )

    def _speaks_of(self, frame: Frame, player: Player) -> bool:
        """Whether the step of a frame is to be spoken of: always, but for those that fly by."""
        before, here = _place(self.told), _place(frame)
        if before == here or not player.playing or before[0] is None or here[0] is None:
            return before != here
        at_once = max(round(READABLE / player.step_lasts), 1)
        return at_once == 1 or before[0] // at_once != here[0] // at_once


def _place(frame: Frame) -> tuple[int | None, int]:
    """The step that is spoken of, and how many are done."""
    return frame.index, frame.done
