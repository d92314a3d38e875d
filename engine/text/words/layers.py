"""Layers of PyTorch: nn.Linear, nn.Sequential, activations as modules, normalisation over the last axes."""

import math
from typing import Any

import numpy as np

from engine.text.call import Call, Handler, handler_of, word
from engine.text.calls import by_table, run
from engine.text.things import Array, Callee, Defined, Instance, LibraryWord, Ref, Thing
from engine.text.words.arrays import checked_shape
from engine.text.words.elementwise import spelled

_FILL = "nn.{} has no numbers in the text: its parameters start with random ones, uniform within ±1/√(inputs)"

# PyTorch's modules that are functions of one value: the function, and the arguments that the module keeps.
_ACTIVATIONS = {
    "ReLU": ("relu", ""), "Sigmoid": ("sigmoid", ""), "Tanh": ("tanh", ""), "SiLU": ("silu", ""),
    "Softplus": ("softplus", "beta threshold"), "LeakyReLU": ("leaky_relu", "slope"), "ELU": ("elu", "alpha"),
    "GELU": ("gelu", "approximate"), "Softmax": ("softmax", "axis"), "LogSoftmax": ("log_softmax", "axis"),
    "LogSigmoid": ("logsigmoid", ""), "ReLU6": ("relu6", ""), "Hardtanh": ("hardtanh", "l h"),
    "Softsign": ("softsign", ""), "Tanhshrink": ("tanhshrink", ""), "Mish": ("mish", ""), "SELU": ("selu", ""),
    "CELU": ("celu", "alpha"), "Hardsigmoid": ("hardsigmoid", ""), "Hardswish": ("hardswish", ""),
    "Softmin": ("softmin", "axis"), "Exp": ("exp", ""),
}  # fmt: skip


def activation_layer(call: Call) -> Thing:
    """nn.LeakyReLU(0.1): called later with its value. `ReLU(x)` of a value is the operation itself."""
    function, kept = _ACTIVATIONS[call.called]
    if call.library in ("", "method") and call.args:
        call.called = function
        return _run(call, function)
    kept += " inplace"
    call.take(kept)
    words = {name: call.expression(name) for name in kept.split() if call.has(name)}

    def layer(later: Call) -> Thing:
        if len(later.args) != 1 or later.words:
            later.refuse(f"nn.{call.called}() takes one value")
        later.words = {"slope" if name == "slope" else name: value for name, value in words.items()}
        later.called, later.library = function, "torch"
        return _run(later, function)

    return Callee(call.called, layer)


def _run(call: Call, function: str) -> Thing:
    rule: Handler | None = handler_of(function)
    return rule(call) if rule else by_table(call, call.reading.ops[function])


for _name in _ACTIVATIONS:
    word(_name)(activation_layer)


@word("Linear", "nn.Linear")
def _linear(call: Call) -> Thing:
    """A layer whose weights are parameters; the text does not give their numbers."""
    if call.is_own and len(call.args) == 3 and not all(call_is_number(call, arg) for arg in call.args[:2]):
        return call.take("x w b").make("linear", *call.operands("x w b"))
    call.take("n_in n_out bias in_features out_features")
    n_in, n_out = call.plain("n_in", call.plain("in_features")), call.plain("n_out", call.plain("out_features"))
    if not all(type(n) is int and 0 < n <= 100_000 for n in (n_in, n_out)):
        call.refuse("nn.Linear needs two whole numbers above 0: how many values go in, and how many come out")
    bound = 1 / math.sqrt(n_in)
    parts: dict[str, Thing] = {"weight": _parameter(call, (n_out, n_in), bound, "weight")}
    if call.flag("bias", True):
        parts["bias"] = _parameter(call, (n_out,), bound, "bias")
    parts |= {"in_features": n_in, "out_features": n_out}
    call.reading.remark(_FILL.format("Linear"))
    return Callee(call.name or "linear", lambda later: _through_linear(later, parts), parts)


def call_is_number(call: Call, arg: Any) -> bool:
    return not isinstance(call.reading.value(arg), Ref)


def _parameter(call: Call, shape: tuple[int, ...], bound: float, part: str) -> Ref:
    """Evenly distributed within ±bound, as PyTorch fills it; every layer of a text gets other numbers."""
    if math.prod(shape) > 10_000_000:
        call.refuse("this layer would have more than 10,000,000 weights")
    call.reading.layers += 1
    data = np.random.default_rng(call.reading.layers).uniform(-bound, bound, shape)
    return call.reading.leaf(Array(np.round(data, 4), "parameter", "torch"), call.node, _part_name(call, part))


def _part_name(call: Call, part: str) -> str | None:
    return f"{call.name}_{part}" if call.name else {"weight": "W", "bias": "b"}.get(part, part)


def _through_linear(call: Call, parts: dict[str, Thing]) -> Ref:
    call.library = "torch"
    x = call.take("x").operand("x")
    if "bias" in parts:
        return call.make("linear", x, parts["weight"], parts["bias"])
    return call.make("matmul", x, call.part("transpose", parts["weight"]))


@word("functional.linear")
def _functional_linear(call: Call) -> Ref:
    call.take("x weight bias")
    if call.has("bias") and not (isinstance(call.thing("bias"), type(None))):
        return call.make("linear", *call.operands("x weight bias"))
    weight = call.operand("weight")
    shape = call.reading.made.shape(weight)
    turned = weight if shape is not None and len(shape) < 2 else call.part("transpose", weight)
    return call.make("matmul", call.operand("x"), turned)


@word("functional.conv2d", "torch.conv2d")
def _functional_conv2d(call: Call) -> Ref:
    """As the operation, but its third argument is the bias: one number is added to each channel."""
    held = call.args.pop(2) if len(call.args) > 2 else call.words.pop("bias", None)
    bias = None if held is None else call.reading.value(held)
    ports = {"input": "x", "weight": "w"}
    call.words = {ports.get(word, word): place for word, place in call.words.items()}
    op = call.reading.ops["conv2d"]
    if held is None or bias is None:
        return by_table(call, op)
    name, call.name = call.name, None
    made = by_table(call, op)
    call.name = name
    return call.make("add", made, call.part("reshape", call.reading.operand(bias, held), shape=(-1, 1, 1)))


@word("Sequential")
def _sequential(call: Call) -> Thing:
    """The layers one after another."""
    layers = [call.reading.value(arg) for arg in call.args]
    if len(layers) == 1 and isinstance(layers[0], dict):
        layers = list(layers[0].values())
    layers = [list(layer) if isinstance(layer, tuple) else layer for layer in layers]
    for layer, arg in zip(layers, call.args, strict=False):
        if not isinstance(layer, (Callee, Instance, Defined, LibraryWord)):
            call.refuse("only layers can stand in nn.Sequential", arg)

    def through(later: Call) -> Thing:
        thing: Thing = later.take("x").thing("x")
        for layer in layers:
            last = layer is layers[-1]
            thing = run(later, layer, thing, later.name if last else None)
        return thing

    return Callee("sequential", through, {str(i): layer for i, layer in enumerate(layers)})


@word("ModuleList")
def _module_list(call: Call) -> Thing:
    thing = call.take("layers").thing("layers") if call.args else []
    return list(thing) if isinstance(thing, (list, tuple)) else thing


@word("Flatten")
def _flatten(call: Call) -> Thing:
    if call.is_own and call.args and isinstance(call.reading.value(call.args[0]), Ref):
        return call.make("flatten", call.take("x").operand("x"))
    start = call.take("start_dim end_dim").plain("start_dim", 1)
    return Callee("Flatten", lambda later: later.make("flatten", later.take("x").operand("x"), start=start))


@word("Identity")
def _identity(call: Call) -> Thing:
    return Callee("Identity", lambda later: later.take("x").thing("x"))


@word("Dropout", "functional.dropout", "dropout")
def _dropout(call: Call) -> Thing:
    if _as_written(call) and len(call.args) == 1:
        return by_table(call, call.reading.ops["dropout"])
    if call.called == "dropout":
        call.take("x p training")
        if call.plain("training", True) is False or call.plain("p", 0.5) == 0:
            return call.thing("x")
        call.refuse("dropout is random: write training=False, with which it changes nothing, or leave it out")
    if call.take("p").plain("p", 0.5) == 0:
        return _identity(call)

    def drop(later: Call) -> Thing:
        later.refuse("dropout is random, and changes nothing once a model is trained: leave it out, or write p=0")

    return Callee("Dropout", drop)


def _as_written(call: Call) -> bool:
    """Whether it is called as Gradloom calls its operation: by its name alone, or as a method, which no library has."""
    return call.is_own or call.library == "method"


@word("LayerNorm")
def _layer_norm(call: Call) -> Thing:
    call.take("shape eps affine elementwise_affine bias")
    shape = call.plain("shape")
    lengths = checked_shape(call, tuple(shape) if isinstance(shape, (list, tuple)) else (shape,))
    eps = call.plain_number("eps") if call.has("eps") else 1e-5
    parts: dict[str, Thing] = {}
    if call.flag("affine", call.flag("elementwise_affine", True)):
        fills = {"weight": 1.0} | ({"bias": 0.0} if call.flag("bias", True) else {})
        for part, fill in fills.items():
            array = Array(np.full(lengths, fill), "parameter", "torch")
            parts[part] = call.reading.leaf(array, call.node, _part_name(call, part))
    return Callee("LayerNorm", lambda later: _normalised(later, len(lengths), eps, parts), parts)


@word("layer_norm")
def _functional_norm(call: Call) -> Thing:
    """PyTorch's, or Gradloom's own, whose scale and shift come second and third."""
    if _as_written(call) and len(call.args) == 3 and isinstance(call.reading.value(call.args[1]), Ref):
        return by_table(call, call.reading.ops["layer_norm"])
    call.take("x shape weight bias eps")
    shape = call.plain("shape")
    if not isinstance(shape, (int, tuple, list)):
        call.refuse("layer_norm needs the lengths of the last axes, as in layer_norm(x, (3,))")
    count = 1 if isinstance(shape, int) else len(shape)
    parts = {name: call.operand(name) for name in ("weight", "bias") if call.has(name) and call.thing(name) is not None}
    return _normalised(call, count, call.plain_number("eps") if call.has("eps") else 1e-5, parts)


def _normalised(call: Call, count: int, eps: float, parts: dict[str, Thing]) -> Thing:
    axes: Any = -1 if count == 1 else tuple(range(-count, 0))
    x = call.operand("x") if call.has("x") else call.take("x").operand("x")
    text = "(x - mean(x, axis=d, keep=True)) / sqrt(var(x, axis=d, keep=True) + e)"
    text += " * w" if "weight" in parts else ""
    text += " + b" if "bias" in parts else ""
    given: dict[str, Thing] = {"x": x, "d": axes, "e": eps}
    given |= {name[0]: part for name, part in parts.items()}
    return spelled(call, text, **given)


# --- what can be asked of a layer or a model


@word(
    "layer.parameters",
    "layer.named_parameters",
    "layer.children",
    "layer.state_dict",
    "layer.modules",
    "method.parameters",
)
def _parameters(call: Call) -> Thing:
    return [Ref(id) for id, node in call.reading.made.nodes.items() if node.op_name == "parameter"]


@word(
    "layer.train",
    "layer.eval",
    "layer.to",
    "layer.double",
    "layer.float",
    "layer.cpu",
    "layer.cuda",
    "layer.requires_grad_",
)
def _same_layer(call: Call) -> Thing:
    return call.reading.value(call.args[0])


@word("layer.zero_grad", "layer.load_state_dict", "layer.apply", "layer.register_parameter", "layer.register_buffer")
def _asked_layer(call: Call) -> Thing:
    if call.called == "zero_grad":
        call.reading.zeroed = True
        return None
    if call.called.startswith("register"):
        call.take("self name value persistent")
        thing, owner = call.thing("value"), call.thing("self")
        name = call.plain("name")
        op = "parameter" if call.called == "register_parameter" else "constant"
        if isinstance(thing, Array):
            thing = call.reading.leaf(
                Array(thing.data, op, "torch"), call.node, call.reading.checked_name(call.node, name)
            )
        owner.parts[name] = thing
        return None
    call.refuse(f"“.{call.called}” is not understood here: set the numbers of the parameters in the text")


@word("layer.forward")
def _forward(call: Call) -> Thing:
    layer = call.reading.value(call.args[0])
    return run(call, layer, call.reading.value(call.args[1]), call.name)
