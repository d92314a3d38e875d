"""Models that are damaged, hostile or no models: one clear sentence each, and never a traceback."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from engine import cli
from engine.errors import FileError
from engine.files.codec import decode, encode
from engine.files.onnx.read import read_onnx
from engine.files.open import read_file
from engine.graph.graph import Graph
from engine.passes.run import run
from tests.engine.files.onnx.building import model_of

node, T = onnx.helper.make_node, onnx.TensorProto
X = np.array([[0.5, -1.0]])


def layer(**held: Any) -> Any:
    """x Wᵀ + b through a ReLU."""
    held = {"w": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([0.5, -0.5])} | held
    layers = [node("Gemm", ["x", "w", "b"], ["h"], transB=1), node("Relu", ["h"], ["y"])]
    return model_of(*layers, inputs={"x": X}, held=held)


def told(model: Any) -> str:
    """The sentence that a model is refused with."""
    with pytest.raises(FileError) as refused:
        read_onnx(model if isinstance(model, bytes) else model.SerializeToString())
    said = refused.value.sentence
    assert "Traceback" not in said and "\n" not in said
    return said


def with_weight(**fields: Any) -> Any:
    """The layer with fields of its weight changed."""
    model = layer()
    tensor = model.graph.initializer[0]
    for name, value in fields.items():
        if isinstance(value, list):
            getattr(tensor, name)[:] = value
        else:
            setattr(tensor, name, value)
    return model


def test_a_title_that_is_not_utf8_is_text_all_the_same() -> None:
    data = layer_called(b"\xe9t\xe9")
    graph = read_onnx(data)
    assert graph.title == "�t�" and decode(encode(graph)).title == graph.title


def layer_called(title: bytes) -> bytes:
    """The layer with a title that protobuf itself would not write."""
    model = layer()
    model.graph.doc_string = "x" * len(title)
    data: bytes = model.SerializeToString()
    assert data.count(b"x" * len(title)) == 1
    return data.replace(b"x" * len(title), title)


# --- no model


@pytest.mark.parametrize("data", [b"hello", b"\x08\x07" * 50, b'{"format": "gradloom"}', b"\x00" * 100, b"PK\x03\x04"])
def test_what_is_no_model_gets_a_sentence(data: bytes) -> None:
    assert told(data).startswith("this is not a valid ONNX model")


def test_an_empty_file_is_called_empty() -> None:
    assert told(b"") == "this is not a valid ONNX model: the file is empty"


def test_a_truncated_file_gets_a_sentence_wherever_it_ends() -> None:
    data = layer().SerializeToString()
    for length in range(0, len(data) - 1, 3):
        told(data[:length])


# --- numbers that are none


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (with_weight(data_type=T.STRING), "“w” holds text"),
        (with_weight(data_type=T.COMPLEX64), "“w” holds complex numbers"),
        (with_weight(data_type=T.UNDEFINED), "does not say what kind of numbers “w” holds"),
        (with_weight(data_type=99), "does not say what kind of numbers “w” holds"),
        (with_weight(raw_data=b"\x00" * 13), "the numbers of “w” are damaged"),
        (with_weight(dims=[3, 2]), "the numbers of “w” are damaged"),
        (with_weight(dims=[2**40, 2**40]), "“w” has the shape .* that is too large"),
        (with_weight(dims=[-1, 4]), "a length cannot be negative"),
        (with_weight(dims=[1] * 40), "that is too large"),
        (with_weight(dims=[0, 2], raw_data=b""), "“w” holds no numbers"),
        (layer(w=np.array(["a", "b"], dtype=object)), "“w” holds text"),
        (layer(w=np.ones((2, 2), np.complex128)), "“w” holds complex numbers"),
    ],
)
def test_numbers_that_are_none_are_named(model: Any, sentence: str) -> None:
    with pytest.raises(FileError, match=sentence):
        read_onnx(model.SerializeToString())


@pytest.mark.parametrize(
    "kind", [T.FLOAT, T.FLOAT16, T.BFLOAT16, T.INT4, T.INT8, T.UINT8, T.INT64, T.BOOL, T.FLOAT8E4M3FN]
)
def test_numbers_of_every_width_are_read(kind: int) -> None:
    model = layer()
    model.graph.initializer[0].CopyFrom(onnx.helper.make_tensor("w", kind, [2, 2], [1, 0, 1, 1]))
    assert np.array_equal(read_onnx(model.SerializeToString()).nodes["w"].value, [[1, 0], [1, 1]])


def sparse(places: list[int]) -> Any:
    model = layer()
    del model.graph.initializer[0]
    values = onnx.numpy_helper.from_array(np.array([1.5, 2.5]), "w")
    at = onnx.numpy_helper.from_array(np.array(places, np.int64), "w_places")
    model.graph.sparse_initializer.append(onnx.helper.make_sparse_tensor(values, at, [2, 2]))
    return model


def test_sparse_numbers_are_read_with_their_zeros() -> None:
    graph = read_onnx(sparse([1, 2]).SerializeToString())
    assert np.array_equal(graph.nodes["w"].value, [[0, 1.5], [2.5, 0]])
    assert told(sparse([1, 7])) == "the numbers of “w” are damaged: some stand outside its shape (2, 2)"


def given(kind: Any) -> Any:
    model = layer()
    model.graph.input[0].type.CopyFrom(kind)
    return model


def test_inputs_that_are_no_tensors_of_numbers_are_named() -> None:
    tensor, sequence = onnx.helper.make_tensor_type_proto, onnx.helper.make_sequence_type_proto
    assert (
        told(given(sequence(tensor(T.FLOAT, [2]))))
        == "the input “x” is not a tensor: Gradloom computes with tensors only"
    )
    assert told(given(tensor(T.STRING, [1, 2]))).startswith("“x” holds text")
    assert (
        told(given(tensor(T.FLOAT, [10**9, 10**9]))) == "“x” has the shape (1000000000, 1000000000): that is too large"
    )


def test_what_is_never_made_is_named() -> None:
    model = layer()
    model.graph.node[0].input[1] = "nowhere"
    assert told(model) == "the model never says what “nowhere” is"


# --- numbers beside the file


def beside(folder: Path, location: str = "m.onnx.data", **said: Any) -> Path:
    """A model whose weight stands in another file."""
    model = layer()
    tensor = model.graph.initializer[0]
    data = tensor.raw_data
    onnx.external_data_helper.set_external_data(tensor, location, **said)
    tensor.ClearField("raw_data")
    path = folder / "m.onnx"
    path.write_bytes(model.SerializeToString())
    (folder / "m.onnx.data").write_bytes(b"\x00" * said.get("offset", 0) + data)
    return path


def test_numbers_beside_the_file_are_read(tmp_path: Path) -> None:
    for said in ({}, {"offset": 64, "length": 32}, {"length": 32}):
        graph = read_file(beside(tmp_path, **said))
        assert np.array_equal(graph.nodes["w"].value, [[1, 2], [3, 4]])
        assert graph.nodes["w"].op_name == "parameter"


def refused(path: Path) -> str:
    with pytest.raises(FileError) as said:
        read_file(path)
    return said.value.sentence


def test_numbers_that_are_not_beside_the_file_are_asked_for(tmp_path: Path) -> None:
    path = beside(tmp_path, length=33)
    assert refused(path) == "“m.onnx.data” is too short: “w” ends at byte 33, but the file has 32"
    (tmp_path / "m.onnx.data").unlink()
    assert "m.onnx.data” cannot be read: there is no such file" in refused(path)
    assert "open the model as a file, beside that one" in told(path.read_bytes())


@pytest.mark.parametrize(
    "location", ["../secret", "../../etc/passwd", "a/../../secret", "/etc/passwd", ".", "", "x\x00y"]
)
def test_no_file_outside_the_models_folder_is_read(location: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\x00" * 32)
    (tmp_path / "in").mkdir()
    said = refused(beside(tmp_path / "in", location))
    assert "outside its own folder" in said or (not location and "does not say in which file" in said)


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\x00" * 32)
    (tmp_path / "in").mkdir()
    path = beside(tmp_path / "in", "link")
    (tmp_path / "in" / "link").symlink_to(tmp_path / "secret")
    assert "outside its own folder" in refused(path)


def test_the_places_of_numbers_must_be_whole_numbers(tmp_path: Path) -> None:
    path = beside(tmp_path)
    model = onnx.load(path, load_external_data=False)
    for key, value in (("offset", "-8"), ("length", "many"), ("offset", "9" * 30)):
        tensor = model.graph.initializer[0]
        del tensor.external_data[1:]
        tensor.external_data.add(key=key, value=value)
        path.write_bytes(model.SerializeToString())
        assert "is not a whole number" in refused(path)


@pytest.mark.parametrize("word", [b"m.onnx.data", b"location", b"length", b"32"])
def test_words_that_are_not_utf_8_are_no_mistake(word: bytes, tmp_path: Path) -> None:
    """Protobuf gives such a text as bytes."""
    path = beside(tmp_path, length=32)
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(word)] + b"\xff" + data[data.rindex(word) + 1 :])
    if word != b"length":  # without one the whole file is taken
        assert refused(path)
    else:
        assert np.array_equal(read_file(path).nodes["w"].value, [[1, 2], [3, 4]])


# --- operators that Gradloom has not got


def strange() -> Any:
    """A model with operators that are not known, in the middle and at its end."""
    layers = [
        node("Relu", ["x"], ["h"]),
        node("NonMaxSuppression", ["h", "w", "h"], ["z", "other"], name="strange", speed=3),
        node("FancyAttention", ["z", "other"], ["a"], domain="com.example", heads=4),
        node("Neg", ["a"], ["y"]),
    ]
    model = model_of(*layers, inputs={"x": X}, held={"w": X})
    model.opset_import.append(onnx.helper.make_opsetid("com.example", 1))
    return model


def test_an_unknown_operator_is_a_greyed_placeholder() -> None:
    graph = read_onnx(strange().SerializeToString())
    unknown = {n.id: n.op_name for n in graph.nodes.values() if not n.op.known}
    assert unknown == {"z": "onnx.NonMaxSuppression", "a": "onnx.com.example.FancyAttention"}
    assert {(e.source, e.output) for e in graph.into("a")} == {("z", 0), ("z", 1)}
    assert graph.target == "y" and graph.nodes["w"].op_name == "parameter"
    assert run(graph, values={"x": X}, target="h").value("h").tolist() == [[0.5, 0]]


def test_a_placeholder_is_kept_when_it_is_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, saved = tmp_path / "strange.onnx", tmp_path / "strange.gradloom"
    path.write_bytes(strange().SerializeToString())
    assert cli.main(["convert", str(path), str(saved)]) == 0
    before, after = read_onnx(path.read_bytes()), read_file(saved)
    assert after.nodes.keys() == before.nodes.keys() and after.edges == before.edges
    assert after.nodes["a"].raw and after.nodes["a"].raw["attributes"] == {"heads": 4}
    capsys.readouterr()
    assert cli.main(["run", str(path)]) == 2
    assert "Gradloom cannot compute ONNX's “NonMaxSuppression” as it is used here" in capsys.readouterr().err


def test_an_operator_that_does_what_no_op_can_is_a_placeholder_too() -> None:
    picked = node("Gather", ["x", "ids"], ["y"], axis=1)
    model = model_of(picked, inputs={"x": X, "ids": np.array([0])})
    assert read_onnx(model.SerializeToString()).nodes["y"].op_name == "onnx.Gather"
    places = [node("MaxPool", ["x"], ["h", "places"], kernel_shape=[2, 2]), node("Add", ["h", "places"], ["y"])]
    model = model_of(*places, inputs={"x": np.ones((1, 1, 4, 4))})
    assert read_onnx(model.SerializeToString()).nodes["h"].op_name == "onnx.MaxPool"


# --- anything at all


def mutated(data: bytes, seed: int) -> bytes:
    """The bytes with some of them changed, left out, or put in twice."""
    chance = random.Random(seed)
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(changed))
        how = chance.randrange(4)
        if how < 2:
            changed[at] = chance.randrange(256) if how else changed[at] ^ (1 << chance.randrange(8))
        elif how == 2:
            del changed[at : at + chance.choice((1, 4, 30))]
        else:
            changed[at:at] = changed[at : at + chance.choice((1, 4, 30))]
    return bytes(changed)


def fuzzed(seed: int) -> bytes:
    models = (layer(), strange(), sparse([1, 2]), with_weight(dims=[4, 1]))
    return mutated(models[seed % len(models)].SerializeToString(), seed)


@pytest.mark.parametrize("first", [0, 10, 20, 30])
def test_whatever_stands_in_a_file_a_graph_or_a_sentence_comes_out(first: int) -> None:
    for seed in range(first, first + 10):
        try:
            assert isinstance(read_onnx(fuzzed(seed)), Graph)
        except FileError as error:
            assert error.sentence and "\n" not in error.sentence
