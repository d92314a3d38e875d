"""Arrays as they are written or filled: np.array, torch.tensor, zeros, arange, eye."""

import ast
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.text.binding import learn
from engine.text.call import Call, word
from engine.text.dtypes import asked_type, is_whole, of_type
from engine.text.plain import NotPlain, plain
from engine.text.state import MOST_ELEMENTS, Argument
from engine.text.things import Array, Ref, Thing, all_numbers, as_lists, is_number


def literal_numbers(call: Call, node: Any) -> Any:
    """Numbers and nested lists, with nan and inf by their names."""
    node = node.node if isinstance(node, Argument) else node
    if isinstance(node, (ast.List, ast.Tuple)):
        return [literal_numbers(call, item) for item in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Name):
        return -literal_numbers(call, node.operand)
    if isinstance(node, ast.Name) and node.id in ("nan", "inf") and not call.reading.scope.will_assign(node.id):
        return math.nan if node.id == "nan" else math.inf
    if isinstance(node, (ast.Constant, ast.UnaryOp)):
        return plain(call.reading, node)
    raise NotPlain


def first_wrong(call: Call, node: Any) -> Any:
    """The first thing in nested lists that is no number."""
    node = node.node if isinstance(node, Argument) else node
    if isinstance(node, (ast.List, ast.Tuple)):
        for item in node.elts:
            thing = call.reading.value(item) if not isinstance(item, (ast.List, ast.Tuple)) else None
            if thing is None or not (is_number(thing) or isinstance(thing, Array)):
                return first_wrong(call, item)
    return node


# --- arrays


@word(
    "tensor",
    "array",
    "asarray",
    "FloatTensor",
    "DoubleTensor",
    "as_tensor",
    "from_numpy",
    "asanyarray",
    "float64",
    "float32",
    "int64",
    "int32",
    "LongTensor",
    "IntTensor",
    "Tensor",
)
def created(call: Call) -> Thing:
    """`torch.tensor([1.0, 2.0], requires_grad=True)`, `np.array([[1, 2], [3, 4]])`."""
    learns = says_it_learns(call)
    call.take("data dtype", ignored="copy")
    place = call.expression("data")
    type = asked_type(call)
    try:
        found = literal_numbers(call, place)
    except NotPlain:
        found = call.reading.value(place)
    _refuse_sizes(call, found)
    if isinstance(found, Ref):
        return _array_of_value(call, found, learns, type)
    if isinstance(found, Array):
        return Array(of_type(type, found.data), "parameter" if learns else found.op, library_of(call) or found.library)
    if isinstance(found, (list, tuple)) and not all_numbers(found):
        stacked = _stacked_rows(call, found)
        if stacked is not None:
            return Array(of_type(type, stacked), "parameter" if learns else "", library_of(call))
        return _list_of_values(call, list(found), place)
    if not is_number(found) and not all_numbers(found):
        call.refuse("there must be a number here", place)
    data = of_type(type, _as_array(call, as_lists(found), place))
    return Array(data, _own_op(call, learns), library_of(call))


def _refuse_sizes(call: Call, found: Thing) -> None:
    """torch.Tensor(2, 3) holds whatever stood in memory: its arguments are lengths."""
    is_old = call.called.endswith("Tensor") and call.library == "torch"
    if is_old and (is_number(found) or call.has("dtype")):
        call.refuse(f"torch.{call.called} of plain numbers makes an array that is not filled: write torch.zeros(…)")


def _own_op(call: Call, learns: bool) -> str:
    return "parameter" if learns else "input" if call.is_own and call.called == "tensor" else ""


def _as_array(call: Call, lists: Any, place: Any) -> Any:
    call.reading.array(lists, place)  # refuses what is ragged
    return np.asarray(lists)


def _stacked_rows(call: Call, items: Any) -> Any:
    """A list of arrays, or of lists of arrays, as one array; None where there is a value of the graph among them."""
    if isinstance(items, Array):
        return items.data
    if is_number(items):
        return as_lists(items)
    if not isinstance(items, (list, tuple)) or not items:
        return None
    rows = [_stacked_rows(call, item) for item in items]
    if any(row is None for row in rows) or len({np.shape(row) for row in rows}) != 1:
        return None
    return np.asarray(rows)


def _array_of_value(call: Call, ref: Ref, learns: bool, type: str) -> Thing:
    node = call.reading.made.nodes[ref.node]
    value = call.reading.made.value(ref) if is_whole(type) else None
    if is_whole(type) and (value is None or not np.array_equal(of_type(type, value), value)):
        call.refuse("whole numbers have no gradient: leave the value as it is, or round it beforehand")
    if call.library == "torch" and call.called == "tensor" and not node.op.is_leaf:
        call.refuse("torch.tensor(…) of a computed value cuts its gradient off: use the value itself")
    if node.op.is_leaf and call.library in ("torch", "numpy", "jax"):
        call.reading.made.lists.discard(ref.node)
        call.reading.made.kinds[ref.node] = call.library
    if learns:
        learn(call.reading, ref, call.node)
    return ref


def _list_of_values(call: Call, items: list[Thing], place: Any) -> Ref:
    """np.array([a, b]) of values is a stack; torch.tensor([a, b]) would cut their gradients off."""
    if call.library == "torch" or call.is_own:
        is_nested = any(isinstance(item, (list, tuple)) for item in items)
        if call.library == "torch" and (is_nested or any(isinstance(item, Ref) for item in items)):
            call.refuse("torch.tensor(…) cuts the gradients of these values off: write torch.stack([…])", place)
        call.refuse("there must be a number here", first_wrong(call, place))
    return _stacked(call, items, place, call.make)


def _stacked(call: Call, items: list[Thing], place: Any, make: Callable[..., Ref]) -> Ref:
    """Each list along an axis of its own; only the whole has the name."""
    if not items:
        call.refuse("an empty list is not a value", place)
    refs = [
        _stacked(call, list(item), place, call.part)
        if isinstance(item, (list, tuple)) and not all_numbers(item)
        else call.reading.operand(item, place)
        for item in items
    ]
    return make("stack", *refs) if len(refs) > 1 else make("index", refs[0], at="None")


def says_it_learns(call: Call) -> bool:
    place = call.words.pop("requires_grad", None)
    return place is not None and call.reading.value(place) is True


def library_of(call: Call) -> str:
    return call.library if call.library in ("numpy", "torch", "jax") else ""


def shape_asked(call: Call, words: str = "shape size") -> tuple[int, ...]:
    """A shape, as one tuple or as several lengths."""
    names = " ".join(f"n{i}" for i in range(max(len(call.args), 1)))
    call.take(f"{names} {words}", ignored="generator chunks out")
    given = [call.plain(f"n{i}") for i in range(len(call.args))]
    said = next((call.plain(name) for name in words.split() if call.has(name)), None)
    found = said if not given and said is not None else given[0] if len(given) == 1 else given
    lengths = tuple(found) if isinstance(found, (list, tuple)) else (found,)
    return checked_shape(call, lengths)


def checked_shape(call: Call, lengths: tuple[Any, ...]) -> tuple[int, ...]:
    """The lengths, where they are those of an array that can be made."""
    if not all(type(n) is int and n >= 0 for n in lengths):
        call.refuse(f"{call.called} needs whole numbers above 0 as its shape, as in {call.called}(2, 3)")
    if math.prod(lengths) > MOST_ELEMENTS or len(lengths) > 32:
        call.refuse(f"{call.called}{lengths} would have more than {MOST_ELEMENTS:,} elements"[:150])
    if not math.prod(lengths):
        call.refuse("an array without elements is not a value")
    return lengths


def _of_shape(call: Call, make: Callable[[tuple[int, ...]], Any], **more: Any) -> Array:
    learns = says_it_learns(call)
    return Array(of_type(asked_type(call), make(shape_asked(call))), "parameter" if learns else "", library_of(call))


@word("zeros", "ones", "empty")
def _filled(call: Call) -> Thing:
    if call.is_own and not call.args and not call.words:
        call.refuse(f"{call.called} needs a shape of whole numbers above 0, as in {call.called}(3, 4)")
    return _of_shape(call, np.ones if call.called == "ones" else np.zeros)


@word("full")
def _full(call: Call) -> Array:
    learns = says_it_learns(call)
    call.take("shape fill size fill_value")
    shape = call.plain("shape", call.plain("size"))
    lengths = checked_shape(call, tuple(shape) if isinstance(shape, (list, tuple)) else (shape,))
    data = np.full(lengths, float(call.plain_number("fill", "fill_value")))
    return Array(of_type(asked_type(call), data), "parameter" if learns else "", library_of(call))


@word("zeros_like", "ones_like", "full_like", "empty_like")
def _alike(call: Call) -> Array:
    learns = says_it_learns(call)
    call.take("x fill fill_value")
    shape = shape_of(call, call.thing("x"))
    fill = {"zeros_like": 0.0, "empty_like": 0.0, "ones_like": 1.0}.get(call.called)
    data = np.full(shape, float(call.plain_number("fill", "fill_value")) if fill is None else fill)
    return Array(of_type(asked_type(call), data), "parameter" if learns else "", library_of(call))


def shape_of(call: Call, thing: Thing) -> tuple[int, ...]:
    """The shape of an array or of a value whose numbers are known."""
    shape = (
        thing.data.shape
        if isinstance(thing, Array)
        else call.reading.made.shape(call.reading.operand(thing, call.node))
    )
    if shape is None:
        call.refuse("the shape of this is not known here: give it its numbers in the text")
    return tuple(shape)


@word("eye", "identity")
def _eye(call: Call) -> Array:
    call.take("n m")
    high = call.plain_whole_number("n")
    shape = checked_shape(call, (high, call.plain_whole_number("m") if call.plain("m") is not None else high))
    return Array(np.eye(shape[0], shape[1]), "", library_of(call))


@word("torch.nn.functional.one_hot", "jax.nn.one_hot")
def _one_hot(call: Call) -> Array:
    """Class ids that the text gives, each as a row with a 1 at its class."""
    call.take("ids num_classes dtype")
    thing = call.thing("ids")
    found = call.reading.made.value(thing) if isinstance(thing, Ref) else getattr(thing, "data", call.plain("ids"))
    known = (isinstance(thing, (Ref, Array)) and found is not None) or all_numbers(found)
    ids = np.asarray(call.reading.array(found, call.node) if known else -1.0, float)
    count = call.plain("num_classes", -1)
    count = int(ids.max(initial=0)) + 1 if count == -1 and np.isfinite(ids).all() else count
    if not isinstance(count, int) or not ((ids == np.floor(ids)) & (ids >= 0) & (ids < count)).all():
        call.refuse("one_hot needs whole numbers that are known here, below the number of classes: one_hot(t, 3)")
    checked_shape(call, (*ids.shape, count))
    return Array(np.eye(count)[ids.astype(int)], "", library_of(call))


@word("arange")
def _arange(call: Call) -> Array:
    learns = says_it_learns(call)
    call.take("start stop step end", ignored="")
    ends = [call.plain(name) for name in ("start", "stop", "end", "step") if call.has(name)]
    if not all(isinstance(end, (int, float)) and math.isfinite(end) for end in ends) or not ends:
        call.refuse("arange needs plain numbers, as in arange(5)")
    low, high = (0, ends[0]) if len(ends) == 1 else (ends[0], ends[1])
    step = ends[2] if len(ends) > 2 else 1
    if not step or abs((high - low) / step) > MOST_ELEMENTS:
        call.refuse("this arange has no end, or far too many numbers")
    if (high - low) / step <= 0:
        call.refuse("an array without elements is not a value")
    if is_whole(asked_type(call)) and not all(float(end).is_integer() for end in ends):
        call.refuse("an arange of whole numbers needs whole ends and a whole step")
    return Array(of_type(asked_type(call), np.arange(*ends)), "parameter" if learns else "", library_of(call))


@word("linspace")
def _linspace(call: Call) -> Array:
    learns = says_it_learns(call)
    call.take("start stop num endpoint steps end" if call.library != "torch" else "start end steps")
    count = call.plain("num", call.plain("steps", 50))
    if not isinstance(count, int):
        call.refuse("how many numbers linspace makes must be a whole number")
    checked_shape(call, (max(count, 0),))
    endpoint = call.flag("endpoint", True)
    data = np.linspace(call.plain_number("start"), call.plain_number("stop", "end"), count, endpoint)
    data = np.floor(data) if is_whole(asked_type(call)) else data  # as np.linspace rounds, not as astype
    return Array(of_type(asked_type(call), data), "parameter" if learns else "", library_of(call))
