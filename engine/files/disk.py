"""Files on disk: read whole or not at all, written whole or not at all."""

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from engine.data.outside import odd_kind, read_bytes, reason
from engine.errors import FileError
from engine.files.codec import decode, encode
from engine.graph.graph import Graph
from engine.graph.records import Node

SUFFIX = ".gradloom"


def load(path: str | Path) -> Graph:
    """The graph in a file. Raises FileError with a sentence; `where` is the place inside the file, if it is inside."""
    return _with_paths(decode(read_bytes(path)), lambda other: os.path.join(_folder(path), other))


def save(graph: Graph, path: str | Path) -> None:
    """Write a graph to a file. Raises FileError; the file that was there before is then untouched."""
    write_atomically(path, encode(_with_paths(graph, lambda other: _seen_from(_folder(path), other))).encode("utf-8"))


def _with_paths(graph: Graph, turned: Callable[[str], str]) -> Graph:
    """The graph with the paths among its settings turned: in memory they are whole, in a file relative to it."""
    nodes = {id: _with_paths_of(node, turned) for id, node in graph.nodes.items() if node.settings}
    return replace(graph, nodes={**graph.nodes, **nodes}) if nodes else graph


def _with_paths_of(node: Node, turned: Callable[[str], str]) -> Node:
    paths = {setting.name for setting in node.op.settings if setting.is_path}
    settings = tuple((name, turned(value) if name in paths and value else value) for name, value in node.settings)
    return replace(node, settings=settings)


def _folder(path: str | Path) -> str:
    return os.path.dirname(os.path.realpath(path))


def _seen_from(folder: str, path: str) -> str:
    """`path` relative to `folder`, with forward slashes on every system; whole if it is on another drive."""
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:
        return path


def write_atomically(path: str | Path, data: bytes) -> None:
    """Put `data` into a file: beside it first, then in its place in one go. Links are followed, permissions kept.

    Raises FileError; the file that was there before is then untouched, and nothing is left beside it.
    """
    with replacing(path) as draft:
        draft.write_bytes(data)


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """An empty file beside `path` to write into: it takes its place when the block ends well, else it is gone.

    Raises FileError, as `write_atomically` does.
    """
    try:
        real, exists = _place(path)
        draft = real.with_name(f".{real.name[:100]}.{secrets.token_hex(4)}.tmp")
        try:
            draft.touch(exist_ok=False)
            yield draft
            _replace(draft, real, keep_mode=exists)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise FileError(f"“{path}” cannot be written: {reason(error)}") from None


def refuse_unwritable(path: str | Path) -> None:
    """Raise the FileError that writing there would raise, before the work to be written is done."""
    try:
        real, _ = _place(path)
        if not real.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "")
        if not os.access(real.parent, os.W_OK):
            raise PermissionError(errno.EACCES, "")
    except OSError as error:
        raise FileError(f"“{path}” cannot be written: {reason(error)}") from None


def _place(path: str | Path) -> tuple[Path, bool]:
    """Where a path leads, and whether there is a file that may be replaced. Raises FileError, OSError."""
    try:
        real = Path(os.path.realpath(path))
        mode = real.stat().st_mode if real.exists() else None
    except ValueError as error:
        raise FileError(f"“{path}” cannot be written: {reason(error)}") from None
    if mode is not None and not stat.S_ISREG(mode):
        raise FileError(f"“{path}” {odd_kind(mode)}")
    if mode is not None and not os.access(real, os.W_OK):
        raise PermissionError(errno.EACCES, "")
    return real, mode is not None


def _replace(draft: Path, real: Path, keep_mode: bool) -> None:
    with open(draft, "r+b") as file:
        os.fsync(file.fileno())
    if keep_mode:
        shutil.copymode(real, draft)
    os.replace(draft, real)
    _settle(real.parent)


def _settle(folder: Path) -> None:
    """Let the new name survive a power cut too, where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
