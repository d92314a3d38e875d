"""File ▸ Export ▸ Handout: two files where the user says, or none and one sentence."""

from __future__ import annotations

import pytest

from engine.files.examples import find_example
from engine.files.open import read_file
from tests.building import xyz
from tests.gui.window_tools import close, open_window


@pytest.fixture
def window(qtbot):
    made = open_window(qtbot)
    made.bridge.load(xyz())
    yield made
    close(made)


def test_the_handout_and_its_solution_are_written(window, tmp_path):
    window.files.ask.save_path = tmp_path / "sheet.pdf"
    window.action_set.by_id["export_handout"].trigger()
    assert window.files.ask.asked == ["export handout"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sheet-solution.pdf", "sheet.pdf"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in tmp_path.iterdir())
    assert "sheet-solution.pdf" in window.status.sentence.text()


def test_a_solution_that_is_there_is_not_written_over_unasked(window, tmp_path):
    (tmp_path / "sheet-solution.pdf").write_bytes(b"mine")
    window.files.ask.save_path = tmp_path / "sheet.pdf"
    window.action_set.by_id["export_handout"].trigger()
    assert window.files.ask.asked == ["export handout", "overwrite"]
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"mine"]


def test_what_cannot_be_a_handout_says_why(window, tmp_path):
    window.bridge.load(read_file(find_example("iris").path))
    window.files.ask.save_path = tmp_path / "sheet.pdf"
    window.action_set.by_id["export_handout"].trigger()
    assert not list(tmp_path.iterdir())
    assert "too large to work with by hand" in window.messages.sentence.text()
