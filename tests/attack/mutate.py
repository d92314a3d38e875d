"""How inputs are spoilt: records by their structure, texts and bytes by theirs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from tests.attack.graphs import NUMBERS, TEXTS

Place = tuple[Any, Any]  # a list or dict, and the index or key in it
PATHS = (
    "fifo",
    "/dev/zero",
    "/dev/stdin",
    "/proc/kmsg",
    "/proc/self/mem",
    ".",
    "no.csv",
    "x.csv",
    "a\x00b",
    "\ud800",
    "~",
    "",
    "x" * 9000,
)
BYTES = (
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"\\ud800",
    b"NaN",
    b"1e999",
    b"{",
    b"]",
    b'"',
    b",",
    b"-",
)


def places(tree: Any) -> list[Place]:
    """Every place in a tree of lists and dicts."""
    found: list[Place] = []
    left = [tree]
    while left:
        part = left.pop()
        keys = list(part) if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
        for key in keys:
            found.append((part, key))
            if isinstance(part[key], (dict, list)):
                left.append(part[key])
    return found


def odd(random: Random) -> Any:
    """Something that is out of place nearly everywhere."""
    return random.choice((
        lambda: random.choice(NUMBERS),
        lambda: random.choice(TEXTS),
        lambda: random.choice((None, True, False, [], {}, [[]], [{}], 0, -1, 1, 2, 10**6, 2**63, -(2**64), 10**400)),
        lambda: random.choice(("nan", "inf", "-inf", "NaN", "1", "x", "add", "input", "dataset", "onnx.LSTM", "new")),
        lambda: nested(random.choice((3, 40, 400, 3000, 100_000)), random.random() < 0.5),
        lambda: [random.choice(NUMBERS) for _ in range(random.choice((1, 2, 3, 50)))],
        lambda: {random.choice(TEXTS): random.choice(NUMBERS)},
        lambda: random.choice(NUMBERS) * random.random(),
    ))()  # fmt: skip


def nested(depth: int, lists: bool) -> str:
    """Stands for brackets within brackets, in JSON: as lists and dicts they would be too deep for Python itself."""
    return f"@nested {depth} {'[' if lists else '{'}"


def record(random: Random, tree: Any) -> Any:
    """A tree with a few faults."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        found = places(tree)
        if not found:
            return tree
        random.choice(FAULTS)(random, *random.choice(found), found)
    return tree


def _delete(random: Random, part: Any, key: Any, found: list[Place]) -> None:
    del part[key]


def _double(random: Random, part: Any, key: Any, found: list[Place]) -> None:
    copy = deepcopy(part[key])
    if isinstance(part, list):
        part.insert(random.randrange(len(part) + 1), copy)
    else:
        part[random.choice((f"{key}2", key.upper(), "raw", "group", "extra"))] = copy


def _swap(random: Random, part: Any, key: Any, found: list[Place]) -> None:
    other, there = random.choice(found)
    if not (_holds(part[key], other) or _holds(other[there], part)):
        part[key], other[there] = other[there], part[key]


def _holds(tree: Any, part: Any) -> bool:
    """Whether `part` is in a tree: a tree that held itself would have no end."""
    return tree is part or any(owner is part for owner, _ in places(tree))


def _odd(random: Random, part: Any, key: Any, found: list[Place]) -> None:
    part[key] = odd(random)


def _nudge(random: Random, part: Any, key: Any, found: list[Place]) -> None:
    """Something of the same type."""
    match part[key]:
        case bool() as flag:
            part[key] = not flag
        case int() as number:
            part[key] = number + random.choice((1, -1, 2, 100, -100, 10**9))
        case float() as number:
            part[key] = random.choice((-number, number * 1e200, number * 1e-200, 1e308, -0.0 * number, *NUMBERS))
        case str() as text:
            part[key] = random.choice((*TEXTS, text + "x", text[:-1], text.upper(), text * 50))
        case _:
            part[key] = odd(random)


def _as_number_of(random: Random, part: Any, key: Any, found: list[Place]) -> None:
    """Another value of the same key from elsewhere in the tree: an id, an op, a port."""
    others = [owner[there] for owner, there in found if there == key]
    if isinstance(key, str):
        part[key] = deepcopy(random.choice(others))


def _data(random: Random, part: Any, key: Any, found: list[Place]) -> None:
    """A dataset that would read what is no table, or has no end."""
    nodes = [owner[there] for owner, there in found if isinstance(owner[there], dict) and "op" in owner[there]]
    if nodes:
        node = random.choice(nodes)
        node["op"] = "dataset"
        node.pop("value", None)
        node["settings"] = {"name": "csv", "path": random.choice(PATHS)}


def _key(random: Random, part: Any, key: Any, found: list[Place]) -> None:
    if isinstance(part, dict):
        part[random.choice((*TEXTS, "settings", "value", "raw", "output", "view", "training", "regions"))] = odd(random)


FAULTS: tuple[Callable[[Random, Any, Any, list[Place]], None], ...] = (
    _delete, _double, _swap, _odd, _nudge, _nudge, _nudge, _as_number_of, _as_number_of, _key, _data,
)  # fmt: skip


def json_text(tree: Any) -> str:
    """As JSON, in one of its spellings: what Python writes for a number that is none stays so."""
    return re.sub(r'"@nested (\d+) (.)"', _brackets, json.dumps(tree, ensure_ascii=False))


def _brackets(said: re.Match[str]) -> str:
    depth = int(said[1])
    return "[" * depth + "1" + "]" * depth if said[2] == "[" else '{"a": ' * depth + "1" + "}" * depth


def raw(random: Random, data: bytes) -> bytes:
    """Bytes with a few faults."""
    for _ in range(random.choice((1, 1, 2, 5, 20))):
        at, end = (sorted((random.randrange(len(data) + 1), random.randrange(len(data) + 1)))) if data else (0, 0)
        match random.randrange(7):
            case 0:
                data = data[:at]
            case 1 if data:
                i = min(at, len(data) - 1)
                data = data[:i] + bytes([data[i] ^ (1 << random.randrange(8))]) + data[i + 1 :]
            case 2:
                data = data[:at] + random.choice(BYTES) + data[at:]
            case 3:
                data = data[:at] + data[min(end, at + 40) :]
            case 4:
                data = data[:at] + data[at : at + 60] + data[at:]
            case 5:
                data = data[:at] + random.randbytes(random.choice((1, 2, 8))) + data[at:]
            case _:
                data = data[:at] + random.choice(BYTES) * random.choice((1, 50, 2000)) + data[at:]
    return data


def words(random: Random, text: str, others: list[str]) -> str:
    """A text with some of its words or signs taken out, doubled, put elsewhere, or taken from others."""
    parts = re.findall(r"\w+|\s+|[^\w\s]", text)
    for _ in range(random.choice((1, 1, 2, 3, 8))):
        if not parts:
            break
        i, j = random.randrange(len(parts)), random.randrange(len(parts))
        match random.randrange(6):
            case 0:
                del parts[i]
            case 1:
                parts.insert(i, parts[j])
            case 2:
                parts[i], parts[j] = parts[j], parts[i]
            case 3:
                parts[i] = random.choice(others)
            case 4:
                parts.insert(i, random.choice(others))
            case _:
                parts = parts[:i] + parts[min(len(parts), i + random.choice((1, 3, 20))) :]
    return "".join(parts)
