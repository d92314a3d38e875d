"""ONNX models whose parts are taken out, changed, doubled, renamed, or cut off."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from random import Random
from typing import Any

from engine.errors import FileError, GradloomError
from engine.export import export_graph
from engine.files.onnx.read import read_onnx
from tests.attack import mutate, oracle
from tests.attack.graphs import random_graph, shipped

TRIES = "A spoilt model is refused in one clean sentence, or opens as a graph that can be saved, run and shown."

KINDS = (
    "Add",
    "Gemm",
    "Conv",
    "LSTM",
    "Softmax",
    "Reshape",
    "Concat",
    "Slice",
    "Loop",
    "If",
    "ReduceSum",
    "MatMul",
    "",
    "Nope",
    "Transpose",
    "Cast",
)
PATHS = (
    "/etc/passwd",
    "../../x",
    "/dev/zero",
    "/dev/stdin",
    "no.data",
    ".",
    "",
    "a\x00b",
    "/proc/self/mem",
    "x" * 5000,
)


def absent() -> str:
    return "" if find_spec("onnx") else "left out: the library onnx is not here"


def start() -> None:
    oracle.strict()


def make(random: Random) -> bytes:
    data = random.choice(models()) if random.random() < 0.5 else _written(random)
    if random.random() < 0.8:
        data = _spoilt(random, data)
    return mutate.raw(random, data) if random.random() < 0.2 else data


def _written(random: Random) -> bytes:
    try:
        return bytes(export_graph(random_graph(random, tame=True), "onnx"))
    except (GradloomError, Exception):
        return random.choice(models())


@cache
def models() -> list[bytes]:
    """The examples that can be written as models."""
    found = []
    for graph in shipped():
        try:
            found.append(bytes(export_graph(graph, "onnx")))
        except GradloomError:
            continue
    return found


def _spoilt(random: Random, data: bytes) -> bytes:
    import onnx

    model = onnx.ModelProto.FromString(data)
    for _ in range(random.choice((1, 1, 2, 4))):
        random.choice(FAULTS)(random, model.graph, onnx)
    if random.random() < 0.1:
        model.ir_version = random.choice((0, 1, 3, 99, 2**40))
    if random.random() < 0.1 and model.opset_import:
        model.opset_import[0].version = random.choice((0, 1, 7, 13, 99, 2**40))
    return bytes(model.SerializeToString())


def _cut(random: Random, graph: Any, onnx: Any) -> None:
    rows = random.choice((graph.node, graph.input, graph.output, graph.initializer))
    if rows:
        del rows[random.randrange(len(rows))]


def _double(random: Random, graph: Any, onnx: Any) -> None:
    rows = random.choice((graph.node, graph.input, graph.output, graph.initializer))
    if rows:
        rows.add().CopyFrom(random.choice(rows))


def _rename(random: Random, graph: Any, onnx: Any) -> None:
    """One name for another: loops, dangling inputs, two of a name."""
    names = [name for node in graph.node for name in (*node.input, *node.output)] + ["", "é", "a b", "\n", "x" * 500]
    if not graph.node:
        return
    node = random.choice(graph.node)
    ends = random.choice((node.input, node.output))
    if ends:
        ends[random.randrange(len(ends))] = random.choice(names)
    else:
        ends.append(random.choice(names))


def _kind(random: Random, graph: Any, onnx: Any) -> None:
    if graph.node:
        random.choice(graph.node).op_type = random.choice(KINDS)
        random.choice(graph.node).domain = random.choice(("", "", "", "com.microsoft", "é"))


def _attribute(random: Random, graph: Any, onnx: Any) -> None:
    if not graph.node:
        return
    node = random.choice(graph.node)
    name = random.choice(
        [a.name for a in node.attribute] or ["axis", "perm", "axes", "alpha", "transB", "keepdims", "to"]
    )
    kept = [a for a in node.attribute if a.name != name]
    value = random.choice((0, 1, -1, 99, 2**62, 1.5, float("nan"), "text", [0, 1], [1, 1], [0.5], [99], b"\xff", []))
    del node.attribute[:]
    node.attribute.extend(kept)
    try:
        node.attribute.append(
            onnx.helper.make_attribute(name, value, attr_type=onnx.AttributeProto.INTS if value == [] else None)
        )
    except (TypeError, ValueError):
        return


def _tensor(random: Random, graph: Any, onnx: Any) -> None:
    if not graph.initializer:
        return
    tensor = random.choice(graph.initializer)
    match random.randrange(5):
        case 0:
            del tensor.dims[:]
            tensor.dims.extend(
                random.choice(([], [0], [-1], [2], [2, 2], [1] * 40, [2**40], [2**31, 2**31], [10**6, 10**6]))
            )
        case 1:
            tensor.data_type = random.choice((0, 1, 7, 8, 9, 10, 11, 14, 16, 17, 20, 99))
        case 2:
            tensor.raw_data = mutate.raw(random, tensor.raw_data or b"\0" * 8)
        case 3:
            tensor.data_location = onnx.TensorProto.EXTERNAL
            for key, value in (
                ("location", random.choice(PATHS)),
                ("length", random.choice(("8", "-1", "99999999999", "x"))),
                ("offset", random.choice(("0", "-8", "x"))),
            ):
                entry = tensor.external_data.add()
                entry.key, entry.value = key, value
        case 4:
            tensor.name = random.choice(("", "x", "é", "a\nb", "\t"))


def _shape(random: Random, graph: Any, onnx: Any) -> None:
    rows = random.choice((graph.input, graph.output))
    if rows:
        shape = random.choice(rows).type.tensor_type
        shape.elem_type = random.choice((0, 1, 7, 11, 99))
        for dim in shape.shape.dim:
            dim.dim_value = random.choice((0, 1, 2, 3, -1, 2**40))
        if random.random() < 0.3:
            shape.shape.dim.add().dim_param = random.choice(("N", "", "é"))


FAULTS = (_cut, _double, _rename, _rename, _kind, _attribute, _attribute, _tensor, _tensor, _shape)


def check(data: bytes) -> None:
    try:
        graph = read_onnx(data, folder=".")
    except FileError as error:
        oracle.refusal(error)
        return
    oracle.round_trip(graph)
    oracle.lives(graph, Random(data))
