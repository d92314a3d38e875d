"""A folder of submissions: a row for each file, in order, whatever one of them does."""

from __future__ import annotations

import csv
import io
import os

import pytest

import engine
from engine.teach import grading_folder
from engine.teach.grading_folder import Order, graded_file, graded_folder, submissions_in
from tests.building import xyz
from tests.engine.commands.conftest import gradloom  # noqa: F401 - a fixture

GOOD = "a = 5.0; b = -2.0; c = -4.0; s = b + a; g = s * c"
WRONG = GOOD.replace("b + a", "b * a")
HOSTILE = {
    "bomb.gradloom": "[" * 100_000,
    "code.py": "__import__('os').system('touch harm')",
    "cut.gradloom": '{"format": "gradloom", "version": 1, "nodes": [',
    "deep.py": "x = " + "-" * 5000 + "1",
    "empty.gradloom": "",
    "essay.docx": "PK",
    "loop.gradloom": '{"format": "gradloom", "version": 1, "nodes": [{"id": "a", "op": "neg"}], '
    '"edges": [{"from": "a", "to": "a", "port": 0}]}',
    "newer.gradloom": '{"format": "gradloom", "version": 99, "nodes": []}',
    "nul.txt": "\0\0\0",
    "rubric.gradloom": '{"format": "gradloom", "version": 4, "nodes": [], "exercise": {"rubric": {"values": "all"}}}',
}


@pytest.fixture
def handed_in(tmp_path):
    """A folder with good, wrong and hostile files, some of them in a folder of their own."""
    folder = tmp_path / "handed in"
    (folder / "zoe").mkdir(parents=True)
    (folder / "ada.txt").write_text(GOOD)
    (folder / "zoe" / "work.py").write_text(WRONG)
    (folder / ".hidden.txt").write_text(GOOD)
    (folder / "=cmd.txt").write_text(GOOD)
    for name, text in HOSTILE.items():
        (folder / name).write_text(text)
    os.symlink("nowhere", folder / "link.txt")
    return folder


def test_every_file_has_its_row_in_order(gradloom, handed_in, tmp_path):  # noqa: F811
    engine.save(xyz(), tmp_path / "right.gradloom")
    out = tmp_path / "marks.csv"
    done = gradloom("grade", tmp_path / "right.gradloom", handed_in, "--jobs", "2", "--out", out)
    assert (done.code, done.out, done.err) == (0, "", "")
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    files = ["'=cmd.txt", "ada.txt", *HOSTILE, "link.txt"]
    assert [row["file"] for row in rows] == [*sorted(files, key=lambda name: name.strip("'")), "zoe/work.py"]
    by_file = {row["file"]: row for row in rows}
    # z is a parameter in the reference: a program has inputs only.
    assert by_file["ada.txt"]["values"] == by_file["'=cmd.txt"]["values"] == "3.0"
    assert float(by_file["zoe/work.py"]["points"]) < float(by_file["ada.txt"]["points"]) < 10
    assert "s is Multiply (mul); it should be Add (add)." in by_file["zoe/work.py"]["feedback"]
    for name in (*HOSTILE, "link.txt"):
        assert by_file[name]["points"] == "" and by_file[name]["problem"], name
        assert "\n" not in by_file[name]["problem"]
    assert not (handed_in / "harm").exists() and not os.path.exists("harm")


def test_a_process_that_dies_or_does_not_answer_costs_one_row_only(tmp_path, monkeypatch):
    paths = [tmp_path / name for name in ("a.txt", "dies.txt", "sleeps.txt", "z.txt")]
    for path in paths:
        path.write_text(GOOD)
    monkeypatch.setattr(grading_folder, "_serve", unruly)
    rows = list(graded_folder(xyz(), paths, tmp_path, 2, 600.0))
    problems = [row.get("problem") for row in rows]
    assert [row["file"] for row in rows] == [path.name for path in paths]
    assert problems[1] == "Grading it ended the process that did it."
    assert problems[0] is None and problems[3] is None


def unruly(pipe, order):
    """Grades as it should, but for one file that ends the process."""
    while (path := pipe.recv()) is not None:
        if path.name == "dies.txt":
            os._exit(3)
        pipe.send(graded_file(order, path))


def test_a_file_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    path = tmp_path / "slow.txt"
    path.write_text(GOOD)
    monkeypatch.setattr(grading_folder, "_serve", silent)
    rows = list(graded_folder(xyz(), [path], tmp_path, 1, 0.01))
    assert rows == [{"file": "slow.txt", "problem": "Grading it took longer than 0.01 seconds."}]


def silent(pipe, order):
    """Never answers."""
    pipe.recv()
    pipe.recv()


def test_what_is_no_submission_is_left_out(tmp_path):
    for name in ("b.txt", "a.txt", ".c.txt", "ref.txt"):
        (tmp_path / name).write_text(GOOD)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "d.txt").write_text(GOOD)
    assert [path.name for path in submissions_in(tmp_path, [tmp_path / "ref.txt"])] == ["a.txt", "b.txt"]


def test_a_bug_in_grading_is_a_row_too(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(GOOD)
    monkeypatch.setattr(grading_folder, "grade", lambda *graphs: 1 / 0)
    order = Order(engine.files.codec.encode(xyz()))
    assert graded_file(order, tmp_path / "a.txt") == {"problem": "It could not be graded (ZeroDivisionError)."}


# --- the command


def test_the_command_prints_marks_and_sentences(gradloom, tmp_path):  # noqa: F811
    right, wrong = tmp_path / "right.txt", tmp_path / "wrong.txt"
    right.write_text(GOOD)
    wrong.write_text(WRONG)
    done = gradloom("grade", right, right)
    assert done.code == 0 and done.out.splitlines()[-1].split() == ["all", "10", "10"]
    done = gradloom("grade", right, wrong)
    assert done.code == 1 and "s is Multiply (mul); it should be Add (add)." in done.out.splitlines()


def test_json_says_the_same(gradloom, tmp_path):  # noqa: F811
    import json

    right, wrong = tmp_path / "right.txt", tmp_path / "wrong.txt"
    right.write_text(GOOD)
    wrong.write_text(WRONG)
    said = json.loads(gradloom("grade", right, wrong, "--json").out)
    assert said["full"] is False and said["of"] == 10 and list(said["aspects"]) == ["structure", "values", "gradients"]
    assert said["points"] == round(sum(each["points"] for each in said["aspects"].values()), 2)
    assert said["aspects"]["values"]["right"] == 3 and said["aspects"]["values"]["things"] == 5


WRONG_WORDS = [
    (["neuron"], "the following arguments are required: SUBMISSION"),
    (["neuron", "nix.gradloom"], "“nix.gradloom” cannot be read"),
    (["neuron", "FOLDER", "--json"], "--json is for one file"),
    (["neuron", "FOLDER", "--jobs", "0"], "--jobs takes a whole number, 1 or above"),
    (["neuron", "FOLDER", "--limit", "nan"], "--limit takes a number of seconds above 0"),
    (["neuron", "neuron", "--out", "x.csv"], "--out is for a folder"),
    (["neuron", "EMPTY"], "there is no file in"),
    (["HALF", "neuron"], "half.gradloom: f is not finished"),
    (["HALF", "FOLDER"], "half.gradloom: f is not finished"),
]


@pytest.mark.parametrize(("words", "said"), WRONG_WORDS, ids=[" ".join(words) for words, _ in WRONG_WORDS])
def test_what_is_wrong_gets_one_sentence(gradloom, tmp_path, words, said):  # noqa: F811
    (tmp_path / "empty").mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.txt").write_text(GOOD)
    half = xyz().apply(engine.edits.delete(xyz(), edges=[("f", 1)]))
    engine.save(half, tmp_path / "half.gradloom")
    places = {"EMPTY": "empty", "FOLDER": "folder", "HALF": "half.gradloom"}
    done = gradloom("grade", *(tmp_path / places[word] if word in places else word for word in words))
    assert (done.code, done.out) == (2, "")
    assert said in done.err and done.err.count("\n") == 1
