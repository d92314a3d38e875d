"""Broadcasting: as NumPy's forward, and backwards a sum over the axes along which something was repeated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import RunError
from engine.passes.run import run
from engine.values.values import broadcast_misfit, summed_axes, unbroadcast
from tests.building import graph_of

RNG = np.random.default_rng(5)


def shapes_and_their_broadcast():
    """A shape, and one that it can be broadcast to."""
    full = st.lists(st.integers(1, 3), max_size=4).map(tuple)

    def narrowed(shape):
        keep = st.lists(st.booleans(), min_size=len(shape), max_size=len(shape))
        cut = st.integers(0, len(shape))
        narrow = st.builds(lambda k, c: tuple(n if a else 1 for n, a in zip(shape, k, strict=True))[c:], keep, cut)
        return st.tuples(narrow, st.just(shape))

    return full.flatmap(narrowed)


@given(shapes_and_their_broadcast())
def test_unbroadcast_is_the_transpose_of_broadcast(pair):
    """⟨broadcast(x), g⟩ = ⟨x, unbroadcast(g)⟩ for all x and g: which is what a backward rule must be."""
    small, full = pair
    x, g = RNG.normal(size=small), RNG.normal(size=full)
    back = unbroadcast(g[()], small)
    assert back.shape == small
    assert np.sum(np.broadcast_to(x, full) * g) == pytest.approx(float(np.sum(x * back)))


@given(shapes_and_their_broadcast())
def test_the_axes_named_are_those_summed(pair):
    small, full = pair
    g = RNG.normal(size=full)
    axes = summed_axes(full, small)
    np.testing.assert_allclose(np.sum(g, axis=axes).reshape(small), unbroadcast(g[()], small))


CASES = [
    ((), (3,), (0,), ()),
    ((3,), (), (), (0,)),
    ((2, 3), (3,), (), (0,)),
    ((2, 1), (1, 3), (1,), (0,)),
    ((4, 2, 3), (2, 1), (), (0, 2)),
    ((2, 3), (2, 3), (), ()),
]


@pytest.mark.parametrize("op", ["add", "sub", "mul", "div", "max"])
@pytest.mark.parametrize(("a", "b", "axes_a", "axes_b"), CASES)
def test_the_trace_says_over_which_axes_it_summed(op, a, b, axes_a, axes_b):
    rows = [("a", "parameter", RNG.uniform(1, 2, a)), ("b", "parameter", RNG.uniform(3, 4, b)), ("n", op, ["a", "b"])]
    trace = run(graph_of(*rows, target="n"))
    for port, shape, axes in [(0, a, axes_a), (1, b, axes_b)]:
        step = trace.contribution(("n", port))
        assert step.axes == axes
        assert step.contribution.shape == shape
        full = np.broadcast_to(step.upstream * step.local, np.broadcast_shapes(a, b))
        np.testing.assert_allclose(full.sum(axis=axes).reshape(shape), step.contribution)


@pytest.mark.parametrize(
    ("a", "b", "axes_a", "axes_b"),
    [
        ((2, 3), (3, 4), (), ()),
        ((5, 2, 3), (3, 4), (), (0,)),
        ((2, 3), (5, 3, 4), (0,), ()),
        ((5, 1, 2, 3), (6, 3, 4), (1,), (0,)),
        ((3,), (5, 3, 4), (0,), ()),
    ],
)
def test_matmul_sums_over_the_batch_axes_that_one_side_lacks(a, b, axes_a, axes_b):
    rows = [("a", "parameter", RNG.normal(size=a)), ("b", "parameter", RNG.normal(size=b)), ("n", "matmul", ["a", "b"])]
    trace = run(graph_of(*rows, target="n"))
    assert trace.contribution(("n", 0)).axes == axes_a
    assert trace.contribution(("n", 1)).axes == axes_b
    assert trace.gradient("a").shape == a and trace.gradient("b").shape == b


def test_the_bias_of_a_layer_sums_over_the_batch():
    weights = RNG.normal(size=(2, 3))
    leaves = [("x", "input", RNG.normal(size=(7, 3))), ("w", "parameter", weights), ("b", "parameter", [1, 2])]
    trace = run(graph_of(*leaves, ("n", "linear", ["x", "w", "b"]), target="n"))
    assert trace.contribution(("n", 2)).axes == (0,)
    np.testing.assert_array_equal(trace.gradient("b"), [7, 7])


@pytest.mark.parametrize(
    ("op", "shapes", "said"),
    [
        ("add", [(2, 3), (4,)], "(2, 3) and (4,): the last axis has lengths 3 and 4, and neither is 1"),
        ("mul", [(2, 3), (4, 3)], "(2, 3) and (4, 3): the second-to-last axis has lengths 2 and 4"),
        (
            "matmul",
            [(2, 3), (4,)],
            "the left factor's last axis has length 3, but the right factor's first axis has length 4",
        ),
        (
            "matmul",
            [(2, 3), (5, 4, 2)],
            "axis has length 3, but the right factor's second-to-last axis has length 4",
        ),
        ("matmul", [(2, 2, 3), (5, 3, 4)], "the batch axes (2,) and (5,) do not fit"),
        ("matmul", [(), (3,)], "the left factor is a number"),
        ("linear", [(4,), (2, 3), (2,)], "the input's last axis has length 4, but the weights take 3 inputs"),
        ("linear", [(3,), (2, 3), (4,)], "the weights give 2 outputs, so the bias must have length 2, or 1"),
        ("dot", [(3,), (4,)], "(3,) · (4,)"),
        ("concat", [(2, 3), (3,)], "may differ only along the axis"),
        ("add", [(2, 1, 3), (4, 2, 3)], "the third-to-last axis has lengths 2 and 4"),
        ("cross_entropy", [(), ()], "the logits are a single number: they need an axis of classes"),
        ("cross_entropy", [(2, 3), (3,)], "(2, 3) (one-hot) or (2,) (class ids)"),
        ("mse", [(2,), (3,)], "(2,) and (3,)"),
    ],
)
def test_a_misfit_names_both_shapes_and_the_lengths_at_fault(op, shapes, said):
    leaves = [(f"a{i}", "input", np.ones(shape)) for i, shape in enumerate(shapes)]
    graph = graph_of(*leaves, ("n", op, [id for id, _, _ in leaves]), target="n")
    with pytest.raises(RunError) as refused:
        run(graph)
    assert said in refused.value.sentence
    assert refused.value.sentence.startswith("n: ") and refused.value.ids == ("n",)


def test_an_axis_that_is_not_there_and_a_class_that_is_not_there_are_misfits():
    graph = graph_of(("a", "input", [1, 2]), ("n", "sum", ["a"]), target="n", settings={"n": {"axis": 1}})
    with pytest.raises(RunError, match=r"no axis 1 in the shape \(2,\)"):
        run(graph)
    graph = graph_of(("z", "input", [1, 2]), ("t", "input", 2), ("n", "cross_entropy", ["z", "t"]), target="n")
    with pytest.raises(RunError, match="no class 2: class ids run from 0 to 1"):
        run(graph)


def test_the_sentence_is_empty_where_shapes_fit():
    assert broadcast_misfit([(2, 1), (3,), ()]) == ""
