"""Other numbers for the same graph: they come out well, the formula stays, and the document is not touched."""

from __future__ import annotations

import numpy as np
import pytest

from engine.passes.run import run
from engine.passes.trace import ContributionStep, ForwardStep
from engine.session import Session
from engine.teach.numbers import digits_of, other_numbers
from engine.text.read import parse

GRAPHS = ("x=4;a=3;b=2;p=a*x;q=x*b;f=p+q", "x=-2;y=5;z=-4;f=(x+y)*z", "x=1.37;w=0.29;b=2;f=relu(w*x+b)**2")


@pytest.mark.parametrize("text", GRAPHS)
@pytest.mark.parametrize("seed", range(4))
def test_they_come_out_well(text, seed):
    graph = parse(text)
    change = other_numbers(graph, seed)
    after = graph.apply(change)
    assert change.only_values and {id for id in graph.nodes if graph.nodes[id].op.constant}.isdisjoint(change.nodes)
    trace = run(after)
    numbers = [step.value if isinstance(step, ForwardStep) else step.contribution for step in trace.steps
               if isinstance(step, ForwardStep | ContributionStep)]  # fmt: skip
    assert all(np.isfinite(number) and digits_of(float(number)) <= 4 for number in numbers)
    assert sum(float(number) == 0 for number in numbers) <= 1
    assert other_numbers(graph, seed) == change, "the same seed gives the same numbers"


def test_there_may_be_nothing_to_change():
    graph = parse("f = sin(1) + cos(2)")
    assert other_numbers(graph) is None or other_numbers(graph).only_values


def test_a_session_lends_them_and_takes_them_back():
    session = Session(parse(GRAPHS[0]))
    graph, trace = session.document.graph, session.whole
    told = []
    session.listeners.append(told.append)
    change = other_numbers(graph, 1)
    session.lend(change)
    assert session.now.graph == graph.apply(change) and session.document.graph is graph
    assert not session.document.modified and session.document.undo_text is None
    assert float(session.now.trace.value("f")) == float(run(graph.apply(change)).value("f"))
    session.hold_back(5)
    assert len(session.now.trace) == 5 and session.now.graph == graph.apply(change)
    session.lend(other_numbers(graph, 2))
    session.tell_all()
    assert session.now.graph is graph and session.now.trace is trace
    shown = graph
    for now in told:
        shown = shown.apply(now.change)
        assert shown == now.graph, "what listeners were told adds up"


def test_another_document_takes_them_back():
    session = Session(parse(GRAPHS[0]))
    session.lend(other_numbers(session.document.graph, 1))
    session.load(parse("y=2; f=y*y"))
    assert session.now.graph == session.document.graph and float(session.now.trace.value("f")) == 4
