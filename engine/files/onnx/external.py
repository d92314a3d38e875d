"""Numbers that stand in a file of their own beside a model (`NAME.onnx.data`): read into it, never from elsewhere."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.data.outside import MB, WEIGHTS, read_bytes
from engine.errors import FileError

EXTERNAL = 1  # TensorProto.EXTERNAL


def take_in(model: Any, folder: str | None) -> None:
    """Put the numbers that stand outside into the model. `folder` is the model's own; None: it is not from a file.

    Raises FileError for a file that is missing, too short or outside the folder.
    """
    files: dict[str, bytes] = {}
    for tensor in tensors_of(model):
        if tensor.data_location == EXTERNAL:
            tensor.raw_data = _part(tensor, folder, files)
            tensor.ClearField("external_data")
            tensor.ClearField("data_location")


def tensors_of(model: Any) -> Iterator[Any]:
    """All tensors of a model: its own, and those in the attributes of its operators and functions."""
    yield from _of_graph(model.graph)
    for function in model.functions:
        yield from _of_nodes(function.node)


def _of_graph(graph: Any) -> Iterator[Any]:
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    yield from _of_nodes(graph.node)


def _of_nodes(nodes: Any) -> Iterator[Any]:
    for attribute in (attribute for node in nodes for attribute in node.attribute):
        if attribute.HasField("t"):
            yield attribute.t
        yield from attribute.tensors
        for graph in (*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs):
            yield from _of_graph(graph)


def _part(tensor: Any, folder: str | None, files: dict[str, bytes]) -> bytes:
    said = {_text(entry.key): _text(entry.value) for entry in tensor.external_data}
    location = said.get("location", "")
    if location not in files:
        files[location] = _read(tensor.name, location, folder)
        if sum(map(len, files.values())) > WEIGHTS.most:
            raise FileError(f"the numbers of this model are too many: more than {WEIGHTS.most // MB} MB")
    whole = files[location]
    start = _whole_number(said.get("offset", "0"), tensor.name)
    length = _whole_number(said.get("length", str(max(len(whole) - start, 0))), tensor.name)
    if start + length > len(whole):
        ends = f"“{tensor.name}” ends at byte {start + length:,}, but the file has {len(whole):,}"
        raise FileError(f"“{location}” is too short: {ends}")
    return whole[start : start + length]


def _text(said: str | bytes) -> str:
    """What protobuf gives as bytes is not UTF-8."""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _read(tensor: str, location: str, folder: str | None) -> bytes:
    if not location:
        raise FileError(f"the model does not say in which file the numbers of “{tensor}” stand")
    if folder is None:
        raise FileError(f"the numbers of “{tensor}” stand in “{location}”: open the model as a file, beside that one")
    home = os.path.realpath(folder)
    try:
        path = os.path.realpath(os.path.join(home, location))
        is_inside = os.path.commonpath([home, path]) == home and path != home
    except ValueError:  # a NUL in it, or another drive
        is_inside = False
    if not is_inside or Path(location).is_absolute():
        raise FileError(f"the model wants to read “{location}”, which is outside its own folder: that is not done")
    return read_bytes(path, WEIGHTS)


def _whole_number(text: str, tensor: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise FileError(f"the place of the numbers of “{tensor}” is not a whole number: “{text[:40]}”")
    return int(text)
