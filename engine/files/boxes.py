"""Groups, regions and notes as the records of a file and back."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from engine.graph.graph import Graph
from engine.graph.grouping import COLOURS, NOTE_WIDTH, Group, Grouping, Note, Region
from engine.graph.records import Node, Pos
from engine.layout.layout import card_place
from engine.values.plain import one_line

Record = dict[str, Any]


class GroupRecord(msgspec.Struct, forbid_unknown_fields=True):
    """A group in a file. Without a place its card stands in the middle of its nodes."""

    id: str
    title: str = ""
    nodes: list[str] = []
    parent: str | None = None
    folded: bool = False
    pos: tuple[float, float] | None = None


class RegionRecord(msgspec.Struct, forbid_unknown_fields=True):
    """A region in a file."""

    id: str
    pos: tuple[float, float]
    size: tuple[float, float]
    title: str = ""
    colour: str = COLOURS[0]


class NoteRecord(msgspec.Struct, forbid_unknown_fields=True):
    """A note in a file."""

    id: str
    text: str
    pos: tuple[float, float]
    width: float = NOTE_WIDTH


# --- graph → file


def boxes_record(graph: Graph) -> Record:
    """What a file says of the groups, regions and notes of a graph: nothing where there are none."""
    groups = [_group_record(group) for group in graph.fact("groups")]
    regions = [_region_record(region) for region in graph.fact("regions")]
    notes = [_note_record(note) for note in graph.fact("notes")]
    return {
        name: rows for name, rows in (("groups", groups), ("regions", regions), ("notes", notes)) if name in graph.facts
    }


def _group_record(group: Group) -> Record:
    record: Record = {"id": group.id, "title": group.title, "nodes": list(group.nodes)}
    if group.parent is not None:
        record["parent"] = group.parent
    if group.folded:
        record["folded"] = True
    return record | {"pos": plain_pair(group.pos)}


def _region_record(region: Region) -> Record:
    record = {"id": region.id, "title": region.title, "colour": region.colour}
    return record | {"pos": plain_pair(region.pos), "size": plain_pair(region.size)}


def _note_record(note: Note) -> Record:
    width = {} if note.width == NOTE_WIDTH else {"width": _plain(note.width)}
    return {"id": note.id, "text": note.text, "pos": plain_pair(note.pos), **width}


def plain_pair(pair: Pos) -> list[int | float]:
    """A place or a size as a file writes it."""
    return [_plain(number) for number in pair]


def _plain(number: float) -> int | float:
    return int(number) if float(number).is_integer() else float(number)


# --- file → graph


def plus(pair: Pos) -> Pos:
    """A place without a −0, which would be written as 0."""
    return (pair[0] + 0.0, pair[1] + 0.0)


def read_groups(records: Sequence[GroupRecord], nodes: Mapping[str, Node]) -> tuple[Group, ...]:
    """The groups of a file, each with a place; what they may be is asked later."""
    grouping = Grouping(Group(each.id, "", tuple(each.nodes), each.parent) for each in records)
    return tuple(_read_group(each, grouping, nodes) for each in records)


def _read_group(record: GroupRecord, grouping: Grouping, nodes: Mapping[str, Node]) -> Group:
    pos = record.pos
    if pos is None:
        places = [nodes[id].pos for id in _held(grouping, record.id) if id in nodes]
        pos = card_place(places) if places else (0.0, 0.0)
    title = record.title and one_line(record.title)
    return Group(record.id, title, tuple(record.nodes), record.parent, record.folded, plus(pos))


def _held(grouping: Grouping, group: str) -> set[str]:
    """All nodes of a group, whatever is wrong with the table: a group may be in itself."""
    found: dict[str, None] = {group: None}
    todo = [group]
    while todo:
        children = [id for id in grouping.children.get(todo.pop(), ()) if id not in found]
        found |= dict.fromkeys(children)
        todo += children
    return {node for id in found for node in grouping.groups[id].nodes}


def read_regions(records: Sequence[RegionRecord]) -> tuple[Region, ...]:
    """The regions of a file."""
    return tuple(
        Region(each.id, each.title and one_line(each.title), each.colour, plus(each.pos), each.size) for each in records
    )


def read_notes(records: Sequence[NoteRecord]) -> tuple[Note, ...]:
    """The notes of a file; a line ends with a line feed, and a tab is a space."""
    return tuple(Note(each.id, _lines(each.text), plus(each.pos), each.width) for each in records)


def _lines(text: str) -> str:
    return "\n".join(one_line(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
