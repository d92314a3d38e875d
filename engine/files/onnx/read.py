"""The way in for ONNX models. Needs the package `onnx` (the extra [onnx]).

Inputs without a default value hold ones, of the shape that the model says; a length that it leaves open counts as 1.
What the model computes from its own shapes and constants is computed when it is read. Numbers that it holds as arrays
are parameters, single and whole ones constants. An operator that Gradloom has not got is a greyed placeholder.
"""

import contextlib
from functools import cached_property
from typing import Any

import numpy as np

from engine.errors import FileError
from engine.files.onnx import elementwise, layers, reductions, shapes
from engine.files.onnx.builder import READERS, Builder, CannotSay, Operator, is_name
from engine.files.onnx.fold import folded
from engine.files.onnx.model import complaint, kinds_of, load_model, shapes_of
from engine.files.onnx.numbers import Array, array_of, checked_kind, checked_shape, sparse_array_of
from engine.graph.graph import Graph
from engine.graph.names import NEW_LEAF_VALUE
from engine.graph.sound import crowd_flaw, flaw_of
from engine.layout.layout import laid_out
from engine.ops.op import ONNX
from engine.values.plain import brought_in
from engine.values.progress import advance

_THEMES = (elementwise, layers, reductions, shapes)  # importing them fills the table of readers
TRUTHS = ("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Not", "And", "Or", "Xor", "IsNaN", "IsInf")
CONSTANTS = "gradloom.constants"  # the entry of a model's metadata that tells constants from parameters


def read_onnx(data: bytes, folder: str | None = None) -> Graph:
    """The graph of a model. `folder` is where it lies, if it is a file: numbers may stand beside it.

    Raises FileError with a sentence for what is no model, or a damaged one.
    """
    onnx, model = load_model(data, folder)
    try:
        with np.errstate(all="ignore"):
            graph = _Import(onnx, model).graph()
            if flaw := flaw_of(graph):
                raise FileError(flaw.sentence, flaw.ids)
            return graph
    except FileError:
        raise
    except Exception as error:  # a file may hold anything: whatever it leads to, a sentence says what is wrong with it
        raise complaint(onnx, model, error) from None


class _Import:
    def __init__(self, onnx: Any, model: Any) -> None:
        self.onnx = onnx
        self.model = model
        said = next((p.value for p in model.metadata_props if p.key == CONSTANTS), None)
        constants = None if said is None else set(said.split(","))
        self.to = Builder(onnx, shapes_of(model), kinds_of(model), constants)
        self.same: dict[str, str] = {}  # another name of a tensor that is held → its first
        self.opset = max((s.version for s in model.opset_import if s.domain in ("", "ai.onnx")), default=1)

    def graph(self) -> Graph:
        """The whole graph, laid out; its target is the model's first output."""
        model = self.model.graph
        if flaw := crowd_flaw(len(model.node)):
            raise FileError(flaw.sentence)
        for tensor in model.initializer:
            self._hold(tensor.name, array_of(self.onnx, tensor))
        for sparse in model.sparse_initializer:
            self._hold(sparse.values.name, sparse_array_of(self.onnx, sparse))
        for given in model.input:
            self._input(given)
        for done, made in enumerate(model.node):
            advance(done, len(model.node))
            self._node(made)
        outputs = [self.to.tensor(self._said(output.name))[0] for output in model.output]
        title = model.doc_string or model.name
        if isinstance(title, bytes):  # so protobuf gives what is not UTF-8
            title = title.decode("utf-8", "replace")
        return laid_out(
            Graph.of(self.to.nodes.values(), self.to.edges, target=outputs[0], title=brought_in(title, 200))
        )

    def _hold(self, name: str, value: Array) -> None:
        """Numbers that the model knows: whole and single ones are fixed, other arrays may learn.

        In a model of our own only literals are, which are called by what they hold: all else was a node.
        """
        self.to.held[name] = value
        is_literal = not is_name(name) if self.to.constants is not None else value.dtype.kind != "f" or not value.ndim
        if is_literal:
            self.to.fixed.add(name)

    def _input(self, given: Any) -> None:
        value = self.to.held.pop(given.name, None)
        self.to.fixed.discard(given.name)
        if value is None:
            if not given.type.HasField("tensor_type"):
                raise FileError(f"the input “{given.name}” is not a tensor: Gradloom computes with tensors only")
            kind = given.type.tensor_type
            checked_kind(self.onnx, kind.elem_type, given.name)
            shape = checked_shape((dim.dim_value for dim in kind.shape.dim), given.name)
            value = np.full(shape, NEW_LEAF_VALUE)
        self.to.sources[given.name] = self.to.leaf(given.name, "input", value)

    def _node(self, made: Any) -> None:
        if not any(made.output):
            return
        if made.op_type == "Constant":
            self._hold(made.output[0], self._constant(made))
            self.to.fixed.add(made.output[0])
            return
        if made.op_type == "Identity" and self.to.held.get(self._said(made.input[0])) is not None:
            self.same[made.output[0]] = self._said(made.input[0])
            return
        made.input[:] = [self._said(name) for name in made.input]
        if self._is_folded(made):
            return
        attributes = {a.name: self._plain(a) for a in made.attribute}
        call = Operator(made.op_type, tuple(made.input), tuple(made.output), attributes, self.opset)
        found = self._read(call, made.domain)
        for name, source in zip(made.output, found if isinstance(found, list) else [found], strict=False):
            self.to.sources[name] = source
            self.to.kinds[name] = self._kind_of(call)

    def _said(self, name: str) -> str:
        """The first name of a tensor that the model holds under several."""
        return self.same.get(name, name)

    def _read(self, call: Operator, domain: str) -> Any:
        """What a call becomes. A placeholder has all the outputs that the operator has."""
        reader = READERS.get(call.kind) or (elementwise.read_whole if call.kind in elementwise.operators() else None)
        if reader and domain in ("", "ai.onnx") and (call.kind == "Split" or not self._asks_for_more(call)):
            with contextlib.suppress(CannotSay):
                return self.to.attempt(reader, call)
        id, _ = self.to.unknown(call, f"{ONNX}{domain + '.' if domain else ''}{call.kind}")
        return [(id, i) for i in range(len(call.outputs))]

    def _kind_of(self, call: Operator) -> int:
        """The type of an operator's output, where it is not that of its first input."""
        if call.kind == "Cast":
            return int(call.get("to", 0))
        if call.kind in TRUTHS:
            return int(self.onnx.TensorProto.BOOL)
        return self.to.kinds.get(call.inputs[call.kind == "Where"], 0) if call.inputs else 0

    def _asks_for_more(self, call: Operator) -> bool:
        """Whether an output after the first is used: a mask, the places of the largest."""
        return any(name in self._used for name in call.outputs[1:] if name)

    @cached_property
    def _used(self) -> set[str]:
        """What some operator reads, or the model gives."""
        used = {name for made in self.model.graph.node for name in made.input}
        return used | {output.name for output in self.model.graph.output}

    def _is_folded(self, made: Any) -> bool:
        """Whether an operator needs only what is known: then it is computed now."""
        to = self.to
        if made.op_type == "Shape":
            try:
                inputs = {made.input[0]: np.broadcast_to(0.0, to.shape(made.input[0]))}
            except CannotSay:
                return False
        elif all(name in to.fixed for name in made.input if name):
            inputs = {name: to.held[name] for name in made.input if name}
        else:
            return False
        found = folded(self.onnx, made, inputs, self.opset)
        for name, value in zip(made.output, found or (), strict=False):
            to.held[name] = value
            to.fixed.add(name)
        return found is not None

    def _constant(self, made: Any) -> Array:
        attribute = made.attribute[0]
        if attribute.name == "value":
            return array_of(self.onnx, attribute.t, made.output[0])
        if attribute.name == "sparse_value":
            return sparse_array_of(self.onnx, attribute.sparse_tensor)
        value = np.asarray(self._plain(attribute))
        if value.dtype.kind not in "biuf":
            raise FileError(f"“{made.output[0]}” holds text: Gradloom computes with real numbers only")
        return value

    def _plain(self, attribute: Any) -> Any:
        """An attribute as Python has it: text as str, a 32-bit float as the shortest number that it can have been."""
        value = self.onnx.helper.get_attribute_value(attribute)
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        if isinstance(value, float):
            return float(str(np.float32(value)))
        return list(value) if attribute.type in (6, 7) else value  # FLOATS, INTS
