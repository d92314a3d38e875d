"""Every op and every backward rule far out and close to 0: no nan where there is a number, and the number is right."""

from itertools import product

import numpy as np
import pytest

from engine.ops.kernel import bind, bind_text
from engine.ops.op import OPS
from engine.passes.compile import Compiled
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import run
from tests.building import graph_of
from tests.engine.probing import computed, values

PROBES = (0.0, 1e-8, -1e-8, 30.0, -30.0, 1000.0, -1000.0)
COMPUTED = [op for op in OPS.values() if not op.is_leaf]


def gives_a_number(op):
    y = computed(op, values(op, ((),) * op.fewest))
    return y is not None and not y.ndim


SCALAR = [op for op in COMPUTED if gives_a_number(op)]
VECTORS = {"softmax": 1, "log_softmax": 1, "sum": 1, "mean": 1, "reshape": 1, "dot": 2, "matmul": 2, "concat": 2}

each_scalar = pytest.mark.parametrize("op", SCALAR, ids=lambda op: op.name)


def has_no_slope(op, given):
    """Where there is no finite slope, or none at all: at declared troubles and kinks, and at the edge of a root."""
    texts = [trouble.when for trouble in op.troubles]
    near = 1e-12 * max(map(abs, given))
    corner = op.kink and abs(bind_text(op, op.kink, len(given))(*given)) <= near
    if op.name in ("mod", "floor_div") and abs(given[0]) > 100 * abs(given[1]):
        return True  # its steps lie closer to each other than the probes
    edge = (op.name == "sqrt" and given[0] == 0) or (op.name == "pow" and given[0] <= 0)
    return corner or edge or any(bind_text(op, text, len(given))(*given) for text in texts)


def slope(op, port, given):
    """The central difference in extended precision, and how far rounding may have moved it."""
    forward = bind(op, len(given)).forward
    near = abs(given[port])
    h = np.longdouble(near * 1e-7 if near >= 1 else (near or 1e-6) * 1e-4)
    sides = [[np.longdouble(x) + (i == port) * by for i, x in enumerate(given)] for by in (h, -h)]
    above, below = (forward(*side) for side in sides)
    slack = 1e-18 * max(abs(above), abs(below)) / h
    return (above - below) / (2 * h), slack


@each_scalar
def test_no_nan_where_there_is_a_number_and_the_slope_is_the_slope(op):
    kernel, checked = bind(op, op.fewest), 0
    for numbers in product(PROBES, repeat=op.fewest):
        given = [np.float64(x) for x in numbers]
        with np.errstate(all="ignore"):
            if has_no_slope(op, given):
                continue
            y = kernel.forward(*given)
            assert not np.isnan(y), numbers
            for port, vjp in enumerate(kernel.vjps):
                extra = (y,) if vjp.is_local else (y, np.float64(1.0))
                found = np.float64(1.0) if vjp.call is None else np.sum(vjp.call(*given, *extra))
                assert not np.isnan(found), (numbers, port)
                expected, slack = slope(op, port, given)
                if np.isfinite(y) and np.isfinite(expected):
                    checked += 1
                    assert abs(found - expected) <= 1e-5 * max(1, abs(expected)) + slack, (numbers, port)
    assert checked, "nothing was compared"


@each_scalar
def test_the_compiled_program_says_the_same_there(op):
    for numbers in product(PROBES, repeat=op.fewest):
        leaves = [(f"a{i}", "parameter", x) for i, x in enumerate(numbers)]
        graph = graph_of(*leaves, ("y", op.name, [id for id, _, _ in leaves]), target="y")
        stepped, compiled = run(graph), Compiled(make_plan(graph))(leaf_values(graph))
        np.testing.assert_allclose(compiled.value, stepped.value("y"), rtol=1e-13, atol=1e-300)
        for id, _, _ in leaves:
            np.testing.assert_allclose(compiled.gradients[id], stepped.gradient(id), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("name", VECTORS)
def test_ops_along_an_axis_give_numbers_there_too(name):
    op = OPS[name]
    kernel = bind(op, VECTORS[name])
    for pair in product(PROBES, repeat=2):
        given = [np.array(pair)] * VECTORS[name]
        with np.errstate(all="ignore"):
            y = kernel.forward(*given)
            g = np.linspace(1.0, 2.0, np.size(y)).reshape(np.shape(y))[()]
            found = [vjp.call(*given, y, g) for vjp in kernel.vjps]
        assert np.isfinite(y).all() and all(np.isfinite(x).all() for x in found), pair


@pytest.mark.parametrize("target", [(0.0,), (1.0,), (0.0, 1.0), (1.0, 0.0)])
def test_cross_entropy_gives_numbers_for_any_logits(target):
    kernel = bind(OPS["cross_entropy"], 2)
    t = np.array(target) if len(target) > 1 else np.float64(target[0])
    for logits in product(PROBES, repeat=2):
        z = np.array(logits)
        with np.errstate(all="ignore"):
            y = kernel.forward(z, t)
            found = [vjp.call(z, t, y) for vjp in kernel.vjps]
        assert np.isfinite(y) and all(np.isfinite(x).all() for x in found), logits
        right = z[int(target[-1])]
        assert y == pytest.approx(np.logaddexp(*(z - right)), abs=1e-12)
