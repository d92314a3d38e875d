"""The example graphs that come with the program, as `assets/examples/index.json` lists them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True)
class Example:
    """One example: its name, its title, the group it stands in, what there is to see in it, and its file."""

    name: str
    title: str
    group: str
    description: str
    path: Path


FOLDER = Path(str(files("assets"))) / "examples"


@cache
def examples() -> tuple[Example, ...]:
    """All examples, in the order of the menu; none where the index is missing."""
    index = FOLDER / "index.json"
    return tuple(_read(json.loads(index.read_text("utf-8")))) if index.exists() else ()


def is_example(path: Path) -> bool:
    """Whether a file is one of those that come with the program: it is opened as a copy."""
    return path.parent.resolve() == FOLDER.resolve()


def _read(records: list[dict[str, str]]) -> Iterator[Example]:
    for record in records:
        path = FOLDER / record["file"]
        yield Example(path.stem, record["title"], record["group"], record.get("description", ""), path)
