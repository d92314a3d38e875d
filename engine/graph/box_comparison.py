"""What differs between the groups, regions and notes of two graphs, in words: one sentence a line."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.graph.graph import Graph
from engine.graph.grouping import Group, Note, Region
from engine.graph.quoting import cut, listed, quoted
from engine.values.values import counted


def box_differences(before: Graph, after: Graph) -> Iterator[str]:
    """What is another about groups, regions and notes."""
    yield from _groups(before, after)
    yield from _pairs(before.regions, after.regions, _region)
    yield from _pairs(before.notes, after.notes, _note)
    yield from _moved(before, after)


def _pairs(was: Mapping[str, Any], now: Mapping[str, Any], altered: Any) -> Iterator[str]:
    for id in dict.fromkeys((*was, *now)):
        if id not in was:
            yield f"{_named(now[id])} was added."
        elif id not in now:
            yield f"{_named(was[id])} was removed."
        else:
            yield from altered(was[id], now[id])


def _groups(before: Graph, after: Graph) -> Iterator[str]:
    was, now = before.groups, after.groups
    for id in dict.fromkeys((*was, *now)):
        if id not in was:
            yield f"{_named(now[id])} was added: {counted(len(after.grouping.within(id)), 'node')}."
        elif id not in now:
            yield f"{_named(was[id])} was removed."
        else:
            yield from _group(was[id], now[id])
            if was[id].parent != now[id].parent:
                outer = now.get(now[id].parent or "")
                yield f"{_named(now[id])} is in {_named(outer, False) if outer else 'no other group'} now."


def _group(was: Group, now: Group) -> Iterator[str]:
    yield from _titles(was, now)
    come = [id for id in now.nodes if id not in set(was.nodes)]
    gone = [id for id in was.nodes if id not in set(now.nodes)]
    if come:
        yield f"{_named(now)} holds {listed(come, 'node')} now."
    if gone:
        yield f"{_named(now)} does not hold {listed(gone, 'node')} any more."
    if was.folded != now.folded:
        yield f"{_named(now)} is {'folded' if now.folded else 'open'} now."


def _titles(was: Any, now: Any) -> Iterator[str]:
    if was.title != now.title:
        yield f"{_named(was)} is now called {quoted(now.title) or now.id}."


def _region(was: Region, now: Region) -> Iterator[str]:
    yield from _titles(was, now)
    if was.colour != now.colour:
        yield f"{_named(now)} is {now.colour} now, and was {was.colour}."
    if was.size != now.size:
        yield f"{_named(now)} has another size."


def _note(was: Note, now: Note) -> Iterator[str]:
    if was.text != now.text:
        yield f"{_named(was)} says {quoted(now.text)} now."
    if was.width != now.width:
        yield f"{_named(now)} has another width."


def _moved(before: Graph, after: Graph) -> Iterator[str]:
    tables = ((before.groups, after.groups), (before.regions, after.regions), (before.notes, after.notes))
    for was, now in tables:
        for id in was.keys() & now.keys():
            if was[id].pos != now[id].pos:
                yield f"{_named(now[id])} stands elsewhere."


def _named(thing: Group | Region | Note, first: bool = True) -> str:
    """A thing as a sentence names it: `first` in it or not."""
    the = "The" if first else "the"
    if isinstance(thing, Note):
        return f"{the} note {quoted(thing.text)}"
    kind = "group" if isinstance(thing, Group) else "region"
    return f"{the} {kind} {quoted(thing.title) or cut(thing.id)}"
