"""What a document asks of a student is kept in its file, follows its nodes, and is refused where it makes no sense."""

from __future__ import annotations

import pytest

from engine import edits
from engine.errors import FileError
from engine.files.codec import decode, encode, from_record, to_record
from engine.graph.document import Document
from engine.graph.exercise import exercise_of
from engine.graph.graph import Graph
from tests.building import xyz

SAID = {
    "question": "What is q?\nAnd f?",
    "hidden": ["q", "f"],
    "locked": ["x"],
    "student": 7,
    "rubric": {"structure": 2, "tolerance": 0.01},
    "answers": {"q": {"value": 3, "gradient": [1, "nan"]}, "f": {}},
}


def asking(**said) -> Graph:
    return Graph(xyz().nodes, xyz().edges, {**xyz().facts, "exercise": said})


def test_it_is_kept_in_the_file_of_a_new_format():
    record = to_record(asking(**SAID))
    assert (record["version"], record["exercise"]) == (4, SAID)
    assert decode(encode(asking(**SAID))) == asking(**SAID)
    assert to_record(xyz())["version"] == 1


def test_what_is_not_said_is_as_usual():
    said = exercise_of(asking(**SAID))
    assert (said.rubric["structure"], said.rubric["values"], said.rubric["tolerance"]) == (2, 3, 0.01)
    assert exercise_of(xyz()).hidden == ()


WRONG = [
    ({"marks": 1}, "$.exercise.marks", "has no “marks”"),
    ({"question": 5}, "$.exercise.question", "must be text"),
    ({"hidden": "q"}, "$.exercise.hidden", "list of nodes"),
    ({"hidden": ["q", "nix"]}, "$.exercise.hidden[1]", "no node “nix”"),
    ({"locked": ["q", "q"]}, "$.exercise.locked[1]", "twice"),
    ({"student": -1}, "$.exercise.student", "whole number"),
    ({"student": True}, "$.exercise.student", "whole number"),
    ({"rubric": []}, "$.exercise.rubric", "object"),
    ({"rubric": {"style": 1}}, "$.exercise.rubric.style", "has no “style”"),
    ({"rubric": {"values": -1}}, "$.exercise.rubric.values", "number from 0"),
    ({"rubric": {"tolerance": 1}}, "$.exercise.rubric.tolerance", "below 1"),
    ({"answers": 3}, "$.exercise.answers", "object"),
    ({"answers": {"nix": {}}}, "$.exercise.answers.nix", "no node “nix”"),
    ({"answers": {"q": {"slope": 1}}}, "$.exercise.answers.q", "a value and a gradient"),
    ({"answers": {"q": {"value": "much"}}}, "$.exercise.answers.q.value", "must be a number"),
    ({"answers": {"q": {"value": [1, {}]}}}, "$.exercise.answers.q.value", "must be a number"),
]


@pytest.mark.parametrize(("said", "where", "why"), WRONG, ids=[str(said)[:40] for said, _, _ in WRONG])
def test_what_makes_no_sense_is_refused_by_its_place(said, where, why):
    record = to_record(xyz()) | {"version": 4, "exercise": said}
    with pytest.raises(FileError) as caught:
        from_record(record)
    assert caught.value.where == where and why in caught.value.sentence


def test_it_follows_its_nodes():
    document = Document(asking(**SAID))
    document.apply(edits.rename(document.graph, "q", "total"))
    renamed = exercise_of(document.graph)
    assert renamed.hidden == ("total", "f") and set(renamed.answers) == {"total", "f"}
    document.apply(edits.delete(document.graph, ["total"]))
    left = exercise_of(document.graph)
    assert left.hidden == ("f",) and set(left.answers) == {"f"}
    document.undo()
    document.undo()
    assert document.graph == asking(**SAID)
