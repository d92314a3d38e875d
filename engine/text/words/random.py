"""Random numbers: NumPy's very own where the text sets its seed, others of the kind elsewhere; a leaf filled anew."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.text.binding import set_value
from engine.text.call import Call, word
from engine.text.things import Array, Beside, Ref, Thing, is_number
from engine.text.words.arrays import checked_shape, library_of, says_it_learns, shape_asked, shape_of
from engine.values.literal import INITIALISERS, initialise

_UNKNOWN_NUMBERS = "its random numbers are not known here: others of the same kind stand in their place"


def drawn(call: Call, shape: tuple[int, ...], kind: str, *args: Any) -> Any:
    """The very numbers that NumPy makes from its seed; those of others are not known."""
    checked_shape(call, shape or (1,))
    generator = call.reading.random
    if call.library != "numpy" or generator is None:
        if call.reading.seeded:
            call.reading.remark(f"{call.called}: {_UNKNOWN_NUMBERS}")
        call.reading.stand_in = call.reading.stand_in or np.random.RandomState(0)
        generator = call.reading.stand_in
    make: Mapping[str, Callable[..., Any]] = {
        "normal": lambda: generator.normal(*(args or (0.0, 1.0)), size=shape or None),
        "random": lambda: generator.random_sample(shape or None),
        "uniform": lambda: generator.uniform(*args, size=shape or None),
        "whole": lambda: generator.randint(*args, size=shape or None),
        "standard": lambda: generator.standard_normal(shape or None),
    }
    try:
        return np.asarray(make[kind]())
    except (ValueError, TypeError, OverflowError):
        call.refuse(f"{call.called} cannot make numbers of this")


@word("randn", "rand", "random_sample", "standard_normal")
def _drawn(call: Call) -> Array:
    learns = says_it_learns(call)
    shape = shape_asked(call) if call.args or {"size", "shape"} & call.words.keys() else ()
    kind = "random" if call.called in ("rand", "random_sample") else "standard"
    return Array(drawn(call, shape, kind), "parameter" if learns else "", library_of(call))


@word("rand_like", "randn_like")
def _drawn_alike(call: Call) -> Array:
    learns = says_it_learns(call)
    shape = shape_of(call, call.take("x").thing("x"))
    kind = "standard" if call.called == "randn_like" else "random"
    return Array(drawn(call, shape, kind), "parameter" if learns else "", library_of(call))


@word("random.normal", "random.uniform", "torch.normal")
def _distributed(call: Call) -> Array:
    """np.random.normal(0, 1, (2, 3)), random.uniform(-1, 1), jax.random.normal(key, (2, 3))."""
    if call.library == "jax":
        call.take("key shape minval maxval dtype")
        shape = _size(call, "shape")
        args = (call.plain("minval", 0.0), call.plain("maxval", 1.0)) if call.called == "uniform" else ()
        return Array(drawn(call, shape, call.called, *args), "", "jax")
    call.take("low high size loc scale mean std mu sigma", ignored="")
    start, end = (0.0, 1.0)
    args = (
        call.plain("low", call.plain("loc", call.plain("mean", call.plain("mu", start)))),
        call.plain("high", call.plain("scale", call.plain("std", call.plain("sigma", end)))),
    )
    shape = _size(call, "size")
    return Array(drawn(call, shape, "uniform" if call.called == "uniform" else "normal", *args), "", library_of(call))


def _size(call: Call, *names: str) -> tuple[int, ...]:
    """A shape that may be left out: then it is one number."""
    said = next((size for name in names if (size := call.plain(name)) is not None), ())
    return checked_shape(call, tuple(said) if isinstance(said, (list, tuple)) else (said,))


@word("randint")
def _whole_numbers(call: Call) -> Array:
    call.take("low high size shape", ignored="")
    low, high = call.plain("low"), call.plain("high")
    shape = _size(call, "size", "shape")
    if isinstance(high, (tuple, list)):
        low, high, shape = 0, low, _size(call, "high")
    low, high = (0, low) if high is None else (low, high)
    return Array(drawn(call, shape, "whole", low, high), "", library_of(call))


@word("random.gauss", "random.random")
def _python_random(call: Call) -> Array:
    if call.called == "gauss":
        call.take("mu sigma")
        return Array(drawn(call, (), "normal", call.plain("mu", 0.0), call.plain("sigma", 1.0)), "", "")
    shape = shape_asked(call) if call.args or "size" in call.words else ()
    return Array(drawn(call, shape, "random"), "", library_of(call))


def _own_initialiser(call: Call) -> Array:
    """Gradloom's own fills: normal(2, 3, seed=1), xavier(16, 4)."""
    if not call.is_own:
        call.refuse(f"there is no operation “{call.called}” here: say it as np.random.{call.called}(…)")
    options = {name: call.plain_word(name) for name in list(call.words)}
    shape = _shape_of_arguments(call)
    try:
        return Array(initialise(call.called, shape, **options), "", "")
    except (ValueError, TypeError) as error:
        call.refuse(str(error))


def _shape_of_arguments(call: Call) -> tuple[Any, ...]:
    call.take(" ".join(f"n{i}" for i in range(len(call.args))))
    found = [call.plain(f"n{i}") for i in range(len(call.args))]
    return tuple(found[0]) if len(found) == 1 and isinstance(found[0], (list, tuple)) else tuple(found)


for _name in INITIALISERS:
    if _name not in ("zeros", "ones"):
        word(_name)(_own_initialiser)


def _set_numbers(call: Call) -> Thing:
    """w.fill_(0.5), w.normal_(), w.copy_(…), nn.init.zeros_(w): other numbers for a leaf that nothing has used yet."""
    call.take("x a b", ignored="nonlinearity mode gain generator")
    thing = call.thing("x")
    shape = shape_of(call, thing)
    a, b = (call.plain(name) if call.is_plain(name) else None for name in ("a", "b"))
    if not all(number is None or is_number(number) for number in (a, b)) and call.called != "copy_":
        call.refuse(f"{call.called} needs plain numbers")
    if call.called == "copy_":
        data: Any = call.thing("a")
        if not isinstance(data, (Array, Ref)) or (isinstance(thing, Array) and isinstance(data, Ref)):
            call.refuse("copy_ needs an array to copy from")
    elif call.called in ("fill_", "constant_") and a is None:
        call.refuse(f"{call.called} needs a plain number")
    elif call.called in ("zeros_", "zero_", "ones_", "fill_", "constant_"):
        data = np.full(shape, {"zeros_": 0.0, "zero_": 0.0, "ones_": 1.0}.get(call.called, a))
    else:
        fill = {
            "xavier_uniform_": "xavier",
            "xavier_normal_": "xavier",
            "kaiming_uniform_": "he",
            "kaiming_normal_": "he",
        }
        call.reading.remark(f"{call.called}: {_UNKNOWN_NUMBERS}")
        rule = fill.get(call.called)
        if rule:
            data = initialise(rule, checked_shape(call, shape or (0,)))
        else:
            low, high = (0.0 if a is None else a), (1.0 if b is None else b)
            data = drawn(call, shape, "uniform" if call.called == "uniform_" else "normal", low, high)
    to = data if not isinstance(data, np.ndarray) else Array(data)
    if isinstance(thing, Array):
        return Array(to.data, thing.op, thing.library)
    set_value(call.reading, thing, to, call.node)
    return thing


_FILLS = (
    "zeros_", "zero_", "ones_", "fill_", "constant_", "copy_", "normal_", "uniform_", "xavier_uniform_",
    "xavier_normal_",
    "kaiming_uniform_", "kaiming_normal_", "trunc_normal_",
)  # fmt: skip
for _name in _FILLS:
    word(f"init.{_name}", f"method.{_name}", f"array.{_name}")(_set_numbers)


@word("manual_seed", "random.seed", "set_seed", "seed")
def _seed(call: Call) -> Thing:
    call.take("seed")
    number = call.plain("seed", 0)
    call.reading.seeded = True
    if call.library == "numpy" and isinstance(number, int) and 0 <= number < 2**32:
        call.reading.random = np.random.RandomState(number)
    return Beside("a seed")


@word("default_rng", "PRNGKey", "random.key", "RandomState", "Generator")
def _generator(call: Call) -> Thing:
    call.reading.seeded = True
    return Beside(
        "a generator of random numbers", "its numbers are not known here; paste them, or use np.random.seed(…)"
    )
