"""What a document is called, and its exports: its file's name, else its title, else “Untitled”; never nothing."""

import re
from pathlib import Path

from engine.errors import one_line
from engine.files.disk import SUFFIX

UNTITLED = "Untitled"
LONGEST = 80  # letters of a title that stand in a sentence


def document_name(path: Path | None, title: str) -> str:
    """The name in the window's title, in questions and in what is kept for recovery."""
    if path is not None:
        return one_line(path.name)
    words = " ".join(title.split())
    return (words if len(words) <= LONGEST else words[: LONGEST - 1] + "…") or UNTITLED


def file_name(name: str) -> str:
    """A name, without its ending, as a file name that every system takes."""
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f]+', " ", name.removesuffix(SUFFIX))
    return " ".join(plain.split()).strip(". ") or UNTITLED
