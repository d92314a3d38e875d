"""Edits: random runs of every edit there is, with undo, redo, gestures, saving and loading, on one session."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any, get_args

import numpy as np

from engine import edits
from engine.edits.align import Line, Way
from engine.edits.regions import Carried
from engine.edits.through import through
from engine.errors import EditRefused
from engine.files.codec import decode, encode, from_record, to_record
from engine.files.library import read_block, shipped_blocks
from engine.graph.change import Change
from engine.graph.graph import FACTS, Graph
from engine.graph.grouping import COLOURS
from engine.graph.records import Edge
from engine.graph.sound import flaw_of
from engine.layout.shown import shown_of
from engine.ops.op import OPS
from engine.session import Session
from tests.attack import oracle
from tests.attack.attack import Broken
from tests.attack.graphs import NUMBERS, random_graph, shipped
from tests.boxes import boxed

TRIES = "Whatever is done, the numbers shown are those of the graph; undo leads back to the beginning bit by bit, redo to the end."
PER_CASE = 50  # edits
HANG = 10.0  # for all of them

# What the hand does to what is shown, where a folded group is a card.
ON_CARDS = (
    "add_node", "connect", "delete", "delete_all", "delete_and_join", "disconnect", "duplicate", "insert_node",
    "move_nodes", "move_onto", "name_node", "paste", "reconnect", "rename", "set_label", "set_value", "splice", "swap_inputs",
)  # fmt: skip
NAMES = ("x", "y", "f", "w1", "no", "", "a b", "é", "1x", "_", "x" * 400, "\ud800", "def", "‮")
WORDS = ("all", "last", "0", ":, 1", "mean", "x", "\ud800", "ij,jk->ik")


@cache
def makers() -> dict[str, inspect.Signature]:
    """Every edit: a function of `engine.edits` that takes a graph, and values rather than functions, and gives a Change."""
    found = {
        name: thing for name, thing in vars(edits).items() if inspect.isfunction(thing) and not name.startswith("_")
    }
    signed = {
        name: inspect.signature(thing) for name, thing in found.items() if thing.__module__ != "engine.edits.checks"
    }
    return {
        name: sign
        for name, sign in sorted(signed.items())
        if sign.return_annotation in (Change, "Change")
        and "graph" in sign.parameters
        and "change" not in sign.parameters
        and not any("Callable[" in str(each.annotation) for each in sign.parameters.values())
    }


def start() -> None:
    oracle.strict()


def make(random: Random) -> bytes:
    graph = random.choice(shipped()) if random.random() < 0.5 else random_graph(random)
    if random.random() < 0.3 and flaw_of(with_groups := boxed(graph, random)) is None:
        graph = with_groups
    done = [_event(random) for _ in range(PER_CASE)]
    return json.dumps({"graph": to_record(graph), "events": done}).encode()


def _event(random: Random) -> Any:
    kind = random.random()
    if kind < 0.12:
        return ["undo"]
    if kind < 0.2:
        return ["redo"]
    if kind < 0.22:
        return [random.choice(("end_gesture", "reload", "saved", "undo_all", "seek"))]
    name = random.choice(list(makers()))
    given = {p.name: _argument(random, name, p) for p in makers()[name].parameters.values() if _is_given(random, p)}
    if name in ON_CARDS and random.random() < 0.4:
        return ["edit_shown", name, given]
    return ["edit", name, given, random.choice(("", "", "", "drag", "type"))]


def _is_given(random: Random, parameter: inspect.Parameter) -> bool:
    return parameter.name != "graph" and (parameter.default is parameter.empty or random.random() < 0.4)


def _argument(random: Random, edit: str, parameter: inspect.Parameter) -> Any:
    maker = ARGUMENTS.get(f"{edit}.{parameter.name}") or ARGUMENTS.get(parameter.name)
    if maker is None:
        raise LookupError(f"attack_edits does not know what to give {edit} as “{parameter.name}”")
    return maker(random)


def _node(random: Random) -> Any:
    return ["node", random.randrange(1000)] if random.random() < 0.95 else ["raw", random.choice(NAMES)]


def _edge(random: Random) -> Any:
    return (
        ["edge", random.randrange(1000)]
        if random.random() < 0.95
        else ["key", [random.choice(NAMES), random.randrange(-1, 4)]]
    )


def _wire(random: Random) -> Any:
    """An edge, for the most part between nodes that there are."""
    ports = [["raw", random.choice((0, 0, 1, 2, 5, -1, 2**40))], ["raw", random.choice((0, 0, 0, 1, -1))]]
    return ["wire", [_node(random), _node(random), *ports]]


def _box(table: str) -> Callable[[Random], Any]:
    """A group, region or note that is there."""
    return lambda random: [table, random.randrange(1000)] if random.random() < 0.95 else ["raw", random.choice(NAMES)]


def _things(random: Random) -> Any:
    """A mixed selection."""
    tables = (_node, _box("groups"), _box("regions"), _box("notes"))
    return ["things", [[maker(random) for _ in range(random.choice((0, 1, 2)))] for maker in tables]]


def _block(random: Random) -> Any:
    return [
        "graph",
        to_record(random.choice((random_graph(random, 4), *(read_block(each) for each in shipped_blocks())))),
    ]


def _feed(random: Random) -> Any:
    return ["feed", [_node(random), ["raw", random.choice((0, 0, 0, 1))]]]


def _by_box(random: Random) -> Any:
    kind = _box(random.choice(("groups", "notes")))
    return ["map", [[kind(random), ["raw", _place(random)]] for _ in range(random.choice((1, 2)))]]


def _raw(maker: Callable[[Random], Any]) -> Callable[[Random], Any]:
    return lambda random: ["raw", maker(random)]


def _many(maker: Callable[[Random], Any]) -> Callable[[Random], Any]:
    return lambda random: ["list", [maker(random) for _ in range(random.choice((0, 1, 2, 3, 8)))]]


def _by_node(maker: Callable[[Random], Any]) -> Callable[[Random], Any]:
    return lambda random: ["map", [[_node(random), maker(random)] for _ in range(random.choice((1, 2, 4)))]]


def _op(random: Random) -> str:
    return random.choice(list(OPS)) if random.random() < 0.95 else random.choice(NAMES)


def _place(random: Random) -> Any:
    tame = random.random() < 0.9
    return [random.uniform(-2000, 2000) if tame else random.choice((*NUMBERS, 1e308, -1e308, 1e16)) for _ in range(2)]


def _number(random: Random) -> float:
    return round(random.uniform(-4, 4), 3) if random.random() < 0.8 else random.choice(NUMBERS)


def _held(random: Random) -> Any:
    kind = random.random()
    if kind < 0.6:
        return _number(random)
    rows = [[_number(random) for _ in range(random.choice((2, 3)))] for _ in range(random.choice((1, 2, 3)))]
    return random.choice((rows[0], rows, [], [[]], [1, [2]], "text", None, True, 10**400, [[[[[1]]]]], {"a": 1}))


def _setting(random: Random) -> str:
    names = sorted({setting.name for op in OPS.values() for setting in op.settings})
    return random.choice(names)


def _choice(random: Random) -> Any:
    if random.random() < 0.3:
        op = random.choice([op for op in OPS.values() if op.settings])
        choices = random.choice(op.settings).choices
        return random.choice(choices) if choices else op.settings[0].default
    return random.choice((0, 1, -1, 2, 0.5, True, False, None, [0, 1], [1, 0], [1, 1], 10**30, *WORDS, *NUMBERS))


def _fact(random: Random) -> Any:
    return random.choice(
        (None, "x", "no", "", 1.0, 2.5, "text", {"lr": 0.1}, {"a": [1]}, [], [{"title": "r"}], *NUMBERS)
    )


def _graph(random: Random) -> Any:
    return ["graph", to_record(random_graph(random, random.choice((1, 2, 4))))]


def _training(random: Random) -> Any:
    return [
        "raw",
        random.choice(({}, {"lr": 0.1}, {"lr": "x"}, {"steps": 3, "optimizer": "sgd"}, {"no": 1}, {"lr": math.inf})),
    ]


ARGUMENTS: dict[str, Callable[[Random], Any]] = {
    "id": _node, "source": _node, "dest": _node, "set_target.id": lambda r: _node(r) if r.random() < 0.9 else ["raw", None],
    "add_node.id": _raw(lambda r: r.choice(NAMES)), "ids": _many(_node), "key": _edge, "edges": _many(_edge),
    "port": _raw(lambda r: r.choice((0, 0, 0, 1, 1, 2, 3, 9, -1, 2**70))), "output": _raw(lambda r: r.choice((0, 0, 0, 0, 1, 2, -1))),
    "op": _raw(_op), "becomes": _raw(_op), "pos": _raw(_place), "offset": _raw(_place), "positions": _by_node(_raw(_place)),
    "value": _raw(_held), "values": _by_node(_raw(_held)), "set_setting.value": _raw(_choice), "name": _raw(_setting),
    "set_fact.name": _raw(lambda r: r.choice((*FACTS, "no"))), "fact": _raw(_fact), "seed": _raw(_number), "settings": _training,
    "add_node.settings": lambda r: ["raw", {_setting(r): _choice(r)}], "fragment": _graph, "other": _graph, "aim": _raw(lambda r: r.random() < 0.5),
    "aspect": _raw(lambda r: r.choice((0.2, 1.0, 1.6, 5.0, 1e-9, 1e9))), "incoming": _many(_wire), "connected": _raw(lambda r: r.random() < 0.5), "left": _node, "right": _node, "moving": _edge,
    "swap_inputs.one": _raw(lambda r: r.choice((0, 0, 1, 2, -1))), "swap_inputs.other": _raw(lambda r: r.choice((1, 1, 0, 2, 9))),
    "line": _raw(lambda r: r.choice(get_args(Line))), "way": _raw(lambda r: r.choice(get_args(Way))),
    "low": _raw(_number), "high": _raw(_number), "row": _raw(lambda r: r.choice((0, 1, 2, 7, 150, -1, 2**70))),
    "groups": _many(_box("groups")), "regions": _many(_box("regions")), "notes": _many(_box("notes")), "nodes": _many(_node),
    "things": _things, "carried": _things, "homes": _raw(lambda r: None), "places": _by_box, "by": _raw(_place),
    "block": _block, "feeds": _many(_feed), "within": lambda r: _box("groups")(r) if r.random() < 0.5 else ["raw", None],
    "grouped": _raw(lambda r: r.random() < 0.5), "folded": _raw(lambda r: r.random() < 0.5), "title": _raw(lambda r: r.choice(NAMES)),
    "size": _raw(_place), "width": _raw(_number), "colour": _raw(lambda r: r.choice((*COLOURS, "puce"))),
    **{f"{edit}.id": _box("groups") for edit in ("rename_group", "add_to_group", "bring_into_group")},
    **{f"{edit}.ids": _many(_box("groups")) for edit in ("ungroup", "fold_groups", "unfold_groups", "delete_groups", "fold_in_place", "open_in_place")},
    **{f"{edit}.id": _box("regions") for edit in ("move_region", "resize_region", "rename_region", "recolour_region")},
    **{f"{edit}.id": _box("notes") for edit in ("edit_note", "widen_note")},
    "delete_regions.ids": _many(_box("regions")), "delete_notes.ids": _many(_box("notes")),
    "moved": _many(_node), "grown": _many(_node), "asides_along.by": _raw(_number),
    "hidden": _raw(lambda r: r.random() < 0.7), "locked": _raw(lambda r: r.random() < 0.7),
    "kind": _raw(lambda r: r.choice(("value", "value", "gradient", "no"))),
    "new_id": _raw(lambda r: r.choice(NAMES)), "label": _raw(lambda r: r.choice(NAMES)), "text": _raw(lambda r: r.choice(NAMES)),
}  # fmt: skip


# --- playing it


def check(data: bytes) -> None:
    case = json.loads(data)
    session, random = Session(from_record(case["graph"])), Random(data)
    begun = session.document.graph
    for i, event in enumerate(case["events"]):
        try:
            begun = _play(session, event, begun)
            _current(session, whole=random.random() < 0.2)
        except Broken as broken:
            raise Broken(str(broken), _up_to(case, i)) from (broken.__cause__ or ValueError(repr(event)[:1000]))
        except Exception as error:
            raise Broken(_named(error, event), _up_to(case, i)) from error
    _there_and_back(session, begun)


def _named(error: Exception, event: Any) -> str:
    return f"{type(error).__name__} in {' '.join(map(str, event[:2]))}"


def _up_to(case: Any, i: int) -> bytes:
    return json.dumps({**case, "events": case["events"][: i + 1]}).encode()


def _play(session: Session, event: Any, begun: Graph) -> Graph:
    """Do one thing. Gives the graph to which undo leads back."""
    match event:
        case ["undo"]:
            _back_and_forth(session)
            session.undo()
        case ["redo"]:
            session.redo()
        case ["undo_all"]:
            _all_back(session)
        case ["end_gesture"]:
            session.document.end_gesture()
        case ["saved"]:
            session.document.mark_saved()
        case ["seek"]:
            session.player.seek(len(session.now.trace) / 3)
        case ["reload"]:
            oracle.round_trip(session.document.graph)
            session.load(decode(encode(session.document.graph)))
            return session.document.graph
        case ["edit", name, given, gesture]:
            _edit(session, name, given, gesture)
        case ["edit_shown", name, given]:
            _edit(session, name, given, shown=True)
    return begun


def _edit(session: Session, name: str, given: dict[str, Any], gesture: str = "", shown: bool = False) -> None:
    before, edit = session.document.graph, getattr(edits, name)
    held, seen = encode(before), shown_of(before).graph if shown else before
    arguments = {key: _resolved(seen, said) for key, said in given.items()}

    def make(graph: Graph) -> Change:
        return edit(graph, **arguments)

    try:
        session.edit(through(make) if shown else make, gesture or None)
    except EditRefused as error:
        oracle.refusal(error)
        if session.document.graph is not before:
            raise Broken("a refused edit changed the graph") from error
    if encode(before) != held:
        raise Broken("an edit changed the graph that it was given")


def _resolved(graph: Graph, said: Any) -> Any:
    kind, what = said
    nodes, keys = list(graph.nodes), list(graph.edges)
    match kind:
        case "node":
            return nodes[what % len(nodes)] if nodes else "x"
        case "edge":
            return keys[what % len(keys)] if keys else ("x", 0)
        case "key":
            return tuple(what)
        case "list":
            return [_resolved(graph, each) for each in what]
        case "feed":
            return tuple(_resolved(graph, each) for each in what)
        case "wire":
            return Edge(*(_resolved(graph, each) for each in what))
        case "map":
            return {_resolved(graph, key): _resolved(graph, each) for key, each in what}
        case "graph":
            return from_record(what)
        case "things":
            return Carried(*(tuple(_resolved(graph, each) for each in part) for part in what))
        case "groups" | "regions" | "notes":
            there = list(getattr(graph, kind))
            return there[what % len(there)] if there else "g1"
    return what


def _back_and_forth(session: Session) -> None:
    before = session.document.graph
    if session.undo():
        session.redo()
    if not oracle.same(before, session.document.graph):
        raise Broken("undo and redo do not lead to where they began")


def _all_back(session: Session) -> None:
    while session.document.undo_text is not None:
        session.undo()


def _there_and_back(session: Session, begun: Graph) -> None:
    while session.document.redo_text is not None:
        session.redo()
    end = session.document.graph
    _all_back(session)
    if not oracle.same(begun, session.document.graph):
        raise Broken("undoing everything does not lead to the beginning")
    while session.document.redo_text is not None:
        session.redo()
    if not oracle.same(end, session.document.graph):
        raise Broken("redoing everything does not lead to the end")
    _current(session, whole=True)


def _current(session: Session, whole: bool) -> None:
    """What the session shows is what a new one shows of the same graph."""
    graph, shown = session.document.graph, session.now
    if shown.graph is not graph:
        raise Broken("what is shown is another graph")
    fresh = Session(graph).now
    for id, node in graph.nodes.items():
        for output in range(len(node.op.outputs)):
            _equal(shown.trace.value(id, output), fresh.trace.value(id, output), "a value")
        _equal(shown.trace.gradient(id), fresh.trace.gradient(id), "a gradient")
    if shown.trace.failures != fresh.trace.failures or shown.trace.plan.unready != fresh.trace.plan.unready:
        raise Broken("what cannot be computed is stale")
    if whole:
        oracle.round_trip(graph)
        if [p.sentence for p in shown.problems] != [p.sentence for p in fresh.problems]:
            raise Broken("problems are stale")
        session.player.seek(len(shown.trace))
        _ = session.now.explanation and session.now.explanation.caption


def _equal(shown: Any, fresh: Any, what: str) -> None:
    if (shown is None) != (fresh is None):
        raise Broken(f"{what} is stale")
    if shown is not None and not (
        np.shape(shown) == np.shape(fresh) and np.asarray(shown).tobytes() == np.asarray(fresh).tobytes()
    ):
        raise Broken(f"{what} is stale") from ValueError(f"{shown!r} and {fresh!r}")
