"""What is being typed and is not in the document yet: whatever is done next takes it first, or is not done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import shiboken6
from PySide6.QtCore import QObject, Signal, SignalInstance

from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.document import Document
from engine.graph.graph import Graph


@dataclass(frozen=True)
class TypedText:
    """A text that stands in an open field. `edit` is what Enter would do with it; None: it cannot be read."""

    what: str  # what it is going to be: “Value of x”
    text: str
    edit: Callable[[Graph], Change] | None = None


class OpenField(Protocol):
    """A field as it is known here: a widget that is typed into. `pending_text` is None where nothing is pending."""

    @property
    def typed(self) -> SignalInstance:
        """Told at every key that changes the text."""

    @property
    def pending_text(self) -> TypedText | None: ...

    def commit(self) -> bool:
        """Take what is typed, if anything is. False, with the text as it is and the sentence why beside it, if it
        cannot be."""

    def drop(self) -> None:
        """Forget what is typed, as Esc does."""

    def isVisible(self) -> bool: ...
    def setFocus(self) -> None: ...


class Pending(QObject):
    """The fields of a window. A field is made known once, with `watch`, and forgotten when it is gone."""

    changed = Signal()  # somebody types: the texts are others
    finished = Signal()  # Enter has taken what was typed: the keys are the canvas's again

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fields: list[OpenField] = []
        self._typed: list[OpenField] = []  # where somebody has typed into this document
        self._committing = False  # or what is typed is left as it is: nobody takes it now

    def watch(self, field: OpenField) -> None:
        """Ask a field from now on."""
        self._fields = [*self._alive(), field]
        field.typed.connect(lambda: self._on_typed(field))

    @property
    def texts(self) -> list[TypedText]:
        """What is typed at this moment and not in the document."""
        return [typed for field in self._open() if (typed := field.pending_text)]

    def commit(self) -> bool:
        """Put what is typed into the document. False: some of it cannot be read, and its field has said why."""
        if self._committing:  # what taking a text sets off finds it taken
            return True
        self._committing = True
        try:
            visible = [field for field in self._alive() if field.isVisible()]
            refusing = [field for field in visible if shiboken6.isValid(field) and not field.commit()]
        finally:
            self._committing = False
        if refusing:
            refusing[0].setFocus()
        return not refusing

    @contextmanager
    def left_as_it_is(self) -> Iterator[None]:
        """Meanwhile what is typed is neither taken nor in the way: the user has said that it may go."""
        self._committing = True
        try:
            yield
        finally:
            self._committing = False

    def drop(self) -> None:
        """Forget all that is typed: it was typed for a document that is not here any more."""
        for field in self._typed:
            if shiboken6.isValid(field):
                field.drop()
        self._typed = []

    def after(self, do: Callable[[], object]) -> Callable[[], None]:
        """What a button does that is no action of the window: first it takes what is typed."""

        def take_and_do() -> None:
            if self.commit():
                do()

        return take_and_do

    def _on_typed(self, field: OpenField) -> None:
        if field not in self._typed:
            self._typed.append(field)
        self.changed.emit()

    def _alive(self) -> list[OpenField]:
        return [field for field in self._fields if shiboken6.isValid(field)]

    def _open(self) -> list[OpenField]:
        return [field for field in self._alive() if field.isVisible() and field.pending_text]


def with_texts(graph: Graph, texts: Iterable[TypedText]) -> tuple[Graph, list[TypedText]]:
    """A graph as it would be if all that can be read were taken, and what cannot: this is kept in case of a crash."""
    unread = []
    for typed in texts:
        try:
            if typed.edit is None:
                unread.append(typed)
            else:
                graph = Document(graph).after(typed.edit(graph))
        except EditRefused:
            unread.append(typed)
    return graph, unread
