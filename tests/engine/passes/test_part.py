"""The first steps of a run: every number that is told is that of the whole run, and no later one is told."""

from __future__ import annotations

import numpy as np
import pytest

from engine.edits import set_value
from engine.errors import EditRefused
from engine.passes.part import PartTrace
from engine.passes.run import run
from engine.passes.trace import ContributionStep, ForwardStep
from engine.session import Session
from engine.show.explain import explain
from engine.show.frame import frame_at
from engine.text.read import parse
from tests.engine.smooth_graphs import random_graph

OPS = ["mul", "add", "tanh", "relu", "sub"]


@pytest.mark.parametrize("number", range(12))
def test_what_is_told_is_true_and_nothing_more_is_told(number):
    graph = random_graph(number, 6, OPS)
    whole = run(graph)
    for known in range(len(whole) + 1):
        part = PartTrace(whole, known)
        assert part.steps == whole.steps[:known] and part.is_part
        done = {(s.node, s.output) for s in part.steps if isinstance(s, ForwardStep)}
        for id in graph.nodes:
            assert (part.value(id) is None) is ((id, 0) not in done)
            assert part.holds_back(id) is ((id, 0) not in done)
            arrived = whole.arrivals.get(id, [])
            if arrived:
                assert (part.gradient(id) is None) is (arrived[-1] >= known)
                frame = frame_at(part, known)
                assert frame.gradient_complete(id) is (arrived[-1] < known)
                so_far = frame_at(whole, known).gradient(id)
                assert np.array_equal(frame.gradient(id), so_far) if so_far is not None else frame.gradient(id) is None
        for step in part.steps[-1:]:
            assert explain(graph, part, step).caption == explain(graph, whole, step).caption


def test_a_session_holds_steps_back_and_the_graph_still():
    session = Session(parse("x=4;a=3;b=2;p=a*x;q=x*b;f=p+q"))
    graph, whole = session.document.graph, session.whole
    last = max(
        at for at, step in enumerate(whole.steps) if isinstance(step, ContributionStep) and step.edge.source == "x"
    )
    session.hold_back(last)
    now = session.now
    assert len(now.trace) == last == now.frame.position and now.trace.gradient("x") is None and now.problems == []
    assert float(now.frame.gradient("x")) == 2 and not now.frame.gradient_complete("x")
    with pytest.raises(EditRefused, match="while a question is open"):
        session.edit(lambda graph: set_value(graph, "x", 5.0))
    assert session.why_not(lambda graph: set_value(graph, "x", 5.0)) is not None
    assert session.document.graph is graph and session.whole is whole
    session.player.seek(3)
    session.tell_all()
    assert session.now.trace is whole and session.now.frame.position == 3
    session.edit(lambda graph: set_value(graph, "x", 5.0))
    assert float(session.now.trace.value("f")) == 25


def test_another_graph_ends_it():
    session = Session(parse("x = 3; f = 2 * x"))
    session.load(parse("x=4; f=x*x"))
    session.hold_back(1)
    session.load(parse("y=2; f=y*y"))
    assert not session.now.trace.is_part and float(session.now.trace.gradient("y")) == 4
    session.hold_back(1)
    session.refresh()
    assert not session.now.trace.is_part and session.now.trace is session.whole
