"""How large what the words of op texts compute will be: told from shapes alone, before anything is computed.

An `Outline` stands in an op text in place of an array. A rule takes what the word takes and gives the shape of what it
computes; a word without a rule is elementwise: its arguments, broadcast. `beside` is the number of elements of the
largest array that is made on the way and let go again: what a sum of products needs beside its result. Rules
need not refuse: where shapes do not fit they raise ValueError, and the word itself says it in a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from engine.ops.words.along import along
from engine.ops.words.arrays import Misfit
from engine.ops.words.images import output_lengths
from engine.ops.words.products import axis_lengths
from engine.values.values import Shape, thousands

Rule = Callable[..., Any]
LONGEST = 2 * 10**9  # products that NumPy forms one by one: a few seconds


class TooLong(Misfit):
    """It would take minutes, whatever memory there is."""


class Outline:
    """An array of which only the shape is known. `made`: not an input, so it takes memory of its own."""

    __slots__ = ("beside", "made", "shape")

    def __init__(self, shape: Shape, beside: int = 0, made: bool = False) -> None:
        self.shape, self.beside, self.made = shape, beside, made

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    def __neg__(self) -> Outline:
        return _made(self.shape, (self,))

    def _with(self, other: Any) -> Outline:
        return _made(alike(self, other), outlines_in((self, other)))

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _with
    __lt__ = __le__ = __gt__ = __ge__ = __and__ = __or__ = _with

    def __eq__(self, other: object) -> Any:  # element by element, as that of arrays: there is no hash
        return self._with(other)

    def __ne__(self, other: object) -> Any:
        return self._with(other)


def _made(shape: Shape, of: Iterable[Outline], beside: int = 0) -> Outline:
    """An array made of others: the largest of those that were only made for it counts as beside it."""
    for each in of:
        beside = max(beside, each.beside, each.size if each.made else 0)
    return Outline(shape, beside, made=True)


def outlines_in(given: Iterable[Any]) -> Iterator[Outline]:
    """Those among arguments, and in tuples among them."""
    for each in given:
        if isinstance(each, Outline):
            yield each
        elif isinstance(each, tuple):
            yield from (one for one in each if isinstance(one, Outline))


def outlined(array: Any, rule: Rule | None) -> Any:
    """The word in a text of outlines. Without outlines among its arguments, as in `s_[0]`, it is what it always is."""
    if not callable(array):
        return array

    def foreseen(*args: Any, **said: Any) -> Any:
        of = [*outlines_in(args)]
        if not of:
            return array(*args, **said)
        found = (rule or alike)(*args, **said)
        if isinstance(found, tuple):
            return _made(found, of)
        return _made(found.shape, of, found.beside) if isinstance(found, Outline) else found

    return foreseen


def broadcast(shapes: Iterable[Shape]) -> Shape:
    """The shape that these have together. Raises ValueError."""
    result: Shape = ()
    for shape in dict.fromkeys(shapes):
        if shape == result:
            continue
        short, long = sorted((result, shape), key=len)
        short = (1,) * (len(long) - len(short)) + short
        if any(n != m and 1 not in (n, m) for n, m in zip(short, long, strict=True)):
            raise ValueError("shapes that do not broadcast")
        result = tuple(n if m == 1 else m for n, m in zip(short, long, strict=True))
    return result


# --- rules: what a word takes, with outlines for arrays -> the shape of what it computes


def alike(*given: Any, **_: Any) -> Shape:
    """Element by element."""
    return broadcast(x.shape for x in outlines_in(given))


def shaped_as(at: int) -> Rule:
    """As large as one of its arguments."""
    return lambda *given, **_: given[at].shape


def working(copies: int) -> Rule:
    """Element by element, but with other arrays of that size on the way."""

    def rule(*given: Any, **_: Any) -> Outline:
        shape = alike(*given)
        return Outline(shape, copies * math.prod(shape))

    return rule


def number(*_: Any, **__: Any) -> float:
    """A plain number."""
    return 1.0


def reduced(x: Outline, axis: Any = "all", keep: bool = False, *_: Any) -> Shape:
    """Without the axes that are summed over, or with length 1 for each."""
    gone = along(axis, x.shape) if x.ndim else ()
    gone = tuple(range(x.ndim)) if gone is None else gone
    if keep:
        return tuple(1 if i in gone else n for i, n in enumerate(x.shape))
    return tuple(n for i, n in enumerate(x.shape) if i not in gone)


def reduced_of_copies(x: Outline, axis: Any = "all", keep: bool = False, *_: Any) -> Outline:
    """The same, of what is made of all elements first."""
    return Outline(reduced(x, axis, keep), 2 * x.size)


def spread(g: Outline, axis: Any, *like: Outline) -> Shape:
    return broadcast(x.shape for x in like) or g.shape


def viewed(word: Callable[..., Any]) -> Rule:
    """What only turns or lays out what there is: asked of the word itself, over a number that stands for them all."""
    return lambda x, *said: tuple(word(np.broadcast_to(0.0, x.shape), *said).shape)


def flat(x: Outline) -> Shape:
    return (x.size,)


def outer(a: Outline, b: Outline) -> Shape:
    return (a.size, b.size)


def matmul(a: Outline, b: Outline) -> Shape:
    batch = broadcast([a.shape[:-2], b.shape[:-2]])
    return batch + (a.shape[-2:-1] if a.ndim > 1 else ()) + (b.shape[-1:] if b.ndim > 1 else ())


def pull_left(g: Outline, a: Outline, b: Outline) -> Shape:
    """g bᵀ, before it is summed to the shape of a."""
    return broadcast([a.shape[:-2], b.shape[:-2]]) + a.shape[-2:]


def pull_right(g: Outline, a: Outline, b: Outline) -> Shape:
    """aᵀ g, before it is summed to the shape of b; all rows of a meet one vector."""
    return b.shape if b.ndim == 1 else broadcast([a.shape[:-2], b.shape[:-2]]) + b.shape[-2:]


def dot(a: Outline, b: Outline) -> Shape:
    if not a.ndim or not b.ndim:
        return a.shape + b.shape
    return a.shape[:-1] + (b.shape[:-2] + b.shape[-1:] if b.ndim > 1 else ())


def contracted(at: int) -> Rule:
    """As large as one of the factors of a dot; a number scales."""
    return lambda g, *factors: factors[at].shape if all(x.ndim for x in factors) else alike(g, *factors)


def einsum(subscripts: str, xs: tuple[Outline, ...]) -> Shape:
    lengths = axis_lengths(subscripts, [x.shape for x in xs])
    _not_too_long(math.prod(lengths.values()))
    return tuple(lengths[letter] for letter in subscripts.split("->")[1])


def einsum_back(g: Outline, subscripts: str, xs: tuple[Outline, ...], i: int) -> Shape:
    return xs[i].shape


def _not_too_long(products: int) -> None:
    if products > LONGEST:
        raise TooLong(f"it would add up {thousands(products)} products; at most {thousands(LONGEST)} are")


def item(x: Outline, at: Any) -> Shape:
    """What is picked: from a number that stands for all, with a list taken as one element and counted."""
    parts = at if isinstance(at, tuple) else (at,)
    lists = [part for part in parts if isinstance(part, np.ndarray)]
    single = tuple(np.zeros((1,) * part.ndim, int) if isinstance(part, np.ndarray) else part for part in parts)
    picked: Any = _nothing(x.shape)[single]
    return (picked.size * broadcast_size(lists),)


def broadcast_size(lists: list[Any]) -> int:
    return math.prod(broadcast(part.shape for part in lists))


def _nothing(shape: Shape) -> Any:
    """An array whose elements take no memory."""
    return np.empty(shape, dtype=[])


def looked_up(t: Outline, w: Outline) -> Shape:
    return t.shape + w.shape[1:]


def concat(xs: tuple[Outline, ...], axis: Any) -> Shape:
    """Outlines that are joined along an axis, or end to end."""
    if axis == "all":
        return (sum(x.size for x in xs),)
    shapes = [x.shape or (1,) for x in xs]
    at = (along(axis, shapes[0]) or (0,))[0]
    return (*shapes[0][:at], sum(shape[at] for shape in shapes), *shapes[0][at + 1 :])


def part(g: Outline, xs: tuple[Outline, ...], i: int, axis: Any) -> Shape:
    return xs[i].shape


def stack(xs: tuple[Outline, ...], axis: int) -> Shape:
    return (len(xs), *xs[0].shape)  # whichever axis it is, the size is the same


def slot(g: Outline, i: int, axis: int) -> Shape:
    at = axis % g.ndim
    return g.shape[:at] + g.shape[at + 1 :]


def conv2d(x: Outline, w: Outline, stride: Any, padding: Any, dilation: Any, groups: int) -> Outline:
    """(batch, channels out, rows, columns); its padded image is held beside it. Raises TooLong."""
    seen = output_lengths(x.shape, w.shape[-2:], stride, padding, dilation)
    shape = (x.shape[0], w.shape[0], *seen)
    _not_too_long(math.prod(shape) * math.prod(w.shape[1:]))
    return Outline(shape, _padded(x, padding))


def conv2d_back(at: int) -> Rule:
    """The contribution to the image or to the kernel."""

    def rule(g: Outline, *given: Any) -> Outline:
        return Outline(given[at].shape, _padded(given[0], given[3]) + given[0].size)

    return rule


def pool2d(x: Outline, size: Any, stride: Any, padding: Any) -> Outline:
    shape = (*x.shape[:2], *output_lengths(x.shape, size, stride, padding, (1, 1)))
    return Outline(shape, _padded(x, padding))


def unpool2d(g: Outline, x: Outline, size: Any, stride: Any, padding: Any) -> Outline:
    """The windows are laid out one by one to see which element of each is the largest."""
    return Outline(x.shape, 2 * _padded(x, padding) + g.size * math.prod(size))


def _padded(x: Outline, padding: Any) -> int:
    down, across = padding
    return math.prod((*x.shape[:-2], x.shape[-2] + 2 * down, x.shape[-1] + 2 * across))
