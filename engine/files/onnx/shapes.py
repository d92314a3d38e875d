"""Operators of ONNX that lay the same elements out otherwise, or choose some of them."""

import math

import numpy as np

from engine.files.onnx.builder import Builder, CannotSay, Operator, Source, reads
from engine.files.onnx.numbers import MOST, Array
from engine.graph.sound import MOST_GATHERED
from engine.values.values import MOST_AXES, Shape


def flexible(shape: Shape) -> Shape:
    """A shape whose first length follows from the others, so that a batch of any size can go through."""
    return (-1, *shape[1:]) if shape and all(shape[1:]) else shape


@reads("Reshape")
def _reshape(to: Builder, call: Operator) -> Source:
    said = to.whole_numbers(call.inputs[1]) if call.has(1) else tuple(call.get("shape", ()))
    if 0 in said and not call.get("allowzero", 0):
        has = to.shape(call.inputs[0])
        said = tuple(has[i] if n == 0 and i < len(has) else n for i, n in enumerate(said))
    if said[1:].count(-1) == 1:
        said = _worked_out(to.shape(call.inputs[0]), said)
    return to.add(call.name, "reshape", to.tensor(call.inputs[0]), shape=flexible(said))


def _worked_out(has: Shape, said: Shape) -> Shape:
    others = math.prod(n for n in said if n != -1)
    return tuple(math.prod(has) // others if n == -1 and others > 0 else n for n in said)


@reads("Flatten")
def _flatten(to: Builder, call: Operator) -> Source:
    has = to.shape(call.inputs[0])
    axis = call.get("axis", 1)
    axis += len(has) if axis < 0 else 0
    return to.add(call.name, "reshape", to.tensor(call.inputs[0]), shape=flexible((-1, math.prod(has[axis:]))))


@reads("Transpose")
def _transpose(to: Builder, call: Operator) -> Source:
    x, perm = to.tensor(call.inputs[0]), tuple(call.get("perm", ()))
    count = len(perm)
    if perm and perm == tuple(range(count)):
        return x
    if perm == (*range(count - 2), count - 1, count - 2):
        return to.add(call.name, "transpose", x, axes="last" if count != 2 else "all")
    return to.add(call.name, "transpose", x, axes=perm or "all")


@reads("Concat")
def _concat(to: Builder, call: Operator) -> Source:
    sources = [to.tensor(name) for name in call.inputs if not _is_empty(to, name)]
    return sources[0] if len(sources) == 1 else to.add(call.name, "concat", *sources, axis=call.get("axis", 0))


def _is_empty(to: Builder, name: str) -> bool:
    return name in to.held and not to.held[name].size


@reads("Squeeze")
def _squeeze(to: Builder, call: Operator) -> Source:
    axes = to.whole_numbers(call.inputs[1]) if call.has(1) else tuple(call.get("axes", ()))
    return to.add(call.name, "squeeze", to.tensor(call.inputs[0]), axis=axes or "all")


@reads("Unsqueeze")
def _unsqueeze(to: Builder, call: Operator) -> Source:
    axes = to.whole_numbers(call.inputs[1]) if call.has(1) else tuple(call.get("axes", ()))
    rank = len(to.shape(call.inputs[0])) + len(axes) if any(axis < 0 for axis in axes) else 0
    x, places = to.tensor(call.inputs[0]), sorted(axis % rank if axis < 0 else axis for axis in axes)
    for i, axis in enumerate(places, 1):
        x = to.add(call.name if i == len(places) else f"{call.name}/{i}", "unsqueeze", x, axis=axis)
    return x


@reads("Expand")
def _expand(to: Builder, call: Operator) -> Source:
    has, wanted = to.shape(call.inputs[0]), to.whole_numbers(call.inputs[1])
    whole = np.broadcast_shapes(has, wanted)
    if whole == has:
        return to.tensor(call.inputs[0])
    return to.add(
        call.name, "add", to.tensor(call.inputs[0]), to.constant(f"{call.name}/zeros", np.zeros(_least(has, whole)))
    )


def _least(has: Shape, whole: Shape) -> Shape:
    """The smallest shape that broadcasts `has` to `whole`."""
    aligned = (0,) * (len(whole) - len(has)) + has
    return tuple(n if n != m else 1 for n, m in zip(whole, aligned, strict=True))


@reads("Tile")
def _tile(to: Builder, call: Operator) -> Source:
    x, repeats = to.tensor(call.inputs[0]), to.whole_numbers(call.inputs[1])
    if math.prod(repeats) > MOST_GATHERED or min(repeats, default=1) < 1:
        raise CannotSay
    for axis, times in enumerate(repeats):
        x = x if times == 1 else to.add(f"{call.name}/{axis}", "concat", *[x] * times, axis=axis)
    return x


# --- choosing


@reads("Slice")
def _slice(to: Builder, call: Operator) -> Source:
    if call.opset < 10:
        starts, ends = call.get("starts", ()), call.get("ends", ())
        axes, steps = call.get("axes", None), None
    else:
        starts, ends = (to.whole_numbers(name) for name in call.inputs[1:3])
        axes = to.whole_numbers(call.inputs[3]) if call.has(3) else None
        steps = to.whole_numbers(call.inputs[4]) if call.has(4) else None
    rank = len(to.shape(call.inputs[0])) if axes and min(axes) < 0 else 0
    chosen = {}
    for at, (start, end) in enumerate(zip(starts, ends, strict=True)):
        axis = axes[at] if axes else at
        chosen[axis % rank if axis < 0 else axis] = _span(start, end, steps[at] if steps else 1)
    return chosen_from(to, call.name, to.tensor(call.inputs[0]), chosen)


def _span(start: int, end: int, step: int) -> str:
    """A slice in NumPy's words; ONNX says the ends by numbers that are far out."""
    far = 2**31 - 2
    begins = "" if (start == 0 and step > 0) or (step < 0 and start > far) else str(max(start, -far))
    ends = "" if (end > far and step > 0) or (step < 0 and end < -far) else str(end)
    return f"{begins}:{ends}" + (f":{step}" if step != 1 else "")


def chosen_from(to: Builder, name: str, x: Source, chosen: dict[int, str]) -> Source:
    """Some of a tensor: for each axis what stands between the brackets, `:` for the others."""
    if not chosen:
        return x
    if max(chosen) >= MOST_AXES:  # of which no value has that many
        raise CannotSay
    return to.add(name, "index", x, at=", ".join(chosen.get(axis, ":") for axis in range(max(chosen) + 1)))


@reads("Gather")
def _gather(to: Builder, call: Operator) -> Source:
    axis = call.get("axis", 0)
    if call.inputs[1] not in to.held:
        return _looked_up(to, call, axis)
    return gathered(to, call.name, call.inputs[0], to.known(call.inputs[1]), axis)


def gathered(to: Builder, name: str, given: str, places: Array, axis: int) -> Source:
    """The elements at known places along an axis, in the shape of the places."""
    if axis < 0:
        axis += len(to.shape(given))
    flat = ", ".join(str(int(n)) for n in np.ravel(places))
    if not places.ndim:
        return chosen_from(to, name, to.tensor(given), {axis: flat})
    if places.ndim == 1:
        return chosen_from(to, name, to.tensor(given), {axis: f"[{flat}]"})
    has = to.shape(given)
    whole = (*has[:axis], *places.shape, *has[axis + 1 :])
    part = chosen_from(to, f"{name}/chosen", to.tensor(given), {axis: f"[{flat}]"})
    return to.add(name, "reshape", part, shape=flexible(whole))


def _looked_up(to: Builder, call: Operator, axis: int) -> Source:
    """Rows of a table by numbers that come in: an embedding."""
    if axis != 0 or len(to.shape(call.inputs[0])) != 2:
        raise CannotSay
    return to.add(call.name, "embedding", to.tensor(call.inputs[1]), to.tensor(call.inputs[0]))


@reads("GatherND")
def _gather_nd(to: Builder, call: Operator) -> Source:
    places = to.known(call.inputs[1])
    if call.get("batch_dims", 0) or places.shape[-1:] != (1,):
        raise CannotSay
    return gathered(to, call.name, call.inputs[0], places[..., 0], 0)


@reads("Split")
def _split(to: Builder, call: Operator) -> list[Source]:
    axis, rank = call.get("axis", 0), len(to.shape(call.inputs[0]))
    axis += rank if axis < 0 else 0
    lengths = to.whole_numbers(call.inputs[1]) if call.has(1) else tuple(call.get("split", ()))
    if not lengths:
        whole, count = to.shape(call.inputs[0])[axis], len(call.outputs)
        each = -(-whole // count)
        lengths = tuple(min(each, whole - each * i) for i in range(count))
    ends = np.cumsum(lengths).tolist()
    return [
        chosen_from(to, name or f"{call.name}/{i}", to.tensor(call.inputs[0]), {axis: f"{end - length}:{end}"})
        for i, (name, length, end) in enumerate(zip(call.outputs, lengths, ends, strict=True))
    ]


@reads("OneHot")
def _one_hot(to: Builder, call: Operator) -> Source:
    depth, (off, on) = to.whole_numbers(call.inputs[1])[0], (float(n) for n in np.ravel(to.known(call.inputs[2])))
    if call.get("axis", -1) != -1 or not 0 < depth < 100_000:
        raise CannotSay
    column = to.add(f"{call.name}/column", "unsqueeze", to.tensor(call.inputs[0]), axis=-1)
    rows = to.add(f"{call.name}/rows", "equal", column, to.constant(f"{call.name}/ids", np.arange(depth)))
    return rows if (off, on) == (0, 1) else to.said(call.name, f"{off!r} + {on - off!r} * x", x=rows)


@reads("Trilu")
def _trilu(to: Builder, call: Operator) -> Source:
    shape = to.shape(call.inputs[0])
    beside = int(np.ravel(to.known(call.inputs[1]))[0]) if call.has(1) else 0
    kept = np.triu(np.ones(shape[-2:]), beside) if call.get("upper", 1) else np.tril(np.ones(shape[-2:]), beside)
    zero = to.constant(f"{call.name}/zero", 0.0)
    return to.add(call.name, "where", to.constant(f"{call.name}/kept", kept), to.tensor(call.inputs[0]), zero)


@reads("Pad")
def _pad(to: Builder, call: Operator) -> Source:
    pads = to.whole_numbers(call.inputs[1]) if call.has(1) else tuple(call.get("pads", ()))
    fill = float(np.ravel(to.known(call.inputs[2]))[0]) if call.has(2) else call.get("value", 0.0)
    if call.get("mode", "constant") != "constant" or (call.has(3) and len(pads) != 2 * len(to.shape(call.inputs[0]))):
        raise CannotSay
    half = len(pads) // 2
    return padded(to, call.name, to.tensor(call.inputs[0]), to.shape(call.inputs[0]), pads[:half], pads[half:], fill)


def padded(to: Builder, name: str, x: Source, has: Shape, before: Shape, after: Shape, fill: float) -> Source:
    """A tensor with elements added on its sides."""
    if min((*before, *after), default=0) < 0:
        raise CannotSay
    for axis, (first, last) in enumerate(zip(before, after, strict=True)):
        ends = [
            [to.constant(f"{name}/side", np.full((*has[:axis], n, *has[axis + 1 :]), fill))] if n else []
            for n in (first, last)
        ]
        if first or last:
            x = to.add(f"{name}/{axis}", "concat", *ends[0], x, *ends[1], axis=axis)
            has = (*has[:axis], has[axis] + first + last, *has[axis + 1 :])
    return x


@reads("Einsum")
def _einsum(to: Builder, call: Operator) -> Source:
    sources = [to.tensor(name) for name in call.inputs]
    return to.add(call.name, "einsum", *sources, subscripts=str(call.get("equation", "")).replace(" ", ""))


@reads("Resize", "Upsample")
def _resize(to: Builder, call: Operator) -> Source:
    """Only what repeats rows and columns a whole number of times."""
    ways = (call.get("coordinate_transformation_mode", "half_pixel"), call.get("nearest_mode", "round_prefer_floor"))
    repeats = ways == ("asymmetric", "floor") or (ways[0] == "half_pixel" and ways[1].startswith("round_prefer"))
    if call.get("mode", "nearest") != "nearest" or not repeats or call.get("axes", None):
        raise CannotSay
    has = to.shape(call.inputs[0])
    if call.has(3):
        gets = to.whole_numbers(call.inputs[3])
    else:
        scales = np.ravel(to.known(call.inputs[2] if call.has(2) else call.inputs[1]))
        gets = tuple(int(n * scale) for n, scale in zip(has, scales, strict=True))
    if len(gets) != len(has) or math.prod(gets) > MOST or any(n % m for n, m in zip(gets, has, strict=True)):
        raise CannotSay
    x = to.tensor(call.inputs[0])
    for axis, (n, m) in enumerate(zip(gets, has, strict=True)):
        if n != m:
            places = ", ".join(str(i // (n // m)) for i in range(n))
            x = chosen_from(to, f"{call.name}/{axis}", x, {axis: f"[{places}]"})
    return x
