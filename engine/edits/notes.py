"""Edits of notes: written, moved, made wider, taken away."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.edits.checks import as_float, checked_pos
from engine.edits.document import set_fact
from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.grouping import NOTE_WIDTH, Note
from engine.graph.members import free_record_id
from engine.graph.records import Pos

NARROWEST_NOTE, WIDEST_NOTE = 60.0, 2000.0  # pixels


def known_note(graph: Graph, id: str) -> Note:
    """The note of that id."""
    if id not in graph.notes:
        raise EditRefused(f"There is no note “{id}”.")
    return graph.notes[id]


def make_note(graph: Graph, text: str, pos: Pos, width: float = NOTE_WIDTH) -> Change:
    """Put a note at `pos` (its top left corner)."""
    said = _tidy(text)
    if not said:
        raise EditRefused("A note needs a text.")
    note = Note(free_record_id(graph.notes, "n"), said, checked_pos(pos), _checked_width(width))
    return _with_notes(graph, {note.id: note}, "Add a note")


def edit_note(graph: Graph, id: str, text: str) -> Change:
    """Write another text into a note; without any text it goes."""
    note, said = known_note(graph, id), _tidy(text)
    return _with_notes(graph, {id: replace(note, text=said)}, "Edit a note") if said else delete_notes(graph, [id])


def move_notes(graph: Graph, places: Mapping[str, Pos]) -> Change:
    """Put notes elsewhere: the new top left corner of each."""
    moved = {id: replace(known_note(graph, id), pos=checked_pos(pos)) for id, pos in places.items()}
    return _with_notes(graph, moved, "Move a note" if len(moved) == 1 else f"Move {len(moved)} notes")


def widen_note(graph: Graph, id: str, width: float) -> Change:
    """Let a note be so wide: its lines end there."""
    note = replace(known_note(graph, id), width=_checked_width(width))
    return _with_notes(graph, {id: note}, "Resize a note")


def delete_notes(graph: Graph, ids: Iterable[str]) -> Change:
    """Take notes away."""
    gone = {known_note(graph, id).id for id in ids}
    kept = tuple(note for note in graph.notes.values() if note.id not in gone)
    return set_fact(graph, "notes", kept, "Delete a note" if len(gone) == 1 else f"Delete {len(gone)} notes")


def _with_notes(graph: Graph, notes: Mapping[str, Note], text: str) -> Change:
    return set_fact(graph, "notes", tuple({**graph.notes, **notes}.values()), text)


def _tidy(text: str) -> str:
    """A text with one kind of line end, and without blanks at its ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.replace("\t", "    ").rstrip() for line in lines).strip("\n")


def _checked_width(width: float) -> float:
    return min(max(as_float(width), NARROWEST_NOTE), WIDEST_NOTE)
