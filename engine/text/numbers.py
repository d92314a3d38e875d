"""The numbers of a program text: a number, nested lists of them, an initialiser, and what is given for a setting."""

import ast
from typing import Any

from engine.text.grammar import MODULES, Source
from engine.values.json_text import NON_FINITE
from engine.values.literal import INITIALISERS, initialise
from engine.values.values import MOST_AXES, Value, as_value

_TENSOR_WORDS = {"requires_grad", "dtype", "device"}  # what PyTorch and NumPy say of an array beside its numbers


def choice(source: Source, node: ast.expr) -> Any:
    """What is given for a setting: text, True or False, a number that keeps its kind, or several of them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float, str, type(None))):
        return node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return tuple(choice(source, item) for item in node.elts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        found = number(source, node)
        return int(found) if isinstance(node.operand.value, int) else found
    return number(source, node)


def literal(source: Source, node: ast.expr) -> Value:
    """A number, nested lists of numbers, or an initialiser such as normal(2, 3, seed=1)."""
    while isinstance(node, ast.Call) and _is_array(node):  # nn.Parameter(torch.tensor([1.0, 2.0]))
        node = node.args[0]
    array = _array(source, node)
    try:
        value = as_value(_numbers(source, node) if array is None else array)
    except ValueError:
        source.refuse(
            node, f"the lists of a value must all have the same length, and be nested at most {MOST_AXES} deep"
        )
    if not value.size:
        source.refuse(node, "an empty list is not a value")
    return value


def _array(source: Source, node: ast.expr) -> Any:
    if not isinstance(node, ast.Call) or not (name := _initialiser(node)):
        return None
    args = node.args[0].elts if len(node.args) == 1 and isinstance(node.args[0], ast.Tuple) else node.args
    options = {str(word.arg): number(source, word.value) for word in node.keywords if word.arg not in _TENSOR_WORDS}
    try:
        return initialise(name, tuple(choice(source, length) for length in args), **options)
    except ValueError as error:
        source.refuse(node, str(error))


def _numbers(source: Source, node: ast.expr) -> Any:
    if isinstance(node, (ast.List, ast.Tuple)):
        return [_numbers(source, item) for item in node.elts]
    return number(source, node)


def number(source: Source, node: ast.expr) -> float:
    sign, inner = 1.0, node
    while isinstance(inner, ast.UnaryOp) and isinstance(inner.op, (ast.USub, ast.UAdd)):
        sign, inner = (-sign if isinstance(inner.op, ast.USub) else sign), inner.operand
    if isinstance(inner, ast.Name) and inner.id in NON_FINITE:
        return sign * NON_FINITE[inner.id]
    if not isinstance(inner, ast.Constant) or type(inner.value) not in (int, float):
        source.refuse(node, "there must be a number here")
    try:
        return sign * float(inner.value)  # type: ignore[arg-type]
    except OverflowError:
        source.refuse(node, "this number is too large for a 64-bit float")


def learns(call: ast.Call) -> bool:
    """Whether PyTorch's words for a tensor say that it learns; all of them are taken off the call."""
    flags = [word.value for word in call.keywords if word.arg == "requires_grad"]
    call.keywords = [word for word in call.keywords if word.arg not in _TENSOR_WORDS]
    return any(isinstance(flag, ast.Constant) and flag.value is True for flag in flags)


def _is_array(call: ast.Call) -> bool:
    """`torch.tensor([1, 2])` and `np.array([1, 2])`, where there must be a number."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("tensor", "array") and len(call.args) == 1


def _initialiser(call: ast.Call) -> str:
    """The name of the initialiser that is called, or nothing: `normal(2, 3)`; of a module only what means the same."""
    if isinstance(call.func, ast.Name):
        return call.func.id if call.func.id in INITIALISERS else ""
    of_module = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)
    same = of_module and call.func.value.id in MODULES and call.func.attr in ("zeros", "ones")  # type: ignore[attr-defined]
    return call.func.attr if same else ""  # type: ignore[attr-defined]


def is_literal(node: ast.expr) -> bool:
    """A number, with or without a sign, a list, or an initialiser: what makes a constant."""
    if isinstance(node, ast.Call):
        return bool(_initialiser(node))
    while isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        node = node.operand
    number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return number or isinstance(node, (ast.List, ast.Tuple))
