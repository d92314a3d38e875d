"""What the facts of a document may be: its title, target and seed, its groups, regions and notes, what it carries.

Asked by `engine.graph.sound`. What is wrong is half a sentence, and its place in the fact as a file spells it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import isfinite
from typing import Any

from engine.graph.exercise import exercise_flaw
from engine.graph.graph import Graph
from engine.graph.grouping import COLOURS, Group, Note, Region
from engine.graph.names import ID
from engine.values.plain import LONGEST_ID, WIDEST, carried_flaw, shortened, text_flaw

# Pixels. At the largest zoom, 4, that is a fifth of what Qt can count in 32 bits; a column of 800,000 nodes fits in.
FARTHEST = 1e8
MOST_BOXES = 5000  # groups, and regions, and notes: each is drawn
LONGEST_NOTE = 20_000  # characters
DEEPEST_GROUP = 64  # groups in each other
_Place = tuple[str, str]  # half a sentence, and where


def is_number(thing: Any) -> bool:
    """Whether this is a float, or a whole number that is the same as one."""
    return isinstance(thing, float) or (type(thing) is int and abs(thing) <= 2**53)


def fact_flaw(graph: Graph, name: str, fact: Any) -> tuple[str, str] | None:
    """Why a fact cannot be, and its place in it."""
    if name == "title":
        return (f"the title {why}", "") if (why := text_flaw(fact)) else None
    if name == "target":
        there = fact is None or (isinstance(fact, str) and fact in graph.nodes)
        return None if there else (f"there is no node “{shortened(str(fact))}”", "")
    if name == "seed":
        fits = is_number(fact) and isfinite(fact)
        return None if fits else ("the seed must be a finite number", "")
    if name == "example":
        return _of_example(fact)
    if name == "exercise":
        return exercise_flaw(graph, fact)
    if name in _TABLES:
        return next(_of_table(graph, name, fact), None)
    return _of_object(fact)


def _of_object(fact: Any) -> tuple[str, str] | None:
    if fact is not None and not isinstance(fact, dict):
        return "there must be an object here", ""
    found = carried_flaw(fact)
    return found if found[0] else None


def _of_example(fact: Any) -> tuple[str, str] | None:
    if fact is None:
        return None
    if not isinstance(fact, Mapping) or not isinstance(fact.get("group"), str) or not fact.keys() <= _OF_EXAMPLE.keys():
        return "an example has a group, and perhaps an order and a description", ""
    for name, kind in _OF_EXAMPLE.items():
        part = fact.get(name, kind())
        fits = type(part) is int and abs(part) < WIDEST
        if why := text_flaw(part) if kind is str else "" if fits else "must be a whole number of 64 bits":
            return f"the {name} of an example {why}", f".{name}"
    return None


_OF_EXAMPLE: Mapping[str, type] = {"group": str, "order": int, "description": str}


# --- groups, regions and notes


def _of_table(graph: Graph, name: str, fact: Any) -> Iterator[_Place]:
    """What is wrong with a table of records: each is of its kind, and known by an id of its own."""
    kind, flaws = _TABLES[name]
    if not isinstance(fact, tuple) or not all(isinstance(record, kind) for record in fact):
        yield f"there must be a list of {name} here", ""
        return
    if len(fact) > MOST_BOXES:
        yield f"{len(fact):,} {name} are too many: a graph can have at most {MOST_BOXES:,}", ""
        return
    seen: set[str] = set()
    for i, record in enumerate(fact):
        if found := _id_flaw(record.id, seen):
            yield found, f"[{i}].id"
            return
        seen.add(record.id)
        yield from ((why, f"[{i}]{place}") for why, place in flaws(record))
    if name == "groups":
        yield from _home_flaws(graph, fact)
        yield from _parent_flaws(graph, fact)


def _id_flaw(id: Any, seen: set[str]) -> str:
    if not isinstance(id, str) or not ID.match(id) or len(id) > LONGEST_ID:
        name = f"“{shortened(str(id))}” cannot be an id"
        return f"{name}: use letters, digits and _, at most {LONGEST_ID}, and do not begin with a digit"
    return f"there is already one with the id “{shortened(id)}”" if id in seen else ""


def _group_flaws(group: Group) -> Iterator[_Place]:
    if why := text_flaw(group.title):
        yield f"the title {why}", ".title"
    if type(group.folded) is not bool:
        yield "there must be true or false here", ".folded"
    yield from _pair_flaws(group.pos, ".pos")


def _region_flaws(region: Region) -> Iterator[_Place]:
    if why := text_flaw(region.title):
        yield f"the title {why}", ".title"
    if region.colour not in COLOURS:
        colours = f"{', '.join(COLOURS[:-1])} or {COLOURS[-1]}"
        yield f"the colour of a region is {colours}, not “{shortened(str(region.colour))}”", ".colour"
    yield from _pair_flaws(region.pos, ".pos")
    yield from _pair_flaws(region.size, ".size", 1.0)


def _note_flaws(note: Note) -> Iterator[_Place]:
    text = note.text.replace("\n", " ") if isinstance(note.text, str) else note.text
    if why := text_flaw(text, LONGEST_NOTE):
        yield f"the text of a note {why}", ".text"
    yield from _pair_flaws(note.pos, ".pos")
    if why := _length_flaw(note.width, 1.0):
        yield why, ".width"


_TABLES: Mapping[str, tuple[type, Callable[[Any], Iterator[_Place]]]] = {
    "groups": (Group, _group_flaws), "regions": (Region, _region_flaws), "notes": (Note, _note_flaws),
}  # fmt: skip


def _pair_flaws(pair: Any, place: str, least: float = -FARTHEST) -> Iterator[_Place]:
    if not isinstance(pair, tuple) or len(pair) != 2:
        yield "there must be two numbers here", place
        return
    for i, number in enumerate(pair):
        if why := _length_flaw(number, least):
            yield why, f"{place}[{i}]"


def _length_flaw(number: Any, least: float) -> str:
    if not is_number(number) or not isfinite(number):
        return "there must be a finite number here"
    low = f"−{FARTHEST:,.0f}" if least == -FARTHEST else f"{least:g}"
    return "" if least <= number <= FARTHEST else f"a number here must lie between {low} and {FARTHEST:,.0f}"


def _home_flaws(graph: Graph, groups: Iterable[Group]) -> Iterator[_Place]:
    """Each node is directly in one group at most, and is there."""
    home: dict[str, Group] = {}
    for i, group in enumerate(groups):
        if not isinstance(group.nodes, tuple):
            yield "there must be a list of nodes here", f"[{i}].nodes"
            return
        for at, node in enumerate(group.nodes):
            place = f"[{i}].nodes[{at}]"
            if not isinstance(node, str) or node not in graph.nodes:
                yield f"there is no node “{shortened(str(node))}”", place
            elif node in home:
                yield f"“{shortened(node)}” is in the group “{shortened(home[node].name)}” already", place
            else:
                home[node] = group


def _parent_flaws(graph: Graph, groups: tuple[Group, ...]) -> Iterator[_Place]:
    """Groups lie in each other without going round, and each holds a node at least."""
    parents = {group.id: group.parent for group in groups}
    filled: set[str] = set()
    for i, group in enumerate(groups):
        if group.parent is not None and not (isinstance(group.parent, str) and group.parent in parents):
            yield f"there is no group “{shortened(str(group.parent))}”", f"[{i}].parent"
            return
    for i, group in enumerate(groups):
        chain: list[str] = []
        at: str | None = group.id
        while at is not None and at not in chain:
            chain.append(at)
            at = parents[at]
        if at is not None:
            yield f"the group “{shortened(group.id)}” is in itself", f"[{i}].parent"
            return
        if len(chain) > DEEPEST_GROUP:
            yield f"groups may lie in each other {DEEPEST_GROUP} deep at the most", f"[{i}].parent"
            return
        filled.update(chain if group.nodes else ())
    for i, group in enumerate(groups):
        if group.id not in filled:
            yield "a group must hold at least one node", f"[{i}].nodes"
