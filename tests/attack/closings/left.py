"""What a window has left behind when it ended: its file, a recovery copy, and whether they hold everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.errors import GradloomError
from engine.files import disk
from engine.graph.graph import Graph
from tests.attack.closings.hand import worked
from tests.attack.closings.things import THINGS


def kept_graphs(folder: Path, thing: str) -> dict[str, Any]:
    """Of the file and of the recovery copy: whether it is there and has all that was done, and what was typed."""
    swaps = list(folder.rglob("*.swap"))
    return {
        "file": _holds(_read(folder / "work.gradloom"), thing),
        "swap": any(_holds(_read(swap), thing) for swap in swaps),
        "swaps": len(swaps),
    }


def _read(path: Path) -> Graph | None:
    try:
        return disk.load(path)
    except GradloomError:
        return None


def _holds(graph: Graph | None, thing: str) -> bool:
    typed = THINGS[thing].typed
    return graph is not None and worked(graph) and (typed is None or typed(graph))
