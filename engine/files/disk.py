"""Graphs in files: read whole or not at all, and written only if what is written would open again."""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from engine.data.outside import read_bytes, real_path
from engine.errors import FileError
from engine.files.codec import decode, encode
from engine.files.proof import proven
from engine.files.replace import interrupted_save, write_atomically
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.values.row_texts import RowTexts

SUFFIX = ".gradloom"


def load(path: str | Path, of: Path | None = None) -> Graph:
    """The graph in a file. Raises FileError with a sentence; `where` is the place inside the file, if it is inside.

    `of`: it is a draft of that file, so the paths in it are seen from there.
    """
    data = read_bytes(path)
    try:
        graph = decode(data)
    except FileError as error:
        if whole := interrupted_save(path):
            raise FileError(f"{error.sentence}. Its last save was cut short: all of it is in “{whole}”") from error
        raise
    return _with_paths(graph, partial(_seen_in, _folder(of or path)))


def save(graph: Graph, path: str | Path, spare: Path | None = None) -> None:
    """Write a graph to a file. Raises FileError; the file that was there before is then untouched.

    `spare` is where a draft goes if the file's own folder takes none.
    """
    write_atomically(path, proven_data(graph, path), spare)


def proven_data(graph: Graph, path: str | Path) -> bytes:
    """The bytes that `save` writes. Raises FileError if they would not open again as this graph."""
    turned = _with_paths(graph, lambda other: _seen_from(_folder(path), other))
    try:
        return proven(turned)
    except FileError as error:
        sentence = f"“{os.path.basename(path)}” was not saved, and the file is as it was: {error.sentence}"
        raise FileError(sentence, error.ids, kind=error.kind) from error


def encoded(graph: Graph, folder: str | Path, kept: RowTexts | None = None) -> bytes:
    """What a file with this graph would hold in a folder, without the proof that `save` asks for: for swaps, which are
    written again and again while somebody works; `kept`: what was written last. Raises FileError, and ValueError of the
    writer.
    """
    real = os.path.realpath(folder)
    return encode(_with_paths(graph, lambda other: _seen_from(real, other)), kept).encode("utf-8")


def _with_paths(graph: Graph, turned: Callable[[str], str]) -> Graph:
    """The graph with the paths among its settings turned: in memory they are whole, in a file relative to it."""
    nodes = {id: _with_paths_of(node, turned) for id, node in graph.nodes.items() if node.settings}
    return replace(graph, nodes={**graph.nodes, **nodes}) if nodes else graph


def _with_paths_of(node: Node, turned: Callable[[str], str]) -> Node:
    paths = {setting.name for setting in node.op.settings if setting.is_path}
    settings = tuple((name, turned(value) if name in paths and value else value) for name, value in node.settings)
    return replace(node, settings=settings)


def _folder(path: str | Path) -> str:
    return str(real_path(path).parent)


def _seen_in(folder: str, path: str) -> str:
    """What `_seen_from` gave, whole again, with no way up in it: the folder is a real one."""
    while path.partition("/")[0] == os.pardir:
        folder, path = os.path.dirname(folder), path.partition("/")[2]
    return os.path.join(folder, path)


def _seen_from(folder: str, path: str) -> str:
    """`path` relative to `folder`, with forward slashes on every system; whole if it is on another drive."""
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:
        return path
