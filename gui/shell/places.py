"""What Ctrl+K finds besides actions: open documents, what is in this graph, operations, blocks, examples, files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.errors import one_line
from engine.files.examples import examples
from engine.ops.matching import EXACT, LOOSE, OTHER_NAME, best, op_rank, rank
from engine.ops.op import GROUPS, OPS
from engine.teach.lessons.shelf import shelved
from gui.document import recent
from gui.shell.window import Window

LONGEST = 10_000  # letters of a note that are searched

Score = tuple[bool, int]  # whether it cannot be used now, and its rank among those found: the least first
Judge = Callable[[str], int | None]


@dataclass(frozen=True)
class Destination:
    """One thing that can be gone to or brought here. `judge` gives how well it fits what is typed."""

    group: str
    text: str
    menu: str  # what is said beside it
    tooltip: str
    judge: Judge
    do: Callable[[], object]
    icon: str = ""
    at_first: bool = False  # it is listed before anything is typed
    keys: str = ""
    usable: bool = True

    def score(self, wanted: str) -> Score | None:
        if not wanted.strip():
            return (False, EXACT) if self.at_first else None
        found = self.judge(wanted)
        return None if found is None else (False, found)


Source = Callable[[Window], Iterator[Destination]]
_sources: list[Source] = []


def places(window: Window) -> list[Destination]:
    """All there are, group by group."""
    return [place for source in _sources for place in source(window)]


def _source(find: Source) -> Source:
    _sources.append(find)
    return find


def _by_name(*texts: str, said: str = "") -> Judge:
    """By its names; then, less well, by what is said of it."""

    def judge(wanted: str) -> int | None:
        found = best(wanted, texts)
        if found is None and said and (by_words := rank(wanted, said)) is not None and by_words < LOOSE:
            return OTHER_NAME
        return found

    return judge


@_source
def _documents(window: Window) -> Iterator[Destination]:
    for document in window.doors.documents:
        name, unsaved = one_line(document.name), " (unsaved)" if document.unsaved else ""
        tip = str(document.path or f"{name}: in no file yet")
        yield Destination(
            "Open documents", f"{name}{unsaved}", "", tip, _by_name(name), document.show, "note", at_first=True
        )


@_source
def _nodes(window: Window) -> Iterator[Destination]:
    for node in window.bridge.now.graph.nodes.values():
        names = (one_line(node.name), node.id)
        tip = f"Select {names[0]} and show it"
        judge = _node_judge(names, node.op.title)
        yield Destination(
            "Nodes", names[0], node.op.title, tip, judge, partial(window.selection.reveal, [node.id]), "target"
        )


def _node_judge(names: tuple[str, ...], title: str) -> Judge:
    """A node has a short name: letters with others between them would find every one."""

    def judge(wanted: str) -> int | None:
        found = best(wanted, names)
        if found is not None and found < LOOSE:
            return found
        return OTHER_NAME if rank(wanted, title) == EXACT else None

    return judge


@_source
def _groups(window: Window) -> Iterator[Destination]:
    grouping = window.bridge.now.graph.grouping
    for group in grouping.groups.values():
        name, within = one_line(group.name), [one_line(grouping.groups[id].name) for id in grouping.chain_of(group.id)]
        do = partial(_show_group, window, group.id)
        tip = f"Select what is in “{name}” and show it"
        yield Destination("Groups", name, " › ".join(within[:-1]), tip, _node_judge((name, group.id), ""), do, "target")


def _show_group(window: Window, id: str) -> None:
    grouping = window.bridge.now.graph.grouping
    if id in grouping.groups:
        window.selection.reveal(grouping.within(id))


@_source
def _regions(window: Window) -> Iterator[Destination]:
    for region in window.bridge.now.graph.regions.values():
        name = one_line(region.title) or region.id
        do = partial(window.selection.reveal_aside, ("region", region.id))
        yield Destination("Regions", name, region.colour, f"Select “{name}” and show it", _by_name(name), do, "target")


@_source
def _notes(window: Window) -> Iterator[Destination]:
    for note in window.bridge.now.graph.notes.values():
        name = one_line(note.text) or note.id
        do, judge = (
            partial(window.selection.reveal_aside, ("note", note.id)),
            _by_name(said=one_line(note.text, LONGEST)),
        )
        yield Destination("Notes", name, "", "Select it and show it", judge, do, "note")


@_source
def _ops(window: Window) -> Iterator[Destination]:
    add = window.canvas.newcomers.add_op
    for op in OPS.values():
        group = GROUPS.get(op.group, op.group)
        tip = f"Add it in the middle: {op.tooltip}"
        yield Destination("Operations", op.title, group, tip, partial(op_rank, op=op), partial(add, op.name), "add")


@_source
def _blocks(window: Window) -> Iterator[Destination]:
    ops = window.ops
    for kind, cards in (("with the program", ops.library.shipped()), ("yours", ops.library.kept())):
        for card in cards:
            if not card.block.flaw:
                name, do = one_line(card.title), partial(ops.choose_block, card.name)
                judge = _by_name(name, said=card.block.description)
                yield Destination("Blocks", name, kind, f"Put it in: {card.tooltip}", judge, do, "add")


@_source
def _examples(window: Window) -> Iterator[Destination]:
    for example in examples():
        judge = _by_name(example.title, example.name, example.group, said=example.description)
        do = partial(window.doors.open_example, example.path)
        yield Destination("Examples", example.title, example.group, example.description, judge, do, "example")


@_source
def _lessons(window: Window) -> Iterator[Destination]:
    for lesson in shelved():
        judge = _by_name(lesson.title, lesson.name, "lesson", said=lesson.about)
        do = partial(window.doors.show_lesson, lesson.path)
        yield Destination("Lessons", lesson.title, f"{lesson.minutes} min", lesson.about, judge, do, "note")


@_source
def _recent_files(window: Window) -> Iterator[Destination]:
    here = {document.path for document in window.doors.documents} | {window.files.path}
    for path in recent.recent():
        if path not in here:
            yield _recent(window, path)


def _recent(window: Window, path: Path) -> Destination:
    do = partial(window.doors.open, path)
    name, folder = one_line(path.name), one_line(path.parent.name)
    return Destination("Recent files", name, folder, str(path), _by_name(name, f"{folder}/{name}"), do, "open")
