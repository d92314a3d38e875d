"""What text and files from elsewhere stand for: documents, programs, expressions and ONNX models, all as graphs."""

import os
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.data.outside import MODEL, PROGRAM, read_bytes
from engine.errors import TextError
from engine.files.codec import decode
from engine.files.disk import SUFFIX, load
from engine.files.onnx.read import read_onnx
from engine.graph.graph import Graph
from engine.graph.names import NEW_LEAF_VALUE
from engine.text.read import NONE_THERE, read
from engine.values.values import as_value

PROGRAM_SUFFIXES = (".txt", ".py")
MODEL_SUFFIXES = (".onnx",)
READ_SUFFIXES = (SUFFIX, *PROGRAM_SUFFIXES, *MODEL_SUFFIXES)

LONGEST_DOCUMENT, LONGEST_PROGRAM = 20_000_000, 200_000  # characters that may be pasted: numbers are long, words not

_OF_MATRICES = {"matmul", "linear"}
_SQUARE = (2, 2)  # the shape that a leaf without a value gets where a single number makes no sense


Tell = Callable[[str], None]  # is told what was understood in a way worth knowing, in sentences


def read_file(path: str | Path, tell: Tell = lambda sentence: None) -> Graph:
    """The graph in a file, read as its ending says. Raises FileError or TextError."""
    suffix = Path(path).suffix.lower()
    if suffix in MODEL_SUFFIXES:
        return read_onnx(read_bytes(path, MODEL), folder=os.path.dirname(os.path.realpath(path)))
    if suffix in PROGRAM_SUFFIXES:
        return read_text(_decoded(read_bytes(path, PROGRAM)), tell)
    return load(path)


def read_data(data: bytes, tell: Tell = lambda sentence: None) -> Graph:
    """The graph of a document or a program that has no file name. Raises FileError or TextError."""
    start = data.lstrip()[:8].decode("utf-8-sig", "ignore")
    return decode(data) if _is_document(start) or not data else _program(_decoded(data), tell)


def read_text(text: str, tell: Tell = lambda sentence: None, there: Mapping[str, Sequence[str]] = NONE_THERE) -> Graph:
    """The graph of the text of a document, or of a program. `there` is as in `read`. Raises FileError or TextError."""
    return decode(text) if _is_document(text) else _program(text, tell, there)


def _program(text: str, tell: Tell, there: Mapping[str, Sequence[str]] = NONE_THERE) -> Graph:
    found = read(text, there)
    for remark in found.remarks:
        tell(remark)
    return found.graph


def read_pasted(
    text: str, tell: Tell = lambda sentence: None, there: Mapping[str, Sequence[str]] = NONE_THERE
) -> Graph:
    """As `read_text`, for a window that must not wait: what is too long is refused at once."""
    longest = LONGEST_DOCUMENT if _is_document(text) else LONGEST_PROGRAM
    if len(text) > longest:
        raise TextError(f"the text is too long: {len(text):,} characters; at most {longest:,} are allowed")
    return read_text(text, tell, there)


def remarks_text(remarks: Iterable[str]) -> str:
    """What a reader remarked, as sentences; begins with a space. A name of code keeps its small letter: `nn.Linear`."""
    begun = (text[:1].upper() + text[1:] if text.split()[0].isalpha() else text for text in remarks)
    return "".join(f" {text}." for text in begun)


def with_values(graph: Graph, known: Container[str] = ()) -> tuple[Graph, tuple[str, ...]]:
    """The graph with ones in every leaf that holds nothing yet, so that it can be run; and the ids of those.

    A leaf holds the number 1; where it goes into a matrix product, a 2 × 2 matrix of ones. `known`: these stay bare.
    """
    unset = {id: node for id, node in graph.nodes.items() if node.op.holds_value and node.value is None}
    bare = {id: node for id, node in unset.items() if id not in known}
    shapes = {id: _SQUARE if _is_matrix(graph, id) else () for id in bare}
    held = {id: replace(node, value=as_value(np.full(shapes[id], NEW_LEAF_VALUE))) for id, node in bare.items()}
    return (replace(graph, nodes={**graph.nodes, **held}) if held else graph), tuple(bare)


def _is_matrix(graph: Graph, id: str) -> bool:
    """Whether what a node gives is multiplied as a matrix, perhaps transposed; a bias is not."""
    for edge in graph.out_of(id):
        op = graph.nodes[edge.dest].op_name
        if (op in _OF_MATRICES and edge.port < 2) or (op == "transpose" and _is_matrix(graph, edge.dest)):
            return True
    return False


def _is_document(text: str) -> bool:
    return text.lstrip().startswith("{")


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TextError("this is not UTF-8 text", where=f"byte {error.start + 1}") from None
