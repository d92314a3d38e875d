"""Handouts: every step is asked, the solution's numbers are NumPy's, and pages hold what is on them."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.errors import ExportError
from engine.export.handout import HandoutText, handout_text, steps_of
from engine.files.examples import find_example
from engine.graph.graph import Graph
from gui.pictures import handout, paper
from gui.pictures.handout import handout_pdf
from gui.pictures.handout_files import solution_path, write_handout
from tests.building import chain, graph_of, xyz

ARRAYS = (
    "x = np.array([[1.0, 2.0], [3.0, 4.0]]); W = np.array([[1.0, -1.0], [0.5, 2.0]]); h = relu(x @ W); L = mean(h * h)"
)


def text_of(graph: Graph) -> HandoutText:
    return handout_text(graph, engine.run(graph))


def example(name: str) -> Graph:
    found = find_example(name)
    assert found is not None
    return engine.load(found.path)


def pages(data: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", data))


# --- what is asked


def test_every_step_is_asked_and_no_number_of_it_is_told():
    text = text_of(xyz())
    assert [row.asked for row in text.forward] == [("q", "x + y"), ("f", r"q \cdot z")]
    assert [row.node for row in text.backward] == ["f", "q", "z", "x", "y"]
    assert all(not re.search(r"\d", "".join(row.asked)) for row in steps_of(text))
    assert [row.solved for row in text.given] == [("x", "-2"), ("y", "5"), ("z", "-4")]


def test_the_numbers_of_the_solution_are_numpys():
    numbers = {(row.kind, row.node): float(row.number) for row in steps_of(text_of(xyz()))}
    x, y, z = -2.0, 5.0, -4.0
    assert numbers == {
        ("value", "q"): x + y, ("value", "f"): (x + y) * z, ("seed", "f"): 1.0,
        ("gradient", "q"): z, ("gradient", "z"): x + y, ("gradient", "x"): z, ("gradient", "y"): z,
    }  # fmt: skip
    for row in steps_of(text_of(xyz())):
        assert float(row.solved[-1]) == float(row.number)
    assert text_of(xyz()).results[3:] == (("q", "3", "−4"), ("f", "−12", "1"))


def test_the_numbers_of_arrays_are_numpys():
    rows = {(row.kind, row.node): row.number for row in steps_of(text_of(engine.parse(ARRAYS)))}
    x, W = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, -1.0], [0.5, 2.0]])
    h = np.maximum(x @ W, 0)
    upstream = 2 * h / h.size * (x @ W > 0)
    assert rows["value", "L"] == pytest.approx(np.mean(h * h))
    np.testing.assert_allclose(rows["gradient", "W"], x.T @ upstream)
    np.testing.assert_allclose(rows["gradient", "x"], upstream @ W.T)


def test_what_cannot_be_worked_by_hand_is_refused():
    with pytest.raises(ExportError, match="is too large to work with by hand"):
        text_of(example("iris"))
    with pytest.raises(ExportError, match="steps are too many for a handout"):
        text_of(chain(400))
    with pytest.raises(ExportError, match="There is nothing to ask"):
        text_of(graph_of(("x", "input", 2)))


# --- the pages


def painted(graph: Graph, solved: bool, monkeypatch) -> list[list[tuple[float, float]]]:
    """Where the blocks of each page stand: top and bottom."""
    found: list[list[tuple[float, float]]] = []
    real = paper.paint_page

    def noted(painter, blocks, foot):
        tops = np.cumsum([paper.TOP, *(block.high for block in blocks)])
        found.append(list(itertools.pairwise(tops)))
        assert not blocks[-1].keeps, "a heading stands last on a page"
        real(painter, blocks, foot)

    monkeypatch.setattr(paper, "paint_page", noted)
    made = handout_pdf(graph, engine.run(graph), solved)
    assert made.data.startswith(b"%PDF") and pages(made.data) == made.count == len(found)
    return found


@pytest.mark.parametrize("solved", [False, True], ids=["blank", "solved"])
@pytest.mark.parametrize("graph", [xyz(), engine.parse(ARRAYS), example("train-xor")], ids=["xyz", "arrays", "xor"])
def test_nothing_runs_off_a_page(graph, solved, monkeypatch, qapp):
    for page in painted(graph, solved, monkeypatch):
        assert page and page[-1][1] <= paper.HIGH - paper.FOOT + 0.01


def test_formulas_fit_the_page_and_blanks_are_large_enough(qapp):
    room = paper.ROOM - handout.NUMBERS
    for graph in (xyz(), engine.parse(ARRAYS), example("train-xor"), example("micrograd")):
        for row in steps_of(text_of(graph)):
            for sides in (row.solved, (*row.asked, "")):
                formula = paper.PaperFormula(sides, room)
                assert formula.wide <= room + 0.01
                assert all(left >= 0 and left + wide <= room + 60 for _, left, _, wide in formula._placed)
            frame = handout._frame_of(row)
            if frame is not None:
                lines = int(np.prod(np.shape(row.number)[:-1])) if np.ndim(row.number) > 1 else 1
                assert frame[1] >= 24 * min(lines, 20) and frame[0] >= 130
            assert handout._asked(row, 1).high >= 50


# --- the files


def test_two_files_or_one(tmp_path, qapp):
    trace = engine.run(xyz())
    written = write_handout(xyz(), trace, tmp_path / "a.pdf", blank=True)
    assert written == [tmp_path / "a.pdf", tmp_path / "a-solution.pdf"] == [written[0], solution_path(written[0])]
    blank, solved = (path.read_bytes() for path in written)
    assert blank != solved and pages(blank) == 1
    assert write_handout(xyz(), trace, tmp_path / "b.pdf", blank=False) == [tmp_path / "b.pdf"]
    assert not (tmp_path / "b-solution.pdf").exists()


def start(*words: object) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "gui", "handout", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=110, check=False, env=dict(os.environ))


def test_the_command_writes_a_students_handout(tmp_path: Path):
    engine.save(xyz(), tmp_path / "f.gradloom")
    done = start(tmp_path / "f.gradloom", tmp_path / "ada.pdf", "--blank", "--seed", "7")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == ["ada-solution.pdf", "ada.pdf"]


@pytest.mark.parametrize(("words", "said"), [
    (["neuron"], "it must end in .pdf"),
    (["neuron", "out.png"], "it must end in .pdf"),
    (["neuron", "out.pdf", "--seed", "-1"], "--seed takes a whole number, 0 or above"),
    (["--expr", "x + y", "out.pdf"], "has no value yet"),
])  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(words, said, tmp_path, monkeypatch, capsys):
    from engine.cli import commands_in, main
    from gui.pictures import commands

    monkeypatch.chdir(tmp_path)
    assert main(["handout", *words], commands_in(commands)) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and said in err
    assert not list(tmp_path.iterdir())
