"""A file of version 1 means what it meant when it was saved; what means the same in both versions stays version 1."""

import json

import numpy as np
import pytest

from engine.files.codec import decode, encode
from engine.passes.run import run
from tests.building import graph_of, xyz

X = [[1.0, 2.0], [3.0, 4.0]]


def old_file(op, inputs=1, settings=None):
    """A file as version 1 wrote it: settings at their default were left out."""
    node = {"id": "y", "op": op, **({"settings": settings} if settings else {}), "pos": [200, 0]}
    leaves = [{"id": f"x{i}", "op": "parameter", "value": X, "pos": [0, 90 * i]} for i in range(inputs)]
    edges = [{"from": f"x{i}", "to": "y", "port": i} for i in range(inputs)]
    record = {"format": "gradloom", "version": 1, "target": "y", "nodes": [*leaves, node], "edges": edges}
    return json.dumps(record)


@pytest.mark.parametrize(
    ("op", "inputs", "settings", "value"),
    [
        ("sum", 1, None, [3, 7]),
        ("sum", 1, {"keep": True}, [[3], [7]]),
        ("sum", 1, {"axis": 0}, [4, 6]),
        ("sum", 1, {"axis": "all"}, 10),
        ("mean", 1, None, [1.5, 3.5]),
        ("dot", 2, None, [5, 25]),
        ("dot", 2, {"axis": "all"}, 30),
        ("concat", 2, None, [[1, 2, 1, 2], [3, 4, 3, 4]]),
        ("transpose", 1, None, [[1, 3], [2, 4]]),
        ("softmax", 1, {"axis": "all"}, None),
    ],
)
def test_a_file_of_version_1_gives_the_numbers_that_it_gave(op, inputs, settings, value):
    graph = decode(old_file(op, inputs, settings))
    if value is not None:
        np.testing.assert_allclose(run(graph).value("y"), value)
    again = decode(encode(graph))
    assert again.nodes["y"].settings == graph.nodes["y"].settings
    np.testing.assert_array_equal(run(again).value("y"), run(graph).value("y"))


def test_the_transpose_of_version_1_swaps_the_last_two_of_three_axes():
    graph = decode(old_file("transpose").replace(json.dumps(X), json.dumps([X, X, X])))
    assert run(graph).value("y").shape == (3, 2, 2)
    np.testing.assert_array_equal(run(graph).value("y")[0], [[1, 3], [2, 4]])


def test_a_new_sum_is_saved_as_version_2_and_takes_everything():
    graph = graph_of(("x", "parameter", X), ("y", "sum", ["x"]), target="y")
    assert json.loads(encode(graph))["version"] == 2
    assert run(decode(encode(graph))).value("y") == 10


def test_a_graph_that_means_the_same_in_both_is_written_for_an_older_gradloom_too():
    assert json.loads(encode(xyz()))["version"] == 1


def test_settings_that_are_no_object_are_refused_as_ever():
    with pytest.raises(Exception, match="settings") as refused:
        decode(old_file("sum").replace('"op": "sum"', '"op": "sum", "settings": 3'))
    assert type(refused.value).__name__ == "FileError"
