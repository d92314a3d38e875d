"""The lessons that come with the program: every file of `assets/lessons/` that has an order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from engine.teach.lessons.pieces import Cutter

SHELF = Path(str(files("assets"))) / "lessons"
SUFFIX = ".md"


@dataclass(frozen=True)
class ShelvedLesson:
    """One lesson, as a list shows it."""

    name: str
    title: str
    about: str
    minutes: int
    order: int
    path: Path

    @property
    def numbered(self) -> str:
        """`4 · When a value is used twice`."""
        return f"{self.order} · {self.title}"


@cache
def shelved() -> tuple[ShelvedLesson, ...]:
    """All of them, in their order."""
    found = []
    for path in sorted(SHELF.glob(f"*{SUFFIX}")):
        facts = {name: key.text for name, key in Cutter(_head(path)).facts.items()}
        if facts.get("order", "").isdecimal():
            minutes = int(facts.get("minutes", "0"))
            title, about, order = facts["title"], facts.get("about", ""), int(facts["order"])
            found.append(ShelvedLesson(path.stem, title, about, minutes, order, path))
    return tuple(sorted(found, key=lambda each: each.order))


def find_shelved(name: str) -> ShelvedLesson | None:
    """The lesson of that name."""
    return next((each for each in shelved() if each.name == name), None)


def _head(path: Path) -> str:
    """As far as the first step: a list needs no more."""
    return path.read_text("utf-8").partition("\n## ")[0]
