"""How a search puts things into words: several names, and why a text cannot be read."""

import re
from collections.abc import Sequence

from engine.errors import GradloomError

MOST_NAMED = 4  # nodes in one sentence
_VAGUE = "it is neither an assignment nor an expression"


def listed(names: Sequence[str]) -> str:
    """“x, y and z”; of many the first few."""
    if len(names) > MOST_NAMED:
        return ", ".join(names[:MOST_NAMED]) + ", …"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def refusal_sentence(error: GradloomError) -> str:
    """Why a text cannot be read, as a sentence of its own."""
    text = error.sentence.removeprefix("this cannot be read: ")
    if text == _VAGUE:
        text = "something is missing here, or this is no expression"
    text = re.sub(r"'([^']{1,3})'", r"“\1”", text)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"
