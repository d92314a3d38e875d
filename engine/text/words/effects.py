"""What is called for its effect: backward and gradients choose the target; prints and optimisers change no value."""

from typing import Any

import numpy as np

from engine.text.attributes import GRADIENT
from engine.text.binding import MOVED
from engine.text.call import Call, word
from engine.text.calls import run
from engine.text.functions import apply
from engine.text.looks import changes_something
from engine.text.state import Known
from engine.text.things import (
    Array,
    Beside,
    Callee,
    Defined,
    LibraryWord,
    Ref,
    Thing,
    all_numbers,
    as_lists,
    is_number,
)

_TWICE = "backward is called twice, and the gradients would add up: call it once, on the sum"


def choose(call: Call, ref: Ref, seed: float = 1.0) -> None:
    """Make a node the target, with what is put into it."""
    reading = call.reading
    if reading.chosen and not reading.zeroed:
        call.refuse(_TWICE)
    if reading.made.graded - {ref.node}:
        said = "what backward gives would be added to the gradient that is set by hand: set it to None, or leave it out"
        call.refuse(said)
    reading.target, reading.seed, reading.chosen, reading.zeroed = ref.node, seed, True, False
    reading.moved_on = True


@word("method.backward")
def _backward(call: Call) -> Thing:
    call.take("x gradient retain_graph create_graph inputs")
    if call.has("create_graph") and call.thing("create_graph"):
        call.refuse("only first derivatives are worked out: leave create_graph out")
    ref = call.operand("x")
    shape = call.reading.made.shape(ref)
    given = call.has("gradient") and call.thing("gradient") is not None
    if not given and shape is not None and int(np.prod(shape)) != 1 and call.reading.kind(ref) == "torch":
        call.refuse("backward of several numbers needs a gradient for each: write y.sum().backward()")
    choose(call, ref, _seed(call) if given else 1.0)
    return Beside("what backward gives")


def _seed(call: Call) -> float:
    """The one number that goes into the target, or into each of its elements."""
    thing, place = call.thing("gradient"), call.expression("gradient")
    if isinstance(thing, Ref):
        value = call.reading.made.value(thing)
        if value is None or not call.reading.made.nodes[thing.node].op.is_leaf:
            call.refuse("the gradient that is put in must be a number", place)
        call.reading.as_number.add(thing.node)
        numbers: Any = np.asarray(value)
    elif isinstance(thing, Array):
        numbers = thing.data
    elif is_number(thing) or all_numbers(thing):
        numbers = call.reading.array(as_lists(thing), place)
    else:
        call.refuse("the gradient that is put in must be a number", place)
    first = float(np.ravel(numbers)[0])
    if not (np.asarray(numbers) == first).all() or not np.isfinite(first):
        hint = "for another one for each write (y * v).sum().backward()"
        call.refuse(f"the gradient that is put in must be one number, the same for every element: {hint}", place)
    return first


@word("autograd.backward")
def _autograd_backward(call: Call) -> Thing:
    """torch.autograd.backward(f) is f.backward()."""
    call.take("tensors", ignored="retain_graph")
    choose(call, call.operand("tensors"))
    return Beside("what backward gives")


@word("autograd.grad")
def _autograd_grad(call: Call) -> Thing:
    """torch.autograd.grad(f, [x, y]); of the package autograd, grad(f) makes a function."""
    if call.library != "torch":
        return _grad(call)
    call.take("outputs inputs grad_outputs retain_graph create_graph", ignored="allow_unused")
    if call.has("create_graph") and call.thing("create_graph"):
        call.refuse("only first derivatives are worked out: leave create_graph out")
    seed = 1.0
    if call.has("grad_outputs") and call.thing("grad_outputs") is not None:
        call.words = {}
        call.args = [Known(call.thing("outputs"), call.node), call.expression("grad_outputs")]
        call.take("x gradient")
        seed = _seed(call)
        choose(call, call.operand("x"), seed)
    else:
        choose(call, call.operand("outputs"), seed)
    return GRADIENT


@word("grad", "value_and_grad", "jax.grad", "elementwise_grad")
def _grad(call: Call) -> Thing:
    """jax.grad(f): a function whose call chooses what f gives as the target."""
    if call.library == "method" or (call.library == "torch"):
        call.refuse("write torch.autograd.grad(f, x), or f.backward()")
    call.take("f argnums has_aux", ignored="holomorphic allow_int argnum")
    function, both = call.thing("f"), call.called == "value_and_grad"
    if isinstance(function, Callee) and function.title == "gradient":
        call.refuse("only first derivatives are worked out")
    if not isinstance(function, (Defined, Callee, LibraryWord)):
        call.refuse(f"{call.called} takes a function of the text")

    def gradient(later: Call) -> Thing:
        later.name = function.name if isinstance(function, Defined) and function.name != "lambda" else None
        made = apply(later.reading, function, later) if isinstance(function, Defined) else _call_thing(later, function)
        ref = later.reading.operand(made, later.node)
        choose(later, ref)
        return (ref, GRADIENT) if both else GRADIENT

    return Callee("gradient", gradient)


def _call_thing(call: Call, function: Thing) -> Thing:
    return run(call, function, call.reading.value(call.args[0]), call.name)


@word("jit", "checkpoint", "compile")
def _jit(call: Call) -> Thing:
    """A faster function is the same function."""
    return call.reading.value(call.args[0]) if call.args else Beside("a decorator")


# --- what changes no value


@word(
    "print",
    "display",
    "pprint",
    "draw_dot",
    "set_printoptions",
    "show",
    "set_default_dtype",
    "set_default_device",
    "use_deterministic_algorithms",
)
def _shown(call: Call) -> Thing:
    """What is shown changes nothing; but what it calls may: print(y.backward()), print(stack.pop())."""
    for arg in (*call.args, *call.words.values()):
        if changes_something(arg):
            call.reading.value(arg)
    return None


_PICTURES = (
    "plot", "scatter", "figure", "subplots", "title", "xlabel", "ylabel", "legend", "grid", "imshow", "savefig", "hist",
    "axvline", "axhline", "xlim", "ylim", "contourf", "colorbar", "axis", "tight_layout", "bar", "close",
)  # fmt: skip


@word(*(f"pyplot.{name}" for name in _PICTURES))
def _picture(call: Call) -> Thing:
    return Beside("a picture")


@word(
    "filterwarnings",
    "simplefilter",
    "config.update",
    "testing.assert_allclose",
    "testing.assert_close",
    "testing.assert_almost_equal",
    "assert_allclose",
    "time.time",
    "perf_counter",
    "set_detect_anomaly",
    "exit",
)
def _setting(call: Call) -> Thing:
    return Beside("a setting")


_OPTIMISERS = ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "LBFGS", "Adadelta", "NAdam")


@word(*_OPTIMISERS, "StepLR", "CosineAnnealingLR", "ExponentialLR", "LambdaLR")
def _optimiser(call: Call) -> Thing:
    call.reading.remark("the optimiser is left aside: training has settings of its own")
    parts: dict[str, Thing] = {"zero_grad": Callee("zero_grad", _zero), "step": Callee("step", _step)}
    return Callee("optimiser", lambda later: None, parts)


def _zero(call: Call) -> Thing:
    call.reading.zeroed = True
    return None


def _step(call: Call) -> Thing:
    """After a step every parameter holds another number: nothing that is read from then on would be true."""
    for id, node in call.reading.made.nodes.items():
        if node.op_name == "parameter":
            call.reading.stale[id] = MOVED.format(id)
    return None


@word("clip_grad_norm_", "clip_grad_value_")
def _clipped(call: Call) -> Thing:
    call.reading.remark("clipping the gradients is left aside: it changes only what is done with them")
    return None


@word("method.zero_grad", "method.retain_graph", "method.register_hook")
def _kept(call: Call) -> Thing:
    if call.called == "register_hook":
        call.refuse("a hook can change gradients, and is not understood here")
    return None


@word("device", "get_default_dtype", "dtype")
def _device(call: Call) -> Thing:
    return Beside("a device")
