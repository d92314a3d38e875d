"""The total derivative: a 4-5-3 ReLU network with random weights, each formula an equation between recorded steps.

Symbols as in the literature: z_l = W_l a_(l−1) + b_l, a_l = relu(z_l), a_0 = x, p = softmax(z_2), C the cross-entropy
with the one-hot y. dC/dz · M is a row times a matrix, u ⊗ v the outer product.
"""

import numpy as np
import pytest

from engine.graph.graph import Graph
from engine.passes.run import run
from engine.truth.jacobian import jacobian
from engine.truth.paths import paths
from tests.building import graph_of

INPUTS, HIDDEN, OUTPUTS = 4, 5, 3


def weights(seed):
    rng = np.random.default_rng(seed)
    return {
        "x": rng.normal(size=INPUTS),
        "W1": rng.normal(size=(HIDDEN, INPUTS)),
        "b1": rng.normal(size=HIDDEN),
        "W2": rng.normal(size=(OUTPUTS, HIDDEN)),
        "b2": rng.normal(size=OUTPUTS),
        "y": np.eye(OUTPUTS)[rng.integers(OUTPUTS)],
    }


def network(seed) -> Graph:
    held = weights(seed)
    leaves = [(id, "constant" if id == "y" else "input" if id == "x" else "parameter", v) for id, v in held.items()]
    rows = [("z1", "linear", ["x", "W1", "b1"]), ("a1", "relu", ["z1"]), ("z2", "linear", ["a1", "W2", "b2"])]
    return graph_of(*leaves, *rows, ("C", "cross_entropy", ["z2", "y"]), target="C")


@pytest.fixture(params=range(5))
def seed(request):
    return request.param


@pytest.fixture
def trace(seed):
    return run(network(seed))


def same(a, b):
    np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def test_each_formula_holds_between_recorded_steps(trace):
    d = {id: trace.gradient(id) for id in ("C", "z2", "W2", "b2", "a1", "z1", "W1", "b1", "x")}
    v = {id: trace.value(id) for id in ("x", "y", "W1", "W2", "z1", "a1", "z2")}
    p = np.exp(v["z2"]) / np.exp(v["z2"]).sum()
    assert float(d["C"]) == 1
    same(d["z2"], p - v["y"])  # dC/dz_L = p − y
    same(d["W2"], np.outer(d["z2"], v["a1"]))  # dC/dW_L = dC/dz_L ⊗ a_(L−1)
    same(d["b2"], d["z2"])  # dC/db_L = dC/dz_L
    same(d["a1"], d["z2"] @ v["W2"])  # dC/da_(L−1) = dC/dz_L · W_L
    same(d["z1"], d["a1"] * (v["z1"] > 0))  # dC/dz_l = dC/da_l ⊙ relu′(z_l)
    same(d["W1"], np.outer(d["z1"], v["x"]))
    same(d["b1"], d["z1"])
    same(d["x"], d["z1"] @ v["W1"])


def test_the_contribution_of_each_step_is_upstream_times_its_jacobian(trace):
    for node, source in [
        ("C", "z2"),
        ("z2", "W2"),
        ("z2", "b2"),
        ("z2", "a1"),
        ("a1", "z1"),
        ("z1", "W1"),
        ("z1", "x"),
    ]:
        found = jacobian(trace, node, source)
        same(np.tensordot(found.upstream, found.matrix, axes=np.ndim(found.upstream)), found.contribution)
        same(found.contribution, trace.gradient(source))
        assert found.agrees


def test_the_jacobians_multiply_along_the_chain(trace):
    """dC/dx = dC/dz_2 · dz_2/da_1 · da_1/dz_1 · dz_1/dx, with dz_l/da_(l−1) = W_l and da_l/dz_l diagonal."""
    links = [("C", "z2"), ("z2", "a1"), ("a1", "z1"), ("z1", "x")]
    chain = [jacobian(trace, node, source) for node, source in links]
    assert [link.structure for link in chain] == ["p − t", "weight matrix", "diagonal", "weight matrix"]
    product = chain[0].matrix
    for link in chain[1:]:
        product = product @ link.flat
    same(product, trace.gradient("x"))
    same(chain[1].matrix, trace.value("W2"))
    same(chain[2].matrix, np.diag((trace.value("z1") > 0) * 1.0))


def drawn_out(seed) -> Graph:
    """The same network, every number a node of its own, so that every fan-out is there to be seen."""
    held = weights(seed)
    rows = [(f"x_{k}", "input", v) for k, v in enumerate(held["x"])]
    rows += _layer(1, [f"x_{k}" for k in range(INPUTS)], held["W1"], held["b1"])
    rows += [(f"a1_{j}", "relu", [f"z1_{j}"]) for j in range(HIDDEN)]
    rows += _layer(2, [f"a1_{j}" for j in range(HIDDEN)], held["W2"], held["b2"])
    rows += [("z2", "concat", [f"z2_{i}" for i in range(OUTPUTS)]), ("y", "constant", held["y"])]
    return graph_of(*rows, ("C", "cross_entropy", ["z2", "y"]), target="C")


def _layer(layer, sources, matrix, bias):
    rows = []
    for i, (row, b) in enumerate(zip(matrix, bias, strict=True)):
        rows += [(f"w{layer}_{i}_{k}", "parameter", w) for k, w in enumerate(row)] + [(f"b{layer}_{i}", "parameter", b)]
        rows += [(f"m{layer}_{i}_{k}", "mul", [f"w{layer}_{i}_{k}", source]) for k, source in enumerate(sources)]
        products = [f"m{layer}_{i}_{k}" for k in range(len(sources))]
        rows.append((f"z{layer}_{i}", "add", [*products, f"b{layer}_{i}"]))
    return rows


def test_drawn_out_every_hidden_unit_adds_one_term_for_each_output(seed, trace):
    """dC/da_j = Σᵢ dC/dzᵢ · ∂zᵢ/∂a_j: the sum over the paths of which the total derivative is made."""
    drawn = run(drawn_out(seed))
    dz, w2 = trace.gradient("z2"), trace.value("W2")
    for j in range(HIDDEN):
        listed = [drawn.steps[at] for at in drawn.arrivals[f"a1_{j}"]]
        assert len(listed) == OUTPUTS
        by_output = {int(step.edge.dest.split("_")[1]): float(step.contribution) for step in listed}
        for i, contribution in by_output.items():
            same(contribution, dz[i] * w2[i, j])
        same(sum(by_output.values()), trace.gradient("a1")[j])
        same(drawn.gradient(f"a1_{j}"), trace.gradient("a1")[j])


def test_drawn_out_the_gradient_of_an_input_is_the_sum_over_all_its_paths(seed, trace):
    drawn = run(drawn_out(seed))
    for k in range(INPUTS):
        found = paths(drawn, f"x_{k}")
        assert found.count == len(found.found) and found.count == HIDDEN * OUTPUTS
        same(found.total, drawn.gradient(f"x_{k}"))
        same(found.total, trace.gradient("x")[k])
    for i in range(HIDDEN):
        for k in range(INPUTS):
            same(drawn.gradient(f"w1_{i}_{k}"), trace.gradient("W1")[i, k])
