"""The reference of every op, walked one by one: its formulas are equal to what it computes, its curves are its own."""

from __future__ import annotations

import numpy as np
import pytest

from engine.ops.kernel import bind
from engine.ops.op import OPS, Op, get_op
from engine.show.reference import FROM, POINTS, TO, port_count, reference, shapes_of

CURVED = [op for op in OPS.values() if reference(op).sketch]
H = 1e-6


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_every_op_has_a_formula_and_says_what_comes_back_to_each_input(op: Op) -> None:
    found = reference(op)
    if op.is_leaf:
        assert found.equations == () and found.sketch is None
        return
    assert len(found.equations) == len(found.said) >= 1 and found.said[0].startswith("y = ")
    derivatives = found.said[1:]
    assert len(derivatives) == port_count(op) or found.jacobian, "in a formula, or in words"
    assert all(said.startswith(("∂y/∂", "∂L/∂")) for said in derivatives)
    for text in (*found.said, *found.jacobian, *found.conventions, *found.cautions, found.written_for):
        assert "{" not in text and "in0" not in text, text
    for sides in found.equations:
        assert len(sides) == 2 and all(side.strip() for side in sides)


@pytest.mark.parametrize("op", CURVED, ids=lambda op: op.name)
def test_a_curve_is_the_op_and_its_slope_is_that_of_the_curve(op: Op) -> None:
    sketch = reference(op).sketch
    assert sketch is not None
    xs = np.linspace(FROM, TO, POINTS)
    forward = bind(op, 1).forward
    with np.errstate(all="ignore"):
        ys, above, below = (np.asarray(forward(xs + h), dtype=float) for h in (0.0, H, -H))
    drawn = np.isfinite(sketch.ys)
    assert drawn.sum() > POINTS // 3
    assert np.array_equal(sketch.ys[drawn], ys[drawn])
    slopes = (above - below) / (2 * H)
    smooth = np.isfinite(sketch.slopes) & np.isfinite(slopes) & (np.abs(slopes) < 1e3)
    if op.kink or reference(op).conventions:
        smooth &= np.abs(xs - np.round(xs)) > 10 * H  # their corners are at whole numbers
    assert smooth.sum() > POINTS // 3
    assert np.allclose(sketch.slopes[smooth], slopes[smooth], rtol=1e-4, atol=1e-6)


def test_what_is_known_by_heart() -> None:
    said = {name: reference(OPS[name]).said for name in ("mul", "sigmoid", "matmul", "mse", "add")}
    assert said["mul"] == ("y = a · b", "∂y/∂a = b", "∂y/∂b = a")
    assert said["sigmoid"][1:] == ("∂y/∂x = y · (1 − y)",)
    assert said["matmul"][1:] == ("∂L/∂a = (∂L/∂y) @ bᵀ", "∂L/∂b = aᵀ @ (∂L/∂y)")
    assert said["mse"][1] == "∂y/∂o = 2 · (o − t)" and said["add"][1] == "∂y/∂a = 1"
    assert any("gate counts as closed" in sentence for sentence in reference(OPS["relu"]).conventions)
    assert "At x = 0: value 0, slope 0. At 0 the gate is closed." in reference(OPS["relu"]).conventions
    assert reference(OPS["log"]).cautions and reference(OPS["matmul"]).written_for.startswith("Written for a of shape")


def test_a_curve_has_a_gap_where_it_jumps() -> None:
    relu, sign = (reference(OPS[name]).sketch for name in ("relu", "sign"))
    assert relu is not None and sign is not None
    assert np.isnan(relu.slopes).sum() == 1 and not np.isnan(relu.ys).any()
    assert np.isnan(sign.ys).any()


def test_shapes_fit() -> None:
    for op in OPS.values():
        if not op.is_leaf:
            shapes, shape = shapes_of(op)
            with np.errstate(all="ignore"):
                assert np.shape(bind(op, port_count(op)).forward(*map(np.ones, shapes))) == shape


def test_of_an_op_that_is_not_known_nothing_is_said() -> None:
    found = reference(get_op("frobnicate"))
    assert not (found.equations or found.said or found.written_for or found.jacobian or found.sketch)
