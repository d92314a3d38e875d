"""What a front end holds: numbers always current, problems, explanations in both wordings."""

from dataclasses import replace

import pytest

from engine import edits
from engine.errors import EditRefused
from engine.graph.change import Change
from engine.passes.run import run
from engine.session import Session
from engine.show.explain import explain
from engine.show.wording import WORDINGS
from tests.building import graph_of, xyz


@pytest.fixture
def session():
    return Session(xyz())


def test_every_change_reruns_before_anybody_hears_of_it(session):
    heard = []
    session.listeners.append(lambda now: heard.append(float(session.now.trace.value("f"))))
    session.edit(lambda g: edits.set_value(g, "x", 1))
    session.undo()
    session.redo()
    assert heard == [-24, -12, -24]


def test_moving_a_node_does_not_run_again(session):
    before = session.now.trace
    session.edit(lambda g: edits.move_nodes(g, {"x": (99, 0)}))
    session.edit(lambda g: edits.set_label(g, "x", "first"))
    assert session.now.trace is before


def test_what_does_not_fit_or_waits_is_told_by_its_label_as_soon_as_it_has_one():
    rows = ("a", "input", [1, 2]), ("b", "input", [1, 2, 3]), ("s", "add", ["a", "b"]), ("e", "input", None)
    session = Session(graph_of(*rows, ("w", "neg", ["e"]), target="s"))
    for id, label in (("s", "total"), ("e", "late")):
        session.edit(lambda g, id=id, label=label: edits.set_label(g, id, label))
    told = " ".join(problem.sentence for problem in session.now.problems)
    assert "total: " in told and "s: " not in told and "late has no value yet" in told


FLAGS = ("loaded", "content_changed", "numbers_changed", "position_changed", "step_changed", "wording_changed")


@pytest.mark.parametrize(
    ("happens", "differs"),
    [
        (lambda s: s.edit(lambda g: edits.set_value(g, "x", 1)), FLAGS[1:5]),
        (lambda s: s.edit(lambda g: edits.move_nodes(g, {"x": (99, 0)})), ()),
        (lambda s: s.edit(lambda g: edits.set_label(g, "x", "first")), ("content_changed",)),
        (lambda s: s.load(s.now.graph), FLAGS[:5]),
        (lambda s: s.player.seek(7.5), ("position_changed", "step_changed")),
        (lambda s: s.player.seek(s.player.end), ()),
        (lambda s: s.player.play(), ("position_changed", "step_changed")),  # from the end: it begins anew
        (lambda s: s.set_wording("responsibility"), ("wording_changed",)),
    ],
)
def test_whatever_happens_is_told_once_with_what_differs(session, happens, differs):
    told = []
    session.listeners.append(told.append)
    happens(session)
    assert told == [session.now]
    assert tuple(flag for flag in FLAGS if getattr(session.now, flag)) == tuple(differs)


def test_what_changes_nothing_is_not_told(session):
    told = []
    session.listeners.append(told.append)
    session.undo()
    session.redo()
    session.player.tick(1.0)
    session.edit(lambda g: edits.move_nodes(g, {"x": g.nodes["x"].pos}))
    assert told == []


def test_problems_and_explanation_are_found_once_and_only_when_asked(session, monkeypatch):
    asked = []
    for name in ("find_problems", "explain"):
        monkeypatch.setattr(f"engine.show.now.{name}", lambda *_, name=name: asked.append(name) or [])
    session.edit(lambda g: edits.set_value(g, "x", 1))
    assert asked == []
    now = session.now
    assert now.problems is now.problems and now.explanation is now.explanation
    assert asked == ["find_problems", "explain"]


def test_problems_are_not_looked_for_again_while_only_the_player_moves(session, monkeypatch):
    asked = []
    monkeypatch.setattr("engine.show.now.find_problems", lambda *_: asked.append(1) or [])
    session.edit(lambda g: edits.set_value(g, "x", 1))
    for position in (3.0, 2.0, 0.0, 5.0, 0.0):
        session.player.seek(position)
        assert session.now.problems == []
    assert len(asked) == 1
    session.edit(lambda g: edits.set_value(g, "x", 2))
    assert session.now.problems == [] and len(asked) == 2


def test_a_value_that_appears_makes_its_part_of_the_plan():
    session = Session(graph_of(("x", "input", None), ("y", "square", ["x"]), target="y"))
    assert [p.kind for p in session.now.problems] == ["no value"]
    session.edit(lambda g: edits.set_value(g, "x", 3))
    assert float(session.now.trace.value("y")) == 9 and session.now.problems == []


def test_a_refused_edit_changes_nothing(session):
    graph, trace = session.now.graph, session.now.trace
    with pytest.raises(EditRefused):
        session.edit(lambda g: edits.connect(g, "f", "q", 0))
    assert session.now.graph is graph and session.now.trace is trace and session.document.undo_text is None
    assert "loop" in session.why_not(lambda g: edits.connect(g, "f", "q", 0)).sentence
    assert session.why_not(lambda g: edits.connect(g, "z", "q", 0)) is None


def test_an_edit_during_playback_stops_it_and_keeps_the_place(session):
    session.player.seek(7.5)
    session.player.play()
    session.edit(lambda g: edits.set_value(g, "y", 4))
    assert not session.player.playing
    assert session.player.position == 8 and float(session.now.frame.gradient("q")) == -4


def test_a_later_trouble_speaks_of_the_name_that_a_node_has_got_since():
    session = Session(graph_of(("a", "input", [[1, 2]]), ("m", "mean", ["a"]), target="m", settings={"m": {"axis": 1}}))
    session.edit(lambda g: edits.set_label(g, "a", "rows"))
    session.edit(lambda g: edits.set_label(g, "m", "middle"))
    session.edit(lambda g: edits.set_value(g, "a", [1.0, 2.0]))
    assert session.now.trace.failures == Session(session.document.graph).now.trace.failures
    assert "middle" in session.now.trace.failures["m"]


def test_undo_of_a_gesture_that_deletes_and_makes_again_keeps_the_order(session):
    begun = session.document.graph
    session.edit(lambda g: edits.delete(g, ["x"], ()), gesture="drag")
    session.edit(lambda g: Change(nodes={"x": (None, replace(begun.nodes["x"], rank=g.next_rank))}), gesture="drag")
    assert list(session.document.graph.nodes)[-1] == "x"
    session.undo()
    assert list(session.document.graph.nodes) == list(begun.nodes) and session.document.graph.order == begun.order
    session.redo()
    assert list(session.document.graph.nodes)[-1] == "x"


def test_the_explanation_speaks_of_the_step_that_is_shown(session):
    session.player.seek(0)
    assert session.now.explanation is None
    session.player.seek(8.5)
    said = session.now.explanation
    assert said.heading == "q sends a contribution to x"
    assert said.numbers == "∂f/∂x = ∂f/∂q · ∂q/∂x = −4 × 1 = −4"
    assert said.formula == (
        r"\frac{\partial f}{\partial x} = \frac{\partial f}{\partial q} \cdot \frac{\partial q}{\partial x}"
    )
    session.set_wording("responsibility")
    assert "responsib" in session.now.explanation.why and "gradient" not in session.now.explanation.heading


def test_the_numbers_of_the_first_examples():
    graph = graph_of(("x", "input", 3), ("y", "input", 5), ("p", "mul", ["x", "y"]), target="p", seed=10)
    trace = run(graph)
    numbers = [explain(graph, trace, step).numbers for step in trace.steps[trace.backward_start :]]
    assert numbers == [
        "∂L/∂p = 10, where L = 10 · p",
        "∂L/∂x = ∂L/∂p · ∂p/∂x = 10 × 5 = 50",
        "∂L/∂y = ∂L/∂p · ∂p/∂y = 10 × 3 = 30",
    ]


def test_a_second_contribution_is_told_as_a_sum():
    graph = graph_of(("x", "input", -3), ("y", "mul", ["x", "x"]), target="y")
    trace = run(graph)
    said = explain(graph, trace, trace.steps[-1])
    assert said.numbers == "seed · ∂y/∂(2nd x) = 1 × (−3) = −3  (2 of 2);  ∂y/∂x = −3 + (−3) = −6"
    assert "(2 of 2). Together: ∂y/∂x = −3 + (−3) = −6" in said.caption and "of 2" not in said.why, "told once"


@pytest.mark.parametrize("wording", WORDINGS)
def test_forward_steps_are_explained_too(session, wording):
    said = [explain(session.now.graph, session.now.trace, step, wording) for step in session.now.trace.steps[:5]]
    assert said[0].caption == "x holds −2."
    assert said[3].caption == "q = x + y = −2 + 5 = 3."
    assert said[4].numbers == "f = q · z = 3 × (−4) = −12"
    assert said[4].formula == r"f = q \cdot z"


def played(session, seconds):
    """The pass from its beginning at 60 frames a second: whether each new step was told of as it came."""
    session.player.seek(0.0)
    session.player.play()
    told = []
    for _ in range(round(60 * seconds)):
        before = session.now.frame.index
        session.player.tick(1 / 60)
        if session.now.frame.index != before:
            told.append(session.now.step_changed)
    return told


def test_every_step_that_lasts_is_spoken_of_as_it_comes(session):
    told = played(session, 4.0)
    assert len(told) >= 4 and all(told) and not session.now.hurried


def test_of_steps_that_fly_by_no_more_are_spoken_of_than_can_be_told_apart():
    """A pass of 1,000 nodes has a new step with every frame: its words cost the frame, and nobody reads any of them."""
    rows = [("n0", "input", 1.0), *((f"n{i}", "neg", [f"n{i - 1}"]) for i in range(1, 1000))]
    session = Session(graph_of(*rows, target="n999"))
    told = played(session, 1.0)
    assert len(told) > 50 and 4 <= sum(told) <= 7, "about five a second"
    now = session.now
    assert now.hurried and now.told.position < now.frame.position, "a few have gone by since"
    assert now.explanation.caption == explain(now.graph, now.trace, now.told.step).caption, "all words are of one step"
    session.player.pause()
    assert session.now.step_changed and not session.now.hurried, "now there is time for its formula"
    assert session.now.told is session.now.frame, "what is at rest is told"
    for _ in range(3):
        session.player.seek(session.player.position + 1.0)
        assert session.now.step_changed, "whoever scrubs is told of every step"
