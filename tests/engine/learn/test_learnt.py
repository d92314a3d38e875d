"""What a model has learnt, for any row: answers, probabilities, mistakes and single rows' gradients, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from engine import edits
from engine.data.tables import load_dataset
from engine.errors import PlanError
from engine.learn.decisions import probabilities, sureness
from engine.learn.learnt import Learnt, plane_of
from engine.learn.network import unit_layers
from engine.learn.samples import shares
from engine.passes.run import run
from engine.text.read import parse
from tests.building import graph_of
from tests.networks import shipped


def learnt_of(name: str):
    graph = shipped(name)
    return graph, Learnt(graph, run(graph))


def held(graph, *ids):
    return (np.asarray(graph.nodes[id].value) for id in ids)


def moons(graph, rows):
    w1, b1, w2, b2, w3, b3 = held(graph, "W1", "b1", "W2", "b2", "W3", "b3")
    h1 = np.maximum(rows @ w1.T + b1, 0)
    h2 = np.maximum(h1 @ w2.T + b2, 0)
    return h1, h2, h2 @ w3.T + b3


def test_it_answers_for_any_place_of_the_plane_and_unit_by_unit():
    graph, learnt = learnt_of("train-moons")
    plane = plane_of(learnt.data.features, 7)
    assert plane.shape == (7, 7) and plane.across[0] < learnt.data.features[:, 0].min()
    reply = learnt.answer(graph, plane.rows)
    h1, h2, score = moons(graph, plane.rows)
    np.testing.assert_allclose(reply.outputs, score, rtol=1e-12)
    np.testing.assert_allclose(reply.units["h1"], h1, rtol=1e-12)
    np.testing.assert_allclose(reply.units["h2"], h2, rtol=1e-12)
    np.testing.assert_allclose(probabilities(learnt.loss, reply.outputs)[:, 1], 1 / (1 + np.exp(-score[:, 0])))


def test_it_follows_the_parameters_of_another_graph_of_the_same_plan():
    graph, learnt = learnt_of("train-moons")
    other = graph.apply(edits.set_value(graph, "b3", [2.5]))
    rows = learnt.data.features[:5]
    np.testing.assert_allclose(learnt.answer(other, rows).outputs, learnt.answer(graph, rows).outputs + 2.5)


def test_two_classes_are_marked_as_numpy_marks_them():
    graph, learnt = learnt_of("train-moons")
    rows = learnt.data.training
    marked = learnt.marked(graph, rows)
    score = moons(graph, learnt.data.features[rows])[2][:, 0]
    right = load_dataset(graph.nodes["data"].chosen).targets[rows, 0]
    assert marked.accuracy == np.mean((score > 0) == (right > 0.5))
    p = 1 / (1 + np.exp(-score))
    np.testing.assert_allclose(marked.surprise, np.where(right > 0.5, 1 - p, p), atol=1e-15)
    table = marked.confusion(2)
    assert table.sum() == len(rows) and table[1, 0] == np.sum((right > 0.5) & (score <= 0))
    worst = marked.worst(5)
    assert all(marked.chosen[at] != marked.right[at] for at in worst)
    assert list(marked.surprise[worst]) == sorted(marked.surprise[worst], reverse=True)


def test_many_classes_have_a_matrix_that_counts_every_row():
    graph, learnt = learnt_of("iris")
    assert learnt.kind == "classes" and len(learnt.classes) == 3
    rows = learnt.data.held_out
    marked = learnt.marked(graph, rows)
    w1, b1, w2, b2 = held(graph, "W1", "b1", "W2", "b2")
    z = np.maximum(learnt.data.features[rows] @ w1.T + b1, 0) @ w2.T + b2
    right = learnt.data.table.labels[rows].astype(int)
    table = np.zeros((3, 3), int)
    for t, c in zip(right, z.argmax(axis=1), strict=True):
        table[t, c] += 1
    np.testing.assert_array_equal(marked.confusion(3), table)
    np.testing.assert_array_equal(learnt.truth()[rows], right)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(sureness("cross_entropy", z), (p.max(axis=1) - 1 / 3) / (2 / 3))


def test_a_line_is_fitted_along_its_one_feature():
    graph, learnt = learnt_of("train-line")
    plane = plane_of(learnt.data.features, 11)
    assert learnt.kind == "numbers" and plane.shape == (11,)
    ids = [id for id, node in graph.nodes.items() if node.op_name == "parameter"]
    w, b = held(graph, *ids)
    np.testing.assert_allclose(learnt.answer(graph, plane.rows).outputs, plane.rows @ w.T + b)
    marked = learnt.marked(graph, learnt.data.training)
    data = learnt.data
    off = np.abs(data.features[data.training] @ w.T + b - data.targets[data.training])[:, 0]
    np.testing.assert_allclose(marked.surprise, off)
    assert marked.accuracy is None and marked.worst(1) == [int(off.argmax())]


def test_dropout_drops_nothing_where_it_is_looked_at():
    graph, learnt = learnt_of("digits")
    rows = learnt.data.features[:20]
    np.testing.assert_array_equal(learnt.answer(graph, rows).outputs, learnt.answer(graph, rows).outputs)


@pytest.mark.parametrize("text", ["x = 2; L = square(x)", "x = 2; t = 1; L = mse(x, t)"])
def test_where_there_is_no_model_it_says_why(text):
    graph = parse(text)
    with pytest.raises(PlanError, match="A map needs"):
        Learnt(graph, run(graph))


@pytest.mark.parametrize("loss", ["mse", "bce_with_logits"])
@pytest.mark.parametrize("shape", [(), (1,), (2,), (1, 8), (8, 1), (1, 1)])
def test_targets_that_are_not_one_a_row_have_no_map(loss, shape):
    """The loss copies them along the rows of a batch, of which all have eight; the dataset has 200."""
    rows = [("data", "dataset", None), ("W", "parameter", np.ones((1, 2))), ("b", "parameter", np.zeros(1))]
    rows += [("z", "linear", ["data", "W", "b"]), ("t", "constant", np.ones(shape)), ("L", loss, ["z", "t"])]
    graph = graph_of(*rows, target="L", settings={"data": {"name": "moons", "batch": 8}})
    with pytest.raises(PlanError, match=r"A map needs .*\.$"):
        Learnt(graph, run(graph))


# --- one row alone


@pytest.mark.parametrize("name", ["train-moons", "train-xor", "train-line", "iris"])
def test_the_mean_of_the_single_rows_gradients_is_the_batchs(name):
    *_, found = shares(shipped(name))
    assert found.how == "mean" and found.apart(found.mean) < 1e-12


def test_of_a_loss_that_is_a_sum_it_is_the_sum():
    graph = shipped("train-line")
    graph = graph.apply(edits.change_op(graph, "loss", "sub"))
    graph = graph.apply(edits.add_node(graph, "square", (0, 0), id="squared"))
    graph = graph.apply(edits.add_node(graph, "sum", (0, 0), id="total"))
    for source, dest in (("loss", "squared"), ("squared", "total")):
        graph = graph.apply(edits.connect(graph, source, dest, 0))
    graph = graph.apply(edits.set_target(graph, "total"))
    *_, found = shares(graph)
    assert found.how == "sum" and found.apart(found.sum) < 1e-12 * np.abs(found.batch).max()


def test_the_gradient_of_a_row_that_is_shown_alone_is_its_own():
    graph = shipped("train-moons")
    *_, found = shares(graph)
    row = int(load_dataset(graph.nodes["data"].chosen).training[17])
    alone = run(graph.apply(edits.set_setting(graph, "data", "row", row + 1)))
    parts = [np.ravel(alone.gradient(id)) for id, n in graph.nodes.items() if n.op_name == "parameter"]
    np.testing.assert_allclose(np.linalg.norm(np.concatenate(parts)), found.lengths[row], rtol=1e-12)


def test_a_row_that_is_not_there_is_refused_where_it_is_asked_for():
    graph = shipped("train-moons")
    trace = run(graph.apply(edits.set_setting(graph, "data", "row", 200)))
    assert trace.value("data").shape == (1, 2)
    with pytest.raises(Exception, match="there is no row 201 to show: the dataset has 200 rows"):
        run(graph.apply(edits.set_setting(graph, "data", "row", 201)))


# --- its layers


def test_a_model_is_layers_with_their_weights():
    graph, learnt = learnt_of("train-moons")
    layers = unit_layers(graph, learnt)
    assert [(layer.id, layer.source) for layer in layers] == [("h1", "data"), ("h2", "h1"), ("score", "h2")]
    for layer, id in zip(layers, ("W1", "W2", "W3"), strict=True):
        np.testing.assert_array_equal(layer.weights, graph.nodes[id].value)


def test_a_matrix_product_with_a_bias_is_a_layer_too_and_dropout_is_passed_over():
    rows = [("data", "dataset", None), ("W", "parameter", np.arange(6.0).reshape(2, 3)), ("b", "parameter", np.ones(3))]
    rows += [("p", "matmul", ["data", "W"]), ("z", "add", ["p", "b"]), ("h", "tanh", ["z"]), ("d", "dropout", ["h"])]
    rows += [("V", "parameter", np.ones((1, 3))), ("o", "linear", ["d", "V", "c"]), ("c", "parameter", np.zeros(1))]
    rows += [("t", "constant", np.ones((200, 1))), ("loss", "mse", ["o", "t"])]
    order = ("data", "W", "b", "p", "z", "h", "d", "V", "c", "o", "t", "loss")
    graph = graph_of(
        *sorted(rows, key=lambda row: order.index(row[0])),
        target="loss",
        settings={"data": {"name": "moons", "batch": 200, "held_out": 0.0}},
    )
    learnt = Learnt(graph, run(graph))
    layers = unit_layers(graph, learnt)
    assert [(layer.id, layer.source, layer.weights.shape) for layer in layers] == [
        ("h", "data", (3, 2)),
        ("o", "h", (1, 3)),
    ]


def test_a_net_drawn_number_by_number_has_layers_of_single_units():
    graph, learnt = learnt_of("xor-scalars")
    w11, w12, b1, w21, w22, b2, u1, u2 = held(graph, "w11", "w12", "b1", "w21", "w22", "b2", "u1", "u2")
    hidden, last = unit_layers(graph, learnt)
    assert (hidden.nodes, hidden.source, last.nodes) == (("h1", "h2"), "data", ("score",))
    np.testing.assert_array_equal(hidden.weights, [[w11, w12], [w21, w22]])
    np.testing.assert_array_equal(last.weights, [[u1, u2]])
    rows = plane_of(learnt.data.features, 7).rows
    units = learnt.answer(graph, rows).units
    np.testing.assert_allclose(units["h1"][:, 0], np.tanh(rows @ [w11, w12] + b1), rtol=1e-14)
    np.testing.assert_allclose(units["h2"][:, 0], np.tanh(rows @ [w21, w22] + b2), rtol=1e-14)


def test_a_unit_that_reaches_over_a_layer_is_in_no_plain_chain():
    graph, _ = learnt_of("xor-scalars")
    graph = graph.apply(edits.reconnect(graph, ("q2", 1), "x1", "q2", 1))
    assert unit_layers(graph, Learnt(graph, run(graph))) == []
