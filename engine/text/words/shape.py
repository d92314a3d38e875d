"""Other shapes of the same elements: reshape, transpose, stack, join, split, products of vectors and matrices."""

import ast
from typing import Any

from engine.text.call import Call, word
from engine.text.state import Argument
from engine.text.things import Array, Ref, Thing, WrittenNumber, is_number
from engine.text.words.arrays import created


def _lengths(call: Call) -> tuple[Any, ...]:
    """A shape or a permutation, as one tuple or as several numbers."""
    order = " ".join(f"n{i}" for i in range(max(len(call.args) - 1, 1)))
    call.take(f"x {order} shape size axis", ignored="")
    if call.has("n0"):
        found: Any = [call.plain(f"n{i}") for i in range(len(call.args) - 1)] or [call.plain("n0")]
    else:
        found = [call.plain("shape", call.plain("size", call.plain("axis")))]
    if len(found) == 1 and isinstance(found[0], (list, tuple)):
        found = list(found[0])
    if not all(type(n) is int for n in found):
        call.refuse(f"{call.called} needs whole numbers here, as in {call.called}(2, 3)")
    return tuple(found)


@word("reshape", "view", "newshape")
def _reshape(call: Call) -> Ref:
    if "order" in call.words and call.words.pop("order") is not None:
        call.refuse("another order than by rows is not understood here: transpose first")
    if "newshape" in call.words:
        call.words["shape"] = call.words.pop("newshape")
    if call.is_own and len(call.args) == 1 and not call.words:
        return call.make("reshape", call.take("x").operand("x"))
    shape = _lengths(call)
    return call.make("reshape", call.operand("x"), shape=shape)


@word("reshape_as", "view_as")
def _reshape_as(call: Call) -> Ref:
    call.take("x b")
    shape = call.reading.made.shape(call.operand("b"))
    if shape is None:
        call.refuse("the shape that this is to have is not known here: write reshape(x, (…))")
    return call.make("reshape", call.operand("x"), shape=shape or (1,))


@word("flatten", "ravel")
def _flatten(call: Call) -> Ref:
    if call.called == "ravel" or call.speech == "numpy":
        call.take("x order")
        if call.has("order") and call.plain("order") != "C":
            call.refuse("another order than by rows is not understood here: transpose first")
        return call.make("flatten", call.operand("x"))
    call.take("x start end" if not call.is_own else "x start", ignored="")
    start = call.plain("start", 0)
    if call.plain("end", -1) != -1:
        call.refuse("flatten up to the last axis, or write reshape(x, (…))")
    return call.make("flatten", call.operand("x"), **({"start": start} if start else {}))


@word("transpose")
def _transpose(call: Call) -> Ref:
    """NumPy's arguments are a permutation; PyTorch's are two axes that change places."""
    if call.is_own:
        call.take("x axes")
        axes = call.plain("axes")
        return call.make("transpose", call.operand("x"), **({} if axes is None else {"axes": _tuple(axes)}))
    if len(call.args) == 1 and not call.words:
        return call.make("transpose", call.take("x").operand("x"))
    if {"dim0", "dim1"} & call.words.keys():
        return _swapped(call, "dim0", "dim1")
    if len(call.args) == 3 and call.speech == "torch":
        return _swapped(call, "axis1", "axis2")
    if len(call.args) == 3 and not call.speech:
        call.refuse(
            "NumPy reads a permutation here, PyTorch two axes: say it with np.transpose(x, (…)) or x.swapaxes(0, 1)"
        )
    permuted: Ref = _permute(call)
    return permuted


def _tuple(axes: Any) -> Any:
    return tuple(axes) if isinstance(axes, list) else axes


def _swapped(call: Call, first: str, second: str) -> Ref:
    call.take(f"x {first} {second}", exact=True)
    axes = {"axis1": first, "axis2": second}
    said = {setting: call.plain(given) for setting, given in axes.items() if call.has(given)}
    return call.make("swapaxes", call.operand("x"), **said)


@word("swapaxes", "swapdims")
def _swapaxes(call: Call) -> Ref:
    return _swapped(call, "axis1", "axis2")


@word("permute", "permute_dims")
def _permute(call: Call) -> Ref:
    for word_ in ("dims", "axes"):
        if word_ in call.words:
            call.words["axis"] = call.words.pop(word_)
    if call.is_own and len(call.args) == 1 and not call.words:
        return call.make("transpose", call.take("x").operand("x"))
    axes = _lengths(call)
    return call.make("transpose", call.operand("x"), axes=axes)


@word("t", "matrix_transpose", "adjoint")
def _t(call: Call) -> Ref:
    last = {"axes": "last"} if call.called != "t" else {}
    return call.make("transpose", call.take("x").operand("x"), **last)


@word("moveaxis", "movedim")
def _moveaxis(call: Call) -> Ref:
    call.take("x source destination")
    x, start, end = call.operand("x"), call.plain("source"), call.plain("destination")
    shape = call.reading.made.shape(x)
    if not shape or not isinstance(start, int) or not isinstance(end, int):
        call.refuse("which axes this has is not known here: write permute(x, (…))")
    order = [i for i in range(len(shape)) if i != start % len(shape)]
    order.insert(end % len(shape), start % len(shape))
    return call.make("transpose", x, axes=tuple(order))


@word("squeeze")
def _squeeze(call: Call) -> Ref:
    call.take("x axis")
    axis = call.plain("axis")
    return call.make("squeeze", call.operand("x"), **({} if axis is None else {"axis": axis}))


@word("unsqueeze", "expand_dims")
def _unsqueeze(call: Call) -> Ref:
    call.take("x axis")
    said = {"axis": call.plain("axis")} if call.has("axis") else {}
    return call.make("unsqueeze", call.operand("x"), **said)


# --- joined and taken apart


def _parts(call: Call) -> list[Ref]:
    """What is joined: the things of the list, or the arguments before the settings."""
    first = call.reading.value(call.args[0]) if call.args else call.reading.value(call.words.pop("tensors", call.node))
    if isinstance(first, (list, tuple)):
        call.args[:1] = []
        return [call.reading.operand(item, call.node) for item in first]
    if not call.is_own:
        call.refuse(f"{call.called} joins a list: write {call.called}([a, b])")
    refs = [call.reading.operand(arg) for arg in call.args]
    call.args.clear()
    return refs


@word("concat", "concatenate", "cat")
def _concat(call: Call) -> Ref:
    refs = _parts(call)
    call.take("axis")
    if call.has("axis") and call.plain("axis") is None:
        return call.make("concat", *refs, axis="all")
    return _joined(call, "concat", refs, call.plain("axis", 0))


def _joined(call: Call, op: str, refs: list[Ref], axis: Any) -> Ref:
    if len(refs) == 1 and op == "concat":
        return refs[0]
    if len(refs) == 1:
        return call.make("unsqueeze", refs[0], axis=axis)
    return call.make(op, *refs, **({"axis": axis} if axis else {}))


@word("stack")
def _stack(call: Call) -> Ref:
    refs = _parts(call)
    return _joined(call, "stack", refs, call.take("axis").plain("axis", 0))


@word("hstack", "vstack", "column_stack", "row_stack", "dstack")
def _stacked(call: Call) -> Ref:
    """Joined as rows or columns, which depends on how many axes they have."""
    refs = _parts(call)
    ranks = {None if (shape := call.reading.made.shape(ref)) is None else len(shape) for ref in refs}
    if len(ranks) != 1 or None in ranks or call.called == "dstack":
        call.refuse(
            f"what {call.called} joins along depends on shapes that are not known here: write concatenate or stack"
        )
    rank = ranks.pop() or 0
    if rank == 0:
        row = call.make("stack", *refs) if call.called == "hstack" else call.part("stack", *refs)
        return (
            row
            if call.called == "hstack"
            else call.make("reshape", row, shape=(-1, 1) if call.called != "column_stack" else (1, -1))
        )
    if call.called == "hstack":
        return _joined(call, "concat", refs, 0 if rank == 1 else 1)
    if rank == 1:
        return _joined(call, "stack", refs, 1 if call.called == "column_stack" else 0)
    return _joined(call, "concat", refs, 1 if call.called == "column_stack" else 0)


@word("split", "chunk", "unbind", "array_split")
def _split(call: Call) -> Thing:
    """The parts of a value, where its length is known."""
    if call.called == "unbind":
        call.take("x axis")
        size: Any = 1
    else:
        call.take("x size axis", exact="split_size_or_sections" in call.words)
        size = call.plain("size")
    x, axis = call.operand("x"), call.plain("axis", 0)
    shape = call.reading.made.shape(x)
    if shape is None or not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        call.refuse("how long this is is not known here: take its parts with slices, as in x[:2]")
    ends = _ends(call, size, shape[axis])
    before = ":, " * (axis % len(shape))
    if call.called == "unbind":
        return tuple(call.part("index", x, at=f"{before}{i}") for i in range(shape[axis]))
    return tuple(call.part("index", x, at=f"{before}{a}:{b}") for a, b in zip([0, *ends], ends, strict=False))


def _ends(call: Call, size: Any, length: int) -> list[int]:
    if call.called == "unbind":
        return []
    if call.called == "split" and not call.speech:
        call.refuse("NumPy counts the parts here, PyTorch their length: take the parts with slices, as in x[:2]")
    if isinstance(size, (list, tuple)):
        if not all(type(each) is int for each in size):
            call.refuse(f"{call.called} needs whole numbers")
        if call.speech == "numpy":
            return [*size, length]
        return [sum(size[: i + 1]) for i in range(len(size))]
    if not isinstance(size, int) or size < 1:
        call.refuse(f"{call.called} needs a whole number above 0")
    if call.called == "split" and call.speech == "torch":
        step = size
    elif call.called == "chunk":
        step = -(-length // size)
    elif length % size:
        call.refuse(f"{length} rows cannot be split into {size} equal parts")
    else:
        step = length // size
    return [min(at + step, length) for at in range(0, length, step)]


@word("flip", "fliplr", "flipud")
def _flip(call: Call) -> Ref:
    call.take("x axis")
    axis = {"fliplr": 1, "flipud": 0}.get(call.called, call.plain("axis"))
    axis = axis[0] if isinstance(axis, (list, tuple)) and len(axis) == 1 else axis
    shape = call.reading.made.shape(call.operand("x"))
    if axis is None and shape:
        return call.make("index", call.operand("x"), at=", ".join(["::-1"] * len(shape)))
    if not isinstance(axis, int) or axis < 0:
        call.refuse("say along which axis, counted from the first: flip(x, 0)")
    return call.make("index", call.operand("x"), at=":, " * axis + "::-1")


@word(
    "contiguous",
    "clone",
    "copy",
    "to",
    "cpu",
    "cuda",
    "double",
    "float",
    "astype",
    "atleast_1d",
    "retain_grad",
    "block_until_ready",
)
def _same(call: Call) -> Thing:
    """What changes no value here: every number has 64 bits, and nothing is kept in two places."""
    if call.library != "method":
        return _made_number(call)
    said = [arg.node if isinstance(arg, Argument) else arg for arg in call.args[1:]]
    names = {str(getattr(arg, "id", getattr(arg, "attr", ""))) for arg in said}
    if call.called in ("astype", "to") and names & {"int", "long", "int32", "int64", "bool", "uint8"}:
        call.refuse("whole numbers have no gradient: leave the value as it is, or round it beforehand")
    thing = call.reading.value(call.args[0])
    is_copy = isinstance(thing, Ref) and call.called in ("copy", "clone", "astype")
    return call.reading.made.copied(thing) if is_copy and isinstance(thing, Ref) else thing


def _made_number(call: Call) -> Thing:
    if call.called == "float" and len(call.args) == 1:
        thing = call.reading.value(call.args[0])
        if is_number(thing):
            return thing
        if isinstance(thing, str):
            return _number_of_text(call, thing)
        if isinstance(thing, Array) and thing.data.size == 1:
            return float(thing.data.reshape(-1)[0])
        call.refuse("float(…) cuts the gradient off: leave it to a print")
    if call.called in ("copy", "clone", "atleast_1d") and len(call.args) == 1:
        thing = call.reading.value(call.args[0])
        if isinstance(thing, Ref) and call.called != "atleast_1d":
            return call.reading.made.copied(thing)
    return created(call)


def _number_of_text(call: Call, text: str) -> WrittenNumber:
    try:
        return WrittenNumber(float(text), ast.copy_location(ast.Constant(float(text)), call.node))
    except ValueError:
        call.refuse("this text is not a number")


# --- products


@word("matmul", "mm", "bmm", "mv", "multi_dot")
def _matmul(call: Call) -> Ref:
    if call.called == "multi_dot":
        refs = _parts(call)
        while len(refs) > 2:
            refs[:2] = [call.part("matmul", *refs[:2])]
        return call.make("matmul", *refs)
    return call.make("matmul", *call.take("x b").operands("x b"))


@word("dot")
def _dot(call: Call) -> Ref:
    call.take("x b")
    x, b = call.operands("x b")
    shapes = [call.reading.made.shape(x), call.reading.made.shape(b)]
    if call.speech == "torch" and any(shape is not None and len(shape) != 1 for shape in shapes):
        call.refuse("torch.dot takes two vectors: write a @ b")
    return call.make("dot", x, b)


@word("inner")
def _inner(call: Call) -> Ref:
    x, b = call.take("x b").operands("x b")
    shape = call.reading.made.shape(b)
    turned = b if shape is not None and len(shape) < 2 else call.part("transpose", b, axes="last")
    return call.make("dot", x, turned)


@word("vdot")
def _vdot(call: Call) -> Ref:
    return call.make("dot", *(_flat(call, ref) for ref in call.take("x b").operands("x b")))


def _flat(call: Call, ref: Ref) -> Ref:
    shape = call.reading.made.shape(ref)
    return ref if shape is not None and len(shape) == 1 else call.part("flatten", ref)


@word("outer", "ger")
def _outer(call: Call) -> Ref:
    return call.make("outer", *call.take("x b").operands("x b"))


@word("einsum")
def _einsum(call: Call) -> Ref:
    """einsum("ij,jk->ik", a, b), or as Gradloom writes it: einsum(a, b, subscripts=…)."""
    subscripts = call.words.pop("subscripts", None)
    if subscripts is None:
        if not call.args:
            call.refuse("einsum needs its subscripts in quotes, as in einsum('ij,jk->ik', a, b)")
        if call.is_own and isinstance(
            call.reading.value(call.args[0]), Ref
        ):  # as the graph's own text leaves it unsaid
            return call.make("einsum", *(call.reading.operand(arg) for arg in call.args))
        subscripts, call.args = call.args[0], call.args[1:]
    said = call.reading.value(subscripts)
    if not isinstance(said, str):
        call.refuse("the subscripts of einsum must be text in quotes", subscripts)
    call.words.pop("optimize", None)
    refs = [call.reading.operand(arg) for arg in call.args]
    return call.make("einsum", *refs, subscripts=said.replace(" ", ""))
