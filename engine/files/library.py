"""Blocks: groups kept in files of their own, to be put in again; those that are shipped, and those of a user's folder.

A block is an ordinary file with one outer group; what stands beside the group are its inputs, which are led elsewhere
when it is put in. A file that cannot be read harms no other: it is listed with what is wrong with it.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from engine.errors import FileError
from engine.files.disk import SUFFIX, load, save
from engine.graph.graph import Graph
from engine.values.plain import brought_in

SHIPPED = Path(str(files("assets"))) / "blocks"
MOST_BLOCKS = 500  # of a folder that are listed
_ORDER = ("neuron", "dense-layer", "mse-loss", "softmax-classifier", "residual-step")


@dataclass(frozen=True)
class StoredBlock:
    """A block in a file: its title, what it is for, how many inputs it takes; and why it cannot be read, if so."""

    path: Path
    title: str
    description: str = ""
    inputs: int = 0
    shipped: bool = False
    flaw: str = ""


@cache
def shipped_blocks() -> tuple[StoredBlock, ...]:
    """The blocks that come with the program."""
    paths = sorted(SHIPPED.glob(f"*{SUFFIX}"), key=lambda path: (_place(path.stem), path.stem))
    return tuple(_listed(path, shipped=True) for path in paths)


def kept_blocks(folder: Path) -> tuple[StoredBlock, ...]:
    """The blocks of a user's folder, by title; none where there is no folder."""
    try:
        paths = sorted(path for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith("."))[:MOST_BLOCKS]
    except OSError:
        return ()
    return tuple(sorted((_listed(path) for path in paths), key=lambda block: (block.title.casefold(), block.path.name)))


def read_block(block: StoredBlock) -> Graph:
    """The graph of a block. Raises FileError."""
    graph = load(block.path)
    if outer_group(graph) is None:
        raise FileError(f"“{block.path.name}” is no block: it has no group, or several", where="$.groups")
    return graph


def outer_group(graph: Graph) -> str | None:
    """The one group of a graph that lies in no other, if there is one and no more."""
    outer = graph.grouping.children.get(None, ())
    return outer[0] if len(outer) == 1 else None


def keep_block(folder: Path, block: Graph, title: str) -> Path:
    """Write a block to a file of its own in a user's folder, which is made if need be. Raises FileError."""
    if outer_group(block) is None:
        raise FileError("a block is one group")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"“{folder}” cannot be made: {error.strerror or error}") from error
    stem = re.sub(r"[^\w-]+", "-", title.casefold()).strip("-")[:60] or "block"
    names = {path.name.casefold() for path in folder.iterdir()}
    free = (f"{stem}{'' if number == 1 else f'-{number}'}{SUFFIX}" for number in range(1, len(names) + 2))
    path = folder / next(name for name in free if name.casefold() not in names)
    save(block, path)
    return path


def forget_block(block: StoredBlock) -> None:
    """Take a user's block out of the library: its file goes. Raises FileError."""
    if block.shipped:
        raise FileError(f"“{block.title}” comes with the program: it stays")
    try:
        block.path.unlink(missing_ok=True)
    except OSError as error:
        raise FileError(f"“{block.path.name}” cannot be deleted: {error.strerror or error}") from error


def _listed(path: Path, shipped: bool = False) -> StoredBlock:
    stem = brought_in(path.stem.replace("-", " ")).strip() or "block"
    try:
        graph = read_block(StoredBlock(path, stem))
    except FileError as error:
        return StoredBlock(path, stem, shipped=shipped, flaw=str(error))
    group = outer_group(graph)
    assert group is not None
    example = graph.fact("example") or {}
    beside = len(graph.nodes) - len(graph.grouping.within(group))
    title = graph.title or graph.groups[group].name
    return StoredBlock(path, title, str(example.get("description", "")), beside, shipped)


def _place(stem: str) -> int:
    return _ORDER.index(stem) if stem in _ORDER else len(_ORDER)
