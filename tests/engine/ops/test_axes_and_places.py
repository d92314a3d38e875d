"""Reductions along any axes, and parts picked out by any index: against NumPy; their gradients against differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import RunError
from engine.ops.kernel import bind
from engine.ops.op import OPS
from engine.passes.compile import Compiled
from engine.passes.leaves import leaf_values
from engine.passes.run import run
from engine.truth.differences import gradcheck
from tests.building import graph_of

NUMPYS = {
    "sum": np.sum, "mean": np.mean, "amax": np.max, "amin": np.min, "prod": np.prod, "var": np.var, "std": np.std,
    "norm": lambda x, **how: np.sqrt(np.sum(x * x, **how)),
    "logsumexp": lambda x, **how: np.log(np.sum(np.exp(x), **how)),
}  # fmt: skip
shapes = st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple)


def one(op, x, **chosen):
    """L = Σ k · op(x), each element weighed, so that it has a gradient of its own."""
    y = np.asarray(bind(OPS[op], 1, tuple(sorted(chosen.items()))).forward(x))
    weights = np.linspace(0.5, 1.5, y.size).reshape(y.shape)
    rows = [("x", "parameter", x), ("y", op, ["x"]), ("k", "constant", weights), ("m", "mul", ["y", "k"])]
    return graph_of(*rows, ("L", "sum", ["m"]), target="L", settings={"y": chosen})


def assert_right(graph):
    """The rule agrees with finite differences, and the compiled function with the stepper."""
    assert gradcheck(graph).ok
    trace = run(graph)
    compiled = Compiled(trace.plan)(leaf_values(graph))
    np.testing.assert_allclose(compiled.gradients["x"], trace.gradient("x"), rtol=1e-12, atol=1e-14)


@settings(max_examples=60)
@given(st.data(), st.sampled_from(sorted(NUMPYS)), shapes, st.booleans())
def test_a_reduction_is_numpys_along_any_axes(data, op, shape, keep):
    axes = data.draw(st.lists(st.integers(-len(shape), len(shape) - 1), min_size=1, unique_by=lambda n: n % len(shape)))
    axis = data.draw(st.sampled_from(["all", axes[0], tuple(axes)]))
    x = np.random.default_rng(data.draw(st.integers(0, 99))).normal(size=shape)
    numpys = NUMPYS[op](x, axis=None if axis == "all" else axis, keepdims=keep)
    checked = next(s for s in OPS[op].settings if s.name == "axis").checked(axis)
    graph = one(op, x, axis=checked, keep=keep)
    np.testing.assert_allclose(run(graph).value("y"), numpys, rtol=1e-12)
    if op not in ("std", "norm") or np.all(numpys > 0.1):
        assert_right(graph)


parts = st.one_of(
    st.integers(-2, 2),
    st.sampled_from([":", "::2", "::-1", "1:", "-2:", ":-1", "...", "None", "0:2", "[0, -1]", "[0, 0]"]),
)


@settings(max_examples=120)
@given(st.lists(parts, min_size=1, max_size=3), shapes)
def test_an_index_is_numpys_or_is_refused_with_a_sentence(at, shape):
    text, x = ", ".join(map(str, at)), np.random.default_rng(1).normal(size=shape)
    try:
        place = OPS["index"].settings[0].checked(text)
    except ValueError as error:
        assert "the setting “at” must be" in str(error)
        return
    assert OPS["index"].settings[0].checked(place) == place
    try:
        expected = eval(f"x[{text}]", {"x": x})
    except IndexError:
        expected = np.zeros(0)
    rows = [("x", "parameter", x), ("y", "index", ["x"])]
    if not expected.size:
        with pytest.raises(RunError, match=r"^y: \[.*\] (does not fit|picks nothing)"):
            run(graph_of(*rows, target="y", settings={"y": {"at": place}}))
        return
    graph = one("index", x, at=place)
    np.testing.assert_array_equal(run(graph).value("y"), expected)
    assert_right(graph)


@pytest.mark.parametrize(
    ("numbers", "gradient"),
    [([2, 3, 4], [12, 8, 6]), ([0, 3, 4], [12, 0, 0]), ([0, 3, 0], [0, 0, 0]), ([-1, 0], [0, -1]), ([5], [1])],
)
def test_the_slopes_of_a_product_are_right_beside_zeros(numbers, gradient):
    graph = graph_of(("x", "parameter", numbers), ("y", "prod", ["x"]), target="y")
    np.testing.assert_array_equal(run(graph).gradient("x"), gradient)
    assert gradcheck(graph).ok


def test_a_variance_divides_by_the_count_less_ddof_and_never_by_nothing():
    x = [1.0, 2.0, 6.0]
    for ddof, value in ((0, 14 / 3), (1, 7.0)):
        graph = graph_of(("x", "parameter", x), ("y", "var", ["x"]), target="y", settings={"y": {"ddof": ddof}})
        assert run(graph).value("y") == pytest.approx(value) and gradcheck(graph).ok
    lonely = graph_of(("x", "parameter", [1.0]), ("y", "std", ["x"]), target="y", settings={"y": {"ddof": 1}})
    with pytest.raises(RunError, match="one number with 1 taken off the count"):
        run(lonely)


@pytest.mark.parametrize(
    ("a", "b"), [((3,), (3,)), ((2, 3), (3,)), ((2, 3), (3, 4)), ((2, 2, 3), (4, 3, 2)), ((), (2,))]
)
def test_dot_is_numpys(a, b):
    rng = np.random.default_rng(3)
    rows = [("x", "parameter", rng.normal(size=a)), ("w", "parameter", rng.normal(size=b)), ("y", "dot", ["x", "w"])]
    graph = graph_of(*rows, ("L", "sum", ["y"]), target="L")
    np.testing.assert_allclose(run(graph).value("y"), np.dot(rows[0][2], rows[1][2]), rtol=1e-12)
    assert_right(graph)


@pytest.mark.parametrize("text", ["ij,jk->ik", "i,j", "ij->", "ij,ij,j->i", "bij,bjk->bik", "ij->ji"])
def test_an_einsum_is_numpys(text):
    lengths, rng = dict(zip("bijk", (2, 3, 4, 2), strict=True)), np.random.default_rng(5)
    said = OPS["einsum"].settings[0].checked(text)
    inputs = [rng.normal(size=[lengths[letter] for letter in part]) for part in said.split("->")[0].split(",")]
    names = ["x", "v", "w"][: len(inputs)]
    rows = [(name, "parameter", value) for name, value in zip(names, inputs, strict=True)]
    graph = graph_of(*rows, ("y", "einsum", names), ("q", "square", ["y"]), target="q",
                     settings={"y": {"subscripts": said}})  # fmt: skip
    np.testing.assert_allclose(run(graph).value("y"), np.einsum(text, *inputs), rtol=1e-12)
    assert_right(graph)


@pytest.mark.parametrize("text", ["ii->i", "...j->j", "ij,jk->il", "", "i1->i"])
def test_subscripts_that_have_no_rule_are_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"the setting “subscripts” must be .* not |twice in one place"):
        OPS["einsum"].settings[0].checked(text)


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("5", "axis 0 has length 2, so there is no element 5"),
        ("0, 0, 0", "3 places are named, but the number of axes is 2"),
    ],
)
def test_a_place_that_is_not_there_is_told_in_plain_words(at: str, sentence: str) -> None:
    graph = graph_of(("x", "input", np.ones((2, 3))), ("y", "index", ["x"]), target="y", settings={"y": {"at": at}})
    with pytest.raises(RunError, match=sentence):
        run(graph)


@pytest.mark.parametrize("op", ["amax", "amin"])
def test_a_tie_along_an_axis_is_split_evenly(op):
    x = np.array([[3.0, 3.0, 3.0, 3.0], [1.0, 1.0, 1.0, 1.0]])
    rows = [("x", "parameter", x), ("y", op, ["x"]), ("L", "sum", ["y"])]
    trace = run(graph_of(*rows, target="L", settings={"y": {"axis": 1}}))
    np.testing.assert_array_equal(trace.gradient("x"), np.full((2, 4), 0.25))
