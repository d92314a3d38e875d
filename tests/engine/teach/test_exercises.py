"""What a student gets: numbers of their own that come out well, what is asked, and only leaves where it is to build."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine import edits
from engine.errors import EditRefused, GradloomError
from engine.graph.document import Document
from engine.graph.exercise import exercise_of
from engine.teach.exercises import Handed, drawn, formula_of, handed_out
from engine.teach.grading import grade
from tests.building import graph_of, xyz
from tests.engine.commands.conftest import file, gradloom  # noqa: F401 - fixtures


def values(graph) -> dict[str, list[float]]:
    return {id: np.ravel(node.value).tolist() for id, node in graph.nodes.items() if node.value is not None}


def test_each_student_has_numbers_of_their_own_and_always_the_same():
    students = [values(drawn(xyz(), number)) for number in range(12)]
    assert students == [values(drawn(xyz(), number)) for number in range(12)]
    assert len({str(each) for each in students}) > 8


@pytest.mark.parametrize("student", range(6))
def test_the_numbers_come_out_well(student):
    own = drawn(xyz(), student)
    trace = engine.run(own)
    x, y, z = (float(own.nodes[id].value) for id in "xyz")
    assert len({x, y, z}) == 3 and 0 not in (x, y, z)
    assert trace.value("f") == (x + y) * z and trace.gradient("x") == z and trace.gradient("z") == x + y != 0
    for id in own.nodes:
        for number in (float(trace.value(id)), float(trace.gradient(id))):
            assert number == round(number, 2) and abs(number) <= 100


def test_no_gate_dies_and_no_logarithm_fails():
    logged = graph_of(("x", "input", 2), ("y", "log", ["x"]), ("r", "relu", ["y"]), target="r")
    for student in range(5):
        trace = engine.run(drawn(logged, student))
        assert trace.first_non_finite is None and trace.gradient("x") != 0


def test_data_classes_and_constants_stay():
    graph = graph_of(
        ("t", "input", [0, 1, 0]), ("k", "constant", 2), ("d", "input", np.ones((70,)) * 3), ("x", "input", [1, 2, 3]),
        ("p", "mul", ["x", "k"]), ("L", "cross_entropy", ["p", "t"]), target="L",
    )  # fmt: skip
    own = drawn(graph, 3)
    assert [id for id in graph.nodes if values(own).get(id) != values(graph).get(id)] == ["x"]


def test_where_no_numbers_can_be_found_it_says_so():
    graph = graph_of(("x", "input", 2), ("n", "abs", ["x"]), ("m", "neg", ["n"]), ("y", "log", ["m"]), target="y")
    with pytest.raises(GradloomError, match="no numbers were found for student 1"):
        drawn(graph, 1)


# --- what is handed out


def test_a_student_is_graded_with_their_own_numbers():
    own = handed_out(xyz(), Handed(student=7))
    assert values(own) != values(xyz())
    assert exercise_of(own).student == 7
    assert grade(xyz(), own).full
    other = own.apply(edits.set_value(own, "x", float(own.nodes["x"].value) + 1))
    assert not grade(xyz(), other).full


def test_the_teachers_graph_says_what_is_asked_and_keeps_its_rubric():
    asked = xyz().apply(edits.hide_values(xyz(), ["q"]))
    asked = asked.apply(edits.lock_nodes(asked, ["x"]))
    asked = asked.apply(edits.set_fact(asked, "exercise", asked.fact("exercise") | {"rubric": {"answers": 2}}))
    own = handed_out(asked, Handed(student=1))
    assert own.fact("exercise") == {
        "question": "What are the value and the gradient of q?", "hidden": ["q"], "locked": ["x"], "student": 1,
    }  # fmt: skip
    assert [note.text for note in own.notes.values()] == ["What are the value and the gradient of q?"]
    trace = engine.run(own)
    for kind, number in (("value", trace.value("q")), ("gradient", trace.gradient("q"))):
        assert not grade(asked, own).full
        own = own.apply(edits.set_answer(own, "q", kind, float(number)))
    assert grade(asked, own).full and grade(asked, own).of == 12


def test_a_graph_is_asked_for_from_its_formula():
    own = handed_out(xyz(), Handed(build=True))
    assert set(own.nodes) == {"x", "y", "z"} and not own.edges and own.target is None
    assert exercise_of(own).question == "Build this graph: q = x + y; f = q * z. Make f the target."
    assert formula_of(xyz()) == "q = x + y; f = q * z"
    assert grade(xyz(), own).points < 5


# --- locks


def test_a_locked_node_is_moved_and_nothing_else():
    document = Document(xyz())
    document.apply(edits.lock_nodes(document.graph, ["x", "q"]))
    for edit in (
        edits.set_value(document.graph, "x", 3),
        edits.rename(document.graph, "x", "k"),
        edits.delete(document.graph, ["q"]),
        edits.delete(document.graph, edges=[("q", 0)]),
        edits.change_op(document.graph, "q", "mul"),
    ):
        with pytest.raises(EditRefused, match="is locked: it can be moved, and nothing else"):
            document.apply(edit)
    document.apply(edits.move_nodes(document.graph, {"x": (50.0, 60.0)}))
    document.apply(edits.set_value(document.graph, "y", 1))
    document.apply(edits.reload(document.graph, xyz()))
    assert "exercise" not in document.graph.facts
    document.undo()
    document.apply(edits.lock_nodes(document.graph, ["x"], False))
    document.apply(edits.set_value(document.graph, "x", 3))
    assert exercise_of(document.graph).locked == ("q",)


def test_a_locked_parameter_may_learn():
    graph = xyz().apply(edits.lock_nodes(xyz(), ["z"]))
    document = Document(graph)
    document.apply(edits.set_parameters(graph, {"z": 9}))
    assert document.graph.nodes["z"].value == 9


def test_only_what_is_asked_for_is_answered():
    graph = xyz().apply(edits.hide_values(xyz(), ["q"]))
    with pytest.raises(EditRefused, match="The numbers of f are not asked for"):
        edits.set_answer(graph, "f", "value", 3)
    with pytest.raises(EditRefused, match="An answer is a value or a gradient, not “slope”"):
        edits.set_answer(graph, "q", "slope", 3)
    answered = graph.apply(edits.set_answer(graph, "q", "value", [1, 2]))
    assert exercise_of(answered).answers == {"q": {"value": [1, 2]}}
    assert exercise_of(answered.apply(edits.set_answer(answered, "q", "value", None))).answers == {}


# --- the command


def test_the_command_hands_out_answers_and_grades(gradloom, file, tmp_path):  # noqa: F811
    asked, own = tmp_path / "asked.gradloom", tmp_path / "own.gradloom"
    assert gradloom("exercise", file, asked, "--hide", "q", "--lock", "x").code == 0
    assert gradloom("exercise", asked, own, "--seed", "7").code == 0
    graph = engine.load(own)
    assert exercise_of(graph).hidden == ("q",) and exercise_of(graph).locked == ("x",)
    assert gradloom("grade", asked, own).code == 1
    trace = engine.run(graph)
    answers = [f"q.value={float(trace.value('q'))}", f"q.gradient={float(trace.gradient('q'))}"]
    assert gradloom("exercise", own, own, *(word for each in answers for word in ("--answer", each))).code == 0
    assert gradloom("grade", asked, own).code == 0


WRONG = [
    ([], "say what the exercise is"),
    (["--seed", "-1"], "--seed takes a whole number, 0 or above"),
    (["--hide", "nix"], "there is no node “nix”"),
    (["--lock", "nix"], "there is no node “nix”"),
    (["--answer", "q.value=3", "--seed", "1"], "--answer is for a student's file: give it alone"),
    (["--answer", "q"], "--answer takes NODE.value=NUMBER"),
    (["--answer", "q.value=x"], "--answer q.value: “x” is neither a number"),
    (["--answer", "q.value=3"], "The numbers of q are not asked for"),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=[" ".join(words) or "nothing" for words, _ in WRONG])
def test_what_is_wrong_is_said(gradloom, file, tmp_path, words, said):  # noqa: F811
    done = gradloom("exercise", file, tmp_path / "out.gradloom", *words)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1) and said in done.err
    assert not (tmp_path / "out.gradloom").exists()
    assert "must end in .gradloom" in gradloom("exercise", file, "out.pdf", "--seed", "1").err
