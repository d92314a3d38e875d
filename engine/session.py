"""The glue that a front end holds: document change → plan → trace → problems → player. No screen, no clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.document import Document
from engine.graph.graph import Graph
from engine.passes.plan import make_plan
from engine.passes.run import leaf_values, trace_of
from engine.passes.trace import Trace
from engine.show.explain import Explanation, Wording, explain
from engine.show.frame import Frame
from engine.show.player import Player
from engine.truth.unfinished import Problem, find_problems


class Session:
    """An open document with its numbers always current: every change reruns the passes before anybody hears of it."""

    def __init__(self, graph: Graph | None = None) -> None:
        self.document = Document(graph)
        self.wording: Wording = "gradient"
        self.changed: list[Callable[[Change], None]] = []  # after each change, with numbers already current
        self._plan = make_plan(self.graph)
        self.player = Player(self._run())
        self.document.listeners.append(self._on_change)

    @property
    def graph(self) -> Graph:
        return self.document.graph

    @property
    def trace(self) -> Trace:
        return self.player.trace

    @property
    def frame(self) -> Frame:
        return self.player.frame

    @cached_property
    def problems(self) -> list[Problem]:
        """What is unfinished or suspicious now."""
        return find_problems(self.graph, self.trace)

    def edit(self, make: Callable[[Graph], Change], gesture: str | None = None) -> Change:
        """Make an edit and apply it. Raises EditRefused, with nothing changed."""
        change = make(self.graph)
        self.document.apply(change, gesture)
        return change

    def why_not(self, make: Callable[[Graph], Change]) -> EditRefused | None:
        """The reason why an edit would be refused, or None."""
        try:
            make(self.graph)
        except EditRefused as refused:
            return refused
        return None

    def explanation(self) -> Explanation | None:
        """What is happening at the player's position; None at the very beginning."""
        step = self.frame.step
        return None if step is None else explain(self.graph, self.trace, step, self.wording)

    def _on_change(self, change: Change) -> None:
        if change.moves_numbers:
            if _moves_plan(change):
                self._plan = make_plan(self.graph)
            self.player.replace_trace(self._run())
        self.__dict__.pop("problems", None)
        for listener in tuple(self.changed):
            listener(change)

    def _run(self) -> Trace:
        return trace_of(self._plan, leaf_values(self.graph), self.graph.seed)


def _moves_plan(change: Change) -> bool:
    """Whether more than values differ: then the plan is made anew. A value that appears counts, for it was missing."""
    if change.moves_topology or "target" in change.facts:
        return True
    pairs = [(before, after) for before, after in change.nodes.values() if before is not None and after is not None]
    return any(
        (b.op_name, b.settings) != (a.op_name, a.settings) or (b.value is None) != (a.value is None) for b, a in pairs
    )
