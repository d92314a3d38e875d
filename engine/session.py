"""The glue that a front end holds: document change → plan → trace → player → Now. No screen, no clock."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from engine.errors import EditRefused
from engine.graph.change import NOTHING, REREAD, Change
from engine.graph.document import Document
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.learn.slow import SlowStep
from engine.passes.leaves import leaf_values
from engine.passes.part import PartTrace
from engine.passes.plan import Plan, make_plan
from engine.passes.rerun import trace_again
from engine.passes.run import trace_of
from engine.passes.trace import Trace
from engine.show.now import Now
from engine.show.player import Player
from engine.show.readable import exact as as_run
from engine.show.readable import readable
from engine.show.story import StoryTrace
from engine.show.wording import Wording
from engine.truth.problem import Problem
from engine.truth.unfinished import find_problems
from engine.values.exact import exact

WAITS = "The graph stays as it is while a question is open: answer that first."


@dataclass(frozen=True)
class Run:
    """A graph's plan, its passes as they went, and what is unfinished or suspicious in it."""

    plan: Plan
    trace: Trace
    problems: list[Problem]


def run_of(graph: Graph) -> Run:
    """Both passes of a graph; what its leaves hold is read now."""
    plan = make_plan(graph)
    trace = readable(trace_of(plan, leaf_values(graph), graph.seed))
    return Run(plan, trace, find_problems(graph, trace))


@dataclass(frozen=True)
class Outcome:
    """What a change of one graph leads to: another graph, and its passes; None: these are found when it is shown."""

    before: Graph
    change: Change
    after: Graph
    run: Run | None


def outcome_of(graph: Graph, change: Change) -> Outcome:
    """What a change leads to, found without a document, so by any thread. Raises as `Document.apply` does."""
    after = Document(graph).after(change)
    return Outcome(graph, change, after, run_of(after) if change.moves_numbers and not reads(after) else None)


def reads(graph: Graph) -> bool:
    """Whether a graph asks for what is in other files: what it may read is settled in the window."""
    return any(node.op.supply for node in graph.nodes.values())


@dataclass(frozen=True)
class Loan:
    """A graph that is shown in place of the document's, the change to it, and the run of the document's own."""

    graph: Graph
    change: Change
    own: Trace


class Session:
    """An open document with its numbers always current. Whatever happens is told once, when everything is current."""

    def __init__(self, graph: Graph | None = None) -> None:
        self.document = Document(graph)
        self._plan = make_plan(self.document.graph)
        self._renamed = False  # since the plan was made, whose sentences speak of nodes by name
        self.player = Player(readable(trace_of(self._plan, leaf_values(self.document.graph), self.document.graph.seed)))
        self.now = Now(self.document.graph, self.player.trace, self.player.frame, self.player.frame)
        self._whole: Trace | None = None  # the run, while steps of it are held back
        self._lent: Loan | None = None  # what is shown in place of the document's graph
        self.listeners: list[Callable[[Now], None]] = []
        self.player.listeners.append(self._tell)

    # --- a run that is told step by step

    @property
    def whole(self) -> Trace:
        """The run of the graph with all its steps."""
        return self._whole or self.player.trace.of_now or self.player.trace

    def tell_story(self, taken: SlowStep) -> None:
        """Tell how a step of learning that was just made came about, from its beginning, until `end_story`.

        It is only looked at: the graph holds what the step has left, and an edit that moves numbers ends it.
        """
        self.tell_all()
        self.player.replace_trace(StoryTrace(taken, self.whole))
        self.player.position = 0.0
        self._tell()

    @property
    def story(self) -> StoryTrace | None:
        """The step of learning that is being told."""
        told = self.player.trace
        return told if isinstance(told, StoryTrace) else None

    def end_story(self) -> None:
        """Back to the graph as it is, both passes done."""
        if self.story is not None:
            self.player.replace_trace(self.whole, at_end=True)
            self._tell()

    def hold_back(self, known: int, at: int | None = None) -> None:
        """Tell nobody of any step from `known` on, and be there, or before it `at` a step, until `tell_all`.

        No number of those steps is in any `Now`: this is the one place where anything is hidden. The graph stays as
        it is for so long.
        """
        self._whole = whole = self.whole  # a story gives way
        self.player.replace_trace(PartTrace(whole, known) if known < len(whole) else whole)
        self.player.position = float(known if at is None else at)
        self._tell()

    def lend(self, change: Change) -> None:
        """Show the graph, and its run, as they would be after a change, until `tell_all`: the document stays."""
        self.tell_all()
        graph = self.document.graph.apply(change)
        self._lent = Loan(graph, change, self.whole)
        self._whole = readable(trace_of(make_plan(graph), leaf_values(graph), graph.seed))
        self.player.replace_trace(self._whole)
        self._tell(change)

    def tell_all(self) -> None:
        """Hold nothing back any more, and show the document's own graph."""
        if self._whole is None:
            return
        lent, self._lent = self._lent, None
        if lent is not None:
            self._whole = lent.own
        self._let_go()
        self._tell(NOTHING if lent is None else lent.change.inverse)

    def _let_go(self) -> None:
        """The player has all steps again, at the same position."""
        if self._whole is not None:
            here = self.player.position
            self.player.replace_trace(self._whole)
            self.player.position, self._whole = min(here, self.player.end), None

    def _check_open(self) -> None:
        if self._whole is not None:
            raise EditRefused(WAITS, kind="asked")

    def edit(self, make: Callable[[Graph], Change], gesture: str | None = None) -> Change:
        """Make an edit and apply it. Raises EditRefused, with nothing changed."""
        self._check_open()
        change = make(self.document.graph)
        self.document.apply(change, gesture)
        return self._take(change)

    def why_not(self, make: Callable[[Graph], Change]) -> EditRefused | None:
        """The reason why an edit would be refused, or None."""
        try:
            self._check_open()
            self.document.after(make(self.document.graph))
        except EditRefused as refused:
            return refused
        return None

    def take(self, outcome: Outcome) -> Change:
        """Make an edit of which it is known what it leads to from here."""
        self.tell_all()
        self.document.apply(outcome.change, after=outcome.after)
        return self._take(outcome.change, outcome.run)

    def undo(self, outcome: Outcome | None = None) -> Change:
        """Take back the last change, and give what that changed: nothing if there is no step.

        `outcome`: what that leads to, if it was found already.
        """
        self.tell_all()
        after, run = (outcome.after, outcome.run) if outcome else (None, None)
        return self._take(self.document.undo(after), run)

    def redo(self, outcome: Outcome | None = None) -> Change:
        """Redo what was undone last, as `undo` does."""
        self.tell_all()
        after, run = (outcome.after, outcome.run) if outcome else (None, None)
        return self._take(self.document.redo(after), run)

    def load(self, graph: Graph, saved: bool = True, run: Run | None = None) -> None:
        """Open another graph, at the end of its passes; the history starts afresh. `saved`: it is on disk as it is.
        `run`: its passes, if they were computed already.

        Raises EditRefused, with nothing changed, for a graph that has a flaw.
        """
        self.tell_all()
        change = self.document.load(graph)
        if not saved:
            self.document.mark_unsaved()
        run = run or run_of(graph)
        self._show(run.plan, run.trace, at_end=True)
        self._tell(change, loaded=True, problems=run.problems)

    def refresh(self) -> None:
        """Compute the numbers again: what leaves read from elsewhere is other than it was."""
        self.tell_all()
        self._plan = make_plan(self.document.graph)
        self._show(self._plan, self._run())
        self._tell(REREAD)

    def set_wording(self, wording: Wording) -> None:
        """Explain in these words from now on."""
        self._tell(wording=wording)

    def _take(self, change: Change, run: Run | None = None) -> Change:
        """Bring the numbers up to date after a change, and tell it. `run`: its passes, if they are there already."""
        self._renamed |= any(before.name != after.name for before, after in change.altered)
        told = self._plan.unready or self.whole.failures
        if run is not None:
            self._show(run.plan, run.trace)
        elif change.moves_numbers or (self._renamed and told):
            if self._renamed or _moves_plan(change):
                self._plan = make_plan(self.document.graph)
            self._show(self._plan, self._run())
        if change:
            self._tell(change, problems=run.problems if run else None)
        return change

    def _show(self, plan: Plan, trace: Trace, at_end: bool = False) -> None:
        self._plan = plan
        at_end = at_end or self.story is not None
        self._renamed, self._whole = False, None
        self.player.replace_trace(trace, at_end=at_end)

    def _run(self) -> Trace:
        graph, last = self.document.graph, as_run(self.whole)
        return readable(trace_again(self._plan, leaf_values(graph), graph.seed, last), last)

    def _tell(
        self,
        change: Change = NOTHING,
        loaded: bool = False,
        wording: Wording | None = None,
        problems: list[Problem] | None = None,
    ) -> None:
        graph = self.document.graph if self._lent is None else self._lent.graph
        now = self.now.then(graph, self.player, wording or self.now.wording, change, loaded)
        self.now = now if problems is None else replace(now, found=problems)
        for listener in tuple(self.listeners):
            listener(self.now)


def _moves_plan(change: Change) -> bool:
    """Whether more than values differ: then the plan is made again. A value that appears counts, for it was missing."""
    if change.moves_topology or "target" in change.facts:
        return True
    return any(_lowered(before) != _lowered(after) for before, after in change.altered)


def _lowered(node: Node) -> tuple[str, Any, bool]:
    """What a plan takes from a node."""
    return node.op_name, exact(node.settings), node.value is None
