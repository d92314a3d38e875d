"""Gestures that come back to where they began, amid other edits, undo, redo, saving and refusals: one undo takes back
one thing that a person did, and nothing else."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from engine import edits
from engine.errors import EditRefused
from engine.graph.document import Document
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.session import Session
from engine.values.values import as_value

State = tuple[float, float]  # where x stands, and what it holds


class History:
    """What a person expects: the states that undo leads through, told step by step."""

    def __init__(self) -> None:
        self.states: list[State] = [(0.0, 0.0)]
        self.here = 0
        self.redoable: list[State] = []  # what the gesture that is going on would bring back
        self.gesture: str | None = None
        self.saved: int | None = 0  # the place of the state on disk; None: it cannot be come to any more

    @property
    def now(self) -> State:
        return self.states[self.here]

    def move(self, state: State, gesture: str | None) -> None:
        if state == self.now:
            return
        if gesture and gesture == self.gesture:
            if state == self.states[self.here - 1]:
                self.here -= 1
                self.states[self.here + 1 :] = self.redoable
                self.saved = self.saved_before
                self.gesture = None
            else:
                self.states[self.here] = state
            return
        self.redoable, self.saved_before = self.states[self.here + 1 :], self.saved
        self.states[self.here + 1 :] = [state]
        if self.saved is not None and self.saved > self.here:
            self.saved = None
        self.here += 1
        self.gesture = gesture

    def go(self, way: int) -> None:
        if 0 <= self.here + way < len(self.states):
            self.here += way
            self.gesture = None

    def save(self) -> None:
        self.saved, self.gesture = self.here, None


STEPS = st.one_of(
    st.tuples(st.sampled_from(["nudge", "drag"]), st.sampled_from([-1, 1])),
    st.tuples(st.sampled_from(["set", "undo", "redo", "save", "refused", "same", "end"]), st.sampled_from([0, 1])),
)


def x_alone() -> Session:
    return Session(Graph.of([Node("x", "input", as_value(0.0))], target="x"))


@settings(max_examples=120)
@given(st.lists(STEPS, max_size=24))
def test_one_undo_takes_back_one_thing(steps: list[tuple[str, int]]) -> None:
    session, expected = x_alone(), History()
    document = session.document
    for what, way in steps:
        place, value = expected.now
        if what in ("nudge", "drag"):
            session.edit(lambda g, to=place + way: edits.move_nodes(g, {"x": (to, 0.0)}), gesture=what)
            expected.move((place + way, value), what)
        elif what == "set":
            session.edit(lambda g, to=value + 1: edits.set_value(g, "x", as_value(to)))
            expected.move((place, value + 1), None)
        elif what in ("undo", "redo"):
            getattr(session, what)()
            expected.go(-1 if what == "undo" else 1)
        elif what == "save":
            document.mark_saved()
            expected.save()
        elif what == "refused":
            with pytest.raises(EditRefused):
                session.edit(lambda g: edits.connect(g, "x", "nowhere", 0), gesture="nudge" if way else None)
        elif what == "same":
            session.edit(lambda g, to=value: edits.set_value(g, "x", as_value(to)), gesture="nudge" if way else None)
        else:
            document.end_gesture()
            expected.gesture = None
        assert _state(document) == expected.now
        assert document.depth == expected.here
        assert document.modified == (expected.here != expected.saved)
        assert (document.redo_text is None) == (expected.here + 1 == len(expected.states))
    _walks_back(session, expected)


def _walks_back(session: Session, expected: History) -> None:
    """From here to the beginning and to the end again, state by state."""
    for state in reversed(expected.states[: expected.here]):
        session.undo()
        assert _state(session.document) == state
    assert not session.undo()
    for state in expected.states[1:]:
        session.redo()
        assert _state(session.document) == state
    assert not session.redo()


def _state(document: Document) -> State:
    node = document.graph.nodes["x"]
    return node.pos[0], float(node.value)


def test_a_wire_stays_when_a_nudge_after_it_is_taken_back() -> None:
    session = Session(Graph.of([Node("x", "input", as_value(1.0)), Node("f", "relu")]))
    session.edit(lambda g: edits.connect(g, "x", "f", 0))
    for to in (8.0, 0.0, -8.0):
        session.edit(lambda g, to=to: edits.move_nodes(g, {"x": (to, 0.0)}), gesture="nudge")
    session.undo()
    assert session.document.graph.edges and session.document.graph.nodes["x"].pos == (0, 0)


def test_a_gesture_that_cancels_is_no_change_since_the_save_and_leaves_redo() -> None:
    session = x_alone()
    session.edit(lambda g: edits.set_value(g, "x", as_value(1.0)))
    session.document.mark_saved()
    session.undo()
    for to in (8.0, 0.0):
        session.edit(lambda g, to=to: edits.move_nodes(g, {"x": (to, 0.0)}), gesture="nudge")
    assert session.document.modified
    session.redo()
    assert not session.document.modified and session.document.graph.nodes["x"].value == 1
