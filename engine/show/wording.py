"""The two languages in which everything is said: of gradients, or of responsibility, which is the same number."""

import re
from typing import Literal

Wording = Literal["gradient", "responsibility"]
WORDINGS: tuple[Wording, ...] = ("gradient", "responsibility")

_GRADIENT = re.compile(r"\b([Gg])radient(s?)\b")


def worded(text: str, wording: Wording) -> str:
    """A text about gradients in the chosen language: both words name the same thing, so the sentence stands."""
    return _GRADIENT.sub(_responsibility, text) if wording == "responsibility" else text


def _responsibility(found: re.Match[str]) -> str:
    first = "R" if found[1] == "G" else "r"
    return first + ("esponsibilities" if found[2] else "esponsibility")
