"""The example graphs that come with the program: every file of `assets/examples/` that says so in its `example`."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from engine.files.codec import ExampleRecord
from engine.files.disk import SUFFIX

FOLDER = Path(str(files("assets"))) / "examples"


@dataclass(frozen=True)
class Example:
    """One example: its name, its title, the group it stands in, what there is to see in it, and its file."""

    name: str
    title: str
    group: str
    description: str
    path: Path


class _Head(msgspec.Struct):
    """What a list of examples needs of a file."""

    title: str = ""
    example: ExampleRecord | None = None


@cache
def examples() -> tuple[Example, ...]:
    """All examples, in the order of the menu, which the files say."""
    found = []
    for path in sorted(FOLDER.glob(f"*{SUFFIX}")):
        head = msgspec.json.decode(path.read_bytes(), type=_Head)
        if (said := head.example) is not None:
            found.append((said.order, Example(path.stem, head.title, said.group, said.description, path)))
    return tuple(example for _, example in sorted(found, key=lambda pair: pair[0]))


def find_example(name: str) -> Example | None:
    """The example of that name."""
    return next((example for example in examples() if example.name == name), None)


def is_example(path: Path) -> bool:
    """Whether a file is one of those that come with the program: it is opened as a copy."""
    return path.parent.resolve() == FOLDER.resolve()
