"""What is foreseen of an op's size is what it makes: for every op, every setting, every shape that it takes."""

import numpy as np
import pytest

from engine.ops.kernel import bind
from engine.ops.op import OPS
from engine.ops.words.outlines import Outline, TooLong, broadcast
from engine.ops.words.table import OUTLINES, WORDS
from tests.engine.ops.test_ops import arities, each_computed, variants
from tests.engine.probing import accepted_inputs, usual

GREATEST = 12  # times the largest array at hand: more would refuse what is harmless


def kernel_of(op, arity, settings):
    return bind(op, arity, tuple(sorted((usual(op, arity) | settings).items())))


@each_computed
def test_what_is_foreseen_holds_the_value_and_is_not_much_more(op):
    tried = 0
    for settings in variants(op):
        for arity in arities(op):
            for inputs in accepted_inputs(op, arity, settings, most=12):
                kernel, tried = kernel_of(op, arity, settings), tried + 1
                need = kernel.need(tuple(x.shape for x in inputs))
                with np.errstate(all="ignore"):
                    size = kernel.forward(*inputs).size
                assert size <= need <= GREATEST * max(size, *(x.size for x in inputs)), (settings, inputs)
    assert tried


@each_computed
def test_what_is_foreseen_of_a_contribution_holds_it_before_it_is_summed_back(op):
    for arity in arities(op):
        for inputs in accepted_inputs(op, arity, most=12):
            kernel = kernel_of(op, arity, {})
            with np.errstate(all="ignore"):
                y = kernel.forward(*inputs)
            g = np.ones(y.shape)[()]
            for vjp in kernel.vjps:
                if vjp.need is not None and vjp.call is not None:
                    with np.errstate(all="ignore"):
                        sent = g * vjp.call(*inputs, y) if vjp.is_local else vjp.call(*inputs, y, g)
                    need = vjp.need((*(x.shape for x in inputs), y.shape, g.shape))
                    largest = max(sent.size, y.size, *(x.size for x in inputs))
                    assert sent.size <= need <= GREATEST * largest, (inputs, vjp)


@pytest.mark.parametrize(
    "op, settings, shapes, least",
    [
        ("outer", {}, ((10**6,), (10**6,)), 10**12),
        ("add", {}, ((10**6, 1), (1, 10**6)), 10**12),
        ("matmul", {}, ((10**6, 1), (1, 10**6)), 10**12),
        ("linear", {}, ((10**6, 1), (10**6, 1), (10**6,)), 10**12),
        ("einsum", {"subscripts": "i,j->ij"}, ((10**4,), (10**5,)), 10**9),
        ("index", {"at": "[0, 0, 0, 0]"}, ((10, 10**9),), 4 * 10**9),
        ("conv2d", {"padding": (10**5, 10**5)}, ((1, 1, 2, 2), (1, 1, 2, 2)), 4 * 10**10),
        ("mse", {}, ((10**6,), (10**6, 1)), 10**12),
    ],
)  # fmt: skip
def test_the_way_a_few_numbers_become_many_is_seen_without_making_them(op, settings, shapes, least):
    try:
        assert bind(OPS[op], len(shapes), tuple(settings.items())).need(shapes) >= least
    except TooLong:
        assert op == "conv2d"


def test_what_takes_minutes_is_refused_with_its_count():
    kernel = bind(OPS["einsum"], 3, (("subscripts", "a,b,c->"),))
    with pytest.raises(TooLong, match=r"it would add up 1.000.000.000.000 products; at most 2.000.000.000 are"):
        kernel.need(((10**4,),) * 3)


def test_no_op_grows_out_of_single_numbers():
    """Those that do are asked before each run; a run of numbers alone would pay for it."""
    assert not [name for name, op in OPS.items() if op.ports and bind(op, op.fewest).grows]


def test_every_word_has_an_outline():
    assert OUTLINES.keys() == WORDS.keys()


@pytest.mark.parametrize("shapes", [((3, 1), (1, 4)), ((), (2, 3)), ((5,), (2, 1, 5), (1, 1)), ((0, 1), (1, 3))])
def test_outlines_broadcast_as_numpy_does(shapes):
    assert broadcast(shapes) == np.broadcast_shapes(*shapes)
    assert (Outline(shapes[0]) + Outline(shapes[1])).shape == np.broadcast_shapes(*shapes[:2])


def test_outlines_that_do_not_broadcast_say_so():
    with pytest.raises(ValueError):
        broadcast([(2,), (3,)])
