"""The note beside a swap: which document it is of, as that was on disk then, and typed texts that made no sense."""

import json
from dataclasses import dataclass
from pathlib import Path

from gui.document.naming import UNTITLED
from gui.document.stamp import Stamp


@dataclass(frozen=True)
class SwapNote:
    """`unread`: what a field was for, and the text in it that could not be taken."""

    swap: Path
    document: Path | None
    stamp: Stamp | None
    name: str
    unread: tuple[tuple[str, str], ...] = ()

    def text(self) -> str:
        document = None if self.document is None else str(self.document)
        facts = {"swap": str(self.swap), "document": document, "stamp": self.stamp, "name": self.name}
        return json.dumps({**facts, "unread": self.unread})


def read_note(text: str) -> SwapNote:
    """A note from its text, of this version or an older one. Raises ValueError if it is none."""
    try:
        facts = json.loads(text)
        document, stamp, swap = facts["document"], facts["stamp"], Path(facts["swap"])
        if swap.suffix != ".swap":
            raise ValueError("what it names is no swap")
        return SwapNote(
            swap,
            None if document is None else Path(document),
            None if stamp is None else (int(stamp[0]), int(stamp[1])),
            str(facts["name"]).strip() or UNTITLED,
            tuple((str(what), str(typed)) for what, typed in facts.get("unread", ())),
        )
    except (LookupError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError("it is no note of a swap") from error
