"""Inputs for any op, found by trying shapes: an op declared tomorrow is tested by what is here today."""

from itertools import product

import numpy as np

from engine.ops.kernel import bind

# Numbers, vectors, matrices, batches; lengths that fit, that broadcast, and that do not.
SHAPES = [(), (3,), (2, 3), (1,), (3, 3), (2, 1), (3, 2), (4, 2, 3), (2,), (1, 3)]
# Of ops that take none of these: shapes of their own.
OWN_SHAPES = {
    "conv2d": [
        ((2, 1, 4, 3), (2, 1, 2, 2)),
        ((1, 2, 3, 3), (1, 2, 3, 2)),
        ((1, 2, 4, 4), (2, 2, 1, 1)),
        ((1, 2, 3, 4), (2, 1, 2, 2)),
    ],
    "embedding": [((3,), (4, 2)), ((2, 3), (3, 2)), ((), (2, 3))],
    "causal_mask": [((2, 3),), ((3, 3),), ((3, 2),), ((2, 3, 3),)],
    "max_pool2d": [((2, 1, 4, 4),), ((1, 2, 5, 3),)],
    "avg_pool2d": [((2, 1, 4, 4),), ((1, 2, 5, 3),)],
}  # fmt: skip
MISFITS = (ValueError, IndexError, TypeError)


def accepted_shapes(op, arity=None, settings=None):
    """The shapes, one for each input, that an op takes."""
    arity = arity or len(op.ports)
    for shapes in OWN_SHAPES.get(op.name) or product(SHAPES, repeat=arity):
        if computed(op, values(op, shapes), settings) is not None:
            yield shapes


def accepted_inputs(op, arity=None, settings=None, most=None, seed=0):
    """Random inputs inside the op's domain, of every shape that it takes (or of `most` of them, spread out)."""
    found = list(accepted_shapes(op, arity, settings))
    step = 1 if most is None else max(1, len(found) // most)
    for shapes in found[::step]:
        yield values(op, shapes, seed)


def values(op, shapes, seed=0):
    """Numbers inside the op's domain, no two of them equal, so that none is at a tie."""
    rng = np.random.default_rng(seed)
    low, high = op.domain
    found = [rng.uniform(low, high, shape)[()] for shape in shapes]
    if op.name == "embedding":  # ids of rows
        found[0] = np.float64(rng.integers(0, (shapes[1] or (1,))[0], shapes[0]))[()]
    return found


def usual(op, arity):
    """Settings with which an op takes that many inputs, and with which finite differences see all of them."""
    if op.name == "causal_mask":  # beside −10,000 the others have few digits
        return {"fill": -1.0}
    return {"subscripts": {1: "i->", 2: "i,i->"}[arity]} if op.name == "einsum" else {}


def computed(op, inputs, settings=None):
    """What an op makes of inputs, or None if their shapes do not fit."""
    kernel = bind(op, len(inputs), tuple(sorted((usual(op, len(inputs)) | (settings or {})).items())))
    try:
        with np.errstate(all="ignore"):
            return kernel.forward(*inputs)
    except MISFITS:
        return None
