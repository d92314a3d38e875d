"""Jacobians: against finite differences, against the contribution, by their structure; and sums over paths."""

import json

import numpy as np
import pytest

from engine.cli import main
from engine.errors import RunError
from engine.ops.kernel import bind
from engine.ops.op import OPS
from engine.passes.run import run
from engine.truth.jacobian import jacobian
from tests.building import graph_of, xyz
from tests.engine.probing import accepted_inputs, usual

COMPUTED = [op for op in OPS.values() if not op.is_leaf]
RNG = np.random.default_rng(11)


def placed(op, inputs, target="L"):
    """A node `n` of the op over leaves a0, a1 …, squared and added up."""
    leaves = [(f"a{i}", "parameter", value) for i, value in enumerate(inputs)]
    rows = [*leaves, ("n", op, [id for id, _, _ in leaves]), ("m", "square", ["n"]), ("L", "sum", ["m"])]
    return graph_of(*rows, target=target, settings={"n": usual(OPS[op], len(inputs))})


def differences(op, inputs, port):
    """∂y/∂x column by column, by central differences over the forward text alone."""
    forward = bind(op, len(inputs), tuple(usual(op, len(inputs)).items())).forward
    y, x = forward(*inputs), np.asarray(inputs[port])
    matrix = np.zeros(y.shape + x.shape)
    for index in np.ndindex(x.shape):
        h = 1e-6 * max(1.0, abs(float(x[index])))
        ends = []
        for by in (h, -h):
            moved = np.array(x)
            moved[index] += by
            ends.append(forward(*(moved[()] if i == port else given for i, given in enumerate(inputs))))
        matrix[(..., *index)] = (ends[0] - ends[1]) / (2 * h)
    return matrix


@pytest.mark.parametrize("op", COMPUTED, ids=lambda op: op.name)
def test_the_jacobian_is_what_differences_say_and_makes_the_contribution(op):
    for inputs in accepted_inputs(op, most=20):
        trace = run(placed(op.name, inputs))
        for port, x in enumerate(inputs):
            found = jacobian(trace, "n", port)
            assert found.matrix.shape == trace.value("n").shape + x.shape
            np.testing.assert_allclose(found.matrix, differences(op, inputs, port), rtol=1e-5, atol=1e-7)
            assert found.agrees is True
            axes = trace.value("n").ndim
            np.testing.assert_allclose(
                np.tensordot(found.upstream, found.matrix, axes=axes), found.contribution, rtol=1e-9, atol=1e-12
            )
            assert found.structure and found.sentence.endswith(".") and "{" not in found.sentence


def layer(batch=()):
    rng = np.random.default_rng(2)
    x, w, b = rng.normal(size=(*batch, 3)), rng.normal(size=(2, 3)), rng.normal(size=2)
    return run(placed("linear", [x, w, b])), x, w


def test_a_layer_by_its_input_is_the_weight_matrix():
    trace, _, w = layer()
    found = jacobian(trace, "n", "x")
    assert found.structure == "weight matrix"
    np.testing.assert_array_equal(found.matrix, w)


def test_a_layer_by_its_weights_has_the_structure_of_an_outer_product():
    trace, x, _ = layer()
    found = jacobian(trace, "n", "w")
    assert found.structure == "outer product"
    np.testing.assert_array_equal(found.matrix, np.einsum("ij,k->ijk", np.eye(2), x))
    np.testing.assert_allclose(found.contribution, np.outer(found.upstream, x))


def test_a_batch_is_block_diagonal():
    trace, _, w = layer(batch=(4,))
    found = jacobian(trace, "n", "x")
    assert "block of its own" in found.sentence
    np.testing.assert_array_equal(found.matrix, np.einsum("ab,ij->aibj", np.eye(4), w))


def test_elementwise_is_diagonal_softmax_dense_and_cross_entropy_p_minus_y():
    z, t = np.array([0.5, -1.0, 2.0]), np.array([0.0, 1.0, 0.0])
    p = np.exp(z) / np.exp(z).sum()
    soft = jacobian(run(placed("softmax", [z])), "n", 0)
    assert soft.structure == "dense"
    np.testing.assert_allclose(soft.matrix, np.diag(p) - np.outer(p, p), atol=1e-15)
    loss = jacobian(run(placed("cross_entropy", [z, t])), "n", 0)
    assert loss.structure == "p − t"
    np.testing.assert_allclose(loss.matrix, p - t, atol=1e-15)
    square = jacobian(run(placed("square", [z])), "n", 0)
    assert square.structure == "diagonal"
    np.testing.assert_array_equal(square.matrix, np.diag(2 * z))


def test_the_other_structures_have_their_names():
    m, v = RNG.normal(size=(2, 3)), RNG.normal(size=3)
    names = {
        ("transpose", 0): "permutation",
        ("reshape", 0): "identity",
        ("concat", 0): "selection",
        ("sum", 0): "ones",
        ("mean", 0): "row of 1/n",
        ("mse", 0): "row",
    }
    for (op, port), name in names.items():
        inputs = [m, m + 1][: len(OPS[op].ports)]
        found = jacobian(run(placed(op, inputs)), "n", port)
        assert found.structure == name
        if name in ("permutation", "identity", "selection"):
            assert set(np.unique(found.flat)) <= {0.0, 1.0} and (found.flat.sum(axis=0) == 1).all()
    assert jacobian(run(placed("add", [m, v])), "n", 1).structure == "copies"
    assert jacobian(run(xyz()), "f", "q").structure == "number"


def test_where_no_gradient_passes_there_is_a_jacobian_but_no_product():
    trace = run(graph_of(("x", "constant", 3.0), ("y", "square", ["x"]), target="y"))
    found = jacobian(trace, "y", 0)
    assert float(found.matrix) == 6 and found.agrees is None and found.contribution is None


@pytest.mark.parametrize(
    ("node", "port", "said"),
    [
        ("f", "k", "no port “k”; its ports are a (from q), b (from z)"),
        ("x", 0, "not a node with inputs"),
        ("nothing", 0, "not a node with inputs"),
        ("f", 2, "no port"),
    ],
)
def test_what_has_no_jacobian_says_so(node, port, said):
    with pytest.raises(RunError) as refused:
        jacobian(run(xyz()), node, port)
    assert said in refused.value.sentence


def test_one_that_is_too_large_is_refused_not_computed():
    x = np.ones((60, 60))
    with pytest.raises(RunError, match="more than 4,000,000 entries"):
        jacobian(run(placed("matmul", [x, x])), "n", 0)


def test_the_command(capsys):
    words = ["jacobian", "--expr", "p = softmax(z); L = sum(p * t)", "--set", "z=[1, 2, 3]", "--set", "t=[0, 1, 0]"]
    assert main([*words, "p", "z"]) == 0
    said = capsys.readouterr().out
    assert "dense" in said and "upstream · Jacobian" in said and "= contribution" in said
    assert main([*words, "p", "0", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["agrees"] is True and np.shape(record["jacobian"]) == (3, 3) == tuple(record["shape"])
    assert main(["jacobian", "--expr", "y = x * x; z = y * x", "--set", "x=3", "--paths", "x", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["count"] == 3 and record["gradient"] == 27 and record["paths"][0]["nodes"] == ["x", "z"]


def test_the_command_reads_a_file_too(tmp_path, capsys):
    file = tmp_path / "program.txt"
    file.write_text("y = x * x", encoding="utf-8")
    assert main(["jacobian", str(file), "y", "0", "--set", "x=3"]) == 0
    assert "number" in capsys.readouterr().out
    assert main(["jacobian", str(file), "y"]) == 2
    assert "NODE and PORT" in capsys.readouterr().err


# --- what is said of it


def test_one_output_makes_a_row_of_slopes_which_is_the_gradient_only_at_the_end():
    trace = run(
        graph_of(
            ("x", "input", [1.0, 2.0]),
            ("t", "constant", [0.0, 0.0]),
            ("s", "mse", ["x", "t"]),
            ("L", "square", ["s"]),
            target="L",
        )
    )
    found = jacobian(trace, "s", 0)
    assert found.sentence == "s is one number, so this is a single row: its slope by each element of x."
    assert not np.array_equal(found.flat[0], trace.gradient("x"))
    assert jacobian(trace, "s", 0, {"s": "total", "x": "data"}).sentence.startswith("total is one number")


def test_a_layer_speaks_of_its_own_nodes_and_of_the_batch():
    single, batched = layer()[0], layer((4,))[0]
    sentence = jacobian(batched, "n", "w").sentence
    assert "row i of a1, with a0 as its slope" in sentence and "those of all samples are added up" in sentence
    assert jacobian(single, "n", "x").sentence == "These are the weights a1 themselves: row i holds those of neuron i."
    assert jacobian(batched, "n", "x").sentence.endswith("Each sample has a block of its own; the rest is 0.")
    assert jacobian(single, "n", "b").structure == "identity"
    assert jacobian(batched, "n", "b").structure == "stacked identities"
    np.testing.assert_array_equal(jacobian(batched, "n", "b").matrix, np.broadcast_to(np.eye(2), (4, 2, 2)))


def test_where_samples_touch_each_other_no_blocks_are_spoken_of():
    rows = [("a", "parameter", np.ones((2, 2))), ("b", "parameter", np.ones((2, 2))), ("y", "matmul", ["a", "b"])]
    graph = graph_of(*rows, ("L", "sum", ["y"]), target="L")
    assert "block of its own" in jacobian(run(graph), "y", 0).sentence
    assert "block of its own" not in jacobian(run(graph), "y", 1).sentence
