"""Which rows of a dataset are shown: one alone, or the first few; what is learnt from is the same."""

from __future__ import annotations

import numpy as np

from engine import edits
from engine.data.tables import load_dataset
from engine.passes.run import run
from tests.networks import shipped


def test_one_row_is_shown_alone_and_the_first_few_again():
    graph = shipped("train-moons")
    data = load_dataset(graph.nodes["data"].chosen)
    change = edits.show_row(graph, "data", 5)
    alone = graph.apply(change)
    assert change.text == "Show row 5 of data alone" and edits.only_shows_rows(change)
    np.testing.assert_array_equal(run(alone).value("data"), data.features[[4]])
    again = alone.apply(edits.show_row(alone, "data", 0))
    assert again == graph and not edits.show_row(graph, "data", 0)


def test_other_data_is_more_than_other_rows_to_look_at():
    graph = shipped("train-moons")
    assert not edits.only_shows_rows(edits.set_setting(graph, "data", "seed", 3))
    assert not edits.only_shows_rows(edits.set_value(graph, "b3", [1.0]))
    assert not edits.only_shows_rows(edits.set_target(graph, "score"))


def test_a_setting_that_is_written_although_it_is_the_default_is_not_another_one():
    graph = shipped("iris")
    assert dict(graph.nodes["data"].settings)["name"] == "iris", "which is the default, and goes with the next setting"
    assert edits.only_shows_rows(edits.show_row(graph, "data", 3))
