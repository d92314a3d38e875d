"""The numbers by which documents in no file are told apart: “Untitled”, “Untitled 2”; of two titled x, “x (2)”."""

from collections.abc import Callable, Sequence
from itertools import count
from weakref import WeakKeyDictionary

from gui.document.naming import UNTITLED
from gui.shell.page import DocumentPage


class Numbers:
    """A document keeps its number as long as it is called so: no other changes its name because one is closed."""

    def __init__(self, pages: Callable[[], Sequence[DocumentPage]]) -> None:
        self._pages = pages
        self._given: WeakKeyDictionary[DocumentPage, tuple[str, int]] = WeakKeyDictionary()

    def name(self, page: DocumentPage, name: str) -> str:
        """What a document in no file is called among the others."""
        held, number = self._given.get(page, ("", 0))
        if held != name:
            others = [each for each in self._pages() if each is not page and each in self._given]
            taken = {self._given[each] for each in others if not (each.files.path or each.closing.has_ended)}
            number = next(number for number in count(1) if (name, number) not in taken)
            self._given[page] = (name, number)
        return name if number == 1 else f"{name} {number}" if name == UNTITLED else f"{name} ({number})"
