"""A graph as the records of a `*.gradloom` file and back; `migrations` lifts older versions.

`encode` and `decode` speak the text of a file, `to_record` and `from_record` the dicts in it. One node or edge stands
on a line, keys in a fixed order. What a graph may be says `engine.graph.sound`; here stands what JSON may say. Every
refusal is a FileError; its `where` is the JSON path of the place.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import msgspec
import numpy as np

from engine import ops as _declared  # noqa: F401 - importing it fills the op table
from engine.errors import FileError
from engine.files.boxes import (
    GroupRecord,
    NoteRecord,
    RegionRecord,
    boxes_record,
    plain_pair,
    plus,
    read_groups,
    read_notes,
    read_regions,
)
from engine.files.migrations import MIGRATIONS, VERSION, Migrations, Record, version_for
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.graph.sound import MOST_NODES, Flaw, crowd_flaw, flaw_of
from engine.layout.layout import laid_out
from engine.ops.op import Op, Settings, get_op
from engine.values.json_text import NON_FINITE, dump_rows, json_ready, parse
from engine.values.plain import one_line, shortened
from engine.values.row_texts import RowTexts
from engine.values.values import MOST_AXES, Value, as_value

FORMAT = "gradloom"

# --- graph → file


def encode(graph: Graph, kept: RowTexts | None = None) -> str:
    """The text of a file that holds `graph`: `decode` gives the same. Raises FileError for a graph that has a flaw.

    `kept`: of who writes it again and again, what was written last.
    """
    if kept is None:
        return dump_rows(to_record(graph)) + "\n"
    kept.forget_but({*graph.nodes})
    return dump_rows(_record(graph, kept.written)) + "\n"


def to_record(graph: Graph) -> Record:
    """`graph` as dicts and lists that JSON can hold, keys in the order of the format. Raises FileError."""
    return _record(graph, lambda id, value: json_ready(value))


def _record(graph: Graph, ready: Callable[[str, Value], object]) -> Record:
    """`ready` makes of a node's value what is written."""
    _refuse_flaw(graph)
    version = version_for((node.op_name for node in graph.nodes.values()), graph.facts)
    record: Record = {"format": FORMAT, "version": version}
    record |= _facts(graph, "title", "example", "target", "seed")
    record["nodes"] = [_node_record(node, ready) for node in graph.nodes.values()]
    record["edges"] = [_edge_record(edge) for edge in graph.ordered_edges()]
    return record | boxes_record(graph) | _facts(graph, "exercise", "training", "view")


def _facts(graph: Graph, *names: str) -> Record:
    return {name: json_ready(graph.facts[name]) for name in names if name in graph.facts}


def _node_record(node: Node, ready: Callable[[str, Value], object]) -> Record:
    record: Record = {"id": node.id, "op": node.op_name}
    if node.label:
        record["label"] = node.label
    if node.raw is not None:  # of an unknown op: everything else as it was found
        return record | dict(node.raw) | {"pos": plain_pair(node.pos)}
    if node.value is not None:
        record["value"] = ready(node.id, node.value)
    if node.settings:
        record["settings"] = json_ready(dict(node.settings))
    return record | {"pos": plain_pair(node.pos)}


def _edge_record(edge: Edge) -> Record:
    output = {"output": edge.output} if edge.output else {}
    return {"from": edge.source, "to": edge.dest, "port": edge.port, **output}


# --- file → graph


class _NodeRecord(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    op: str
    label: str = ""
    value: Any = None
    settings: dict[str, Any] | None = None
    pos: tuple[float, float] = (0.0, 0.0)


class _UnknownRecord(msgspec.Struct):
    """What a node has in every version, whatever a newer one writes beside it."""

    id: str
    op: str
    label: str = ""
    pos: tuple[float, float] = (0.0, 0.0)


class _EdgeRecord(msgspec.Struct, forbid_unknown_fields=True):
    source: str = msgspec.field(name="from")
    dest: str = msgspec.field(name="to")
    port: int
    output: int = 0


class ExampleRecord(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Where an example stands in the menu, and what there is to see in it."""

    group: str
    order: int = 0
    description: str = ""


class _FileRecord(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    nodes: list[Any]
    edges: list[_EdgeRecord] = []
    title: str = ""
    example: ExampleRecord | None = None
    target: str | None = None
    seed: Any = 1.0
    groups: list[GroupRecord] = []
    regions: list[RegionRecord] = []
    notes: list[NoteRecord] = []
    exercise: dict[str, Any] | None = None
    training: dict[str, Any] | None = None
    view: dict[str, Any] | None = None


def decode(text: str | bytes) -> Graph:
    """The graph that the text of a file holds. Raises FileError, of too many nodes before they are read."""
    _refuse_crowd(_count("op", text), _count("to", text))
    return from_record(parse(text))


def _count(key: str, text: str | bytes) -> int:
    """How often a key stands in a text, where that is often at all: nowhere else does JSON write it like this."""
    plain, pattern = f'"{key}"', rf'"{key}"\s*:'
    if isinstance(text, str):
        often = text.count(plain) > MOST_NODES
        return sum(1 for _ in re.finditer(pattern, text)) if often else 0
    often = text.count(plain.encode()) > MOST_NODES
    return sum(1 for _ in re.finditer(pattern.encode(), text)) if often else 0


def _refuse_crowd(nodes: int, edges: int) -> None:
    if flaw := crowd_flaw(nodes, edges):
        raise FileError(flaw.sentence, where=f"$.{flaw.table}")


def from_record(record: Any) -> Graph:
    """The graph of a file's record, lifted from an older version where need be. Raises FileError.

    Where no node of a file has a position, the nodes are laid out.
    """
    file = _converted(migrated(record), _FileRecord, "$")
    _refuse_crowd(len(file.nodes), len(file.edges))
    nodes: dict[str, Node] = {}
    for i, data in enumerate(file.nodes):
        node = _read_node(data, f"$.nodes[{i}]", i)
        if node.id in nodes:
            raise FileError(f"there is already a node “{shortened(node.id)}”", (node.id,), f"$.nodes[{i}].id")
        nodes[node.id] = node
    edges = _read_edges(file.edges)
    example = file.example and msgspec.to_builtins(file.example) | _description(file.example)
    boxes = {"groups": read_groups(file.groups, nodes), "regions": read_regions(file.regions)}
    carried = {"exercise": file.exercise, "training": file.training, "view": file.view}
    facts = boxes | carried | {"example": example, "notes": read_notes(file.notes)}
    seed = _read_number(file.seed, "$.seed")
    title = file.title and one_line(file.title)
    graph = Graph.of(nodes.values(), edges, title=title, target=file.target, seed=seed, **facts)
    _refuse_flaw(graph)
    if any("pos" in data for data in file.nodes):
        return graph
    graph = laid_out(graph)
    if file.groups:
        graph = replace(graph, facts=graph.facts | {"groups": read_groups(file.groups, graph.nodes)})
    _refuse_flaw(graph)
    return graph


def _description(example: ExampleRecord) -> Record:
    return {"description": one_line(example.description)} if example.description else {}


def _refuse_flaw(graph: Graph) -> None:
    flaw = flaw_of(graph)
    if flaw is not None:
        raise FileError(flaw.sentence, flaw.ids, _path_of(graph, flaw))


def _path_of(graph: Graph, flaw: Flaw) -> str:
    """Where a flaw stands in a file that holds the graph."""
    if flaw.table == "facts":
        return f"$.{flaw.key}{flaw.place}"
    if flaw.key is None:
        return f"$.{flaw.table}"
    records = graph.nodes if flaw.table == "nodes" else graph.edges
    return f"$.{flaw.table}[{list(records).index(flaw.key)}]{flaw.place}"


def migrated(record: Any, migrations: Migrations = MIGRATIONS, version: int = VERSION) -> Record:
    """A record lifted to `version`, one step a version. Raises FileError for a newer one and for other files."""
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise FileError(f"this is not a Gradloom file: its format is not “{FORMAT}”", where="$.format")
    written = record.get("version")
    if type(written) is not int or written < 1:
        wanted = f"a whole number from 1 to {version}" if version > 1 else "the number 1"
        raise FileError(f"the version must be {wanted}", where="$.version")
    if written > version:
        newer = f"this file has format {written}, from a newer Gradloom; this one reads formats up to {version}"
        raise FileError(newer, where="$.version")
    for step in range(written, version):
        record = {**migrations[step](record), "version": step + 1}
    return dict(record)


# --- nodes


def _read_node(data: Any, path: str, rank: int) -> Node:
    op = get_op(data["op"]) if isinstance(data, dict) and isinstance(data.get("op"), str) else None
    if op is not None and not op.known:
        unknown = _converted(data, _UnknownRecord, path)
        rest = {key: part for key, part in data.items() if key not in _UnknownRecord.__struct_fields__}
        label, pos = one_line(unknown.label), plus(unknown.pos)
        return Node(unknown.id, unknown.op, label=label, pos=pos, raw=rest or None, rank=rank)
    record = _converted(data, _NodeRecord, path)
    value = None if record.value is None else read_value(record.value, f"{path}.value")
    settings = _read_settings(get_op(record.op), record.settings or {}, f"{path}.settings")
    label, pos = record.label and one_line(record.label), plus(record.pos)
    return Node(record.id, record.op, value, label, pos, settings, rank=rank)


def read_value(data: Any, path: str = "$") -> Value:
    """A number or nested lists of numbers, non-finite ones as text, as a value. Raises FileError with the place."""
    try:
        array = np.asarray(data)
        if array.dtype.kind in "iuf" and array.size and not _holds_bool(data):
            return as_value(array)
    except (ValueError, RecursionError):
        pass  # ragged or too deep: looked for number by number
    return as_value(_read_numbers(data, path, 0))


def _holds_bool(data: Any) -> bool:
    """Whether true or false stands among numbers, where NumPy takes it for 1 or 0."""
    if not isinstance(data, list):
        return isinstance(data, bool)
    kinds = set(map(type, data))
    return bool in kinds or (list in kinds and any(map(_holds_bool, data)))


def _read_numbers(data: Any, path: str, depth: int) -> Any:
    if not isinstance(data, list):
        return _read_number(data, path)
    if not data:
        raise FileError("an empty list is not a value", where=path)
    if depth == MOST_AXES:
        raise FileError(f"a value can have at most {MOST_AXES} axes", where=path)
    items = [_read_numbers(item, f"{path}[{i}]", depth + 1) for i, item in enumerate(data)]
    shapes = [np.shape(item) for item in items]
    odd = next((i for i, shape in enumerate(shapes) if shape != shapes[0]), None)
    if odd is not None:
        raise FileError("the lists of a value must all have the same length", where=f"{path}[{odd}]")
    return items


def _read_number(data: Any, path: str) -> float:
    if isinstance(data, str) and data in NON_FINITE:
        return NON_FINITE[data]
    if type(data) not in (int, float):
        raise FileError('there must be a number here, or one of the texts "nan", "inf" and "-inf"', where=path)
    try:
        return float(data)
    except OverflowError:
        raise FileError("this number is too large for a 64-bit float", where=path) from None


def _read_settings(op: Op, given: Record, path: str) -> Settings:
    declared = {setting.name: setting for setting in op.settings}
    checked: Record = {}
    for name, data in given.items():
        if name not in declared:
            raise FileError(f"{op.name} has no setting “{shortened(name)}”", where=f"{path}.{shortened(name)}")
        number = isinstance(declared[name].default, float) and isinstance(data, str)
        try:
            checked[name] = declared[name].checked(NON_FINITE.get(data, data) if number else data)
        except ValueError as error:
            raise FileError(str(error), where=f"{path}.{name}") from None
    return tuple(sorted(checked.items()))


# --- edges


def _read_edges(records: list[_EdgeRecord]) -> list[Edge]:
    edges: dict[tuple[str, int], Edge] = {}
    for i, record in enumerate(records):
        edge = Edge(record.source, record.dest, record.port, record.output)
        if edge.key in edges:
            other = shortened(edges[edge.key].source)
            sentence = f"two edges end at port {edge.port} of “{shortened(edge.dest)}”: the other comes from “{other}”"
            raise FileError(sentence, (edge.dest,), f"$.edges[{i}].port")
        edges[edge.key] = edge
    return list(edges.values())


# --- records


_T = TypeVar("_T")
_WORDS = {"str": "text", "float": "a number", "int": "a whole number", "array": "a list", "object": "an object"}


def _converted(data: Any, kind: type[_T], path: str) -> _T:
    """`data` as a record; what msgspec objects to becomes a sentence of ours, at the full path."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        message, _, at = str(error).partition(" - at `$")
        raise FileError(_sentence(message), where=path + at.rstrip("`")) from None
    except UnicodeEncodeError:  # msgspec names a key that is half a surrogate pair, and cannot write it
        raise FileError("a key holds a character that cannot be shown or saved", where=path) from None


def _sentence(message: str) -> str:
    if name := re.search("unknown field `(.*)`", message):
        return f"this version does not know the key “{shortened(name[1])}” here"
    if name := re.search("required field `(.*)`", message):
        return f"the key “{name[1]}” is missing"
    plain = message[:1].lower() + message[1:]
    return re.sub("`([^`]*)`", lambda kinds: " or ".join(_WORDS.get(k, k) for k in kinds[1].split(" | ")), plain)
