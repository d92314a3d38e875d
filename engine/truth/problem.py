"""What a problem is: an unfinished or suspicious but legal part of a document, with a remedy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.graph.change import Change
from engine.graph.graph import Graph

Severity = Literal["unfinished", "warning", "note"]


@dataclass(frozen=True)
class Fix:
    """An edit that would mend a problem, and the words on its button."""

    text: str
    edit: Callable[[Graph], Change]


@dataclass(frozen=True)
class Problem:
    """One thing to look at: where (`ids`), what (`sentence`), and what one can do (`remedy`, perhaps a `fix`)."""

    kind: str
    severity: Severity
    sentence: str
    ids: tuple[str, ...] = ()
    remedy: str = ""
    fix: Fix | None = None
