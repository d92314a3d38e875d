"""Convolutions and pooling: their settings, their refusals, and who gets the gradient of a tie."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.errors import RunError
from engine.ops.op import OPS
from engine.passes.run import run
from tests.building import graph_of

IMAGE = np.arange(16.0).reshape(1, 1, 4, 4)
STRIDE = next(setting for setting in OPS["conv2d"].settings if setting.name == "stride")


@pytest.mark.parametrize(("given", "kept"), [(2, (2, 2)), ([1, 2], (1, 2)), ("3", (3, 3)), ("1, 2", (1, 2))])
def test_one_whole_number_stands_for_both_directions(given: Any, kept: tuple[int, int]) -> None:
    assert STRIDE.checked(given) == kept


@pytest.mark.parametrize("given", [-1, (1, 2, 3), "x", 1.5, True, ()])
def test_what_is_no_pair_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match="the setting “stride” must be a whole number, or two"):
        STRIDE.checked(given)


def convolved(x: Any, w: Any, **settings: Any) -> Any:
    graph = graph_of(
        ("x", "parameter", x), ("w", "parameter", w), ("y", "conv2d", ["x", "w"]), ("L", "sum", ["y"]), target="L",
        settings={"y": settings},
    )  # fmt: skip
    return run(graph)


def test_a_convolution_is_a_sum_over_each_window() -> None:
    trace = convolved(IMAGE, np.ones((1, 1, 2, 2)), stride=(2, 2))
    assert np.array_equal(trace.value("y"), [[[[10, 18], [42, 50]]]])
    assert np.array_equal(trace.gradient("x"), np.ones((1, 1, 4, 4))), "each pixel is seen once"
    assert np.array_equal(trace.gradient("w"), [[[[20, 24], [36, 40]]]])


@pytest.mark.parametrize(
    ("x", "w", "settings", "sentence"),
    [
        (np.ones((4, 4)), np.ones((1, 1, 2, 2)), {}, "an image must be \\(batch, channels, height, width\\)"),
        (IMAGE, np.ones((1, 2, 2, 2)), {}, "the image has 1 channel, but the kernel takes 2"),
        (IMAGE, np.ones((3, 1, 2, 2)), {"groups": 2}, "3 channels out cannot be divided into 2 groups"),
        (IMAGE, np.ones((1, 1, 5, 2)), {}, "a window of 5×2 does not fit into 4×4"),
        (IMAGE, np.ones((1, 1, 2, 2)), {"stride": (0, 1)}, "stride must be two whole numbers from 1 up"),
        (IMAGE, np.ones((1, 1, 2, 2)), {"padding": (10**4, 10**4)}, "y would need 5.96 GB"),
    ],
)
def test_what_does_not_fit_is_said(x: Any, w: Any, settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RunError, match=sentence):
        convolved(x, w, **settings)


def test_of_equals_the_first_gets_the_whole_gradient() -> None:
    """PyTorch's choice, and JAX's."""
    graph = graph_of(
        ("x", "parameter", np.ones((1, 1, 2, 4))), ("y", "max_pool2d", ["x"]), ("L", "sum", ["y"]), target="L"
    )
    assert np.array_equal(run(graph).gradient("x"), [[[[1, 0, 1, 0], [0, 0, 0, 0]]]])


@pytest.mark.parametrize("op", ["conv2d", "max_pool2d", "avg_pool2d"])
@pytest.mark.parametrize("padding", [(1, 0), (0, 1), (1, 1)])
def test_what_comes_back_has_no_padding_on_any_side(op: str, padding: tuple[int, int]) -> None:
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    kernel = [("w", "constant", np.ones((1, 1, 2, 2)))] if op == "conv2d" else []
    rows = [("x", "parameter", x), *kernel, ("y", op, ["x", *(id for id, _, _ in kernel)]), ("L", "sum", ["y"])]
    settings = {"padding": padding, **({} if kernel else {"stride": (1, 1)})}
    gradient = run(graph_of(*rows, target="L", settings={"y": settings})).gradient("x")
    assert gradient is not None and gradient.shape == x.shape
    assert op != "conv2d" or gradient[0, 0, 1, 1] == 4 == gradient[0, 0, 2, 2]
