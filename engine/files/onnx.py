"""ONNX models made of operations that Gradloom has, as graphs. Needs the package `onnx` (the extra [onnx]).

Inputs without a default value hold ones, of the shape that the model says; a length that it leaves open counts as 1.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from engine.errors import FileError
from engine.graph.graph import Graph
from engine.graph.names import NEW_LEAF_VALUE
from engine.graph.records import Edge, Node
from engine.layout.layout import laid_out
from engine.ops.op import OPS
from engine.ops.words.table import WORDS
from engine.values.values import as_value

# Ops that are an operator of ONNX as they stand, and which setting is which attribute: those that are no single word of
# op texts, which the table of words knows.
SIGNS: Mapping[str, str] = {"add": "Add", "sub": "Sub", "mul": "Mul", "div": "Div", "neg": "Neg", "pow": "Pow"}
WHOLE: Mapping[str, tuple[str, dict[str, str]]] = {
    "relu": ("Relu", {}), "sigmoid": ("Sigmoid", {}), "leaky_relu": ("LeakyRelu", {"slope": "alpha"}),
    "elu": ("Elu", {"alpha": "alpha"}), "gelu": ("Gelu", {}), "softplus": ("Softplus", {}),
}  # fmt: skip
_ALONG = {"softmax": "Softmax", "log_softmax": "LogSoftmax", "concat": "Concat"}


@cache
def operators() -> Mapping[str, tuple[str, dict[str, str]]]:
    """ONNX's name of an operator → the op that it is, and which of its settings is which attribute."""
    said = {f"{name}({', '.join(op.ports)})": word.onnx for op in OPS.values() for name, word in WORDS.items()}
    known: dict[str, tuple[str, dict[str, str]]] = {
        onnx: (op.name, {}) for op in OPS.values() if (onnx := said.get(op.forward)) and onnx.isidentifier()
    }
    known |= {onnx: (op, {}) for op, onnx in SIGNS.items()} | {"Sum": ("add", {})}
    known |= {onnx: (op, settings) for op, (onnx, settings) in WHOLE.items()}
    return known | {onnx: (op, {"axis": "axis"}) for op, onnx in _ALONG.items()}


PASSED_ON = ("Identity", "Dropout", "Cast")  # in inference these change nothing that a graph of floats could tell
SHAPES = ("Reshape", "ReduceSum", "ReduceMean")  # their second input says a shape or axes
CONSTANTS = "gradloom.constants"  # the entry of a model's metadata that tells constants from parameters


def read_onnx(data: bytes) -> Graph:
    """The graph of a model. Raises FileError with a sentence: not ONNX, or an operator that Gradloom has no op for."""
    try:
        import onnx
    except ImportError:
        raise FileError("reading an ONNX model needs the package onnx: install gradloom[onnx]") from None
    try:
        model = onnx.load_model_from_string(data)
        onnx.checker.check_model(model)
    except Exception as error:  # the library raises protobuf's own errors, and its own, with no base in common
        raise FileError(f"this is not a valid ONNX model: {' '.join(str(error).split())[:200]}") from None
    return _Import(onnx, model).graph()


class _Import:
    def __init__(self, onnx: Any, model: Any) -> None:
        self.onnx = onnx
        self.model = model
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.ids: dict[str, str] = {}  # the model's name of a tensor → the node that gives it
        self.held = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
        said = next((p.value for p in model.metadata_props if p.key == CONSTANTS), None)
        self.constants = None if said is None else set(said.split(","))

    def graph(self) -> Graph:
        """The whole graph, laid out; its target is the model's first output."""
        self._refuse_unknown()
        for given in self.model.graph.input:
            self._input(given)
        for made in self.model.graph.node:
            self._node(made)
        outputs = [self.ids[o.name] for o in self.model.graph.output if o.name in self.ids]
        title = self.model.graph.doc_string or self.model.graph.name
        target = outputs[0] if outputs else None
        return laid_out(Graph.of(self.nodes.values(), self.edges, target=target, title=title[:200]))

    def _refuse_unknown(self) -> None:
        known = {*operators(), *PASSED_ON, *SHAPES, *_SPECIAL, "Constant"}
        unknown = sorted({n.op_type for n in self.model.graph.node if n.op_type not in known})
        if unknown:
            raise FileError(f"Gradloom has no operation for ONNX's {', '.join(unknown)}")

    # --- leaves

    def _input(self, given: Any) -> None:
        value = self.held.get(given.name)
        if value is None:
            lengths = [d.dim_value if d.HasField("dim_value") else 1 for d in given.type.tensor_type.shape.dim]
            value = np.full(lengths, NEW_LEAF_VALUE)
        self._add(given.name, "input", value=value)

    def _tensor(self, name: str) -> str:
        """The node that gives a tensor; an initializer becomes one when it is first asked for."""
        if name not in self.ids:
            if name not in self.held:
                raise FileError(f"the model never says what “{name}” is")
            self._add(name, self._kind(name), value=self.held[name])
        return self.ids[name]

    def _kind(self, name: str) -> str:
        """A leaf's op: what Gradloom wrote down, or for another's model: numbers are fixed, arrays learn."""
        if self.constants is not None:
            literal = not re.fullmatch(r"[A-Za-z_]\w*", name)
            return "constant" if literal or name in self.constants else "parameter"
        return "parameter" if self.held[name].ndim else "constant"

    def _literal(self, name: str, what: str) -> Any:
        """What must be known when the graph is made: a shape, axes."""
        if name not in self.held:
            raise FileError(f"{what} is computed by the model itself: that cannot be imported")
        return self.held[name]

    # --- nodes

    def _add(self, name: str, op: str, sources: tuple[str, ...] = (), value: Any = None, **settings: Any) -> str:
        id = self._free_id(name, op)
        label = "" if id == name else name
        held = None if value is None else as_value(value)
        self.nodes[id] = Node(id, op, held, label, settings=tuple(sorted(settings.items())))
        self.edges += [Edge(source, id, port) for port, source in enumerate(sources)]
        self.ids[name] = id
        return id

    def _free_id(self, name: str, op: str) -> str:
        wanted = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") or op
        wanted = f"{op}_{wanted}" if wanted[0].isdigit() else wanted
        id, count = wanted, 2
        while id in self.nodes:
            id, count = f"{wanted}_{count}", count + 1
        return id

    def _node(self, made: Any) -> None:
        kind = made.op_type
        attributes = {a.name: self.onnx.helper.get_attribute_value(a) for a in made.attribute}
        if kind == "Constant":
            self.held[made.output[0]] = self._constant(attributes)
        elif kind in PASSED_ON:
            self.ids[made.output[0]] = self._tensor(made.input[0])
        elif kind in _SPECIAL:
            _SPECIAL[kind](self, made, attributes)
        elif kind in SHAPES:
            self._shaped(made, attributes)
        else:
            op, names = operators()[kind]
            usual = OPS[op].defaults
            chosen = {setting: _plain(attributes.get(name, usual[setting])) for setting, name in names.items()}
            self._fold(made.output[0], op, [self._tensor(name) for name in made.input], **chosen)

    def _fold(self, name: str, op: str, sources: list[str], **settings: Any) -> None:
        """An op over its inputs; of an op with two ports that is given more, one after the other; one is itself."""
        if len(sources) == 1 and op in ("add", "max", "min", "concat"):
            self.ids[name] = sources[0]
        elif len(sources) > 2 and op in ("max", "min"):
            first = self._add(f"{name}/1", op, tuple(sources[:2]))
            self._fold(name, op, [first, *sources[2:]])
        else:
            self._add(name, op, tuple(sources), **settings)

    def _constant(self, attributes: dict[str, Any]) -> Any:
        if "value" in attributes:
            return self.onnx.numpy_helper.to_array(attributes["value"])
        return np.array(next(iter(attributes.values()), 0.0))

    def _shaped(self, made: Any, attributes: dict[str, Any]) -> None:
        op = {"Reshape": "reshape", "ReduceSum": "sum", "ReduceMean": "mean"}[made.op_type]
        says = made.input[1] if len(made.input) > 1 and made.input[1] else None
        if op == "reshape":
            shape = self._literal(str(says), f"the shape of {made.output[0]}")
            self._add(made.output[0], op, (self._tensor(made.input[0]),), shape=tuple(int(n) for n in shape))
            return
        axes = attributes.get("axes", ()) if says is None else self._literal(says, f"the axes of {made.output[0]}")
        axis: Any = OPS[op].settings[0].checked(tuple(map(int, axes)) if len(axes) else "all")
        keep = bool(attributes.get("keepdims", 1))
        self._add(made.output[0], op, (self._tensor(made.input[0]),), axis=axis, keep=keep)

    def _gemm(self, made: Any, attributes: dict[str, Any]) -> None:
        """αAB + βC: a linear layer, or matmul, transpose and add."""
        if attributes.get("alpha", 1.0) != 1 or attributes.get("beta", 1.0) != 1:
            raise FileError(f"“{made.output[0]}” scales a matrix product: that cannot be imported")
        name = made.output[0]
        a, b, *c = (self._tensor(given) for given in made.input if given)
        if attributes.get("transA", 0):
            a = self._add(f"{name}/a", "transpose", (a,))
        if attributes.get("transB", 0) and c:
            self._add(name, "linear", (a, b, c[0]))
            return
        if attributes.get("transB", 0):
            b = self._add(f"{name}/b", "transpose", (b,))
        product = self._add(f"{name}/product" if c else name, "matmul", (a, b))
        if c:
            self._add(name, "add", (product, c[0]))

    def _transpose(self, made: Any, attributes: dict[str, Any]) -> None:
        perm = list(attributes.get("perm", (1, 0)))
        count = len(perm)
        if perm == list(range(count)):
            self.ids[made.output[0]] = self._tensor(made.input[0])
        elif perm == [*range(count - 2), count - 1, count - 2]:
            self._add(made.output[0], "transpose", (self._tensor(made.input[0]),), axes="last")
        else:
            self._add(made.output[0], "transpose", (self._tensor(made.input[0]),), axes=tuple(perm))

    def _gelu(self, made: Any, attributes: dict[str, Any]) -> None:
        if _plain(attributes.get("approximate", b"none")) != "none":
            raise FileError(f"“{made.output[0]}” is an approximated GELU: Gradloom has only the exact one")
        self._add(made.output[0], "gelu", (self._tensor(made.input[0]),))

    def _reciprocal(self, made: Any, attributes: dict[str, Any]) -> None:
        name = made.output[0]
        one = self._add(f"{name}/one", "constant", value=1.0)
        self._add(name, "div", (one, self._tensor(made.input[0])))


_SPECIAL: Mapping[str, Callable[[_Import, Any, dict[str, Any]], None]] = {
    "Gemm": _Import._gemm, "Transpose": _Import._transpose, "Gelu": _Import._gelu,
    "Reciprocal": _Import._reciprocal,
}  # fmt: skip


def _plain(attribute: Any) -> Any:
    """An attribute as a setting: text as str, a 32-bit float as the shortest number that it can have been."""
    if isinstance(attribute, bytes):
        return attribute.decode("utf-8", "replace")
    return float(str(np.float32(attribute))) if isinstance(attribute, float) else attribute
