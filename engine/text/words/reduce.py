"""Sums, means, extremes and spreads: over all elements, unless an axis is given, as in NumPy and PyTorch."""

import math
from typing import Any

from engine.text.call import Call, word
from engine.text.dtypes import refuse_whole
from engine.text.state import Known
from engine.text.things import Array, Beside, Ref, Several, Thing, all_numbers, is_number, number_of


def reduced(call: Call, op: str, x: Ref | None = None, **settings: Any) -> Ref:
    """A node that reduces, over the axes that the call says."""
    ref = call.operand("x") if x is None else x
    said: dict[str, Any] = dict(settings)
    axis = call.plain("axis")
    if axis is not None:
        said["axis"] = tuple(axis) if isinstance(axis, list) else axis
    if call.flag("keep"):
        said["keep"] = True
    return call.make(op, ref, **said)


def _take(call: Call, more: str = "") -> Call:
    """x, axis and keep by place, as the library has them: NumPy's third place is a dtype."""
    if len(call.args) > 2 and call.speech == "numpy":
        call.refuse(f"give the arguments of {call.called} beyond the axis by name", call.args[2])
    refuse_whole(call)
    return call.take(f"x axis keep {more}".strip())


def _items(call: Call) -> list[Thing] | None:
    """The list whose things are reduced: sum([a, b])."""
    thing = call.reading.value(call.args[0]) if call.args else None
    if isinstance(thing, (list, tuple)):
        return list(thing)
    return None


@word("sum", "nansum", "fsum")
def _sum(call: Call) -> Thing:
    items = _items(call)
    if call.is_own and _is_table(items):
        return reduced(_take(call), "sum")  # in Python a mistake: no list is added to the 0 that it begins with
    if items is not None and (call.is_own or call.called == "fsum" or len(call.args) + len(call.words) == 1):
        return _sum_of_list(call, items)
    _check_python_sum(call)
    if call.called == "nansum":
        call.refuse("nansum leaves nan out, and no operation here does: write sum(x)")
    return reduced(_take(call), "sum")


def _is_table(items: list[Thing] | None) -> bool:
    """Whether these are lists of numbers: the rows of an array that is written out."""
    return bool(items) and all_numbers(items) and not any(map(is_number, items or ()))


def _sum_of_list(call: Call, items: list[Thing]) -> Thing:
    """Python's sum: what is listed, added up from the start that is given."""
    start = call.args[1] if len(call.args) > 1 else call.words.get("start")
    if start is not None:
        first = call.reading.value(start)
        items = items if is_number(first) and number_of(first) == 0 else [first, *items]
    if all(is_number(item) for item in items):
        return sum(number_of(item) for item in items)
    if call.library in ("torch", "jax"):
        call.refuse("a list is not a tensor: write torch.stack([…]).sum(), or sum([…])")
    if call.library and not all(_is_single(call, item) for item in items):
        return call.make("sum", call.part("stack", *(call.reading.operand(item, call.node) for item in items)))
    refs = [call.reading.operand(item, call.args[0]) for item in items]
    if len(refs) == 1:
        return refs[0]
    return call.make("add", *refs)


def _is_single(call: Call, item: Thing) -> bool:
    """Whether this is one number: then the sum of a list is the sum of its things."""
    return is_number(item) or (isinstance(item, Ref) and call.reading.made.shape(item) == ())


def _check_python_sum(call: Call) -> None:
    """Python's own sum adds the rows of a matrix; NumPy's and PyTorch's add all of its elements."""
    if (
        not call.is_own
        or not call.reading.libraries
        or len(call.args) != 1
        or call.words
        or "sum" in call.reading.imports
    ):
        if call.is_own and len(call.args) > 1:
            call.refuse("say which axis by name, as in sum(x, axis=0)", call.args[1])
        return
    thing = call.reading.value(call.args[0])
    shape = call.reading.made.shape(thing) if isinstance(thing, Ref) else None
    if shape is not None and len(shape) > 1:
        call.refuse(
            "Python's own sum adds the rows only: write x.sum() for all elements, or sum(x, axis=0) for the rows"
        )


@word("mean", "average", "nanmean")
def _mean(call: Call) -> Thing:
    items = _items(call)
    if call.called == "nanmean":
        call.refuse("nanmean leaves nan out, and no operation here does: write mean(x)")
    if items is not None and not items:
        call.refuse("an empty list has no mean")
    if items is not None and not all_numbers(items):
        refs = [call.reading.operand(item, call.args[0]) for item in items]
        call.args[0] = Known(call.part("stack", *refs) if len(refs) > 1 else refs[0], call.args[0])
    return reduced(_take(call), "mean")


@word("prod", "product")
def _prod(call: Call) -> Thing:
    items = _items(call)
    if items is not None and all(is_number(item) for item in items):
        return math.prod(number_of(item) for item in items)
    if items is not None:
        return _folded(call, "mul", items)
    return reduced(_take(call), "prod")


@word("amax", "amin")
def _extreme(call: Call) -> Ref:
    return reduced(_take(call), call.called)


@word("logsumexp")
def _logsumexp(call: Call) -> Ref:
    return reduced(call.take("x axis keep"), "logsumexp")


@word("ptp")
def _ptp(call: Call) -> Ref:
    call.take("x axis keep")
    x, axis = call.operand("x"), call.plain("axis")
    said = {} if axis is None else {"axis": axis}
    return call.make("sub", call.part("amax", x, **said), call.part("amin", x, **said))


# --- the larger and the smaller


@word("max", "min")
def _max_or_min(call: Call) -> Thing:
    """max(a, b), max([a, b, c]), max(x), max(x, axis=0), torch.max(x, 0), x.max()."""
    if not call.args:
        call.refuse(f"{call.called} needs values: write {call.called}(a, b)")
    items = _items(call)
    if items is not None and not call.words and (len(call.args) == 1):
        if items and all(is_number(item) for item in items):
            return (max if call.called == "max" else min)(number_of(item) for item in items)
        if _is_table(items) and call.speech == "numpy":
            return _of_one(call)
        if _is_table(items) and call.is_own:
            call.refuse(
                f"Python compares lists by their first numbers: write np.{call.called}(…) for one of all numbers"
            )
        if call.library:
            call.refuse(f"a list is not an array: write {call.called}(…) of its values, or stack them first")
        return _folded(call, call.called, items)
    if len(call.args) == 1:
        return _of_one(call)
    if call.speech == "numpy" and call.library != "math":
        return _along_second(call)
    if call.library in ("torch", "method"):
        return _torch(call)
    things = [call.reading.value(arg) for arg in call.args]
    if all(is_number(thing) for thing in things) and things:
        return (max if call.called == "max" else min)(number_of(thing) for thing in things)
    if call.words:
        call.take("x b")
    return _folded(call, call.called, things)


def _of_one(call: Call) -> Thing:
    is_axis, is_dim = "axis" in call.words, "dim" in call.words
    if is_dim and not (is_axis or call.speech == "numpy"):
        return _with_indices(call.take("x axis keep"))
    return reduced(call.take("x axis keep"), f"a{call.called}")


def _along_second(call: Call) -> Ref:
    """NumPy's second argument is an axis."""
    call.take("x axis keep")
    if not call.is_plain("axis") or _is_value(call, "axis"):
        call.refuse(
            f"NumPy takes an axis here: for the larger or smaller of two write np.{call.called}imum(a, b)", call.args[1]
        )
    return reduced(call, f"a{call.called}")


def _is_value(call: Call, name: str) -> bool:
    return isinstance(call.plain(name), float)


def _torch(call: Call) -> Thing:
    """PyTorch's second argument is an axis where it is a whole number, and the other side where it is a tensor."""
    second = call.reading.value(call.args[1])
    axis = (
        call.reading.typed_number(second)
        if not isinstance(second, Ref) or call.reading.kind(second) != "torch"
        else None
    )
    first = call.reading.value(call.args[0])
    is_own_kind = isinstance(first, Ref) and call.reading.made.kinds.get(first.node) == "torch"
    if isinstance(second, Ref) and not (is_own_kind and isinstance(axis, int)):
        return call.take("x b").make(call.called, call.operand("x"), call.operand("b"))
    if isinstance(axis, int):
        if call.library == "method" and not call.speech:
            call.refuse("NumPy gives the extremes here, PyTorch their places too: say which, as in np.max(x, axis=0)")
        return _with_indices(call.take("x axis keep"))
    return call.take("x b").make(call.called, call.operand("x"), call.operand("b"))


def _with_indices(call: Call) -> Several:
    """torch.max(x, dim) gives the values and where they stand."""
    _remark_on_ties(call)
    indices = Beside("the place of the largest or smallest", "it is a whole number, which has no gradient")
    return Several({"values": reduced(call, f"a{call.called}"), "indices": indices})


def _remark_on_ties(call: Call) -> None:
    """PyTorch gives the place of one extreme, and to that alone the gradient."""
    value, axis = call.reading.made.value(call.operand("x")), call.plain("axis")
    if value is None or not isinstance(axis, int) or not -value.ndim <= axis < value.ndim:
        return
    best = (value.max if call.called == "max" else value.min)(axis=axis, keepdims=True)
    if ((value == best).sum(axis=axis) > 1).any():
        call.reading.remark(
            f"in a tie the gradient is split evenly; torch.{call.called} with a dim gives it all to one"
        )


def _folded(call: Call, op: str, items: list[Thing]) -> Thing:
    """The op between the first two, then with each other one."""
    if not items:
        call.refuse(f"{call.called} needs something to choose from")
    refs = [call.reading.operand(item, call.node) for item in items]
    if len(refs) == 1 and call.is_own:
        call.refuse(f"{op} takes 2 inputs, not 1") if op == "mul" else None
        return refs[0]
    while len(refs) > 2:
        refs[:2] = [call.part(op, *refs[:2])]
    return call.make(op, *refs)


# --- spreads


@word("var", "std")
def _spread(call: Call) -> Ref:
    """NumPy divides by n, PyTorch by n − 1, unless they are told."""
    if call.speech == "torch":
        call.take("x axis unbiased keep correction", ignored="")
    else:
        call.take("x axis ddof keep unbiased correction" if call.is_own else "x axis keep ddof unbiased correction")
        if len(call.args) > 2 and not call.is_own:
            call.refuse(f"give the arguments of {call.called} beyond the axis by name", call.args[2])
    told = [name for name in ("ddof", "correction", "unbiased") if call.has(name)]
    if not told and not call.speech and not call.is_own:
        call.refuse(
            f"NumPy divides by n here, PyTorch by n − 1: say which, as in np.{call.called}(x) or torch.{call.called}(x)"
        )
    if isinstance(call.plain("axis"), bool):  # torch.var(x, False)
        call.refuse(f"say it by name: {call.called}(x, unbiased=…)")
    return reduced(call, call.called, None, **_ddof(call, told))


def _ddof(call: Call, told: list[str]) -> dict[str, int]:
    if not told:
        return {"ddof": 1} if call.speech == "torch" else {}
    if told[0] == "unbiased":
        return {"ddof": 1} if call.flag("unbiased") else {}
    found = call.plain(told[0])
    return {"ddof": found} if found else {}


@word("norm", "vector_norm")
def _norm(call: Call) -> Ref:
    """The 2-norm of all elements; of vectors the 1-norm and the ∞-norm too."""
    call.take("x ord axis keep p")
    order = call.plain("ord", call.plain("p", None))
    if order in (None, "fro", 2, 2.0):
        if order in (2, 2.0) and call.called == "norm" and _axes(call) != 1 and _is_matrix_norm(call):
            call.refuse("the 2-norm of a matrix is its largest singular value, which has no operation; write norm(x)")
        return reduced(call, "norm")
    if _axes(call) != 1 and call.called == "norm" and _is_matrix_norm(call):
        call.refuse("this norm of a matrix has no operation: write it out with sums and amax")
    if order == 1:
        return reduced(call, "sum", call.part("abs", call.operand("x")))
    if order == math.inf or order == "inf":
        return reduced(call, "amax", call.part("abs", call.operand("x")))
    call.refuse(f"the norm of order {order} has no operation: write sum(abs(x) ** p) ** (1 / p)")


def _axes(call: Call) -> int:
    axis = call.plain("axis")
    return 0 if axis is None else len(axis) if isinstance(axis, (list, tuple)) else 1


def _is_matrix_norm(call: Call) -> bool:
    """Of torch.norm and x.norm every value is one long vector; of linalg.norm a matrix is a matrix."""
    if (call.library == "torch" and call.has("p")) or call.library == "method":
        return False
    thing = call.thing("x")
    shape = call.reading.made.shape(thing) if isinstance(thing, Ref) else None
    shape = thing.data.shape if isinstance(thing, Array) else shape
    return shape is None or len(shape) > 1
