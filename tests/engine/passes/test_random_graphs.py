"""Hundreds of random graphs against an independent implementation, to a dozen digits."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.passes.run import run
from engine.truth.differences import gradcheck
from engine.truth.jacobian import jacobian
from tests.engine.probing import OWN_SHAPES
from tests.engine.reference import FORMULAS, evaluate, gradients
from tests.engine.smooth_graphs import random_graph

OPS = sorted(FORMULAS)


def assert_close(ours, theirs, scale):
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-10 * max(1.0, scale))


@settings(max_examples=300)
@given(st.integers(0, 2**32 - 1), st.integers(1, 18))
def test_values_and_gradients_agree_with_the_complex_step(seed, size):
    graph = random_graph(seed, size, OPS)
    trace = run(graph)
    values = evaluate(graph, {id: node.value for id, node in graph.nodes.items() if node.value is not None})
    for id in graph.nodes:
        assert_close(trace.value(id), values[id].real, float(np.abs(values[id]).max(initial=0)))
    expected = gradients(graph, graph.target)
    scale = max(float(np.abs(slopes).max(initial=0)) for slopes in expected.values())
    for id, slopes in expected.items():
        ours = trace.gradient(id)
        if ours is None:
            assert graph.nodes[id].op_name == "constant" or id in trace.plan.constant
        else:
            assert ours.shape == slopes.shape
            assert_close(ours, slopes, scale)


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_they_pass_the_gradient_check_too(seed, size):
    report = gradcheck(random_graph(seed, size, OPS), tolerance=1e-4, most=6)
    assert report.ok, report


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 10))
def test_everywhere_upstream_times_jacobian_is_the_contribution(seed, size):
    graph = random_graph(seed, size, OPS)
    trace = run(graph)
    for edge in graph.edges.values():
        if trace.contribution(edge.key) is not None:
            assert jacobian(trace, edge.dest, edge.port).agrees


def test_the_random_graphs_use_every_operation():
    used = Counter(node.op_name for seed in range(400) for node in random_graph(seed, 15, OPS).nodes.values())
    assert set(OPS) - set(OWN_SHAPES) <= set(used), "all but those of images, which these graphs have none of"
